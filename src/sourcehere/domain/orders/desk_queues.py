"""
In which of the staff's queues an order is: what the platform does with it next.
"""

import enum
from datetime import datetime
from typing import Protocol

from .holds import BLOCKED_BY, Hold, who_acts
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


def queue_of(order: Queued) -> str:
    """
    Return the queue that an order is in; empty for none.
    """
    if KINDS[order.kind].ends_in_stock:
        queue = _OF_STOCK.get(order.state)
    elif order.state in SENDING_STATES:
        queue = _ACCEPT if order.accepted_at is None else _PICK
    else:
        return ""
    if queue is None or any(
        _NEXT[queue] in BLOCKED_BY[hold.reason] for hold in order.holds
    ):
        return ""
    return queue


def waits_for(order: Queued) -> str:
    """
    Return whose turn it is with an Abnormal order: `seller`, `staff` or `carrier`, the
    first that a blocking hold names; empty for other orders.
    """
    return next((who_acts(hold) for hold in order.holds if hold.is_blocking), "")
