"""
What refunds and disputes say of themselves: reasons, bounds, deadlines, refusals.
"""

from datetime import timedelta

import pytest

from sourcehere import CommandRefusedError, Count, DisputeReason
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.domain.talk.model import Subject
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import SELLER, STAFF, nothing_moves

EVIDENCE = {"description": "see the photo", "photo": "photo-1"}


def dispute(bench, order_id, reason=DisputeReason.DAMAGED, *, taken=True, **units):
    """
    Dispute items as `i1_1=2`, and take it on.
    """
    new = NewDispute(
        order_id=order_id,
        reason=reason,
        quantities={n[1:].replace("_", "."): q for n, q in units.items()},
        evidence=EVIDENCE,
    )
    dispute_id = bench.app.disputes.open("demo", new, by=SELLER)
    if taken:
        bench.app.disputes.move("demo", dispute_id, "take", by=STAFF)
    return dispute_id


def reasons(bench, order_id):
    """
    List why an order was refunded, oldest first.
    """
    found = bench.app.orders.refunds("demo", order_id)
    return [(r.reason, r.amount_minor, r.freight_minor, r.target) for r in found]


class TestReasons:
    def test_each_refund_says_why(self, paired):
        """
        Units, what was shipped short, and a dispute: each with its own amount.
        """
        order_id = paired.accepted(CUP=4)
        paired.app.orders.refund_units("demo", order_id, {"1.1": 1}, by=STAFF)
        paired.ship(order_id, i1_1=2)
        paired.app.shipping.short_ship_rest("demo", order_id, by=STAFF)
        name = dispute(paired, order_id, i1_1=1)
        paired.app.disputes.grant("demo", name, by=STAFF)

        assert [
            ("units", 500, 0, "wallet"),
            ("short", 500, 0, "wallet"),
            ("dispute", 500, 0, "wallet"),
        ] == reasons(paired, order_id)
        refunds = paired.app.orders.refunds("demo", order_id)
        assert ["", "", name] == [refund.dispute_id for refund in refunds]

    @pytest.mark.parametrize("who", ["seller", "staff"])
    def test_an_order_that_is_cancelled_says_so(self, paired, who):
        """
        Everything comes back at once, freight with it.
        """
        order_id = paired.paid(CUP=2)
        if who == "seller":
            paired.app.disputes.request_cancel("demo", order_id, by=SELLER)
        else:
            paired.app.orders.refund_all("demo", order_id, by=STAFF)

        assert [("cancelled", 1550, 550, "wallet")] == reasons(paired, order_id)

    def test_a_wish_to_cancel_says_what_became_of_it(self, paired):
        """
        Once accepted it is a dispute about that order, which waits where it was.
        """
        order_id = paired.accepted(CUP=2)
        asked = paired.app.disputes.request_cancel("demo", order_id, by=SELLER)
        found = paired.app.disputes.get("demo", asked.dispute_id)

        assert "awaiting_shipping" == asked.state
        assert (order_id, [("1.1", 2)]) == (
            found.order_id,
            [(units.item_id, units.quantity) for units in found.units],
        )


