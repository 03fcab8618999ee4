"""
What a quote is made of, and how an accepted one connects.
"""

from collections.abc import Mapping
from datetime import datetime

from ...domain.catalog.model import Variant, price_tiers
from ...domain.kernel.actor import Actor
from ...domain.kernel.countries import country_code
from ...domain.kernel.errors import NotFoundError
from ...domain.kernel.ids import QuoteRequestId, VariantId
from ...domain.kernel.values import frozen
from ...domain.pairing.model import ConnectionChanged
from ...domain.pairing.quoted import QuotedFreight, QuotedPrice, QuotedTier
from ...domain.pairing.rules import MappingRule
from ...domain.pairing.supply import RuleItem
from ...domain.quotes.events import Quote, QuoteTier
from ...domain.quotes.model import QuoteRequest
from ...unit.seller_unit import SellerUnit
from ...unit.tables.catalog import VARIANTS
from ...unit.tables.pairing import CONNECTED_SKUS
from ..base.checks import require_zone
from .connecting import (
    NewConnection,
    change_connection,
    lock_store,
    make_connection,
)


@frozen(kw_only=True)
class PromisedFreight:
    """
    What sending costs that a salesman promises, as `Quote` has it.
    """

    first_minor: int | None = None
    more_minor: int | None = None
    country: str = ""


NO_PROMISE = PromisedFreight()


def make_quote(
    unit: SellerUnit,
    variant_id: str,
    tiers: Mapping[int, int],
    valid_until: datetime,
    units: int,
    method: str,
    freight: PromisedFreight,
) -> Quote:
    """
    Return a salesman's answer, in the seller's currency.

    Raises:
        NotFoundError: If the variant is not on sale.

        InvalidInputError: If the end of its validity has no time zone.
    """
    require_zone("valid_until", valid_until)
    variant = _variant_on_sale(unit, variant_id)
    currency = unit.seller.currency
    return Quote(
        product_id=variant.product_id,
        variant_id=VariantId(variant_id),
        units=units,
        currency=currency,
        tiers=tuple(
            QuoteTier(t.quantity_from, t.unit_minor)
            for t in price_tiers(currency, tiers)
        ),
        valid_until=valid_until,
        method=method,
        freight_minor=freight.first_minor,
        freight_more_minor=freight.more_minor,
        freight_country=country_code(freight.country),
    )


def _variant_on_sale(unit: SellerUnit, variant_id: str) -> Variant:
    variant = unit.get(VARIANTS, variant_id)
    if variant is None or not variant.is_sold:
        raise NotFoundError(kind="variant on sale", id=variant_id)
    return variant


def price_of(request_id: QuoteRequestId, quote: Quote) -> QuotedPrice:
    """
    Return what a seller agrees to who accepts *quote*.
    """
    return QuotedPrice(
        request_id=request_id,
        currency=quote.currency,
        tiers=tuple(QuotedTier(t.quantity_from, t.unit_minor) for t in quote.tiers),
        valid_until=quote.valid_until,
        freight=_freight_of(quote),
    )


def _freight_of(quote: Quote) -> QuotedFreight | None:
    first, more = quote.freight_minor, quote.freight_more_minor
    if first is None:
        return None
    return QuotedFreight(
        method=quote.method,
        first_minor=first,
        more_minor=first if more is None else more,
        country=quote.freight_country,
    )


def connect_quoted(unit: SellerUnit, request: QuoteRequest, *, by: Actor) -> str:
    """
    Connect what was quoted at the quoted price; return the connection's id, which is
    empty where no variant of a shop was named.

    A connection that the SKU has already is changed instead.

    Raises:
        NotFoundError: If the variant is not on sale any more.
    """
    quote = request.quote
    assert quote is not None
    _variant_on_sale(unit, quote.variant_id)
    if not request.store_id:
        return ""
    lock_store(unit, request.store_id)
    rule = MappingRule(
        sku=request.sku,
        external_variant_id="" if request.sku.strip() else request.external_variant_id,
        items=(RuleItem(quote.variant_id, quote.units),),
        price=price_of(request.request_id, quote),
    )
    known = unit.get(CONNECTED_SKUS, request.store_id, rule.key)
    if known is not None:
        return _reconnect(unit, known.connection_id, rule, quote, by=by)
    new = NewConnection(
        store_id=request.store_id,
        listing=rule.name,
        rules=(rule,),
        method=quote.method,
    )
    return make_connection(unit, new, quote.product_id, by=by).connection_id


def _reconnect(
    unit: SellerUnit,
    connection_id: str,
    rule: MappingRule,
    quote: Quote,
    *,
    by: Actor,
) -> str:
    """
    Change the one rule of a connection; a method that was quoted counts from now on.
    """
    connection = unit.connections.one(connection_id)
    others = [r for r in connection.rules if r.key != rule.key]
    change_connection(
        unit,
        connection,
        ConnectionChanged(
            product_id=connection.product_id if others else quote.product_id,
            method=quote.method or connection.method,
            methods=() if quote.method else connection.methods,
            rules=(*others, rule),
            by=by,
            occurred_at=unit.now,
        ),
    )
    return connection.connection_id
