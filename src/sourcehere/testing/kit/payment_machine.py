"""
The contract of a gateway: on random work a card's statement is what a model says.
"""

from collections.abc import Callable
from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from ...domain.kernel.money import Money
from ...ports.errors import (
    DeclinedError,
    ProtocolError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from ...ports.payments import PaymentProvider, PaymentRecord
from ..walks import walk
from .faults import WireFault
from .payment_base import PaymentCase, give_back, reserve, take
from .payment_lab import PaymentLab

_FAULTS = st.none() | st.sampled_from(WireFault)
_AMOUNTS = st.integers(1, 1_000)
# A broken line is never a refusal: that would be a payment nobody looks for.
_NOTHING_HAPPENED = (ThrottledError, UnauthorizedError)
_NUMBERS = st.integers(0, 10**6)


class PaymentMachineContract(PaymentCase):
    """
    Amounts are reserved, taken and returned, the line breaks; no cent is lost.

    Attributes:
        examples, steps: How many histories, and how long each is.
    """

    examples = 15
    steps = 20

    def test_a_statement_is_as_a_model_says(self) -> None:
        """
        What is reserved and what is taken of one card.
        """
        currency = self.currencies[0]
        walk(
            lambda: _Walk(self.make_lab, currency),
            examples=self.examples,
            steps=self.steps,
        )


class _Walk(RuleBasedStateMachine):
    def __init__(self, make_lab: Callable[[], PaymentLab], currency: str) -> None:
        super().__init__()
        self.lab, self.currency = make_lab(), currency
        self.gateway = self.lab.connect()
        self.card = self.lab.card()
        self.reserved: dict[str, tuple[PaymentRecord, int]] = {}
        self.taken: dict[str, tuple[PaymentRecord, int]] = {}
        self.count = 0

    def _money(self, minor: int) -> Money:
        return Money(minor, self.currency)

    def _done(
        self, fault: WireFault | None, call: Callable[[PaymentProvider], PaymentRecord]
    ) -> PaymentRecord:
        """
        Do it on a line that may break, and again until it is known to be done.
        """
        if fault is not None:
            self.lab.line.fail(fault)
            with suppress(UnknownOutcomeError, ProtocolError, *_NOTHING_HAPPENED):
                call(self.gateway)
            self.lab.line.heal()
        return call(self.gateway)

    def _next(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    @rule(minor=_AMOUNTS, fault=_FAULTS)
    def reserve(self, minor: int, fault: WireFault | None) -> None:
        name, amount = self._next("A"), self._money(minor)
        made = self._done(fault, lambda g: reserve(g, amount, self.card, name=name))
        (self.taken if made.is_taken else self.reserved)[name] = (made, minor)

    @precondition(lambda self: self.reserved)
    @rule(number=_NUMBERS, part=st.integers(1, 100), fault=_FAULTS)
    def take(self, number: int, part: int, fault: WireFault | None) -> None:
        found = sorted(self.reserved)[number % len(self.reserved)]
        made, minor = self.reserved.pop(found)
        name, amount = self._next("C"), max(minor * part // 100, 1)
        taken = self._done(
            fault, lambda g: take(g, made, self._money(amount), name=name)
        )
        self.taken[name] = (taken, amount)

    @precondition(lambda self: self.taken)
    @rule(number=_NUMBERS, minor=_AMOUNTS, fault=_FAULTS)
    def give_back(self, number: int, minor: int, fault: WireFault | None) -> None:
        found = sorted(self.taken)[number % len(self.taken)]
        taken, left = self.taken[found]
        name, amount = self._next("R"), self._money(minor)
        if minor > left:
            try:
                give_back(self.gateway, taken, amount, name=name)
            except DeclinedError:
                return
            msg = f"{minor} of {left} was returned"
            raise AssertionError(msg)
        self._done(fault, lambda g: give_back(g, taken, amount, name=name))
        self.taken[found] = (taken, left - minor)

    @invariant()
    def the_statement_is_right(self) -> None:
        shown = self.lab.shown(self.card, self.currency)
        assert shown.reserved.minor == sum(n for _, n in self.reserved.values())
        assert shown.taken.minor == sum(n for _, n in self.taken.values())
