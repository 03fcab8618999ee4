"""
The lists of orders: by which way a page is found, and what it keeps.
"""

from collections.abc import Callable

from ...domain.orders.order import Order
from ...domain.orders.tabs import Tab
from ...unit.records import Way
from ...unit.seller_unit import SellerUnit
from ...unit.tables.orders import (
    ORDERS_BY_KIND,
    ORDERS_BY_KIND_TAB,
    ORDERS_BY_REFUNDS,
    ORDERS_BY_STORE,
    ORDERS_BY_STORE_TAB,
    ORDERS_BY_TAB,
    ORDERS_OF,
)

Keep = Callable[[Order], bool]


def way_to(
    tab: Tab, *, store_id: str, kind: str
) -> tuple[Way[Order], tuple[str | int, ...], Keep]:
    """
    Return the way that reads least for a list, its prefix, and what still sifts it.
    """

    def fits(order: Order) -> bool:
        return store_id in ("", order.store_id) and kind in ("", order.kind)

    if tab == Tab.REFUNDS:
        return ORDERS_BY_REFUNDS, (1,), fits
    if tab == Tab.ALL:
        if store_id:
            return ORDERS_BY_STORE, (store_id,), fits
        return (ORDERS_BY_KIND, (kind,), fits) if kind else (ORDERS_OF, (), fits)
    if store_id:
        return ORDERS_BY_STORE_TAB, (store_id, tab.value), fits
    if kind:
        return ORDERS_BY_KIND_TAB, (kind, tab.value), fits
    return ORDERS_BY_TAB, (tab.value,), fits


def kept(
    unit: SellerUnit,
    way: Way[Order],
    prefix: tuple[str | int, ...],
    keep: Keep,
    *,
    after: str,
    limit: int,
) -> list[Order]:
    """
    Read the newest *limit* orders older than *after* that *keep* lets through.
    """
    found: list[Order] = []
    position: tuple[str, ...] | None = (after,) if after else None
    while len(found) < limit:
        part = unit.page(way, *prefix, after=position, limit=limit, descending=True)
        found.extend(order for order in part if keep(order))
        if len(part) < limit:
            break
        position = (part[-1].order_id,)
    return found[:limit]
