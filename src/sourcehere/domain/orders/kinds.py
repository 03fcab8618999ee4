"""
What each kind of order is: the only list of kinds, and every fact that sets them apart.

Code asks a kind for a fact, as in `KINDS[order.kind].tells_shop`, and never which kind
it is, so that a new kind is a chart and one entry here.
"""

import enum

from ..kernel.machine import StateTable
from ..kernel.values import frozen
from .machine import CloudOrderChart, ManualOrderChart, StoreOrderChart


class OrderKind(enum.StrEnum):
    """
    The three kinds of the reference text.
    """

    STORE = "store"
    MANUAL = "manual"
    CLOUD = "cloud_warehouse"


@frozen(kw_only=True)
class KindOfOrder:
    """
    The facts of one kind of order.

    Attributes:
        chart: Its states and the moves between them.

        label: What people read.

        word: What the command line calls it.

        pairs_lines: Whether its lines are a shop's products, which are paired with ours
            before it can be paid. Otherwise the seller names our variants directly.

        tells_shop: Whether a shop is told of its parcels.

        goes_to_customer: Whether parcels take its units to a person. Only what has left
            in a parcel can be disputed as sent.

        pays_freight: Whether a carrier is asked what it costs to send.

        may_draw_on_stock: Whether lots of the seller's own stock can serve it.

        ends_in_stock: Whether a warehouse counts its units when they arrive and makes
            them lots. Disputes about it are capped by what no customer was promised.

        may_be_kept: Whether the seller may take what arrives into their local stock.

        is_bought_in_bulk: Whether a variant has a minimum and its bulk price.
    """

    chart: type[StateTable]
    label: str
    word: str
    pairs_lines: bool = False
    tells_shop: bool = False
    goes_to_customer: bool = False
    pays_freight: bool = False
    may_draw_on_stock: bool = False
    ends_in_stock: bool = False
    may_be_kept: bool = False
    is_bought_in_bulk: bool = False


# Keyed by the name that is stored. An order's own kind is a plain text, which finds the
# same entry.
KINDS: dict[str, KindOfOrder] = {
    OrderKind.STORE: KindOfOrder(
        chart=StoreOrderChart,
        label="Store order",
        word="store",
        pairs_lines=True,
        tells_shop=True,
        goes_to_customer=True,
        pays_freight=True,
        may_draw_on_stock=True,
    ),
    OrderKind.MANUAL: KindOfOrder(
        chart=ManualOrderChart,
        label="Manual order",
        word="manual",
        goes_to_customer=True,
        pays_freight=True,
        may_draw_on_stock=True,
        may_be_kept=True,
    ),
    OrderKind.CLOUD: KindOfOrder(
        chart=CloudOrderChart,
        label="Cloud warehouse order",
        word="cloud",
        ends_in_stock=True,
        is_bought_in_bulk=True,
    ),
}

CHARTS: dict[str, type[StateTable]] = {name: kind.chart for name, kind in KINDS.items()}
