"""
What must hold beside role and state before a command: one question per function.

Each gives its reason, or None; it is silent where the particulars it needs are not
asked about.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from ..kernel.errors import Blocker
from ..kernel.ids import ItemId
from ..kernel.values import frozen
from ..kernel.words import counted
from .deadlines import instant_of
from .kinds import KINDS
from .lines import Item
from .marks import LabelMark
from .model import OrderData


@frozen
class Ask:
    """
    The particulars of a command; None where only the command itself is asked about.

    Attributes:
        quantities: item id (or line number as text) -> units.

        hold_id, parcel_id: What the command names.

        hold_reason: For which reason what the command ends is held.

        unsent: Whether a dispute is about units that have not left, or that have.
    """

    quantities: Mapping[ItemId, int] | Mapping[str, int] | None = None
    hold_id: str | None = None
    hold_reason: str | None = None
    parcel_id: str | None = None
    at: datetime | None = None
    unsent: bool | None = None


NOTHING_ASKED = Ask()
Guard = Callable[[OrderData, Ask], Blocker | None]


def quantities_known(order: OrderData, ask: Ask) -> Blocker | None:
    """
    Refuse items that the order does not have, and quantities that are not positive.
    """
    if ask.quantities is None:
        return None
    if not ask.quantities:
        return Blocker("nothing_chosen", "no item is named; name at least one")
    for name, quantity in ask.quantities.items():
        if name not in order.items:
            words = f"the order has no item {name}"
            return Blocker("unknown_item", words, {"item": name})
        # JSON callers may send 1.5, whatever the types say.
        if not isinstance(quantity, int) or quantity <= 0:
            words = f"item {name}: {quantity} is not a positive whole quantity"
            facts: dict[str, str | int] = {"item": name, "quantity": quantity}
            return Blocker("quantity_not_positive", words, facts)
    return None


def left_to_ship(order: OrderData, ask: Ask) -> Blocker | None:
    """
    Refuse more units than are left to send.
    """
    return _within(order, ask, "too_many_units", "left to send", "quantity_left")


def left_to_receive(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse where every unit is settled.
    """
    if any(item.quantity_outstanding for item in order.items.values()):
        return None
    return Blocker("nothing_outstanding", "every unit is settled already")


def _within(
    order: OrderData, ask: Ask, code: str, words: str, attribute: str
) -> Blocker | None:
    for name, quantity in (ask.quantities or {}).items():
        item = order.items.get(ItemId(name))
        left = 0 if item is None else int(getattr(item, attribute))
        if quantity > left:
            return Blocker(
                code,
                f"item {name}: {counted(quantity, 'unit')} asked, {left} {words}",
                {"item": name, "asked": quantity, "left": left},
            )
    return None


