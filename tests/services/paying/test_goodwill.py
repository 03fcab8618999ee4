"""
Goodwill: given with a reason, counted once, taken back while it is there.
"""

from datetime import date, timedelta

import attrs
import pytest

from sourcehere import (
    CommandRefusedError,
    GoodwillReason,
    InsufficientFundsError,
    InvalidInputError,
    Money,
    NotFoundError,
    SellerDebtError,
)
from sourcehere.domain.contacts.model import ERASED
from sourcehere.domain.kernel.errors import CurrencyMismatchError
from sourcehere.domain.wallet.goodwill import Goodwill
from sourcehere.testing.factories import NOON, SELLER, STAFF, nothing_moves, snapshot
from sourcehere.unit.tables.wallet import GOODWILLS

TOP_UP = 10_000_00  # what a bench begins with, by the reference "first"


def give(bench, minor=5_00, *, reference="late", currency="USD", by=STAFF, **how):
    how = {"reason": GoodwillReason.LATE} | how
    return bench.app.wallets.give_goodwill(
        "demo", Money(minor, currency), reference=reference, by=by, **how
    )


def take_back(bench, reference="late", *, by=STAFF):
    return bench.app.wallets.take_back_goodwill("demo", reference, by=by)


def booked(bench):
    """
    Return what the newest transaction moved: purpose, reference, account -> amount.
    """
    entries = bench.app.wallets.ledger("demo", limit=2)
    (about,) = {(e.purpose, e.reference) for e in entries}
    return about, {e.account: e.amount_minor for e in entries}


def shipped(bench):
    """
    Send an order.
    """
    order_id = bench.accepted(CUP=1)
    bench.ship(order_id, "T-1")
    return order_id


def kept(bench, reference="late"):
    return bench.app.units.seller(
        "demo", lambda unit: unit.get(GOODWILLS, reference), read_only=True
    )


class TestGiven:
    def test_for_an_order(self, paired):
        """
        The wallet has more, and what it is for is kept.
        """
        order_id = shipped(paired)
        before = paired.app.wallets.get("demo").available

        wallet = give(paired, order_id=order_id, note="two weeks late")

        assert before + 5_00 == wallet.available
        assert wallet == paired.app.wallets.get("demo")
        assert booked(paired) == (
            ("goodwill", "late"),
            {"goodwill": -5_00, "wallet_available": 5_00},
        )
        assert kept(paired) == Goodwill(
            seller_id="demo",
            reference="late",
            amount_minor=5_00,
            currency="USD",
            reason=GoodwillReason.LATE,
            order_id=order_id,
            note="two weeks late",
            given_by=STAFF,
            given_at=paired.clock.now(),
            taken_back_at=None,
        )
        assert paired.app.audit.run().is_clean

    def test_a_reference_counts_once(self, bench):
        """
        Said again it moves nothing; something else under it is refused.
        """
        first = give(bench)
        with nothing_moves(bench):
            assert first == give(bench)
            for field, how in (
                ("amount", {"minor": 6_00}),
                ("reason", {"reason": GoodwillReason.OTHER}),
            ):
                with pytest.raises(InvalidInputError) as refused:
                    give(bench, **how)
                assert field == refused.value.field

    def test_a_reference_with_blanks_is_refused(self, bench):
        """
        It would count beside the same one without.
        """
        give(bench)
        with nothing_moves(bench), pytest.raises(InvalidInputError) as refused:
            give(bench, reference="late ")
        assert (
            "reference",
            "a name that counts once, without blanks before or behind it",
        ) == (refused.value.field, refused.value.expected)

    def test_a_debt_is_settled_first(self, bench):
        """
        What is owed is less by it, and nothing is available.
        """
        bench.app.wallets.pay_out(
            "demo", Money(TOP_UP - 1_00, "USD"), reference="out", by=STAFF
        )
        bench.app.wallets.correct_top_up(
            "demo", "first", Money(TOP_UP - 8_00, "USD"), by=STAFF
        )
        assert -7_00 == bench.app.wallets.get("demo").debt

        wallet = give(bench)

        assert (0, -2_00) == (wallet.available, wallet.debt)
        assert wallet == bench.app.wallets.get("demo")
        with nothing_moves(bench), pytest.raises(SellerDebtError):
            take_back(bench)
        assert bench.app.audit.run().is_clean

    @pytest.mark.parametrize(
        ("how", "refusal"),
        [
            ({"minor": 0}, InvalidInputError),
            ({"minor": -1}, InvalidInputError),
            ({"reference": " "}, InvalidInputError),
            ({"currency": "EUR"}, CurrencyMismatchError),
            ({"order_id": "nobody's"}, NotFoundError),
            ({"by": SELLER}, CommandRefusedError),
        ],
    )
    def test_what_is_refused(self, bench, how, refusal):
        with nothing_moves(bench), pytest.raises(refusal):
            give(bench, **how)


