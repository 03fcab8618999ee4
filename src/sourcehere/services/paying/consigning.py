"""
What freight is asked for an order: as a whole, and place by place where it is split.
"""

from collections.abc import Sequence

from ...domain.freight.model import FreightRequest
from ...domain.kernel.address import Address
from ...domain.kernel.values import frozen
from ...domain.orders.kinds import KINDS
from ...domain.orders.lines import Item
from ...domain.orders.order import Order
from ...domain.wallet.model import PlannedItem
from ...domain.warehouse.allocation import AllocationPlan, Demand
from ...domain.warehouse.consignments import Consignment, consignments_of
from ..base.consignments import freight_request
from .price_book import PriceBook


@frozen
class Consigned:
    """
    What leaves from one place, and what freight is asked for it.
    """

    consignment: Consignment
    request: FreightRequest


def demands_of(items: Sequence[Item]) -> list[Demand]:
    """
    Return what *items* need.
    """
    return [Demand(i.item_id, i.variant_id, i.quantity) for i in items]


def asked_for_all(
    order: Order,
    items: Sequence[PlannedItem],
    plan: AllocationPlan,
    book: PriceBook,
    *,
    lines: frozenset[int] | None = None,
) -> FreightRequest | None:
    """
    Return what freight is asked, for all lines or for *lines* only; None for none.
    """
    if not KINDS[order.kind].pays_freight:
        return None  # the platform brings goods to its own warehouse
    if book.addresses is None:
        return None
    parts = [
        (i.item_id, book.variants[i.variant_id], i.quantity)
        for i in order.items.values()
        if lines is None or i.line in lines
    ]
    address = book.addresses.get(order.contact_id) or Address(order.country)
    origin = _origin(items, plan, book)
    return freight_request(order, parts, address, origin=origin)


def _origin(items: Sequence[PlannedItem], plan: AllocationPlan, book: PriceBook) -> str:
    """
    Return the country that an order leaves from; empty where that is not known.
    """
    if not plan.picks:
        return book.origin
    stock = book.warehouses[plan.warehouses[0]].country
    is_all_in_stock = all(i.quantity == i.quantity_from_lots for i in items)
    return stock if is_all_in_stock or stock == book.origin else ""


def consign(
    order: Order, plan: AllocationPlan, book: PriceBook
) -> tuple[Consigned, ...]:
    """
    Return what freight is asked for each place that a split order leaves from; nothing
    where it leaves from one, or freight is agreed already.
    """
    if not plan.is_split or book.addresses is None:
        return ()
    address = book.addresses.get(order.contact_id) or Address(order.country)
    demands = demands_of(list(order.items.values()))
    found: list[Consigned] = []
    for one in consignments_of(plan, demands, book.stock, origin=book.origin):
        parts = [
            (item_id, book.variants[order.items[item_id].variant_id], quantity)
            for item_id, quantity in one.quantities.items()
        ]
        request = freight_request(order, parts, address, origin=one.country)
        found.append(Consigned(one, request))
    return tuple(found)
