"""
A gateway's server in memory, and an adapter that passes the contract.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import attrs

from ...domain.kernel.money import Money
from ...ports.errors import DeclinedError
from ...ports.payments import PaymentOutcome, PaymentProvider, PaymentRecord
from .client import ServerClient
from .faults import FaultLine
from .payment_lab import CardState
from .server import Answer, through

_REFUSED = (402, 404, 409)
_DONE, _WAITS, _NO = "done", "waits", "no"


@attrs.define
class _Operation:
    id: str
    kind: str
    reference: str
    amount: int
    currency: str
    card: str
    of: str = ""
    released: bool = False
    state: str = _DONE

    @property
    def page(self) -> str:
        """
        Where its payer has to go; empty where nobody is waited for.
        """
        return f"https://bank.example/{self.id}" if self.state == _WAITS else ""


class GatewayServer:
    """
    Cards, and what was done with them: authorizations, captures, refunds.
    """

    def __init__(self, adapter: "Callable[[GatewayServer], PaymentProvider]") -> None:
        self.line = FaultLine()
        self._adapter = adapter
        self._cards: dict[str, str] = {}  # -> what an authorization of it comes to
        self._done: dict[str, _Operation] = {}
        self._keys: dict[str, tuple[str, str]] = {}  # key -> what was asked, answered
        self._lock = threading.Lock()

    # The back door.

    def connect(self) -> PaymentProvider:
        """
        Make a new adapter.
        """
        return self._adapter(self)

    def card(self, *, declines: bool = False) -> str:
        """
        Make a card.
        """
        return self._card(_NO if declines else _DONE)

    def asking_card(self) -> str:
        """
        Make a card whose payer has to decide.
        """
        return self._card(_WAITS)

    def decide(self, reference: str, /, *, agrees: bool) -> None:
        """
        Let a payer decide.
        """
        for one in self._done.values():
            if one.reference == reference and one.state == _WAITS:
                one.state = _DONE if agrees else _NO

    def _card(self, state: str) -> str:
        name = f"card-{len(self._cards)}"
        self._cards[name] = state
        return name

    def shown(self, source: str, currency: str, /) -> CardState:
        """
        Add up a card.
        """
        total: Counter[str] = Counter()
        for one in self._done.values():
            is_its = one.card == source and one.currency == currency
            if is_its and one.state == _DONE and not one.released:
                total[one.kind] += one.amount
        return CardState(
            reserved=Money(total["authorize"], currency),
            taken=Money(total["capture"] - total["refund"], currency),
        )

    def operations(self) -> Mapping[str, int]:
        """
        Count the operations by reference.
        """
        return Counter(one.reference for one in self._done.values())

    # What adapters ask.

    def request(self, method: str, path: str, body: str = "") -> Answer:
        """
        Answer as a server does.

        Raises:
            ConnectionError: If the line breaks.
        """
        with self._lock:
            return through(self.line.meet(), lambda: self._answer(method, path, body))

    def _answer(self, method: str, path: str, body: str) -> Answer:
        if method == "GET":
            wanted = path.removeprefix("/find/")
            found = [o for o in self._done.values() if o.reference == wanted]
            return Answer(200, json.dumps({"found": [_shown(one) for one in found]}))
        told = json.loads(body)
        key = told.pop("key")
        asked = json.dumps([path, told], sort_keys=True)
        if key in self._keys:
            before, answer = self._keys[key]
            return Answer(200, answer) if before == asked else _refused(409, "key")
        done = self._do(path.strip("/"), told)
        if isinstance(done, Answer):
            return done
        self._done[done.id] = done
        self._keys[key] = (asked, json.dumps(_shown(done)))
        return Answer(200, self._keys[key][1])

    def _do(self, kind: str, told: Mapping[str, Any]) -> "_Operation | Answer":
        amount, currency = told["amount"], told["currency"]
        name = f"op-{len(self._done)}"
        if kind == "authorize":
            card = told["card"]
            comes_to = self._cards.get(card, _NO)
            if comes_to == _NO:
                return _refused(402, "the bank declines")
            made = _Operation(name, kind, told["reference"], amount, currency, card)
            made.state = comes_to
            return made
        first = self._done.get(told["of"])
        wanted = "authorize" if kind == "capture" else "capture"
        if first is None or first.kind != wanted or first.released:
            return _refused(404, "there is no such thing")
        gone = sum(o.amount for o in self._done.values() if o.of == first.id)
        if first.state != _DONE:
            return _refused(402, "its payer has not agreed")
        if amount > first.amount - gone or currency != first.currency:
            return _refused(402, "more than there is")
        if kind == "capture":
            first.released = True
        return _Operation(
            name, kind, told["reference"], amount, currency, first.card, first.id
        )


def _shown(one: _Operation) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "reference": one.reference,
        "amount": one.amount,
        "currency": one.currency,
        "state": one.state,
        "page": one.page,
    }


def _refused(status: int, words: str) -> Answer:
    return Answer(status, json.dumps({"error": words}))


_OUTCOMES = {
    _DONE: PaymentOutcome.SUCCEEDED,
    _WAITS: PaymentOutcome.PENDING,
    _NO: PaymentOutcome.DECLINED,
}


class ServerGateway(ServerClient):
    """
    Speaks to a `GatewayServer`; keeps nothing between two calls.
    """

    name = "server gateway"
    key_ttl = timedelta(days=1)
    finds_by_reference = True

    def __init__(self, server: GatewayServer) -> None:
        self._server = server

    def authorize(
        self, amount: Money, source: str, /, *, reference: str, idempotency_key: str
    ) -> PaymentRecord:
        """
        Reserve an amount.
        """
        told = {"card": source, "reference": reference}
        return self._post("authorize", amount, told, idempotency_key)

    def capture(
        self,
        authorization_id: str,
        amount: Money,
        /,
        *,
        reference: str,
        idempotency_key: str,
    ) -> PaymentRecord:
        """
        Take an amount.
        """
        told = {"of": authorization_id, "reference": reference}
        return self._post("capture", amount, told, idempotency_key)

    def refund(
        self, capture_id: str, amount: Money, /, *, reference: str, idempotency_key: str
    ) -> PaymentRecord:
        """
        Return an amount.
        """
        told = {"of": capture_id, "reference": reference}
        return self._post("refund", amount, told, idempotency_key)

    def find(self, reference: str, /) -> PaymentRecord | None:
        """
        Look a reference up.
        """
        answer = self._send("GET", f"/find/{reference}")
        found = self._object(answer, "found")["found"]
        return self._record(found[0]) if found else None

    def _post(
        self, kind: str, amount: Money, told: dict[str, str], key: str
    ) -> PaymentRecord:
        money = {"amount": self._minor(amount), "currency": amount.currency}
        body = json.dumps({**told, **money, "key": self._key(key)})
        answer = self._send("POST", f"/{kind}", body)
        if answer.status in _REFUSED:
            raise self._refusal(answer)
        return self._record(self._object(answer, "reference", "id"))

    def _send(self, method: str, path: str, body: str = "") -> Answer:
        return self._asked(lambda: self._server.request(method, path, body))

    def _refusal(self, answer: Answer) -> Exception:
        return DeclinedError(provider=self.name, detail=answer.text)

    def _minor(self, amount: Money) -> int:
        return amount.minor

    def _key(self, key: str) -> str:
        return key

    def _record(self, told: Any) -> PaymentRecord:
        outcome = _OUTCOMES[told["state"]]
        is_no = outcome is PaymentOutcome.DECLINED
        return PaymentRecord(
            reference=told["reference"],
            gateway_id=told["id"],
            outcome=outcome,
            amount=Money(0 if is_no else told["amount"], told["currency"]),
            redirect_url=told["page"],
        )
