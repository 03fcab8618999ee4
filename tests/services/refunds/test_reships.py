"""
Disputes that end with sending the units again: an order of their own, free of charge.
"""

from datetime import timedelta

import pytest

from sourcehere import (
    Address,
    CommandRefusedError,
    Count,
    DisputeReason,
    InvalidInputError,
    Remedy,
)
from sourcehere.domain.shipments.model import TrackingStatus
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.services.sending.tracking import TrackingFact
from sourcehere.testing.factories import (
    CARRIER,
    HOME,
    NOON,
    SELLER,
    STAFF,
    nothing_moves,
)

EVIDENCE = {"description": "see the photo", "photo": "photo-1"}
DAMAGED, LOST = DisputeReason.DAMAGED, DisputeReason.NOT_RECEIVED
CANCEL = DisputeReason.CANCEL


def new(order_id, reason=DAMAGED, remedy=Remedy.RESHIP, asked=None, **units):
    """
    Say what is disputed: items as `i1_1=2`.
    """
    return NewDispute(
        order_id=order_id,
        reason=reason,
        quantities={n[1:].replace("_", "."): q for n, q in units.items()},
        evidence=EVIDENCE,
        asked_minor=asked,
        remedy=remedy,
    )


def taken(bench, order_id, **claim):
    """
    Open a dispute, and let staff take it up.
    """
    dispute_id = bench.app.disputes.open("demo", new(order_id, **claim), by=SELLER)
    bench.app.disputes.move("demo", dispute_id, "take", by=STAFF)
    return dispute_id


def reshipped(bench, order_id, **claim):
    """
    Ask for units to be sent again, and have it granted; return the order that does.
    """
    dispute_id = taken(bench, order_id, **claim)
    return bench.app.disputes.grant("demo", dispute_id, by=STAFF).reship_order_id


def refunded(bench, order_id, **claim):
    """
    Ask for money, and have it granted.
    """
    dispute_id = taken(bench, order_id, remedy=Remedy.REFUND, **claim)
    return bench.app.disputes.grant("demo", dispute_id, by=STAFF).refunded_minor


def why_not(bench, order_id, **claim):
    """
    Return the codes why units cannot be disputed now.
    """
    found = bench.app.disputes.why_not_open("demo", new(order_id, **claim), by=SELLER)
    return [blocker.code for blocker in found]


def sent(bench, order_id, number="R1"):
    """
    Let the warehouse accept an order and send all of it.
    """
    bench.app.shipping.accept("demo", [order_id], by=STAFF)
    return bench.ship(order_id, number)


def on_day(bench, day):
    """
    Move the clock to noon of a day, from 0.
    """
    bench.clock.at = NOON + timedelta(days=day)


def arrives(bench, parcel_id):
    """
    Let the carrier say that a parcel was delivered.
    """
    fact = TrackingFact(
        parcel_id=parcel_id,
        status=TrackingStatus.DELIVERED,
        happened_at=bench.clock.now(),
        key=f"{parcel_id}:delivered",
    )
    bench.app.tracking.record("demo", [fact], by=CARRIER)


@pytest.fixture
def order_id(paired):
    """
    Four cups that have left, with a hat.
    """
    made = paired.accepted(CUP=4, HAT=1)
    paired.ship(made, "T1")
    return made


