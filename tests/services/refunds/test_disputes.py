"""
"Depute": who may dispute what, when, with what evidence, and what comes back.
"""

from datetime import timedelta

import pytest

from sourcehere import (
    SYSTEM,
    CommandRefusedError,
    Count,
    DisputeReason,
    IdempotencyConflictError,
    Tab,
)
from sourcehere.domain.disputes.policy import POLICY
from sourcehere.domain.kernel.errors import InvalidInputError, NotFoundError
from sourcehere.domain.talk.model import Subject
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import SELLER, STAFF, nothing_moves

EVIDENCE = {"description": "see the photo", "photo": "photo-1"}


def dispute(bench, order_id, reason=DisputeReason.DAMAGED, *, evidence=None, **options):
    """
    Open a dispute about items as `i1_1=2`.
    """
    asked = options.pop("asked", None)
    return bench.app.disputes.open(
        "demo",
        NewDispute(
            order_id=order_id,
            reason=reason,
            quantities={n[1:].replace("_", "."): q for n, q in options.items()},
            evidence=EVIDENCE if evidence is None else evidence,
            asked_minor=asked,
        ),
        by=SELLER,
    )


def move(bench, dispute_id, *commands):
    """
    Take a dispute through moves, each by whom it is for.
    """
    sellers = ("answer", "counter", "withdraw")
    for command in commands:
        by = SELLER if command in sellers else SYSTEM if command == "expire" else STAFF
        text = "it is packed" if command == "reject" else ""
        bench.app.disputes.move("demo", dispute_id, command, by=by, text=text)


def granted(bench, dispute_id):
    """
    Take a dispute on and grant it.
    """
    move(bench, dispute_id, "take")
    return bench.app.disputes.grant("demo", dispute_id, by=STAFF).refunded_minor


@pytest.fixture
def shipped(paired):
    """
    A shipped order of four cups at 500 and freight of 700.
    """
    order_id = paired.accepted(CUP=4)
    paired.ship(order_id)
    return order_id


class TestPolicy:
    def test_the_table_is_the_one_that_was_decided(self):
        """
        Reason -> days, evidence, most of goods and freight in hundredths of a percent.
        """
        assert {
            "cancel": (365, (), 10_000, 10_000),
            "not_received": (90, ("description",), 10_000, 10_000),
            "damaged": (30, ("description", "photo"), 10_000, 0),
            "wrong_item": (30, ("description", "photo"), 10_000, 10_000),
            "quality": (30, ("description", "photo"), 5_000, 0),
            "short": (30, ("description",), 10_000, 0),
        } == {
            reason.value: (
                row.window.days,
                row.evidence,
                row.goods_points,
                row.freight_points,
            )
            for reason, row in POLICY.items()
        }

    @pytest.mark.parametrize(
        "reason", [r for r in DisputeReason if r != DisputeReason.CANCEL]
    )
    def test_a_window_closes(self, paired, shipped, reason):
        """
        A dispute is open to the last moment of its window, counted from the state.
        """
        paired.clock.advance(POLICY[reason].window + timedelta(microseconds=1))
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, shipped, reason, i1_1=1)
        assert ("window_closed",) == ei.value.codes
        assert POLICY[reason].window.days == ei.value.blockers[0].facts["days"]

        paired.clock.advance(timedelta(microseconds=-1))
        assert dispute(paired, shipped, reason, i1_1=1)

    @pytest.mark.parametrize("reason", list(DisputeReason))
    def test_missing_evidence_is_named(self, paired, shipped, reason):
        """
        Every kind of evidence that the reason needs and nobody gave is named.
        """
        needed = POLICY[reason].evidence
        if reason == DisputeReason.CANCEL:
            shipped = paired.accepted("2", CUP=4)
        if not needed:
            assert dispute(paired, shipped, reason, evidence={}, i1_1=1)
            return

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, shipped, reason, evidence={}, i1_1=1)
        assert ("evidence_missing",) * len(needed) == ei.value.codes
        assert list(needed) == [b.facts["evidence"] for b in ei.value.blockers]

    @pytest.mark.parametrize(
        ("reason", "units", "most"),
        [
            (DisputeReason.NOT_RECEIVED, 4, 2700),
            (DisputeReason.NOT_RECEIVED, 3, 1500),
            (DisputeReason.DAMAGED, 4, 2000),
            (DisputeReason.WRONG_ITEM, 4, 2700),
            (DisputeReason.QUALITY, 4, 1000),
            (DisputeReason.QUALITY, 1, 250),
            (DisputeReason.SHORT, 2, 1000),
        ],
    )
    def test_the_most_is_asked_and_not_more(self, paired, shipped, reason, units, most):
        """
        Without an amount the most is asked: goods by the reason, freight when it is
        about everything; one cent more is refused.
        """
        with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
            dispute(paired, shipped, reason, i1_1=units, asked=most + 1)
        assert ("asked_minor", f"0 to {most}") == (ei.value.field, ei.value.expected)
        dispute_id = dispute(paired, shipped, reason, i1_1=units)

        assert most == paired.app.disputes.get("demo", dispute_id).asked_minor
        before = paired.balance()
        assert most == granted(paired, dispute_id)
        assert before + most == paired.balance()

    def test_the_most_is_rounded_half_up(self, paired):
        """
        Half of a hat at 325 is 163.
        """
        order_id = paired.accepted(HAT=1)
        paired.ship(order_id)
        dispute_id = dispute(paired, order_id, DisputeReason.QUALITY, i1_1=1)

        assert 163 == paired.app.disputes.get("demo", dispute_id).asked_minor
        assert 163 == granted(paired, dispute_id)

    def test_a_reason_has_its_states(self, paired, shipped):
        """
        What has left is not cancelled, and what has not is not damaged.
        """
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, shipped, DisputeReason.CANCEL, i1_1=1)
        assert ("reason_not_for_state",) == ei.value.codes
        unsent = paired.paid("2", CUP=1)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, unsent, i1_1=1)
        assert ("reason_not_for_state",) == ei.value.codes


