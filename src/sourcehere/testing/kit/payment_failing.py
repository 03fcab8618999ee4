"""
The contract of a gateway: what is told of a failure is what happened.
"""

from collections.abc import Callable

import pytest

from ...ports.payments import PaymentProvider, PaymentRecord
from .faults import WITH_EFFECT, WireFault
from .lab_case import assert_told_as, failure_of
from .payment_base import PaymentCase, give_back, reserve, take
from .payment_lab import PaymentLab

FAULTS = pytest.mark.parametrize("fault", WireFault, ids=lambda fault: fault.value)
REQUESTS_MAX = 20


class PaymentFailingContract(PaymentCase):
    """
    What errors promise: `sourcehere.ports.errors`.
    """

    @FAULTS
    @pytest.mark.parametrize("operation", ["authorize", "capture", "refund"])
    def test_money_moves_once_whatever_failed(
        self,
        lab: PaymentLab,
        gateway: PaymentProvider,
        operation: str,
        fault: WireFault,
    ) -> None:
        """
        Whichever of its requests met the fault: what may have happened is no refusal;
        the same key again moves it once.
        """
        if operation == "capture" and self.takes_at_once:
            return  # nothing is asked for
        seen = []
        for after in range(REQUESTS_MAX):
            call, name = self._prepared(lab, gateway, operation, after)
            lab.line.fail(fault, after=after)
            error = failure_of(lambda c=call: c(gateway))  # type: ignore[misc]  # bound now
            if not lab.line.heal():
                assert error is None, repr(error)
                break
            assert_told_as(fault, error)
            seen.append(lab.operations().get(name, 0))
            assert call(gateway) == call(lab.connect())
            assert lab.operations()[name] == 1
        else:
            pytest.fail(f"one {operation} takes more than {REQUESTS_MAX} requests")

        assert seen, "no request of the adapter asked the lab's line what it meets"
        assert set(seen) <= {0, 1}
        if fault in WITH_EFFECT:
            assert any(seen), "no request had its effect before it broke"
        else:
            assert not seen[0], "a request that was refused had its effect"

    @FAULTS
    def test_what_could_not_be_looked_up_is_not_absent(
        self, lab: PaymentLab, gateway: PaymentProvider, fault: WireFault
    ) -> None:
        """
        None would pay it a second time.
        """
        made = reserve(gateway, self.money(1_000), lab.card())
        lab.line.fail(fault)
        assert_told_as(fault, failure_of(lambda: gateway.find("A")))
        assert made == gateway.find("A")

    def _prepared(
        self, lab: PaymentLab, gateway: PaymentProvider, operation: str, number: int
    ) -> tuple[Callable[[PaymentProvider], PaymentRecord], str]:
        """
        Return an operation that is about to be done, and its reference.
        """
        card, amount = lab.card(), self.money(1_000)
        if operation == "authorize":
            name = f"A{number}"
            return lambda g: reserve(g, amount, card, name=name), name
        made = reserve(gateway, amount, card, name=f"A{number}")
        if operation == "capture":
            name = f"C{number}"
            return lambda g: take(g, made, amount, name=name), name
        taken, name = take(gateway, made, amount, name=f"C{number}"), f"R{number}"
        return lambda g: give_back(g, taken, amount, name=name), name
