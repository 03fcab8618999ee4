"""
A tracking service in memory, and an adapter that passes the contract of tracking.
"""

import hmac
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NoReturn

from ...domain.shipments.model import IncidentReason, TrackingStatus
from ...ports.errors import DeclinedError, ProtocolError, SignatureError
from ...ports.tracking import CarrierFact, SupportsTracking, TrackedNumber
from .client import ServerClient
from .faults import FaultLine
from .server import Answer, through
from .signed_contract import Posted
from .tracking_lab import Scan

_DEEPEST = 64
_SHIPPED_AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
# What the service calls it.
WORDS: dict[TrackingStatus, str] = {
    TrackingStatus.PENDING: "InfoReceived",
    TrackingStatus.PICKED_UP: "PickedUp",
    TrackingStatus.IN_TRANSIT: "InTransit",
    TrackingStatus.DELAYED: "Delayed",
    TrackingStatus.CUSTOMS: "CustomsHold",
    TrackingStatus.OUT_FOR_DELIVERY: "OutForDelivery",
    TrackingStatus.DELIVERY_FAILED: "AttemptFailed",
    TrackingStatus.READY_FOR_PICKUP: "AvailableForPickup",
    TrackingStatus.DELIVERED: "Delivered",
    TrackingStatus.RETURN_TO_SENDER: "Returning",
    TrackingStatus.LOST: "Lost",
    TrackingStatus.CANCELLED: "Cancelled",
}
STATUSES = {word: status for status, word in WORDS.items()}
# Those that its interface tells; of others it has no code.
REASONS: dict[str, IncidentReason] = {
    "TAX": IncidentReason.CUSTOMS_DUTIES,
    "NOT_HOME": IncidentReason.RECIPIENT_ABSENT,
    "STORM": IncidentReason.WEATHER,
    "BROKEN": IncidentReason.DAMAGED,
}


class TrackingServer:
    """
    Keeps the scans of each number; its answers are in no order.
    """

    def __init__(self, adapter: "Callable[[TrackingServer], SupportsTracking]") -> None:
        self._adapter = adapter
        self._scans: dict[str, list[dict[str, object]]] = {}
        self._lock = threading.Lock()
        self.line = FaultLine()
        self.secret = b"a secret of both"

    def connect(self) -> SupportsTracking:
        """
        Make a new adapter.
        """
        return self._adapter(self)

    def announced(self) -> TrackedNumber:
        """
        Announce another parcel.
        """
        with self._lock:
            number = f"SN{len(self._scans) + 1:04}"
            self._scans[number] = []
        return _number(number)

    def unknown(self) -> TrackedNumber:
        """
        Return a number that was never announced.
        """
        return _number("XX0000")

    def happens(self, number: TrackedNumber, scan: Scan, /) -> None:
        """
        Keep a scan; the one that came last is told first.
        """
        codes = {reason: code for code, reason in REASONS.items()}
        scans = self._scans[number.tracking_number]
        told = {
            "id": len(scans) + 1,
            "stage": WORDS[scan.status],
            "time": scan.happened_at.isoformat(),
            "place": scan.place,
            "reason": None if scan.incident is None else codes[scan.incident],
        }
        scans.insert(0, told)

    def webhook(self, number: TrackedNumber, /) -> tuple[dict[str, str], bytes]:
        """
        Return what it would post.
        """
        body = json.dumps({"number": number.tracking_number}).encode()
        return {"X-Sign": hmac.new(self.secret, body, "sha256").hexdigest()}, body

    def told(self, number: str, /) -> Posted:
        """
        Return what it would post of any number.
        """
        return self.signed(json.dumps({"number": number}).encode())

    def ping(self) -> Posted:
        """
        Return what it posts to try an address.
        """
        return self.signed(json.dumps({"ping": True}).encode())

    def signed(self, body: bytes, /, *, secret: str = "") -> Posted:
        """
        Return a body, signed.
        """
        made = hmac.new(secret.encode() or self.secret, body, "sha256")
        return Posted(body, {"x-sign": made.hexdigest()})

    def request(self, numbers: Sequence[str]) -> Answer:
        """
        Answer what is known of numbers: an object with one entry for each that is.

        Raises:
            ConnectionError: If the line breaks.
        """
        return through(self.line.meet(), lambda: self._answer(numbers))

    def _answer(self, numbers: Sequence[str]) -> Answer:
        known = [n for n in sorted(set(numbers), reverse=True) if n in self._scans]
        accepted = [{"number": n, "track": self._scans[n]} for n in known]
        return Answer(200, json.dumps({"accepted": accepted}))


