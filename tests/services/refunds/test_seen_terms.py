"""
Accepting what was seen: what staff changed since is refused.
"""

from datetime import timedelta

import pytest

from sourcehere import CommandRefusedError, DisputeReason, Money, Price
from sourcehere.testing.factories import NOON, nothing_moves, snapshot


def dollars(minor):
    """
    Return so many cents.
    """
    return Money(minor, "USD")


@pytest.fixture
def desks(paired):
    """
    The seller's desk, and that of staff.
    """
    return paired.sh.seller("demo"), paired.sh.staff("ann").seller("demo")


@pytest.fixture
def dispute_id(paired, desks):
    """
    A dispute with an offer of 3.00.
    """
    shop, ann = desks
    order_id = paired.accepted(CUP=2)
    paired.ship(order_id, "T1")
    made = shop.disputes.open(
        order_id,
        reason=DisputeReason.SHORT,
        quantities={"1.1": 1},
        evidence={"description": "one is missing"},
    )
    ann.disputes.take(made.dispute_id)
    ann.disputes.offer(made.dispute_id, dollars(300))
    return made.dispute_id


@pytest.fixture
def request_id(paired, desks):
    """
    A quote request that was answered with 4.00.
    """
    shop, ann = desks
    (order_id,) = paired.sync(snapshot("strange", SOCK=1))
    made = shop.quotes.ask(order_id, 1)
    quote(paired, ann.quotes.answer, made.request_id, 400)
    return made.request_id


def quote(bench, how, request_id, minor):
    """
    Quote a cup at *minor* cents, by *how*.
    """
    how(
        request_id,
        variant_id=bench.variants["CUP"],
        prices=[Price(dollars(minor))],
        valid_until=NOON + timedelta(days=7),
    )


class TestDisputes:
    def test_what_was_seen_is_accepted(self, desks, dispute_id):
        """
        The offer is what it was when the seller looked.
        """
        shop, _ = desks
        seen = shop.disputes.get(dispute_id)
        settled = shop.disputes.accept(dispute_id, seen_version=seen.version)
        assert dollars(300) == settled.refunded == seen.offered

    def test_another_offer_is_not(self, paired, desks, dispute_id):
        """
        Countered elsewhere, and offered less: who saw 3.00 does not accept 0.01.
        """
        shop, ann = desks
        seen = shop.disputes.get(dispute_id).version
        shop.disputes.counter(dispute_id)
        ann.disputes.offer(dispute_id, dollars(1))
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            shop.disputes.accept(dispute_id, seen_version=seen)
        now = shop.disputes.get(dispute_id).version
        assert ("changed_since_seen",) == ei.value.codes
        assert {"seen": seen, "version": now} == ei.value.blockers[0].facts

        assert dollars(1) == shop.disputes.accept(dispute_id, seen_version=now).refunded

    def test_a_reship_instead_of_money_is_not(self, paired, desks, dispute_id):
        """
        What is offered instead is another offer.
        """
        shop, ann = desks
        seen = shop.disputes.get(dispute_id).version
        shop.disputes.counter(dispute_id)
        ann.disputes.offer_reship(dispute_id)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            shop.disputes.accept(dispute_id, seen_version=seen)
        assert ("changed_since_seen",) == ei.value.codes


class TestQuotes:
    def test_a_revised_price_is_not_accepted_unseen(self, paired, desks, request_id):
        """
        Who saw 4.00 does not accept 9.00.
        """
        shop, ann = desks
        seen = shop.quotes.get(request_id).version
        quote(paired, ann.quotes.revise, request_id, 900)
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            shop.quotes.accept(request_id, seen_version=seen)
        now = shop.quotes.get(request_id).version
        assert ("changed_since_seen",) == ei.value.codes
        assert {"seen": seen, "version": now} == ei.value.blockers[0].facts

        assert shop.quotes.accept(request_id, seen_version=now).connection_id

    def test_looking_at_it_changes_no_terms(self, desks, request_id):
        """
        That the seller viewed the quote is noted, and is no other quote.
        """
        shop, _ = desks
        seen = shop.quotes.get(request_id).version
        shop.quotes.view(request_id)
        assert seen < shop.quotes.get(request_id).version
        assert shop.quotes.accept(request_id, seen_version=seen).connection_id

    def test_without_it_whatever_is_quoted_is_accepted(self, paired, desks, request_id):
        """
        A host that does not ask gets what is there.
        """
        shop, ann = desks
        quote(paired, ann.quotes.revise, request_id, 900)
        assert shop.quotes.accept(request_id).connection_id
