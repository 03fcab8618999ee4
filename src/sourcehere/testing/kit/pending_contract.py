"""
The contract of gateways whose payments may wait for somebody: subclass
`PendingContract`, beside `PaymentContract`, fill in one method.

```python
class TestMyPending(PendingContract):
    def make_lab(self):
        return MyPendingLab()
```
"""

from functools import partial
from typing import Protocol
from urllib.parse import urlsplit

import pytest

from ...ports.errors import ProviderError
from ...ports.payments import PaymentOutcome, PaymentProvider, PaymentRecord
from .faults import WireFault
from .guard import Guarded
from .lab_case import assert_told_as, failure_of
from .payment_base import PaymentCase, assert_done, reserve, state, take
from .payment_failing import FAULTS, REQUESTS_MAX
from .payment_lab import PaymentLab


class PendingLab(PaymentLab, Protocol):
    """
    A gateway at which payers decide, from behind.
    """

    def asking_card(self) -> str:
        """
        Return the token of a card nobody used before, whose payer has to decide first,
        as with 3-D Secure.
        """
        ...

    def decide(self, reference: str, /, *, agrees: bool) -> None:
        """
        Let the payer decide about the payment that we named *reference*.
        """
        ...


class PendingContract(PaymentCase, Guarded):
    """
    What `PaymentOutcome.PENDING` promises: accepted, and not decided.

    Attributes:
        currencies, takes_at_once: As `PaymentContract` has them.

        left_out: Name of a test -> why this gateway cannot pass it. Set the test to
            None in your class as well.
    """

    def make_lab(self) -> PendingLab:
        """
        Make the gateway, and what a test needs to look behind it.
        """
        raise NotImplementedError

    def test_what_is_not_decided_is_pending(
        self, lab: PendingLab, gateway: PaymentProvider
    ) -> None:
        """
        It is neither a yes nor a no, also when another process looks it up, and the
        bank shows nothing.
        """
        card = lab.asking_card()
        made = reserve(gateway, self.money(1_000), card)
        assert_waits(made, "A")
        found = lab.connect().find("A")

        assert found is not None, "what waits is not found by its reference"
        assert_waits(found, "A")
        assert found.gateway_id == made.gateway_id
        self.shows_nothing(lab, card)

    def test_the_payer_has_a_page_to_go_to(
        self, lab: PendingLab, gateway: PaymentProvider
    ) -> None:
        """
        A whole address, found again by whoever looks it up: nobody can decide else.
        """
        made = reserve(gateway, self.money(1_000), lab.asking_card())
        page = urlsplit(made.redirect_url)
        assert (page.scheme, bool(page.netloc)) == ("https", True), made
        found = lab.connect().find("A")
        assert found is not None
        assert found.redirect_url == made.redirect_url

    def test_what_was_agreed_to_is_done(
        self, lab: PendingLab, gateway: PaymentProvider
    ) -> None:
        """
        Under the name that it had, with nowhere to go any more; then it can be taken.
        """
        card, amount = lab.asking_card(), self.money(1_000)
        made = reserve(gateway, amount, card)
        lab.decide("A", agrees=True)
        found = gateway.find("A")

        assert found is not None
        assert_done(found, "A", amount)
        assert (made.gateway_id, "") == (found.gateway_id, found.redirect_url)
        assert self.takes_at_once == found.is_taken
        assert self.authorized(amount) == lab.shown(card, amount.currency)
        taken = take(gateway, found, amount)
        assert_done(taken, "A" if self.takes_at_once else "C", amount)

    def test_what_was_refused_is_declined(
        self, lab: PendingLab, gateway: PaymentProvider
    ) -> None:
        """
        A definite no: nothing is reserved, nothing is told to be, nothing can be taken.
        """
        card = lab.asking_card()
        made = reserve(gateway, self.money(1_000), card)
        lab.decide("A", agrees=False)
        found = gateway.find("A")

        assert found is not None, "what was refused is told as if it never was"
        assert (PaymentOutcome.DECLINED, "A") == (found.outcome, found.reference)
        assert (0, "", False) == (
            found.amount.minor,
            found.redirect_url,
            found.is_taken,
        )
        with pytest.raises(ProviderError):
            take(gateway, made, self.money(1_000))
        self.shows_nothing(lab, card)

    def test_what_is_pending_cannot_be_taken(
        self, lab: PendingLab, gateway: PaymentProvider
    ) -> None:
        """
        Nobody has agreed; once they have, it can.
        """
        card, amount = lab.asking_card(), self.money(1_000)
        made = reserve(gateway, amount, card)
        with pytest.raises(ProviderError):
            take(gateway, made, amount, name="C1")
        self.shows_nothing(lab, card)
        lab.decide("A", agrees=True)
        found = gateway.find("A")
        assert found is not None
        take(gateway, found, amount, name="C2")
        assert state(self.money(0), amount) == lab.shown(card, amount.currency)

    def test_the_same_key_asks_the_payer_once(
        self, lab: PendingLab, gateway: PaymentProvider
    ) -> None:
        """
        While they think, and after they agreed: it stays one payment.
        """
        card, amount = lab.asking_card(), self.money(1_000)
        made = reserve(gateway, amount, card)
        again = reserve(lab.connect(), amount, card)
        assert_waits(again, "A")
        lab.decide("A", agrees=True)
        late = reserve(gateway, amount, card)

        assert {made.gateway_id} == {again.gateway_id, late.gateway_id}
        assert late.outcome is not PaymentOutcome.DECLINED
        assert {"A": 1} == dict(lab.operations())
        assert self.authorized(amount) == lab.shown(card, amount.currency)

    def test_looking_decides_nothing(
        self, lab: PendingLab, gateway: PaymentProvider
    ) -> None:
        """
        However often it is asked whether the payer has decided.
        """
        card = lab.asking_card()
        reserve(gateway, self.money(1_000), card)
        for _ in range(3):
            found = gateway.find("A")
            assert found is not None
            assert_waits(found, "A")
        self.shows_nothing(lab, card)
        assert {"A": 1} == dict(lab.operations())

    def test_each_payer_decides_for_themselves(
        self, lab: PendingLab, gateway: PaymentProvider
    ) -> None:
        """
        Of three payments one is agreed to, one is refused, and one waits.
        """
        for name in ("A1", "A2", "A3"):
            reserve(gateway, self.money(1_000), lab.asking_card(), name=name)
        lab.decide("A1", agrees=True)
        lab.decide("A3", agrees=False)
        found = [gateway.find(name) for name in ("A1", "A2", "A3")]

        assert [
            ("A1", PaymentOutcome.SUCCEEDED),
            ("A2", PaymentOutcome.PENDING),
            ("A3", PaymentOutcome.DECLINED),
        ] == [(one.reference, one.outcome) for one in found if one is not None]

    @FAULTS
    def test_a_look_that_failed_decides_nothing(
        self, lab: PendingLab, gateway: PaymentProvider, fault: WireFault
    ) -> None:
        """
        It is told as what it was: neither as a no, nor as none.
        """
        reserve(gateway, self.money(1_000), lab.asking_card())
        lab.line.fail(fault)
        assert_told_as(fault, failure_of(lambda: gateway.find("A")))
        lab.line.heal()
        found = gateway.find("A")
        assert found is not None
        assert_waits(found, "A")

    @FAULTS
    def test_the_payer_is_asked_once_whatever_failed(
        self, lab: PendingLab, gateway: PaymentProvider, fault: WireFault
    ) -> None:
        """
        Whichever of its requests met the fault, the same key again is one payment,
        which waits.
        """
        amount = self.money(1_000)
        for after in range(REQUESTS_MAX):
            card, name = lab.asking_card(), f"A{after}"
            lab.line.fail(fault, after=after)
            ask = partial(reserve, gateway, amount, card, name=name)
            error = failure_of(ask)
            if not lab.line.heal():
                assert error is None, repr(error)
                break
            assert_told_as(fault, error)
            assert_waits(reserve(lab.connect(), amount, card, name=name), name)
            assert lab.operations()[name] == 1
            lab.decide(name, agrees=True)
            assert self.authorized(amount) == lab.shown(card, amount.currency)
        else:
            pytest.fail(f"authorizing takes more than {REQUESTS_MAX} requests")
        assert after, "no request of the adapter asked the lab's line what it meets"

    def shows_nothing(self, lab: PendingLab, card: str) -> None:
        """
        Hold that the bank has neither reserved nor moved anything.
        """
        nothing = self.money(0)
        assert state(nothing, nothing) == lab.shown(card, nothing.currency)


def assert_waits(record: PaymentRecord, reference: str) -> None:
    """
    Hold a record to one of a payment that nobody has decided about.
    """
    assert record.outcome is PaymentOutcome.PENDING, record
    assert record.reference == reference
    assert record.gateway_id, "what waits has no name at the gateway"
    assert not record.is_taken, "what waits is told as taken"
