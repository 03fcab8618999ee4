"""
What nobody will send any more: given up by a person, and in nobody's way.
"""

from datetime import timedelta

import attrs
import pytest

from sourcehere.domain.kernel.errors import InvalidInputError, NotFoundError
from sourcehere.plugins import hookimpl
from sourcehere.testing.factories import (
    STAFF,
    Fault,
    nothing_moves,
    open_bench,
)
from sourcehere.unit.tables.effects import OUTBOX
from sourcehere.unit.tables.orders import ORDERS

DAY = timedelta(days=1)


class Listener:
    """
    Writes down the events of orders it is told of, and never listens to the first.
    """

    def __init__(self):
        self.heard = []

    @hookimpl
    def sourcehere_event(self, event):
        if event.stream == "order":
            if event.event.NAME == "order.imported":
                msg = "out of paper"
                raise RuntimeError(msg)
            self.heard.append(event.event.NAME)


def numbers(bench):
    """
    Return the tracking numbers the shop's customers see.
    """
    return [f.tracking_number for f in bench.shop.fulfilments.values()]


def the_dead(bench):
    """
    Return the id of the one dead message.
    """
    (message,) = bench.app.relay.dead()
    return message.message_id


def discard(bench, message_id):
    bench.app.relay.discard("demo", message_id, by=STAFF)


@pytest.fixture
def refused(paired):
    """
    An order of two units: the shop refuses the first one's parcel, the other's waits.
    """
    order_id = paired.accepted("1", CUP=2)
    paired.ship(order_id, "T1", i1_1=1)
    paired.shop.faults.append(Fault.DECLINED)
    paired.app.relay.run()
    paired.ship(order_id, "T2")
    return paired


def refused_order(bench):
    """
    Return the order of the dead message.
    """
    (message,) = bench.app.relay.dead()
    return message.lane


class TestPushes:
    def test_what_waits_behind_it_is_told(self, refused):
        """
        The first is never sent, and nobody is asked about it any more.
        """
        refused.app.relay.run()
        assert [] == numbers(refused)
        discard(refused, the_dead(refused))
        refused.app.relay.run()

        assert ["T2"] == numbers(refused)
        assert () == refused.app.relay.dead()
        assert () == refused.app.relay.waiting()
        assert () == refused.app.relay.status()
        assert () == refused.app.audit.run(replay=True).violations

    def test_its_order_is_held_for_it_no_more(self, refused):
        """
        Who discarded it ended the hold.
        """
        order_id = refused_order(refused)
        holds = refused.app.orders.get("demo", order_id).holds
        assert ["shop_not_told"] == [hold.reason for hold in holds]
        discard(refused, the_dead(refused))
        refused.app.relay.run()

        assert () == refused.app.orders.get("demo", order_id).holds
        *_, last = refused.app.orders.timeline("demo", order_id, by=STAFF)
        assert ("order.hold_released", STAFF) == (last.kind, last.by)

    def test_before_its_order_was_held(self, paired):
        """
        Somebody was quicker than the job that holds it: it is not held afterwards.
        """
        order_id = paired.accepted("1", CUP=1)
        paired.ship(order_id, "T1")
        paired.shop.faults.append(Fault.DECLINED)
        relay = paired.app.relay
        relay.run(connection="demo/shop")
        assert () == paired.app.orders.get("demo", order_id).holds
        discard(paired, the_dead(paired))
        relay.run()

        assert () == paired.app.orders.get("demo", order_id).holds
        assert () == paired.app.audit.run(replay=True).violations

    def test_the_next_number_of_its_parcel_is_told(self, refused):
        """
        A correction is a push of its own.
        """
        order_id = refused_order(refused)
        parcel, _ = refused.app.tracking.parcels("demo", order_id)
        discard(refused, the_dead(refused))
        refused.app.shipping.correct_tracking(
            "demo",
            order_id,
            parcel.parcel_id,
            carrier="post",
            tracking_number="T3",
            by=STAFF,
        )
        refused.app.relay.run()

        assert ["T2", "T3"] == sorted(numbers(refused))
        assert () == refused.app.audit.run(replay=True).violations

    def test_one_whose_order_is_gone(self, storage):
        """
        What can never be sent, since a row is gone, can be given up too.
        """
        refused = open_bench(storage=storage, connected=["CUP"])
        order_id = refused.accepted("1", CUP=1)
        refused.ship(order_id, "T1")
        refused.shop.faults.append(Fault.DECLINED)
        refused.app.relay.run()
        gone = [("demo", order_id)]
        message_id = the_dead(refused)
        refused.app.storage.transact(
            lambda session: session.delete(ORDERS.table, gone), read_only=False
        )
        discard(refused, message_id)

        assert () == refused.app.relay.dead()

    def test_one_whose_order_was_gone_before(self, storage):
        """
        Its job has nothing to hold, and keeps no other order from being held.
        """
        bench = open_bench(storage=storage, connected=["CUP"])
        gone, there = (bench.accepted(name, CUP=1) for name in ("1", "2"))
        for number, order_id in enumerate((gone, there)):
            bench.ship(order_id, f"T{number}")
        bench.shop.faults += [Fault.DECLINED, Fault.DECLINED]
        bench.app.relay.run(connection="demo/shop")
        bench.app.storage.transact(
            lambda session: session.delete(ORDERS.table, [("demo", gone)]),
            read_only=False,
        )
        bench.app.relay.run()
        holds = bench.app.orders.get("demo", there).holds
        assert ["shop_not_told"] == [hold.reason for hold in holds]
        assert () == bench.app.relay.waiting()
        for message in bench.app.relay.dead():
            discard(bench, message.message_id)

        assert () == bench.app.relay.dead()
        assert () == bench.app.orders.get("demo", there).holds

    def test_one_that_says_no_number(self, storage):
        """
        The order is held for a push that nobody can read, too, and let go with it.
        """
        bench = open_bench(storage=storage, connected=["CUP"])
        order_id = bench.accepted("1", CUP=1)
        bench.ship(order_id, "T1")
        (push,) = [m for m in bench.app.relay.waiting() if m.channel == "store"]
        bad = attrs.evolve(push, payload={"revision": "none"})
        bench.app.storage.transact(
            lambda session: session.replace(
                OUTBOX.table, [OUTBOX.to_row(bad)], expected=None
            ),
            read_only=False,
        )
        bench.app.relay.run()
        bench.app.relay.run()
        assert () == bench.app.relay.waiting()
        holds = bench.app.orders.get("demo", order_id).holds
        assert ["shop_not_told"] == [hold.reason for hold in holds]
        discard(bench, the_dead(bench))

        assert () == bench.app.relay.dead()
        assert () == bench.app.orders.get("demo", order_id).holds


