"""
Entries that sum to zero, what takes them back, and what refusals say about money.
"""

import attrs
import pytest

from sourcehere import Money
from sourcehere.domain.wallet.adjusting import adjustment_of
from sourcehere.domain.wallet.errors import (
    CheckoutExpiredError,
    InsufficientFundsError,
    SellerDebtError,
    SpendGuardError,
)
from sourcehere.domain.wallet.model import (
    Account,
    Contents,
    LedgerEntry,
    OrderPlan,
    PlannedItem,
    transaction,
    wallet_change,
)
from sourcehere.testing.factories import NOON


def entry(number, account, minor):
    """
    Make an entry of a payment.
    """
    return LedgerEntry(
        seller_id="s",
        transaction_id="t",
        entry=number,
        account=account,
        currency="USD",
        amount_minor=minor,
        purpose="capture",
        reference="o",
        booked_at=NOON,
    )


PAYMENT = (entry(1, "wallet_available", -700), entry(2, "goods", 700))


def pay(*amounts):
    """
    Make the transaction of a payment.
    """
    return transaction(
        amounts,
        seller_id="s",
        transaction_id="t",
        currency="USD",
        purpose="capture",
        reference="o",
        at=NOON,
    )


class TestTransaction:
    def test_accounts_that_do_not_move_have_no_entry(self):
        """
        The others are numbered from 1.
        """
        assert PAYMENT == pay(
            (Account.WALLET_AVAILABLE, -700), (Account.FREIGHT, 0), (Account.GOODS, 700)
        )

    def test_it_sums_to_zero(self):
        """
        Anything else is a mistake of ours.
        """
        with pytest.raises(AssertionError):
            pay((Account.WALLET_AVAILABLE, -700), (Account.GOODS, 699))

    def test_balances_change_by_their_sums(self):
        """
        Other accounts are not the seller's.
        """
        entries = [
            entry(1, "wallet_available", 5),
            entry(2, "wallet_available", 7),
            entry(3, "wallet_held", -3),
            entry(4, "seller_debt", 2),
            entry(5, "goods", 9),
        ]

        assert {"available": 12, "held": -3, "debt": 2} == wallet_change(entries)

    def test_an_adjustment_takes_it_back(self):
        """
        Entry by entry; it names the transaction, and stays beside it.
        """
        changes = {
            "transaction_id": "adjustment:t",
            "purpose": "adjustment",
            "reference": "t",
            "booked_at": NOON.replace(hour=15),
        }

        assert (
            attrs.evolve(PAYMENT[0], amount_minor=700, **changes),
            attrs.evolve(PAYMENT[1], amount_minor=-700, **changes),
        ) == adjustment_of(PAYMENT, at=NOON.replace(hour=15))


class TestContents:
    AGREED = Contents(("cup 2",), 600, 1_000, ("battery", "liquid"), (1, 2, 3))

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({}, ""),
            ({"weight_grams": 601}, "601 g instead of 600 g"),
            ({"attributes": ()}, "with nothing instead of battery, liquid"),
            ({"attributes": ("magnet",)}, "with magnet instead of battery, liquid"),
            ({"volume_mm3": 999}, "of another size"),
            ({"box_mm": (1, 2, 4)}, "of another size"),
            ({"units": ("hat 2",)}, "other variants"),
        ],
    )
    def test_what_changed_is_told(self, changes, words):
        """
        The first thing that is not as it was agreed; empty if all is.
        """
        now = attrs.evolve(self.AGREED, **changes)

        assert words == now.changed_since(self.AGREED)


class TestSums:
    def test_only_direct_units_cost_goods(self):
        """
        Units from stock were paid before.
        """
        assert 1500 == PlannedItem("1.1", 500, 5, 2).goods_minor

    def test_an_order_costs_goods_freight_and_handling(self):
        """
        The total is what is captured.
        """
        plan = OrderPlan(
            seller_id="s",
            checkout_id="c",
            position=1,
            order_id="o",
            contact_version=1,
            goods_minor=1000,
            freight_minor=400,
            handling_minor=20,
            method="std",
            days_min=8,
            days_max=14,
            chargeable_grams=700,
            items=(),
            picks=(),
            reasons={},
        )

        assert 1420 == plan.total_minor


class TestWords:
    def test_how_much_is_missing(self):
        """
        What there is, what is needed, and the difference to top up.
        """
        error = InsufficientFundsError(
            available=Money(899, "USD"), needed=Money(900, "USD")
        )

        assert (
            "the wallet holds 8.99 USD, and 9.00 USD is needed: 0.01 USD is missing;"
            " top it up and try again" == str(error)
        )
        assert Money(1, "USD") == error.missing
        assert (Money(899, "USD"), Money(900, "USD")) == (error.available, error.needed)

    def test_how_much_is_missing_where_something_is_owed(self):
        """
        What is owed is settled first, so that both are missing.
        """
        error = SellerDebtError(debt=Money(300, "USD"), needed=Money(900, "USD"))

        assert (
            "3.00 USD is owed, and 9.00 USD is needed: 12.00 USD is missing; top up the"
            " wallet and try again" == str(error)
        )
        assert (Money(300, "USD"), Money(900, "USD"), Money(1200, "USD")) == (
            error.debt,
            error.needed,
            error.missing,
        )

    def test_when_it_expired(self):
        """
        Which checkout, when, and what to do.
        """
        error = CheckoutExpiredError(checkout_id="c", expired_at=NOON)

        assert (
            "checkout c expired at 2026-03-02T12:00:00+00:00; check out again"
            == str(error)
        )
        assert ("c", NOON) == (error.checkout_id, error.expired_at)

    def test_what_costs_something_else(self):
        """
        Order by order: as agreed, and now.
        """
        differences = {"o": (900, 1400), "p": (1, 2)}
        error = SpendGuardError(differences=differences, currency="USD")

        assert (
            "prices or stock have changed: o: 9.00 USD -> 14.00 USD;"
            " p: 0.01 USD -> 0.02 USD; check out again" == str(error)
        )
        assert (differences, "USD") == (error.differences, error.currency)
