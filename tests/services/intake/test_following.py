"""
What a shop goes on to say of an order: followed while it can be, else held.
"""

from datetime import timedelta

import attrs
import pytest

from sourcehere import CommandRefusedError, TrackingFact, TrackingStatus
from sourcehere.ports.errors import DeclinedError
from sourcehere.ports.platforms import OrderPage
from sourcehere.testing.factories import (
    NOON,
    SELLER,
    STAFF,
    nothing_moves,
    shop_line,
    snapshot,
)


def told(units=3, *, fulfilled=0, refunded=0, sku="CUP", **facts):
    """
    Return an order of one line as the shop tells it.
    """
    line = shop_line(sku, units, fulfilled=fulfilled, refunded=refunded)
    return attrs.evolve(snapshot(), lines=(line,), **facts)


def parts_of(bench):
    """
    Return (part, state, units per line) of the shop's order.
    """
    orders = bench.app.orders.find_external("demo", "shop", ["1"])["1"]
    found = [bench.app.orders.get("demo", order_id) for order_id in orders]
    return [(o.part, o.state, [n.quantity for n in o.lines]) for o in found]


def holds_of(bench, order_id):
    """
    Return (reason, detail) of the open holds.
    """
    order = bench.app.orders.get("demo", order_id)
    return [(hold.reason, hold.detail) for hold in order.holds]


def audited(bench):
    """
    Hold that the audit finds nothing.
    """
    assert () == bench.app.audit.run(replay=True).violations


class TestVersions:
    def test_an_older_page_changes_nothing(self, paired):
        """
        Three units, then a late page that says two, are three.
        """
        (order_id,) = paired.sync(told(3, version=2))
        with nothing_moves(paired, but=["store", "told", "told_name"]):
            paired.sync(told(2, version=1))
        assert [(1, "awaiting_payment", [3])] == parts_of(paired)

        paired.sync(told(4, version=3))
        assert [(1, "awaiting_payment", [4])] == parts_of(paired)
        assert order_id

    def test_a_change_time_is_a_version(self, paired):
        """
        A shop without version numbers says when it changed the order.
        """
        later = NOON + timedelta(hours=1)
        paired.sync(told(3, changed_at=later))
        report = paired.app.stores.sync
        paired.shop.put(told(2, changed_at=NOON))

        assert 1 == report("demo", "shop").older
        assert [(1, "awaiting_payment", [3])] == parts_of(paired)

    @pytest.mark.parametrize("ahead", [timedelta(days=2), timedelta(days=365)])
    def test_a_change_of_next_year_is_no_version(self, paired, ahead):
        """
        The shop's clock was wrong: what the buyer changes and cancels later counts.
        """
        paired.sync(told(3, changed_at=NOON + ahead))
        assert [(1, "awaiting_payment", [3])] == parts_of(paired)

        paired.sync(told(4, changed_at=NOON + timedelta(hours=1)))
        assert [(1, "awaiting_payment", [4])] == parts_of(paired)
        paired.sync(told(2, changed_at=NOON))  # by the clock that is right, it is older
        assert [(1, "awaiting_payment", [4])] == parts_of(paired)
        later = NOON + timedelta(hours=2)
        paired.sync(told(4, changed_at=later, cancelled=True))
        assert [(1, "cancelled", [4])] == parts_of(paired)
        audited(paired)

    def test_a_clock_may_be_a_day_before_ours(self, paired):
        """
        Then its times are still in their order, as those of a shop's local time are.
        """
        paired.sync(told(3, changed_at=NOON + timedelta(hours=23)))
        paired.sync(told(2, changed_at=NOON + timedelta(hours=22)))

        assert [(1, "awaiting_payment", [3])] == parts_of(paired)

    def test_a_stale_page_revives_nothing(self, paired):
        """
        What the shop cancelled stays so when an older page is told again.
        """
        paired.sync(told(3, version=1))
        paired.sync(told(3, version=2, cancelled=True))
        paired.sync(told(5, version=1))

        assert [(1, "cancelled", [3])] == parts_of(paired)
        paired.sync(told(5, version=3))
        assert [(1, "cancelled", [3]), (2, "awaiting_payment", [5])] == parts_of(paired)
        audited(paired)

    def test_of_one_page_the_newest_counts(self, paired):
        """
        Two tellings of one order on a page: by version, not by place.
        """
        both = (told(3, version=2), told(2, version=1))
        paired.shop.pages = [OrderPage(both, (), (), "1", has_more=False)]
        paired.app.stores.sync("demo", "shop")

        assert [(1, "awaiting_payment", [3])] == parts_of(paired)


