"""
Whatever staff put right and however the shop answers, it counts what was sent.
"""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sourcehere import TrackingFact, TrackingStatus
from sourcehere.domain.kernel.errors import SourceHereError
from sourcehere.testing.factories import CARRIER, STAFF, Fault, open_bench

SAID = st.tuples(st.integers(0, 3), st.sampled_from(TrackingStatus))
STEPS = st.one_of(
    st.tuples(st.just("ship"), st.integers(1, 2)),
    st.tuples(st.just("correct"), st.integers(0, 3)),
    st.tuples(st.just("void"), st.integers(0, 3)),
    st.tuples(st.just("push"), st.none() | st.sampled_from(list(Fault))),
    st.tuples(st.just("resend"), st.none()),
    st.tuples(
        st.just("say"), st.tuples(st.integers(0, 3), st.sampled_from(TrackingStatus))
    ),
    st.tuples(st.just("wait"), st.sampled_from([1, 15, 46])),
)


class Walk:
    """
    One order of four cups, and what may happen to its parcels.
    """

    def __init__(self):
        self.bench = open_bench(connected=["CUP"])
        self.order_id = self.bench.accepted("1", CUP=4)
        self.count = 0

    def number(self):
        self.count += 1
        return f"T{self.count}"

    def sent(self):
        order = self.bench.app.orders.get("demo", self.order_id)
        return order.items["1.1"].quantity_shipped

    def picked(self, pick):
        parcels = self.bench.app.tracking.parcels("demo", self.order_id)
        return parcels[pick % len(parcels)].parcel_id if parcels else "none"

    def ship(self, units):
        self.bench.ship(self.order_id, self.number(), i1_1=units)

    def change(self, name, pick):
        getattr(self.bench.app.shipping, name)(
            "demo",
            self.order_id,
            self.picked(pick),
            carrier="post",
            tracking_number=self.number(),
            by=STAFF,
        )

    def correct(self, pick):
        self.change("correct_tracking", pick)

    def void(self, pick):
        self.change("void_parcel", pick)

    def push(self, fault):
        self.bench.shop.faults = [fault]
        self.bench.app.relay.run()
        self.bench.shop.faults = []

    def resend(self, _):
        for message in self.bench.app.relay.dead():
            self.bench.app.relay.resend("demo", message.message_id, by=STAFF)

    def say(self, said):
        pick, status = said
        fact = TrackingFact(
            parcel_id=self.picked(pick),
            key=f"{status}{self.count}",
            status=status,
            happened_at=self.bench.clock.now(),
        )
        self.bench.app.tracking.record("demo", [fact], by=CARRIER)

    def wait(self, days):
        self.bench.clock.advance(timedelta(days=days))
        self.bench.app.clocks.fire()
        assert () == self.bench.app.clocks.due()


@settings(max_examples=40, deadline=None)
@given(st.lists(STEPS, max_size=14))
def test_the_shop_counts_no_more_than_was_sent(steps):
    """
    At no time does the shop count more than was sent; told everything, it counts that.
    """
    walk = Walk()
    for name, value in steps:
        try:
            getattr(walk, name)(value)
        except SourceHereError:
            continue  # refused: nothing is left, say, or no parcel is there
        counted = walk.bench.shop.units_sent("1").get("L1", 0)

        assert counted <= walk.sent()
        assert () == walk.bench.app.audit.run(replay=True).violations

    walk.resend(None)
    for _ in range(12):
        walk.bench.clock.advance(timedelta(hours=6))
        walk.bench.app.relay.run()
    order = walk.bench.app.orders.get("demo", walk.order_id)
    assert walk.sent() == walk.bench.shop.units_sent("1").get("L1", 0)
    assert "shop_not_told" not in {hold.reason for hold in order.holds}
    assert () == walk.bench.app.audit.run(replay=True).violations
