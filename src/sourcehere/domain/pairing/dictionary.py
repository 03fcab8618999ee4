"""
What an option says, whatever language it says it in.

A dictionary reads options (`Farbe: Marineblau`) and texts that have options in them
(`T-Shirt - Navy Blue / XL`). Both become values per kind, so that they can be compared:
`colour: navy`, `size: xl`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

import attrs

from ..kernel.values import frozen
from .phrases import Phrase, built_in_names, built_in_values, is_short
from .words import MEASURES, is_sign, measured_kind, normalised, segments_of, words_of

Values = dict[str, frozenset[str]]

# Synonyms of nouns: read in texts to find a product, never an option of their own.
WORD = "word"
# What names a product even where it is an option of another.
NAMING = frozenset({WORD, "material"})
_OF_SKUS = frozenset({"colour", "size"})
_REGIONS = {"eu": "eu", "eur": "eu", "us": "us", "uk": "uk", "jp": "jp", "cn": "cn"}
_REGION_SIZE = re.compile(r"(eur?|us|uk|jp|cn)(\d+(?:\.\d+)?)")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d)?")
_NUMBER_SIGNS = frozenset({"码", "号"})
_WORDS_MAX, _SIGNS_MAX = 3, 6
_NEVER_SAID = frozenset({"default title", "default", "none", "n a"})


@frozen(kw_only=True)
class OptionWords:
    """
    Words that a platform or a seller adds to the dictionary.

    Attributes:
        values: Kind -> value -> words for it: `{"colour": {"navy": ["midnight"]}}`.
            Values and kinds that are new become known by it. The kind `word` is for
            nouns, so that titles in another language find the product:
            `{"word": {"mug": ["tasse"]}}`.

        names: Kind -> names of options that are of it: `{"size": ["taglia"]}`.
    """

    values: Mapping[str, Mapping[str, Sequence[str]]] = attrs.field(factory=dict)
    names: Mapping[str, Sequence[str]] = attrs.field(factory=dict)


NO_WORDS = OptionWords()


@frozen
class Reading:
    """
    What a text and its options say.

    Attributes:
        words: What names the product: the words left when options are taken out.

        apart: Kind -> values that stand alone: an option, or between separators.

        within: Kind -> values found in a sentence, where they may mean something else.

        heard: (kind, value) -> the words it was read from.

        everything: All words in order, each between spaces, to look for others in.
    """

    words: Phrase
    apart: Mapping[str, frozenset[str]]
    within: Mapping[str, frozenset[str]]
    heard: Mapping[tuple[str, str], str]
    everything: str

    def stated(self, kind: str) -> frozenset[str]:
        """
        Return the values it says of *kind*; those that stand alone count before others.
        """
        return self.apart.get(kind) or self.within.get(kind, frozenset())


@frozen
class _Found:
    """
    One value, and which words of a text it was read from.
    """

    kind: str
    value: str
    start: int
    end: int


class OptionDictionary:
    """
    Values with their words per kind; the longest match counts.

    `navy blue` is never `blue`: of words that begin at one place the longest are read.
    A value that the dictionary does not know is itself, and no other.
    """

    def __init__(
        self,
        values: Mapping[Phrase, tuple[str, str]],
        names: Mapping[Phrase, str],
        alone: Iterable[Phrase],
    ) -> None:
        """
        Take phrases to their kinds and values; those of *alone* count only alone.
        """
        self._values = values
        self._names = names
        self._alone = frozenset(alone)
        self._known = frozenset(values.values())
        self._longest: dict[str, int] = {}
        for phrase in (*values, *names):
            known = self._longest.get(phrase[0], 0)
            self._longest[phrase[0]] = max(known, len(phrase))

    def extended(self, words: OptionWords) -> "OptionDictionary":
        """
        Return a dictionary that knows *words* too; they go before what it knew.
        """
        values, names, alone = dict(self._values), dict(self._names), set(self._alone)
        for kind, meanings in words.values.items():
            for meaning, synonyms in meanings.items():
                value = self._value_named(kind, meaning)
                said = [words_of(text) for text in (meaning, *synonyms)]
                values |= {phrase: (kind, value) for phrase in said if phrase}
                alone -= set(said)
                alone |= {phrase for phrase in said if is_short(phrase)}
        for kind, texts in words.names.items():
            names |= {words_of(text): kind for text in texts if words_of(text)}
        return OptionDictionary(values, names, alone)

    def _value_named(self, kind: str, meaning: str) -> str:
        known = self._values.get(words_of(meaning))
        return known[1] if known and known[0] == kind else normalised(meaning)

    def knows(self, kind: str, value: str) -> bool:
        """
        Tell whether a value of *kind* is more to it than its own words.
        """
        return (
            kind in MEASURES
            or (kind, value) in self._known
            or (kind == "size" and value[-1].isdecimal())
        )

    def kind_of(self, name: str) -> str:
        """
        Say what kind an option of that name is of; its own words where nobody knows.
        """
        words = words_of(name)
        return self._names.get(words, " ".join(words))

    def option(self, name: str, value: str) -> Values:
        """
        Read one option; `Variant: Black / XL` has two values.

        What is not known in full is itself: `Ocean Blue` is no `blue`.
        """
        return _by_kind(pair for pair, _ in self._option(name, value))

    def _option(self, name: str, value: str) -> list[tuple[tuple[str, str], str]]:
        words, kind = words_of(value), self.kind_of(name)
        if not words or " ".join(words) in _NEVER_SAID:
            return []
        parts = [words] if self._whole(words, kind) else segments_of(value)
        said: list[tuple[tuple[str, str], str]] = []
        for part in parts:
            text = " ".join(part)
            known = self._whole(part, kind)
            said += [
                ((f.kind, f.value), " ".join(part[f.start : f.end])) for f in known
            ]
            said += [] if known else [((kind, text), text)]
        return said

    def read(
        self, title: str, *, options: Mapping[str, str] | None = None, sku: str = ""
    ) -> Reading:
        """
        Read a title with its options, and what its SKU says where they do not.
        """
        apart: list[tuple[tuple[str, str], str]] = []
        within: list[tuple[tuple[str, str], str]] = []
        words: list[str] = []
        for name, value in (options or {}).items():
            apart += self._option(name, value)
        told = {kind for (kind, _), _ in apart}
        segments = segments_of(title)
        for segment, kind in self._with_names(segments):
            is_first = segment is segments[0]
            known = self._whole(
                segment, kind, is_part=len(segments) > 1, is_first=is_first
            )
            found = known or list(
                self._sentence(segment, is_last=segment is segments[-1])
            )
            own = "" if known or is_first else _kind_of_its_own(segment, kind, found)
            said = [
                ((f.kind, f.value), " ".join(segment[f.start : f.end]))
                for f in found
                if f.kind not in told and f.kind != WORD and not own
            ]
            (apart if known else within).extend(said)
            if own and own not in told:
                apart.append(((own, " ".join(segment)), " ".join(segment)))
            words += () if own else _naming(segment, found)
        told |= {kind for (kind, _), _ in (*apart, *within)}
        apart += [one for one in self._of_sku(sku) if one[0][0] not in told]
        texts = [w for s in segments for w in s] + [
            w for _, t in apart for w in t.split()
        ]
        return Reading(
            words=tuple(words),
            apart=_by_kind(pair for pair, _ in apart),
            within=_by_kind(pair for pair, _ in within),
            heard=dict([*within, *apart]),
            everything=f" {' '.join(texts)} ",
        )

    def _with_names(self, segments: Sequence[Phrase]) -> Iterator[tuple[Phrase, str]]:
        """
        Return each segment with the kind it is named as: `Colour: Black`, `Size M`.
        """
        named = ""
        for segment in segments:
            kind = self._names.get(segment)
            if kind is not None and len(segments) > 1:
                named = kind
                continue
            yield segment, named
            named = ""

    def _whole(
        self, words: Phrase, kind: str, *, is_part: bool = False, is_first: bool = False
    ) -> list[_Found]:
        """
        Read words that are values from first to last; nothing where one is not.

        Args:
            is_part: Whether they are one of several parts, where a number is a size.

            is_first: Whether a title begins with them: then they are its product rather
                than an option if they may mean something else, like `Wine Glass`.
        """
        if is_part and not kind and len(words) == 1 and _NUMBER.fullmatch(words[0]):
            kind = "size"
        alone = not is_first or len(words[0]) == len(words) == 1  # `S / Black`
        found: list[_Found] = []
        place = 0
        while place < len(words):
            one = self._at(words, place, kind, alone=alone) or self._named(words, place)
            if one is None:
                return []
            found.append(one)
            place = one.end
        return found

    def _sentence(self, words: Phrase, *, is_last: bool) -> Iterator[_Found]:
        """
        Read the values within a sentence; at its very end a size may be one letter.
        """
        place = 0
        while place < len(words):
            at_end = is_last and 0 < place == len(words) - 1
            found = self._named(words, place) or self._at(words, place, "", alone=False)
            if found is None and at_end:
                last = self._at(words, place, "", alone=True)
                found = last if last and last.kind == "size" else None
            if found is not None:
                yield found
            place = place + 1 if found is None else found.end

    def _named(self, words: Phrase, place: int) -> _Found | None:
        """
        Read a name with its value: `size M`.
        """
        for length in range(self._longest.get(words[place], 0), 0, -1):
            kind = self._names.get(words[place : place + length])
            if kind is not None and place + length < len(words):
                found = self._at(words, place + length, kind, alone=True)
                if found is not None and found.kind == kind:
                    return attrs.evolve(found, start=place)
        return None

    def _at(
        self, words: Phrase, place: int, kind: str, *, alone: bool
    ) -> _Found | None:
        word = words[place]
        if word[0].isdecimal():
            measured = measured_kind(word)
            if measured:
                return _Found(measured, word, place, place + 1)
        size = _number_size(words, place, is_size=kind == "size")
        if size is not None:
            return size
        for length in range(self._longest.get(word, 0), 0, -1):
            phrase = words[place : place + length]
            known = self._values.get(phrase)
            if known is not None and (alone or phrase not in self._alone):
                return _Found(*known, place, place + len(phrase))
        return None

    def _of_sku(self, sku: str) -> Iterator[tuple[tuple[str, str], str]]:
        words = tuple(re.findall(r"[0-9a-z]+", normalised(sku)))
        place = 1  # the first part names the product
        while place < len(words):
            found = None
            if not words[place].isdecimal():
                found = self._at(words, place, "", alone=True)
            if found is not None and found.kind in _OF_SKUS:
                text = " ".join(words[found.start : found.end])
                yield (found.kind, found.value), text
            place = place + 1 if found is None else found.end


def _kind_of_its_own(segment: Phrase, kind: str, found: Sequence[_Found]) -> str:
    """
    Say of which kind a part is that the dictionary does not know in full: the kind it
    is named as, or that of the one value in a few words. `Ocean Blue` is no `blue`.
    """
    kinds = {one.kind for one in found} - NAMING
    is_brief = len(segment) <= (
        _SIGNS_MAX if any(map(is_sign, segment)) else _WORDS_MAX
    )
    return kind or (kinds.pop() if len(kinds) == 1 and is_brief else "")


def _number_size(words: Phrase, place: int, *, is_size: bool) -> _Found | None:
    """
    Read a size that is a number: `EU 42` and `US 9` differ, and from a plain `42`.
    """
    word = words[place]
    joined = _REGION_SIZE.fullmatch(word)
    if joined is not None:
        return _Found("size", f"{_REGIONS[joined[1]]} {joined[2]}", place, place + 1)
    after = words[place + 1] if place + 1 < len(words) else ""
    if word in _REGIONS and _NUMBER.fullmatch(after):
        return _Found("size", f"{_REGIONS[word]} {after}", place, place + 2)
    if not _NUMBER.fullmatch(word):
        return None
    if after in _REGIONS:
        return _Found("size", f"{_REGIONS[after]} {word}", place, place + 2)
    if after in _NUMBER_SIGNS:
        return _Found("size", word, place, place + 2)
    return _Found("size", word, place, place + 1) if is_size else None


def _naming(segment: Phrase, found: Sequence[_Found]) -> Iterator[str]:
    """
    Return the words of a segment that name the product, nouns in the dictionary's
    words.
    """
    at = {one.start: one for one in found}
    place = 0
    while place < len(segment):
        one = at.get(place)
        if one is None:
            yield segment[place]
        elif one.kind in NAMING:
            yield from one.value.split()
        place = place + 1 if one is None else one.end


def _by_kind(pairs: Iterable[tuple[str, str]]) -> Values:
    found: Values = {}
    for kind, value in pairs:
        found[kind] = found.get(kind, frozenset()) | {value}
    return found


@cache
def built_in_dictionary() -> OptionDictionary:
    """
    Return the dictionary that ships: colours, sizes, materials and plugs, five
    languages.
    """
    values, alone = built_in_values()
    return OptionDictionary(values, built_in_names(), alone)