class TestPaidOrders:
    @pytest.fixture
    def paid(self, paired):
        """
        Make an order of three cups, paid and accepted.
        """
        (order_id,) = paired.sync(told(3))
        paired.pay(order_id)
        paired.app.shipping.accept("demo", [order_id], by=STAFF)
        return order_id

    def more(self, bench, order_id, units):
        """
        Hold that the order is held for *units* more, or fewer.
        """
        words = f"CUP: the shop wants {abs(units)} {'more' if units > 0 else 'fewer'}"
        assert [("store_changed", words)] == holds_of(bench, order_id)
        audited(bench)

    def test_a_rise_after_an_echo_is_noticed(self, paired, paid):
        """
        Three paid, two sent, the shop says two are fulfilled, then wants five.
        """
        paired.ship(paid, i1_1=2)
        paired.sync(told(3, fulfilled=2))
        assert [] == holds_of(paired, paid)
        paired.sync(told(5, fulfilled=2))

        self.more(paired, paid, 2)

    @pytest.mark.parametrize(("sent", "wanted"), [(1, 4), (3, 6), (0, 4)])
    @pytest.mark.parametrize("echo", [True, False])
    def test_a_rise_is_noticed_whatever_was_sent(
        self, paired, paid, sent, wanted, echo
    ):
        """
        Whether the shop has heard of the parcel or not.
        """
        if sent:
            paired.ship(paid, i1_1=sent)
        paired.sync(told(wanted, fulfilled=sent if echo else 0))

        self.more(paired, paid, wanted - 3)

    def test_a_rise_after_refunds_on_both_sides(self, paired, paid):
        """
        One is taken out here and there; then the customer wants one more.
        """
        paired.app.orders.refund_units("demo", paid, {"1.1": 1}, by=STAFF)
        paired.sync(told(3, refunded=1))
        assert [] == holds_of(paired, paid)
        paired.sync(told(4, refunded=1))

        self.more(paired, paid, 1)

    def test_a_shop_that_lags_behind_is_no_difference(self, paired, paid):
        """
        Units that left or were taken out here are told by the shop later, or never.
        """
        paired.app.orders.refund_units("demo", paid, {"1.1": 1}, by=STAFF)
        paired.ship(paid, i1_1=1)
        paired.sync(told(3, number="again"))
        paired.sync(told(3, fulfilled=1))
        paired.sync(told(2, fulfilled=1))

        assert [] == holds_of(paired, paid)
        audited(paired)

    def test_a_rise_after_everything_was_received(self, paired, paid):
        """
        Nothing is left to hold: the units are the next part, to be paid by itself.
        """
        parcel_id = paired.ship(paid)
        fact = TrackingFact(
            parcel_id=parcel_id,
            key="k",
            status=TrackingStatus.DELIVERED,
            happened_at=NOON,
        )
        paired.app.tracking.record("demo", [fact], by=STAFF)
        paired.sync(told(3, fulfilled=3))
        paired.sync(told(5, fulfilled=3))

        assert [(1, "fulfilled", [3]), (2, "awaiting_payment", [2])] == parts_of(paired)
        paired.sync(told(4, fulfilled=3))
        assert (2, "awaiting_payment", [1]) == parts_of(paired)[1]
        audited(paired)

    def test_what_was_sent_by_somebody_else_is_not_sent_again(self, paired, paid):
        """
        The shop says all is fulfilled, and we have sent nothing: held.
        """
        paired.sync(told(3, fulfilled=3))
        self.more(paired, paid, -3)

    def test_a_refund_of_what_was_sent_stops_nothing(self, paired, paid):
        """
        The parcel has left: there is nothing to hold.
        """
        paired.ship(paid)
        paired.sync(told(3, fulfilled=3, refunded=1))

        assert [] == holds_of(paired, paid)
        audited(paired)

    def test_what_left_before_the_shop_wanted_less_is_there_when_it_wants_more(
        self, paired, paid
    ):
        """
        Three have left when one is wanted, and then five: two more, not four.
        """
        parcel_id = paired.ship(paid)
        paired.sync(told(1))
        assert [] == holds_of(paired, paid)
        paired.sync(told(2))
        assert [] == holds_of(paired, paid)
        paired.sync(told(5))
        self.more(paired, paid, 2)
        paired.sync(told(1))
        assert [] == holds_of(paired, paid)
        fact = TrackingFact(
            parcel_id=parcel_id,
            key="k",
            status=TrackingStatus.DELIVERED,
            happened_at=NOON,
        )
        paired.app.tracking.record("demo", [fact], by=STAFF)
        paired.sync(told(5))

        assert [(1, "fulfilled", [3]), (2, "awaiting_payment", [2])] == parts_of(paired)
        audited(paired)
        paired.sync(told(4))
        assert (2, "awaiting_payment", [1]) == parts_of(paired)[1]
        paired.sync(told(2))
        assert (2, "cancelled", [1]) == parts_of(paired)[1]
        audited(paired)

    def test_the_difference_that_was_decided_is_not_asked_again(self, paired, paid):
        """
        Staff let it go on; the echo opens nothing, a further change does.
        """
        paired.sync(told(5))
        self.more(paired, paid, 2)
        (hold,) = paired.app.orders.get("demo", paid).holds
        paired.app.orders.release_hold("demo", paid, hold.hold_id, by=STAFF)
        paired.sync(told(5, number="echo"))
        paired.sync(told(5, number="and another"))
        assert [] == holds_of(paired, paid)
        audited(paired)
        paired.sync(told(6, number="and another"))

        self.more(paired, paid, 1)

    def test_what_was_decided_is_over_when_the_shop_comes_nearer(self, paired, paid):
        """
        Staff send three though one is wanted: of five, two more are wanted, not four.
        Two are missing and stay so: one less is no news, and two again are.
        """
        paired.sync(told(1))
        self.more(paired, paid, -2)
        self.let_go_on(paired, paid)
        paired.sync(told(5))
        self.more(paired, paid, 2)
        self.let_go_on(paired, paid)
        paired.sync(told(4))
        assert [] == holds_of(paired, paid)
        audited(paired)
        paired.sync(told(5))
        self.more(paired, paid, 1)

    @staticmethod
    def let_go_on(bench, order_id):
        """
        Release the order's hold, as staff.
        """
        (hold,) = bench.app.orders.get("demo", order_id).holds
        bench.app.orders.release_hold("demo", order_id, hold.hold_id, by=STAFF)

    def test_a_change_that_the_shop_takes_back_ends_the_hold(self, paired, paid):
        """
        Five wanted, then three again: nobody has to decide anything.
        """
        paired.sync(told(5))
        paired.sync(told(3))
        assert [] == holds_of(paired, paid)
        audited(paired)

    def test_the_hold_says_what_is_wanted_now(self, paired, paid):
        """
        A second change replaces the hold of the first.
        """
        paired.sync(told(5))
        paired.sync(told(4))
        self.more(paired, paid, 1)

    def test_merged_lines_are_no_change(self, paired):
        """
        Two and three of one SKU become one line of five.
        """
        two = attrs.evolve(shop_line("CUP", 2), external_line_id="L1")
        three = attrs.evolve(shop_line("cup", 3), external_line_id="L2")
        (order_id,) = paired.sync(attrs.evolve(snapshot(), lines=(two, three)))
        paired.pay(order_id)
        five = attrs.evolve(two, quantity=5)
        paired.sync(attrs.evolve(snapshot(), lines=(five,)))

        assert [] == holds_of(paired, order_id)
        audited(paired)
        paired.sync(attrs.evolve(snapshot(), lines=(attrs.evolve(five, quantity=6),)))
        self.more(paired, order_id, 1)


