"""
What must hold of an order's holds before a command that is about one.
"""

from ..kernel.errors import Blocker
from .guards import Ask
from .holds import HoldReason, is_about_address
from .machine import PARTIALLY_SHIPPED
from .model import OrderData


def has_hold(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse where nothing holds it.
    """
    return None if order.holds else Blocker("no_hold", "no hold is open")


def hold_open(order: OrderData, ask: Ask) -> Blocker | None:
    """
    Refuse a hold that is not open; silent where none is, as `has_hold` says that.
    """
    held = {hold.hold_id: hold.reason for hold in order.holds}
    if ask.hold_id is None or ask.hold_id in held or not held:
        return None
    words = f"hold {ask.hold_id} is not open"
    if not ask.hold_id:
        known = ", ".join(f"{name} ({reason})" for name, reason in held.items())
        words = f"say which hold is meant: {known}"
    return Blocker("hold_not_open", words, {"hold": ask.hold_id})


def held_for(order: OrderData, ask: Ask) -> Blocker | None:
    """
    Refuse where it is held for other reasons only; silent where nothing holds it.
    """
    reasons = dict.fromkeys(hold.reason for hold in order.holds)
    if ask.hold_reason is None or ask.hold_reason in reasons or not reasons:
        return None
    words = f"it is not held for {ask.hold_reason}, but for {', '.join(reasons)}"
    return Blocker("not_held_for", words, {"reason": ask.hold_reason})


def in_doubt(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse where nothing that the shop told is in doubt.
    """
    if any(hold.reason == HoldReason.STORE_DATA for hold in order.holds):
        return None
    return Blocker("not_in_doubt", "nothing that the shop told of it is in doubt")


def changed_by_shop(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse while the shop wants nothing that somebody has to decide about.
    """
    changed = [hold for hold in order.holds if hold.reason == HoldReason.STORE_CHANGED]
    if any(not is_about_address(hold) for hold in changed):
        return None
    if changed:
        words = "the shop only sends it elsewhere: correct the address"
        if order.state == PARTIALLY_SHIPPED:
            words = "the shop only sends it elsewhere, and something of it has left"
        return Blocker("address_changed", words)
    return Blocker("nothing_changed", "the shop wants nothing else than we supply")
