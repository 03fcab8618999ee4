"""
What waits for pairing: lines of unrecognized orders, read by index.
"""

from collections.abc import Iterator

from ...domain.orders.lines import Line
from ...domain.orders.machine import UNRECOGNIZED
from ...domain.orders.tabs import Tab
from ...unit.seller_unit import SellerUnit
from ...unit.tables.orders import LINES, LINES_OF, ORDERS_BY_STORE_TAB
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