def lined(**units):
    """
    Tell an order of cups, by the shop's lines.
    """
    lines = (
        attrs.evolve(shop_line("CUP", q), external_line_id=n) for n, q in units.items()
    )
    return attrs.evolve(snapshot(), lines=tuple(lines))


class TestPushingWhatTheShopMoved:
    @pytest.fixture(autouse=True)
    def refusing(self, paired):
        """
        Let the shop refuse lines that it has not.
        """
        paired.shop.refuses_lines = True

    @pytest.mark.parametrize(
        ("before", "after", "parcels", "told"),
        [
            # Merged, in one parcel, and in two.
            ({"L1": 2, "L2": 3}, {"L1": 5}, [(2, 3)], [{"L1": 5}]),
            ({"L1": 2, "L2": 3}, {"L2": 5}, [(2, 3)], [{"L2": 5}]),
            ({"L1": 2, "L2": 3}, {"L9": 5}, [(2, 3)], [{"L9": 5}]),
            (
                {"L1": 2, "L2": 3},
                {"L1": 5},
                [(0, 2), (1, 0), (1, 1)],
                [{"L1": 2}, {"L1": 1}, {"L1": 2}],
            ),
            # Two of three moved: what left first stays where it was.
            (
                {"L1": 2, "L2": 3},
                {"L1": 4, "L2": 1},
                [(0, 2), (2, 1)],
                [{"L2": 1, "L1": 1}, {"L1": 3}],
            ),
            # Split.
            (
                {"L1": 5},
                {"L1": 2, "L2": 3},
                [(4,), (1,)],
                [{"L1": 2, "L2": 2}, {"L2": 1}],
            ),
            ({"L1": 5}, {"L2": 2, "L3": 3}, [(5,)], [{"L2": 2, "L3": 3}]),
        ],
    )
    @pytest.mark.parametrize("is_sent_first", [True, False])
    def test_it_is_told_under_the_line_it_is_in_now(
        self, paired, before, after, parcels, told, is_sent_first
    ):
        """
        Whether it moved before the parcels left or while the shop was not told yet;
        each of the shop's lines gets what it wants.
        """
        (order_id,) = paired.sync(lined(**before))
        paired.pay(order_id)
        paired.app.shipping.accept("demo", [order_id], by=STAFF)

        def send():
            for number, units in enumerate(parcels):
                items = {f"i{i}_1": u for i, u in enumerate(units, start=1) if u}
                paired.ship(order_id, f"T{number}", **items)

        steps = [send, lambda: paired.sync(lined(**after))]
        for step in steps if is_sent_first else steps[::-1]:
            step()
        paired.sh.relay.run()

        notices = sorted(
            paired.shop.fulfilments.values(), key=lambda n: n.tracking_number
        )
        assert told == [
            {line.external_line_id: line.quantity for line in notice.lines}
            for notice in notices
        ]
        assert after == paired.shop.units_sent("1")
        assert [] == holds_of(paired, order_id)
        audited(paired)

    def test_a_refusal_is_put_right_by_what_the_shop_tells(self, paired):
        """
        Nobody had told us of the merger yet: sent again after it, the push is taken.
        """
        (order_id,) = paired.sync(lined(L1=2, L2=3))
        paired.pay(order_id)
        paired.app.shipping.accept("demo", [order_id], by=STAFF)
        paired.ship(order_id)
        paired.shop.put_silently(lined(L1=5))
        paired.sh.relay.run()
        (dead,) = paired.sh.relay.dead()
        assert "no line L2" in dead.error
        paired.sync(lined(L1=5))
        paired.sh.staff("ann").relay.resend("demo", dead.message_id)
        paired.sh.relay.run()

        assert {"L1": 5} == paired.shop.units_sent("1")
        assert [] == holds_of(paired, order_id)

    def test_what_is_corrected_and_replaced_keeps_its_line(self, paired):
        """
        Another number and another parcel are told under the merged line too.
        """
        (order_id,) = paired.sync(lined(L1=2, L2=3))
        paired.pay(order_id)
        paired.app.shipping.accept("demo", [order_id], by=STAFF)
        parcel_id = paired.ship(order_id)
        paired.sync(lined(L1=5))
        desk = paired.sh.staff("ann").seller("demo").shipping
        desk.correct_tracking(order_id, parcel_id, carrier="post", tracking_number="X")
        paired.sh.relay.run()
        assert {"L1": 5} == paired.shop.units_sent("1")
        desk.void_parcel(order_id, parcel_id, carrier="post", tracking_number="Y")
        paired.sh.relay.run()

        assert {"L1": 5} == paired.shop.units_sent("1")
        assert () == tuple(paired.sh.relay.dead())

    def test_units_that_the_shop_refunded_stay_where_they_were(self, paired):
        """
        Of another line of that SKU the shop wants no more than we supply.
        """
        (order_id,) = paired.sync(lined(L1=2, L2=3))
        paired.pay(order_id)
        paired.app.shipping.accept("demo", [order_id], by=STAFF)
        paired.sync(lined(L1=2, L2=1))
        (hold,) = paired.app.orders.get("demo", order_id).holds
        paired.app.orders.release_hold("demo", order_id, hold.hold_id, by=STAFF)
        paired.ship(order_id)
        paired.sh.relay.run()

        assert {"L1": 2, "L2": 3} == paired.shop.units_sent("1")


