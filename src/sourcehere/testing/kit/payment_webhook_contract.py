"""
The contract of gateways that tell of payments by themselves: subclass
`PaymentWebhookContract`, fill in one method.

```python
class TestMyPaymentWebhooks(PaymentWebhookContract):
    def make_lab(self):
        return MyPaymentWebhookLab()
```
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

import pytest

from ...doors.answers import Answerer
from ...doors.payments import references_of
from ...ports.errors import ProtocolError
from ...ports.payments import PaymentOutcome, SupportsPaymentWebhooks
from .guard import Guarded
from .signed_contract import Posted, SignedCase, SignedLab

_ME = Answerer("gateway under test", "")
_LATE = timedelta(days=1)


class PaymentWebhookLab(SignedLab, Protocol):
    """
    A gateway that signs what it tells, from behind: nothing here goes through the
    adapter.
    """

    def connect(self) -> SupportsPaymentWebhooks:
        """
        Make a new adapter for the account, with the secrets that it signs with by now.
        """
        ...

    def told(
        self,
        reference: str,
        /,
        *,
        outcome: PaymentOutcome = PaymentOutcome.SUCCEEDED,
    ) -> Posted:
        """
        Return what is posted once the payment that we named *reference* came to an
        outcome: with the same arguments the same event, told once more.
        """
        ...

    def not_ours(self) -> Posted:
        """
        Return what is posted of a payment that has no reference of ours, such as one
        that somebody made by hand.
        """
        ...

    def unknown(self) -> Posted:
        """
        Return what is posted of something else: a ping, a kind of event that is newer
        than the adapter.
        """
        ...

    def signed(self, body: bytes, /, *, secret: str = "") -> Posted:
        """
        Return *body* as the gateway would post it, signed; with another secret, as of
        another account, if one is given.
        """
        ...

    def rotate(self) -> None:
        """
        Sign with a new secret. Adapters that are made from now on know it and the one
        before.
        """
        ...

    def retire(self) -> None:
        """
        Let adapters that are made from now on know the newest secret alone.
        """
        ...

    def wait(self, time: timedelta, /) -> None:
        """
        Let time pass, for the gateway and for adapters.
        """
        ...


class PaymentWebhookContract(SignedCase[PaymentWebhookLab], Guarded):
    """
    What `sourcehere.ports.payments.SupportsPaymentWebhooks` promises.

    A webhook is a hint: what it says of money is looked up. So it says which payments
    it is about, and no more.

    Attributes:
        left_out: Name of a test -> why this gateway cannot pass it. Set the test to
            None in your class as well.
    """

    @pytest.fixture
    def gateway(self, lab: PaymentWebhookLab) -> SupportsPaymentWebhooks:
        """
        Return the adapter under test.
        """
        return lab.connect()

    @pytest.mark.parametrize("outcome", PaymentOutcome, ids=lambda one: one.value)
    def test_what_is_told_names_its_payment(
        self,
        lab: PaymentWebhookLab,
        gateway: SupportsPaymentWebhooks,
        outcome: PaymentOutcome,
    ) -> None:
        """
        By our reference, to the letter, whatever became of it.
        """
        for name in ("1001", "0190A-b_7", "A" * 36):
            posted = lab.told(name, outcome=outcome)
            assert (name,) == tuple(told(gateway, posted))

    def test_what_is_told_twice_is_told_alike(
        self, lab: PaymentWebhookLab, gateway: SupportsPaymentWebhooks
    ) -> None:
        """
        Nothing is kept of the first time, and another process says the same.
        """
        posted = lab.told("1001")
        found = [told(one, posted) for one in (gateway, gateway, lab.connect())]
        assert [("1001",)] * 3 == [tuple(one) for one in found]

    def test_what_is_told_late_names_its_payment(
        self, lab: PaymentWebhookLab, gateway: SupportsPaymentWebhooks
    ) -> None:
        """
        What came to pass earlier may be told later: no order is relied on.
        """
        first, then = PaymentOutcome.PENDING, PaymentOutcome.SUCCEEDED
        for outcomes in ((first, then), (then, first)):
            posted = [lab.told("1001", outcome=outcome) for outcome in outcomes]
            assert [("1001",)] * 2 == [tuple(told(gateway, one)) for one in posted]

    def test_what_is_not_ours_is_about_none(
        self, lab: PaymentWebhookLab, gateway: SupportsPaymentWebhooks
    ) -> None:
        """
        It is no mistake: the gateway would post it again and again.
        """
        assert () == tuple(told(gateway, lab.not_ours()))

    def test_an_unknown_kind_is_about_none(
        self, lab: PaymentWebhookLab, gateway: SupportsPaymentWebhooks
    ) -> None:
        """
        Gateways have new ones every year.
        """
        assert () == tuple(told(gateway, lab.unknown()))

    def test_while_a_secret_is_rotated_both_are_right(
        self, lab: PaymentWebhookLab
    ) -> None:
        """
        What is on its way is signed with the one before; another account's stays wrong.
        """
        before = lab.told("1001")
        lab.rotate()
        gateway, after = lab.connect(), lab.told("1002")
        assert ("1001",) == tuple(told(gateway, before))
        assert ("1002",) == tuple(told(gateway, after))
        self.refused(gateway, lab.signed(after.body, secret="of another account"))  # noqa: S106 - of nobody

    def test_a_secret_that_was_retired_is_refused(self, lab: PaymentWebhookLab) -> None:
        """
        It may be known to somebody: that is why secrets are rotated.
        """
        before = lab.told("1001")
        lab.rotate()
        lab.retire()
        gateway = lab.connect()
        self.refused(gateway, before)
        assert ("1002",) == tuple(told(gateway, lab.told("1002")))

    def test_what_was_signed_long_ago_is_refused(
        self, lab: PaymentWebhookLab, gateway: SupportsPaymentWebhooks
    ) -> None:
        """
        Whoever has read one could post it for ever; signed anew it is right.
        """
        posted = lab.told("1001")
        lab.wait(_LATE)
        self.refused(gateway, posted)
        assert ("1001",) == tuple(told(gateway, lab.told("1001")))

    def genuine(self, lab: PaymentWebhookLab, name: str) -> Posted:
        """
        Post that a payment succeeded.
        """
        return lab.told(name)

    def verify(self, adapter: object, posted: Posted) -> object:
        """
        Let the gateway's adapter verify it.
        """
        return _gateway(adapter).verify_payment(posted.body, posted.headers)

    def names_in(self, adapter: object, posted: Posted) -> Sequence[str]:
        """
        Return the references that it is about.
        """
        return told(_gateway(adapter), posted)


def told(gateway: SupportsPaymentWebhooks, posted: Posted) -> Sequence[str]:
    """
    Return what a webhook is about, as the core takes it in.
    """
    found: object = gateway.verify_payment(posted.body, posted.headers)
    try:
        return references_of(found, _ME)
    except ProtocolError as error:
        msg = f"the core refuses what was told: {error.detail}"
        raise AssertionError(msg) from error


def _gateway(adapter: object) -> SupportsPaymentWebhooks:
    words = f"{adapter!r} has no `verify_payment`"
    assert isinstance(adapter, SupportsPaymentWebhooks), words
    return adapter
