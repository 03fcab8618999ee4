"""
Asking carriers where parcels are: every parcel that is on its way, again and again.

Each connection walks through the orders that have parcels on their way, a page at a
time, and rests when it has come to the end. How far it has come is stored before it is
asked, so that two workers ask for different parcels; where it cannot answer, the walk
goes back to where it was. No connection waits for another.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import attrs

from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.errors import NotFoundError, SourceHereError
from ...domain.kernel.values import frozen
from ...domain.shipments.model import Parcel
from ...domain.shipments.walks import TrackingWalk
from ...doors.answers import words_of
from ...doors.failures import checked_failure
from ...doors.tracking import NumberTold, track
from ...ports.errors import ProviderError
from ...ports.tracking import CarrierFact, TrackedNumber
from ...unit.tables.freight import PROVIDERS
from ...unit.tables.shipments import PARCELS_BY_TRACKING, TRACKING_WALKS
from ..base.asking import ask_outside
from ..base.commands import SAID_OUTSIDE, Given
from ..base.ports import Ports
from .carrier_circuits import CarrierCircuits
from .hints import Hints
from .trackers import Tracker, Trackers, trackers_of
from .tracking import Tracking, TrackingFact
from .walking import forget, hinted, step_back, step_on

AT_ONCE = 40  # numbers of one call
_SHOWN = 20  # facts that make no sense
_RESTS = "it rests, since it did not answer: see `relay status`"


@frozen(kw_only=True)
class TrackingReport:
    """
    What carriers were asked, and what they said.

    Attributes:
        asked: Numbers.

        not_known: Numbers that their carrier does not know, or not yet.

        facts_new: Facts that were not known before.

        failed: Connection, or parcel -> why nothing was said; asked again later.

        set_aside: What is wrong with facts that make no sense; the first twenty.
    """

    asked: int = 0
    not_known: int = 0
    facts_new: int = 0
    failed: dict[str, str] = attrs.field(factory=dict, metadata=SAID_OUTSIDE)
    set_aside: tuple[str, ...] = attrs.field(default=(), metadata=SAID_OUTSIDE)

    def __add__(self, other: "TrackingReport") -> "TrackingReport":
        return TrackingReport(
            asked=self.asked + other.asked,
            not_known=self.not_known + other.not_known,
            facts_new=self.facts_new + other.facts_new,
            failed=self.failed | other.failed,
            set_aside=(*self.set_aside, *other.set_aside)[:_SHOWN],
        )


class CarrierAsking(Hints, Tracking):
    """
    Asks carriers where parcels are, and records what they say.
    """

    def __init__(self, ports: Ports) -> None:
        super().__init__(ports)
        self._circuits = CarrierCircuits(ports)

    def run(
        self,
        *,
        stop: Callable[[], bool] | None = None,
        progress: Callable[[int], None] | None = None,
        command_id: str = "",
    ) -> TrackingReport:
        """
        Ask for all parcels that are due; a connection that does not answer rests, and
        holds up no other.

        Args:
            stop: Asked between two calls: whether to end here.

            progress: Called with how many numbers were asked for, after each call.
        """
        is_over = stop or (lambda: False)
        return self._once_over_for_platform(
            Given(command_id, "ask_carriers", ()),
            lambda: self._run(is_over, progress or (lambda _: None)),
            TrackingReport,
            is_whole=lambda _: not is_over(),
        )

    def ask(
        self, tracking_numbers: Sequence[str], *, command_id: str = ""
    ) -> TrackingReport:
        """
        Ask for parcels of these numbers now, be they due or not.

        Returns:
            Under `failed` also parcels that were replaced, or that no connection is
            asked about, and connections that rest: nobody was asked then.

        Raises:
            NotFoundError: If no parcel has one of the numbers; then nobody is asked.
        """
        numbers = tuple(dict.fromkeys(number.strip() for number in tracking_numbers))
        return self._once_over_for_platform(
            Given(command_id, "ask_about_parcels", numbers),
            lambda: self._ask_about(numbers),
            TrackingReport,
        )

    def _ask_about(self, numbers: Sequence[str]) -> TrackingReport:
        wanted = [(number,) for number in numbers]
        parcels = self._units.platform(
            lambda unit: unit.find(PARCELS_BY_TRACKING, wanted), read_only=True
        )
        known = {parcel.tracking_number for parcel in parcels}
        for number in numbers:
            if number not in known:
                raise NotFoundError(kind="parcel of tracking number", id=number)
        trackers = self._trackers()
        failed = {name: words_of(error) for name, error in trackers.failed.items()}
        asked: dict[str, list[Parcel]] = {tracker.name: [] for tracker in trackers.all}
        for parcel in parcels:
            name, number = trackers.asked_about(parcel), parcel.tracking_number
            if parcel.replaced_by:
                words = f"{number} was replaced by parcel {parcel.replaced_by}"
                failed[parcel.parcel_id] = words
            elif not name:
                words = f"{number}: no freight connection knows parcels of"
                failed[parcel.parcel_id] = f"{words} {parcel.carrier}"
            else:
                asked[name].append(parcel)
        total = TrackingReport(failed=failed)
        for tracker in trackers.all:
            if asked[tracker.name] and self._circuits.rests(tracker.name):
                total += TrackingReport(failed={tracker.name: _RESTS})
            else:
                part, _ = self._ask(tracker, asked[tracker.name])
                total += part
        self._tell(total)
        return total

    def _run(
        self, is_over: Callable[[], bool], progress: Callable[[int], None]
    ) -> TrackingReport:
        trackers = self._trackers()
        failed = {name: words_of(error) for name, error in trackers.failed.items()}
        total = TrackingReport(failed=failed)
        for tracker in trackers.all:
            for part in self._asked(tracker, trackers, is_over):
                total += part
                if part.asked:
                    progress(part.asked)
        self._tell(total)
        return total

    def status(self) -> tuple[TrackingWalk, ...]:
        """
        List how far each connection has come, by name.
        """
        return self._units.platform(
            lambda unit: tuple(unit.each(TRACKING_WALKS.primary)), read_only=True
        )

    def _trackers(self) -> Trackers:
        known = self._units.platform(
            lambda unit: [
                c for c in unit.each(PROVIDERS.primary) if c.kind == "freight"
            ],
            read_only=True,
        )
        return trackers_of(self._ports.providers, known)

    def _asked(
        self, tracker: Tracker, trackers: Trackers, stop: Callable[[], bool]
    ) -> Iterator[TrackingReport]:
        """
        Ask one connection, until it is done, is in trouble, or is to end.
        """
        for ask in (self._ask_hints, self._ask_next):
            while not stop() and not self._circuits.rests(tracker.name):
                part = ask(tracker, trackers)
                if part is None:
                    break
                yield part

    def _ask_hints(self, tracker: Tracker, trackers: Trackers) -> TrackingReport | None:
        """
        Ask for the numbers that the carrier told of by itself; None if there is none.
        """

        hints, parcels = self._units.platform(
            partial(hinted, tracker, trackers, AT_ONCE), read_only=True
        )
        if not hints:
            return None
        report, is_answered = self._ask(tracker, parcels)
        if is_answered:
            self._units.platform(partial(forget, hints))
        return report

    def _ask_next(self, tracker: Tracker, trackers: Trackers) -> TrackingReport | None:
        """
        Ask for the parcels of the next page of orders; None if the walk rests.
        """
        settings = self._settings
        step = self._units.platform(
            partial(
                step_on,
                tracker,
                trackers,
                orders_max=settings.chunk,
                every=settings.track_every,
            )
        )
        if step is None:
            return None
        report, is_answered = self._ask(tracker, step.parcels)
        if not is_answered:
            self._units.platform(partial(step_back, step))
        return report

    def _ask(
        self, tracker: Tracker, parcels: Sequence[Parcel]
    ) -> tuple[TrackingReport, bool]:
        """
        Ask for parcels, record what is said, and tell whether the connection answered.
        """
        total = TrackingReport()
        for at in range(0, len(parcels), AT_ONCE):
            part = parcels[at : at + AT_ONCE]
            told = self._call(tracker, part)
            error = told if isinstance(told, Exception) else None
            self._circuits.judge(tracker.name, error)
            if isinstance(told, Exception):
                failed = {tracker.name: words_of(told)}
                return total + TrackingReport(failed=failed), False
            total += self._record(tracker, part, told)
        return total, True

    def _call(
        self, tracker: Tracker, parcels: Sequence[Parcel]
    ) -> list[NumberTold] | ProviderError:
        numbers = [
            TrackedNumber(
                carrier=parcel.carrier,
                tracking_number=parcel.tracking_number,
                shipped_at=parcel.shipped_at,
            )
            for parcel in parcels
        ]
        who, now = tracker.who, self._ports.clock.now()
        ask = partial(track, tracker.provider, numbers, who, now)
        within = self._settings.track_within
        (told,) = ask_outside(self._watch, "tracking.ask", [(who, ask)], within=within)
        return checked_failure(who, told) if isinstance(told, Exception) else told

    def _record(
        self, tracker: Tracker, parcels: Sequence[Parcel], told: Sequence[NumberTold]
    ) -> TrackingReport:
        facts: dict[str, list[TrackingFact]] = {}
        failed: dict[str, str] = {}
        for parcel, said in zip(parcels, told, strict=True):
            mine = facts.setdefault(parcel.seller_id, [])
            mine += [_fact(tracker, parcel, fact) for fact in said.facts]
            if said.failed is not None and not said.is_unknown:
                failed[parcel.parcel_id] = words_of(said.failed)
        new = 0
        by = Actor(Role.CARRIER, tracker.name)
        for seller_id, mine in facts.items():
            if not mine:
                continue
            try:
                report = self.record(seller_id, mine, by=by)
            except SourceHereError as error:  # this seller's rows are in use
                failed |= {fact.parcel_id: words_of(error) for fact in mine}
                continue
            new += sum(report.done.values())
            failed |= {name: words_of(e) for name, e in report.failed.items()}
        return TrackingReport(
            asked=len(parcels),
            not_known=sum(said.is_unknown for said in told),
            facts_new=new,
            failed=failed,
            set_aside=tuple(words for said in told for words in said.set_aside),
        )

    def _tell(self, report: TrackingReport) -> None:
        watch = self._watch
        for name in ("asked", "not_known", "facts_new"):
            watch.count(f"sending.tracking.{name}", getattr(report, name))
        log = watch.log(self._room)
        for name, words in report.failed.items():
            kind = _kind_of(words)
            log.warning("not told where parcels are: by=%s error=%s", name, kind)
        if report.set_aside:
            log.warning("facts that make no sense: %d", len(report.set_aside))


def _kind_of(words: str) -> str:
    """
    Return the error that *words* begin with; the rest may quote what people wrote.
    """
    kind, colon, _ = words.partition(": ")
    return kind if colon and kind.endswith("Error") else "none"


def _fact(tracker: Tracker, parcel: Parcel, said: CarrierFact) -> TrackingFact:
    return TrackingFact(
        parcel_id=parcel.parcel_id,
        key=f"{tracker.name}:{said.key}",  # another connection counts for itself
        status=said.status,
        happened_at=said.happened_at,
        place=said.place,
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        incident=said.incident,
    )
