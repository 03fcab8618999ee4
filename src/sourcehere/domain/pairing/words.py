"""
Texts as they are compared: one spelling for every way of writing the same thing.
"""

import re
import unicodedata
from decimal import Decimal

# Patterns are texts: `re` compiles and keeps them when they are first used, and most
# programs suggest nothing.
# Marks that sit on Latin, Greek and Cyrillic letters; others, such as those of Japanese
# kana and of Hindi, make another letter and stay.
_FIRST_MARK, _LAST_MARK = "\u0300", "\u036f"
# Han and kana are written without spaces, so that each sign is a word of its own.
_SIGN = "\u2e80-\u2fdf\u3005-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff"
_WORD = rf"[{_SIGN}]|(?:[^\W_{_SIGN}]|(?<=\d)[.,](?=\d))+"
_IS_SIGN = rf"[{_SIGN}]"
_BETWEEN_SIGNS = rf"(?<=[{_SIGN}]) (?=[{_SIGN}])"
_SEGMENTS = (
    r"\s[-\u2013\u2014~]\s|[|;:()\[\]{}\u3010\u3011\u3001\u00b7\u2022+&]"
    r"|,(?!\d)|(?<!\d)/|/(?!\d)"
)

# Written so in a text -> the unit's short name.
_UNIT_NAMES = {
    "inches": "inch",
    "inch": "inch",
    "zoll": "inch",
    "pouces": "inch",
    "pouce": "inch",
    "pulgadas": "inch",
    "pulgada": "inch",
    "英寸": "inch",
    "毫米": "mm",
    "厘米": "cm",
    "公分": "cm",
    "米": "m",
    "公斤": "kg",
    "千克": "kg",
    "克": "g",
    "毫升": "ml",
    "升": "l",
    "cm": "cm",
    "mm": "mm",
    "kg": "kg",
    "ml": "ml",
    "gb": "gb",
    "tb": "tb",
    "mah": "mah",
}
# Short name -> what it measures, in which unit it is compared, and how many of these.
_UNITS = {
    "mm": ("length", "mm", "1"),
    "cm": ("length", "mm", "10"),
    "m": ("length", "mm", "1000"),
    "inch": ("length", "mm", "25.4"),
    "in": ("length", "mm", "25.4"),
    "ft": ("length", "mm", "304.8"),
    "g": ("weight", "g", "1"),
    "kg": ("weight", "g", "1000"),
    "oz": ("weight", "g", "28.349523125"),
    "lb": ("weight", "g", "453.59237"),
    "ml": ("volume", "ml", "1"),
    "cl": ("volume", "ml", "10"),
    "l": ("volume", "ml", "1000"),
    "mb": ("memory", "gb", "0.001"),
    "gb": ("memory", "gb", "1"),
    "tb": ("memory", "gb", "1000"),
    "v": ("voltage", "v", "1"),
    "w": ("power", "w", "1"),
    "mah": ("charge", "mah", "1"),
    "pcs": ("pack", "pcs", "1"),
}
MEASURES = frozenset(kind for kind, _, _ in _UNITS.values())

_SPACED = (
    r"(\d)\s*(" + "|".join(sorted(_UNIT_NAMES, key=len, reverse=True)) + r")(?![a-z])"
)
_TIMES = r"(?<=\d)\s*[x\u00d7*]\s*(?=\d)"
_PIECES = (
    r"(?<![\d.,])(\d+)\s*-?\s*(?:pcs?|pieces?|stuck|stk|piezas?|uds|packs?|"
    r"er[- ]?(?:pack|set)|件装|件|个|只)(?![a-z])"
)
_PACK_OF = (
    r"(?<![a-z])(?:pack|set|lot|paquete|juego|packung)"
    r"\s+(?:of|de|von)\s+(\d+)(?![\d.,])"
)
_POSSESSIVE = r"['\u2019`\u00b4]s(?![a-z])"
_ELISION = r"(?<![a-z])(?:qu|[cdjlmnst])['\u2019](?=[a-z])"
_HYPHENED = r"(?<![a-z])([evx])-(?=[a-z]{2})|(?<![a-z])(t)[- ](?=shirts?)"
_THOUSANDS = r"(?<=\d),(?=\d{3}(?!\d))"
_MEASURE = r"(\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)*)([a-z]+)"


def normalised(text: str) -> str:
    """
    Return *text* without case, accents, and compatibility forms such as full width.

    Applied again it changes nothing.
    """
    if text.isascii():
        return text.lower()
    while (folded := _folded(text)) != text:
        text = folded
    return text


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in apart if not _FIRST_MARK <= c <= _LAST_MARK)
    return unicodedata.normalize("NFKC", bare).casefold()


def words_of(text: str) -> tuple[str, ...]:
    """
    Return the words of *text*, normalised, measures in one unit: `1,5m` is `1500mm`.

    Every Han sign is a word of its own; longer ones are found by their sequence.
    """
    return tuple(
        _measured(word) for word in re.findall(_WORD, _written_alike(normalised(text)))
    )


def _written_alike(text: str) -> str:
    """
    Join what some write apart: `10 cm`, `t-shirt`, `pack of 2`.
    """
    text = re.sub(_ELISION, "", re.sub(_POSSESSIVE, "", text))
    text = re.sub(_HYPHENED, r"\1\2", text)
    if not any(c.isdecimal() for c in text):
        return text
    text = re.sub(_PACK_OF, r"\1pcs", text)
    text = re.sub(_PIECES, r"\1pcs", re.sub(_TIMES, "x", re.sub(_THOUSANDS, "", text)))
    return re.sub(_SPACED, lambda found: found[1] + _UNIT_NAMES[found[2]], text)


def _measured(word: str) -> str:
    if not word[0].isdecimal():
        return word
    word = word.replace(",", ".")
    found = re.fullmatch(_MEASURE, word)
    if found is None or found[2] not in _UNITS:
        return word
    _, unit, factor = _UNITS[found[2]]
    sides = [_plain(Decimal(side) * Decimal(factor)) for side in found[1].split("x")]
    return "x".join(sides) + unit


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def measured_kind(word: str) -> str:
    """
    Say what a word of `words_of` measures, such as `length`; empty where nothing.
    """
    if not word[0].isdecimal():
        return ""
    found = re.fullmatch(_MEASURE, word)
    return "" if found is None else _UNITS.get(found[2], ("", "", ""))[0]


def segments_of(text: str) -> list[tuple[str, ...]]:
    """
    Return the words of each part of *text* that its writer set apart: `Cup - Black /
    XL` has three.
    """
    parts = map(words_of, re.split(_SEGMENTS, unicodedata.normalize("NFKC", text)))
    return [part for part in parts if part]


def is_sign(word: str) -> bool:
    """
    Tell whether a word is a single Han or kana sign, which alone says little.
    """
    return re.fullmatch(_IS_SIGN, word) is not None


def shown(text: str) -> str:
    """
    Return words as people write them: no spaces between signs.
    """
    return re.sub(_BETWEEN_SIGNS, "", text)


def joined_signs(words: tuple[str, ...]) -> tuple[str, ...]:
    """
    Return *words* with neighbouring signs in pairs, so that they tell texts apart.
    """
    if not any(map(is_sign, words)):
        return words
    found: list[str] = []
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else ""
        if not is_sign(word):
            found.append(word)
        elif after and is_sign(after):
            found.append(word + after)
        elif place == 0 or not is_sign(words[place - 1]):
            found.append(word)
    return tuple(found)
