"""
What is to be sent again of a shop's order, which the shop knows nothing of.
"""

from collections.abc import Sequence

from ...domain.orders.order import Order
from ...unit.seller_unit import SellerUnit
from ...unit.tables.orders import ORDERS_OF_ORIGIN


def sent_again(unit: SellerUnit, parts: Sequence[Order]) -> Sequence[Order]:
    """
    Return the orders that send units of *parts* again.
    """
    sent = sorted((order.order_id,) for order in parts if order.parcel_ids)
    named = unit.find(ORDERS_OF_ORIGIN, sent) if sent else ()
    return unit.orders.load([order.order_id for order in named])
