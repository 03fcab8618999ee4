"""
What salesmen offer, and what happens to a quote request.
"""

from datetime import datetime

from ..kernel.clock import NEVER
from ..kernel.events import Event, Fields, named, upcasts
from ..kernel.ids import OrderId, ProductId, StoreId, VariantId
from ..kernel.values import frozen


@frozen
class QuoteTier:
    """
    A unit price from a quantity on.
    """

    quantity_from: int
    unit_minor: int


@frozen(kw_only=True)
class Quote:
    """
    What a salesman offers.

    Attributes:
        product_id, variant_id: An existing platform variant.

        units: Platform units for one store unit.

        tiers: Unit prices in *currency*, smallest quantity first.

        freight_minor: What sending a unit of the shop's by *method* costs, promised;
            None where a carrier's price counts.

        freight_more_minor: What each further unit of an order's line costs; None for as
            much as the first.

        freight_country: Where the freight is promised to; empty for anywhere.
    """

    product_id: ProductId
    variant_id: VariantId
    units: int
    currency: str
    tiers: tuple[QuoteTier, ...]
    valid_until: datetime
    method: str = ""
    freight_minor: int | None = None
    freight_more_minor: int | None = None
    freight_country: str = ""


@named("quote.asked", schema=2)
@frozen(kw_only=True)
class QuoteAsked(Event):
    """
    A seller asked for a quote.

    Attributes:
        order_id, line: What it was asked from; empty where there is no order.

        external_variant_id: The shop's id of the variant; empty where it has none.

        quantities: For how many units the seller wants prices; empty for any.

        target_minor: What a unit may cost, in *currency*; None where nobody said.

        promised_by: Until when somebody has to answer; NEVER for no promise.
    """

    state: str
    store_id: StoreId
    order_id: OrderId
    line: int
    sku: str
    title: str
    quantity: int
    external_variant_id: str = ""
    quantities: tuple[int, ...] = ()
    target_minor: int | None = None
    currency: str = ""
    promised_by: datetime = NEVER


@upcasts("quote.asked", schema=1)
def _without_link(fields: Fields) -> Fields:
    # It may hold credentials: links are kept apart by now.
    return {name: value for name, value in fields.items() if name != "link"}


@named("quote.answered")
@frozen(kw_only=True)
class QuoteAnswered(Event):
    """
    A salesman quoted; also the first event of an unasked quote.
    """

    state: str
    quote: Quote
    store_id: StoreId
    sku: str
    title: str


@named("quote.revised")
@frozen(kw_only=True)
class QuoteRevised(Event):
    """
    A salesman quoted anew.
    """

    state: str
    quote: Quote


@named("quote.overdue")
@frozen(kw_only=True)
class QuoteOverdue(Event):
    """
    Nobody answered until when that was promised.
    """


@named("quote.viewed")
@frozen(kw_only=True)
class QuoteViewed(Event):
    """
    The seller looked at it for the first time.
    """


@named("quote.ended", schema=2)
@frozen(kw_only=True)
class QuoteEnded(Event):
    """
    Accepted, declined, expired, unavailable or withdrawn; `state` says which.

    Attributes:
        store_id, sku: For what it was accepted, where it was asked without a shop.
    """

    state: str
    store_id: StoreId = StoreId("")
    sku: str = ""


@upcasts("quote.ended", schema=1)
def _without_reason(fields: Fields) -> Fields:
    # What people typed is kept apart by now.
    return {name: value for name, value in fields.items() if name != "reason"}