class TestOffers:
    @pytest.mark.parametrize("amount", [0, 1000])
    def test_both_bounds_are_offers(self, paired, amount):
        """
        Nothing at all may be offered, and the most.
        """
        order_id = paired.accepted(CUP=4)
        paired.ship(order_id)
        name = dispute(paired, order_id, i1_1=2)
        paired.app.disputes.offer("demo", name, amount, by=STAFF)
        before = paired.balance()
        settled = paired.app.disputes.accept("demo", name, by=SELLER)

        assert ("resolved", amount, "USD") == (
            settled.state,
            settled.refunded_minor,
            settled.currency,
        )
        assert before + amount == paired.balance()

    def test_beyond_the_most_is_refused_by_name(self, paired):
        """
        The refusal says which argument, and what may be offered.
        """
        order_id = paired.accepted(CUP=4)
        paired.ship(order_id)
        name = dispute(paired, order_id, i1_1=2)

        with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
            paired.app.disputes.offer("demo", name, 1001, by=STAFF)
        assert ("amount_minor", 1001, "0 to 1000") == (
            ei.value.field,
            ei.value.value,
            ei.value.expected,
        )

    @pytest.mark.parametrize("act", ["offer", "ask"])
    def test_the_seller_has_fourteen_days(self, paired, act):
        """
        A question and an offer wait for the seller for as long as the settings say.
        """
        order_id = paired.accepted(CUP=4)
        paired.ship(order_id)
        name = dispute(paired, order_id, i1_1=2)
        if act == "offer":
            paired.app.disputes.offer("demo", name, 1, by=STAFF)
        else:
            paired.app.disputes.move("demo", name, "ask", by=STAFF)

        until = paired.app.disputes.get("demo", name).answer_by
        assert paired.clock.now() + timedelta(days=14) == until

    def test_an_offer_settles_its_units(self, paired):
        """
        What an accepted offer gave less is not made up for by the next claim.
        """
        order_id = paired.accepted(CUP=4)
        paired.ship(order_id)
        half = DisputeReason.QUALITY
        first = dispute(paired, order_id, half, i1_1=1)
        paired.app.disputes.offer("demo", first, 100, by=STAFF)
        paired.app.disputes.accept("demo", first, by=SELLER)
        second = dispute(paired, order_id, half, i1_1=1)

        assert 250 == paired.app.disputes.get("demo", second).asked_minor


class TestWords:
    def test_messages_keep_their_attachment(self, paired):
        """
        What is said has an attachment where one is given, and none where not.
        """
        order_id = paired.accepted(CUP=1)
        paired.ship(order_id)
        name = dispute(paired, order_id, i1_1=1)
        paired.app.conversations.say(
            "demo", Subject.DISPUTE, name, "look", by=SELLER, attachments=["p2"]
        )
        paired.app.conversations.say("demo", Subject.DISPUTE, name, "thanks", by=STAFF)

        assert [
            ("see the photo", "description", ()),
            ("photo-1", "photo", ()),
            ("look", "", ("p2",)),
            ("thanks", "", ()),
        ] == [
            (one.text, one.evidence, one.attachments)
            for one in paired.sh.seller("demo").conversations.messages(
                Subject.DISPUTE, name
            )
        ]


