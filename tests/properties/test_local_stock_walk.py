"""
Any sequence of what comes and goes at the seller's own place adds up.
"""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from sourcehere import CommandRefusedError, TooLittleLocalStockError
from sourcehere.testing.factories import HOME, STAFF, open_bench, snapshot

SKUS = st.sampled_from(["CUP", "HAT"])
UNITS = st.integers(1, 4)


class LocalStockWalk(RuleBasedStateMachine):
    """
    The local stock beside a model of it: a number for each SKU.
    """

    @initialize()
    def begin(self):
        """
        Open a database with a shop whose cups and hats are connected.
        """
        self.bench = open_bench()
        for sku in ("CUP", "HAT"):
            self.bench.connect(self.bench.rule(sku))
        self.shop = self.bench.sh.seller("demo")
        self.model = {"CUP": 0, "HAT": 0}
        self.kept = {}  # manual order: what has left and is not received
        self.waiting = {}  # order of the shop: what it wants
        self.served = {}
        self.count = 0

    def number(self):
        """
        Return a name that was not used yet.
        """
        self.count += 1
        return str(self.count)

    @rule(sku=SKUS, units=UNITS)
    def buy(self, sku, units):
        """
        Buy units to keep; they leave.
        """
        order_id = self.shop.drafts.manual(
            self.bench.wanted(**{sku: units}), HOME
        ).order_id
        self.shop.drafts.place(order_id)
        self.bench.pay(order_id)
        self.bench.app.shipping.accept("demo", [order_id], by=STAFF)
        self.bench.ship(order_id, f"T{self.number()}")
        self.kept[order_id] = (sku, units)

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def receive(self, data):
        """
        Receive an order, maybe again.
        """
        order_id = data.draw(st.sampled_from(sorted(self.kept)))
        sku, units = self.kept[order_id]
        assert units == self.shop.local_stock.receive(order_id).units
        self.model[sku] += units
        self.kept[order_id] = (sku, 0)

    @rule(sku=SKUS, units=st.integers(0, 6))
    def recount(self, sku, units):
        """
        Count a variant.
        """
        self.shop.local_stock.count(self.bench.variants[sku], units)
        self.model[sku] = units

    @rule(sku=SKUS, units=UNITS)
    def sell(self, sku, units):
        """
        Sell by hand; more than there is is refused.
        """
        desk, variant = self.shop.local_stock, self.bench.variants[sku]
        if units <= self.model[sku]:
            desk.sell(variant, units)
            self.model[sku] -= units
            return
        with pytest.raises(TooLittleLocalStockError) as ei:
            desk.sell(variant, units)
        assert (self.model[sku], units) == (ei.value.on_hand, ei.value.asked)

    @rule(cups=UNITS, hats=UNITS)
    def order(self, cups, hats):
        """
        A customer orders in the shop.
        """
        (order_id,) = self.bench.sync(snapshot(self.number(), CUP=cups, HAT=hats))
        self.waiting[order_id] = {"CUP": cups, "HAT": hats}

    @precondition(lambda self: self.waiting)
    @rule()
    def serve(self):
        """
        Serve all that waits; who comes too late is refused.
        """
        expected = {}
        for order_id, wanted in self.waiting.items():
            if all(units <= self.model[sku] for sku, units in wanted.items()):
                expected[order_id] = wanted
                for sku, units in wanted.items():
                    self.model[sku] -= units
        done = self.shop.orders.serve_from_local_stock(list(self.waiting))
        assert expected.keys() == done.done.keys()
        assert self.waiting.keys() - expected.keys() == done.failed.keys()
        self.served |= expected
        for order_id in expected:
            del self.waiting[order_id]

    @precondition(lambda self: self.served)
    @rule(data=st.data())
    def put_back(self, data):
        """
        Put an order's units back; a second time is refused.
        """
        order_id = data.draw(st.sampled_from(sorted(self.served)))
        wanted = self.served[order_id]
        if wanted is None:
            with pytest.raises(CommandRefusedError):
                self.shop.local_stock.put_back(order_id)
            return
        self.shop.local_stock.put_back(order_id)
        for sku, units in wanted.items():
            self.model[sku] += units
        self.served[order_id] = None

    @invariant()
    def it_is_as_the_model_says(self):
        """
        Every number is the model's, and the sum of its movements.
        """
        if not hasattr(self, "bench"):
            return
        sums = dict.fromkeys(self.bench.variants.values(), 0)
        for move in self.shop.local_stock.movements(limit=500):
            sums[move.variant_id] += move.quantity
        for sku, units in self.model.items():
            assert units == sums[self.bench.variants[sku]]
        for row in self.shop.local_stock.list():
            assert sums[row.variant_id] == row.on_hand
            assert row.on_hand >= 0

    def teardown(self):
        """
        Audit what was stored.
        """
        if hasattr(self, "bench"):
            assert () == self.bench.app.audit.run(replay=True).violations


TestLocalStockWalk = LocalStockWalk.TestCase
TestLocalStockWalk.settings = settings(max_examples=15, stateful_step_count=20)
