"""
What carriers and gateways say, without what may be somebody's: they repeat what they
were sent.
"""

import re
from collections.abc import Callable
from functools import partial

from ..domain.kernel.address import Address

Hide = Callable[[str], str]
_LEAST = 3  # letters; what is shorter is a word of every language
_BLANK = "***"
_MAIL = re.compile(r"[^\s'\"<>]+@[^\s'\"<>]+")
# Of a card: 13 to 19 digits, also in groups.
_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")
_PERSONAL = (
    "name",
    "company",
    "street",
    "city",
    "postal_code",
    "phone",
    "email",
    "customer",
)


def hide_nothing(words: str) -> str:
    """
    Return words as they are.
    """
    return words


def hide_cards(words: str) -> str:
    """
    Blank what may be the number of a card, and addresses of mail.
    """
    return _CARD.sub(_BLANK, _MAIL.sub(_BLANK, words))


def may_be_card(words: str) -> bool:
    """
    Tell whether *words* are nothing but what may be the number of a card: as long as
    one, with the digit at the end by which cards find slips of the pen. Tokens that
    are digits alone are made without it, to be told from cards.
    """
    if not _CARD.fullmatch(words.strip()):
        return False
    digits = [int(one) for one in reversed(words) if one.isdecimal()]
    doubled = (sum(divmod(2 * one, 10)) for one in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def hider_of(address: Address) -> Hide:
    """
    Return what blanks who is at an address and where it is, but for its country and
    region, however it is spaced and in letters of either case.
    """
    values = {str(getattr(address, field)).strip() for field in _PERSONAL}
    long = sorted((v for v in values if len(v) >= _LEAST), key=len, reverse=True)
    if not long:
        return partial(_MAIL.sub, _BLANK)
    spaced = (r"\s+".join(map(re.escape, value.split())) for value in long)
    found = re.compile("|".join(spaced), re.IGNORECASE)
    return lambda words: _MAIL.sub(_BLANK, found.sub(_BLANK, words))
