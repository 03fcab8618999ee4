"""
What disputes and refunds refuse: the error, all its facts, and that nothing moved.
"""

from datetime import timedelta

import pytest
from refusing import invalid, refused

from sourcehere import SYSTEM, Count, DisputeReason, NotFoundError
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.domain.kernel.errors import Blocker
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import CARRIER, SELLER, STAFF, nothing_moves
from sourcehere.unit.tables import TABLES

EVIDENCE = {"photo": "photo-1", "description": "see the photo"}
LOST, DAMAGED = DisputeReason.NOT_RECEIVED, DisputeReason.DAMAGED
CANCEL = DisputeReason.CANCEL


@pytest.fixture
def storage():
    """
    Memory alone: what is refused does not depend on where.
    """
    return MemoryStorage(TABLES)


def new(order_id, reason, *, asked=None, evidence=None, **units):
    """
    Name items to dispute as `i1_1=2`.
    """
    return NewDispute(
        order_id=order_id,
        reason=reason,
        quantities={n[1:].replace("_", "."): q for n, q in units.items()},
        evidence=EVIDENCE if evidence is None else evidence,
        asked_minor=asked,
    )


def open_one(bench, *what, by=SELLER, **facts):
    """
    Dispute items as `i1_1=2`.
    """
    return bench.app.disputes.open("demo", new(*what, **facts), by=by)


@pytest.fixture
def shipped(paired):
    """
    A shipped order of four cups.
    """
    order_id = paired.accepted(CUP=4)
    paired.ship(order_id)
    return order_id


@pytest.fixture
def dispute_id(paired, shipped):
    """
    A dispute about two of them, under review.
    """
    made = open_one(paired, shipped, LOST, i1_1=2)
    paired.app.disputes.move("demo", made, "take", by=STAFF)
    return made