class TestTakingOver:
    @pytest.fixture
    def held(self, paired):
        """
        Make a paid order of three cups of which the shop wants five.
        """
        (order_id,) = paired.sync(told(3))
        paired.pay(order_id)
        paired.sync(told(5))
        return order_id

    def test_added_units_are_the_next_part(self, paired, held):
        """
        They are paid by themselves; the first part goes on as it was paid.
        """
        made = paired.sh.seller("demo").orders.take_over(held)

        assert [
            (1, "awaiting_shipping", [3]),
            (2, "awaiting_payment", [2]),
        ] == parts_of(paired)
        assert [] == holds_of(paired, held)
        assert "take_over" not in paired.sh.seller("demo").orders.allowed(held)
        audited(paired)
        paired.sync(told(5, number="echo"))
        assert [] == holds_of(paired, held)
        paired.sync(told(4))
        assert (2, "awaiting_payment", [1]) == parts_of(paired)[1]
        assert made.part_id != held
        audited(paired)

    def test_what_was_received_meanwhile_is_taken_over_all_the_same(self, paired):
        """
        All that was paid arrives before anybody decides: the added units are no less
        wanted.
        """
        (held,) = paired.sync(told(3))
        paired.pay(held)
        paired.app.shipping.accept("demo", [held], by=STAFF)
        parcel_id = paired.ship(held)
        paired.sync(told(5))
        fact = TrackingFact(
            parcel_id=parcel_id,
            key="k",
            status=TrackingStatus.DELIVERED,
            happened_at=NOON,
        )
        paired.app.tracking.record("demo", [fact], by=STAFF)
        desk = paired.sh.seller("demo").orders
        assert (1, "fulfilled", [3]) == parts_of(paired)[0]
        assert "take_over" in desk.allowed(held)
        desk.take_over(held)

        assert (2, "awaiting_payment", [2]) == parts_of(paired)[1]
        assert [] == holds_of(paired, held)
        assert "take_over" not in desk.allowed(held)
        audited(paired)

    def test_what_is_wanted_less_of_what_was_received_stands(self, paired):
        """
        More of one thing is wanted and fewer of another, of which none can be sent: the
        order ends, the added units are taken over, and the rest is as it is.
        """
        held = paired.accepted(CUP=3, HAT=2)
        parcel_id = paired.ship(held, i1_1=3)
        wanted = snapshot(CUP=5, HAT=1)
        paired.sync(attrs.evolve(wanted, number="changed"))
        paired.app.shipping.short_ship_rest("demo", held, by=STAFF)
        fact = TrackingFact(
            parcel_id=parcel_id,
            key="k",
            status=TrackingStatus.DELIVERED,
            happened_at=NOON,
        )
        paired.app.tracking.record("demo", [fact], by=STAFF)
        paired.sh.seller("demo").orders.take_over(held)

        assert (2, "awaiting_payment", [2]) == parts_of(paired)[1]
        assert [] == holds_of(paired, held)
        audited(paired)
        paired.sync(attrs.evolve(wanted, number="again"))
        assert [] == holds_of(paired, held)
        assert 2 == len(parts_of(paired))
        audited(paired)

    def test_nothing_is_taken_over_where_nothing_was_added(self, paired):
        """
        An order in step, and one of which fewer are wanted, are refused.
        """
        (order_id,) = paired.sync(told(3))
        paired.pay(order_id)
        desk = paired.sh.seller("demo").orders
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            desk.take_over(order_id)
        assert ("nothing_changed",) == ei.value.codes
        paired.sync(told(2))

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            desk.take_over(order_id)
        assert ("nothing_added",) == ei.value.codes
        assert ei.value.blockers == desk.why_not(order_id, "take_over")
        paired.sync(told(4))
        assert () == desk.why_not(order_id, "take_over")

    def test_what_is_wanted_less_stays_for_staff(self, paired):
        """
        One more of one line, one fewer of another: a hold says the latter only.
        """
        (order_id,) = paired.sync(snapshot(CUP=3, HAT=2))
        paired.pay(order_id)
        paired.sync(snapshot(CUP=4, HAT=1))
        paired.sh.seller("demo").orders.take_over(order_id)
        left = [("store_changed", "HAT: the shop wants 1 fewer")]
        assert left == holds_of(paired, order_id)
        paired.sync(attrs.evolve(snapshot(CUP=4, HAT=1), number="first echo"))
        assert left == holds_of(paired, order_id)
        paired.app.orders.refund_units("demo", order_id, {"2.1": 1}, by=STAFF)
        paired.sync(attrs.evolve(snapshot(CUP=4, HAT=1), number="echo"))

        assert [] == holds_of(paired, order_id)
        audited(paired)