def _number(text: str) -> TrackedNumber:
    return TrackedNumber(
        carrier="Server Post", tracking_number=text, shipped_at=_SHIPPED_AT
    )


class ServerTracker(ServerClient):
    """
    Speaks to a `TrackingServer`; keeps nothing between two calls.
    """

    name = "server tracker"

    def __init__(self, server: TrackingServer) -> None:
        self._server = server

    def carriers(self) -> Sequence[str]:
        """
        It knows one.
        """
        return ("server post",)

    def track(
        self, numbers: Sequence[TrackedNumber], /
    ) -> Sequence[Sequence[CarrierFact] | Exception]:
        """
        Ask for all numbers at once.
        """
        wanted = [number.tracking_number for number in numbers]
        answer = self._asked(lambda: self._server.request(wanted))
        said = self._object(answer, "accepted")
        known = {one["number"]: one["track"] for one in said["accepted"]}
        return [
            self._facts(known[number]) if number in known else self._unknown(number)
            for number in wanted
        ]

    def verify_tracking(
        self, body: bytes, headers: Mapping[str, str], /
    ) -> Sequence[str]:
        """
        Check the signature, then read the number.
        """
        self._check(body, headers.get("x-sign", ""))
        return self._numbers(self._read(body))

    def _check(self, body: bytes, told: str) -> None:
        # Bytes are compared: of texts only those in ASCII can be.
        signature = hmac.new(self._server.secret, body, "sha256").hexdigest()
        if not hmac.compare_digest(told.encode(), signature.encode()):
            raise SignatureError(provider=self.name, detail="the signature is wrong")

    def _read(self, body: bytes) -> Any:
        if body.count(b"[") + body.count(b"{") > _DEEPEST:
            self._refuse("it is too deep")
        try:
            return json.loads(body, object_pairs_hook=self._once)
        except ValueError:
            self._refuse("it is no JSON")

    def _once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        told = dict(pairs)
        if len(told) != len(pairs):
            self._refuse("it says something twice")
        return told

    def _numbers(self, told: Any) -> Sequence[str]:
        if told == {"ping": True}:
            return ()
        if not isinstance(told, dict) or not isinstance(told.get("number"), str):
            self._refuse("it names no number")
        return (told["number"],)

    def _refuse(self, words: str) -> NoReturn:
        raise ProtocolError(provider=self.name, detail=words)

    def _facts(self, scans: Any) -> list[CarrierFact]:
        return [self._fact(scan) for scan in scans]

    def _fact(self, scan: Any) -> CarrierFact:
        return CarrierFact(
            key=self._key(scan),
            status=self._status(scan),
            happened_at=self._time(scan),
            place=scan["place"],
            incident=self._incident(scan),
        )

    def _key(self, scan: Any) -> str:
        return str(scan["id"])

    def _status(self, scan: Any) -> TrackingStatus:
        return STATUSES[scan["stage"]]

    def _time(self, scan: Any) -> datetime:
        return datetime.fromisoformat(scan["time"])

    def _incident(self, scan: Any) -> IncidentReason | None:
        return None if scan["reason"] is None else REASONS[scan["reason"]]

    def _unknown(self, number: str) -> Exception:
        return DeclinedError(provider=self.name, detail=f"{number} is not known")
