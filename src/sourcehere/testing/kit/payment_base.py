"""
What every part of the contract of gateways starts from.
"""

from collections.abc import Sequence
from typing import ClassVar

import pytest

from ...domain.kernel.money import Money
from ...ports.payments import PaymentOutcome, PaymentProvider, PaymentRecord
from .lab_case import LabCase
from .payment_lab import CardState, PaymentLab


class PaymentCase(LabCase[PaymentLab]):
    """
    A test class on one fresh gateway per test.

    Attributes:
        currencies: What the account takes.

        takes_at_once: Whether it reserves nothing: what is authorized is taken
            (`PaymentRecord.is_taken`), and nothing is left to capture.
    """

    currencies: ClassVar[Sequence[str]] = ("USD", "JPY")
    takes_at_once: ClassVar[bool] = False

    @pytest.fixture
    def gateway(self, lab: PaymentLab) -> PaymentProvider:
        """
        Return the adapter under test.
        """
        return lab.connect()

    def money(self, minor: int) -> Money:
        """
        Return an amount in the account's first currency.
        """
        return Money(minor, self.currencies[0])

    def authorized(self, amount: Money) -> CardState:
        """
        Return what the bank shows once *amount* is authorized.
        """
        nothing = Money.zero(amount.currency)
        return state(nothing, amount) if self.takes_at_once else state(amount, nothing)

    def taken(
        self, gateway: PaymentProvider, card: str, amount: Money, *, of: Money
    ) -> PaymentRecord:
        """
        Take an amount of what is reserved; all of it where nothing is.
        """
        reserved = amount if self.takes_at_once else of
        return take(gateway, reserve(gateway, reserved, card), amount)


def reserve(
    gateway: PaymentProvider, amount: Money, source: str, *, name: str = "A"
) -> PaymentRecord:
    """
    Authorize an amount, under a reference and a key of one name.
    """
    return gateway.authorize(
        amount, source, reference=name, idempotency_key=f"key-{name}"
    )


def take(
    gateway: PaymentProvider, made: PaymentRecord, amount: Money, *, name: str = "C"
) -> PaymentRecord:
    """
    Capture an amount of an authorization; what was taken with it is so already.
    """
    if made.is_taken:
        return made
    return gateway.capture(
        made.gateway_id, amount, reference=name, idempotency_key=f"key-{name}"
    )


def give_back(
    gateway: PaymentProvider, taken: PaymentRecord, amount: Money, *, name: str = "R"
) -> PaymentRecord:
    """
    Return an amount of a capture.
    """
    return gateway.refund(
        taken.gateway_id, amount, reference=name, idempotency_key=f"key-{name}"
    )


def assert_done(record: PaymentRecord, reference: str, amount: Money) -> None:
    """
    Hold a record to what was asked for.
    """
    assert record.outcome is PaymentOutcome.SUCCEEDED, record
    assert (record.reference, record.amount) == (reference, amount)
    assert record.gateway_id


def state(reserved: Money, taken: Money) -> CardState:
    """
    Return what a bank shows.
    """
    return CardState(reserved=reserved, taken=taken)