def was_sent(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse where nothing was ever on its way.
    """
    if order.state == "cancelled" and order.cancel_reason != "lost":
        return Blocker("never_sent", "it was never sent; nothing of it can arrive")
    return None


def not_accepted(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse once the warehouse has accepted the order.
    """
    if order.accepted_at is not None:
        return Blocker("already_accepted", "the warehouse has accepted it already")
    return None


def accepted(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse until the warehouse has accepted the order.
    """
    if order.accepted_at is None:
        return Blocker(
            "not_accepted", "the warehouse has not accepted it; accept first"
        )
    return None


def parcel_known(order: OrderData, ask: Ask) -> Blocker | None:
    """
    Refuse a parcel that does not count for the order.
    """
    if ask.parcel_id is None or ask.parcel_id in order.parcel_ids:
        return None
    words = f"the order has no live parcel {ask.parcel_id}"
    return Blocker("unknown_parcel", words, {"parcel": ask.parcel_id})


def no_dispute(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse while a dispute is open.
    """
    if order.disputes:
        first = order.disputes[0].dispute_id
        return Blocker("dispute_open", "a dispute is open", {"dispute": first})
    return None


def units_undisputed(order: OrderData, ask: Ask) -> Blocker | None:
    """
    Refuse units that are refunded, or in an open dispute.
    """
    for name, quantity in (ask.quantities or {}).items():
        item = order.items.get(ItemId(name))
        disputed = order.quantity_disputed(name)
        left = 0 if item is None else _untouched(item) - disputed
        if quantity > left:
            return Blocker(
                "units_taken",
                f"item {name}: {counted(quantity, 'unit')} asked, but only {left} are"
                f" neither refunded{_or_back(item)} nor in an open dispute",
                {"item": name, "asked": quantity, "left": left},
            )
    return None


def units_where_said(order: OrderData, ask: Ask) -> Blocker | None:
    """
    Refuse units that have left where they should not have, or the reverse.
    """
    # What a cloud warehouse receives never leaves for a customer with this order.
    is_parcel = KINDS[order.kind].goes_to_customer or ask.unsent
    if ask.unsent is None or not is_parcel or units_undisputed(order, ask):
        return None
    for name, quantity in (ask.quantities or {}).items():
        item = order.items.get(ItemId(name))
        disputed = order.quantity_disputed(name, unsent=ask.unsent)
        there = 0 if item is None else _there(item, unsent=ask.unsent)
        left = max(there - disputed, 0)
        if quantity > left:
            where = "not left yet" if ask.unsent else "left"
            return Blocker(
                "units_sent" if ask.unsent else "units_not_sent",
                f"item {name}: {counted(quantity, 'unit')} asked, but only {left} have"
                f" {where}",
                {"item": name, "asked": quantity, "left": left},
            )
    return None


def _or_back(item: Item | None) -> str:
    return ", nor back in stock," if item is not None and item.quantity_returned else ""


def _untouched(item: Item) -> int:
    return item.quantity - item.quantity_refunded - item.quantity_returned


def _there(item: Item, *, unsent: bool) -> int:
    """
    Count the units that have not left, or those that have, are not refunded, and did
    not come back.
    """
    if unsent:
        return item.quantity_left
    refunded = item.quantity_refunded - item.quantity_cancelled
    return item.quantity_shipped - refunded - item.quantity_returned


def units_kept(order: OrderData, ask: Ask) -> Blocker | None:
    """
    Refuse more units than left, are the seller's still, and no open dispute is about.
    """
    for name, quantity in (ask.quantities or {}).items():
        item = order.items.get(ItemId(name))
        left = 0
        if item is not None:
            disputed = order.quantity_sent_disputed(item.item_id)
            left = max(item.quantity_kept - disputed, 0)
        if quantity > left:
            return Blocker(
                "units_not_kept",
                f"item {name}: {counted(quantity, 'unit')} came back, but only {left}"
                " have left and are neither refunded, nor back, nor in an open dispute;"
                " what is refunded is not the seller's any more",
                {"item": name, "asked": quantity, "left": left},
            )
    return None


def unsent_undisputed(order: OrderData, ask: Ask) -> Blocker | None:
    """
    Refuse units that have not left and that an open dispute may refund.
    """
    for name, quantity in (ask.quantities or {}).items():
        item = order.items.get(ItemId(name))
        disputed = order.quantity_disputed(name, unsent=True)
        left = 0 if item is None else max(item.quantity_left - disputed, 0)
        if disputed and quantity > left:
            return Blocker(
                "units_taken",
                f"item {name}: {counted(quantity, 'unit')} asked, but only {left} of"
                " those that have not left are in no open dispute",
                {"item": name, "asked": quantity, "left": left},
            )
    return None


def units_in_no_label(order: OrderData, ask: Ask) -> Blocker | None:
    """
    Refuse units that have not left and that a label is being bought for.
    """
    if not order.labels or ask.unsent is False:
        return None
    for name, quantity in (ask.quantities or {}).items():
        item = order.items.get(ItemId(name))
        taken = order.quantity_in_labels(name)
        left = 0 if item is None else max(item.quantity_left - taken, 0)
        if taken and quantity > left:
            label = next(m for m in order.labels if _names(m, name)).label_id
            return Blocker(
                "label_open",
                f"item {name}: {counted(quantity, 'unit')} asked, but only {left} are"
                f" left without label {label}, of which nobody knows yet what becomes",
                {"item": name, "asked": quantity, "left": left, "label": label},
            )
    return None


def no_label_open(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse while a label is being bought.
    """
    if not order.labels:
        return None
    label = order.labels[0].label_id
    words = f"label {label} is being bought for it; wait for it, or resolve it"
    return Blocker("label_open", words, {"label": label})


def _names(label: LabelMark, item_id: str) -> bool:
    return any(item.item_id == item_id for item in label.items)


def rest_undisputed(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse while a dispute is open about what has not left.
    """
    for name, item in order.items.items():
        if item.quantity_left and order.quantity_disputed(name, unsent=True):
            return _disputed(name)
    return None


def outstanding_undisputed(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse while a dispute is open about an item some of which is on its way: it may be
    about those very units.
    """
    for name, item in order.items.items():
        if item.quantity_outstanding and order.quantity_disputed(name):
            return _disputed(name)
    return None


def _disputed(name: str) -> Blocker:
    words = f"item {name}: an open dispute is about what would be refunded"
    return Blocker("units_disputed", words, {"item": name})


def passed(deadline: str) -> Guard:
    """
    Make the guard that refuses what *deadline*, a name, has not made due yet.
    """

    def guard(order: OrderData, ask: Ask) -> Blocker | None:
        instant = instant_of(order, deadline)
        if ask.at is None or (instant is not None and ask.at >= instant):
            return None
        return not_due(instant)

    return guard


def not_due(instant: datetime | None) -> Blocker:
    """
    Return the reason why a clock has nothing to do before *instant*, if ever.
    """
    if instant is None:
        return Blocker("not_due", "no deadline is running")
    words = f"not due before {instant.isoformat()}"
    return Blocker("not_due", words, {"deadline": instant.isoformat()})


def everything_refunded(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse while a unit is not refunded.
    """
    if all(i.quantity_refunded >= i.quantity for i in order.items.values()):
        return None
    return Blocker("not_refunded", "not every unit is refunded; refund them first")


def served_locally(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse where the goods did not come from the local stock, or are back there.
    """
    if order.cancel_reason == "local_stock":
        return None
    words = "it is not served from the local stock, or is put back already"
    return Blocker("not_served_locally", words)


def something_kept(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse where every unit that left is refunded.
    """
    if any(item.quantity_kept for item in order.items.values()):
        return None
    return Blocker("nothing_kept", "every unit that left is refunded")
