"""
What sellers and staff agree on: connections, quotes, shops.
"""

from collections.abc import Mapping
from datetime import datetime

from ...domain.catalog.model import Price
from ...domain.freight.choosing import ShipBy
from ...domain.kernel.clock import NEVER
from ...domain.kernel.ids import (
    ConnectionId,
    OrderId,
    ProductId,
    QuoteRequestId,
    SellerId,
    StoreId,
    VariantId,
)
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...domain.pairing.model import Connection
from ...domain.pairing.quoted import QuotedPrice
from ...domain.pairing.rules import MappingRule
from ...domain.pairing.supply import Destination, QuantityRange, RuleItem
from ...domain.quotes.events import Quote
from ...domain.stores.model import Store, StoreCharge
from ...services.pairing.asked_quotes import AskedQuote


@frozen(kw_only=True)
class StoreView:
    """
    A seller's shop; its configuration may hold secrets and is not shown.

    Attributes:
        platform: The name of the plugin's provider that serves it.

        state: `active`, `paused` (by a person, or because it refuses our credentials)
            or `disconnected`.

        why: Why it rests, or could not be read the last time; empty if all is well.

        is_installed: Whether a plugin offers its platform, as far as this process
            knows; while none does, it is neither read nor told.

        pull_every_s: Every how many seconds workers read it; 0 for never.

        pulled_at: When it was read to the end the last time.

        told_days: For how many days is kept what it says; -1 as the platform says.

        ship_by, ship_within_days: How its orders travel for which nobody chose a
            method; zero days for no limit.
    """

    store_id: StoreId
    platform: str
    name: str
    connected_at: datetime
    state: str
    why: str
    is_installed: bool
    pull_every_s: int
    pulled_at: datetime | None
    told_days: int
    ship_by: ShipBy
    ship_within_days: int


def store_of(store: Store, *, is_installed: bool) -> StoreView:
    """
    Return what may be shown of *store*.
    """
    return StoreView(
        store_id=store.store_id,
        platform=store.platform,
        name=store.name,
        connected_at=store.connected_at,
        state=store.state,
        why=store.why,
        is_installed=is_installed,
        pull_every_s=store.pull_every_s,
        pulled_at=store.pulled_at,
        told_days=store.told_days,
        ship_by=ShipBy(store.ship_by),
        ship_within_days=store.ship_within_days,
    )


@frozen(kw_only=True)
class ChargeView:
    """
    A fee of the shop among its orders' records.

    Attributes:
        amount: None where the shop's text was no amount; `amount_text` is that text.
    """

    store_id: StoreId
    row: int
    external_id: str
    code: str
    amount: Money | None
    amount_text: str
    seen_at: datetime


def charge_of(charge: StoreCharge) -> ChargeView:
    """
    Return *charge* with its amount as money.
    """
    minor = charge.amount_minor
    return ChargeView(
        store_id=charge.store_id,
        row=charge.row,
        external_id=charge.external_id,
        code=charge.code,
        amount=None if minor is None else Money(minor, charge.currency),
        amount_text=charge.amount_text,
        seen_at=charge.seen_at,
    )


@frozen(kw_only=True)
class AgreedPrice:
    """
    A seller's own price from a quote, before the catalogue's while it is valid.
    """

    request_id: QuoteRequestId
    prices: tuple[Price, ...]
    valid_until: datetime


@frozen(kw_only=True)
class RuleView:
    """
    How one store variant becomes platform units.

    Attributes:
        name: What it is for: a SKU, `variant:ID` or `product:ID`.

        external_variant_id, external_product_id: The shop's id that it goes by instead
            of a SKU.
    """

    name: str
    sku: str
    external_variant_id: str
    external_product_id: str
    items: tuple[RuleItem, ...]
    ranges: tuple[QuantityRange, ...]
    destinations: tuple[Destination, ...]
    price: AgreedPrice | None


@frozen(kw_only=True)
class ConnectionView:
    """
    A lasting pairing of a store product with platform variants.

    Attributes:
        state: `active`, or `ended`.

        listing: The shop's key of its product; its SKU where it has no other.

        method: The shipping method; empty for the cheapest at each checkout.

        methods: By country, where another one is wanted.

        version: Counts its changes; a line keeps the version it was paid with.
    """

    connection_id: ConnectionId
    state: str
    version: int
    store_id: StoreId
    listing: str
    product_id: ProductId
    method: str
    methods: Mapping[str, str]
    rules: tuple[RuleView, ...]