class TestPaidAtTheStore:
    def unpaid(self, bench, order_id):
        return "store_unpaid" in [reason for reason, _ in holds_of(bench, order_id)]

    @pytest.mark.parametrize("when", ["unpaid", "paid", "accepted"])
    def test_a_payment_withdrawn_holds(self, paired, when):
        """
        At any moment before it leaves.
        """
        (order_id,) = paired.sync(told(3))
        if when != "unpaid":
            paired.pay(order_id)
        if when == "accepted":
            paired.app.shipping.accept("demo", [order_id], by=STAFF)
        paired.sync(told(3, paid_at_store=False))
        assert self.unpaid(paired, order_id)
        audited(paired)
        paired.sync(told(3))

        assert [] == holds_of(paired, order_id)

    def test_what_has_left_is_not_held(self, paired):
        """
        There is nothing to stop any more.
        """
        (order_id,) = paired.sync(told(3))
        paired.pay(order_id)
        paired.app.shipping.accept("demo", [order_id], by=STAFF)
        paired.ship(order_id)
        paired.sync(told(3, paid_at_store=False))

        assert [] == holds_of(paired, order_id)

    def test_what_staff_let_go_on_is_not_held_again(self, paired):
        """
        The echo of what was decided opens nothing.
        """
        (order_id,) = paired.sync(told(3, paid_at_store=False))
        (hold,) = paired.app.orders.get("demo", order_id).holds
        paired.app.orders.release_hold("demo", order_id, hold.hold_id, by=STAFF)
        paired.sync(told(3, paid_at_store=False, number="echo"))

        assert [] == holds_of(paired, order_id)

    def test_who_waits_for_the_shop_does_not_expire(self, paired):
        """
        The time to pay begins when the shop's customer has paid.
        """
        (order_id,) = paired.sync(told(3, paid_at_store=False))
        paired.clock.advance(timedelta(days=90))
        assert 0 == paired.app.clocks.fire().fired
        paired.sync(told(3))

        order = paired.app.orders.get("demo", order_id)
        assert paired.clock.now() + timedelta(days=14) == order.pay_by
        paired.clock.advance(timedelta(days=14))
        assert 1 == paired.app.clocks.fire().fired
        assert [(1, "cancelled", [3])] == parts_of(paired)
        audited(paired)

    def test_what_expired_comes_back_when_the_shop_edits_it(self, paired):
        """
        An echo that says nothing new does not; an edit does, all of it.
        """
        paired.sync(told(3))
        paired.clock.advance(timedelta(days=15))
        paired.app.clocks.fire()
        paired.sync(told(3, number="echo"))
        assert [(1, "cancelled", [3])] == parts_of(paired)
        paired.sync(told(4, number="echo"))

        assert [(1, "cancelled", [3]), (2, "awaiting_payment", [4])] == parts_of(paired)
        paired.sync(told(4, number="once more"))
        assert 2 == len(parts_of(paired))
        audited(paired)

    def test_what_expired_comes_back_when_the_shop_is_paid(self, paired):
        """
        It was withdrawn, and paid again.
        """
        paired.sync(told(3))
        paired.clock.advance(timedelta(days=15))
        paired.app.clocks.fire()
        paired.sync(told(3, paid_at_store=False))
        paired.sync(told(3))

        assert [(1, "cancelled", [3]), (2, "awaiting_payment", [3])] == parts_of(paired)
        audited(paired)


