"""
What a salesman offers, as it is typed and as it is shown.
"""

from datetime import datetime, timedelta
from typing import Annotated, TypedDict

import attrs
from cyclopts import Parameter

from ..domain.quotes.model import Quote
from .context import Context
from .output import Table, facts, money
from .reading import read_instant, read_tiers
from .references import find_variants, skus_of

VALID_DAYS = 30


@attrs.frozen(kw_only=True)
class Terms:
    """
    What a salesman offers.

    Attributes:
        sku: The platform's SKU, or the variant's id.

        price: Unit price such as 1.80; again with a quantity to start at: 100:1.50.

        units: Platform units for one unit of the shop.

        method: The shipping method; the cheapest at each checkout if not given.

        valid_until: Day or instant as ISO 8601 has it; in 30 days if not given.
    """

    sku: str
    price: list[str]
    units: int = 1
    method: str = ""
    valid_until: str = ""


class Read(TypedDict):
    """
    The same as the core has it.
    """

    variant_id: str
    tiers: dict[int, int]
    valid_until: datetime
    units: int
    method: str


Said = Annotated[Terms, Parameter(name="*")]


def terms_table(ctx: Context, quote: Quote) -> Table:
    """
    Show what a salesman offers.
    """
    known = skus_of(ctx, [quote.variant_id])
    return facts(
        {
            "variant": f"{known.get(quote.variant_id, '')} {quote.variant_id}",
            "price": price_list(quote),
            "units each": str(quote.units),
            "method": quote.method,
            "freight, about": money(quote.freight_minor, quote.currency),
            "valid until": quote.valid_until,
        }
    )


def price_list(quote: Quote | None) -> list[str]:
    """
    Show the unit prices by quantity; nothing while nobody has quoted.
    """
    if quote is None:
        return []
    return [
        money(tier.unit_minor, quote.currency)
        + (f" from {tier.quantity_from}" if tier.quantity_from > 1 else "")
        for tier in quote.tiers
    ]


def read_terms(ctx: Context, said: Terms) -> Read:
    """
    Read what was said into what the core is told.

    Raises:
        NotFoundError: If the catalogue has no such SKU.
    """
    if said.valid_until:
        valid_until = read_instant(said.valid_until)
    else:
        valid_until = ctx.sh.clock.now() + timedelta(days=VALID_DAYS)
    return Read(
        variant_id=find_variants(ctx, [said.sku])[said.sku],
        tiers=read_tiers(said.price, ctx.currency),
        valid_until=valid_until,
        units=said.units,
        method=said.method,
    )
