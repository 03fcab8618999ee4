"""
Where parcels are: karrio's words for it become ours.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sourcehere import TrackingStatus
from sourcehere.ports.context import Context
from sourcehere.ports.errors import DeclinedError, ProviderError
from sourcehere.ports.tracking import CarrierFact, TrackedNumber

from .asking import TRACKING, Asker, Told
from .config import KarrioConfig
from .failures import failure_of, refused, unread
from .own import Own
from .tracking_words import REASONS, STATUSES

_DOING = "asking for a number"
_AT_ONCE = 8
_KEY_MAX = 200
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?")
_NOON = 12


class Tracking:
    """
    Asks a carrier for one number at a time, several side by side.
    """

    def __init__(
        self, config: KarrioConfig, context: Context, asker: Asker, own: Own
    ) -> None:
        self._asker, self._logger = asker, context.logger
        self._zone = ZoneInfo(config.zone)
        given = config.carriers or {one.carrier: "" for one in config.services}
        self.carriers = tuple(given)
        self._codes = {name.casefold(): code for name, code in given.items()}
        self._statuses: Mapping[str, TrackingStatus | None] = own.statuses()

    def track(
        self, numbers: Sequence[TrackedNumber]
    ) -> Sequence[Sequence[CarrierFact] | Exception]:
        """
        Return what is known of each, or why it is not told.
        """
        with ThreadPoolExecutor(min(_AT_ONCE, max(len(numbers), 1))) as pool:
            return list(pool.map(self._tracked, numbers))

    def _tracked(self, number: TrackedNumber) -> Sequence[CarrierFact] | Exception:
        try:
            return self._facts(number)
        except ProviderError as error:
            return error

    def _facts(self, number: TrackedNumber) -> list[CarrierFact]:
        # As receipts print it: in groups, which carriers know nothing of.
        name = "".join(number.tracking_number.split())
        payload: dict[str, Any] = {"tracking_numbers": [name]}
        if code := self._codes.get(number.carrier.strip().casefold()):
            payload["options"] = {name: {"carrier": code}}
        told = self._asker.ask(TRACKING, payload)
        if told.failed is not None:
            raise told.failed
        events = _events_of(told, name)
        facts = [self._fact(event) for event in events]
        return [fact for fact in facts if fact is not None]

    def _fact(self, event: Any) -> CarrierFact | None:
        """
        Return what happened; None for what says nothing, or not when.
        """
        status = self._status(event)
        at = happened_at(event, self._zone)
        if status is None or at is None:
            if at is None:
                self._logger.warning("an event has a time that cannot be read")
            return None
        place = " ".join(str(event.location or "").split())
        return CarrierFact(
            key=_key(at, str(event.code or status), place),
            status=status,
            happened_at=at,
            place=place,
            incident=REASONS.get(str(event.reason or "")),
        )

    def _status(self, event: Any) -> TrackingStatus | None:
        code = str(event.code or "")
        if code in self._statuses:
            return self._statuses[code]
        if event.status in STATUSES:
            return STATUSES[event.status]
        return TrackingStatus.IN_TRANSIT if event.status or event.code else None


def _events_of(told: Told, number: str) -> Sequence[Any]:
    for details in told.details or ():
        if str(details.tracking_number).casefold() == number.casefold():
            return details.events or ()
    if told.words:
        failure = failure_of(told.messages)
        raise failure or refused(_DOING, told.words)
    raise unread(_DOING, "there is neither this number nor a reason")


def happened_at(event: Any, zone: ZoneInfo) -> datetime | None:
    """
    Return when an event was, by the carrier's clock; None where that cannot be read.

    karrio drops the offset of a time and writes `Z` behind it, so only what the clock
    showed is left of it. A package that hands on another offset has it of the carrier.
    """
    if event.timestamp:
        try:
            told = datetime.fromisoformat(str(event.timestamp))
        except ValueError:
            return None
        return told if told.utcoffset() else told.replace(tzinfo=zone)
    try:
        day = datetime.fromisoformat(str(event.date))
    except ValueError:
        return None
    return _at_time(day, str(event.time or "")).replace(tzinfo=zone)


def _at_time(day: datetime, text: str) -> datetime:
    found = _CLOCK.search(text)
    if found is None:
        return day
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    half = (found.group(4) or "").lower()
    # Some packages write "14:05 PM", of which the hour is right.
    if half == "pm" and hour < _NOON:
        hour += _NOON
    elif half == "am" and hour == _NOON:
        hour = 0
    try:
        return day.replace(hour=hour, minute=minute, second=second)
    except ValueError:
        return day


def _key(at: datetime, word: str, place: str) -> str:
    key = f"{at.isoformat()} {word} {place}".strip()
    if len(key) > _KEY_MAX:
        return hashlib.sha256(key.encode()).hexdigest()
    return key


def check(numbers: Sequence[Exception | Sequence[CarrierFact]]) -> None:
    """
    Raise what is wrong between us and the carrier, if it told of no number at all.
    """
    failures = [one for one in numbers if isinstance(one, ProviderError)]
    others = [one for one in failures if not isinstance(one, DeclinedError)]
    if numbers and len(others) == len(numbers):
        raise others[0]
