"""
A carrier in memory that answers whatever it is told to, and the plugin that offers it.
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import attrs

from ..domain.freight.model import FreightAnswer, FreightOption, FreightRequest
from ..domain.kernel.money import Money
from ..domain.kernel.values import frozen
from ..domain.shipments.model import TrackingStatus
from ..plugins import hookimpl
from ..ports.errors import DeclinedError, SignatureError
from ..ports.freight import FreightProvider
from ..ports.providers import Context, ProviderInfo
from ..ports.tracking import CarrierFact, TrackedNumber


def option(
    method: str = "std", minor: int = 100, /, **changes: object
) -> FreightOption:
    """
    Return an option that makes sense, but for *changes*.
    """
    made = FreightOption(method, method.title(), Money(minor, "USD"), 5, 9, 300)
    # Set as a plugin in another language might: without our checks.
    for name, value in changes.items():
        object.__setattr__(made, name, value)
    return made


def answering(*options: object) -> FreightAnswer:
    """
    Return the answer that offers *options* and leaves nothing out.
    """
    return FreightAnswer(options, ())  # type: ignore[arg-type]  # may make no sense


@attrs.define
class FakeCarrier:
    """
    A carrier that says and does what a test tells it to.

    Attributes:
        answer: What `quote` returns; an exception is raised, and a function is asked.

        listed: What it lists as its methods; None if it cannot.

        asked: Every request, in order.

        check_fault: Raised by `check`.

        checked, closed: How often it was.

        contexts: What it was made with, each time.

        make_fault: Raised instead of making it.
    """

    answer: object = attrs.field(factory=lambda: answering(option()))
    listed: Sequence[str] | None = None
    asked: list[FreightRequest] = attrs.field(factory=list)
    check_fault: Exception | None = None
    make_fault: Exception | None = None
    checked: int = 0
    closed: int = 0
    contexts: list[Context] = attrs.field(factory=list)

    def quote(self, request: FreightRequest, /) -> FreightAnswer:
        """
        Say what was told.
        """
        self.asked.append(request)
        answer = self.answer
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            answer = answer(request)
        return answer  # type: ignore[return-value]  # it may be anything

    def check(self) -> None:
        """
        Fail if told to.
        """
        self.checked += 1
        if self.check_fault is not None:
            raise self.check_fault

    def close(self) -> None:
        """
        Count.
        """
        self.closed += 1


class ListingCarrier(FakeCarrier):
    """
    The same, for a carrier that lists its methods.
    """

    def methods(self) -> Sequence[str]:
        """
        List what was told.
        """
        assert self.listed is not None
        return self.listed


@attrs.define
class TrackingCarrier(FakeCarrier):
    """
    The same, for a carrier that can be asked where parcels are.

    Attributes:
        known: Whose parcels it knows; none for all.

        facts: Number -> what is said of it, or an exception; a number that is not there
            is not known.

        track_fault: Raised instead of all answers.

        tracked: The numbers of each call, in order.

        secret: What its webhooks are signed with.
    """

    known: Sequence[str] = ()
    facts: dict[str, object] = attrs.field(factory=dict)
    track_fault: BaseException | None = None
    tracked: list[list[str]] = attrs.field(factory=list)
    secret: str = "secret"  # noqa: S105 - of a fake

    def carriers(self) -> Sequence[str]:
        """
        List what was told.
        """
        return self.known

    def track(
        self, numbers: Sequence[TrackedNumber], /
    ) -> Sequence[Sequence[CarrierFact] | Exception]:
        """
        Say what was told.
        """
        wanted = [number.tracking_number for number in numbers]
        self.tracked.append(wanted)
        if self.track_fault is not None:
            raise self.track_fault
        unknown = DeclinedError(provider="fake_carrier", detail="no such number")
        return [self.facts.get(number, unknown) for number in wanted]  # type: ignore[misc]  # it may be anything

    def webhook(self, *numbers: str) -> tuple[dict[str, str], bytes]:
        """
        Make the headers and the body of a webhook about *numbers*.
        """
        body = " ".join(numbers).encode()
        return {"X-Signature": self._signature(body)}, body

    def verify_tracking(
        self, body: bytes, headers: Mapping[str, str], /
    ) -> Sequence[str]:
        """
        Read what `webhook` made.
        """
        signature = headers.get("x-signature", "")
        right = self._signature(body)
        if not hmac.compare_digest(signature.encode(), right.encode()):
            raise SignatureError(provider="fake_carrier", detail="wrong signature")
        return body.decode().split()

    def _signature(self, body: bytes) -> str:
        return hmac.new(self.secret.encode(), body, "sha256").hexdigest()


def carrier_fact(
    status: TrackingStatus,
    happened_at: datetime,
    key: str = "",
    **more: object,
) -> CarrierFact:
    """
    Make a fact, whose key is its status unless said otherwise.
    """
    return CarrierFact(
        key=key or status.value,
        status=status,
        happened_at=happened_at,
        **more,  # type: ignore[arg-type]  # of its other fields
    )


@frozen
class FakeCarrierConfig:
    """
    Which carrier it is.
    """

    carrier: str
    token: str = attrs.field(default="none", repr=False, metadata={"secret": True})


class FakeCarriers:
    """
    A plugin that offers carriers in memory, each by its name, as `fake_carrier`.

    Attributes:
        carriers: Name -> carrier; put yours there before you connect it.
    """

    def __init__(self, **carriers: FakeCarrier) -> None:
        self.carriers = carriers

    @hookimpl
    def sourcehere_freight_providers(
        self,
    ) -> list[ProviderInfo[FreightProvider, FakeCarrierConfig]]:
        """
        Offer them.
        """
        make: Callable[[FakeCarrierConfig, Context], FreightProvider] = self._make
        return [ProviderInfo("fake_carrier", FakeCarrierConfig, make)]

    def _make(self, config: FakeCarrierConfig, context: Context) -> FreightProvider:
        carrier = self.carriers[config.carrier]
        carrier.contexts.append(context)
        if carrier.make_fault is not None:
            raise carrier.make_fault
        return carrier
