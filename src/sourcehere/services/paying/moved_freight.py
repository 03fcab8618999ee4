"""
What the freight of a paid order costs more, or less, where the order goes elsewhere.

Today's prices to both addresses are compared, so that a seller pays for the way and not
for what a carrier has changed since. What was promised in a quote costs the same
wherever in the country it goes.
"""

from collections.abc import Iterable, Sequence
from typing import NoReturn

from ...domain.freight.codes import SEPARATOR
from ...domain.freight.model import FreightRequest
from ...domain.kernel.address import Address
from ...domain.kernel.errors import Blocker, CommandRefusedError
from ...domain.kernel.ids import ItemId
from ...domain.kernel.parcels import PlannedParcel
from ...domain.kernel.values import frozen
from ...domain.orders.kinds import KINDS
from ...domain.orders.order import Order
from ...domain.wallet.model import OrderPlan
from ...domain.warehouse.consignments import Consignment, divided
from ...domain.warehouse.model import Warehouse
from ...unit.seller_unit import SellerUnit
from ...unit.tables.wallet import PLANS_OF
from ...unit.tables.warehouse import ALLOCATIONS_OF, LOTS
from ..base.consignments import freight_request
from ..pairing.lookup import deciding
from .carriers import FreightDesk, Quotes, unavailable
from .price_book import PriceBook, read_price_book
from .promised import promise_for
from .ways import is_agreed


@frozen
class MovedFreight:
    """
    What carriers are asked about goods that leave from one place, to both addresses.

    Attributes:
        method, connection: By which they were paid to go.
    """

    method: str
    connection: str
    before: FreightRequest
    after: FreightRequest


def moved_freight(
    unit: SellerUnit, order: Order, before: Address, after: Address, *, origin: str
) -> tuple[MovedFreight, ...]:
    """
    Return what carriers are to be asked; nothing where it cannot matter to any.

    Args:
        origin: The country where goods are bought that are sourced directly.
    """
    if not (order.is_paid and order.checkout_id and KINDS[order.kind].pays_freight):
        return ()
    plans = unit.find(PLANS_OF, [(order.checkout_id,)])
    plan = next((one for one in plans if one.order_id == order.order_id), None)
    if plan is None:
        return ()  # the audit names such an order
    book = read_price_book(unit, [order], for_freight=True, origin=origin)
    promised = _promised_lines(order, plan, book)
    found: list[MovedFreight] = []
    for place, method, connection in _places(unit, order, plan, book, promised):
        parts = [
            (name, book.variants[order.items[name].variant_id], quantity)
            for name, quantity in place.quantities.items()
        ]
        asked = [
            freight_request(order, parts, address, origin=place.country)
            for address in (before, after)
        ]
        if asked[0] != asked[1]:
            found.append(MovedFreight(method, connection, *asked))
    return tuple(found)


def _promised_lines(order: Order, plan: OrderPlan, book: PriceBook) -> frozenset[int]:
    """
    Return the lines whose freight was promised by the method that they were paid with.

    Quotes come and go with connections; what was promised is as it was when it was
    offered. Of orders that do not know it, it is what quotes say now.
    """
    if plan.contents.promised is not None:
        return frozenset(plan.contents.promised)
    matches = [deciding(book.connected, order.store_id, n.keys) for n in order.lines]
    assert order.paid_at is not None
    promise = promise_for(order, matches, book.agreed_for_all, order.paid_at)
    if promise is None or not is_agreed(promise.method, plan):
        return frozenset()
    return promise.lines


