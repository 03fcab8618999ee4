"""
What a shop's file is, before anything of it is imported.
"""

from collections import Counter

from ..domain.kernel.countries import UNKNOWN_COUNTRY
from ..domain.kernel.words import counted
from ..domain.stores.model import RejectReason, StoreOrderSnapshot
from ..ports.platforms import StorePreview
from .file_groups import Group
from .file_orders import FileContent

_DOUBTS_SHOWN = 10
_NOWHERE = "no country that is known; configure its word in `country_aliases`"


def preview_of(content: FileContent) -> StorePreview:
    """
    Return what would be imported of a file.
    """
    counts = Counter[str]()
    doubts = Counter[str]()
    rejected: list[str] = []
    for group in content.groups:
        counts["charges"] += len(group.charges)
        rejected += _rejected(group)
        if group.order is not None:
            _count(group.order, counts)
            doubts.update(_doubts(group.order))
    columns = {
        name: " + ".join(content.header[place] for place in places)
        for name, places in content.layout.positions.items()
    }
    return StorePreview(
        title=content.layout.profile.title,
        columns=columns,
        orders=counts["orders"],
        lines=counts["lines"],
        cancelled=counts["cancelled"],
        refunded=counts["refunded"],
        fulfilled=counts["fulfilled"],
        unpaid=counts["unpaid"],
        doubtful=counts["doubtful"],
        charges=counts["charges"],
        rejected=tuple(rejected),
        notes=(*content.notes, *_unnamed(counts), *_in_doubt(doubts)),
    )


def _rejected(group: Group) -> list[str]:
    """
    Say why records cannot be read; that no line is left then goes without saying.
    """
    reasons = [r for r in group.rejects if r.reason != RejectReason.NO_PRODUCT_LINES]
    return [f"row {r.row}: {r.detail}" for r in reasons or group.rejects]


def _count(order: StoreOrderSnapshot, counts: Counter[str]) -> None:
    counts["orders"] += 1
    counts["lines"] += len(order.lines)
    counts[_kind(order)] += 1
    counts["doubtful"] += _is_doubtful(order)
    for line in order.lines:
        counts["by_id"] += not line.sku.strip()
        counts["by_name"] += bool(line.sku) and line.sku == line.title


def _kind(order: StoreOrderSnapshot) -> str:
    if order.cancelled:
        return "cancelled"
    if not any(line.quantity_wanted for line in order.lines):
        was_refunded = any(line.quantity_refunded for line in order.lines)
        was_sent = any(line.quantity_fulfilled for line in order.lines)
        return "refunded" if was_refunded and not was_sent else "fulfilled"
    return "open" if order.paid_at_store else "unpaid"


def _is_doubtful(order: StoreOrderSnapshot) -> bool:
    return bool(order.doubts_count) or order.address.country == UNKNOWN_COUNTRY


def _doubts(order: StoreOrderSnapshot) -> list[str]:
    is_nowhere = order.address.country == UNKNOWN_COUNTRY
    return [*order.doubts, *([_NOWHERE] if is_nowhere else [])]


def _in_doubt(doubts: Counter[str]) -> list[str]:
    """
    Say why orders would be held, what is true of most of them first.
    """
    found = [
        f"in doubt: {words}" if count == 1 else f"in doubt: {words} ({count} times)"
        for words, count in doubts.most_common(_DOUBTS_SHOWN)
    ]
    if len(doubts) > _DOUBTS_SHOWN:
        found.append("in doubt for further reasons; the holds of the orders say them")
    return found


def _unnamed(counts: Counter[str]) -> list[str]:
    """
    Say how many lines have no SKU, and what stands for it.
    """
    found: list[str] = []
    if counts["by_id"]:
        lines = counted(counts["by_id"], "line")
        found.append(f"no SKU in {lines}: the variant's id is used")
    if counts["by_name"]:
        lines = counted(counts["by_name"], "line")
        found.append(f"no SKU in {lines}: the name is used")
    return found