class TestCancelledAtTheStore:
    def test_what_was_decided_is_not_asked_again(self, paired):
        """
        Staff send it all the same: the echo holds nothing.
        """
        (order_id,) = paired.sync(told(3))
        paired.pay(order_id)
        paired.sync(told(3, cancelled=True))
        (hold,) = paired.app.orders.get("demo", order_id).holds
        assert "store_cancelled" == hold.reason
        paired.app.orders.release_hold("demo", order_id, hold.hold_id, by=STAFF)
        paired.sync(told(3, cancelled=True, number="echo"))

        assert [] == holds_of(paired, order_id)
        audited(paired)

    def test_nothing_is_taken_over_of_what_is_cancelled(self, paired):
        """
        The shop wanted more of a paid order, and then cancelled it.
        """
        (order_id,) = paired.sync(told(3))
        paired.pay(order_id)
        paired.sync(told(5))
        paired.sync(told(5, cancelled=True))
        assert ["store_cancelled"] == [
            reason for reason, _ in holds_of(paired, order_id)
        ]

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.sh.seller("demo").orders.take_over(order_id)
        assert ("nothing_changed",) == ei.value.codes

    def test_a_cancellation_taken_back_ends_the_hold(self, paired):
        """
        The shop's customer wants it again.
        """
        (order_id,) = paired.sync(told(3))
        paired.pay(order_id)
        paired.sync(told(3, cancelled=True))
        paired.sync(told(3))

        assert [] == holds_of(paired, order_id)
        audited(paired)

    def test_the_seller_s_word_stands(self, paired):
        """
        What the seller cancelled is not brought back by a shop that wants more.
        """
        (order_id,) = paired.sync(told(3))
        paired.app.orders.cancel("demo", [order_id], by=SELLER)
        paired.sync(told(5))

        assert [(1, "cancelled", [3])] == parts_of(paired)
        audited(paired)


