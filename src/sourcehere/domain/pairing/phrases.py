"""
The built-in option words as phrases: endings added, shades made, each split into words.
"""

from collections.abc import Iterable, Iterator, Mapping

from . import option_words as data
from .words import is_sign, words_of

Phrase = tuple[str, ...]

_GERMAN_ENDINGS = ("", "e", "er", "es", "en")
_ENGLISH, _CHINESE, _GERMAN, _SPANISH, _FRENCH, _CODES = range(6)
_LONG_ENOUGH_FOR_A_PLURAL = 3


def is_short(phrase: Phrase) -> bool:
    """
    Tell whether a phrase is a single letter or sign, which means little in a sentence.
    """
    return len(phrase) == 1 and (len(phrase[0]) == 1 or is_sign(phrase[0]))


def built_in_values() -> tuple[dict[Phrase, tuple[str, str]], set[Phrase]]:
    """
    Return what every phrase means, and those that count only where they stand alone.
    """
    values: dict[Phrase, tuple[str, str]] = {}
    alone: set[Phrase] = set()
    for kind, meanings in data.VALUES.items():
        # A shade is a longer phrase than its colour, and so is found before it.
        every = {**meanings, **_shades()} if kind == "colour" else meanings
        for meaning, written in every.items():
            for text, is_alone in (
                (meaning, False),
                *_texts(written, is_adjective=kind == "colour"),
            ):
                phrase = words_of(text)
                if phrase in values and values[phrase] != (kind, meaning):
                    continue  # the first meaning counts
                values[phrase] = (kind, meaning)
                if is_alone or is_short(phrase):
                    alone.add(phrase)
    return values, alone


def built_in_names() -> dict[Phrase, str]:
    """
    Return the kind that every name of an option is of.
    """
    return {
        words_of(text): kind
        for kind, written in data.NAMES.items()
        for column in written.split("|")
        for text in (kind, *column.split(","))
        if text
    }


def _texts(written: str, *, is_adjective: bool) -> Iterator[tuple[str, bool]]:
    for language, column in enumerate(written.split("|")):
        for entry in column.split(","):
            text = entry.removeprefix("!")
            is_alone = entry != text or language == _CODES
            if text:
                yield text, is_alone
                for form in _forms(text, language, is_adjective=is_adjective):
                    yield form, is_alone


def _forms(text: str, language: int, *, is_adjective: bool) -> Iterable[str]:
    if not is_adjective or " " in text:
        return ()
    if language == _GERMAN:
        return [text + ending for ending in _GERMAN_ENDINGS]
    if language in (_SPANISH, _FRENCH) and len(text) > _LONG_ENOUGH_FOR_A_PLURAL:
        return [text + "s"]
    return ()


def _shades() -> Mapping[str, str]:
    """
    Write light and dark of the colours that have them, in the form of the data.
    """
    made: dict[str, str] = {}
    for shade, written in (("light", data.LIGHT), ("dark", data.DARK)):
        shades = [column.split(",") for column in written.split("|")]
        for colour in data.SHADED:
            columns = [c.split(",") for c in data.COLOURS[colour].split("|")]
            made[f"{shade} {colour}"] = "|".join(
                ",".join(
                    _shaded(s, c.removeprefix("!"), language)
                    for s in shades[language]
                    for c in columns[language]
                )
                for language in range(_CODES)
            )
    return made


def _shaded(shade: str, colour: str, language: int) -> str:
    if language == _ENGLISH:
        return f"{shade} {colour}"
    if language in (_CHINESE, _GERMAN):
        return shade + colour
    return f"{colour} {shade}"
