"""
What orders add up to where they are read without their lines.
"""

from collections.abc import Sequence

from ..domain.orders.model import OrderData
from .base import Unit
from .tables.orders import LINES, LINES_OF


def units_of_orders(unit: Unit, orders: Sequence[OrderData]) -> dict[str, int]:
    """
    Count the store units of *orders*, which were read without their lines.
    """
    units = {str(order.order_id): 0 for order in orders}
    keys = [(order.seller_id, order.order_id) for order in orders]
    place = LINES.table.position["quantity"]
    for row in unit.session.find(LINES_OF.index, keys, lock=False) if keys else ():
        units[str(row[1])] += int(row[place] or 0)
    return units
