"""
The seller's money: top-ups that count once, in one currency, entry by entry.
"""

import pytest

from sourcehere import CommandRefusedError, Money, NotFoundError
from sourcehere.domain.kernel.errors import (
    AlreadyExistsError,
    CurrencyMismatchError,
    InvalidInputError,
    UnknownCurrencyError,
)
from sourcehere.testing.factories import NOON, SELLER, STAFF, nothing_moves


def top_up(bench, minor, currency="USD", *, reference="T2", by=STAFF):
    """
    Record a bank transfer.
    """
    return bench.app.wallets.top_up(
        "demo", Money(minor, currency), reference=reference, by=by
    )


class TestTopUp:
    def test_a_transfer_is_the_seller_s_money(self, bench):
        """
        A top-up moves from the provider's account to the wallet, in two entries.
        """
        assert 10_000_50 == top_up(bench, 50).available
        newest = bench.app.wallets.ledger("demo", limit=2)

        assert {("wallet_available", 50), ("provider_clearing", -50)} == {
            (entry.account, entry.amount_minor) for entry in newest
        }
        assert {("top_up", "T2", NOON)} == {
            (entry.purpose, entry.reference, entry.booked_at) for entry in newest
        }

    def test_a_reference_counts_once(self, bench):
        """
        The same transfer recorded again changes nothing; another amount is refused.
        """
        top_up(bench, 50)
        with nothing_moves(bench):
            assert 10_000_50 == top_up(bench, 50).available
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            top_up(bench, 51)
        assert ("amount", "0.51 USD") == (ei.value.field, ei.value.value)

    def test_another_currency_is_refused(self, bench):
        """
        A wallet holds one currency; nothing is exchanged.
        """
        with nothing_moves(bench), pytest.raises(CurrencyMismatchError) as ei:
            top_up(bench, 50, "EUR")
        assert ("USD", "EUR") == (ei.value.left, ei.value.right)

    @pytest.mark.parametrize(("minor", "reference"), [(0, "T2"), (-1, "T2"), (5, " ")])
    def test_nothing_or_nameless_is_refused(self, bench, minor, reference):
        """
        A top-up is a positive amount with the transfer's reference.
        """
        with nothing_moves(bench), pytest.raises(InvalidInputError):
            top_up(bench, minor, reference=reference)

    def test_only_staff_record_it(self, bench):
        """
        A seller does not top up their own wallet by saying so.
        """
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            top_up(bench, 50, by=SELLER)
        assert ("role_not_allowed",) == ei.value.codes


class TestSellers:
    def test_a_seller_keeps_the_currency(self, bench):
        """
        Registering again changes nothing; another currency is refused.
        """
        with nothing_moves(bench):
            bench.app.sellers.register("demo", name="Demo", currency="USD")
        with nothing_moves(bench), pytest.raises(AlreadyExistsError) as ei:
            bench.app.sellers.register("demo", name="Demo", currency="EUR")
        assert "demo" == ei.value.key

    def test_a_currency_there_is_not_is_refused(self, bench):
        """
        Wallets are in currencies of ISO 4217.
        """
        with nothing_moves(bench), pytest.raises(UnknownCurrencyError):
            bench.app.sellers.register("other", name="Other", currency="ZZZ")

    def test_sellers_do_not_see_each_other(self, paired):
        """
        An order of one seller is no order of another.
        """
        paired.app.sellers.register("other", name="Other", currency="USD")
        order_id = paired.paid(CUP=1)

        with nothing_moves(paired), pytest.raises(NotFoundError):
            paired.app.orders.get("other", order_id)
        assert 0 == paired.app.wallets.get("other").available
