"""
What a hold says there is to do can be done to the order as far as it has come.
"""

import attrs
import pytest

from sourcehere import TrackingFact, TrackingStatus
from sourcehere.domain.disputes.policy import DisputeReason, Remedy
from sourcehere.domain.kernel.errors import CommandRefusedError
from sourcehere.domain.orders.holds import HoldReason
from sourcehere.testing.factories import HOME, shop_lines, snapshot

ELSEWHERE = attrs.evolve(HOME, street="9 Elm St")
WHY = {"description": "in pieces", "photo": "photo-1"}


@pytest.fixture
def desk(paired):
    """
    What the seller does with orders.
    """
    return paired.sh.seller("demo")


@pytest.fixture
def ann(paired):
    """
    What staff do for the seller.
    """
    return paired.sh.staff("ann").seller("demo")


def advised(desk, order_id):
    """
    Return what there is to do about the holds of an order.
    """
    return [hold.what_to_do for hold in desk.orders.get(order_id).holds]


def advice(*words):
    """
    Return the words of one advice, which may be long, as `advised` has it.
    """
    return ["".join(words)]


def handed_on(bench, desk, order_id):
    """
    Return what there is to do once the first whose turn it was let it pass.
    """
    (hold,) = desk.orders.get(order_id).holds
    bench.clock.advance(hold.deadline - bench.clock.now())
    bench.app.clocks.fire()
    return [
        f"{one.who}: {one.what_to_do}"
        for one in desk.orders.get(order_id).holds
        if one.hold_id == hold.hold_id
    ]


def partly_left(bench, external_id="1"):
    """
    Make an order of three cups, one of which has left, and return its id.
    """
    order_id = bench.accepted(external_id, CUP=3)
    bench.ship(order_id, f"T{external_id}", i1_1=1)
    return order_id


def sent_again(bench, desk, ann):
    """
    Make an order that sends one unit of another one again, and return its id.
    """
    first = bench.accepted("first", CUP=3)
    bench.ship(first, "T-first")
    opened = desk.disputes.open(
        first,
        reason=DisputeReason.DAMAGED,
        quantities={"1.1": 1},
        evidence=WHY,
        remedy=Remedy.RESHIP,
    )
    ann.disputes.take(opened.dispute_id)
    return ann.disputes.grant(opened.dispute_id).reship_order_id


def happened(bench, ann, parcel_id, status):
    """
    Let the carrier say now what became of a parcel.
    """
    now = bench.clock.now()
    fact = TrackingFact(
        parcel_id=parcel_id, key=str(status), status=status, happened_at=now
    )
    ann.parcels.record([fact])


class TestAddress:
    def test_what_has_partly_left_keeps_its_address(self, paired, desk, ann):
        """
        Nobody is told to correct what cannot be corrected; releasing the hold lets the
        rest go.
        """
        order_id = partly_left(paired)
        ann.orders.hold(order_id, detail="no street", reason=HoldReason.ADDRESS)

        assert advice(
            "tell staff how to address what is left, or ask them to refund it: an order"
            " of which something has left keeps its address"
        ) == advised(desk, order_id)
        with pytest.raises(CommandRefusedError):
            desk.orders.correct_address(order_id, ELSEWHERE)
        assert advice(
            "staff: ",
            "ask the seller again, then release the hold to send what is left, or"
            " refund it",
        ) == handed_on(paired, desk, order_id)
        (hold, *_) = ann.orders.get(order_id).holds
        ann.orders.release_hold(order_id, hold.hold_id)
        paired.ship(order_id, "T2")
        assert "shipped" == desk.orders.get(order_id).state

    def test_a_draft_is_placed_first(self, paired, desk, ann):
        """
        The address of a draft cannot be corrected; once it is placed, that ends it.
        """
        order_id = desk.drafts.manual(paired.wanted(CUP=3), HOME).order_id
        ann.orders.hold(order_id, detail="no street", reason=HoldReason.ADDRESS)

        assert advice(
            "place the order, then correct the address, which ends the hold"
        ) == advised(desk, order_id)
        desk.drafts.place(order_id)
        assert ["correct the address, which ends the hold"] == advised(desk, order_id)
        desk.orders.correct_address(order_id, ELSEWHERE)
        assert [] == advised(desk, order_id)

    def test_what_is_ignored_is_restored_first(self, paired, desk, ann):
        """
        So is the address of what the seller ignores.
        """
        (order_id,) = paired.sync(snapshot("1", SOCK=1))
        desk.orders.ignore([order_id])
        ann.orders.hold(order_id, detail="no street", reason=HoldReason.ADDRESS)

        assert advice(
            "restore the order, then correct the address, which ends the hold; or"
            " cancel it"
        ) == advised(desk, order_id)
        desk.orders.restore([order_id])
        desk.orders.correct_address(order_id, ELSEWHERE)
        assert [] == advised(desk, order_id)

    def test_what_is_not_paid_is_not_to_be_refunded(self, paired, desk, ann):
        """
        Staff are told to refund only what was paid.
        """
        (order_id,) = paired.sync(snapshot("1", CUP=3))
        ann.orders.hold(order_id, detail="no street", reason=HoldReason.ADDRESS)

        assert advice("staff: ", "ask the seller again") == handed_on(
            paired, desk, order_id
        )


