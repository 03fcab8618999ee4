"""
Whatever is bought, stocked, split, sent and given back: every lot adds up, and no unit
leaves twice.
"""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from sourcehere import CommandRefusedError
from sourcehere.testing.factories import STAFF, open_bench, snapshot

COUNTRIES = {"CN1": "CN", "CN2": "CN", "US1": "US"}
PLACES = st.sampled_from(sorted(COUNTRIES))
SKUS = st.sampled_from(["CUP", "HAT"])


class SplitWalk(RuleBasedStateMachine):
    """
    Split orders beside a model: units on each shelf, and units left of each order.
    """

    @initialize()
    def begin(self):
        """
        Open a database with three warehouses, whose orders are split.
        """
        self.bench = open_bench(connected=["CUP", "HAT"])
        self.desk = self.bench.sh.staff("ann").seller("demo")
        self.shop = self.bench.sh.seller("demo")
        for place, country in COUNTRIES.items():
            if place != "CN1":
                self.bench.app.cloud.add_warehouse(
                    place, name=place, country=country, by=STAFF
                )
        self.bench.app.sellers.allocate_by("demo", "split_available", by=STAFF)
        self.shelves = {}  # (warehouse, sku): units on hand
        self.left = {}  # order: item: units left
        self.unpaid = []
        self.count = 0

    def number(self):
        """
        Return a name that was not used yet.
        """
        self.count += 1
        return str(self.count)

    @rule(place=PLACES, sku=SKUS, units=st.integers(3, 5))
    def stock(self, place, sku, units):
        """
        Buy units for a warehouse; all arrive.
        """
        self.bench.stocked(place, **{sku: units})
        key = (place, sku)
        self.shelves[key] = self.shelves.get(key, 0) + units

    @rule(cups=st.integers(1, 9), hats=st.integers(1, 4))
    def order(self, cups, hats):
        """
        A customer orders.
        """
        self.unpaid += self.bench.sync(snapshot(self.number(), CUP=cups, HAT=hats))

    @precondition(lambda self: self.unpaid)
    @rule()
    def pay(self):
        """
        Pay all that waits, in one commit; what each parcel holds is the order.
        """
        offer = self.shop.checkouts.open(self.unpaid)
        for order in offer.orders:
            wanted = {item.item_id: item.quantity for item in order.items}
            if order.parcels:
                assert wanted == {
                    name: sum(p.quantities.get(name, 0) for p in order.parcels)
                    for name in wanted
                }
                prices = sum(p.freight.minor for p in order.parcels)
                assert order.freight.minor == prices
            self.left[order.order_id] = wanted
        self.shop.checkouts.pay(offer)
        self.desk.shipping.accept(self.unpaid)
        self.unpaid = []

    @precondition(lambda self: self.left)
    @rule(data=st.data())
    def ship(self, data):
        """
        Send a parcel from somewhere, with some units or all that are there.
        """
        order_id = data.draw(st.sampled_from(sorted(self.left)))
        place = data.draw(st.sampled_from([None, "", *sorted(COUNTRIES)]))
        left = self.left[order_id]
        some = {
            name: data.draw(st.integers(1, units))
            for name, units in left.items()
            if units and data.draw(st.booleans())
        }
        before = self.bound()
        try:
            self.desk.shipping.ship(
                order_id,
                carrier="post",
                tracking_number=f"T{self.number()}",
                quantities=some or None,
                leaves_from=place,
            )
        except CommandRefusedError as error:
            codes = {blocker.code for blocker in error.blockers}
            assert codes <= {
                "warehouse_needed",
                "not_in_warehouse",
                "nothing_there",
                "wrong_state",
                "nothing_left",
            }, codes
            assert before == self.bound()
            return
        self.took(before, self.bound(), place)
        order = self.shop.orders.details(order_id).order
        now = {i.item_id: i.quantity_left for n in order.lines for i in n.items}
        if some:
            assert now == {n: left[n] - some.get(n, 0) for n in left}
        self.left[order_id] = now
        if not any(now.values()):
            del self.left[order_id]

    def bound(self):
        """
        Return what is on hand and allocated, by warehouse and SKU.
        """
        names = {name: sku for sku, name in self.bench.variants.items()}
        found = {}
        for view in self.bench.app.cloud.stock("demo"):
            key = (view.warehouse_id, names[view.variant_id])
            found[key] = (view.on_hand, view.allocated)
        return found

    def took(self, before, now, place):
        """
        Take what left off the model's shelves: from one warehouse, the one that was
        named.
        """
        gone = {key for key in before if before[key] != now[key]}
        places = {warehouse for warehouse, _ in gone}
        assert len(places) <= 1
        assert place is None or places <= {place}
        for key in gone:
            units = before[key][0] - now[key][0]
            assert units == before[key][1] - now[key][1] > 0
            self.shelves[key] -= units

    @precondition(lambda self: self.left)
    @rule(data=st.data())
    def give_up_the_rest(self, data):
        """
        Refund what is left of an order that is partly sent.
        """
        order_id = data.draw(st.sampled_from(sorted(self.left)))
        try:
            self.desk.shipping.short_ship_rest(order_id)
        except CommandRefusedError:
            return
        del self.left[order_id]

    @invariant()
    def shelves_are_as_the_model_says(self):
        """
        What is on hand, place by place.
        """
        if not hasattr(self, "bench"):
            return
        found = {key: on_hand for key, (on_hand, _) in self.bound().items()}
        assert {k: n for k, n in self.shelves.items() if n} == {
            k: n for k, n in found.items() if n
        }

    def teardown(self):
        """
        Audit what was stored.
        """
        if hasattr(self, "bench"):
            assert () == self.bench.app.audit.run(replay=True).violations


TestSplitWalk = SplitWalk.TestCase
TestSplitWalk.settings = settings(max_examples=12, stateful_step_count=15)
