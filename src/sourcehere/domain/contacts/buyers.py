"""
The words by which a buyer is found: those of the name, and the email.
"""

import unicodedata

from ..kernel.address import Address

WORD_MAX = 100  # characters
WORDS_MAX = 12
_AROUND = ".,;:!?'\"()[]<>"


def buyer_words(text: str) -> tuple[str, ...]:
    """
    Return the words of *text* as they are compared, each once, in the order of letters.

    Case makes no difference, nor how a letter is written in Unicode, nor punctuation
    around a word; an email is one word. Of a longer word the beginning counts, and of a
    longer text the first dozen words.
    """
    return tuple(sorted(_words(text)))


def _words(text: str) -> list[str]:
    if text.isascii():
        found = [word.strip(_AROUND)[:WORD_MAX] for word in text.lower().split()]
    else:
        found = _folded(text)
    words = dict.fromkeys(found)
    words.pop("", None)
    return list(words)[:WORDS_MAX]


def _folded(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [
        unicodedata.normalize("NFKC", word).strip(_AROUND)[:WORD_MAX]
        for word in folded.split()
    ]


def words_of_address(address: Address) -> frozenset[str]:
    """
    Return the words by which the buyer at *address* is found.
    """
    return words_of(address.name, address.email)


def words_of(name: str, email: str) -> frozenset[str]:
    """
    Return the words by which a buyer of that name and email is found.
    """
    return frozenset((*_words(name), *_words(email)))
