"""
Every row that a refund and its dispute leave behind, fact by fact.
"""

from datetime import timedelta

import pytest

from sourcehere import Count, DisputeReason
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.domain.disputes.events import (
    DisputedUnits,
    DisputeMoved,
    DisputeOffered,
    DisputeResolved,
    DisputeSubmitted,
)
from sourcehere.domain.disputes.model import Dispute
from sourcehere.domain.orders import events as e
from sourcehere.domain.orders.lines import ItemQuantity, ItemRefund
from sourcehere.domain.talk.model import Message, Subject
from sourcehere.domain.wallet.model import Refund, RefundedItem
from sourcehere.services.base.commands import Given
from sourcehere.services.refunds.dispute_refunds import (
    CancelAnswer,
    NewDispute,
    Settled,
)
from sourcehere.testing.factories import (
    NOON,
    SELLER,
    STAFF,
    dump,
    nothing_moves,
    snapshot,
)
from sourcehere.unit.streams import events_of
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.commands import COMMANDS
from sourcehere.unit.tables.talk import MESSAGES
from sourcehere.unit.tables.wallet import LEDGER, REFUNDS
from sourcehere.unit.tables.warehouse import ALLOCATIONS, MOVEMENTS_OF

LATER = NOON + timedelta(minutes=1)
PROMISED = timedelta(days=3)  # that staff do something about a dispute
EVIDENCE = {"photo": "photo-1", "description": "see the photo"}
LOST, DAMAGED = DisputeReason.NOT_RECEIVED, DisputeReason.DAMAGED


@pytest.fixture
def storage():
    """
    Memory alone: what is written does not depend on where.
    """
    return MemoryStorage(TABLES)


def rows(bench, records):
    """
    Return all rows of a table.
    """
    table = records.table
    return [
        records.from_row(row) for row in dump(bench.app.storage, [table])[table.name]
    ]


def refund_of(bench, order_id):
    """
    Return the one refund of an order.
    """
    (found,) = [r for r in rows(bench, REFUNDS) if r.order_id == order_id]
    return found


def moved(bench, refund):
    """
    Return what a refund moves between accounts.
    """
    entries = [e for e in rows(bench, LEDGER) if e.reference == refund.refund_id]
    assert {("refund", "USD", "demo", LATER)} == {
        (e.purpose, e.currency, e.seller_id, e.booked_at) for e in entries
    }
    return {e.account: e.amount_minor for e in entries}


def refunds_told(bench, order_id):
    """
    Return the events of refunds in an order's story.
    """
    return [
        one
        for one in bench.app.orders.events("demo", order_id)
        if isinstance(one, e.OrderRefunded)
    ]


def story(bench, dispute_id):
    """
    Return the events of a dispute.
    """
    return bench.app.storage.transact(
        lambda session: list(events_of(session, "demo", dispute_id)), read_only=True
    )


def dispute(bench, order_id, reason, *, asked=None, **units):
    """
    Dispute items as `i1_1=2`.
    """
    new = NewDispute(
        order_id=order_id,
        reason=reason,
        quantities={n[1:].replace("_", "."): q for n, q in units.items()},
        evidence=EVIDENCE,
        asked_minor=asked,
    )
    return bench.app.disputes.open("demo", new, by=SELLER)


def settled(bench, dispute_id):
    """
    Take a dispute on and grant it.
    """
    bench.app.disputes.move("demo", dispute_id, "take", by=STAFF)
    return bench.app.disputes.grant("demo", dispute_id, by=STAFF)


@pytest.fixture
def stocked(paired):
    """
    A minute after three cups came into stock; and the order that bought them.
    """
    bulk = paired.stocked(CUP=3)
    paired.clock.advance(timedelta(minutes=1))
    return paired, bulk


def refund_units(bench, order_id, **units):
    """
    Refund items as `i1_1=2`, as staff.
    """
    quantities = {n[1:].replace("_", "."): q for n, q in units.items()}
    bench.app.orders.refund_units("demo", order_id, quantities, by=STAFF)


