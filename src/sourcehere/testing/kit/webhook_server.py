"""
A shop that signs what it tells, in memory, and an adapter that passes the contract.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...ports.errors import ProtocolError, SignatureError
from ...ports.webhooks import SupportsWebhooks, Topic, WebhookEvent
from .faults import FaultLine
from .signed_contract import Posted

SECRET = "hush"  # noqa: S105 - of a shop that is none
_SIGNATURE, _EVENT = "x-signature", "x-event"
_DEEPEST = 64


class WebhookServer:
    """
    One shop.
    """

    def __init__(self, adapter: "Callable[[WebhookServer], SupportsWebhooks]") -> None:
        self.line = FaultLine()
        self._adapter = adapter

    def connect(self) -> SupportsWebhooks:
        """
        Make a new adapter.
        """
        return self._adapter(self)

    def changed(self, external_id: str, /, *, units: int = 1) -> Posted:
        """
        Return what is posted of a changed order.
        """
        told = {"order": external_id, "units": units}
        return self.signed(json.dumps(told).encode())

    def signed(self, body: bytes, /, *, secret: str = "") -> Posted:
        """
        Return a body, signed.
        """
        headers = {
            _SIGNATURE: signature(body, secret or SECRET),
            _EVENT: hashlib.sha256(body).hexdigest(),
            "content-type": "application/json",
        }
        return Posted(body, headers)

    def request(self) -> None:
        """
        Answer whoever asks.

        Raises:
            ConnectionError: If the line breaks.
        """
        if self.line.meet() is not None:
            raise ConnectionResetError


class ServerWebhooks:
    """
    Verifies what a `WebhookServer` posts.
    """

    name = "server shop"

    def __init__(self, server: WebhookServer) -> None:
        self._server = server

    def verify(
        self, body: bytes, headers: Mapping[str, str], /
    ) -> Sequence[WebhookEvent]:
        """
        Check the signature, and return which order changed.
        """
        self._check(body, headers)
        order = self._order(body)
        name = self._event_id(body, headers)
        return (WebhookEvent(name, Topic.ORDER_CHANGED, (order,)),)

    def _check(self, body: bytes, headers: Mapping[str, str]) -> None:
        told = headers.get(_SIGNATURE, "").encode()
        if not hmac.compare_digest(told, signature(body, SECRET).encode()):
            raise SignatureError(provider=self.name, detail="the signature is wrong")

    def _event_id(self, body: bytes, headers: Mapping[str, str]) -> str:
        # What is not signed is not believed: the event is known by what is.
        del headers
        return hashlib.sha256(body).hexdigest()

    def _order(self, body: bytes) -> str:
        told = self._read(body)
        if not isinstance(told, dict) or not isinstance(told.get("order"), str):
            raise ProtocolError(provider=self.name, detail="it names no order")
        return str(told["order"])

    def _read(self, body: bytes) -> Any:
        if body.count(b"[") + body.count(b"{") > _DEEPEST:
            raise ProtocolError(provider=self.name, detail="it is too deep")
        try:
            return json.loads(body, object_pairs_hook=self._once)
        except ValueError as error:
            detail = f"it is no JSON: {type(error).__name__}"
            raise ProtocolError(provider=self.name, detail=detail) from error

    def _once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        told = dict(pairs)
        if len(told) != len(pairs):
            raise ProtocolError(provider=self.name, detail="it says something twice")
        return told


def signature(body: bytes, secret: str) -> str:
    """
    Return what a body is signed with.
    """
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