class TestAsked:
    def test_what_is_made(self, paired, order_id):
        """
        An order of the units, free of charge, to where the first one went, waits to be
        accepted.
        """
        origin = paired.app.orders.get("demo", order_id)
        before = paired.balance()
        again = reshipped(paired, order_id, i1_1=2, i2_1=1)

        made = paired.app.orders.get("demo", again)
        assert (
            "manual",
            "awaiting_shipping",
            order_id,
            "#1-R1",
            "US",
            origin.method,
        ) == (
            made.kind,
            made.state,
            made.origin_order_id,
            made.number,
            made.country,
            made.method,
        )
        assert [
            ("1.1", "CUP", 2, paired.variants["CUP"]),
            ("2.1", "HAT", 1, paired.variants["HAT"]),
        ] == [
            (line.external_line_id, line.sku, line.quantity, line.items[0].variant_id)
            for line in made.lines
        ]
        assert {0} == {made.due.minor, made.captured.minor, made.refunded.minor}
        assert made.paid_at is None
        assert NOON + timedelta(days=7) == made.promised_by
        assert HOME == paired.app.orders.address("demo", again)
        assert before == paired.balance()
        assert origin.refunded == paired.app.orders.get("demo", order_id).refunded

    def test_the_dispute_says_so(self, paired, order_id):
        """
        It is resolved, names the order, and grants no money.
        """
        again = reshipped(paired, order_id, i1_1=2)
        (dispute,) = paired.app.disputes.of_order("demo", order_id)

        assert ("resolved", "reship", 0, 0, again) == (
            dispute.state,
            dispute.asked_remedy,
            dispute.asked_minor,
            dispute.granted_minor,
            dispute.reship_order_id,
        )
        story = paired.app.orders.timeline("demo", order_id, by=SELLER)
        assert "dispute ended with a reship" == story[-1].words
        (begun,) = paired.app.orders.timeline("demo", again, by=SELLER)
        assert "sends 2 units of an order again, free of charge" == begun.words

    def test_it_is_sent_and_no_shop_is_told(self, paired, order_id):
        """
        The shop has one tracking number for the units: of their first parcel.
        """
        paired.app.relay.run()
        again = reshipped(paired, order_id, i1_1=2)
        sent(paired, again)
        paired.app.relay.run()

        assert "shipped" == paired.app.orders.get("demo", again).state
        assert ["T1"] == [
            one.tracking_number for one in paired.shop.fulfilments.values()
        ]

    def test_the_seller_s_stock_is_not_drawn(self, paired):
        """
        A unit that came from the seller's own stock is sent again at the platform's
        expense.
        """
        paired.stocked(CUP=5)
        order_id = paired.accepted(CUP=1)
        paired.ship(order_id, "T1")
        again = reshipped(paired, order_id, i1_1=1)
        sent(paired, again)

        (view,) = paired.app.cloud.stock("demo")
        assert (4, 0) == (view.on_hand, view.allocated)

    def test_done_again_it_is_the_same_order(self, paired, order_id):
        """
        A grant with the same command id gives the answer of the first one.
        """
        dispute_id = taken(paired, order_id, i1_1=1)
        grant = paired.app.disputes.grant
        first = grant("demo", dispute_id, by=STAFF, command_id="c1")
        with nothing_moves(paired):
            assert first == grant("demo", dispute_id, by=STAFF, command_id="c1")
        with nothing_moves(paired), pytest.raises(CommandRefusedError):
            grant("demo", dispute_id, by=STAFF)


class TestOffered:
    def test_it_is_accepted(self, paired, order_id):
        """
        Staff offer it where money was asked, and the seller takes it.
        """
        dispute_id = taken(paired, order_id, remedy=Remedy.REFUND, i1_1=1)
        paired.app.disputes.offer_reship("demo", dispute_id, by=STAFF)
        dispute = paired.app.disputes.get("demo", dispute_id)
        assert ("offered", "refund", "reship", 0) == (
            dispute.state,
            dispute.asked_remedy,
            dispute.offered_remedy,
            dispute.offered_minor,
        )
        settled = paired.app.disputes.accept("demo", dispute_id, by=SELLER)

        assert ("resolved", 0) == (settled.state, settled.refunded_minor)
        made = paired.app.orders.get("demo", settled.reship_order_id)
        assert ["CUP"] == [line.sku for line in made.lines]

    def test_the_last_offer_counts(self, paired, order_id):
        """
        A reship that was countered is forgotten when money is offered, and money where
        the units are asked for again is money.
        """
        dispute_id = taken(paired, order_id, i1_1=1)
        paired.app.disputes.offer_reship("demo", dispute_id, by=STAFF)
        paired.app.disputes.move("demo", dispute_id, "counter", by=SELLER)
        paired.app.disputes.offer("demo", dispute_id, 300, by=STAFF)
        settled = paired.app.disputes.accept("demo", dispute_id, by=SELLER)

        assert (300, "") == (settled.refunded_minor, settled.reship_order_id)

    def test_granting_does_what_was_asked(self, paired, order_id):
        """
        Where money was asked it is money, whatever was offered before.
        """
        dispute_id = taken(paired, order_id, remedy=Remedy.REFUND, i1_1=1)
        paired.app.disputes.offer_reship("demo", dispute_id, by=STAFF)
        paired.app.disputes.move("demo", dispute_id, "counter", by=SELLER)
        settled = paired.app.disputes.grant("demo", dispute_id, by=STAFF)

        assert (500, "") == (settled.refunded_minor, settled.reship_order_id)


