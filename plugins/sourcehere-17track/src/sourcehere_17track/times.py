"""
When an event was.

17TRACK tells a time with its offset (`time_iso`) and in UTC (`time_utc`). Where it does
not know a carrier's zone it tells neither, and what the carrier's clock showed stands
in `time_raw` alone: mostly so of the delivery.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

_Event = Mapping[str, Any]


def with_times(
    events: Sequence[_Event], zone: tzinfo | None
) -> Iterator[tuple[_Event, datetime | None]]:
    """
    Return one carrier's events, which are told newest first, each with its time; None
    where nobody knows it.

    What has no zone is by the clock of the event before it that has one, else by that
    of *zone*.
    """
    for event in reversed(events):
        zone = _offset_in(event) or zone
        yield event, _instant(event, zone)


def _offset_in(event: _Event) -> tzinfo | None:
    told = _read(event.get("time_iso"))
    return None if told is None else told.tzinfo


def _instant(event: _Event, zone: tzinfo | None) -> datetime | None:
    told = [_read(event.get(name)) for name in ("time_utc", "time_iso")]
    told.append(_shown(event.get("time_raw")))
    known = [at for at in told if at is not None]
    for at in known:
        if at.tzinfo is not None:
            return at
    return known[0].replace(tzinfo=zone) if known and zone is not None else None


def _shown(raw: object) -> datetime | None:
    """
    Read what the carrier's clock showed: a text, or its parts.
    """
    if not isinstance(raw, Mapping):
        return _read(raw)
    date, clock, offset = (
        str(raw.get(name) or "").strip() for name in ("date", "time", "timezone")
    )
    if not clock:
        return _read(date)
    return _read(f"{date}T{clock}{offset}") or _read(f"{date}T{clock}")


def _read(told: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(told or "").strip())
    except ValueError:
        return None
