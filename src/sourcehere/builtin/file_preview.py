"""
What a shop's file is, before anything of it is imported.
"""

from collections import Counter

from ..domain.kernel.countries import UNKNOWN_COUNTRY
from ..domain.stores.model import StoreOrderSnapshot
from ..ports.platforms import StorePreview
from .file_orders import FileContent


def preview_of(content: FileContent) -> StorePreview:
    """
    Return what would be imported of a file.
    """
    orders = list(content.orders.values())
    rejects = [reject for group in content.groups for reject in group.rejects]
    columns = {
        name: " + ".join(content.header[place] for place in places)
        for name, places in content.layout.positions.items()
    }
    counts = Counter(_kind(order) for order in orders)
    return StorePreview(
        title=content.layout.profile.title,
        columns=columns,
        orders=len(orders),
        lines=sum(len(order.lines) for order in orders),
        cancelled=counts["cancelled"],
        fulfilled=counts["fulfilled"],
        unpaid=counts["unpaid"],
        doubtful=sum(_is_doubtful(order) for order in orders),
        charges=sum(len(group.charges) for group in content.groups),
        rejected=tuple(f"row {r.row}: {r.detail}" for r in rejects),
        notes=(*content.notes, *_unnamed(orders)),
    )


def _kind(order: StoreOrderSnapshot) -> str:
    if order.cancelled:
        return "cancelled"
    if not any(line.quantity_wanted for line in order.lines):
        return "fulfilled"
    return "open" if order.paid_at_store else "unpaid"


def _is_doubtful(order: StoreOrderSnapshot) -> bool:
    return bool(order.doubts_count) or order.address.country == UNKNOWN_COUNTRY


def _unnamed(orders: list[StoreOrderSnapshot]) -> list[str]:
    """
    Say how many lines have no SKU, and what stands for it.
    """
    lines = [line for order in orders for line in order.lines]
    by_id = sum(not line.sku.strip() for line in lines)
    by_name = sum(bool(line.sku) and line.sku == line.title for line in lines)
    found: list[str] = []
    if by_id:
        found.append(f"no SKU in {by_id} lines: the variant's id is used")
    if by_name:
        found.append(f"no SKU in {by_name} lines: the name is used")
    return found