class TestHalfSent:
    """
    Of four cups one has left.
    """

    @pytest.fixture
    def half(self, paired):
        order_id = paired.accepted(CUP=4)
        paired.ship(order_id, i1_1=1)
        return order_id

    @pytest.mark.parametrize(
        "reason", [r for r in DisputeReason if r != DisputeReason.CANCEL]
    )
    def test_what_has_not_left_is_not_damaged_yet(self, paired, half, reason):
        """
        A reason about goods that arrived is about units that left, and stops nothing.
        """
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, half, reason, i1_1=2)
        assert ("units_not_sent",) == ei.value.codes
        assert {"item": "1.1", "asked": 2, "left": 1} == ei.value.blockers[0].facts
        granted(paired, dispute(paired, half, reason, i1_1=1))

        item = paired.app.orders.get("demo", half).items["1.1"]
        assert (0, 1, 3) == (
            item.quantity_cancelled,
            item.quantity_refunded,
            item.quantity_left,
        )
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, half, reason, i1_1=1)
        assert ("units_not_sent",) == ei.value.codes

    def test_a_dispute_about_what_left_does_not_stop_the_rest(self, paired, half):
        """
        The three cups that wait are sent while the fourth is quarrelled about.
        """
        dispute_id = dispute(paired, half, i1_1=1)
        assert () == paired.app.orders.get("demo", half).holds
        paired.ship(half, "T2")

        assert "shipped" == paired.app.orders.get("demo", half).state
        assert 500 == granted(paired, dispute_id)

    def test_what_has_left_is_not_cancelled(self, paired, half):
        """
        Only the three cups that wait can be cancelled, and nothing leaves meanwhile.
        """
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, half, DisputeReason.CANCEL, i1_1=4)
        assert ("units_sent",) == ei.value.codes
        assert {"item": "1.1", "asked": 4, "left": 3} == ei.value.blockers[0].facts
        dispute_id = dispute(paired, half, DisputeReason.CANCEL, i1_1=3)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.ship(half, "T2")
        assert ("on_hold",) == ei.value.codes

        assert 1500 == granted(paired, dispute_id)
        assert "shipped" == paired.app.orders.get("demo", half).state

    def test_two_disputes_about_what_left_never_share_a_unit(self, paired, half):
        """
        The cup that left is in one open dispute, however many have not left.
        """
        dispute(paired, half, i1_1=1)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, half, DisputeReason.QUALITY, i1_1=1)
        assert ("units_not_sent",) == ei.value.codes
        assert dispute(paired, half, DisputeReason.CANCEL, i1_1=3)

    def test_what_a_dispute_may_cancel_is_not_refunded_beside_it(self, paired, half):
        """
        Two cups that wait are disputed: staff refund the third, never all three.
        """
        dispute_id = dispute(paired, half, DisputeReason.CANCEL, i1_1=2)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.shipping.short_ship_rest("demo", half, by=STAFF)
        assert ("units_disputed",) == ei.value.codes
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.orders.refund_units("demo", half, {"1.1": 3}, by=STAFF)
        assert ("units_taken",) == ei.value.codes
        assert {"item": "1.1", "asked": 3, "left": 1} == ei.value.blockers[0].facts
        paired.app.orders.refund_units("demo", half, {"1.1": 1}, by=STAFF)

        assert 1000 == granted(paired, dispute_id)
        item = paired.app.orders.get("demo", half).items["1.1"]
        assert (1, 3, 3) == (
            item.quantity_shipped,
            item.quantity_cancelled,
            item.quantity_refunded,
        )

    def test_what_left_in_spite_of_the_dispute_is_refunded_all_the_same(
        self, paired, half
    ):
        """
        Staff lift the hold and send what was to be cancelled: it was paid for.
        """
        dispute_id = dispute(paired, half, DisputeReason.CANCEL, i1_1=3)
        (hold,) = paired.app.orders.get("demo", half).holds
        paired.app.orders.release_hold("demo", half, hold.hold_id, by=STAFF)
        paired.ship(half, "T2", i1_1=2)

        assert 1500 == granted(paired, dispute_id)
        item = paired.app.orders.get("demo", half).items["1.1"]
        assert (3, 1, 3) == (
            item.quantity_shipped,
            item.quantity_cancelled,
            item.quantity_refunded,
        )


