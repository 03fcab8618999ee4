"""
A gateway that answers with what it moved for another attempt.
"""

import attrs
import pytest
from payment_world import (
    AMOUNT,
    DAY,
    attempts,
    balances,
    offered,
    pay,
    resolve,
    rounds,
    states,
    top_up,
    wallet,
)

from sourcehere import InvalidInputError, Money, PaymentDecision
from sourcehere.testing.factories import nothing_moves
from sourcehere.testing.fake_gateway import FakeGateway
from sourcehere.testing.fake_shop import Fault

PENDING = "tok_3ds"
DID_NOT = PaymentDecision.DID_NOT_HAPPEN


@attrs.define
class Repeating(FakeGateway):
    """
    A gateway that gives some operations names of others.

    Attributes:
        repeats: Kind of operation -> what it says that it is called.
    """

    repeats: dict[str, str] = attrs.field(factory=dict)

    def _record(self, one):
        made = super()._record(one)
        return attrs.evolve(
            made, gateway_id=self.repeats.get(one.kind, made.gateway_id)
        )


@pytest.fixture
def cards():
    """
    Return one that can be told to.
    """
    return Repeating()


def test_what_it_captured_before_is_credited_once(bench, cards):
    """
    It is asked again with the same key, and goes to a person at last.
    """
    before = top_up(bench)
    cards.repeats["capture"] = before.gateway_id
    paid = top_up(bench)

    assert ("unknown", "capture", "") == (paid.state, paid.step, paid.gateway_id)
    assert f"cards: {before.gateway_id!r} is the name of another payment" in (
        paid.error
    )
    assert (51_00, 0, 0) == balances(bench)
    assert [paid.attempt_id] == [one.attempt_id for one in attempts(bench).open()]
    rounds(bench, bench.app.settings.deliveries_max)
    assert "manual" == wallet(bench).attempt(paid.attempt_id).state
    assert (51_00, 0, 0) == balances(bench)
    rounds(bench, 3, pause=DAY)

    cards.repeats.clear()
    done = attempts(bench).take_up("demo", paid.attempt_id)
    assert "captured" == done.state
    assert (101_00, 0, 0) == balances(bench)


def test_nothing_is_paid_by_it(bench, cards):
    """
    The order waits until the gateway says its own.
    """
    before = top_up(bench, Money(10_00, "USD"))
    cards.repeats["capture"] = before.gateway_id
    offer = offered(bench)
    assert "unknown" == pay(bench, offer).state
    assert ["awaiting_payment"] == states(bench, offer)
    cards.repeats.clear()
    rounds(bench)

    assert ["awaiting_shipping"] == states(bench, offer)


def test_what_it_reserved_before_is_not_captured_once_more(bench, cards):
    """
    Neither is it by a person who mistakes it; what is reserved for this one is.
    """
    cards.faults = [None, Fault.LOST_AFTER]
    before = attempts(bench).get(top_up(bench).attempt_id)
    (reserved,) = [one for one in cards.books.values() if one.kind == "authorize"]
    cards.repeats["authorize"] = reserved.gateway_id
    paid = top_up(bench)

    assert ("unknown", "authorize") == (paid.state, paid.step)
    assert f"{reserved.gateway_id!r} is the name of another payment" in paid.error
    seen = {"amount": AMOUNT, "gateway_id": reserved.gateway_id}
    with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
        resolve(bench, paid.attempt_id, PaymentDecision.HAPPENED, **seen)
    assert f"none that is attempt {before.attempt_id}'s" == ei.value.expected
    cards.repeats.clear()
    rounds(bench)

    assert (101_00, 0, 0) == balances(bench)


def test_what_it_returned_before_is_held(bench, cards):
    """
    Until it says its own.
    """
    top_up(bench)
    (before,) = wallet(bench).withdraw(Money(10_00, "USD"))
    cards.repeats["refund"] = before.gateway_id
    (back,) = wallet(bench).withdraw(Money(10_00, "USD"))
    assert ("unknown", (31_00, 10_00, 0)) == (back.state, balances(bench))
    cards.repeats.clear()
    rounds(bench)

    assert "returned" == wallet(bench).attempt(back.attempt_id).state
    assert (31_00, 0, 0) == balances(bench)


def test_of_another_seller_it_is_no_more(bench, cards):
    """
    One seller's money is not credited to the other.
    """
    before = top_up(bench)
    cards.repeats["capture"] = before.gateway_id
    bench.sh.staff("ann").sellers.register("other", name="Other", currency="USD")
    desk = bench.sh.seller("other").wallet
    paid = desk.top_up_by_card(AMOUNT, source="tok_visa", gateway="cards")

    assert ("unknown", 0) == (paid.state, desk.get().available.minor)
    assert before.attempt_id not in paid.error


def test_a_return_may_have_the_name_of_its_capture(bench, cards):
    """
    As gateways have it that call a payment alike from its beginning to its end.
    """
    paid = top_up(bench)
    cards.repeats["refund"] = paid.gateway_id
    (back,) = wallet(bench).withdraw(Money(10_00, "USD"))

    assert ("returned", paid.gateway_id) == (back.state, back.gateway_id)
    assert (41_00, 0, 0) == balances(bench)


def test_what_is_waited_for_is_waited_for(bench, cards):
    """
    An answer that names another payment ends it as little as no answer does.
    """
    before = top_up(bench)
    cards.repeats["capture"] = before.gateway_id
    paid = top_up(bench, source=PENDING)
    cards.decide()
    rounds(bench)
    assert "unknown" == wallet(bench).attempt(paid.attempt_id).state
    assert (51_00, 0, 0) == balances(bench)
    cards.repeats.clear()
    rounds(bench)

    assert (101_00, 0, 0) == balances(bench)


def test_what_has_ended_stays_so(bench, cards):
    """
    It is asked about once more, and nothing is booked.
    """
    before = top_up(bench)
    cards.faults = [None, Fault.LOST_AFTER]
    paid = top_up(bench)
    desk = attempts(bench)
    resolve(bench, paid.attempt_id, DID_NOT)
    cards.repeats["capture"] = before.gateway_id
    with nothing_moves(bench, but=["circuit"]):
        assert "declined" == desk.take_up("demo", paid.attempt_id).state
    cards.repeats.clear()
    desk.take_up("demo", paid.attempt_id)

    assert (101_00, 0, 0) == balances(bench)
