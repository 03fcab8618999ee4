"""
What somebody else writes between a service's look and its own writing is not lost.

On PostgreSQL, where writers do not wait for each other; elsewhere one is at a time.
"""

from datetime import timedelta

import pytest
from between import Between

from sourcehere import NewConnection
from sourcehere.domain.shipments.model import TrackingStatus
from sourcehere.services.pairing.asking import QuoteWish
from sourcehere.services.sending.tracking import TrackingFact
from sourcehere.testing.factories import (
    CARRIER,
    NOON,
    SELLER,
    STAFF,
    open_bench,
    snapshot,
)
from sourcehere.unit.tables.effects import OUTBOX
from sourcehere.unit.tables.orders import LINES, ORDERS
from sourcehere.unit.tables.pairing import CONNECTED_SKUS
from sourcehere.unit.tables.stores import STORES

pytestmark = pytest.mark.parametrize("new_storage", ["postgresql"], indirect=True)


@pytest.fixture
def between(new_storage):
    """
    A storage in which somebody can come between.
    """
    return Between(new_storage())


@pytest.fixture
def bench(between):
    """
    A bench that sells cups; clean when the test ends.
    """
    made = open_bench(storage=between)
    made.connect(made.rule("CUP"))
    yield made
    assert () == made.app.audit.run(replay=True).violations


@pytest.fixture
def order_id(bench):
    return bench.accepted("1", CUP=2)


@pytest.fixture
def parcel_id(bench, order_id):
    return bench.ship(order_id, "WRONG")


class TestTracking:
    """
    A carrier's facts about a parcel are recorded while somebody writes of it.
    """

    @staticmethod
    def record(bench, parcel_id, status=TrackingStatus.IN_TRANSIT, hour=0):
        fact = TrackingFact(
            parcel_id=parcel_id,
            key=status.value,
            status=status,
            happened_at=NOON.replace(hour=hour),
            tracking_number="WRONG",
        )
        bench.app.tracking.record("demo", [fact], by=CARRIER)

    def test_a_corrected_number_stays(self, bench, between, order_id, parcel_id):
        """
        A number that staff correct is the parcel's, and where the wrong one is does not
        count for it.
        """
        between.behind("ask", ORDERS.table, lambda: self.record(bench, parcel_id))
        bench.app.shipping.correct_tracking(
            "demo",
            order_id,
            parcel_id,
            carrier="post",
            tracking_number="RIGHT",
            by=STAFF,
        )

        between.others.wait()
        parcel = bench.app.tracking.parcel("demo", parcel_id)
        assert ("RIGHT", "pending") == (parcel.tracking_number, parcel.status)
        bench.app.relay.run()
        (told,) = bench.shop.fulfilments.values()
        assert "RIGHT" == told.tracking_number

    def test_a_replaced_parcel_stays_replaced(
        self, bench, between, order_id, parcel_id
    ):
        """
        A parcel that staff replace stays so.
        """
        between.behind("ask", ORDERS.table, lambda: self.record(bench, parcel_id))
        made = bench.app.shipping.void_parcel(
            "demo",
            order_id,
            parcel_id,
            carrier="post",
            tracking_number="RIGHT",
            by=STAFF,
        )

        between.others.wait()
        parcel = bench.app.tracking.parcel("demo", parcel_id)
        assert made == parcel.replaced_by

    def test_a_delivered_parcel_stays_delivered(self, bench, between, parcel_id):
        """
        What was heard first, and is recorded last, takes nothing back.
        """
        between.behind(
            "ask", ORDERS.table, lambda: self.record(bench, parcel_id, hour=8)
        )
        self.record(bench, parcel_id, TrackingStatus.DELIVERED, hour=12)

        between.others.wait()
        parcel = bench.app.tracking.parcel("demo", parcel_id)
        assert ("delivered", NOON) == (parcel.status, parcel.delivered_at)
        assert 2 == len(bench.app.tracking.events("demo", parcel_id))


class TestRecovering:
    """
    Two workers take back what a dead one was sending.
    """

    @pytest.mark.usefixtures("parcel_id")
    def test_what_another_delivered_is_not_sent_again(
        self, bench, between, monkeypatch
    ):
        """
        A push that another worker took back and delivered meanwhile stays delivered.
        """

        def gone(*_args, **_options):
            raise SystemExit

        def die(_notice):
            bench.shop.when_pushed = None
            monkeypatch.setattr(between, "transact", gone)

        bench.shop.when_pushed = die
        with pytest.raises(SystemExit):
            bench.app.relay.run(worker="dead")
        monkeypatch.undo()
        bench.clock.advance(bench.app.settings.lease)

        def deliver():
            assert bench.app.relay.recover()
            bench.app.relay.run(worker="other")

        between.behind("ask", OUTBOX.table, deliver)
        assert 0 == bench.app.relay.recover()

        between.others.wait()
        bench.app.relay.run()
        first, second = bench.shop.keys_pushed
        assert first == second
        assert () == bench.app.relay.waiting()


def states(bench):
    """
    Return the state of every part of the shop's order.
    """
    parts = bench.app.orders.find_external("demo", "shop", ["1"])["1"]
    return [order.state for order in bench.app.orders.get_many("demo", parts)]