class TestUnits:
    def test_a_unit_is_in_one_open_dispute(self, paired, shipped):
        """
        Units disputed or refunded already cannot be disputed again.
        """
        first = dispute(paired, shipped, i1_1=3)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, shipped, i1_1=2)
        assert ("units_taken",) == ei.value.codes
        assert {"item": "1.1", "asked": 2, "left": 1} == ei.value.blockers[0].facts
        granted(paired, first)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, shipped, i1_1=2)
        assert ("units_taken",) == ei.value.codes
        assert dispute(paired, shipped, i1_1=1)

    @pytest.mark.parametrize(
        ("units", "code"),
        [
            ({}, "nothing_chosen"),
            ({"i1_1": 0}, "quantity_not_positive"),
            ({"i9_9": 1}, "unknown_item"),
        ],
    )
    def test_units_there_are_not_are_refused(self, paired, shipped, units, code):
        """
        A dispute is about positive units of items of the order.
        """
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, shipped, **units)
        assert code in ei.value.codes

    def test_what_was_refunded_leaves_less_to_refund(self, paired, shipped):
        """
        The last units bring the freight along, once.
        """
        reason = DisputeReason.NOT_RECEIVED
        assert 500 == granted(paired, dispute(paired, shipped, reason, i1_1=1))
        assert 2200 == granted(paired, dispute(paired, shipped, reason, i1_1=3))
        order = paired.app.orders.get("demo", shipped)

        assert (2700, 700) == (order.refunded.minor, order.freight_refunded.minor)


