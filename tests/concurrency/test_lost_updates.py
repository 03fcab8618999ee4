"""
What somebody else writes between a service's look and its own writing is not lost.

On PostgreSQL, where writers do not wait for each other; elsewhere one is at a time.
"""

import pytest
from between import Between

from sourcehere.domain.shipments.model import TrackingStatus
from sourcehere.services.sending.tracking import TrackingFact
from sourcehere.testing.factories import CARRIER, NOON, STAFF, open_bench
from sourcehere.unit.tables.effects import OUTBOX
from sourcehere.unit.tables.shipments import PARCELS

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
    assert () == made.app.audit.run().violations


@pytest.fixture
def order_id(bench):
    return bench.accepted("1", CUP=2)


@pytest.fixture
def parcel_id(bench, order_id):
    return bench.ship(order_id, "WRONG")


class TestTracking:
    """
    Somebody writes of a parcel while a carrier's facts about it are recorded.
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
        between.behind(
            "get",
            PARCELS.table,
            lambda: bench.app.shipping.correct_tracking(
                "demo",
                order_id,
                parcel_id,
                carrier="post",
                tracking_number="RIGHT",
                by=STAFF,
            ),
        )
        self.record(bench, parcel_id)

        assert between.is_over
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
        made = []
        between.behind(
            "get",
            PARCELS.table,
            lambda: made.append(
                bench.app.shipping.void_parcel(
                    "demo",
                    order_id,
                    parcel_id,
                    carrier="post",
                    tracking_number="RIGHT",
                    by=STAFF,
                )
            ),
        )
        self.record(bench, parcel_id)

        assert between.is_over
        parcel = bench.app.tracking.parcel("demo", parcel_id)
        assert made == [parcel.replaced_by]

    def test_a_delivered_parcel_stays_delivered(self, bench, between, parcel_id):
        """
        What was heard first, and is recorded last, takes nothing back.
        """
        delivered = TrackingStatus.DELIVERED
        between.behind(
            "get",
            PARCELS.table,
            lambda: self.record(bench, parcel_id, delivered, hour=12),
        )
        self.record(bench, parcel_id, hour=8)

        assert between.is_over
        parcel = bench.app.tracking.parcel("demo", parcel_id)
        assert ("delivered", NOON) == (parcel.status, parcel.delivered_at)
        assert 2 == len(bench.app.tracking.events("demo", parcel_id))


class TestRecovering:
    """
    Two workers take back what a dead one was sending.
    """

    @pytest.mark.usefixtures("parcel_id")
    def test_what_another_delivered_is_not_sent_again(self, bench, between):
        """
        A push that another worker took back and delivered meanwhile stays delivered.
        """

        def die(_notice):
            raise SystemExit

        bench.shop.when_pushed = die
        with pytest.raises(SystemExit):
            bench.app.relay.run(worker="dead")
        bench.shop.when_pushed = None
        bench.clock.advance(bench.app.settings.lease)

        def deliver():
            assert 1 == bench.app.relay.recover()
            bench.app.relay.run(worker="other")

        between.behind("page", OUTBOX.table, deliver)
        assert 0 == bench.app.relay.recover()

        assert between.is_over
        bench.app.relay.run()
        first, second = bench.shop.keys_pushed
        assert first == second
        assert () == bench.app.relay.waiting()
