"""
What waits for pairing: lines of unrecognized orders, read by index.
"""

from collections.abc import Iterator, Sequence

from ...domain.kernel.store_variants import product_id_in, variant_id_in
from ...domain.orders.lines import Line
from ...domain.orders.machine import UNRECOGNIZED
from ...domain.orders.tabs import Tab
from ...unit.seller_unit import SellerUnit
from ...unit.tables.orders import (
    LINES,
    LINES_OF,
    LINES_WAITING,
    LINES_WAITING_BY_PRODUCT,
    LINES_WAITING_BY_VARIANT,
    ORDERS_BY_STORE_TAB,
)
from ..base.batches import batches

# An unrecognized order that something else stops too is found in Abnormal.
_TABS = (Tab.UNRECOGNIZED.value, Tab.ABNORMAL.value)


def waiting_orders(unit: SellerUnit, store_id: str) -> Iterator[tuple[str, list[Line]]]:
    """
    Return every unrecognized order of a store with its lines, paired ones too.

    It costs what waits, however many other orders the store has.
    """
    names = (
        str(order.order_id)
        for tab in _TABS
        for order in unit.each(ORDERS_BY_STORE_TAB, store_id, tab)
        if order.state == UNRECOGNIZED
    )
    for batch in batches(names):
        lines: dict[str, list[Line]] = {name: [] for name in batch}
        keys = [(unit.seller_id, name) for name in batch]
        for row in unit.session.find(LINES_OF.index, keys, lock=False):
            lines[str(row[1])].append(LINES.from_row(row))
        yield from lines.items()


def waiting_for(unit: SellerUnit, keys: Sequence[str]) -> list[str]:
    """
    List the orders, of any store, that have a line which waits for one of *keys*.
    """
    variants = [name for key in keys if (name := variant_id_in(key))]
    products = [name for key in keys if (name := product_id_in(key))]
    found: set[str] = set()
    for way, names in (
        (LINES_WAITING, keys),
        (LINES_WAITING_BY_VARIANT, variants),
        (LINES_WAITING_BY_PRODUCT, products),
    ):
        wanted = [(unit.seller_id, name, 1) for name in names]
        if wanted:
            rows = unit.session.find(way.index, wanted, lock=False)
            found.update(str(row[1]) for row in rows)
    return sorted(found)
