"""
Which encoding bytes are in that are no UTF-8.

Western and Central European letters share their bytes, and no count of letters tells
them apart: what is `Muñoz` in one is `Muńoz` in the other. What does is that each word
is of one language. None in the West has an ø beside an í, or an ñ before a consonant.
"""

import re
from collections.abc import Sequence

# What is tried, besides what the user names.
LIKELY = ("cp1252", "cp932", "cp1250", "cp1251", "gb18030", "big5")
_WEST, _CENTRE = "cp1252", "cp1250"
_PAIRS = frozenset({"cp932", "gb18030", "big5"})  # of two bytes a sign
# Bytes that are letters in either; a word has at least one of English, too.
_WORD = re.compile(
    rb"[A-Za-z\x8a\x8c-\x8f\x9a\x9c-\x9f\xa3\xa5\xaa\xaf\xb3\xb9\xba\xbc\xbe\xbf"
    rb"\xc0-\xd6\xd8-\xf6\xf8-\xff]+"
)
_ENGLISH = re.compile(rb"[A-Za-z]")
# Not the narrow kana: other encodings' bytes are taken for them.
_SIGN = r"[^\x00-\x7f\uff61-\uff9f]"
_SIGNS = re.compile(f"{_SIGN}{{3,}}|(?<![A-Za-z]){_SIGN}{{2}}(?![A-Za-z])")


def _written_with(*letters: str) -> "tuple[re.Pattern[str], ...]":
    return tuple(re.compile(f"(?:[a-z]|{more})+") for more in letters)


# What a language has beyond English letters, and beside what it stands.
_WESTERN = _written_with(
    "[áéíóúü]|ñ(?=[aeiouáéíóú])|[ºª]$",  # Spanish
    "[áâéêíóôúàüç]|ã(?=[oe]|s?$)|õ(?=e)|[ºª]$",  # Portuguese
    "[éêëâàîïôûüÿœæç]|è(?=[^aeiouyé]|$)|ù$",  # French
    "[éîó]|[àèìòù]$",  # Italian
    "[áàéíïóòúüç]|è(?=[^aeiou]|$)",  # Catalan
    "[äöüßé]",  # German
    "[éëïüöêáóí]|è(?=[^aeiou]|$)",  # Dutch
    "[åäöéü]",  # Swedish and Finnish
    "[åøéäöüó]|(?<!i)æ",  # Danish and Norwegian
    "[áéíóúýöþð]|(?<!i)æ",  # Icelandic
)
_CENTRAL = _written_with(
    "[áéíóúýčďěňřšťůžöüä]",  # Czech
    "[áäéíĺľňóôŕúýčďšťžöü]",  # Slovak
    "[ąćęłóśźż]|ń(?![aeiouyó])",  # Polish
    "[áéíóöőúüű]",  # Hungarian
    "[čćđšž]",  # Croatian and Slovene
    "[ăâîşţ]",  # Romanian
    "[äöüß]",  # German
)


def likely_encoding(sample: bytes) -> str:
    """
    Return the encoding that *sample* is most likely in; empty where nobody can tell.
    """
    try:
        from charset_normalizer import from_bytes  # noqa: PLC0415 - optional
    except ImportError:
        return ""
    found = [str(one.encoding) for one in from_bytes(sample, cp_isolation=list(LIKELY))]
    likely = [name for name in found if _is_written(sample, name)]
    if not likely:
        return ""
    if likely[0] in {_WEST, _CENTRE}:
        return _of_europe(sample)
    is_same = _text(sample, _WEST) == _text(sample, likely[0])
    return _WEST if is_same else likely[0]


def is_utf8(data: bytes) -> bool:
    """
    Tell whether most of the bytes beyond ASCII are UTF-8: then the others are damaged,
    and all of them are in no other encoding.
    """
    text = data.decode(errors="replace")
    whole = sum(len(c.encode()) for c in text if not c.isascii() and c != "\ufffd")
    beyond = len(data) - len(data.decode("ascii", "ignore"))
    return whole * 2 > beyond


def _is_written(sample: bytes, name: str) -> bool:
    """
    Tell whether an encoding's signs stand as people write them: Chinese and Japanese
    ones beside each other, and two of them not within a word of Latin letters.
    """
    if name not in _PAIRS:
        return True
    text = _text(sample, name)
    beside = sum(len(run[0]) for run in _SIGNS.finditer(text))
    return beside * 2 > sum(not c.isascii() for c in text)


def _of_europe(sample: bytes) -> str:
    """
    Return the encoding that more words are of; the Western one if as many are.
    """
    votes = 0
    for word in _WORD.findall(sample):
        if not word.isascii() and _ENGLISH.search(word):
            votes += _is_of(_text(word, _CENTRE), _CENTRAL)
            votes -= _is_of(_text(word, _WEST), _WESTERN)
    return _CENTRE if votes > 0 else _WEST


def _is_of(word: str, languages: "Sequence[re.Pattern[str]]") -> bool:
    return any(language.fullmatch(word.lower()) for language in languages)


def _text(sample: bytes, name: str) -> str:
    return sample.decode(name, "replace")