class TestBeforeItLeaves:
    def test_units_from_both_sources(self, stocked):
        """
        Directly sourced ones at their price; those of a lot go back to it, and bring
        their handling, which counts as freight.
        """
        bench, _ = stocked
        order_id = bench.paid(CUP=5)
        refund_units(bench, order_id, i1_1=4)
        (lot,) = bench.app.cloud.lots("demo")
        found = refund_of(bench, order_id)

        assert (
            Refund(
                seller_id="demo",
                refund_id=found.refund_id,
                order_id=order_id,
                dispute_id="",
                state="succeeded",
                target="wallet",
                reason="units",
                currency="USD",
                amount_minor=1040,
                freight_minor=40,
                items=(
                    RefundedItem("1.1", 2, 1000, order_id, "1.1"),
                    RefundedItem("1.1", 2, 0, order_id, "1.1", lot.lot_id),
                ),
                decided_at=LATER,
            )
            == found
        )
        assert {"goods": -1000, "handling": -40, "wallet_available": 1040} == moved(
            bench, found
        )
        assert [
            e.OrderRefunded(
                refund_id=found.refund_id,
                amount_minor=1040,
                freight_minor=40,
                items=(ItemRefund("1.1", 4, 1000, 2),),
                by=STAFF,
                occurred_at=LATER,
            )
        ] == refunds_told(bench, order_id)
        assert (1, 2) == (lot.allocated, lot.available)

    def test_handling_comes_back_to_the_cent(self, stocked):
        """
        Refund by refund, by item, the share of the total so far.
        """
        bench, _ = stocked
        bench.app.cloud.add_warehouse(
            "CN1", name="Yiwu", country="CN", by=STAFF, handling_minor={"USD": 7}
        )
        bench.connect(bench.rule("SET", CUP=1))
        order_id = bench.sync(snapshot(CUP=2, SET=1))[0]
        bench.pay(order_id)
        before = bench.balance()
        refund_units(bench, order_id, i1_1=1, i2_1=1)
        assert 14 == bench.balance() - before
        refund_units(bench, order_id, i1_1=1)

        assert 21 + 550 == bench.balance() - before

    def test_everything_at_once(self, stocked):
        """
        A cancelled order gives back goods, freight and handling.
        """
        bench, _ = stocked
        order_id = bench.paid(CUP=5)
        answer = bench.app.disputes.request_cancel("demo", order_id, by=SELLER)
        found = refund_of(bench, order_id)

        assert CancelAnswer("cancelled", None) == answer
        assert ("cancelled", "", 1760, 760) == (
            found.reason,
            found.dispute_id,
            found.amount_minor,
            found.freight_minor,
        )
        assert {
            "goods": -1000,
            "freight": -700,
            "handling": -60,
            "wallet_available": 1760,
        } == moved(bench, found)
        assert [SELLER] == [one.by for one in refunds_told(bench, order_id)]


class TestAfterItLeft:
    def test_units_of_a_lot_count_against_who_bought_it(self, stocked):
        """
        The order that bought the lot carries their amount; this one only the units.
        """
        bench, bulk = stocked
        order_id = bench.accepted(CUP=5)
        bench.ship(order_id)
        dispute_id = dispute(bench, order_id, LOST, i1_1=3)
        answer = settled(bench, dispute_id)
        (lot,) = bench.app.cloud.lots("demo")
        found = refund_of(bench, order_id)

        assert Settled("resolved", 1450, "USD") == answer
        assert (
            Refund(
                seller_id="demo",
                refund_id=found.refund_id,
                order_id=order_id,
                dispute_id=dispute_id,
                state="succeeded",
                target="wallet",
                reason="dispute",
                currency="USD",
                amount_minor=1450,
                freight_minor=0,
                items=(
                    RefundedItem("1.1", 2, 1000, order_id, "1.1"),
                    RefundedItem("1.1", 1, 450, bulk, "1.1", lot.lot_id),
                ),
                decided_at=LATER,
            )
            == found
        )
        plain = {"refund_id": found.refund_id, "by": STAFF, "occurred_at": LATER}
        assert [
            e.OrderRefunded(
                amount_minor=1000,
                freight_minor=0,
                items=(ItemRefund("1.1", 3, 1000, 1),),
                **plain,
            )
        ] == refunds_told(bench, order_id)
        assert [
            e.OrderRefunded(
                amount_minor=450,
                freight_minor=0,
                items=(ItemRefund("1.1", 0, 450),),
                **plain,
            )
        ] == refunds_told(bench, bulk)
        assert [1] == [one.quantity_refunded for one in rows(bench, ALLOCATIONS)]

    def test_the_last_units_bring_freight_and_handling(self, stocked):
        """
        With the rest of the units comes what was paid to send and handle all.
        """
        bench, bulk = stocked
        order_id = bench.accepted(CUP=5)
        bench.ship(order_id)
        settled(bench, dispute(bench, order_id, LOST, i1_1=3))
        assert (
            900 + 760
            == settled(bench, dispute(bench, order_id, LOST, i1_1=2)).refunded_minor
        )
        second = [r for r in rows(bench, REFUNDS) if r.order_id == order_id][-1]

        (lot,) = bench.app.cloud.lots("demo")
        parts = (RefundedItem("1.1", 2, 900, bulk, "1.1", lot.lot_id),)

        assert (1660, 760, parts) == (
            second.amount_minor,
            second.freight_minor,
            second.items,
        )
        assert {
            "goods": -900,
            "freight": -700,
            "handling": -60,
            "wallet_available": 1660,
        } == moved(bench, second)

    def test_units_that_left_all_the_same(self, paired):
        """
        Of a wish to cancel granted late: those that were sent are paid for by
        themselves, and the rest brings the freight.
        """
        order_id = paired.accepted(CUP=4)
        wish = paired.app.disputes.request_cancel("demo", order_id, by=SELLER)
        (hold,) = paired.app.orders.get("demo", order_id).holds
        paired.app.orders.release_hold("demo", order_id, hold.hold_id, by=STAFF)
        paired.ship(order_id, i1_1=1)
        assert 2700 == settled(paired, wish.dispute_id).refunded_minor
        sent, unsent = (r for r in rows(paired, REFUNDS) if r.order_id == order_id)

        assert (500, 0) == (sent.amount_minor, sent.freight_minor)
        assert (2200, 700) == (unsent.amount_minor, unsent.freight_minor)

    def test_freight_waits_for_every_unit_of_every_item(self, paired):
        """
        The last unit of one item is not the last of the order.
        """
        order_id = paired.accepted(CUP=2, HAT=1)
        paired.ship(order_id)
        settled(paired, dispute(paired, order_id, LOST, i1_1=1))

        assert (
            325
            == settled(paired, dispute(paired, order_id, LOST, i2_1=1)).refunded_minor
        )
        assert (
            500 + 550
            == settled(paired, dispute(paired, order_id, LOST, i1_1=1)).refunded_minor
        )


