"""
What happens by itself, and what waits for staff.
"""

from datetime import timedelta

import pytest

from sourcehere import DisputeReason, Tab
from sourcehere.services.pairing.asking import QuoteWish
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import (
    NOON,
    SELLER,
    STAFF,
    nothing_moves,
    snapshot,
)


class TestExpiry:
    def test_an_unpaid_order_expires_at_its_deadline(self, paired):
        """
        Nobody paid in time: the order is cancelled for that reason, and no earlier.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        paired.clock.advance(timedelta(days=14, microseconds=-1))
        with nothing_moves(paired):
            assert 0 == paired.app.clocks.fire().fired
        paired.clock.advance(timedelta(microseconds=1))
        (due,) = paired.app.clocks.due()
        assert ("expire_order", NOON + timedelta(days=14), order_id) == (
            due.what,
            due.at,
            due.id,
        )

        assert 1 == paired.app.clocks.fire().fired
        order = paired.app.orders.get("demo", order_id)
        assert ("cancelled", "expired") == (order.state, order.cancel_reason)

    def test_the_deadline_counts_from_entering_the_state(self, paired):
        """
        An order recognized late has its full time to be paid.
        """
        (order_id,) = paired.sync(snapshot(SOCK=1))
        paired.clock.advance(timedelta(days=13))
        paired.connect(paired.rule("SOCK", CUP=1))

        assert (
            NOON + timedelta(days=27) == paired.app.orders.get("demo", order_id).pay_by
        )

    def test_a_paid_order_does_not_expire(self, paired):
        """
        What was paid in time has a promise of the platform's, and no other deadline.
        """
        paired.paid(CUP=1)
        paired.clock.advance(timedelta(days=30))

        assert ["ship_by"] == [due.name for due in paired.app.clocks.due()]

    def test_a_held_order_expires_too(self, paired):
        """
        A hold blocks commands; time is a fact.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        paired.app.orders.hold("demo", order_id, detail="", by=STAFF)
        paired.clock.advance(timedelta(days=14))
        paired.app.clocks.fire()

        assert "cancelled" == paired.app.orders.get("demo", order_id).state

    def test_due_is_listed_earliest_first(self, paired):
        """
        Deadlines of all kinds come in the order of their time.
        """
        shipped = paired.accepted("1", CUP=1)
        paired.ship(shipped)
        (unpaid, strange) = paired.sync(snapshot("2", CUP=1), snapshot("3", SOCK=1))
        quote = paired.app.quotes.ask(
            "demo", QuoteWish(order_id=strange, line=1), by=SELLER
        )
        paired.app.quotes.answer(
            "demo",
            quote,
            variant_id=paired.variants["CUP"],
            tiers={1: 400},
            valid_until=NOON + timedelta(days=3),
            by=STAFF,
        )
        paired.clock.advance(timedelta(days=60))

        assert [
            ("expire_quote", quote),
            ("expire_order", unpaid),
            ("stall_parcel", shipped),
        ] == [(due.what, due.id) for due in paired.app.clocks.due()]
        assert (3, 0) == (
            paired.app.clocks.fire().fired,
            paired.app.clocks.fire().fired,
        )
        assert "fulfilled" == paired.app.orders.get("demo", shipped).state

    def test_disputed_orders_hide_no_other(self, paired):
        """
        An order that a dispute keeps from being delivered takes no place in the list.
        """
        disputed, quiet = (paired.accepted(n, CUP=1) for n in "12")
        for order_id in (disputed, quiet):
            paired.ship(order_id, order_id)
            paired.clock.advance(timedelta(hours=1))
        paired.app.disputes.open(
            "demo",
            NewDispute(
                order_id=disputed,
                reason=DisputeReason.SHORT,
                quantities={"1.1": 1},
                evidence={"description": "nothing in it"},
            ),
            by=SELLER,
        )
        paired.clock.advance(timedelta(days=60))

        assert [quiet] == [
            due.id for due in paired.app.clocks.due(limit=1) if due.whose == "order"
        ]

    @pytest.mark.parametrize("count", [101, 250])
    def test_many_fire_at_once(self, paired, count):
        """
        However many are due, one call fires them all.
        """
        paired.sync(*(snapshot(str(n), CUP=1) for n in range(count)))
        paired.clock.advance(timedelta(days=14))

        assert count == paired.app.clocks.fire().fired
        assert count == paired.app.orders.counts("demo")[Tab.CANCELLED]


class TestQueues:
    def test_each_queue_shows_what_waits(self, paired):
        """
        Quotes to answer, orders to pick, receipts, disputes and calls for help.
        """
        (strange,) = paired.sync(snapshot("1", SOCK=1))
        quote = paired.app.quotes.ask(
            "demo", QuoteWish(order_id=strange, line=1), by=SELLER
        )
        helped = paired.app.pairing.ask_for_help(
            "demo", strange, 1, "no blue", by=SELLER
        )
        picked = paired.accepted("2", CUP=1)
        bulk = paired.bought(CUP=3)
        paired.app.cloud.dispatch("demo", bulk, by=STAFF)
        disputed = paired.paid("3", CUP=1)
        dispute = paired.app.disputes.open(
            "demo",
            NewDispute(
                order_id=disputed, reason=DisputeReason.CANCEL, quantities={"1.1": 1}
            ),
            by=SELLER,
        )
        queues = paired.app.queues

        assert [quote] == [q.request_id for q in queues.quotes_to_answer()]
        assert [helped] == [h.help_id for h in queues.help_wanted()]
        assert [picked] == [o.order_id for o in queues.orders_to_pick()]
        assert [bulk] == [o.order_id for o in queues.receipts_to_expect()]
        assert [dispute] == [d.dispute_id for d in queues.disputes_to_review()]

    def test_a_held_order_is_not_picked(self, paired):
        """
        What must not leave is not in the pick queue.
        """
        order_id = paired.accepted(CUP=1)
        hold = paired.app.orders.hold("demo", order_id, detail="", by=STAFF)
        assert () == paired.app.queues.orders_to_pick()
        paired.app.orders.release_hold("demo", order_id, hold, by=STAFF)

        assert [order_id] == [o.order_id for o in paired.app.queues.orders_to_pick()]

    def test_a_dispute_leaves_the_queue_with_its_end(self, paired):
        """
        Staff see disputes that are new or in review, oldest first, and no others.
        """
        order_id = paired.accepted(CUP=2)
        paired.ship(order_id)
        made = [
            paired.app.disputes.open(
                "demo",
                NewDispute(
                    order_id=order_id,
                    reason=DisputeReason.SHORT,
                    quantities={"1.1": 1},
                    evidence={"description": "one cup only"},
                ),
                by=SELLER,
            )
            for _ in range(2)
        ]
        paired.app.disputes.move("demo", made[0], "take", by=STAFF)
        assert made[::-1] == [
            d.dispute_id for d in paired.app.queues.disputes_to_review()
        ]
        paired.app.disputes.grant("demo", made[0], by=STAFF)
        paired.app.disputes.move("demo", made[1], "withdraw", by=SELLER)

        assert () == paired.app.queues.disputes_to_review()
