"""
In which of the staff's queues an order is: what the platform does with it next.
"""

import enum
from datetime import datetime, timedelta
from typing import Protocol

from .holds import BLOCKED_BY, Hold, HoldReason, who_acts
from .kinds import KINDS
from .machine import AWAITING_SHIPPING, COUNTING_STATES, SENDING_STATES


class Queued(Protocol):
    """
    What decides on the queue of an order.
    """

    kind: str
    state: str
    holds: tuple[Hold, ...]
    accepted_at: datetime | None


class DeskQueue(enum.StrEnum):
    """
    What waits for staff.

    `accept`: paid, and no warehouse has accepted it. `pick`: accepted, with something
    left to send. `dispatch`: a paid cloud-warehouse order whose goods have not left.
    `receive`: one whose goods a warehouse counts when they come.
    """

    ACCEPT = "accept"
    PICK = "pick"
    DISPATCH = "dispatch"
    RECEIVE = "receive"


_ACCEPT, _PICK = DeskQueue.ACCEPT.value, DeskQueue.PICK.value
_OF_STOCK = {
    AWAITING_SHIPPING: DeskQueue.DISPATCH.value,
    **dict.fromkeys(COUNTING_STATES, DeskQueue.RECEIVE.value),
}
# The command that staff give next in each queue; a hold that blocks it takes an order
# out of the queue.
_NEXT = {
    _ACCEPT: "accept",
    _PICK: "ship",
    DeskQueue.DISPATCH.value: "dispatch",
    DeskQueue.RECEIVE.value: "receive",
}


# The states of the orders in each queue, held or not.
STATES_IN_QUEUE: dict[DeskQueue, frozenset[str]] = {
    DeskQueue.ACCEPT: SENDING_STATES,
    DeskQueue.PICK: SENDING_STATES,
    DeskQueue.DISPATCH: frozenset({AWAITING_SHIPPING}),
    DeskQueue.RECEIVE: COUNTING_STATES,
}
# The queues of what has to leave; the platform promises when it does.
SENDING_QUEUES = frozenset({_ACCEPT, _PICK, DeskQueue.DISPATCH.value})


def queue_of(order: Queued) -> str:
    """
    Return the queue that an order is in; empty for none.
    """
    queue = _queue_unless_held(order)
    if not queue or not order.holds:
        return queue
    return "" if any(_stops(hold, queue) for hold in order.holds) else queue


def _queue_unless_held(order: Queued) -> str:
    if KINDS[order.kind].ends_in_stock:
        return _OF_STOCK.get(order.state, "")
    if order.state in SENDING_STATES:
        return _ACCEPT if order.accepted_at is None else _PICK
    return ""


def _stops(hold: Hold, queue: str) -> bool:
    return _NEXT[queue] in BLOCKED_BY[hold.reason]


def late_as(order: Queued) -> HoldReason | None:
    """
    Return the reason of the hold that an order gets if its next step is late; None if
    the platform has nothing more to do with it.
    """
    queue = _queue_unless_held(order)
    if not queue:
        return None
    is_sending = queue in SENDING_QUEUES
    return HoldReason.SHIP_LATE if is_sending else HoldReason.RECEIVE_LATE


def stood_still(order: Queued, gone: Hold, at: datetime) -> timedelta:
    """
    Return for how long *gone*, a hold that has just ended, kept an order out of its
    queue, less the time that holds which are open still will answer for.
    """
    queue = _queue_unless_held(order)
    if not queue or not _stops(gone, queue):
        return timedelta(0)
    others = (hold.placed_at for hold in order.holds if _stops(hold, queue))
    return max(min((at, *others)) - gone.placed_at, timedelta(0))


def waits_for(order: Queued) -> str:
    """
    Return whose turn it is with an Abnormal order: `seller`, `staff` or `carrier`, the
    first that a blocking hold names; empty for other orders.
    """
    for hold in order.holds:
        if hold.is_blocking:
            return who_acts(hold)
    return ""