class TestAgain:
    def test_units_on_their_way_again_are_not_disputed(self, paired, order_id):
        """
        Two of four cups are sent again: two can be disputed until these have left.
        """
        again = reshipped(paired, order_id, i1_1=2)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.disputes.open("demo", new(order_id, i1_1=3), by=SELLER)
        assert ("units_sent_again",) == ei.value.codes
        facts = {"item": "1.1", "asked": 3, "left": 2, "again": 2}
        assert facts == ei.value.blockers[0].facts
        assert [] == why_not(paired, order_id, i1_1=2)

        sent(paired, again)
        assert [] == why_not(paired, order_id, i1_1=4)

    def test_their_window_is_that_of_the_new_parcel(self, paired, order_id):
        """
        On day 60 the cups that were sent again on day 40 can be disputed, and no other.
        """
        again = reshipped(paired, order_id, i1_1=2)
        on_day(paired, 40)
        arrives(paired, sent(paired, again))
        on_day(paired, 60)

        assert ["window_closed"] == why_not(paired, order_id, i1_1=3)
        assert [] == why_not(paired, order_id, i1_1=2)
        on_day(paired, 71)
        assert ["window_closed"] == why_not(paired, order_id, i1_1=1)

    def test_lost_again_they_are_refunded_at_what_was_paid(self, paired, order_id):
        """
        The money is that of the first order, once, and no unit brings it twice.
        """
        sent(paired, reshipped(paired, order_id, i1_1=2))
        before = paired.balance()
        assert 1000 == refunded(paired, order_id, reason=LOST, i1_1=2)
        assert before + 1000 == paired.balance()
        assert 1000 == refunded(paired, order_id, i1_1=2)

        assert ["units_taken"] == why_not(paired, order_id, i1_1=1)

    def test_lost_again_the_last_of_them_brings_the_freight(self, paired):
        """
        One of two cups came broken and was sent again, for which nothing was refunded;
        then both are lost, and all that was paid comes back.
        """
        made = paired.accepted("2", CUP=2)
        paired.ship(made, "T2")
        sent(paired, reshipped(paired, made, i1_1=1))
        paid = paired.app.orders.get("demo", made).captured.minor
        assert paid > 1000

        assert paid == refunded(paired, made, reason=LOST, i1_1=2)

    def test_from_stock_they_are_refunded_at_what_the_lot_cost(self, paired):
        """
        The order that bought the lot carries the money, as without a reship.
        """
        bulk = paired.stocked(CUP=5)
        unit = paired.app.orders.get("demo", bulk).items["1.1"].unit_price.minor
        order_id = paired.accepted(CUP=2)
        paired.ship(order_id, "T1")
        sent(paired, reshipped(paired, order_id, i1_1=1))

        assert unit == refunded(paired, order_id, i1_1=1)
        assert unit == paired.app.orders.get("demo", bulk).refunded.minor

    def test_a_second_reship_names_the_first_order(self, paired, order_id):
        """
        A reship that fails as well is not the origin of another one.
        """
        first = reshipped(paired, order_id, i1_1=1)
        sent(paired, first)
        second = reshipped(paired, order_id, i1_1=4)

        made = paired.app.orders.get("demo", second)
        assert (order_id, "#1-R2") == (made.origin_order_id, made.number)
        assert ["units_sent_again"] == why_not(paired, order_id, i1_1=1)


class TestTakenBack:
    @pytest.mark.parametrize("how", ["seller", "staff"])
    def test_before_it_leaves(self, paired, order_id, how):
        """
        It costs nothing, so nothing comes back; and the units are as they were before.
        """
        again = reshipped(paired, order_id, i1_1=2)
        before = paired.balance()
        if how == "seller":
            paired.app.disputes.request_cancel("demo", again, by=SELLER)
        else:
            paired.app.orders.refund_all("demo", again, by=STAFF)

        made = paired.app.orders.get("demo", again)
        assert ("cancelled", 0) == (made.state, made.refunded.minor)
        assert before == paired.balance()
        assert [] == why_not(paired, order_id, i1_1=4)
        on_day(paired, 31)
        assert ["window_closed"] == why_not(paired, order_id, i1_1=1)

    def test_a_part_of_it(self, paired, order_id):
        """
        One of two units cannot be sent: it can be disputed at once, the other one when
        it has left.
        """
        again = reshipped(paired, order_id, i1_1=2)
        paired.app.orders.refund_units("demo", again, {"1.1": 1}, by=STAFF)

        assert ["units_sent_again"] == why_not(paired, order_id, i1_1=4)
        assert [] == why_not(paired, order_id, i1_1=3)
        sent(paired, again)
        assert [] == why_not(paired, order_id, i1_1=4)

    def test_not_once_it_is_accepted(self, paired, order_id):
        """
        Other orders are disputed then, which a reship cannot be.
        """
        again = reshipped(paired, order_id, i1_1=2)
        paired.app.shipping.accept("demo", [again], by=STAFF)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.disputes.request_cancel("demo", again, by=SELLER)
        assert ("already_accepted",) == ei.value.codes


