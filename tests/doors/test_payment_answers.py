"""
What gateways say is trusted only where it makes sense.
"""

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from sourcehere import Money, ProtocolError
from sourcehere.doors.answers import Answerer
from sourcehere.doors.payments import (
    chargebacks_of,
    finds_by_reference,
    found,
    key_ttl_of,
    references_of,
    told,
)
from sourcehere.ports.payments import Chargeback, PaymentOutcome, PaymentRecord
from sourcehere.testing.fake_gateway import FakeGateway

WHO = Answerer("acme", "cards")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RECORD = PaymentRecord(
    reference="r",
    gateway_id="g",
    outcome=PaymentOutcome.SUCCEEDED,
    amount=Money(5_00, "USD"),
)
TAKEN = Chargeback(gateway_id="c", amount=Money(1, "USD"), taken_at=NOON)


def changed(made, **changes):
    """
    Return it as a plugin in another language might: without our checks.
    """
    copy = attrs.evolve(made)
    for name, value in changes.items():
        object.__setattr__(copy, name, value)
    return copy


def strange_money(minor=1, currency="USD"):
    """
    Return money that could not be made.
    """
    return changed(Money(1, "USD"), minor=minor, currency=currency)


def test_what_makes_sense_is_taken():
    """
    With its words made storable.
    """
    said = changed(RECORD, detail="a\nb", gateway_id=" g ")
    kept = told(lambda: said, WHO, reference="r")

    assert ("g", "a\\nb", RECORD.amount) == (kept.gateway_id, kept.detail, kept.amount)


def test_a_decline_needs_no_more_words():
    """
    Neither a name nor an amount.
    """
    said = changed(
        RECORD, outcome=PaymentOutcome.DECLINED, gateway_id=None, amount=None
    )
    assert PaymentOutcome.DECLINED is told(lambda: said, WHO, reference="r").outcome


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": "other"},
        {"reference": None},
        {"gateway_id": ""},
        {"gateway_id": "x" * 201},
        {"gateway_id": 7},
        {"outcome": "succeeded"},
        {"amount": 500},
        {"amount": strange_money(-1)},
        {"amount": strange_money(2**70)},
        {"amount": strange_money(True)},
        {"amount": strange_money(1.5)},
        {"amount": strange_money(currency="XXZ")},
        {"detail": None},
        {"redirect_url": "javascript:alert(1)"},
        {"redirect_url": "https://a b"},
        {"redirect_url": "https://" + "x" * 2_000},
        {"redirect_url": None},
    ],
)
def test_a_record_that_makes_no_sense_is_none(changes):
    """
    Its outcome is unknown then.
    """
    with pytest.raises(ProtocolError) as ei:
        told(lambda: changed(RECORD, **changes), WHO, reference="r")
    assert ei.value.field.startswith("payment")


@pytest.mark.parametrize("said", [7, "paid", {"id": 1}, RECORD.amount])
def test_what_is_no_record_is_none(said):
    """
    None is an answer of `find` only.
    """
    for call in (lambda: said, lambda: None):
        with pytest.raises(ProtocolError):
            told(call, WHO, reference="r")
    assert found(FakeGateway(), WHO, "r") is None

    class Wrong(FakeGateway):
        find = None

    with pytest.raises(ProtocolError):
        found(Wrong(), WHO, "r")


@pytest.mark.parametrize(
    "said",
    [
        7,
        [None],
        [changed(TAKEN, amount=strange_money(-1))],
        [changed(TAKEN, taken_at=NOON.replace(tzinfo=None))],
        [changed(TAKEN, gateway_id="")],
        [changed(TAKEN, gateway_id=str(n)) for n in range(101)],
    ],
)
def test_chargebacks_that_make_no_sense_are_none(said):
    """
    One wrong one may be any amount.
    """

    class Wrong(FakeGateway):
        def chargebacks(self, _, /):
            return said

    with pytest.raises(ProtocolError):
        chargebacks_of(Wrong(), WHO, "c")


@pytest.mark.parametrize("said", [7, "ab", [""], [7], ["x"] * 2_000])
def test_references_that_make_no_sense_are_none(said):
    """
    Too many are none as well; each is kept once.
    """
    with pytest.raises(ProtocolError):
        references_of(said, WHO)
    assert ("a", "b") == references_of(["a", "b", "a"], WHO)


@pytest.mark.parametrize("said", [None, 5, timedelta(-1), "1 day"])
def test_how_long_a_key_is_honoured(said):
    """
    Is a time, or none; and only True is sure to find.
    """
    gateway = FakeGateway()
    gateway.key_ttl = said
    with pytest.raises(ProtocolError):
        key_ttl_of(gateway, WHO)
    gateway.finds_by_reference = said
    assert not finds_by_reference(gateway, WHO)


class Stubborn(str):
    """
    A text of a class of its own that cannot be read.
    """

    __slots__ = ()

    def strip(self, *_):
        """
        Fail.
        """
        raise LookupError


def test_what_cannot_be_read_makes_no_sense():
    """
    Whatever reading it raises: the answer is told as nonsense, by who gave it.
    """
    said = changed(RECORD, gateway_id=Stubborn("g"))

    class Gateway:
        def find(self, _reference, /):
            return said

    for ask in (
        lambda: told(lambda: said, WHO, reference="r"),
        lambda: found(Gateway(), WHO, "r"),
    ):
        with pytest.raises(ProtocolError, match="acme 'cards': LookupError"):
            ask()