class TestOpening:
    def test_every_reason_is_given_at_once(self, paired, shipped):
        """
        Who, the order, the policy and the evidence; asking moves nothing.
        """
        asked = new(shipped, DAMAGED, evidence={}, i1_1=5)
        taken = (
            "item 1.1: 5 units asked, but only 4 are neither refunded nor in an open"
            " dispute"
        )
        words = "open dispute is for seller, not for staff"
        blockers = (
            Blocker("role_not_allowed", words, {"role": "staff", "allowed": "seller"}),
            Blocker("units_taken", taken, {"item": "1.1", "asked": 5, "left": 4}),
            *(
                Blocker(
                    "evidence_missing", f"damaged needs a {kind}", {"evidence": kind}
                )
                for kind in ("description", "photo")
            ),
        )
        desk = paired.app.disputes

        assert ("order", shipped, "open_dispute", *blockers) == refused(
            paired, lambda: desk.open("demo", asked, by=STAFF)
        )
        with nothing_moves(paired):
            assert blockers == desk.why_not_open("demo", asked, by=STAFF)
            assert () == desk.why_not_open(
                "demo", new(shipped, DAMAGED, i1_1=4), by=SELLER
            )

    def test_where_the_state_is_wrong_the_units_are_not_asked_about(self, paired):
        """
        One reason says it: nothing of it has left.
        """
        order_id = paired.accepted(CUP=4)
        words = (
            "damaged is for orders that are fulfilled, partially_shipped, receiving,"
            " shipped, not awaiting_shipping"
        )

        assert (
            "order",
            order_id,
            "open_dispute",
            Blocker("reason_not_for_state", words, {"state": "awaiting_shipping"}),
        ) == refused(paired, lambda: open_one(paired, order_id, DAMAGED, i1_1=1))

    @pytest.mark.parametrize(
        ("reason", "asked", "blocker"),
        [
            (
                LOST,
                2,
                Blocker(
                    "units_not_sent",
                    "item 1.1: 2 units asked, but only 1 have left",
                    {"item": "1.1", "asked": 2, "left": 1},
                ),
            ),
            (
                CANCEL,
                4,
                Blocker(
                    "units_sent",
                    "item 1.1: 4 units asked, but only 3 have not left yet",
                    {"item": "1.1", "asked": 4, "left": 3},
                ),
            ),
        ],
    )
    def test_units_are_where_the_reason_says(self, paired, reason, asked, blocker):
        """
        Who asks first is told what who tries is told: these have not left, or they
        have.
        """
        order_id = paired.accepted(CUP=4)
        paired.ship(order_id, i1_1=1)
        desk, dispute = paired.app.disputes, new(order_id, reason, i1_1=asked)

        assert (blocker,) == desk.why_not_open("demo", dispute, by=SELLER)
        assert ("order", order_id, "open_dispute", blocker) == refused(
            paired, lambda: desk.open("demo", dispute, by=SELLER)
        )

    @pytest.mark.parametrize("asked", [-1, 1001])
    def test_no_more_is_asked_than_the_policy_gives(self, paired, shipped, asked):
        """
        From nothing to everything.
        """
        assert ("asked_minor", asked, "0 to 1000") == invalid(
            paired, lambda: open_one(paired, shipped, DAMAGED, asked=asked, i1_1=2)
        )
        for amount in (0, 1000):
            assert open_one(paired, shipped, DAMAGED, asked=amount, i1_1=2)

    def test_what_customers_were_promised_is_not_given_back(self, paired):
        """
        Of a delivery to a warehouse, units that are bound cannot be disputed.
        """
        order_id = paired.stocked(CUP=6)
        paired.paid(CUP=4)
        words = (
            "item 1.1: 3 units asked, but only 2 arrived and are neither bound to"
            " customers' orders nor in an open dispute"
        )

        assert (
            "order",
            order_id,
            "open_dispute",
            Blocker("units_allocated", words, {"item": "1.1", "most": 2}),
        ) == refused(paired, lambda: open_one(paired, order_id, DAMAGED, i1_1=3))
        open_one(paired, order_id, DAMAGED, i1_1=2)

    def test_what_is_on_its_way_can_be_lost(self, bench):
        """
        Units that nobody has counted yet can be disputed as lost, once.
        """
        order_id = bench.bought(CUP=6)
        bench.app.cloud.dispatch("demo", order_id, by=STAFF)
        bench.app.cloud.receive("demo", order_id, {"1.1": Count(2)}, by=STAFF)
        open_one(bench, order_id, LOST, i1_1=3)
        words = (
            "item 1.1: 4 units asked, but only 3 are neither refunded nor in an open"
            " dispute"
        )

        assert (
            "order",
            order_id,
            "open_dispute",
            Blocker("units_taken", words, {"item": "1.1", "asked": 4, "left": 3}),
        ) == refused(bench, lambda: open_one(bench, order_id, LOST, i1_1=4))
        open_one(bench, order_id, LOST, i1_1=3)

    def test_units_bound_since_are_not_refunded(self, paired):
        """
        A dispute that is granted takes good units out of the stock; what a customer's
        order has by then stays there.
        """
        order_id = paired.stocked(CUP=6)
        made = open_one(paired, order_id, DAMAGED, i1_1=4)
        paired.app.disputes.move("demo", made, "take", by=STAFF)
        paired.paid(CUP=3)
        words = (
            "item 1.1: 1 unit bound to customers' orders meanwhile, or not found by a"
            " count"
        )

        assert (
            "order",
            order_id,
            "resolve_dispute",
            Blocker("units_allocated", words, {"item": "1.1", "units": 1}),
        ) == refused(paired, lambda: paired.app.disputes.grant("demo", made, by=STAFF))


