"""
What a salesman offers, as it is typed and as it is shown.
"""

from datetime import datetime, timedelta
from typing import Annotated, TypedDict

import attrs
from cyclopts import Parameter

from ..domain.catalog.model import Price
from ..domain.kernel.money import Money
from ..domain.kernel.values import frozen
from ..face.records.talk import QuoteView
from .context import Context
from .output import Table, facts, prices
from .reading import read_money, read_prices, read_until
from .references import find_variants, skus_of

VALID_DAYS = 30


@frozen(kw_only=True)
class Terms:
    """
    What a salesman offers.

    Attributes:
        sku: The platform's SKU, or the variant's id.

        price: Unit price such as 1.80; again with a quantity to start at: 100:1.50.

        units: Platform units for one unit of the shop.

        method: The shipping method; the cheapest at each checkout if not given.

        freight: What sending one by that method costs, promised; a carrier's price
            counts if not given.

        freight_more: What each further one of a line costs; as the first if not given.

        freight_country: Where the freight is promised to; anywhere if not given.

        valid_until: A time as ISO 8601 has it, UTC without a zone, or a day, which
            lasts until its end in the platform's zone; in 30 days if not given.
    """

    sku: str
    price: list[str]
    units: int = 1
    method: str = ""
    freight: str = ""
    freight_more: str = ""
    freight_country: str = ""
    valid_until: str = ""


@frozen(kw_only=True)
class Wishes:
    """
    What a seller says of what is wanted.

    Attributes:
        link: Where the product was seen.

        picture: Where a picture of it is; again for each.

        words: What else there is to say.

        quantity: For how many units a price is wanted; again for each.

        target: What a unit may cost, such as 1.20.
    """

    link: str = ""
    picture: list[str] = attrs.field(factory=list)
    words: str = ""
    quantity: list[int] = attrs.field(factory=list)
    target: str = ""


class Wanted(TypedDict):
    """
    The same as the core has it.
    """

    link: str
    pictures: tuple[str, ...]
    words: str
    quantities: tuple[int, ...]
    target: Money | None


class Read(TypedDict):
    """
    The same as the core has it.
    """

    variant_id: str
    prices: tuple[Price, ...]
    valid_until: datetime
    units: int
    method: str
    freight: Money | None
    freight_more: Money | None
    freight_country: str


Wish = Annotated[Wishes, Parameter(name="*")]
Said = Annotated[Terms, Parameter(name="*")]


def terms_table(ctx: Context, quote: QuoteView) -> Table:
    """
    Show what a salesman offers.
    """
    known = skus_of(ctx, [quote.variant_id])
    return facts(
        {
            "variant": f"{known.get(quote.variant_id, '')} {quote.variant_id}",
            "price": prices(quote.prices),
            "units each": str(quote.units),
            "method": quote.method,
            "freight": quote.freight,
            "each more": quote.freight_more,
            "to": quote.freight_country,
            "valid until": quote.valid_until,
        }
    )


def read_wish(ctx: Context, wish: Wishes | None) -> Wanted:
    """
    Read what a seller says into what the core is told.
    """
    said = wish or Wishes()
    return Wanted(
        link=said.link,
        pictures=tuple(said.picture),
        words=said.words,
        quantities=tuple(said.quantity),
        target=_money(ctx, said.target),
    )


def read_terms(ctx: Context, said: Terms) -> Read:
    """
    Read what was said into what the core is told.

    Raises:
        NotFoundError: If the catalogue has no such SKU.
    """
    if said.valid_until:
        valid_until = read_until(said.valid_until, ctx.sh.zone)
    else:
        valid_until = ctx.sh.now() + timedelta(days=VALID_DAYS)
    return Read(
        variant_id=find_variants(ctx, [said.sku])[said.sku],
        prices=read_prices(said.price, ctx.currency),
        valid_until=valid_until,
        units=said.units,
        method=said.method,
        freight=_money(ctx, said.freight),
        freight_more=_money(ctx, said.freight_more),
        freight_country=said.freight_country,
    )


def _money(ctx: Context, text: str) -> Money | None:
    return read_money(text, ctx.currency) if text else None