class TestCloud:
    def test_a_reason_that_gives_half_gives_half(self, bench):
        """
        Of a delivery to a warehouse too, to the cent, whatever was given before.
        """
        order_id = bench.stocked(CUP=3)  # at 4.50 each
        half = DisputeReason.QUALITY
        given = [
            settled(bench, dispute(bench, order_id, half, i1_1=n)).refunded_minor
            for n in (1, 2)
        ]

        assert [225, 450] == given

    def test_units_on_their_way_and_units_that_came(self, bench):
        """
        What was lost is written off and not awaited; good units leave the stock.
        """
        order_id = bench.bought(CUP=6)
        bench.app.cloud.dispatch("demo", order_id, by=STAFF)
        counts = {"1.1": Count(2, damaged=1)}
        bench.app.cloud.receive("demo", order_id, counts, by=STAFF)
        bench.clock.advance(timedelta(minutes=1))
        answer = settled(bench, dispute(bench, order_id, LOST, i1_1=5))
        found = refund_of(bench, order_id)
        order = bench.app.orders.get("demo", order_id)
        (view,) = bench.app.cloud.stock("demo")

        assert Settled("resolved", 2250, "USD") == answer
        assert (RefundedItem("1.1", 5, 2250, order_id, "1.1"),) == found.items
        assert ("fulfilled", 3, 5) == (
            order.state,
            order.items["1.1"].quantity_written_off,
            order.items["1.1"].quantity_refunded,
        )
        # Of the two units that came, the broken one goes first.
        assert (0, 1, 1) == (view.incoming, view.on_hand, view.available)
        assert ("removed", 1, order_id, "1.1") == next(
            (m.kind, m.quantity, m.order_id, m.item_id)
            for m in rows(bench, MOVEMENTS_OF.records)
            if m.kind == "removed"
        )
        written_off = [
            one
            for one in bench.app.orders.events("demo", order_id)
            if isinstance(one, e.UnitsWrittenOff)
        ]
        assert [(ItemQuantity("1.1", 3),)] == [one.items for one in written_off]


