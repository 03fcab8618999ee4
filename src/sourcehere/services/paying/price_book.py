"""
What prices depend on, read once for a list of orders.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from ...domain.catalog.model import Variant
from ...domain.contacts.model import ContactVersion
from ...domain.freight.choosing import ShipBy, ShippingRule
from ...domain.kernel.address import Address
from ...domain.kernel.values import frozen
from ...domain.orders.kinds import KINDS
from ...domain.orders.order import Order
from ...domain.pairing.model import ConnectedSku
from ...domain.pairing.quoted import QuotedPrice
from ...domain.quotes.model import QuoteRequest
from ...domain.stores.model import Store
from ...domain.warehouse.allocation import StockSnapshot
from ...domain.warehouse.model import Warehouse
from ...ports.storage import Key
from ...unit.seller_unit import SellerUnit
from ...unit.tables.catalog import VARIANTS
from ...unit.tables.contacts import CONTACTS
from ...unit.tables.pairing import CONNECTED_BY_PRICED, CONNECTED_SKUS
from ...unit.tables.quotes import QUOTES_AGREED
from ...unit.tables.stores import STORES
from ...unit.tables.warehouse import LOTS_OF_VARIANT, WAREHOUSES
from ..pairing.lookup import Connected
from ..pairing.quoting import price_of


@frozen
class PriceBook:
    """
    Everything prices depend on, read once for a list of orders.

    Attributes:
        agreed: Variant -> prices that the seller agreed to by connections, for orders
            that no connection prices.

        agreed_for_all: Variant -> prices agreed to without a shop, for every order.

        addresses: Contact -> where it is; None where freight is agreed already.

        forgotten: Contacts of buyers who were forgotten; none where addresses are not
            read.

        rules: Shop -> how its orders travel for which nobody chose a method.

        origin: The country where goods are bought that are sourced directly.
    """

    variants: Mapping[str, Variant]
    stock: StockSnapshot
    warehouses: Mapping[str, Warehouse]
    connected: Connected
    agreed: Mapping[str, Sequence[QuotedPrice]]
    agreed_for_all: Mapping[str, Sequence[QuotedPrice]]
    addresses: Mapping[str, Address] | None
    forgotten: frozenset[str]
    rules: Mapping[str, ShippingRule]
    at: datetime
    origin: str


def read_price_book(
    unit: SellerUnit, orders: Sequence[Order], *, for_freight: bool, origin: str = ""
) -> PriceBook:
    """
    Read what the prices of *orders* depend on, in a few reads for all of them.

    Args:
        for_freight: Whether freight will be asked for, which needs addresses.

        origin: As `PriceBook` has it; it matters for freight only.
    """
    wanted = sorted({i.variant_id for o in orders for i in o.items.values()})
    variants = unit.ask_for_shared(VARIANTS, [(name,) for name in wanted])
    drawing = sorted(
        {i.variant_id for o in orders if draws_on_stock(o) for i in o.items.values()}
    )
    lots = unit.ask_by(LOTS_OF_VARIANT, [(name,) for name in drawing])
    warehouses = unit.ask_for_each(WAREHOUSES.primary)
    connected = unit.ask_for_shared(CONNECTED_SKUS, _skus(orders))
    of_own = sorted(
        {i.variant_id for o in orders if not o.store_id for i in o.items.values()}
    )
    agreed = unit.ask_by(CONNECTED_BY_PRICED, [(name,) for name in of_own])
    agreed_for_all = unit.ask_by(QUOTES_AGREED, [(name,) for name in wanted])
    contacts = unit.ask_for(CONTACTS, _contacts(orders) if for_freight else [])
    shops = unit.ask_for(STORES, _shops(orders) if for_freight else [])
    places, known = warehouses.all(), contacts.all()
    return PriceBook(
        variants={str(v.variant_id): v.at(unit.now) for v in variants.all()},
        stock=StockSnapshot(lots.all(), places),
        warehouses={place.warehouse_id: place for place in places},
        connected={(c.store_id, c.sku_key): c for c in connected.all()},
        agreed=_agreed(agreed.all()),
        agreed_for_all=_agreed_for_all(agreed_for_all.all()),
        addresses=_addresses(known) if for_freight else None,
        forgotten=_forgotten(known),
        rules=_rules(shops.all()),
        at=unit.now,
        origin=origin,
    )


def _skus(orders: Sequence[Order]) -> list[Key]:
    return sorted(
        {
            (order.store_id, key)
            for order in orders
            for line in order.lines
            if line.connection_id
            for key in line.keys
        }
    )


def _contacts(orders: Sequence[Order]) -> list[Key]:
    return sorted({(o.contact_id, o.contact_version) for o in orders if o.contact_id})


def _shops(orders: Sequence[Order]) -> list[Key]:
    return sorted({(order.store_id,) for order in orders if order.store_id})


def _rules(shops: Iterable[Store]) -> dict[str, ShippingRule]:
    return {
        shop.store_id: ShippingRule(ShipBy(shop.ship_by), shop.ship_within_days)
        for shop in shops
    }


def _agreed(matches: Iterable[ConnectedSku]) -> dict[str, list[QuotedPrice]]:
    """
    Return the prices of the seller's own for what no connection brought.
    """
    found: dict[str, list[QuotedPrice]] = {}
    for match in matches:
        if match.rule.price is not None:
            found.setdefault(match.priced_variant, []).append(match.rule.price)
    return found


def _agreed_for_all(requests: Iterable[QuoteRequest]) -> dict[str, list[QuotedPrice]]:
    found: dict[str, list[QuotedPrice]] = {}
    for request in requests:
        if request.quote is not None:
            price = price_of(request.request_id, request.quote)
            found.setdefault(request.agreed_variant, []).append(price)
    return found


def _addresses(contacts: Iterable[ContactVersion]) -> dict[str, Address]:
    return {contact.contact_id: contact.address for contact in contacts}


def _forgotten(contacts: Iterable[ContactVersion]) -> frozenset[str]:
    return frozenset(c.contact_id for c in contacts if c.erased_at is not None)


def draws_on_stock(order: Order) -> bool:
    """
    Tell whether an order may take the seller's cloud stock.
    """
    return order.draws_on_stock and KINDS[order.kind].may_draw_on_stock