def connection_of(connection: Connection) -> ConnectionView:
    """
    Return what may be shown of *connection*.
    """
    return ConnectionView(
        connection_id=connection.connection_id,
        state=connection.state,
        version=connection.version,
        store_id=connection.store_id,
        listing=connection.listing,
        product_id=connection.product_id,
        method=connection.method,
        methods={one.country: one.method for one in connection.methods},
        rules=tuple(_rule(rule) for rule in connection.rules),
    )


def _rule(rule: MappingRule) -> RuleView:
    return RuleView(
        name=rule.name,
        sku=rule.sku,
        external_variant_id=rule.external_variant_id,
        external_product_id=rule.external_product_id,
        items=rule.items,
        ranges=rule.ranges,
        destinations=rule.destinations,
        price=None if rule.price is None else _agreed(rule.price),
    )


def _agreed(price: QuotedPrice) -> AgreedPrice:
    return AgreedPrice(
        request_id=price.request_id,
        prices=tuple(
            Price(Money(tier.unit_minor, price.currency), tier.quantity_from)
            for tier in price.tiers
        ),
        valid_until=price.valid_until,
    )


@frozen(kw_only=True)
class QuoteView:
    """
    A salesman's answer.

    Attributes:
        units: Platform units for one store unit.

        prices: Unit prices by quantity, smallest quantity first.

        freight, freight_more: What sending a unit of the shop's by *method* costs, and
            each further one of a line; None where a carrier's price counts.

        freight_country: Where the freight is promised to; empty for anywhere.
    """

    product_id: ProductId
    variant_id: VariantId
    units: int
    prices: tuple[Price, ...]
    valid_until: datetime
    method: str
    freight: Money | None
    freight_more: Money | None
    freight_country: str


@frozen(kw_only=True)
class QuoteRequestView:
    """
    One question for a source, and what became of it.

    Attributes:
        version: Counts its changes; `accept` takes the one that the seller saw.

        order_id, line: What it was asked from; empty and 0 where there is no order.

        link, pictures: Where the seller saw the product, and what it looks like.

        quantities: For how many units the seller wants prices; empty for any.

        target: What a unit may cost; None where nobody said.

        reason: Why it was declined, withdrawn or given up, as typed.

        quote: None until somebody answered.

        promised_by: Until when somebody promised to answer; None once there is nothing
            to answer, and for no promise.

        is_overdue: Whether that time is over and nobody has answered.
    """

    seller_id: SellerId
    request_id: QuoteRequestId
    version: int
    state: str
    store_id: StoreId
    order_id: OrderId
    line: int
    sku: str
    title: str
    quantity: int
    quantities: tuple[int, ...]
    target: Money | None
    link: str
    pictures: tuple[str, ...]
    reason: str
    quote: QuoteView | None
    asked_at: datetime | None
    viewed_at: datetime | None
    promised_by: datetime | None
    is_overdue: bool


def quote_of(quote: Quote) -> QuoteView:
    """
    Return *quote* with its prices as money.
    """
    first, more = quote.freight_minor, quote.freight_more_minor
    more = first if more is None else more
    return QuoteView(
        product_id=quote.product_id,
        variant_id=quote.variant_id,
        units=quote.units,
        prices=tuple(
            Price(Money(tier.unit_minor, quote.currency), tier.quantity_from)
            for tier in quote.tiers
        ),
        valid_until=quote.valid_until,
        method=quote.method,
        freight=None if first is None else Money(first, quote.currency),
        freight_more=None if more is None else Money(more, quote.currency),
        freight_country=quote.freight_country,
    )


def quote_request_of(asked: AskedQuote) -> QuoteRequestView:
    """
    Return what may be shown of a request.
    """
    request, target = asked.request, asked.request.target_minor
    return QuoteRequestView(
        seller_id=request.seller_id,
        request_id=request.request_id,
        version=request.version,
        state=request.state,
        store_id=request.store_id,
        order_id=request.order_id,
        line=request.line,
        sku=request.sku,
        title=request.title,
        quantity=request.quantity,
        quantities=request.quantities,
        target=None if target is None else Money(target, request.currency),
        link=asked.link,
        pictures=asked.pictures,
        reason=asked.reason,
        quote=None if request.quote is None else quote_of(request.quote),
        asked_at=request.asked_at,
        viewed_at=request.viewed_at,
        promised_by=None if request.promised_by == NEVER else request.promised_by,
        is_overdue=request.is_overdue,
    )
