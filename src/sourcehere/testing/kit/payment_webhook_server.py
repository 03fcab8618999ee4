"""
A gateway that signs what it tells, in memory, and an adapter that passes the contract.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NoReturn

from ...domain.kernel.clock import ManualClock
from ...ports.errors import ProtocolError, SignatureError
from ...ports.payments import PaymentOutcome, SupportsPaymentWebhooks
from .faults import FaultLine
from .signed_contract import Posted
from .store_lab import PLACED

_SIGNATURE, _SIGNED_AT = "x-signature", "x-signed-at"
_PAID, _FAILED, _WAITS = "payment.paid", "payment.failed", "payment.waits"
_KINDS = {
    PaymentOutcome.SUCCEEDED: _PAID,
    PaymentOutcome.DECLINED: _FAILED,
    PaymentOutcome.PENDING: _WAITS,
}
_TOLERANCE = timedelta(minutes=5)
_DEEPEST = 64


class PaymentWebhookServer:
    """
    One account.

    Attributes:
        secrets: What it signs with, the newest one last: adapters know the two newest.

        clock: The gateway's, and that of its adapters.
    """

    def __init__(
        self, adapter: "Callable[[PaymentWebhookServer], SupportsPaymentWebhooks]"
    ) -> None:
        self.line = FaultLine()
        self.clock = ManualClock(PLACED)
        self.secrets = ["hush-0"]
        self._adapter = adapter
        self._rotations = 0

    def connect(self) -> SupportsPaymentWebhooks:
        """
        Make a new adapter.
        """
        return self._adapter(self)

    def told(
        self,
        reference: str,
        /,
        *,
        outcome: PaymentOutcome = PaymentOutcome.SUCCEEDED,
    ) -> Posted:
        """
        Return what is posted of a payment.
        """
        return self._posted(_KINDS[outcome], reference)

    def not_ours(self) -> Posted:
        """
        Return what is posted of a payment that somebody made by hand.
        """
        return self._posted(_PAID, None)

    def unknown(self) -> Posted:
        """
        Return what is posted of something else, which has a reference all the same.
        """
        return self._posted("report.ready", "1001")

    def signed(self, body: bytes, /, *, secret: str = "") -> Posted:
        """
        Return a body, signed.
        """
        at = self.clock.now().isoformat()
        headers = {
            _SIGNED_AT: at,
            _SIGNATURE: payment_signature(at, body, secret or self.secrets[-1]),
            "content-type": "application/json",
        }
        return Posted(body, headers)

    def rotate(self) -> None:
        """
        Sign with another secret from now on.
        """
        self._rotations += 1
        self.secrets = [self.secrets[-1], f"hush-{self._rotations}"]

    def retire(self) -> None:
        """
        Forget the secret before the newest one.
        """
        self.secrets = self.secrets[-1:]

    def wait(self, time: timedelta, /) -> None:
        """
        Let time pass.
        """
        self.clock.advance(time)

    def request(self) -> None:
        """
        Answer whoever asks.

        Raises:
            ConnectionError: If the line breaks.
        """
        if self.line.meet() is not None:
            raise ConnectionResetError

    def _posted(self, kind: str, reference: str | None) -> Posted:
        told = {"kind": kind, "payment": {"id": "pay-1", "reference": reference}}
        return self.signed(json.dumps(told).encode())


class ServerPaymentWebhooks:
    """
    Verifies what a `PaymentWebhookServer` posts.
    """

    name = "server gateway"

    def __init__(self, server: PaymentWebhookServer) -> None:
        self._server, self._secrets = server, tuple(server.secrets)

    def verify_payment(
        self, body: bytes, headers: Mapping[str, str], /
    ) -> Sequence[str]:
        """
        Check the signature, and return which payment it is about.
        """
        at = headers.get(_SIGNED_AT, "")
        self._check(body, at, headers.get(_SIGNATURE, ""))
        self._check_time(at)
        return self._references(self._read(body))

    def _check(self, body: bytes, at: str, told: str) -> None:
        # Each is compared, so that the time tells nothing of which one it was.
        right = [
            hmac.compare_digest(
                told.encode(), payment_signature(at, body, one).encode()
            )
            for one in self._secrets
        ]
        if not any(right):
            raise SignatureError(provider=self.name, detail="the signature is wrong")

    def _check_time(self, at: str) -> None:
        """
        Refuse what was signed long ago: the time is signed, too.
        """
        if self._server.clock.now() - datetime.fromisoformat(at) > _TOLERANCE:
            raise SignatureError(provider=self.name, detail="it is too old")

    def _references(self, told: Any) -> Sequence[str]:
        if told["kind"] not in _KINDS.values():
            return ()
        reference = told["payment"].get("reference")
        return (reference,) if reference else ()

    def _read(self, body: bytes) -> Any:
        if body.count(b"[") + body.count(b"{") > _DEEPEST:
            self._refuse("it is too deep")
        try:
            told = json.loads(body, object_pairs_hook=self._once)
        except ValueError as error:
            self._refuse(f"it is no JSON: {type(error).__name__}")
        if not isinstance(told, dict) or not isinstance(told.get("payment"), dict):
            self._refuse("it names no payment")
        return told

    def _once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        told = dict(pairs)
        if len(told) != len(pairs):
            self._refuse("it says something twice")
        return told

    def _refuse(self, words: str) -> NoReturn:
        raise ProtocolError(provider=self.name, detail=words)


def payment_signature(at: str, body: bytes, secret: str) -> str:
    """
    Return what a body is signed with at a time.
    """
    return hmac.new(
        secret.encode(), f"{at}.".encode() + body, hashlib.sha256
    ).hexdigest()
