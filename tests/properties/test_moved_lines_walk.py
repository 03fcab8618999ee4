"""
A shop that moves units between lines of one SKU, and adds some, gets as many as it
wants: whatever is paid, sent and told meanwhile.
"""

from datetime import timedelta
from itertools import permutations

import attrs
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

from sourcehere import TrackingFact, TrackingStatus
from sourcehere.testing.factories import (
    NOON,
    STAFF,
    open_bench,
    shop_line,
    snapshot,
)
from sourcehere.testing.fake_shop import Fault

NAMES = ("L1", "L2", "L3")
LINES = st.sampled_from(NAMES)
UNITS = st.integers(1, 3)


class MovedLinesWalk(RuleBasedStateMachine):
    """
    One order of three lines of cups, which only ever grows.
    """

    @initialize(units=st.lists(UNITS, min_size=3, max_size=3), echoes=st.booleans())
    def begin(self, units, echoes):
        """
        Let the shop tell of its order.
        """
        self.bench = open_bench(connected=("CUP",))
        self.bench.shop.refuses_lines = True
        self.bench.shop.find_push = self.find
        self.wanted = dict(zip(NAMES, units, strict=True))
        self.most = dict(self.wanted)
        self.count = 0
        self.echoes = echoes  # whether the shop says what it was told of parcels
        self.tell()

    def find(self, notice):
        """
        Say for the shop whether it took a push.
        """
        key = notice.idempotency_key
        return f"ref:{key}" if key in self.bench.shop.fulfilments else None

    def number(self):
        """
        Return a name that was not used yet.
        """
        self.count += 1
        return f"T{self.count}"

    def tell(self):
        """
        Let the shop tell its order as it is now; a line without units is told no more.
        """
        sent = self.bench.shop.units_sent("1") if self.echoes else {}
        lines = tuple(
            attrs.evolve(
                shop_line("CUP", units, fulfilled=sent.get(name, 0)),
                external_line_id=name,
            )
            for name, units in self.wanted.items()
            if units
        )
        number = self.number()
        self.bench.sync(attrs.evolve(snapshot(), lines=lines, number=number))

    @property
    def orders(self):
        """
        Return the parts that there are of it.
        """
        app = self.bench.app
        names = app.orders.find_external("demo", "shop", ["1"])["1"]
        return [app.orders.get("demo", name) for name in names]

    def in_state(self, state):
        """
        Return the first part in a state; None where there is none.
        """
        return next((o for o in self.orders if o.state == state), None)

    @rule(pair=st.sampled_from(list(permutations(NAMES, 2))), units=UNITS)
    def move(self, pair, units):
        """
        Move units from line to line; those that the shop knows to have left stay.
        """
        giver, taker = pair
        left = self.bench.shop.units_sent("1").get(giver, 0)
        units = min(units, self.wanted[giver] - left)
        self.wanted[giver] -= units
        self.wanted[taker] += units
        self.most[taker] = max(self.most[taker], self.wanted[taker])
        self.tell()

    @rule(line=LINES, units=UNITS)
    def add(self, line, units):
        """
        Order more of a line.
        """
        self.wanted[line] += units
        self.most[line] = max(self.most[line], self.wanted[line])
        self.tell()

    @precondition(lambda self: self.in_state("awaiting_payment"))
    @rule()
    def pay(self):
        """
        Pay the part that is not paid.
        """
        order = self.in_state("awaiting_payment")
        self.bench.pay(order.order_id)
        self.bench.app.shipping.accept("demo", [order.order_id], by=STAFF)

    @precondition(lambda self: any(order.holds for order in self.orders))
    @rule()
    def take_over(self):
        """
        Take on what the shop wants more of a paid order.
        """
        desk = self.bench.sh.seller("demo").orders
        for order in self.orders:
            if any(" more" in hold.detail for hold in order.holds):
                desk.take_over(order.order_id)

    def settle(self):
        """
        Let nothing hold an order any more.
        """
        self.take_over()

    @precondition(lambda self: self.in_state("awaiting_shipping"))
    @rule()
    def ship(self):
        """
        Send all that is left, once nothing holds the order.
        """
        self.settle()
        order = self.in_state("awaiting_shipping")
        self.bench.ship(order.order_id, self.number())

    @precondition(lambda self: self.in_state("awaiting_shipping"))
    @rule(data=st.data())
    def ship_some(self, data):
        """
        Send some units of an item.
        """
        self.settle()
        order = self.in_state("awaiting_shipping")
        left = {i.item_id: i.quantity_left for i in order.items.values()}
        name = data.draw(st.sampled_from([n for n, units in left.items() if units]))
        units = data.draw(st.integers(1, left[name]))
        item = f"i{name.replace('.', '_')}"
        self.bench.ship(order.order_id, self.number(), **{item: units})

    @precondition(lambda self: self.in_state("shipped"))
    @rule()
    def receive(self):
        """
        Let the customer receive what has left, so that it is over.
        """
        order, app = self.in_state("shipped"), self.bench.app
        facts = [
            TrackingFact(
                parcel_id=parcel.parcel_id,
                key="k",
                status=TrackingStatus.DELIVERED,
                happened_at=NOON,
            )
            for parcel in app.tracking.parcels("demo", order.order_id)
        ]
        app.tracking.record("demo", facts, by=STAFF)

    @rule(fault=st.sampled_from([None, None, Fault.LOST_BEFORE, Fault.LOST_AFTER]))
    def push(self, fault):
        """
        Let the shop be told of the parcels, those too of which nobody knows whether it
        took them; the next call may be lost.
        """
        self.bench.clock.advance(timedelta(hours=1))
        self.bench.shop.faults = [fault]
        self.bench.sh.relay.run()

    @invariant()
    def nothing_is_lost_and_nothing_is_doubled(self):
        """
        What is supplied, and what a hold says is wanted more, is what the shop wants;
        it takes every push.
        """
        orders = self.orders
        supplied = sum(
            line.quantity for o in orders if o.state != "cancelled" for line in o.lines
        )
        words = [
            part for o in orders for hold in o.holds for part in hold.detail.split("; ")
        ]
        assert [] == [part for part in words if not part.endswith(" more")]
        held = sum(int(part.split()[-2]) for part in words)
        assert sum(self.wanted.values()) == supplied + held
        assert () == tuple(self.bench.sh.relay.dead())

    @invariant()
    def no_line_is_told_more_than_it_ever_wanted(self):
        """
        The shop takes nothing under a line beyond that.
        """
        sent = self.bench.shop.units_sent("1")
        assert [] == [name for name, n in sent.items() if n > self.most[name]]

    def teardown(self):
        """
        Hold that the books are right.
        """
        if hasattr(self, "bench"):
            assert () == self.bench.app.audit.run(replay=True).violations


