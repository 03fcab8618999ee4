"""
One look at all that waits for staff, and at what is overdue.
"""

from datetime import timedelta

import attrs
import pytest

from sourcehere import (
    DisputeReason,
    InvalidInputError,
    TrackingFact,
    TrackingStatus,
)
from sourcehere.services.platform import queue_counts
from sourcehere.testing.factories import (
    CARRIER,
    NOON,
    STAFF,
    nothing_moves,
    snapshot,
)
from sourcehere.testing.fake_shop import Fault

DAY = timedelta(days=1)


def counts(bench, **said):
    """
    Return queue -> (waiting, overdue) of the queues in which something waits.
    """
    found = bench.sh.staff("ann").queues.summary(**said)
    return {c.queue: (c.waiting, c.overdue) for c in found if c.waiting}


def _lose(bench, parcel_id):
    """
    Let the carrier say that it cannot find a parcel.
    """
    fact = TrackingFact(
        parcel_id=parcel_id,
        key="lost",
        status=TrackingStatus.LOST,
        happened_at=bench.clock.now(),
    )
    bench.app.tracking.record("demo", [fact], by=CARRIER)


def test_an_empty_platform(bench):
    """
    Every queue is told, and nothing waits in any.
    """
    found = bench.sh.staff("ann").queues.summary()

    assert [
        *("accept", "pick", "dispatch", "receive"),
        *("held_staff", "held_seller", "held_carrier"),
        *("quotes", "help", "conversations", "disputes_to_take"),
        "disputes_to_decide",
        "dead_messages",
    ] == [count.queue for count in found]
    assert {(0, 0, False, None)} == {
        (c.waiting, c.overdue, c.has_more, c.since) for c in found
    }


def test_every_queue_is_counted(paired):
    """
    Orders at each step, by whose turn they are held, quotes, help, disputes, messages.
    """
    app, ann = paired.app, paired.sh.staff("ann").seller("demo")
    paired.paid("paid", CUP=1)
    paired.accepted("accepted", CUP=1)
    paired.bought(CUP=3)
    app.cloud.dispatch("demo", paired.bought(CUP=3), by=STAFF)
    ann.orders.hold(paired.paid("held", CUP=1), detail="look")
    unpaid = attrs.evolve(snapshot("unpaid", CUP=1), paid_at_store=False)
    paired.sync(unpaid)
    lost = paired.accepted("lost", CUP=1)
    _lose(paired, paired.ship(lost, "T0"))
    (strange,) = paired.sync(snapshot("strange", SOCK=1))
    paired.sh.seller("demo").quotes.ask(strange, 1)
    paired.sh.seller("demo").connections.ask_for_help(strange, 1, "no blue")
    for number in range(2):
        disputed = paired.accepted(f"disputed {number}", CUP=1)
        made = paired.sh.seller("demo").disputes.open(
            disputed, reason=DisputeReason.CANCEL, quantities={"1.1": 1}
        )
    ann.disputes.take(made.dispute_id)
    paired.shop.faults.append(Fault.DECLINED)
    paired.ship(paired.accepted("sent", CUP=1), "T1")
    app.relay.run()
    told = counts(paired)
    paired.clock.advance(2 * DAY)

    assert {
        "accept": (1, 0),
        "pick": (1, 0),
        "dispatch": (1, 0),
        "receive": (1, 0),
        "held_staff": (3, 0),
        "held_seller": (1, 0),
        "held_carrier": (1, 0),
        "quotes": (1, 0),
        "help": (1, 0),
        "conversations": (1, 0),
        "disputes_to_take": (1, 0),
        "disputes_to_decide": (1, 0),
        "dead_messages": (1, 0),
    } == told
    late = {name: (n, n) for name, (n, _) in told.items()}
    assert late == counts(paired, overdue_after=DAY)
    assert told == counts(paired, overdue_after=3 * DAY)


def test_overdue_is_longer_than_was_said(paired):
    """
    Exactly that long is not overdue; the oldest one says since when.
    """
    paired.paid("1", CUP=1)
    paired.clock.advance(timedelta(hours=1))
    paired.paid("2", CUP=1)
    paired.clock.advance(DAY)

    assert {"accept": (2, 1)} == counts(paired, overdue_after=DAY)
    assert NOON == paired.sh.staff("ann").queues.summary()[0].since


def test_counting_stops(paired, monkeypatch):
    """
    Behind the oldest ones more may wait, which is told.
    """
    for number in range(4):
        paired.paid(str(number), CUP=1)
    for counted, has_more in ((3, True), (4, False)):
        monkeypatch.setattr(queue_counts, "COUNTED", counted)
        first = paired.sh.staff("ann").queues.summary()[0]
        assert (counted, has_more) == (first.waiting, first.has_more)


def test_a_negative_time(bench):
    """
    It is refused.
    """
    with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
        bench.sh.staff("ann").queues.summary(overdue_after=-DAY)
    assert "overdue_after" == ei.value.field
