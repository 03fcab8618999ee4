"""
Units that the seller serves from their own place, and tells the shop of under a line
that they never were of.
"""

import pytest
from moved_world import Told

from sourcehere.testing.factories import STAFF


class Served(Told):
    """
    An order of two cups that the seller served; the shop has added a line of two more.
    """

    def __init__(self, bench):
        desk = bench.sh.seller("demo")
        desk.local_stock.count(bench.variants["CUP"], 9)
        super().__init__(bench, L1=2)
        desk.orders.serve_from_local_stock([self.order_id])
        self.by_seller = {}
        self.tell(L1=2, L2=2)

    @property
    def more(self):
        """
        Return the part that has what the shop added.
        """
        return self.bench.app.orders.find_external("demo", "shop", ["1"])["1"][1]

    def pay(self):
        self.bench.pay(self.more)
        self.bench.app.shipping.accept("demo", [self.more], by=STAFF)

    def told_by_seller(self, **units):
        """
        Let the seller tell the shop at the shop's own desk.
        """
        self.by_seller = units

    def hear(self, **wanted):
        """
        Let the shop tell what it wants, and what it was told of each line by anybody.
        """
        said = self.said
        self.tell(**{name: (n, said.get(name, 0)) for name, n in wanted.items()})

    @property
    def said(self):
        """
        Return the units of which the shop was told by anybody, by its lines.
        """
        found = dict(self.by_seller)
        for name, units in self.bench.shop.units_sent("1").items():
            found[name] = found.get(name, 0) + units
        return found

    @property
    def changed(self):
        """
        Return what the part is held for.
        """
        return [h.detail for h in self.bench.app.orders.get("demo", self.more).holds]

    def release(self):
        """
        Let a person send it all the same.
        """
        (hold,) = self.bench.app.orders.get("demo", self.more).holds
        self.bench.app.orders.release_hold("demo", self.more, hold.hold_id, by=STAFF)


@pytest.fixture
def order(paired):
    return Served(paired)


class TestPaidMeanwhile:
    """
    What was added is paid, and the seller tells of what they served under its line.
    """

    @pytest.fixture
    def order(self, order):
        order.pay()
        return order

    @pytest.mark.parametrize("hears_again", [False, True])
    def test_a_person_is_asked_and_each_line_gets_what_it_wants(
        self, paired, order, hears_again
    ):
        """
        Nobody knows whether the seller sent these too. Sent all the same, they are told
        under the line that the shop was told nothing of.
        """
        order.told_by_seller(L2=2)
        order.hear(L1=2, L2=2)
        assert ["CUP: the shop wants 2 fewer"] == order.changed
        order.release()
        if hears_again:
            order.hear(L1=2, L2=2)
        paired.ship(order.more, "T1")
        if hears_again:
            order.hear(L1=2, L2=2)
        paired.sh.relay.run()
        assert {"L1": 2, "L2": 2} == order.said
        order.hear(L1=2, L2=2)
        assert [] == order.changed
        assert 2 == len(order.parts)
        order.hear(L1=2, L2=3)

        assert ["CUP: the shop wants 1 more"] == order.changed

    @pytest.mark.parametrize("line", ["L1", "L2"])
    def test_what_had_left_by_then_is_told_under_the_other_line(
        self, paired, order, line
    ):
        """
        The shop was not told of our parcel yet: it cannot be what it says has left.
        """
        paired.ship(order.more, "T1")
        order.told_by_seller(L2=2)
        order.hear(L1=2, L2=2)
        paired.sh.relay.run()
        assert {"L1": 2, "L2": 2} == order.said
        order.hear(L1=2, L2=2)
        assert [] == order.changed
        order.hear(**{"L1": 2, "L2": 2, line: 3})

        assert ["CUP: the shop wants 1 more"] == order.changed

    def test_of_some_the_rest_stays_where_it_is(self, paired, order):
        """
        One was told so, and the other one under its own line.
        """
        paired.ship(order.more, "T1")
        order.told_by_seller(L1=1, L2=1)
        order.hear(L1=2, L2=2)
        paired.sh.relay.run()

        assert {"L1": 2, "L2": 2} == order.said
        order.hear(L1=2, L2=2)
        assert [] == order.changed

    def test_what_the_seller_tells_late_is_told_as_it_left(self, paired, order):
        """
        The shop hears of our parcel first: each line gets its own.
        """
        paired.ship(order.more, "T1")
        paired.sh.relay.run()
        order.hear(L1=2, L2=2)
        assert {"L2": 2} == order.said
        order.told_by_seller(L1=2)
        order.hear(L1=2, L2=2)

        assert [] == order.changed
        assert {"L1": 2, "L2": 2} == order.said

    def test_a_parcel_in_its_place_is_told_under_the_same_line(self, paired, order):
        """
        The shop counts the units of the replaced one until it hears of the new one.
        """
        paired.ship(order.more, "T1")
        paired.sh.relay.run()
        order.hear(L1=2, L2=2)
        (parcel,) = paired.app.tracking.parcels("demo", order.more)
        paired.app.shipping.void_parcel(
            "demo",
            order.more,
            parcel.parcel_id,
            carrier="post",
            tracking_number="T2",
            by=STAFF,
        )
        paired.sh.relay.run()

        assert {"L2": 2} == order.said

    def test_what_somebody_else_sent_of_more_is_theirs(self, paired, order):
        """
        Of four, two left by the seller beside what they served: ours are told where
        they are wanted.
        """
        order.told_by_seller(L2=2)
        order.hear(L1=2, L2=4)
        assert [] == order.changed
        paired.ship(order.more, "T1")
        paired.sh.relay.run()
        order.told_by_seller(L1=2, L2=2)
        order.hear(L1=2, L2=4)

        assert [] == order.changed
        assert {"L1": 2, "L2": 4} == order.said


class TestNotPaid:
    def test_what_the_seller_says_left_is_not_sent_by_us(self, order):
        """
        They served the first line and say that the other left: nothing is to be paid.
        """
        order.told_by_seller(L2=2)
        order.hear(L1=2, L2=2)
        assert ("cancelled", {"L2": 2}) == order.parts[1]
        order.told_by_seller(L1=2, L2=2)
        order.hear(L1=2, L2=2)

        assert 2 == len(order.parts)