class TestReconciling:
    def later(self, bench):
        """
        Let two days go by, and ask the shop.
        """
        bench.clock.advance(timedelta(days=2))
        return bench.sh.seller("demo").stores.reconcile("shop")

    def test_an_order_deleted_in_the_shop_is_cancelled(self, paired):
        """
        Nobody pays for what nobody wants any more.
        """
        paired.sync(told(3))
        paired.shop.forget("1")
        report = self.later(paired)

        assert (1, 1, 0) == (report.asked, report.gone, report.left)
        assert [(1, "cancelled", [3])] == parts_of(paired)
        assert 0 == self.later(paired).asked

    def test_a_paid_one_is_held_once(self, paired):
        """
        Staff decide; asking again holds nothing.
        """
        (order_id,) = paired.sync(told(3))
        paired.pay(order_id)
        paired.shop.forget("1")
        self.later(paired)
        assert [("store_cancelled", "the shop has it no more")] == holds_of(
            paired, order_id
        )
        (hold,) = paired.app.orders.get("demo", order_id).holds
        paired.app.orders.release_hold("demo", order_id, hold.hold_id, by=STAFF)
        assert 1 == self.later(paired).gone

        assert [] == holds_of(paired, order_id)
        paired.sync(told(3))
        audited(paired)

    def test_what_the_shop_forgot_to_tell_is_followed(self, paired):
        """
        A line that was deleted, or units that were added, without a word.
        """
        paired.sync(snapshot(CUP=3, HAT=1))
        paired.shop.put_silently(snapshot(CUP=4))
        report = self.later(paired)

        assert (1, 1, 0) == (report.asked, report.changed, report.gone)
        assert [(1, "awaiting_payment", [4])] == parts_of(paired)

    def test_only_what_is_open_and_was_not_told_is_asked_for(self, paired):
        """
        The shop is not asked about what it told today, nor about what has ended.
        """
        (ended,) = paired.sync(told(3, external_id="ended"))
        paired.app.orders.cancel("demo", [ended], by=SELLER)
        paired.sync(told(3))
        paired.clock.advance(timedelta(days=2))
        paired.sync(told(3))

        report = paired.sh.seller("demo").stores.reconcile("shop")
        assert (0, 0) == (report.asked, report.left)

    def test_more_than_the_limit_wait_for_the_next_time(self, paired):
        """
        Those not told for the longest time come first.
        """
        for number in range(3):
            paired.sync(told(3, external_id=str(number)))
            paired.clock.advance(timedelta(hours=1))
        paired.clock.advance(timedelta(days=2))
        stores = paired.sh.seller("demo").stores
        first = stores.reconcile("shop", limit=2)
        second = stores.reconcile("shop", limit=2)

        assert (2, 1) == (first.asked, first.left)
        assert (1, 0) == (second.asked, second.left)
        assert ["0", "1", "2"] == paired.shop.fetched

    def test_a_shop_that_cannot_tell_changes_nothing(self, paired):
        """
        It is asked again in a day.
        """
        (order_id,) = paired.sync(told(3))
        paired.shop.fetch_error = DeclinedError(provider="fake", detail="who knows")
        report = self.later(paired)

        assert (1, 1, 0) == (report.asked, report.unknown, report.gone)
        assert "awaiting_payment" == paired.app.orders.get("demo", order_id).state

    def test_another_order_than_asked_for_is_not_trusted(self, paired):
        """
        The order asked for is held, and the problem is listed.
        """
        (order_id,) = paired.sync(told(3))
        paired.shop.put_silently(told(9, external_id="2"), under="1")
        report = self.later(paired)

        assert 1 == report.rejected
        assert ["store_data"] == [reason for reason, _ in holds_of(paired, order_id)]