class TestBeforeShipping:
    def test_it_holds_the_order_until_it_ends(self, paired):
        """
        A dispute about units that have not left stops the warehouse.
        """
        order_id = paired.accepted(CUP=2)
        dispute_id = dispute(paired, order_id, DisputeReason.CANCEL, i1_1=1)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.ship(order_id)
        assert ("on_hold",) == ei.value.codes
        counts = paired.app.orders.counts("demo")
        assert (1, 1, 0) == (
            counts[Tab.ABNORMAL],
            counts[Tab.REFUNDS],
            counts[Tab.AWAITING_SHIPPING],
        )
        move(paired, dispute_id, "withdraw")
        assert () == paired.app.orders.get("demo", order_id).holds
        assert paired.ship(order_id)

    def test_units_granted_are_taken_out(self, paired):
        """
        What is granted before shipping is not sent; the rest is.
        """
        order_id = paired.accepted(CUP=3)
        dispute_id = dispute(paired, order_id, DisputeReason.CANCEL, i1_1=1)
        assert 500 == granted(paired, dispute_id)
        paired.ship(order_id)
        order = paired.app.orders.get("demo", order_id)

        assert ("shipped", 2, 1) == (
            order.state,
            order.items["1.1"].quantity_shipped,
            order.items["1.1"].quantity_cancelled,
        )

    def test_everything_granted_ends_the_order(self, paired):
        """
        When every unit is granted before shipping, freight comes back too.
        """
        order_id = paired.accepted(CUP=2)
        dispute_id = dispute(paired, order_id, DisputeReason.CANCEL, i1_1=2)
        assert 1550 == granted(paired, dispute_id)
        order = paired.app.orders.get("demo", order_id)

        assert ("cancelled", "refunded", 1550) == (
            order.state,
            order.cancel_reason,
            order.refunded.minor,
        )

    def test_direct_units_refunded_before_are_not_asked_twice(self, paired):
        """
        The most is the price of the direct units that are left; lot units bring their
        handling only.
        """
        paired.stocked(CUP=3)
        order_id = paired.accepted(CUP=5)
        paired.app.orders.refund_units("demo", order_id, {"1.1": 1}, by=STAFF)
        dispute_id = dispute(paired, order_id, DisputeReason.CANCEL, i1_1=3)

        assert 540 == paired.app.disputes.get("demo", dispute_id).asked_minor
        assert 540 == granted(paired, dispute_id)

    def test_the_last_unsent_units_bring_the_freight_along(self, paired):
        """
        Freight comes back with the last units, also where the others have left.
        """
        order_id = paired.accepted(CUP=3)
        paired.ship(order_id, i1_1=1)
        reason = DisputeReason.NOT_RECEIVED
        assert 500 == granted(paired, dispute(paired, order_id, reason, i1_1=1))
        rest = dispute(paired, order_id, DisputeReason.CANCEL, i1_1=2)
        before = paired.balance()

        assert 1000 + 550 == granted(paired, rest)
        assert before + 1550 == paired.balance()
        assert 1550 == paired.app.disputes.get("demo", rest).granted_minor
        order = paired.app.orders.get("demo", order_id)
        assert order.captured.minor == order.refunded.minor

    def test_no_more_is_granted_than_is_left_to_refund(self, paired):
        """
        Where staff refunded the direct units meanwhile, the lot units that are left
        are released, and only freight and handling are paid for them.
        """
        paired.stocked(CUP=3)
        order_id = paired.accepted(CUP=5)
        dispute_id = dispute(paired, order_id, DisputeReason.CANCEL, i1_1=3)
        assert 1020 == paired.app.disputes.get("demo", dispute_id).asked_minor
        paired.app.orders.refund_units("demo", order_id, {"1.1": 2}, by=STAFF)
        most = 700 + 60  # the units are the last ones, so freight and handling

        assert most == granted(paired, dispute_id)
        assert most == paired.app.disputes.get("demo", dispute_id).granted_minor

    @pytest.mark.parametrize("command", ["refund_all", "short_ship_rest"])
    def test_disputed_units_are_not_refunded_beside_it(self, paired, command):
        """
        Staff cannot refund the rest while an open dispute is about it.
        """
        order_id = paired.accepted(CUP=3)
        act = paired.app.orders.refund_all
        if command == "short_ship_rest":
            paired.ship(order_id, i1_1=1)
            act = paired.app.shipping.short_ship_rest
        dispute_id = dispute(paired, order_id, DisputeReason.CANCEL, i1_1=2)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            act("demo", order_id, by=STAFF)
        assert "units_disputed" in ei.value.codes
        granted(paired, dispute_id)


