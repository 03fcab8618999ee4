"""
An account in memory from behind: nothing here goes through the adapter.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import httpx2
from stripe_server import KEY, REFERENCE, StripeServer
from stripe_wire import Keys, answered, refused

from sourcehere import ManualClock, Money
from sourcehere.ports.context import Context
from sourcehere.testing.kit import CardState, FaultLine, WireFault
from sourcehere_http.testing import BreakingTransport
from sourcehere_stripe import StripeConfig, StripeGateway

# What the bank counts differently from ISO 4217; the contract's are the same in both.
_SAME = frozenset({"USD", "JPY", "EUR"})


def refusal(fault: WireFault) -> httpx2.Response:
    """
    Answer as Stripe does where it does nothing.
    """
    if fault is WireFault.THROTTLED:
        told = {"error": {"type": "invalid_request_error", "code": "rate_limit"}}
        return answered(told, 429, {"Retry-After": "3"})
    if fault is WireFault.UNAUTHORIZED:
        return refused(401, "invalid_request_error", "Invalid API Key provided")
    return refused(503, "api_error", "An error occurred")


class StripeLab:
    """
    A server in memory, behind a line that breaks when it is told to.
    """

    def __init__(self, **config: object) -> None:
        self.server = StripeServer()
        self.line = FaultLine()
        self.clock = ManualClock(datetime.fromtimestamp(self.server.now, UTC))
        self._transport = BreakingTransport(
            self.line, httpx2.MockTransport(Keys(self.server.serve)), refusal
        )
        self._config = {"api_key": KEY, **config}

    def connect(self) -> StripeGateway:
        """
        Make a new adapter.
        """
        config = StripeConfig(**self._config)
        return StripeGateway(config, Context(self.clock), self._transport)

    def card(self, *, declines: bool = False) -> str:
        """
        Make a card.
        """
        return self.server.card(behaves="declines" if declines else "pays")

    def asking_card(self) -> str:
        """
        Make a card whose bank asks for its owner.
        """
        return self.server.card(behaves="asks")

    def decide(self, reference: str, /, *, agrees: bool) -> None:
        """
        Let the owner be at their bank, and say yes or no.
        """
        for intent in self.server.objects["payment_intents"]:
            if intent["metadata"][REFERENCE] == reference:
                if agrees:
                    self.server.reserve(intent)
                else:
                    self.server.refuse(intent)

    def shown(self, source: str, currency: str, /) -> CardState:
        """
        Add up a card.
        """
        assert currency in _SAME
        reserved = taken = 0
        charges = {one["id"]: one for one in self.server.objects["charges"]}
        for one in self.server.objects["payment_intents"]:
            if (one["payment_method"], one["currency"]) != (source, currency.lower()):
                continue
            if one["status"] == "requires_capture":
                reserved += one["amount"]
            elif one["status"] == "succeeded":
                back = charges[one["latest_charge"]]["amount_refunded"]
                taken += one["amount_received"] - back
        return CardState(
            reserved=Money(reserved, currency), taken=Money(taken, currency)
        )

    def operations(self) -> Mapping[str, int]:
        """
        Count operations by our reference.
        """
        return self.server.counted()