class TestCloudWarehouseOrders:
    def test_what_is_on_its_way_is_not_damaged(self, paired):
        """
        Damage is about units that came: those on their way stay outstanding.
        """
        bulk = paired.bought(CUP=5)
        paired.app.cloud.dispatch("demo", bulk, by=STAFF)
        counted = {"1.1": Count(1, damaged=1)}
        paired.app.cloud.receive("demo", bulk, counted, by=STAFF)
        paired.app.disputes.grant("demo", dispute(paired, bulk, i1_1=2), by=STAFF)
        item = paired.app.orders.get("demo", bulk).items["1.1"]
        (view,) = paired.app.cloud.stock("demo")

        assert (3, 0) == (item.quantity_outstanding, item.quantity_written_off)
        assert (3, 0) == (view.incoming, view.on_hand)

    def test_a_grant_that_comes_too_late_says_of_which_units(self, paired):
        """
        Two of three disputed cups are bound to a customer's order by now.
        """
        bulk = paired.stocked(CUP=3)
        name = dispute(paired, bulk, DisputeReason.WRONG_ITEM, i1_1=3)
        paired.paid(CUP=2)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.disputes.grant("demo", name, by=STAFF)
        (blocker,) = ei.value.blockers
        assert ("order", bulk, "resolve_dispute") == (
            ei.value.kind,
            ei.value.id,
            ei.value.command,
        )
        assert ("units_allocated", {"item": "1.1", "units": 2}) == (
            blocker.code,
            blocker.facts,
        )
        ann = paired.sh.staff("ann").seller("demo").disputes
        assert (blocker,) == ann.why_not(name, "grant")
        assert "grant" not in ann.allowed(name)
        assert {"ask", "offer", "offer_reship", "reject"} & set(ann.allowed(name)) == {
            "ask",
            "offer",
            "reject",
        }

    def test_a_grant_of_units_that_are_there_is_offered(self, paired):
        """
        One of three is bound, and was not disputed; the loss of one on its way takes
        nothing that is there.
        """
        bulk = paired.stocked(CUP=3)
        there = dispute(paired, bulk, DisputeReason.WRONG_ITEM, i1_1=2)
        late = paired.bought(CUP=3)
        paired.app.cloud.dispatch("demo", late, by=STAFF)
        coming = dispute(paired, late, DisputeReason.NOT_RECEIVED, i1_1=3)
        paired.paid(CUP=1)
        ann = paired.sh.staff("ann").seller("demo").disputes

        for name in (there, coming):
            assert "grant" in ann.allowed(name)
            assert () == ann.why_not(name, "grant")
            ann.grant(name)

    def test_what_cannot_be_disputed_is_said_in_words(self, paired):
        """
        Of five cups three are free; of two on their way both are.
        """
        bulk = paired.bought(CUP=7)
        paired.app.cloud.dispatch("demo", bulk, by=STAFF)
        paired.app.cloud.receive("demo", bulk, {"1.1": Count(5)}, by=STAFF)
        paired.paid(CUP=2)
        words = []
        for reason in (DisputeReason.WRONG_ITEM, DisputeReason.NOT_RECEIVED):
            new = NewDispute(
                order_id=bulk, reason=reason, quantities={"1.1": 7}, evidence=EVIDENCE
            )
            (blocker,) = paired.app.disputes.why_not_open("demo", new, by=SELLER)
            words.append(blocker.words)

        neither = "neither bound to customers' orders nor in an open dispute"
        asked = "item 1.1: 7 units asked, but only"
        assert [
            f"{asked} 3 arrived and are {neither}",
            f"{asked} 5 are on their way or arrived and are {neither}",
        ] == words

    def test_several_disputes_leave_what_they_do_not_take(self, paired):
        """
        Two disputes about what came and two about what did not: one cup is left.
        """
        bulk = paired.bought(CUP=10)
        paired.app.cloud.dispatch("demo", bulk, by=STAFF)
        paired.app.cloud.receive("demo", bulk, {"1.1": Count(5)}, by=STAFF)
        paired.paid(CUP=1)
        for reason, units in (
            (DisputeReason.WRONG_ITEM, 1),
            (DisputeReason.WRONG_ITEM, 2),
            (DisputeReason.NOT_RECEIVED, 2),
            (DisputeReason.NOT_RECEIVED, 3),
        ):
            dispute(paired, bulk, reason, taken=False, i1_1=units)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, bulk, DisputeReason.NOT_RECEIVED, i1_1=2)
        assert [("units_allocated", 1)] == [
            (blocker.code, blocker.facts["most"]) for blocker in ei.value.blockers
        ]
        assert dispute(paired, bulk, DisputeReason.WRONG_ITEM, taken=False, i1_1=1)

    def test_good_units_leave_the_newest_lot_first(self, paired):
        """
        Of two lots the newest is refunded, then the older one.
        """
        bulk = paired.bought(CUP=5)
        paired.app.cloud.dispatch("demo", bulk, by=STAFF)
        for units in (3, 2):
            paired.app.cloud.receive("demo", bulk, {"1.1": Count(units)}, by=STAFF)
        wrong = DisputeReason.WRONG_ITEM
        for units, on_hand in ((2, [3, 0]), (1, [2, 0])):
            name = dispute(paired, bulk, wrong, i1_1=units)
            paired.app.disputes.grant("demo", name, by=STAFF)
            assert on_hand == [lot.on_hand for lot in paired.app.cloud.lots("demo")]
