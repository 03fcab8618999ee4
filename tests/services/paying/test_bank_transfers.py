"""
What staff saw of bank transfers: corrected where it was wrong, and paid out.
"""

from datetime import timedelta

import pytest

from sourcehere import (
    CommandRefusedError,
    InvalidInputError,
    Money,
    NotFoundError,
    TransferOfAnotherError,
)
from sourcehere.domain.kernel.errors import CurrencyMismatchError
from sourcehere.domain.wallet.errors import InsufficientFundsError, SellerDebtError
from sourcehere.domain.wallet.model import PayOut, TopUp
from sourcehere.testing.factories import NOON, SELLER, STAFF, nothing_moves
from sourcehere.unit.tables.wallet import PAY_OUTS, TOP_UPS

TOP_UP = 10_000_00  # what a bench begins with, by the reference "first"


def correct(bench, minor, *, reference="first", currency="USD", by=STAFF):
    return bench.app.wallets.correct_top_up(
        "demo", reference, Money(minor, currency), by=by
    )


def pay_out(bench, minor, *, reference="OUT1", currency="USD", by=STAFF, **how):
    return bench.app.wallets.pay_out(
        "demo", Money(minor, currency), reference=reference, by=by, **how
    )


def balances(bench):
    """
    Return what is available, and what is owed.
    """
    wallet = bench.app.wallets.get("demo")
    return wallet.available, wallet.debt


def newest(bench, purpose):
    """
    Return the newest entries of a purpose: account -> amount.
    """
    entries = bench.app.wallets.ledger("demo", limit=4)
    return {e.account: e.amount_minor for e in entries if e.purpose == purpose}


def kept(bench, records, key):
    """
    Return a row.
    """
    return bench.app.units.seller(
        "demo", lambda unit: unit.get(records, key), read_only=True
    )


class TestCorrected:
    def test_less_arrived(self, bench):
        """
        The difference leaves the wallet; the record says what arrived.
        """
        wallet = correct(bench, 1_000_00)

        assert (1_000_00, 0) == (wallet.available, wallet.debt) == balances(bench)
        assert newest(bench, "top_up_lowered") == {
            "wallet_available": -9_000_00,
            "provider_clearing": 9_000_00,
        }
        assert kept(bench, TOP_UPS, "first") == TopUp(
            seller_id="demo",
            reference="first",
            amount_minor=1_000_00,
            currency="USD",
            recorded_by=str(STAFF),
            received_at=NOON,
        )

    def test_more_arrived(self, bench):
        """
        It is the seller's.
        """
        wallet = correct(bench, TOP_UP + 5)

        assert (TOP_UP + 5, 0) == (wallet.available, wallet.debt) == balances(bench)
        assert {"wallet_available": 5, "provider_clearing": -5} == {
            e.account: e.amount_minor for e in bench.app.wallets.ledger("demo", limit=2)
        }

    def test_what_was_spent_is_owed(self, paired):
        """
        Nothing had arrived, and some of it was spent; the next money settles that.
        """
        paired.paid(CUP=2)
        spent = TOP_UP - balances(paired)[0]
        wallet = correct(paired, 0)

        assert spent > 0
        assert (0, -spent) == (wallet.available, wallet.debt) == balances(paired)
        paired.app.wallets.top_up(
            "demo", Money(spent + 7, "USD"), reference="T9", by=STAFF
        )
        assert (7, 0) == balances(paired)

    def test_it_settles_a_debt(self, paired):
        """
        More had arrived than the correction said.
        """
        paired.paid(CUP=2)
        left = balances(paired)[0]
        correct(paired, 0)
        wallet = correct(paired, TOP_UP)

        assert (left, 0) == (wallet.available, wallet.debt) == balances(paired)

    def test_it_counts_once(self, bench):
        """
        What is recorded so already is not booked again; the transfer is known as it was
        corrected.
        """
        correct(bench, 1_000_00)
        with nothing_moves(bench):
            assert 1_000_00 == correct(bench, 1_000_00).available
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            bench.app.wallets.top_up(
                "demo", Money(TOP_UP, "USD"), reference="first", by=STAFF
            )
        assert "1000.00 USD, as recorded" in ei.value.expected

    def test_what_is_refused(self, bench):
        """
        Nobody knows the transfer, it is in another currency, or below zero; a seller
        does not say what they have paid.
        """
        with nothing_moves(bench), pytest.raises(NotFoundError):
            correct(bench, 5, reference="second")
        with nothing_moves(bench), pytest.raises(CurrencyMismatchError):
            correct(bench, 5, currency="EUR")
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            correct(bench, -1)
        assert ("amount", "0 or more") == (ei.value.field, ei.value.expected)
        with nothing_moves(bench), pytest.raises(CommandRefusedError):
            correct(bench, 5, by=SELLER)