class TestChangedByTheShop:
    def test_another_address_of_what_has_partly_left(self, paired, desk, ann):
        """
        It cannot be followed any more, and neither the hold nor the reason why nothing
        can be taken over say that it can.
        """
        order_id = partly_left(paired)
        paired.sync(attrs.evolve(snapshot("1", CUP=3), address=ELSEWHERE))

        assert advice(
            "ask staff to send what is left to where the rest went, or to refund it:"
            " an order of which something has left keeps its address"
        ) == advised(desk, order_id)
        (why,) = desk.orders.why_not(order_id, "take_over")
        assert "the shop only sends it elsewhere, and something of it has left" == (
            why.words
        )
        (hold,) = desk.orders.get(order_id).holds
        ann.orders.release_hold(order_id, hold.hold_id)
        paired.ship(order_id, "T2")
        assert "shipped" == desk.orders.get(order_id).state

    def test_another_address_of_what_has_not_left(self, paired, desk):
        """
        It is corrected, by the seller or at last by staff; nothing can be taken over.
        """
        order_id = paired.paid(CUP=3)
        paired.sync(attrs.evolve(snapshot("1", CUP=3), address=ELSEWHERE))

        assert advice(
            "correct the address to where the shop sends it now, which has to be in the"
            " same country, or ask staff to refund it, or to send it to where it was"
            " paid for"
        ) == advised(desk, order_id)
        assert advice(
            "staff: ",
            "ask the seller, then correct the address, which has to be in the same"
            " country, refund it, or release the hold to send it to where it was paid"
            " for",
        ) == handed_on(paired, desk, order_id)

    def test_an_address_in_another_country(self, paired, desk):
        """
        Once it is cancelled the shop's order does not come back: another one is drafted
        by hand, and so the refusal says.
        """
        order_id = paired.paid(CUP=3)
        away = attrs.evolve(HOME, country="AU", region="", postal_code="2000")
        paired.sync(attrs.evolve(snapshot("1", CUP=3), address=away))

        with pytest.raises(CommandRefusedError) as refused:
            desk.orders.correct_address(order_id, away)
        (why,) = refused.value.blockers
        assert (
            "its freight was paid for US: have it cancelled, and draft an order by hand"
            " to AU"
        ) == why.words
        assert "cancelled" == desk.disputes.request_cancel(order_id).state
        moved = attrs.evolve(away, city="Sydney")
        paired.sync(attrs.evolve(snapshot("1", CUP=3), address=moved))
        assert [order_id] == [order.order_id for order in desk.orders.list()]
        made = desk.drafts.manual(paired.wanted(CUP=3), away).order_id
        desk.drafts.place(made)
        paired.pay(made)

    def test_where_the_shop_wants_fewer_nothing_is_taken_over(self, paired, desk, ann):
        """
        Nobody is told to take over what was not added, nor to correct an address; staff
        who refund the units end the hold.
        """
        order_id = paired.paid(CUP=3)
        paired.sync(attrs.evolve(snapshot("1"), lines=shop_lines({"CUP": 2})))

        assert advice(
            "ask staff to refund what the shop does not want any more, or to send what"
            " was paid"
        ) == advised(desk, order_id)
        assert desk.orders.why_not(order_id, "take_over")
        assert advice(
            "staff: ",
            "ask the seller, then refund what the shop does not want any more, which"
            " ends the hold, or release it to send what was paid",
        ) == handed_on(paired, desk, order_id)
        ann.refunds.refund_units(order_id, {"1.1": 1})
        assert [] == advised(desk, order_id)

    @pytest.mark.parametrize("units", [{"CUP": 4}, {"CUP": 2, "HAT": 1}])
    def test_what_the_shop_added_is_taken_over(self, paired, desk, units):
        """
        Also where it wants fewer of something else.
        """
        order_id = paired.paid(CUP=3)
        paired.sync(attrs.evolve(snapshot("1"), lines=shop_lines(units)))

        assert advice(
            "take over what the shop added, or ask staff to refund what it does not"
            " want any more, or to send what was paid"
        ) == advised(desk, order_id)
        assert not desk.orders.why_not(order_id, "take_over")

    def test_what_the_shop_is_not_paid_for_any_more(self, paired, desk):
        """
        An order that has partly left cannot be cancelled; the rest can be disputed.
        """
        order_id = partly_left(paired)
        paired.sync(snapshot("1", paid_at_store=False, CUP=3))

        assert advice(
            "wait until the shop says that its customer has paid, or dispute what has"
            " not left as not wanted"
        ) == advised(desk, order_id)
        assert desk.orders.why_not(order_id, "request_cancel")
        desk.disputes.open(
            order_id, reason=DisputeReason.CANCEL, quantities={"1.1": 2}, evidence={}
        )


