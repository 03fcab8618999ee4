"""
In which queue of the staff an order is, and whose turn it is with one that is held.
"""

from itertools import product

import attrs
import pytest
from begun import (
    LATER,
    accepted,
    all_but_lamps_sent,
    bought,
    dispatched,
    disputed,
    drafted,
    imported,
    lost,
    paid,
    send,
    unpaid_at_store,
    with_address_held,
)

from sourcehere.domain.orders.desk_queues import (
    STATES_IN_QUEUE,
    DeskQueue,
    queue_of,
    waits_for,
)
from sourcehere.domain.orders.holds import HoldReason
from sourcehere.domain.orders.kinds import KINDS
from sourcehere.testing.factories import STAFF


def held(order, reason):
    """
    Place a hold.
    """
    order.hold("h", reason, detail="", by=STAFF, at=LATER)
    return order


@pytest.mark.parametrize(
    ("begin", "queue", "who"),
    [
        (imported, "", ""),
        (unpaid_at_store, "", "seller"),
        (paid, "accept", ""),
        (with_address_held, "", "seller"),
        (disputed, "", "staff"),
        (accepted, "pick", ""),
        (all_but_lamps_sent, "pick", ""),
        (lambda: send(accepted()), "", ""),
        (lost, "", "carrier"),
        (lambda: drafted("cloud_warehouse"), "", ""),
        (bought, "dispatch", ""),
        (lambda: held(bought(), HoldReason.STAFF), "", "staff"),
        (dispatched, "receive", ""),
        # What does not stop the queue's next command leaves the order where it is.
        (lambda: held(accepted(), HoldReason.STORE_DATA), "pick", "seller"),
        (lambda: held(dispatched(), HoldReason.OVER_RECEIPT), "receive", "staff"),
        (lambda: held(drafted("cloud_warehouse"), HoldReason.STAFF), "", "staff"),
    ],
)
def test_each_order_is_in_one_queue_or_none(begin, queue, who):
    """
    The queue is that of the staff's next command, unless a hold blocks it; whose turn
    it is with a held order is said by the first hold that blocks anything.
    """
    order = begin()

    assert (queue, who) == (queue_of(order), waits_for(order))


@attrs.frozen
class Stands:
    """
    What decides on the queue of an order.
    """

    kind: str
    state: str
    accepted_at: object
    holds: tuple = ()


def test_the_states_of_a_queue_are_all_of_them():
    """
    A search looks for the orders of a queue among those in its states only.
    """
    found = {queue: set() for queue in DeskQueue}
    for kind, accepted_at in product(KINDS, (None, LATER)):
        for state in KINDS[kind].chart.state_names():
            queue = queue_of(Stands(kind, state, accepted_at))
            if queue:
                found[DeskQueue(queue)].add(state)

    assert found == STATES_IN_QUEUE
