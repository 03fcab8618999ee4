"""
The contract of who tells where parcels are: subclass `TrackingContract`, fill in one
method.

```python
class TestMyTracking(TrackingContract):
    def make_lab(self):
        return MyTrackingLab()
```

A lab is a carrier with a back door (`TrackingLab`). Where the carrier has webhooks, its
lab makes one (`HintingLab`); one that serves `TrackingWebhookContract` too needs
no more than the `told` of that.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, ClassVar

import pytest

from ...domain.shipments.model import IncidentReason, TrackingStatus
from ...doors.answers import Answerer
from ...doors.tracking import NumberTold, carriers_of, track
from ...ports.errors import ProviderError, SignatureError
from ...ports.providers import SupportsClose
from ...ports.tracking import (
    SupportsTracking,
    SupportsTrackingWebhooks,
    TrackedNumber,
)
from .faults import WireFault
from .guard import Guarded
from .lab_case import LabCase, assert_told_as, failure_of
from .tracking_lab import Scan, TrackingLab

_ME = Answerer("carrier under test", "")
_HOUR = timedelta(hours=1)
_CHINA = timezone(timedelta(hours=8))
_MOST = 40
_AT_ONCE = 8


class TrackingContract(LabCase[TrackingLab], Guarded):
    """
    Every sentence of `sourcehere.ports.tracking` that can be tried from outside.

    Attributes:
        faults: What the line can do.

        statuses: Those that the carrier has a word for.

        incidents: Reasons that it tells, each with a status it tells them with.

        left_out: Name of a test -> why this carrier cannot pass it. Set the test to
            None in your class as well.
    """

    faults: ClassVar[Sequence[WireFault]] = tuple(WireFault)
    statuses: ClassVar[Sequence[TrackingStatus]] = tuple(TrackingStatus)
    incidents: ClassVar[Sequence[tuple[TrackingStatus, IncidentReason]]] = (
        (TrackingStatus.CUSTOMS, IncidentReason.CUSTOMS_DUTIES),
        (TrackingStatus.DELIVERY_FAILED, IncidentReason.RECIPIENT_ABSENT),
        (TrackingStatus.DELAYED, IncidentReason.WEATHER),
        (TrackingStatus.IN_TRANSIT, IncidentReason.DAMAGED),
    )

    @pytest.fixture
    def carrier(self, lab: TrackingLab) -> SupportsTracking:
        """
        Return the adapter under test.
        """
        return lab.connect()

    def test_what_happened_is_told(
        self, lab: TrackingLab, carrier: SupportsTracking
    ) -> None:
        """
        Each status in our words, its time to the second, its place.
        """
        for status in self.statuses:
            number = lab.announced()
            at = number.shipped_at + _HOUR
            lab.happens(number, Scan(status=status, happened_at=at, place="Yiwu"))
            (told,) = _ask(carrier, number)
            facts = [(f.status, f.happened_at, f.place) for f in told.facts]
            assert [(status, at, "Yiwu")] == facts, told

    def test_why_it_does_not_go_on_is_told(
        self, lab: TrackingLab, carrier: SupportsTracking
    ) -> None:
        """
        With its status; what is no incident has none.
        """
        for status, incident in self.incidents:
            number = lab.announced()
            at = number.shipped_at
            lab.happens(
                number, Scan(status=status, happened_at=at + _HOUR, incident=incident)
            )
            over = Scan(status=TrackingStatus.DELIVERED, happened_at=at + 2 * _HOUR)
            lab.happens(number, over)
            (told,) = _ask(carrier, number)
            found = {fact.status: fact.incident for fact in told.facts}
            assert {status: incident, TrackingStatus.DELIVERED: None} == found

    def test_times_are_instants(
        self, lab: TrackingLab, carrier: SupportsTracking
    ) -> None:
        """
        Whatever zone it happened in.
        """
        number = lab.announced()
        at = (number.shipped_at + _HOUR).astimezone(_CHINA)
        lab.happens(number, Scan(status=TrackingStatus.IN_TRANSIT, happened_at=at))
        (told,) = _ask(carrier, number)
        assert [at] == [fact.happened_at for fact in told.facts]

    def test_all_that_happened_is_told_each_time(
        self, lab: TrackingLab, carrier: SupportsTracking
    ) -> None:
        """
        With the same key however often it is told, also by another adapter; twice the
        same status is two facts.
        """
        number = lab.announced()
        before: dict[str, datetime] = {}
        for hours in (5, 2, 7):  # a scan may come late
            at = number.shipped_at + hours * _HOUR
            lab.happens(number, Scan(status=TrackingStatus.IN_TRANSIT, happened_at=at))
            (told,) = _ask(carrier, number)
            (again,) = _ask(lab.connect(), number)
            known = {fact.key: fact.happened_at for fact in told.facts}
            assert known == {fact.key: fact.happened_at for fact in again.facts}
            assert len(known) == len(told.facts) == len(before) + 1
            assert before.items() < known.items()
            before = known

    def test_what_happens_at_one_time_is_told_apart(
        self, lab: TrackingLab, carrier: SupportsTracking
    ) -> None:
        """
        Carriers that know the day only tell several facts of one instant.
        """
        number = lab.announced()
        at = number.shipped_at + _HOUR
        said = [TrackingStatus.IN_TRANSIT, TrackingStatus.DELIVERED]
        for status in said:
            lab.happens(number, Scan(status=status, happened_at=at))
        (told,) = _ask(carrier, number)
        assert sorted(said) == sorted(fact.status for fact in told.facts)

    def test_answers_are_in_the_order_of_numbers(
        self, lab: TrackingLab, carrier: SupportsTracking
    ) -> None:
        """
        Forty at once, some of them unknown.
        """
        numbers: list[TrackedNumber] = []
        expected: list[datetime | None] = []
        for place in range(_MOST):
            if place % 7 == 3:
                numbers.append(lab.unknown())
                expected.append(None)
                continue
            number = lab.announced()
            at = number.shipped_at + place * timedelta(minutes=1)
            lab.happens(number, Scan(status=TrackingStatus.PENDING, happened_at=at))
            numbers.append(number)
            expected.append(at)
        for order in (numbers, numbers[::-1]):
            wanted = expected if order is numbers else expected[::-1]
            told = _ask(carrier, *order)
            assert wanted == [_first(one) for one in told]

    def test_an_unknown_number_is_declined_alone(
        self, lab: TrackingLab, carrier: SupportsTracking
    ) -> None:
        """
        It may be known tomorrow; its neighbours have their answers.
        """
        known, unknown = lab.announced(), lab.unknown()
        at = known.shipped_at + _HOUR
        lab.happens(known, Scan(status=TrackingStatus.DELIVERED, happened_at=at))
        first, second = _ask(carrier, unknown, known)

        assert first.is_unknown, first
        assert [TrackingStatus.DELIVERED] == [fact.status for fact in second.facts]

    def test_one_that_was_only_announced_is_no_failure(
        self, lab: TrackingLab, carrier: SupportsTracking
    ) -> None:
        """
        Nothing is told of it, or that it is announced, or that it is not known yet.
        """
        (told,) = _ask(carrier, lab.announced())
        assert told.failed is None or told.is_unknown
        assert {fact.status for fact in told.facts} <= {TrackingStatus.PENDING}

    def test_threads_do_not_meet(
        self, lab: TrackingLab, carrier: SupportsTracking
    ) -> None:
        """
        Questions at the same time have each their own answer.
        """
        numbers = []
        for place in range(_AT_ONCE):
            number = lab.announced()
            at = number.shipped_at + place * _HOUR
            lab.happens(number, Scan(status=TrackingStatus.PENDING, happened_at=at))
            numbers.append(number)
        alone = [_ask(carrier, number) for number in numbers]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for _ in range(_AT_ONCE):
                assert alone == list(pool.map(lambda n: _ask(carrier, n), numbers))

    @pytest.mark.parametrize("fault", WireFault, ids=lambda fault: fault.value)
    def test_a_failure_is_no_answer(
        self, lab: TrackingLab, carrier: SupportsTracking, fault: WireFault
    ) -> None:
        """
        No number is unknown for it; the next question is answered.
        """
        if fault not in self.faults:
            pytest.skip("its line cannot do that")
        number = lab.announced()
        at = number.shipped_at + _HOUR
        lab.happens(number, Scan(status=TrackingStatus.DELIVERED, happened_at=at))
        lab.line.fail(fault)
        error = _failure(carrier, number)
        assert_told_as(fault, error)
        (told,) = _ask(carrier, number)
        assert [TrackingStatus.DELIVERED] == [fact.status for fact in told.facts]

    def test_carriers_are_listed_without_asking(self, lab: TrackingLab) -> None:
        """
        A broken line is no obstacle; the carrier of a parcel is among them, or none is.
        """
        carrier = lab.connect()
        if WireFault.BEFORE in self.faults:
            lab.line.fail(WireFault.BEFORE)
        known = carriers_of(carrier, _ME)
        assert known == carriers_of(carrier, _ME)
        lab.line.heal()
        assert not known or lab.announced().carrier.casefold() in known

    def test_a_webhook_names_its_number(self, lab: TrackingLab) -> None:
        """
        Signed by the carrier; nobody is asked.
        """
        carrier, posted = lab.connect(), _posting(lab)
        number = lab.announced()
        headers, body = posted(number)
        lab.line.fail(WireFault.BEFORE)
        assert [number.tracking_number] == _hints(carrier, headers, body)

    def test_a_webhook_that_was_changed_is_refused(self, lab: TrackingLab) -> None:
        """
        Its body, its signature, or both are another's.
        """
        carrier, posted = lab.connect(), _posting(lab)
        headers, body = posted(lab.announced())
        _, other = posted(lab.announced())
        for changed in (
            (headers, other),
            (headers, body + b" "),
            ({}, body),
            (dict.fromkeys(headers, ""), body),
        ):
            with pytest.raises(SignatureError):
                _hints(carrier, *changed)

    def test_it_can_be_closed_twice(
        self, lab: TrackingLab, carrier: SupportsTracking
    ) -> None:
        """
        If it can be closed at all.
        """
        _ask(carrier, lab.announced())
        if isinstance(carrier, SupportsClose):
            carrier.close()
            carrier.close()


def _ask(carrier: SupportsTracking, *numbers: TrackedNumber) -> list[NumberTold]:
    """
    Ask as the core does; what makes no sense is no answer.
    """
    later = max(number.shipped_at for number in numbers) + timedelta(days=2)
    told = track(carrier, numbers, _ME, later.astimezone(UTC))
    assert () == tuple(words for one in told for words in one.set_aside)
    return told


def _first(told: NumberTold) -> datetime | None:
    return told.facts[0].happened_at if told.facts else None


def _failure(carrier: SupportsTracking, number: TrackedNumber) -> ProviderError:
    """
    Return why nothing is told: of all numbers, or of this one.
    """
    answers: list[object] = []
    error = failure_of(lambda: answers.extend(carrier.track([number])))
    if error is not None:
        return error
    (answer,) = answers
    assert isinstance(answer, ProviderError), answer
    return answer


def _posting(
    lab: Any,
) -> Callable[[TrackedNumber], tuple[dict[str, str], bytes]]:
    """
    Return what makes the carrier's webhook of a number, as the lab has it: one that
    serves `TrackingWebhookContract` too says it once.
    """
    if not isinstance(lab.connect(), SupportsTrackingWebhooks):
        pytest.skip("it has no webhooks")
    if hasattr(lab, "webhook"):
        return lab.webhook  # type: ignore[no-any-return]  # `HintingLab`

    if not hasattr(lab, "told"):
        pytest.fail(
            "the adapter has `verify_tracking`, so the lab needs `webhook(number)`"
            " (`HintingLab`), or `told(number)` as `TrackingWebhookLab` has it"
        )

    def posted(number: TrackedNumber) -> tuple[dict[str, str], bytes]:
        told = lab.told(number.tracking_number)
        return dict(told.headers), told.body

    return posted


def _hints(carrier: object, headers: dict[str, str], body: bytes) -> list[str]:
    assert isinstance(carrier, SupportsTrackingWebhooks)
    lower = {name.lower(): value for name, value in headers.items()}
    return list(carrier.verify_tracking(body, lower))