class TestReship:
    def test_it_goes_to_the_country_that_was_paid_for(self, paired, desk, ann):
        """
        What is sent again costs nothing, and is not drafted by hand elsewhere.
        """
        order_id = sent_again(paired, desk, ann)
        away = attrs.evolve(HOME, country="AU", region="", postal_code="2000")
        with pytest.raises(CommandRefusedError) as refused:
            desk.orders.correct_address(order_id, away)
        (why,) = refused.value.blockers

        assert "what is sent again goes to US, as it was paid for" == why.words

    def test_units_that_cannot_be_bought(self, paired, desk, ann):
        """
        A reship is not disputed: it is cancelled while nobody has accepted it.
        """
        order_id = sent_again(paired, desk, ann)
        reason = HoldReason.OUT_OF_STOCK
        ann.orders.hold(order_id, detail="none left", reason=reason)

        assert ["wait until it can be bought again, or cancel it"] == advised(
            desk, order_id
        )
        ann.shipping.accept([order_id])
        assert advice(
            "wait until it can be bought again, or ask staff to send the rest without"
            " it"
        ) == advised(desk, order_id)
        assert desk.orders.why_not(order_id, "request_cancel")
        assert advice(
            "staff: ", "refund its units, or agree with the seller to wait"
        ) == handed_on(paired, desk, order_id)

    def test_what_is_not_carried_is_disputed_with_the_first(self, paired, desk, ann):
        """
        What is the matter with its parcel is said to be disputed where it can be.
        """
        order_id = sent_again(paired, desk, ann)
        ann.shipping.accept([order_id])
        sent = ann.shipping.ship(order_id, carrier="post", tracking_number="T2")
        happened(paired, ann, sent.parcel_id, TrackingStatus.CANCELLED)

        assert advice(
            "replace the parcel by one with another number, or have the seller"
            " dispute it as not received, grant that, and release the hold"
        ) == advised(desk, order_id)
        assert advice(
            "seller: ",
            "ask staff when it leaves, or dispute it as not received, with the"
            " order that it sends again",
        ) == handed_on(paired, desk, order_id)
        (first,) = desk.orders.find_number("#first")
        desk.disputes.open(
            first,
            reason=DisputeReason.NOT_RECEIVED,
            quantities={"1.1": 1},
            evidence={"description": "never came"},
        )


def test_what_has_left_is_refunded_by_a_dispute(paired, desk, ann):
    """
    Staff are not told to refund a lost parcel, which they cannot: the seller disputes
    it, and they grant it.
    """
    order_id = paired.accepted(CUP=3)
    sent = ann.shipping.ship(order_id, carrier="post", tracking_number="T1")
    happened(paired, ann, sent.parcel_id, TrackingStatus.LOST)

    assert advice(
        "staff: ",
        "replace the parcel, or have the seller dispute it as not received, grant that,"
        " and release the hold",
    ) == handed_on(paired, desk, order_id)
    assert ann.orders.why_not(order_id, "refund_units")
    opened = desk.disputes.open(
        order_id,
        reason=DisputeReason.NOT_RECEIVED,
        quantities={"1.1": 3},
        evidence={"description": "lost"},
    )
    ann.disputes.take(opened.dispute_id)
    ann.disputes.grant(opened.dispute_id)
    assert desk.orders.get(order_id).captured == desk.orders.get(order_id).refunded
    assert advice(
        "all of it is refunded: staff give the order up as lost, or release the hold"
    ) == advised(desk, order_id)
    assert "cancelled" == ann.orders.give_up(order_id).state
    assert [] == advised(desk, order_id)


def test_the_rest_of_what_is_late_is_disputed(paired, desk):
    """
    The seller may cancel only an order of which nothing has left.
    """
    order_id = partly_left(paired)
    paired.clock.advance(desk.orders.get(order_id).promised_by - paired.clock.now())
    paired.app.clocks.fire()

    assert advice(
        "send what is left, or refund it; the seller may dispute it as not wanted"
    ) == advised(desk, order_id)