class TestPaidOut:
    def test_it_leaves_the_wallet(self, bench):
        """
        In two entries, and is kept by its reference.
        """
        wallet = pay_out(bench, 300_00, paid_at=NOON - timedelta(days=2))

        assert TOP_UP - 300_00 == wallet.available == balances(bench)[0]
        assert newest(bench, "paid_out") == {
            "wallet_available": -300_00,
            "provider_clearing": 300_00,
        }
        assert kept(bench, PAY_OUTS, "OUT1") == PayOut(
            seller_id="demo",
            reference="OUT1",
            amount_minor=300_00,
            currency="USD",
            recorded_by=str(STAFF),
            paid_at=NOON - timedelta(days=2),
        )

    def test_a_reference_counts_once(self, bench):
        """
        The same transfer recorded again changes nothing; another amount is refused. One
        of the same reference that arrived is another.
        """
        pay_out(bench, 300_00, reference="first")
        with nothing_moves(bench):
            assert (
                TOP_UP - 300_00 == pay_out(bench, 300_00, reference="first").available
            )
        with nothing_moves(bench), pytest.raises(InvalidInputError):
            pay_out(bench, 301_00, reference="first")

    def test_all_of_it(self, bench):
        """
        And not a cent more.
        """
        with nothing_moves(bench), pytest.raises(InsufficientFundsError) as ei:
            pay_out(bench, TOP_UP + 1)
        assert Money(1, "USD") == ei.value.missing
        assert 0 == pay_out(bench, TOP_UP).available

    def test_nothing_leaves_beside_a_debt(self, paired):
        """
        The seller owes something: what they have is less than nothing.
        """
        paired.paid(CUP=2)
        correct(paired, 0)

        with nothing_moves(paired), pytest.raises(SellerDebtError):
            pay_out(paired, 1)

    @pytest.mark.parametrize(
        ("minor", "how", "field"),
        [
            (0, {}, "amount"),
            (-1, {}, "amount"),
            (5, {"reference": " "}, "reference"),
            (5, {"paid_at": NOON + timedelta(days=3)}, "paid_at"),
            (5, {"paid_at": NOON.replace(tzinfo=None)}, "paid_at"),
        ],
    )
    def test_what_is_refused(self, bench, minor, how, field):
        """
        The refusal says which argument is wrong.
        """
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            pay_out(bench, minor, **how)
        assert field == ei.value.field

    def test_who_and_in_what(self, bench):
        """
        Staff, in the wallet's currency.
        """
        with nothing_moves(bench), pytest.raises(CommandRefusedError):
            pay_out(bench, 5, by=SELLER)
        with nothing_moves(bench), pytest.raises(CurrencyMismatchError):
            pay_out(bench, 5, currency="EUR")


def test_months_say_what_arrived_and_what_left(bench):
    """
    A correction counts as what did not arrive, a transfer out as withdrawn.
    """
    correct(bench, 1_000_00)
    pay_out(bench, 300_00)
    (month,) = bench.app.wallets.months("demo", first=NOON.date(), last=NOON.date())

    assert (1_000_00, 300_00, 700_00) == (
        month.topped_up,
        month.withdrawn,
        month.closing,
    )
    assert 0 == month.adjusted


class TestOfAnother:
    """
    The same money counts once, whoever's it is said to be.
    """

    def top_up(self, bench, seller_id, minor, reference="T-7"):
        return bench.app.wallets.top_up(
            seller_id, Money(minor, "USD"), reference=reference, by=STAFF
        )

    def second(self, bench):
        bench.sh.staff("ann").sellers.register("second", name="Second", currency="USD")

    def test_a_transfer_that_was_recorded(self, bench):
        self.second(bench)
        self.top_up(bench, "demo", 90_00)

        with nothing_moves(bench), pytest.raises(TransferOfAnotherError) as refused:
            self.top_up(bench, "second", 90_00)

        told = refused.value
        assert ("T-7", "demo", Money(90_00, "USD")) == (
            told.reference,
            told.seller_id,
            told.amount,
        )

    def test_one_that_was_corrected_away(self, bench):
        """
        It was booked for the wrong seller, and is put right.
        """
        self.second(bench)
        self.top_up(bench, "demo", 90_00)
        correct(bench, 0, reference="T-7")

        assert 90_00 == self.top_up(bench, "second", 90_00).available

        with nothing_moves(bench), pytest.raises(TransferOfAnotherError) as refused:
            correct(bench, 90_00, reference="T-7")
        assert "second" == refused.value.seller_id
        correct(bench, 0, reference="T-7")

    def test_a_reference_with_blanks(self, bench):
        """
        It would be another one, for money that was booked already.
        """
        self.second(bench)
        self.top_up(bench, "demo", 90_00)

        for seller_id, reference in (("second", "T-7 "), ("demo", "\nT-7")):
            with nothing_moves(bench), pytest.raises(InvalidInputError) as refused:
                self.top_up(bench, seller_id, 90_00, reference)
            assert ("reference", reference) == (
                refused.value.field,
                refused.value.value,
            )
        with nothing_moves(bench), pytest.raises(InvalidInputError):
            pay_out(bench, 90_00, reference=" OUT1")

    def test_a_command_that_was_done_is_answered_as_it_was(self, bench):
        """
        Also where the transfer is another seller's by now.
        """
        self.second(bench)
        transfer = (Money(90_00, "USD"),)
        wallets, how = bench.app.wallets, {"by": STAFF, "command_id": "c1"}
        first = wallets.top_up("demo", *transfer, reference="T-7", **how)
        raised = wallets.correct_top_up(
            "demo", "T-7", Money(95_00, "USD"), by=STAFF, command_id="c2"
        )
        correct(bench, 0, reference="T-7")
        self.top_up(bench, "second", 90_00)

        with nothing_moves(bench):
            assert first == wallets.top_up("demo", *transfer, reference="T-7", **how)
            assert raised == wallets.correct_top_up(
                "demo", "T-7", Money(95_00, "USD"), by=STAFF, command_id="c2"
            )

    def test_one_that_was_sent(self, bench):
        """
        What left and what arrived are called by themselves.
        """
        self.second(bench)
        self.top_up(bench, "second", 200_00)
        pay_out(bench, 90_00, reference="T-7")

        with nothing_moves(bench), pytest.raises(TransferOfAnotherError):
            bench.app.wallets.pay_out(
                "second", Money(90_00, "USD"), reference="T-7", by=STAFF
            )
