"""
What an operator sees of the work: log lines without personal data, and counters.
"""

import logging

import attrs
import pytest

from sourcehere import CommandRefusedError, DisputeReason
from sourcehere.domain.talk.model import Subject
from sourcehere.ports.errors import UnauthorizedError
from sourcehere.testing.factories import HOME, open_bench, snapshot
from sourcehere.testing.fake_shop import Fault


@pytest.fixture
def bench():
    """
    Make a bench whose cups are connected.
    """
    return open_bench(connected=["CUP"])


class TestCounters:
    def test_what_is_done_and_refused_is_counted(self, bench):
        """
        By room and command; refusals and failures beside.
        """
        before = dict(bench.sh.counters)
        order_id = bench.accepted(CUP=2)
        with pytest.raises(CommandRefusedError):
            bench.sh.staff("ann").seller("demo").cloud.dispatch(order_id)
        bench.ship(order_id)
        bench.shop.faults += [None]
        bench.sh.relay.run()
        after = bench.sh.counters

        grown = {n: c - before.get(n, 0) for n, c in after.items()}
        assert {
            "intake.orders.imported": 1,
            "paying.checkout.done": 1,
            "paying.pay.done": 1,
            "sending.accept.done": 1,
            "sending.dispatch.failed": 1,
            "sending.ship.done": 1,
            "outside.messages.delivered": 1,
            "outside.run_relay.done": 1,
        } == {name: count for name, count in grown.items() if count}


class TestLog:
    def test_each_room_has_a_logger(self, bench, caplog):
        """
        A command is a line at INFO; what somebody should look at is a warning.
        """
        caplog.set_level(logging.INFO, logger="sourcehere")
        order_id = bench.accepted(CUP=2)
        bench.ship(order_id)
        bench.shop.faults.append(Fault.DECLINED)
        bench.sh.relay.run()

        lines = [(r.name, r.levelname, r.getMessage()) for r in caplog.records]
        assert (
            "sourcehere.paying",
            "INFO",
            "pay done: seller=demo items=1",
        ) in lines
        assert (
            "sourcehere.outside",
            "WARNING",
            "messages nobody will try again: dead=1",
        ) in lines

    def test_a_round_that_comes_to_nothing_is_no_line_at_info(self, bench, caplog):
        """
        A worker without work writes no log; what it does is counted, and told at DEBUG.
        """
        bench.sh.relay.run()
        worker = bench.sh.worker(name="w1")
        worker.round()
        caplog.set_level(logging.DEBUG, logger="sourcehere")
        caplog.clear()
        before = bench.sh.counters["outside.run_relay.done"]
        worker.round()

        assert before + 2 == bench.sh.counters["outside.run_relay.done"]
        assert [] == [r.getMessage() for r in caplog.records if r.levelname != "DEBUG"]
        assert "run_relay done: seller= items=1" in caplog.messages
        bench.ship(bench.accepted(CUP=2))
        caplog.clear()
        worker.round()
        assert 1 == len(
            [
                r
                for r in caplog.records
                if "run_relay done" in r.getMessage() and r.levelname == "INFO"
            ]
        )

    def test_a_shop_that_is_down_or_lies_is_a_warning(self, bench, caplog):
        """
        Which shop, and why, in words of ours.
        """
        lie = attrs.evolve(snapshot(CUP=1), external_id="")
        bench.sync(snapshot("2", CUP=1))
        bench.shop.put(lie)
        bench.sh.seller("demo").stores.sync("shop")
        bench.shop.check_error = None

        def refuse(*_, **__):
            raise UnauthorizedError(provider="fake", detail="token of Ann Lee")

        bench.shop.pull_orders = refuse
        with pytest.raises(UnauthorizedError):
            bench.sh.seller("demo").stores.sync("shop")

        warned = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
        assert [
            "set aside: store=demo/shop reason=not_trusted records=1",
            "paused, credentials refused: store=demo/shop",
        ] == warned

    def test_no_line_holds_personal_data(self, bench, caplog):
        """
        Nobody's name, street or words are logged, at any level.
        """
        caplog.set_level(logging.DEBUG)
        canary = attrs.evolve(HOME, name="Canary Bird", street="Canary Row 7")
        shop, desk = bench.sh.seller("demo"), bench.sh.staff("ann").seller("demo")
        (order_id,) = bench.sync(snapshot("c", address=canary, CUP=2))
        shop.orders.note(order_id, "for Canary Bird")
        bench.pay(order_id)
        desk.orders.hold(order_id, detail="call Canary Bird")
        with pytest.raises(CommandRefusedError):
            desk.shipping.ship(order_id, carrier="c", tracking_number="Canary Row 7")
        made = shop.disputes.open(
            order_id, reason=DisputeReason.CANCEL, quantities={"1.1": 1}
        )
        shop.conversations.say(Subject.DISPUTE, made.dispute_id, "Canary Bird is angry")
        bench.sh.relay.run()

        assert caplog.records
        assert not [r for r in caplog.records if "Canary" in r.getMessage()]