class TestTakenBack:
    def test_a_mistake(self, bench):
        """
        All of it leaves the wallet, once; the record stays.
        """
        give(bench)
        bench.clock.advance(timedelta(minutes=5))

        wallet = take_back(bench)

        assert TOP_UP == wallet.available
        assert wallet == take_back(bench) == bench.app.wallets.get("demo")
        assert booked(bench) == (
            ("goodwill_taken_back", "late"),
            {"wallet_available": -5_00, "goodwill": 5_00},
        )
        assert bench.clock.now() == kept(bench).taken_back_at
        assert bench.app.audit.run().is_clean

    def test_its_reference_is_used_up(self, bench):
        give(bench)
        take_back(bench)

        with nothing_moves(bench), pytest.raises(InvalidInputError) as refused:
            give(bench)

        assert "reference" == refused.value.field

    def test_what_was_spent_is_not_owed(self, bench):
        """
        It is refused where less is in the wallet.
        """
        give(bench)
        bench.app.wallets.pay_out(
            "demo", Money(TOP_UP + 1_00, "USD"), reference="out", by=STAFF
        )

        with nothing_moves(bench), pytest.raises(InsufficientFundsError) as refused:
            take_back(bench)

        assert Money(1_00, "USD") == refused.value.missing

    def test_what_is_refused(self, bench):
        with nothing_moves(bench):
            with pytest.raises(NotFoundError):
                take_back(bench, "never given")
            with pytest.raises(CommandRefusedError):
                take_back(bench, by=SELLER)


class TestTold:
    def test_lists(self, paired):
        """
        The newest first, of the seller or of an order.
        """
        order_id = shipped(paired)
        shop = paired.sh.seller("demo")
        give(paired, order_id=order_id)
        paired.clock.advance(timedelta(minutes=1))
        give(paired, 2_00, reference="gift", reason=GoodwillReason.PROMOTION)
        take_back(paired, "gift")

        assert [
            ("gift", Money(2_00, "USD"), "promotion", "", paired.clock.now()),
            ("late", Money(5_00, "USD"), "late", order_id, None),
        ] == [
            (g.reference, g.amount, g.reason, g.order_id, g.taken_back_at)
            for g in shop.wallet.goodwill()
        ]
        of_order = shop.wallet.goodwill(order_id=order_id).items
        assert ["late"] == [one.reference for one in of_order]
        assert of_order == shop.orders.details(order_id).goodwill

    def test_books(self, paired):
        """
        A month counts it apart, and a row of the ledger names its order.
        """
        order_id = shipped(paired)
        shop = paired.sh.seller("demo")
        (before,) = shop.wallet.months(NOON.date())
        give(paired, order_id=order_id)
        give(paired, 2_00, reference="gift")
        take_back(paired, "gift")

        (after,) = shop.wallet.months(date(NOON.year, NOON.month, 1))

        five = Money(5_00, "USD")
        assert after == attrs.evolve(
            before, goodwill=five, closing=before.closing + five
        )
        rows = [r for r in shop.wallet.export() if r["purpose"] == "goodwill"]
        assert {("late", order_id), ("gift", "")} == {
            (row["reference"], row["order_id"]) for row in rows
        }

    def test_a_forgotten_buyer(self, paired):
        """
        What was typed beside it is gone with the buyer; what it was for stays.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        paired.app.orders.cancel("demo", [order_id], by=SELLER)
        give(paired, order_id=order_id, note="Mrs Smith was angry")

        erased = paired.app.erasing.erase_buyer("demo", order_id, by=STAFF)

        assert 1 == erased.texts
        assert (ERASED, order_id) == (kept(paired).note, kept(paired).order_id)
        assert paired.app.audit.run().is_clean