class TestRefusals:
    def test_one_that_waits(self, refused):
        """
        It will be sent by itself; so is one that was resent, or is given up already.
        """
        message_id = the_dead(refused)
        refused.app.relay.resend("demo", message_id, by=STAFF)
        with nothing_moves(refused), pytest.raises(InvalidInputError) as ei:
            discard(refused, message_id)
        assert ("message", "waiting") == (ei.value.field, ei.value.value)
        refused.shop.faults.append(Fault.DECLINED)
        refused.app.relay.run()
        discard(refused, message_id)
        for again in (
            discard,
            lambda bench, name: bench.app.relay.resend("demo", name, by=STAFF),
        ):
            with nothing_moves(refused), pytest.raises(InvalidInputError) as ei:
                again(refused, message_id)
            assert ("message", "discarded") == (ei.value.field, ei.value.value)

    def test_a_job_of_ours(self, refused):
        """
        Orders would not follow what was changed: it is resent instead.
        """
        (push,) = refused.app.relay.dead()
        job = attrs.evolve(
            push, message_id="j", channel="job", kind="try_waiting_orders", lane="c"
        )
        refused.app.storage.transact(
            lambda session: session.insert(OUTBOX.table, [OUTBOX.to_row(job)]),
            read_only=False,
        )
        with nothing_moves(refused), pytest.raises(InvalidInputError) as ei:
            discard(refused, "j")

        assert ("message", "try_waiting_orders") == (ei.value.field, ei.value.value)
        assert "a job of ours is resent" in str(ei.value)

    def test_nobodys(self, refused):
        """
        A message that is not there, or is another seller's, is not found.
        """
        message_id = the_dead(refused)
        refused.app.sellers.register("other", name="O", currency="USD")
        with nothing_moves(refused), pytest.raises(NotFoundError):
            refused.app.relay.discard("other", message_id, by=STAFF)
        with nothing_moves(refused), pytest.raises(NotFoundError):
            discard(refused, "nix")


def test_an_event_that_a_plugin_cannot_hear():
    """
    The events behind it are told.
    """
    listener = Listener()
    bench = open_bench(plugins=[listener])
    bench.connect(bench.rule("CUP"))
    bench.paid("1", CUP=1)
    for _ in range(8):
        bench.clock.advance(DAY / 8)
        bench.app.relay.run()
    assert [] == listener.heard
    discard(bench, the_dead(bench))
    bench.app.relay.run()

    assert ["order.paid"] == listener.heard
