"""
The carrier of a run that is asked where parcels are: it knows late, tells in any order,
leaves out what it told before, and says what makes no sense.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import attrs

from ...domain.freight.model import FreightAnswer, FreightRequest
from ...domain.kernel.values import frozen
from ...domain.shipments.model import TrackingStatus
from ...plugins import hookimpl
from ...plugins.hookspecs import FreightProviderInfo
from ...ports.errors import DeclinedError, ThrottledError
from ...ports.freight import FreightProvider
from ...ports.providers import Context, ProviderInfo
from ...ports.tracking import CarrierFact, TrackedNumber
from .lines import GatewayFaults, Line
from .scheduler import Scheduler

TRACKER = "simulated_tracker"
SCANS = "scans"  # the name of its connection
_FAR = timedelta(days=4_000)  # longer than any run
_BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)
_LIES: tuple[Callable[[CarrierFact], CarrierFact], ...] = (
    lambda fact: attrs.evolve(fact, key=""),
    lambda fact: attrs.evolve(fact, key="k" * 10_000),
    lambda fact: attrs.evolve(fact, happened_at=fact.happened_at.replace(tzinfo=None)),
    lambda fact: attrs.evolve(fact, happened_at=fact.happened_at + _FAR),
    lambda fact: attrs.evolve(fact, happened_at=fact.happened_at - _FAR),
    lambda fact: attrs.evolve(fact, happened_at=_BEFORE_ALL),
)


@attrs.define(eq=False)
class SimulatedTracker:
    """
    A carrier that is asked by number.

    Attributes:
        scanned: Number -> what happened to it, in the order in which it knows.
    """

    line: Line
    scanned: dict[str, list[CarrierFact]] = attrs.field(factory=dict)
    is_pure = True  # it quotes nothing

    def scan(self, number: str, status: TrackingStatus, happened_at: datetime) -> None:
        """
        Let something happen to what has a number.
        """
        facts = self.scanned.setdefault(number, [])
        key = f"{number}-{len(facts)}"
        facts.append(CarrierFact(key=key, status=status, happened_at=happened_at))

    def quote(self, request: FreightRequest, /) -> FreightAnswer:
        """
        Offer nothing: a rate card says what freight costs.
        """
        del request
        return FreightAnswer((), ())

    def carriers(self) -> Sequence[str]:
        """
        List whose parcels it knows.
        """
        return ("Post",)

    def track(
        self, numbers: Sequence[TrackedNumber], /
    ) -> Sequence[Sequence[CarrierFact] | Exception]:
        """
        Tell what is known of each number, as far as it likes.

        Raises:
            ProviderError: As the faults say.
        """
        self.line.ask()
        told = [self._told(number.tracking_number) for number in numbers]
        self.line.scheduler.step()
        return told

    def _told(self, number: str) -> Sequence[CarrierFact] | Exception:
        facts = self.scanned.get(number)
        line, faults = self.line, self.line.faults
        if facts is None:
            return DeclinedError(provider=TRACKER, detail="no such number")
        if line.draws(faults.throttled):
            return ThrottledError(
                provider=TRACKER, detail="slowly", retry_after=timedelta(minutes=1)
            )
        known = list(facts)
        if line.draws(faults.hidden):  # it knows late
            known = known[: line.number(len(known) + 1)]
        if line.draws(faults.less):  # it forgets what it told
            known = known[line.number(len(known)) :]
        if line.draws(faults.wrong):
            lie = _LIES[line.number(len(_LIES))]
            known = [*map(lie, known[:2]), *known, *known]
        return known[::-1] if line.draws(1 / 2) else known

    def verify_tracking(
        self, body: bytes, headers: Mapping[str, str], /
    ) -> Sequence[str]:
        """
        Return the numbers of a webhook.
        """
        del headers  # nobody forges anything here: another test does
        numbers: list[str] = json.loads(body)
        return numbers


@frozen
class SimulatedTrackerConfig:
    """
    What a connection to it says: nothing.
    """


class SimulatedTrackers:
    """
    A plugin that offers the one tracker of a run.
    """

    def __init__(self, scheduler: Scheduler, faults: GatewayFaults) -> None:
        self.tracker = SimulatedTracker(Line(scheduler, faults, TRACKER))

    @hookimpl
    def sourcehere_freight_providers(self) -> list[FreightProviderInfo]:
        """
        Offer it.
        """
        return [ProviderInfo(TRACKER, SimulatedTrackerConfig, self._make)]

    def _make(self, _: SimulatedTrackerConfig, __: Context) -> FreightProvider:
        return self.tracker
