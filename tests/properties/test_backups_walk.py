"""
Whatever the supplier has and has not: unpaid orders are what can be bought.
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

from sourcehere import CommandRefusedError, MappingRule, RuleItem, VariantChange
from sourcehere.testing.factories import open_bench, snapshot

# What supplies one unit of the shop's: a variant, units of it, and its backups.
RULES = {
    "CUP": [("CUP", 1, ("HAT", "LAMP"))],
    "SET": [("CUP", 2, ("LAMP",)), ("HAT", 1, ())],
}
VARIANTS = st.sampled_from(["CUP", "HAT", "LAMP"])


class BackupsWalk(RuleBasedStateMachine):
    """
    The orders of a shop beside a model of what can be bought.
    """

    @initialize(owned=st.sampled_from([0, 3, 4]))
    def begin(self, owned):
        """
        Open a database with a shop that has two connected products, and some cups in
        the cloud warehouse.
        """
        self.bench = open_bench()
        self.owned = owned
        if owned:
            self.bench.stocked(CUP=owned)
        self.shop = self.bench.sh.seller("demo")
        self.catalog = self.bench.sh.staff("ann").catalog
        self.in_stock = dict.fromkeys(("CUP", "HAT", "LAMP"), True)
        self.is_sold = dict.fromkeys(("CUP", "HAT", "LAMP"), True)
        self.connected = {}
        self.unpaid = {}
        self.count = 0
        self.is_behind = False
        for sku in RULES:
            self.connect(sku)

    def connect(self, sku):
        variants = self.bench.variants
        items = tuple(
            RuleItem(variants[name], units, tuple(variants[n] for n in backups))
            for name, units, backups in RULES[sku]
        )
        self.connected[sku] = self.bench.connect(MappingRule(sku, items))

    def expected(self, sku, quantity, owned):
        """
        Return what supplies a line now: {variant: units}.
        """
        found = {}
        for first, units, backups in RULES[sku]:
            needed = units * quantity
            names = (first, *backups)
            can_have = [n for n in names if self.can_have(n, needed, owned)]
            still_sold = [n for n in names if self.is_sold[n]]
            (name, *_) = can_have or still_sold
            found[name] = found.get(name, 0) + needed
        return found

    def can_have(self, name, units, owned):
        if not self.is_sold[name]:
            return False
        return self.in_stock[name] or owned.get(name, 0) >= units

    @rule(sku=st.sampled_from(sorted(RULES)), quantity=st.integers(1, 3))
    def arrive(self, sku, quantity):
        """
        The shop sells something.
        """
        self.count += 1
        (order_id,) = self.bench.sync(snapshot(str(self.count), **{sku: quantity}))
        self.unpaid[order_id] = (sku, quantity)
        self.is_behind = True  # it may wait for a connection that is made later

    @rule(name=VARIANTS)
    def toggle(self, name):
        """
        The supplier runs out of something, or has it again.
        """
        self.in_stock[name] = not self.in_stock[name]
        change = VariantChange(is_in_stock=self.in_stock[name])
        self.catalog.change(self.bench.variants[name], change)
        self.is_behind = True

    @rule(name=VARIANTS)
    def stop_or_go_on(self, name):
        """
        A variant is discontinued, or brought back; what lost its connection gets it
        again as soon as everything is sold.
        """
        act = (
            self.catalog.discontinue if self.is_sold[name] else self.catalog.bring_back
        )
        act(self.bench.variants[name])
        self.is_sold[name] = not self.is_sold[name]
        self.work()
        if all(self.is_sold.values()):
            for sku, connection_id in list(self.connected.items()):
                if self.shop.connections.get(connection_id).state == "ended":
                    self.connect(sku)

    @precondition(lambda self: self.unpaid)
    @rule(pick=st.integers(0, 100))
    def pay(self, pick):
        """
        Pay an order that can be paid; what was paid is what was shown.
        """
        order_id = sorted(self.unpaid)[pick % len(self.unpaid)]
        before = self.items_of(order_id)
        try:
            self.bench.pay(order_id)
        except CommandRefusedError:
            return
        assert before == self.items_of(order_id)
        del self.unpaid[order_id]
        self.is_behind = True  # it may have taken what others were promised

    @rule()
    def work(self):
        """
        Let the relay do what is owed.
        """
        self.bench.app.relay.run()
        self.is_behind = False

    def items_of(self, order_id):
        names = {variant_id: sku for sku, variant_id in self.bench.variants.items()}
        order = self.bench.app.orders.get("demo", order_id)
        return {names[i.variant_id]: i.quantity for i in order.items.values()}

    @invariant()
    def orders_are_what_can_be_bought(self):
        """
        Once the relay has run, where the seller owns nothing that changes it.
        """
        if not hasattr(self, "bench") or self.is_behind:
            return
        for order_id, (sku, quantity) in self.unpaid.items():
            ended = self.shop.connections.get(self.connected[sku]).state == "ended"
            if ended:
                assert {} == self.items_of(order_id)
                continue
            found = self.items_of(order_id)
            # Which of its own units it was promised depends on what was free then.
            assert found in [
                self.expected(sku, quantity, {"CUP": free})
                for free in range(self.owned + 1)
            ]

    def teardown(self):
        """
        Audit what was stored.
        """
        if hasattr(self, "bench"):
            self.bench.app.relay.run()
            assert () == self.bench.app.audit.run(replay=True).violations


TestBackupsWalk = BackupsWalk.TestCase
TestBackupsWalk.settings = settings(max_examples=15, stateful_step_count=20)