class TestDispute:
    def test_it_is_kept_as_it_was_opened(self, paired):
        """
        What is asked, about which units, with the kinds of evidence the policy knows.
        """
        order_id = paired.accepted(CUP=4)
        paired.ship(order_id)
        paired.clock.advance(timedelta(minutes=1))
        dispute_id = dispute(paired, order_id, DAMAGED, i1_1=2)

        assert [
            DisputeSubmitted(
                state="open",
                order_id=order_id,
                reason="damaged",
                units=(DisputedUnits("1.1", 2),),
                asked_minor=1000,
                currency="USD",
                evidence=("description", "photo"),
                asks_most=True,
                promised_by=LATER + PROMISED,
                by=SELLER,
                occurred_at=LATER,
            )
        ] == story(paired, dispute_id)
        assert Dispute(
            seller_id="demo",
            dispute_id=dispute_id,
            state="open",
            version=1,
            order_id=order_id,
            reason="damaged",
            units=(DisputedUnits("1.1", 2),),
            asked_minor=1000,
            currency="USD",
            opened_at=LATER,
            promised_by=LATER + PROMISED,
        ) == paired.app.disputes.get("demo", dispute_id)
        assert [("description", "see the photo"), ("photo", "photo-1")] == [
            (m.evidence, m.text)
            for m in paired.sh.seller("demo").conversations.messages(
                Subject.DISPUTE, dispute_id
            )
        ]

    def test_only_kinds_that_a_policy_asks_for_are_evidence(self, paired):
        """
        Whatever else is given is a message.
        """
        order_id = paired.accepted(CUP=4)
        paired.ship(order_id)
        given = {"video": "video-1", "description": "it never came"}
        new = NewDispute(
            order_id=order_id, reason=LOST, quantities={"1.1": 1}, evidence=given
        )
        dispute_id = paired.app.disputes.open("demo", new, by=SELLER)
        (submitted,) = story(paired, dispute_id)

        assert ("description",) == submitted.evidence
        assert ["description", "video"] == [
            m.evidence
            for m in paired.sh.seller("demo").conversations.messages(
                Subject.DISPUTE, dispute_id
            )
        ]

    def test_an_amount_is_kept(self, paired):
        """
        Who asks for an amount does not ask for the most, whatever that is later.
        """
        order_id = paired.accepted(CUP=4)
        paired.ship(order_id)
        dispute_id = dispute(paired, order_id, DAMAGED, asked=0, i1_1=2)
        (submitted,) = story(paired, dispute_id)

        assert (0, False) == (submitted.asked_minor, submitted.asks_most)

    def test_its_moves_are_kept(self, paired):
        """
        Who moved it when, until when an answer is waited for, and how it ended.
        """
        order_id = paired.accepted(CUP=4)
        paired.ship(order_id)
        dispute_id = dispute(paired, order_id, LOST, i1_1=4)
        paired.clock.advance(timedelta(minutes=1))
        desk = paired.app.disputes
        for command, by in (("take", STAFF), ("ask", STAFF), ("answer", SELLER)):
            desk.move("demo", dispute_id, command, by=by)
        desk.offer("demo", dispute_id, 2700, by=STAFF)
        assert Settled("resolved", 2700, "USD") == desk.accept(
            "demo", dispute_id, by=SELLER
        )
        by_then = LATER + timedelta(days=14)
        at, seller = {"occurred_at": LATER}, {"by": SELLER, "occurred_at": LATER}

        assert [
            DisputeMoved(command="take", state="under_review", by=STAFF, **at),
            DisputeMoved(
                command="ask",
                state="awaiting_seller",
                answer_by=by_then,
                by=STAFF,
                **at,
            ),
            DisputeMoved(
                command="answer",
                state="under_review",
                promised_by=LATER + PROMISED,
                **seller,
            ),
            DisputeOffered(
                state="offered", amount_minor=2700, answer_by=by_then, by=STAFF, **at
            ),
            DisputeResolved(state="resolved", amount_minor=2700, **seller),
        ] == story(paired, dispute_id)[1:]
        closed = [
            one
            for one in paired.app.orders.events("demo", order_id)
            if isinstance(one, e.DisputeClosed)
        ]
        assert [
            e.DisputeClosed(dispute_id=dispute_id, outcome="resolved", **seller)
        ] == closed

    def test_messages_are_kept(self, paired):
        """
        Who wrote what when, and the evidence it refers to.
        """
        order_id = paired.accepted(CUP=4)
        dispute_id = dispute(paired, order_id, DisputeReason.CANCEL, i1_1=1)
        paired.clock.advance(timedelta(minutes=1))
        message_id = paired.app.conversations.say(
            "demo",
            Subject.DISPUTE,
            dispute_id,
            "why?",
            by=STAFF,
            attachments=["file-1"],
        )
        plain = paired.app.conversations.say(
            "demo", Subject.DISPUTE, dispute_id, "so", by=SELLER
        )

        told = {m.message_id: m for m in rows(paired, MESSAGES)}
        assert (
            Message(
                seller_id="demo",
                conversation_id=f"dispute.{dispute_id}",
                message_id=message_id,
                by=STAFF,
                text="why?",
                attachments=("file-1",),
                evidence="",
                written_at=LATER,
            )
            == told[message_id]
        )
        assert ("so", (), SELLER) == (
            told[plain].text,
            told[plain].attachments,
            told[plain].by,
        )

    def test_a_wish_to_cancel_is_one_about_what_is_left(self, paired):
        """
        Once accepted, it is a dispute about every unit that has not left.
        """
        order_id = paired.accepted(CUP=4, HAT=2)
        refund_units(paired, order_id, i2_1=2)
        answer = paired.app.disputes.request_cancel("demo", order_id, by=SELLER)
        made = paired.app.disputes.get("demo", answer.dispute_id)

        assert ("awaiting_shipping", "cancel", (DisputedUnits("1.1", 4),)) == (
            answer.state,
            made.reason,
            made.units,
        )
        order = paired.app.orders.get("demo", order_id)
        assert [("dispute", answer.dispute_id)] == [
            (hold.reason, hold.detail) for hold in order.holds
        ]

    def test_all_of_a_seller_are_listed(self, paired):
        """
        Oldest first: of the seller, of one order, and none of another.
        """
        first, second = paired.accepted("1", CUP=4), paired.accepted("2", CUP=4)
        reason = DisputeReason.CANCEL
        names = [
            dispute(paired, order_id, reason, i1_1=1)
            for order_id in (first, second, first)
        ]
        desk = paired.app.disputes

        assert names == [one.dispute_id for one in desk.all("demo")]
        assert [names[0], names[2]] == [
            one.dispute_id for one in desk.of_order("demo", first)
        ]
        assert () == desk.of_order("demo", "nothing")


