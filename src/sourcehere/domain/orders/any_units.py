"""
Whether there is any unit that a command could be about, where nobody has named one yet.

Each has the code of the guard that refuses the units themselves, in `guards.py`, which
has its say once they are named.
"""

from ..kernel.errors import Blocker
from .guards import Ask
from .model import OrderData


def any_undisputed(order: OrderData, ask: Ask) -> Blocker | None:
    """
    Refuse where every unit is refunded, back in stock, or in an open dispute.
    """
    if ask.quantities is not None or any(
        item.quantity - item.quantity_refunded - item.quantity_returned
        > order.quantity_disputed(name)
        for name, item in order.items.items()
    ):
        return None
    words = "every unit is refunded, back in stock, or in an open dispute"
    return Blocker("units_taken", words)


def any_unsent_undisputed(order: OrderData, ask: Ask) -> Blocker | None:
    """
    Refuse where an open dispute is about every unit that has not left.
    """
    if ask.quantities is not None or any(
        item.quantity_left > order.quantity_disputed(name, unsent=True)
        for name, item in order.items.items()
    ):
        return None
    words = "open disputes are about every unit that has not left"
    return Blocker("units_taken", words)


def any_in_no_label(order: OrderData, ask: Ask) -> Blocker | None:
    """
    Refuse where labels are being bought for every unit that has not left.
    """
    if ask.quantities is not None or not order.labels:
        return None
    if any(
        item.quantity_left > order.quantity_in_labels(name)
        for name, item in order.items.items()
    ):
        return None
    label = order.labels[0].label_id
    words = (
        f"label {label} is being bought for what is left; wait for it, or resolve it"
    )
    return Blocker("label_open", words, {"label": label})


def any_kept(order: OrderData, ask: Ask) -> Blocker | None:
    """
    Refuse where no unit that left is the seller's still and in no open dispute.
    """
    if ask.quantities is not None or any(
        item.quantity_kept > order.quantity_sent_disputed(name)
        for name, item in order.items.items()
    ):
        return None
    words = "every unit that left is refunded, back in stock, or in an open dispute"
    return Blocker("units_not_kept", words)


def any_out(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse where every unit that left is back in stock.
    """
    items = order.items.values()
    if any(item.quantity_shipped > item.quantity_returned for item in items):
        return None
    if not any(item.quantity_returned for item in items):
        return None  # nothing left
    return Blocker("units_back", "every unit that left is back in stock")