class TestConversation:
    def test_an_offer_is_countered_then_accepted(self, paired, shipped):
        """
        Staff offer, the seller counters, staff offer more, the seller accepts.
        """
        dispute_id = dispute(paired, shipped, i1_1=2)
        move(paired, dispute_id, "take", "ask", "answer")
        paired.app.disputes.offer("demo", dispute_id, 300, by=STAFF)
        move(paired, dispute_id, "counter")
        paired.app.disputes.offer("demo", dispute_id, 701, by=STAFF)
        before = paired.balance()

        assert (
            701
            == paired.app.disputes.accept("demo", dispute_id, by=SELLER).refunded_minor
        )
        assert before + 701 == paired.balance()
        found = paired.app.disputes.get("demo", dispute_id)
        assert ("resolved", 701) == (found.state, found.granted_minor)
        (refund,) = paired.app.orders.refunds("demo", shipped)
        assert (dispute_id, 701, "succeeded") == (
            refund.dispute_id,
            refund.amount_minor,
            refund.state,
        )

    def test_an_offer_beyond_the_policy_is_refused(self, paired, shipped):
        """
        Staff cannot offer more than the policy gives, nor less than nothing.
        """
        dispute_id = dispute(paired, shipped, i1_1=2)
        move(paired, dispute_id, "take")

        for amount in (-1, 1001):
            with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
                paired.app.disputes.offer("demo", dispute_id, amount, by=STAFF)
            assert "0 to 1000" == ei.value.expected

    @pytest.mark.parametrize(
        ("path", "end"),
        [
            (("withdraw",), "withdrawn"),
            (("take", "reject"), "rejected"),
            (("take", "ask", "reject"), "rejected"),
            (("take", "ask", "expire"), "expired"),
            (("take", "ask", "answer", "withdraw"), "withdrawn"),
        ],
    )
    def test_an_end_without_refund_frees_the_units(self, paired, shipped, path, end):
        """
        A dispute that ends with nothing moves no money and may be opened again.
        """
        before = paired.balance()
        dispute_id = dispute(paired, shipped, i1_1=4)
        for command in path:
            if command == "expire":
                paired.clock.advance(timedelta(days=14))
            move(paired, dispute_id, command)

        assert end == paired.app.disputes.get("demo", dispute_id).state
        assert before == paired.balance()
        assert () == paired.app.orders.get("demo", shipped).disputes
        new = EVIDENCE | {"photo": "photo-2"}
        assert dispute(paired, shipped, evidence=new, i1_1=4)

    def test_each_move_is_for_one_side(self, paired, shipped):
        """
        The seller does not grant, and staff do not accept.
        """
        dispute_id = dispute(paired, shipped, i1_1=1)
        move(paired, dispute_id, "take")
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.disputes.grant("demo", dispute_id, by=SELLER)
        assert ("role_not_allowed",) == ei.value.codes
        paired.app.disputes.offer("demo", dispute_id, 1, by=STAFF)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.disputes.accept("demo", dispute_id, by=STAFF)
        assert ("role_not_allowed",) == ei.value.codes

    def test_a_move_out_of_turn_is_refused(self, paired, shipped):
        """
        What is not under review cannot be granted; an unknown move is no move.
        """
        dispute_id = dispute(paired, shipped, i1_1=1)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.disputes.grant("demo", dispute_id, by=STAFF)
        assert ("wrong_state",) == ei.value.codes
        with nothing_moves(paired), pytest.raises(InvalidInputError):
            paired.app.disputes.move("demo", dispute_id, "grant", by=STAFF)

    @pytest.mark.parametrize("act", ["offer", "grant", "accept", "take"])
    def test_what_has_ended_stays_ended(self, paired, shipped, act):
        """
        A dispute that was settled is not offered on, granted or taken up again.
        """
        dispute_id = dispute(paired, shipped, i1_1=4)
        granted(paired, dispute_id)
        disputes = paired.app.disputes
        acts = {
            "offer": lambda: disputes.offer("demo", dispute_id, 1, by=STAFF),
            "grant": lambda: disputes.grant("demo", dispute_id, by=STAFF),
            "accept": lambda: disputes.accept("demo", dispute_id, by=SELLER),
            "take": lambda: disputes.move("demo", dispute_id, "take", by=STAFF),
        }

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            acts[act]()
        assert ("wrong_state",) == ei.value.codes

    def test_messages_are_kept_in_order(self, paired, shipped):
        """
        Evidence opens the conversation; both sides go on writing.
        """
        dispute_id = dispute(paired, shipped, i1_1=1)
        paired.app.conversations.say(
            "demo", Subject.DISPUTE, dispute_id, "which one?", by=STAFF
        )
        paired.app.conversations.say(
            "demo", Subject.DISPUTE, dispute_id, "the blue one", by=SELLER
        )
        said = paired.sh.seller("demo").conversations.messages(
            Subject.DISPUTE, dispute_id
        )

        assert ["see the photo", "photo-1", "which one?", "the blue one"] == [
            message.text for message in said
        ]
        with nothing_moves(paired), pytest.raises(NotFoundError):
            paired.app.conversations.say(
                "demo", Subject.DISPUTE, "no-such-dispute", "hello", by=SELLER
            )

    @pytest.mark.parametrize("command", ["answer", "counter"])
    def test_a_seller_answers_with_files(self, paired, shipped, command):
        """
        They are in the conversation, once, without a word too; a command's repeat with
        another file is another command.
        """
        dispute_id = dispute(paired, shipped, i1_1=1)
        move(paired, dispute_id, "take")
        if command == "answer":
            move(paired, dispute_id, "ask")
        else:
            paired.app.disputes.offer("demo", dispute_id, 100, by=STAFF)
        desk = paired.sh.seller("demo")
        answer = getattr(desk.disputes, command)
        for _ in range(2):
            told = answer(dispute_id, attachments=["photo-2"], command_id="a")
            assert "under_review" == told.state
        with nothing_moves(paired), pytest.raises(IdempotencyConflictError):
            answer(dispute_id, attachments=["photo-3"], command_id="a")

        said = desk.conversations.messages(Subject.DISPUTE, dispute_id)
        assert ("", ("photo-2",)) == (said.items[-1].text, said.items[-1].attachments)
        assert 3 == len(said.items)

    def test_a_grant_repeated_refunds_once(self, paired, shipped):
        """
        The same command id answers with the first refund.
        """
        dispute_id = dispute(paired, shipped, i1_1=1)
        move(paired, dispute_id, "take")
        amount = paired.app.disputes.grant("demo", dispute_id, by=STAFF, command_id="g")
        with nothing_moves(paired):
            assert amount == paired.app.disputes.grant(
                "demo", dispute_id, by=STAFF, command_id="g"
            )

    def test_no_timer_delivers_while_a_dispute_is_open(self, paired, shipped):
        """
        Silence is no delivery while the seller disputes it.
        """
        dispute_id = dispute(paired, shipped, i1_1=1)
        paired.clock.advance(timedelta(days=60))
        assert ["review_by"] == [due.name for due in paired.app.clocks.due()]
        assert (1, 0) == (paired.app.clocks.fire().fired, len(paired.app.clocks.due()))
        assert "shipped" == paired.app.orders.get("demo", shipped).state
        move(paired, dispute_id, "withdraw")

        assert 1 == paired.app.clocks.fire().fired


