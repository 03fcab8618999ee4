"""
What a salesman quoted and a seller accepted: prices, and freight.
"""

from collections.abc import Collection
from datetime import datetime

from ..kernel.ids import QuoteRequestId
from ..kernel.values import frozen


@frozen
class QuotedTier:
    """
    A unit price from a quantity on, as a salesman quoted it.
    """

    quantity_from: int
    unit_minor: int


@frozen(kw_only=True)
class QuotedFreight:
    """
    What sending store units by a method costs, as a salesman promised.

    Attributes:
        first_minor, more_minor: For the first unit of a line, and for each further one.

        country: Where to; empty for anywhere.
    """

    method: str
    first_minor: int
    more_minor: int
    country: str

    def minor(self, quantity: int) -> int:
        """
        Return what a line of *quantity* store units costs.
        """
        return self.first_minor + (quantity - 1) * self.more_minor


@frozen(kw_only=True)
class QuotedPrice:
    """
    A price of the seller's own; it goes before the catalogue's while it is valid.

    Attributes:
        freight: What was promised with it; None where a carrier's price counts.
    """

    request_id: QuoteRequestId
    currency: str
    tiers: tuple[QuotedTier, ...]
    valid_until: datetime
    freight: QuotedFreight | None = None

    def unit_minor(self, quantity: int) -> int:
        """
        Return the unit price at *quantity* units in one order.
        """
        price = self.tiers[0].unit_minor
        for tier in self.tiers:
            if tier.quantity_from <= quantity:
                price = tier.unit_minor
        return price


def agreed_minor(
    prices: Collection[QuotedPrice], currency: str, quantity: int, at: datetime
) -> int | None:
    """
    Return the unit price that a seller agreed to: the lowest of those that are valid at
    *at* and in *currency*; None if there is none.
    """
    if not prices:
        return None  # of nearly everything
    valid = [p for p in prices if p.currency == currency and at <= p.valid_until]
    return min([price.unit_minor(quantity) for price in valid], default=None)