class TestMoves:
    def test_a_move_there_is_not_names_those_there_are(self, paired, dispute_id):
        """
        Offers and ends are commands of their own.
        """
        expected = "take, ask, answer, counter, reject, withdraw, expire"

        assert ("command", "grant", expected) == invalid(
            paired,
            lambda: paired.app.disputes.move("demo", dispute_id, "grant", by=STAFF),
        )

    @pytest.mark.parametrize(
        ("command", "by", "blockers"),
        [
            (
                "take",
                SELLER,
                [
                    Blocker(
                        "role_not_allowed",
                        "take is for staff, not for seller",
                        {"role": "seller", "allowed": "staff"},
                    ),
                    Blocker(
                        "wrong_state",
                        "it is under_review; take needs open",
                        {"state": "under_review", "needs": "open"},
                    ),
                ],
            ),
            (
                "reject",
                CARRIER,
                [
                    Blocker(
                        "role_not_allowed",
                        "reject is for staff, not for carrier",
                        {"role": "carrier", "allowed": "staff"},
                    )
                ],
            ),
        ],
    )
    def test_a_move_that_cannot_be_says_why(
        self, paired, dispute_id, command, by, blockers
    ):
        """
        The refusal and the question give the same reasons.
        """
        desk = paired.app.disputes

        assert ("dispute", dispute_id, command, *blockers) == refused(
            paired, lambda: desk.move("demo", dispute_id, command, by=by)
        )
        assert tuple(blockers) == desk.why_not("demo", dispute_id, command, by=by)
        assert command not in desk.allowed("demo", dispute_id, by=by)
        assert ("ask", "offer", "offer_reship", "grant", "reject") == desk.allowed(
            "demo", dispute_id, by=STAFF
        )

    def test_it_expires_after_its_time_only(self, paired, dispute_id):
        """
        The seller may answer to the last moment, which the refusal names.
        """
        desk = paired.app.disputes
        desk.move("demo", dispute_id, "ask", by=STAFF)
        words = "the seller may answer until 2026-03-16T12:00:00+00:00"

        assert ("dispute", dispute_id, "expire", Blocker("not_due", words)) == refused(
            paired, lambda: desk.move("demo", dispute_id, "expire", by=SYSTEM)
        )
        paired.clock.advance(timedelta(days=14, seconds=1))
        assert "expired" == desk.move("demo", dispute_id, "expire", by=SYSTEM)

    @pytest.mark.parametrize("amount", [-1, 1001])
    def test_no_more_is_offered_than_the_policy_gives(self, paired, dispute_id, amount):
        """
        From nothing to everything.
        """
        desk = paired.app.disputes

        assert ("amount_minor", amount, "0 to 1000") == invalid(
            paired, lambda: desk.offer("demo", dispute_id, amount, by=STAFF)
        )
        desk.offer("demo", dispute_id, 0, by=STAFF)
        assert 0 == desk.accept("demo", dispute_id, by=SELLER).refunded_minor

    def test_what_is_not_offered_is_not_accepted(self, paired, dispute_id):
        """
        Who accepts first is told the state, and the one that it needs.
        """
        blocker = Blocker(
            "wrong_state",
            "it is under_review; accept needs offered",
            {"state": "under_review", "needs": "offered"},
        )

        assert ("dispute", dispute_id, "accept", blocker) == refused(
            paired, lambda: paired.app.disputes.accept("demo", dispute_id, by=SELLER)
        )

    @pytest.mark.parametrize(
        "do",
        [
            lambda desk: desk.get("demo", "nothing"),
            lambda desk: desk.move("demo", "nothing", "take", by=STAFF),
            lambda desk: desk.grant("demo", "nothing", by=STAFF),
        ],
    )
    def test_one_there_is_not_is_named(self, bench, do):
        """
        By its id.
        """
        with nothing_moves(bench), pytest.raises(NotFoundError) as ei:
            do(bench.app.disputes)
        assert "nothing" == ei.value.id


class TestCancelling:
    def test_the_wish_to_cancel_is_refused_under_its_name(self, paired, shipped):
        """
        What has left cannot be cancelled.
        """
        words = "it is shipped; request_cancel needs awaiting_shipping"
        facts = {"state": "shipped", "needs": "awaiting_shipping"}

        assert (
            "order",
            shipped,
            "request_cancel",
            Blocker("wrong_state", words, facts),
        ) == refused(
            paired,
            lambda: paired.app.disputes.request_cancel("demo", shipped, by=SELLER),
        )

    def test_a_second_wish_waits_for_the_first(self, paired):
        """
        The dispute that stops it is named.
        """
        order_id = paired.accepted(CUP=4)
        desk = paired.app.disputes
        first = desk.request_cancel("demo", order_id, by=SELLER).dispute_id

        assert (
            "order",
            order_id,
            "request_cancel",
            Blocker("dispute_open", "a dispute is open", {"dispute": first}),
        ) == refused(paired, lambda: desk.request_cancel("demo", order_id, by=SELLER))
