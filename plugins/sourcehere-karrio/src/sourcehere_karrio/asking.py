"""
karrio's operations, step by step: what was sent is known of each failure.

karrio's own interface (`karrio.Rating.fetch(...)`) turns every failure into a message
in its words, so that a broken line looks like a refusal; the steps below it do not.
"""

import threading
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import attrs
import httpx2

from sourcehere.ports.context import Context
from sourcehere.ports.errors import ProviderError

from .config import KarrioConfig
from .failures import Said, failure_of, said, unread
from .gateways import gateway_of
from .sdk import Sdk
from .wire import Call, Exchange, Line
from .words import shown


@attrs.frozen
class Operation:
    """
    One of karrio's operations: what its steps are called.
    """

    model: str
    create: str
    send: str
    parse: str


RATES = Operation(
    "RateRequest", "create_rate_request", "get_rates", "parse_rate_response"
)
SHIPMENT = Operation(
    "ShipmentRequest",
    "create_shipment_request",
    "create_shipment",
    "parse_shipment_response",
)
CANCEL = Operation(
    "ShipmentCancelRequest",
    "create_cancel_shipment_request",
    "cancel_shipment",
    "parse_cancel_shipment_response",
)
TRACKING = Operation(
    "TrackingRequest",
    "create_tracking_request",
    "get_tracking",
    "parse_tracking_response",
)


@attrs.frozen
class Told:
    """
    What came of an operation.

    Attributes:
        details: karrio's reading of the answer; None where there is none.

        messages: The carrier's, blanked.

        exchanges: What was sent and answered.

        failed: Why nobody knows more: of the line, or of the reading.

        is_unread: Whether the line held, and karrio could make nothing of an answer.
    """

    details: Any
    messages: tuple[Said, ...]
    exchanges: tuple[Exchange, ...]
    failed: ProviderError | None = None
    is_unread: bool = False

    @property
    def is_refused(self) -> bool:
        """
        Whether the last answer was a no.
        """
        return bool(
            self.exchanges and self.exchanges[-1].status >= HTTPStatus.BAD_REQUEST
        )

    @property
    def words(self) -> str:
        """
        What the carrier says for people.
        """
        if self.messages:
            return "; ".join(dict.fromkeys(map(str, self.messages)))
        if self.is_refused:
            return f"it answered {self.exchanges[-1].status}"
        return ""

    def trouble(self) -> ProviderError | None:
        """
        Return what is wrong between us and the carrier, whatever was asked: beside a
        result, a message speaks of somebody else's account.
        """
        return self.failed or (None if self.details else failure_of(self.messages))


class Asker:
    """
    Asks one carrier; safe to share between threads.
    """

    def __init__(
        self,
        config: KarrioConfig,
        context: Context,
        transport: httpx2.BaseTransport | None,
    ) -> None:
        self._config = config
        self._line = Line(context, config.timeout_s, transport)
        self._lock = threading.Lock()
        self._made: tuple[Sdk, Any] | None = None
        texts = (one for one in config.settings.values() if isinstance(one, str))
        self._private = (*texts, *config.secrets.values())

    def ask(
        self,
        operation: Operation,
        payload: Mapping[str, object],
        *,
        private: Iterable[str] = (),
    ) -> Told:
        """
        Do one operation.

        Args:
            private: What no message may repeat, such as a recipient's name.

        Raises:
            UnauthorizedError: If there is no such carrier, or its settings do not fit.
        """
        sdk, gateway = self._gateway()
        hidden = (*self._private, *private)
        unable = gateway.check(operation.send)
        if unable:
            return Told(None, _said(unable, hidden), ())
        call = Call(self._line)
        try:
            with call.is_made():
                details, messages = _steps(sdk, gateway, operation, payload)
            messages = _said(messages or (), hidden)
        except Exception as error:  # noqa: BLE001 - packages raise what they like
            return _broken(operation, call, error, hidden)
        told = tuple(call.exchanges)
        return Told(details, messages, told, call.failed)

    def offers(self, operation: Operation) -> bool:
        """
        Whether the carrier has an operation at all.
        """
        return not self._gateway()[1].check(operation.send)

    def close(self) -> None:
        """
        Close the connections.
        """
        self._line.close()

    def _gateway(self) -> tuple[Sdk, Any]:
        with self._lock:
            if self._made is None:
                self._made = gateway_of(self._config)
            return self._made


def _steps(
    sdk: Sdk, gateway: Any, operation: Operation, payload: Mapping[str, object]
) -> tuple[Any, Any]:
    model = sdk.lib.to_object(getattr(sdk.models, operation.model), dict(payload))
    request = getattr(gateway.mapper, operation.create)(model)
    response = getattr(gateway.proxy, operation.send)(request)
    told: tuple[Any, Any] = getattr(gateway.mapper, operation.parse)(response)
    return told


def _said(messages: Iterable[Any], hidden: Iterable[str]) -> tuple[Said, ...]:
    hidden = tuple(hidden)
    return tuple(
        Said(shown(one.code, hidden), shown(one.words, hidden))
        for one in map(said, messages)
    )


def _broken(
    operation: Operation, call: Call, error: Exception, hidden: Iterable[str]
) -> Told:
    """
    Say what a failure means by what was sent until then.
    """
    exchanges = tuple(call.exchanges)
    if call.failed is not None:
        return Told(None, (), exchanges, call.failed)
    if not exchanges:
        words = shown(f"karrio can make no request of it: {_reason(error)}", hidden)
        return Told(None, (Said("", words),), ())
    if exchanges[-1].status >= HTTPStatus.BAD_REQUEST:
        return Told(None, (), exchanges)
    words = f"the answer cannot be read: {type(error).__name__}"
    failed = unread(operation.send, words)
    return Told(None, (), exchanges, failed, is_unread=True)


def _reason(error: Exception) -> str:
    """
    Return which fields karrio misses, or its words.
    """
    details = getattr(error, "details", None)
    if isinstance(details, Mapping):
        return f"{', '.join(map(str, details))} missing or wrong"
    return str(error) or type(error).__name__
