"""
The lines of an order as people read them: what was ordered, which of our SKUs supply
it, and what became of each unit.
"""

from collections.abc import Callable

from ..domain.orders.kinds import KINDS, OrderKind
from ..domain.orders.views import ItemView, LineView, OrderView
from .held_for import Names
from .output import Table, table, unless_zero

_Row = tuple[LineView, ItemView | None]
_Columns = dict[str, Callable[[ItemView], object]]
# What was sent to somebody, and what was counted in a cloud warehouse.
_SENT: _Columns = {
    "of stock": lambda i: i.quantity_from_lots,
    "unsent": lambda i: i.quantity_left,
    "shipped": lambda i: i.quantity_shipped,
    "came back": lambda i: i.quantity_returned or "",
}
_COUNTED: _Columns = {
    "good": lambda i: i.quantity_good,
    "damaged": lambda i: i.quantity_damaged,
    "missing": lambda i: i.quantity_missing,
    "written off": lambda i: i.quantity_written_off,
    "to count": lambda i: i.quantity_outstanding,
}


def line_table(order: OrderView, skus: Names) -> Table:
    """
    Show the lines of *order*, a row for each item.

    Args:
        skus: Variant -> its SKU.
    """
    is_counted = KINDS[OrderKind(order.kind)].ends_in_stock
    columns: _Columns = {
        "item": lambda i: i.item_id,
        "supplied by": lambda i: skus.get(i.variant_id, i.variant_id),
        "units": lambda i: i.quantity,
        **(_COUNTED if is_counted else _SENT),
        "refunded": lambda i: i.quantity_refunded,
        "price": lambda i: unless_zero(i.unit_price),
    }
    rows = [(line, item) for line in order.lines for item in line.items or (None,)]
    return table(
        rows,
        {
            "line": lambda r: r[0].line,
            "sku": lambda r: r[0].sku,
            "title": lambda r: r[0].title,
            "ordered": lambda r: r[0].quantity,
            **{name: _of_item(name, show) for name, show in columns.items()},
        },
        title="Lines",
    )


def _of_item(name: str, show: Callable[[ItemView], object]) -> Callable[[_Row], object]:
    none = "not connected" if name == "item" else None
    return lambda row: none if row[1] is None else show(row[1])