class TestCommands:
    @pytest.fixture
    def everything(self, paired):
        """
        A function that gives every command of disputes once; it returns the answers.
        """
        desk, sent = paired.app.disputes, paired.accepted("1", CUP=4)
        paired.ship(sent)
        waiting = paired.accepted("2", CUP=4)
        new = NewDispute(
            order_id=sent,
            reason=LOST,
            quantities={"1.1": 2},
            evidence=EVIDENCE,
            asked_minor=900,
        )

        def give(*ids):
            opened, said, taken, offered, accepted, cancelled, moved, granted = (
                {"command_id": name} if name else {} for name in ids
            )
            name = desk.open("demo", new, by=SELLER, **opened)
            answer = desk.request_cancel("demo", waiting, by=SELLER, **cancelled)
            other = answer.dispute_id
            return [
                (name, answer),
                paired.app.conversations.say(
                    "demo", Subject.DISPUTE, name, "hello", by=SELLER, **said
                ),
                desk.move("demo", name, "take", by=STAFF, **taken),
                desk.offer("demo", name, 800, by=STAFF, **offered),
                desk.accept("demo", name, by=SELLER, **accepted),
                desk.move("demo", other, "take", by=STAFF, **moved),
                desk.grant("demo", other, by=STAFF, **granted),
            ]

        return give, sent, waiting

    def test_they_stay_known_by_what_they_asked(self, paired, everything):
        """
        The hash of a command that was stored long ago is made of its name and its
        request; it is compared for as long as the row is kept.
        """
        give, sent, waiting = everything
        (name, cancelled), *_ = give(*"osmfarng")
        opened = (sent, "not_received", [("1.1", 2)], sorted(EVIDENCE.items()), 900)
        other = cancelled.dispute_id

        assert {
            "o": Given("o", "open_dispute", opened).digest(),
            "s": Given("s", "say", ("dispute", name, "hello", ())).digest(),
            "m": Given("m", "move_dispute", (name, "take", "")).digest(),
            "f": Given("f", "offer_in_dispute", (name, 800)).digest(),
            "a": Given("a", "accept_dispute", name).digest(),
            "r": Given("r", "request_cancel", waiting).digest(),
            "n": Given("n", "move_dispute", (other, "take", "")).digest(),
            "g": Given("g", "grant_dispute", other).digest(),
        } == {one.command_id: one.request_hash for one in rows(paired, COMMANDS)}

    def test_given_again_they_answer_as_they_did(self, paired, everything):
        """
        Answers come back from what was stored, and nothing is done twice.
        """
        give, *_ = everything
        first = give(*"osmfarng")

        with nothing_moves(paired):
            assert first == give(*"osmfarng")

    def test_without_an_id_nothing_is_known_again(self, paired, everything):
        """
        Each is a command of its own, and no answer is kept.
        """
        give, *_ = everything
        give(*[""] * 8)

        assert [] == rows(paired, COMMANDS)
