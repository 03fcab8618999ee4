"""
Every deadline of an order: its name, where it runs, and the command a clock fires.

An order stores the instant of its next deadline and that deadline's name, so that no
clock guesses from the state what is due. To give a hold reason a deadline, add a row
here whose `reason` is that reason.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from ..kernel.clock import NEVER
from ..kernel.deadlines import Deadline
from ..kernel.values import frozen
from .holds import SPEAKS_AGAINST_SILENCE, Hold, HoldReason
from .kinds import CHARTS
from .machine import (
    AWAITING_PAYMENT,
    COUNTING_STATES,
    ENDED_STATES,
    NEW,
    PARTIALLY_SHIPPED,
    SENDING_STATES,
    SHIPPED,
)

_GOING_ON = (
    frozenset(state for chart in CHARTS.values() for state in chart.state_names())
    - ENDED_STATES
    - {NEW}
)


class HasDeadlines(Protocol):
    """
    What the deadlines of an order depend on, beside the fields they are named after.
    """

    state: str
    holds: tuple[Hold, ...]

    @property
    def disputes(self) -> Sequence[object]:
        """
        The open disputes.
        """
        ...


@frozen(kw_only=True)
class OrderDeadline(Deadline):
    """
    A deadline of an order, or of a hold of it.

    Attributes:
        reason: The hold reason that brings it. Without one, the order's field or
            property of the same name is the instant.

        waits_for_disputes: Whether it does not run while a dispute is open.

        waits_for_holds: The hold reasons while which it does not run.
    """

    whose: str = "order"
    reason: str = ""
    waits_for_disputes: bool = False
    waits_for_holds: frozenset[str] = frozenset()


def _escalating(name: str, reason: HoldReason) -> OrderDeadline:
    return OrderDeadline(
        name=name,
        command="escalate_holds_by_timer",
        what="escalate_hold",
        states=_GOING_ON,
        reason=reason,
    )


ORDER_DEADLINES: dict[str, OrderDeadline] = {
    row.name: row
    for row in (
        # Nobody paid in time. One that waits for the shop's own customer to pay waits
        # for as long as the shop does.
        OrderDeadline(
            name="pay_by",
            command="expire",
            what="expire_order",
            states=frozenset({AWAITING_PAYMENT}),
            waits_for_holds=frozenset({HoldReason.STORE_UNPAID}),
        ),
        # It did not leave, or was not counted, by when the platform promised it. Nobody
        # is late while a hold keeps it from leaving: it is in no queue then.
        OrderDeadline(
            name="ship_by",
            command="hold_late_by_timer",
            what="hold_late_order",
            states=SENDING_STATES,
            waits_for_holds=frozenset({HoldReason.SHIP_LATE}),
        ),
        OrderDeadline(
            name="receive_by",
            command="hold_late_by_timer",
            what="hold_late_order",
            states=COUNTING_STATES,
            waits_for_holds=frozenset({HoldReason.RECEIVE_LATE}),
        ),
        # Nobody said that it did not arrive. Nothing is delivered by silence while a
        # dispute is open, or while something is known to be the matter with a parcel.
        OrderDeadline(
            name="deliver_by",
            command="deliver_by_timer",
            what="deliver_order",
            states=frozenset({SHIPPED}),
            waits_for_disputes=True,
            waits_for_holds=SPEAKS_AGAINST_SILENCE,
        ),
        # Nothing was heard of a parcel for too long: it is held as stalled. During a
        # dispute somebody looks into it already.
        OrderDeadline(
            name="stall_by",
            command="stall_by_timer",
            what="stall_parcel",
            states=frozenset({PARTIALLY_SHIPPED, SHIPPED}),
            waits_for_disputes=True,
        ),
        # Staff stopped it for a time, and the time is over.
        OrderDeadline(
            name="lift_by",
            command="lift_holds_by_timer",
            what="lift_hold",
            states=_GOING_ON,
            reason=HoldReason.STAFF,
        ),
        # Asking the carrier brought no news either: silence counts again.
        OrderDeadline(
            name="ask_by",
            command="lift_holds_by_timer",
            what="lift_hold",
            states=_GOING_ON,
            reason=HoldReason.PARCEL_STALLED,
        ),
        # Whose turn it was did nothing. Nothing is refunded or given up by itself: the
        # hold stays, and it is somebody else's turn, as `holds.py` says.
        _escalating("take_over_by", HoldReason.STORE_CHANGED),
        _escalating("address_by", HoldReason.ADDRESS),
        _escalating("find_by", HoldReason.PARCEL_LOST),
        _escalating("decide_by", HoldReason.PARCEL_RETURNED),
        _escalating("redeliver_by", HoldReason.DELIVERY_FAILED),
        _escalating("clear_by", HoldReason.CUSTOMS),
        _escalating("fetch_by", HoldReason.AWAITING_PICKUP),
        _escalating("inspect_by", HoldReason.PARCEL_DAMAGED),
        _escalating("resend_by", HoldReason.NOT_CARRIED),
        _escalating("tell_by", HoldReason.SHOP_NOT_TOLD),
        _escalating("restock_by", HoldReason.OUT_OF_STOCK),
    )
}

_OF_STATE: dict[str, tuple[OrderDeadline, ...]] = {
    state: tuple(
        row
        for row in ORDER_DEADLINES.values()
        if not row.reason and state in row.states
    )
    for state in _GOING_ON
}
OF_REASON: dict[str, OrderDeadline] = {
    row.reason: row for row in ORDER_DEADLINES.values() if row.reason
}
_NOTHING = (NEVER, "")


def next_deadline(order: HasDeadlines) -> tuple[datetime, str]:
    """
    Return the earliest instant at which something happens by itself, and its name.

    Returns:
        NEVER and an empty name where nothing will.
    """
    rows = _OF_STATE.get(order.state, ())
    if order.holds:
        held = [OF_REASON[h.reason] for h in order.holds if h.reason in OF_REASON]
        rows = (*rows, *held)
    found: tuple[datetime, str] | None = None
    for row in rows:
        at = _instant(order, row)
        if at and (found is None or (at, row.name) < found):
            found = (at, row.name)
    return found or _NOTHING


def instant_of(order: HasDeadlines, name: str) -> datetime | None:
    """
    Return when the deadline called *name* is; None where it does not run.
    """
    return _instant(order, ORDER_DEADLINES[name])


def _instant(order: HasDeadlines, row: OrderDeadline) -> datetime | None:
    if order.state not in row.states or (row.waits_for_disputes and order.disputes):
        return None
    if order.holds and any(hold.reason in row.waits_for_holds for hold in order.holds):
        return None
    if not row.reason:
        source: Any = order
        own: datetime | None = getattr(source, row.name)
        return own
    held = [h.deadline for h in order.holds if h.reason == row.reason and h.deadline]
    return min(held, default=None)