class AnyChangeWalk(MovedLinesWalk):
    """
    The same, of an order of which the shop also wants fewer, and about which people
    decide: how many are sent then depends on them.
    """

    @rule(line=LINES, units=UNITS)
    def remove(self, line, units):
        """
        Order fewer of a line; what the shop knows to have left stays.
        """
        left = self.bench.shop.units_sent("1").get(line, 0)
        self.wanted[line] -= min(units, self.wanted[line] - left)
        self.tell()

    @precondition(lambda self: any(order.holds for order in self.orders))
    @rule()
    def settle(self):
        """
        Let what is held go on as it is.
        """
        for order in self.orders:
            for hold in order.holds:
                self.bench.app.orders.release_hold(
                    "demo", order.order_id, hold.hold_id, by=STAFF
                )

    @precondition(lambda self: self.in_state("awaiting_shipping"))
    @rule(data=st.data())
    def refund(self, data):
        """
        Take units out that have not left.
        """
        order = self.in_state("awaiting_shipping")
        left = {i.item_id: i.quantity_left for i in order.items.values()}
        name = data.draw(st.sampled_from([n for n, units in left.items() if units]))
        units = data.draw(st.integers(1, left[name]))
        self.bench.app.orders.refund_units(
            "demo", order.order_id, {name: units}, by=STAFF
        )

    @rule()
    def expire(self):
        """
        Let the time to pay go by.
        """
        self.bench.clock.advance(timedelta(days=15))
        self.bench.app.clocks.fire()

    def nothing_is_lost_and_nothing_is_doubled(self):
        """
        Holds only while the order grows.
        """


TestMovedLinesWalk = pytest.mark.slow(MovedLinesWalk.TestCase)
TestMovedLinesWalk.settings = settings(max_examples=10, stateful_step_count=25)

TestAnyChangeWalk = pytest.mark.slow(AnyChangeWalk.TestCase)
TestAnyChangeWalk.settings = settings(max_examples=8, stateful_step_count=25)