class TestLotUnits:
    def test_they_are_refunded_at_lot_cost_against_the_buying_order(self, paired):
        """
        A cup from stock comes back at what the bulk order paid for it, and that order
        carries the refund.
        """
        bulk = paired.stocked(CUP=3)
        order_id = paired.accepted(CUP=5)
        paired.ship(order_id)
        before = paired.balance()
        amount = granted(paired, dispute(paired, order_id, i1_1=4))
        order, buyer = paired.app.orders.get_many("demo", [order_id, bulk])

        assert 2 * 500 + 2 * 450 == amount
        assert before + amount == paired.balance()
        assert (1000, 900) == (order.refunded.minor, buyer.refunded.minor)
        assert (4, 0) == (
            order.items["1.1"].quantity_refunded,
            buyer.items["1.1"].quantity_refunded,
        )

    def test_everything_lost_is_given_up(self, paired):
        """
        A shipped order whose every unit is refunded may be given up by staff.
        """
        paired.stocked(CUP=3)
        order_id = paired.accepted(CUP=4)
        paired.ship(order_id)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.orders.give_up("demo", order_id, by=STAFF)
        assert ("not_refunded",) == ei.value.codes
        lost = dispute(paired, order_id, DisputeReason.NOT_RECEIVED, i1_1=4)
        assert 500 + 3 * 450 + 700 + 60 == granted(paired, lost)

        assert "cancelled" == paired.app.orders.give_up("demo", order_id, by=STAFF)
        assert "lost" == paired.app.orders.get("demo", order_id).cancel_reason