def _places(
    unit: SellerUnit,
    order: Order,
    plan: OrderPlan,
    book: PriceBook,
    promised: frozenset[int],
) -> Sequence[tuple[Consignment, str, str]]:
    """
    Return what is left to leave from each place, with its method and connection; one
    that holds everything where the order is not split. What was promised is in none,
    and the rest of its order was asked for together.
    """
    left = {
        item.item_id: item.quantity_left
        for item in order.items.values()
        if item.quantity_left and item.line not in promised
    }
    if not left:
        return ()
    lots, serving = _in_lots(unit, order, book)
    split = _split_parcels(plan)
    if promised or not split:
        first = [book.warehouses[p.leaves_from] for p in split[:1] if p.leaves_from]
        country = _origin(order, book, first or serving)
        return ((Consignment("", country, {}, left), plan.method, plan.connection),)
    direct = dict(left)
    for of_place in lots.values():
        for name, units in of_place.items():
            direct[name] -= units
    direct = {name: units for name, units in direct.items() if units}
    parts = divided(lots, direct, serving, origin=book.origin)
    return [(part, *_way(plan, part)) for part in parts]


def _origin(order: Order, book: PriceBook, serving: Sequence[Warehouse]) -> str:
    """
    Return the country that a checkout asked freight from; empty if it did not know.
    """
    countries = {warehouse.country for warehouse in serving}
    items = order.items.values()
    if not serving or any(i.quantity_from_lots < i.quantity for i in items):
        countries.add(book.origin)
    return countries.pop() if len(countries) == 1 else ""


def _in_lots(
    unit: SellerUnit, order: Order, book: PriceBook
) -> tuple[dict[str, dict[ItemId, int]], list[Warehouse]]:
    """
    Return what is bound to the order, by warehouse and item, and the warehouses that it
    was served from, whatever is left in them.
    """
    found: dict[str, dict[ItemId, int]] = {}
    if not any(item.quantity_from_lots for item in order.items.values()):
        return found, []
    allocations = unit.find(ALLOCATIONS_OF, [(order.order_id,)])
    keys = sorted({(one.lot_id,) for one in allocations})
    places = {lot.lot_id: lot.warehouse_id for lot in unit.many(LOTS, keys)}
    for one in allocations:
        there = found.setdefault(places[one.lot_id], {})
        if one.quantity_bound:
            there[one.item_id] = there.get(one.item_id, 0) + one.quantity_bound
    return found, [book.warehouses[name] for name in found]


def _split_parcels(plan: OrderPlan) -> list[PlannedParcel]:
    """
    Return in which parcels a split order was paid to travel; none of another order.
    """
    return [parcel for parcel in plan.contents.parcels if parcel.method]


def _way(plan: OrderPlan, place: Consignment) -> tuple[str, str]:
    """
    Return by which method and connection goods go that leave from a place.
    """
    for parcel in _split_parcels(plan):
        if parcel.leaves_from == place.leaves_from:
            return parcel.method, parcel.connection
    return plan.method, plan.connection


def freight_difference(
    desk: FreightDesk, order_id: str, moved: Iterable[MovedFreight]
) -> int:
    """
    Return how much more the goods cost to their new address, in minor units; below zero
    where they cost less. A method that nobody offers any more makes no difference.

    Raises:
        CommandRefusedError: If a method does not go there.

        FreightUnavailableError: If the connection of one does not answer.
    """
    total = 0
    for one in moved:
        before, after = desk.ask(one.before), desk.ask(one.after)
        past, now = _price(before, one), _price(after, one)
        for quotes in (before, after):
            if one.connection in quotes.failed:
                failed = {one.connection: quotes.failed[one.connection]}
                raise unavailable(failed, method=one.method, order_id=order_id)
        if past is None:
            continue
        if now is None:
            _refuse(order_id, after, one)
        total += now - past
    return total


def _price(quotes: Quotes, one: MovedFreight) -> int | None:
    for option in quotes.answer.options:
        codes = (option.method, option.full_code)
        if option.connection == one.connection and one.method in codes:
            return option.price.minor
    return None


def _refuse(order_id: str, quotes: Quotes, one: MovedFreight) -> NoReturn:
    why = "; ".join(
        out.words
        for out in quotes.answer.left_out
        if out.connection == one.connection
        and one.method in (out.method, f"{out.connection}{SEPARATOR}{out.method}")
    )
    words = f"{one.method} cannot be used there: {why or 'it is not offered'}"
    raise CommandRefusedError(
        kind="order",
        id=order_id,
        command="correct_address",
        blockers=[Blocker("no_freight_option", words)],
    )
