"""
What depends on variants of the catalogue: connections, open offers, quotes.
"""

from collections.abc import Collection, Iterator

from ...domain.kernel.ids import (
    CheckoutId,
    ConnectionId,
    QuoteRequestId,
    SellerId,
    StoreId,
)
from ...domain.kernel.values import frozen
from ...domain.quotes.machine import QUOTED
from ...domain.wallet.machine import OPEN
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.pairing import CONNECTIONS
from ...unit.tables.quotes import QUOTES_BY_STATE
from ...unit.tables.wallet import CHECKOUTS_DUE, PLANS_OF


@frozen(kw_only=True)
class TouchedConnection:
    """
    A connection of a seller's that supplies a variant.

    Attributes:
        has_price: Whether the seller agreed to a price of it: a change of the
            catalogue's does not change what that seller pays until it ends.
    """

    seller_id: SellerId
    store_id: StoreId
    connection_id: ConnectionId
    has_price: bool


@frozen(kw_only=True)
class TouchedOffer:
    """
    An open checkout with a variant in it: paying it refuses what has changed.
    """

    seller_id: SellerId
    checkout_id: CheckoutId


@frozen(kw_only=True)
class TouchedQuote:
    """
    A quote that names a variant and is not accepted yet.
    """

    seller_id: SellerId
    request_id: QuoteRequestId


@frozen
class Touched:
    """
    What depends on some variants, of all sellers.
    """

    connections: tuple[TouchedConnection, ...] = ()
    offers: tuple[TouchedOffer, ...] = ()
    quotes: tuple[TouchedQuote, ...] = ()


def find_touched(unit: PlatformUnit, variant_ids: Collection[str]) -> Touched:
    """
    Find what depends on any of *variant_ids*; reads every connection once.
    """
    if not variant_ids:
        return Touched()
    wanted = frozenset(variant_ids)
    return Touched(
        tuple(_connections(unit, wanted)),
        tuple(_offers(unit, wanted)),
        tuple(_quotes(unit, wanted)),
    )


def _connections(
    unit: PlatformUnit, wanted: frozenset[str]
) -> Iterator[TouchedConnection]:
    for connection in unit.each(CONNECTIONS.primary):
        if not connection.is_active:
            continue
        rules = [r for r in connection.rules if not wanted.isdisjoint(r.variant_ids)]
        if rules:
            yield TouchedConnection(
                seller_id=connection.seller_id,
                store_id=connection.store_id,
                connection_id=connection.connection_id,
                has_price=any(
                    rule.price is not None and unit.now <= rule.price.valid_until
                    for rule in rules
                ),
            )


def _offers(unit: PlatformUnit, wanted: frozenset[str]) -> Iterator[TouchedOffer]:
    for checkout in unit.each(CHECKOUTS_DUE, OPEN):
        if checkout.expires_at < unit.now:
            continue
        plans = unit.find(PLANS_OF, [(checkout.seller_id, checkout.checkout_id)])
        if any(
            unit_of.partition(" ")[0] in wanted
            for plan in plans
            for unit_of in plan.contents.units
        ):
            yield TouchedOffer(
                seller_id=checkout.seller_id, checkout_id=checkout.checkout_id
            )


def _quotes(unit: PlatformUnit, wanted: frozenset[str]) -> Iterator[TouchedQuote]:
    for request in unit.each(QUOTES_BY_STATE, QUOTED):
        if request.quote is not None and request.quote.variant_id in wanted:
            yield TouchedQuote(
                seller_id=request.seller_id, request_id=request.request_id
            )
