"""
The contract of gateways, on adapters that keep it.
"""

from collections import Counter
from itertools import count
from types import MappingProxyType

import attrs

from sourcehere.domain.kernel.money import Money
from sourcehere.ports.errors import DeclinedError
from sourcehere.ports.payments import PaymentOutcome
from sourcehere.testing.fake_gateway import DECLINED_CARD, PENDING_CARD, FakeGateway
from sourcehere.testing.fake_shop import Fault
from sourcehere.testing.kit import (
    CardState,
    FaultLine,
    GatewayServer,
    PaymentContract,
    PendingContract,
    ServerGateway,
    WireFault,
)
from sourcehere.testing.kit.faults import SHAPES
from sourcehere.testing.kit.server import Answer

FAULTS = {
    WireFault.BEFORE: Fault.LOST_BEFORE,
    WireFault.AFTER: Fault.LOST_AFTER,
    WireFault.DOWN: Fault.LOST_BEFORE,
    WireFault.THROTTLED: Fault.THROTTLED,
    WireFault.UNAUTHORIZED: Fault.UNAUTHORIZED,
    WireFault.GARBAGE: Fault.NONSENSE,
    WireFault.TRUNCATED: Fault.NONSENSE,
    **dict.fromkeys(SHAPES, Fault.NONSENSE),
}


class TestServerGateway(PaymentContract):
    """
    The adapter of the server in memory.
    """

    def make_lab(self):
        """
        Make a server.
        """
        return GatewayServer(ServerGateway)


class TestServerPending(PendingContract):
    """
    The same adapter, where payers have to decide.
    """

    def make_lab(self):
        """
        Make a server.
        """
        return GatewayServer(ServerGateway)


class TakingServer(GatewayServer):
    """
    A bank that reserves nothing: what is authorized is taken.
    """

    def _do(self, kind, told):
        done = super()._do(kind, told)
        if kind == "authorize" and not isinstance(done, Answer):
            done.kind = "capture"
        return done


class TakingGateway(ServerGateway):
    """
    Says so of it, and has nothing to capture.
    """

    def capture(self, *_, **__):
        """
        Refuse: it is taken already.
        """
        raise DeclinedError(provider=self.name, detail="it is taken already")

    def _record(self, told):
        made = super()._record(told)
        is_done = made.outcome is PaymentOutcome.SUCCEEDED
        return attrs.evolve(made, is_taken=is_done and told["kind"] == "capture")


class TestTakingGateway(PaymentContract):
    """
    The adapter of a bank that reserves nothing.
    """

    takes_at_once = True
    test_what_is_taken_is_reserved_no_more = None
    test_no_more_is_taken_than_was_reserved = None
    left_out = MappingProxyType(
        {
            "test_what_is_taken_is_reserved_no_more": "it reserves nothing at all",
            "test_no_more_is_taken_than_was_reserved": "it reserves nothing at all",
        }
    )

    def make_lab(self):
        """
        Make a bank.
        """
        return TakingServer(TakingGateway)


class TestTakingPending(PendingContract):
    """
    The same bank, where payers have to decide.
    """

    takes_at_once = True

    def make_lab(self):
        """
        Make a bank.
        """
        return TakingServer(TakingGateway)


class FakeLab:
    """
    The fake, from behind.
    """

    def __init__(self):
        self._gateway = FakeGateway(tokens=set())
        self.line = FaultLine()
        self._gateway.next_fault = lambda: FAULTS.get(self.line.meet())
        self._numbers = count()

    def connect(self):
        """
        Return it: it keeps its books.
        """
        return self._gateway

    def card(self, *, declines=False):
        """
        Make a card.
        """
        return self._card(DECLINED_CARD if declines else "tok")

    def asking_card(self):
        """
        Make a card whose payer has to decide.
        """
        return self._card(PENDING_CARD)

    def decide(self, reference, /, *, agrees):
        """
        Let a payer decide.
        """
        self._gateway.decide(reference, accepts=agrees)

    def _card(self, kind):
        name = f"{kind}_{next(self._numbers)}"
        self._gateway.tokens.add(name)
        return name

    def shown(self, source, currency, /):
        """
        Add up a card.
        """
        total = Counter()
        for one in self._gateway.books.values():
            is_its = one.source == source and one.amount.currency == currency
            is_done = one.outcome is PaymentOutcome.SUCCEEDED
            if is_its and is_done and not one.released:
                total[one.kind] += one.amount.minor
        return CardState(
            reserved=Money(total["authorize"], currency),
            taken=Money(total["capture"] - total["refund"], currency),
        )

    def operations(self):
        """
        Count its books.
        """
        return Counter(one.reference for one in self._gateway.books.values())


class TestFakeGateway(PaymentContract):
    """
    The gateway in memory that tests of the core use, and hosts may.
    """

    def make_lab(self):
        """
        Make a gateway.
        """
        return FakeLab()


class TestFakePending(PendingContract):
    """
    The same, where payers have to decide.
    """

    def make_lab(self):
        """
        Make a gateway.
        """
        return FakeLab()