class TestPairing:
    """
    Orders come, or are parted, while what they wait for is connected.
    """

    @staticmethod
    def connect(bench, sku="HAT"):
        """
        Connect without the relay: the job is still owed.
        """
        new = NewConnection(store_id="shop", listing=sku, rules=(bench.rule(sku),))
        bench.app.pairing.connect("demo", new, by=SELLER)

    def test_a_part_that_was_made_meanwhile_is_tried_too(self, bench, between):
        """
        Lines that go to a new part of their order, between the look at what waits and
        the work on it, are paired in that part.
        """
        (order_id,) = bench.sync(snapshot("1", CUP=1, HAT=1))
        self.connect(bench)
        between.behind(
            "find",
            LINES.table,
            lambda: bench.app.orders.process_paired_lines(
                "demo", [order_id], by=SELLER
            ),
        )
        bench.app.relay.run()

        between.others.wait()
        assert ["awaiting_payment", "awaiting_payment"] == states(bench)

    def test_a_part_that_was_made_meanwhile_follows_too(self, bench, between):
        """
        The same where a connection is changed, and pairs more than it did.
        """
        (order_id,) = bench.sync(snapshot("1", CUP=1, HAT=1))
        (known,) = bench.app.pairing.connections("demo")

        def part():
            bench.app.orders.process_paired_lines("demo", [order_id], by=SELLER)

        between.behind("find", LINES.table, part)
        bench.app.pairing.change(
            "demo",
            known.connection_id,
            rules=[bench.rule("CUP"), bench.rule("HAT")],
            by=SELLER,
        )

        between.others.wait()
        assert ["awaiting_payment", "awaiting_payment"] == states(bench)

    def test_an_order_that_comes_meanwhile_is_paired(self, bench, between):
        """
        An order is taken in while its SKU is connected: before, or as it is then.
        """

        def connect():
            self.connect(bench)
            bench.app.relay.run()

        between.behind("ask", CONNECTED_SKUS.table, connect)
        bench.sync(snapshot("1", HAT=1))

        between.others.wait()
        assert ["awaiting_payment"] == states(bench)

    def test_an_order_that_comes_meanwhile_is_paired_as_quoted(self, bench, between):
        """
        The same where a quote is accepted.
        """
        (order_id,) = bench.sync(snapshot("2", HAT=1))
        request_id = bench.app.quotes.ask(
            "demo", QuoteWish(order_id=order_id, line=1), by=SELLER
        )
        bench.app.quotes.answer(
            "demo",
            request_id,
            variant_id=bench.variants["HAT"],
            tiers={1: 400},
            valid_until=NOON + timedelta(days=7),
            by=STAFF,
        )

        def accept():
            bench.app.quotes.accept("demo", request_id, by=SELLER)
            bench.app.relay.run()

        between.behind("ask", CONNECTED_SKUS.table, accept)
        bench.sync(snapshot("1", HAT=1))

        between.others.wait()
        assert ["awaiting_payment"] == states(bench)

    @pytest.mark.parametrize("is_correction", [False, True])
    def test_a_line_follows_a_connection_that_is_changed_meanwhile(
        self, bench, between, is_correction
    ):
        """
        A line goes back to its connection, or corrects it, while somebody changes that:
        it is as one of the two said, and can be paid.
        """
        (order_id,) = bench.sync(snapshot("1", CUP=1))
        (known,) = bench.app.pairing.connections("demo")
        pairing, hat = bench.app.pairing, [(bench.variants["HAT"], 1)]
        pairing.connect_sku("demo", order_id, 1, hat, by=SELLER)

        def change():
            rules = [bench.rule("CUP", LAMP=1)]
            pairing.change("demo", known.connection_id, rules=rules, by=STAFF)

        between.behind("ask", CONNECTED_SKUS.table, change)
        if is_correction:
            pairing.correct("demo", order_id, 1, hat, by=SELLER)
        else:
            pairing.follow_connection("demo", order_id, 1, by=SELLER)

        between.others.wait()
        bench.app.relay.run()
        (item,) = bench.app.orders.get("demo", order_id).items.values()
        assert bench.variants["LAMP"] == item.variant_id
        assert {order_id: 1_999 + 550} == bench.pay(order_id).paid

    def test_units_that_are_taken_over_meanwhile_are_paired(self, bench, between):
        """
        The same where units become a part that the shop added to a paid order.
        """
        (order_id,) = bench.sync(snapshot("1", CUP=1))
        bench.pay(order_id)
        bench.sync(snapshot("1", CUP=1, HAT=1))

        def connect():
            self.connect(bench)
            bench.app.relay.run()

        between.behind("ask", CONNECTED_SKUS.table, connect)
        bench.app.orders.take_over("demo", order_id, by=STAFF)

        between.others.wait()
        assert ["awaiting_shipping", "awaiting_payment"] == states(bench)


class TestConnecting:
    """
    A shop that is connected twice at once.
    """

    def test_both_who_connect_a_shop_at_once_get_it(self, bench, between):
        """
        Who finds that somebody has just connected the same shop has it, too.
        """

        def connect():
            return bench.app.stores.connect(
                "demo", "two", platform="fake", name="Two", config={"shop": "shop"}
            )

        between.behind("get", STORES.table, connect)

        assert bench.app.stores.get("demo", connect().store_id).config == {
            "shop": "shop"
        }
        assert between.others is not None
        assert ["shop", "two"] == [s.store_id for s in bench.app.stores.all("demo")]
