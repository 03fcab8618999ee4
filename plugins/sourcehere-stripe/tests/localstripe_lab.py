"""
An account of localstripe from behind: nothing here goes through the adapter, and what a
card's bank shows is in localstripe's own books.
"""

from collections import Counter
from collections.abc import Mapping

import httpx2
from localstripe_front import Front
from localstripe_process import LocalStripe
from stripe_lab import refusal
from stripe_server import CAPTURE, KEY, REFERENCE
from stripe_wire import Keys

from sourcehere import Money, SystemClock
from sourcehere.ports.context import Context
from sourcehere.testing.kit import CardState, FaultLine
from sourcehere_http.testing import BreakingTransport
from sourcehere_stripe import StripeConfig, StripeGateway

_PAYS, _DECLINES, _ASKS = "4242424242424242", "4000000000000341", "4000002500003155"


class LocalStripeLab:
    """
    A process that is emptied, behind a line that breaks when it is told to.
    """

    def __init__(self, behind: LocalStripe) -> None:
        self._behind = behind
        behind.empty()
        self.line = FaultLine()
        serve = Keys(Front(behind).serve)
        inner = httpx2.MockTransport(serve)
        self._transport = BreakingTransport(self.line, inner, refusal)

    def connect(self, **config: object) -> StripeGateway:
        """
        Make a new adapter.
        """
        config = StripeConfig(api_key=KEY, base_url=self._behind.url, **config)
        return StripeGateway(config, Context(SystemClock()), self._transport)

    def direct(self) -> StripeGateway:
        """
        Make an adapter that has nothing between it and the process.
        """
        config = StripeConfig(api_key=KEY, base_url=self._behind.url)
        context = Context(SystemClock(), private_hosts=("127.0.0.1",))
        return StripeGateway(config, context)

    def card(self, *, declines: bool = False) -> str:
        """
        Make a card.
        """
        return self.new_card(_DECLINES if declines else _PAYS)

    def new_card(self, number: str) -> str:
        """
        Make a card with a number, by which localstripe knows how it behaves.
        """
        card = {"number": number, "cvc": "123"}
        card |= {"exp_month": "12", "exp_year": "2030"}
        form = {f"card[{name}]": value for name, value in card.items()}
        made = self._behind.ask("POST", "/v1/payment_methods", type="card", **form)
        return made.json()["id"]

    def shown_of(self, name: str) -> str:
        """
        Return the status of an intent.
        """
        return self._behind.ask("GET", f"/v1/payment_intents/{name}").json()["status"]

    def asking_card(self) -> str:
        """
        Make a card whose bank asks for its owner.
        """
        return self.new_card(_ASKS)

    def decide(self, reference: str, /, *, agrees: bool) -> None:
        """
        Let the owner be at their bank, and say yes or no.
        """
        for one in self._behind.all("payment_intents"):
            if one["metadata"].get(REFERENCE) == reference:
                self.authenticate(one["id"], agrees=agrees)

    def authenticate(self, name: str, *, agrees: bool = True) -> None:
        """
        Let the payer be at their bank.
        """
        path = f"/v1/payment_intents/{name}"
        secret = self._behind.ask("GET", path).json()["client_secret"]
        form = {"client_secret": secret, "success": str(agrees).lower()}
        answer = self._behind.ask("POST", f"{path}/_authenticate", **form)
        assert answer.status_code == 200, answer.text

    def shown(self, source: str, currency: str, /) -> CardState:
        """
        Add up a card.
        """
        reserved = taken = 0
        for one in self._behind.all("payment_intents"):
            if (one["payment_method"], one["currency"]) != (source, currency.lower()):
                continue
            if one["status"] == "requires_capture":
                reserved += one["amount"]
            elif one["status"] == "succeeded":
                charge = one["latest_charge"]
                taken += charge["amount"] - charge["amount_refunded"]
        return CardState(
            reserved=Money(reserved, currency), taken=Money(taken, currency)
        )

    def operations(self) -> Mapping[str, int]:
        """
        Count operations by our reference.
        """
        found = self._behind.all("payment_intents") + self._behind.all("refunds")
        told = [one["metadata"] for one in found]
        return Counter(
            one[name] for one in told for name in (REFERENCE, CAPTURE) if name in one
        )