class TestRefused:
    def test_a_reship_is_not_disputed(self, paired, order_id):
        """
        Its units are those of the first order, which has their money.
        """
        again = reshipped(paired, order_id, i1_1=2)
        sent(paired, again)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.disputes.open("demo", new(again, i1_1=1), by=SELLER)
        assert ("is_reship",) == ei.value.codes
        assert {"order": order_id} == ei.value.blockers[0].facts
        assert ["is_reship"] == [
            blocker.code
            for blocker in paired.app.orders.why_not(
                "demo", again, "receive_locally", by=SELLER
            )
        ]

    def test_what_has_not_left(self, paired):
        """
        What is not wanted any more is not sent again.
        """
        order_id = paired.accepted(CUP=2)
        claim = new(order_id, reason=CANCEL, i1_1=1)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.disputes.open("demo", claim, by=SELLER)
        assert ("remedy_not_allowed",) == ei.value.codes
        assert {"reason": "cancel", "remedy": "reship"} == ei.value.blockers[0].facts

        dispute_id = taken(
            paired, order_id, reason=CANCEL, remedy=Remedy.REFUND, i1_1=1
        )
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.disputes.offer_reship("demo", dispute_id, by=STAFF)
        assert ("remedy_not_allowed",) == ei.value.codes
        assert "offer_reship" not in paired.app.disputes.allowed(
            "demo", dispute_id, by=STAFF
        )

    def test_what_a_warehouse_counted(self, paired):
        """
        What came broken for the seller's stock goes to no customer.
        """
        bulk = paired.bought(CUP=5)
        paired.app.cloud.dispatch("demo", bulk, by=STAFF)
        paired.app.cloud.receive("demo", bulk, {"1.1": Count(3, 2)}, by=STAFF)
        assert ["not_for_this_kind"] == why_not(paired, bulk, i1_1=2)

        dispute_id = taken(paired, bulk, remedy=Remedy.REFUND, i1_1=2)
        desk = paired.app.disputes
        assert ("ask", "offer", "grant", "reject") == desk.allowed(
            "demo", dispute_id, by=STAFF
        )
        assert ["not_for_this_kind"] == [
            blocker.code
            for blocker in desk.why_not("demo", dispute_id, "offer_reship", by=STAFF)
        ]
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.disputes.offer_reship("demo", dispute_id, by=STAFF)
        assert ("not_for_this_kind",) == ei.value.codes

    @pytest.mark.parametrize("asked", [1, 500])
    def test_money_beside_it(self, paired, order_id, asked):
        """
        Who wants the units gets no money for them.
        """
        claim = new(order_id, asked=asked, i1_1=1)
        with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
            paired.app.disputes.open("demo", claim, by=SELLER)
        assert ("asked_minor", asked, "0 to 0") == (
            ei.value.field,
            ei.value.value,
            ei.value.expected,
        )


class TestForgotten:
    def test_the_buyer_is_forgotten_with_all_of_it(self, paired, order_id):
        """
        Nobody is forgotten while units are sent again; then both addresses are.
        """
        again = reshipped(paired, order_id, i1_1=2)
        on_day(paired, 60)
        paired.app.clocks.fire()
        for one in (order_id, again):
            with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
                paired.app.erasing.erase_buyer("demo", one, by=SELLER)
            assert ("wrong_state",) == ei.value.codes
        (blocker,) = paired.app.erasing.why_not_erased("demo", order_id, by=SELLER)
        assert blocker.words.startswith("reship #1-R1: it is awaiting_shipping")

        arrives(paired, sent(paired, again))
        erased = paired.app.erasing.erase_buyer("demo", again, by=SELLER)

        assert ({order_id, again}, 2) == (set(erased.order_ids), erased.addresses)
        for one in (order_id, again):
            assert Address("US") == paired.app.orders.address("demo", one)

    def test_nothing_is_sent_to_who_is_forgotten(self, paired, order_id):
        """
        Nobody knows where to: there is a refund then.
        """
        (parcel,) = paired.app.orders.get("demo", order_id).parcels
        arrives(paired, parcel.parcel_id)
        paired.app.erasing.erase_buyer("demo", order_id, by=SELLER)
        assert ["buyer_erased"] == why_not(paired, order_id, i1_1=2)

        dispute_id = taken(paired, order_id, remedy=Remedy.REFUND, i1_1=2)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.disputes.offer_reship("demo", dispute_id, by=STAFF)
        assert ("buyer_erased",) == ei.value.codes