class TestCloudWarehouseOrders:
    def test_good_units_are_disputed_while_nobody_has_them(self, paired):
        """
        Units bound to customers' orders cannot be disputed; the free ones can, and
        leave the stock with the refund.
        """
        bulk = paired.stocked(CUP=5)
        paired.paid(CUP=2)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, bulk, DisputeReason.WRONG_ITEM, i1_1=4)
        assert ("units_allocated",) == ei.value.codes
        assert {"item": "1.1", "most": 3} == ei.value.blockers[0].facts
        assert 3 * 450 == granted(
            paired, dispute(paired, bulk, DisputeReason.WRONG_ITEM, i1_1=3)
        )
        (view,) = paired.app.cloud.stock("demo")
        assert (2, 2, 0) == (view.on_hand, view.allocated, view.available)

    def test_a_unit_bound_meanwhile_is_not_refunded(self, paired):
        """
        A grant that would take units a customer's order has by now changes nothing.
        """
        bulk = paired.stocked(CUP=3)
        dispute_id = dispute(paired, bulk, DisputeReason.WRONG_ITEM, i1_1=3)
        move(paired, dispute_id, "take")
        paired.paid(CUP=1)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.disputes.grant("demo", dispute_id, by=STAFF)
        assert ("units_allocated",) == ei.value.codes

    def test_damaged_and_missing_units_come_first(self, paired):
        """
        Units that brought nothing are refunded without touching the good ones, once.
        """
        bulk = paired.bought(CUP=5)
        paired.app.cloud.dispatch("demo", bulk, by=STAFF)
        paired.app.cloud.receive("demo", bulk, {"1.1": Count(3, 1, 1)}, by=STAFF)
        assert 900 == granted(paired, dispute(paired, bulk, i1_1=2))
        (view,) = paired.app.cloud.stock("demo")

        assert (3, 3) == (view.on_hand, view.available)
        assert 450 == granted(paired, dispute(paired, bulk, i1_1=1))
        (view,) = paired.app.cloud.stock("demo")
        assert (2, 2) == (view.on_hand, view.available)

    def test_what_came_broken_later_is_disputed_too(self, paired):
        """
        Five good cups refunded first do not use up the five that came damaged after.
        """
        order_id = paired.bought(CUP=10)
        paired.app.cloud.dispatch("demo", order_id, by=STAFF)
        paired.app.cloud.receive("demo", order_id, {"1.1": Count(5)}, by=STAFF)
        wrong = dispute(paired, order_id, DisputeReason.WRONG_ITEM, i1_1=5)
        assert 2025 == granted(paired, wrong)
        late = {"1.1": Count(damaged=5)}
        paired.app.cloud.receive("demo", order_id, late, by=STAFF)

        assert 2025 == granted(paired, dispute(paired, order_id, i1_1=5))
        order = paired.app.orders.get("demo", order_id)
        assert (4050, 4050) == (order.captured.minor, order.refunded.minor)

    def test_a_broken_unit_is_in_one_open_dispute(self, paired):
        """
        Three cups came damaged and the good ones are sold: a fourth is not disputed.
        """
        order_id = paired.bought(CUP=10)
        paired.app.cloud.dispatch("demo", order_id, by=STAFF)
        counted = {"1.1": Count(4, damaged=3)}
        paired.app.cloud.receive("demo", order_id, counted, by=STAFF)
        paired.paid(CUP=4)
        first = dispute(paired, order_id, i1_1=2)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, order_id, i1_1=2)
        assert ("units_allocated",) == ei.value.codes
        assert {"item": "1.1", "most": 1} == ei.value.blockers[0].facts
        lost = dispute(paired, order_id, DisputeReason.NOT_RECEIVED, i1_1=4)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            dispute(paired, order_id, i1_1=1)
        assert ("units_allocated",) == ei.value.codes
        assert [810, 1620] == [granted(paired, name) for name in (first, lost)]

    def test_an_accepted_order_is_cancelled_by_dispute(self, paired):
        """
        Once the warehouse took it on, a bulk order's cancellation is granted by staff.
        """
        bulk = paired.bought(CUP=3)
        paired.app.shipping.accept("demo", [bulk], by=STAFF)
        asked = paired.app.disputes.request_cancel("demo", bulk, by=SELLER)
        dispute_id = asked.dispute_id

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.cloud.dispatch("demo", bulk, by=STAFF)
        assert ("on_hold",) == ei.value.codes
        assert 1350 == granted(paired, dispute_id)
        assert "cancelled" == paired.app.orders.get("demo", bulk).state

    def test_units_cancelled_before_dispatch_are_not_broken(self, paired):
        """
        What was refunded before it was sent takes nothing from what arrives broken.
        """
        bulk = paired.bought(CUP=5)
        paired.app.orders.refund_units("demo", bulk, {"1.1": 1}, by=STAFF)
        paired.app.cloud.dispatch("demo", bulk, by=STAFF)
        paired.app.cloud.receive("demo", bulk, {"1.1": Count(3, 1)}, by=STAFF)
        assert 450 == granted(paired, dispute(paired, bulk, i1_1=1))
        (view,) = paired.app.cloud.stock("demo")

        assert (3, 3) == (view.on_hand, view.available)
