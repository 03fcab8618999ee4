"""
What people were told of quotes.
"""

from datetime import datetime

import attrs

from ...domain.kernel.values import frozen
from ..goods import GOODS
from .wrong import WrongError

_LISTED = {minor for _, prices, _, _ in GOODS.values() for minor in prices.values()}


@frozen(kw_only=True)
class Terms:
    """
    What a salesman quoted, or meant to; no two have a price in common.
    """

    variant_id: str
    units: int
    prices: tuple[int, ...]
    valid_until: datetime


@attrs.define
class KnownQuote:
    """
    A quote request, as somebody met it.

    Attributes:
        is_made: Whether somebody was told that it is there.

        terms: What was quoted, or meant to be.

        end: The state in which somebody was told that it has ended.

        connection_id: What its acceptance connected, as its seller was told.
    """

    seller: str
    request_id: str
    is_made: bool = False
    terms: list[Terms] = attrs.field(factory=list)
    is_wanted: bool = False
    end: str = ""
    connection_id: str = ""


@attrs.define
class Bargains:
    """
    What must be so of quotes.

    Attributes:
        known: Quote request -> what is known of it.
    """

    known: dict[str, KnownQuote] = attrs.field(factory=dict)
    _dearest: int = 99

    def new_price(self) -> int:
        """
        Return a price that nobody quoted before, and that no list has, in minor units.
        """
        self._dearest += 1
        while self._dearest in _LISTED:
            self._dearest += 1
        return self._dearest

    def named(self, seller: str, request_id: str) -> KnownQuote:
        """
        Return what is known of a request, if only its name.
        """
        made = KnownQuote(seller, request_id)
        return self.known.setdefault(request_id, made)

    def has_made(self, seller: str, request_id: str) -> KnownQuote:
        """
        Keep that somebody asked for a quote, or offered one.

        Raises:
            WrongError: If it is one that was made before.
        """
        known = self.named(seller, request_id)
        if known.is_made:
            told = f"quote request {request_id} is the answer to two commands"
            raise WrongError(told)
        known.is_made = True
        return known

    def has_ended(self, known: KnownQuote, end: str) -> None:
        """
        Keep how a request ended.

        Raises:
            WrongError: If it ended before.
        """
        if known.end:
            told = f"quote request {known.request_id} is {end}, and was {known.end}"
            raise WrongError(told)
        known.end = end

    def open_of(self, seller: str) -> list[KnownQuote]:
        """
        List the newest requests of a seller of which nobody was told the end.
        """
        return [quote for quote in self._newest_of(seller) if not quote.end]

    def ended_of(self, seller: str) -> list[KnownQuote]:
        """
        List the newest requests of a seller of which somebody was told the end.
        """
        return [quote for quote in self._newest_of(seller) if quote.end]

    def _newest_of(self, seller: str) -> list[KnownQuote]:
        mine = [q for q in self.known.values() if q.seller == seller and q.is_made]
        return mine[-12:]
