"""
When: aware UTC instants, days of a zone, and the only place that asks the wall clock.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from time import monotonic
from typing import Protocol
from zoneinfo import ZoneInfo

from .errors import InvalidInputError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # later than any deadline
# How far ahead a fact may be that somebody tells: zones that were left out, and clocks
# that are wrong.
AHEAD_MAX = timedelta(days=2)
SHOP_AHEAD_MAX = timedelta(days=1)  # how far a shop's clock may be before ours
_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
# All rows of a commit bear its instant: most conversions repeat an earlier one.
_REMEMBERED = 4096


class Clock(Protocol):
    """
    Tells the present instant.
    """

    def now(self) -> datetime:
        """
        Return the present instant, aware, in UTC.
        """
        ...


class SystemClock:
    """
    The wall clock.
    """

    def now(self) -> datetime:
        """
        Return the present instant, aware, in UTC.
        """
        return datetime.now(UTC)


class ManualClock:
    """
    A clock that moves only when told: for tests, imports and deterministic runs.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """
        Return the instant this clock was set to.
        """
        return self.at

    def advance(self, step: timedelta) -> None:
        """
        Move forward by *step*.
        """
        self.at += step


_seconds: ContextVar[Callable[[], float]] = ContextVar("stopwatch", default=monotonic)


def stopwatch() -> float:
    """
    Return seconds that only grow, whatever is done to the clocks: to measure how long
    something takes.
    """
    return _seconds.get()()


@contextmanager
def measured_by(seconds: Callable[[], float]) -> Iterator[None]:
    """
    Let *seconds* be the stopwatch of what is done inside, in this thread: for runs that
    are to be the same again.
    """
    token = _seconds.set(seconds)
    try:
        yield
    finally:
        _seconds.reset(token)


def check_zone(name: str) -> None:
    """
    Accept the IANA name of a time zone, such as `Asia/Shanghai`.

    Raises:
        InvalidInputError: If there is no zone of that name.
    """
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, TypeError, OSError):
        raise InvalidInputError(
            field="zone",
            value=name,
            expected="the IANA name of a time zone, such as Asia/Shanghai",
        ) from None


def day_at(at: datetime, zone: str) -> date:
    """
    Return which day it is in *zone* at the instant *at*.
    """
    return at.astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str) -> datetime:
    """
    Return the instant at which *day* begins in *zone*, in UTC.
    """
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def end_of_day(day: date, zone: str) -> datetime:
    """
    Return the instant at which *day* ends in *zone*, in UTC: the next one begins.
    """
    return start_of_day(day + timedelta(days=1), zone)


def so_long_before(at: datetime, span: timedelta) -> datetime:
    """
    Return the instant that is *span* before *at*; the earliest one there is where that
    is before all that a calendar has.

    Args:
        span: Not negative.
    """
    return _EARLIEST if span > at - _EARLIEST else at - span


@lru_cache(maxsize=_REMEMBERED)
def to_micros(at: datetime) -> int:
    """
    Count microseconds since 1970; exact.

    Raises:
        TypeError: If *at* has no time zone (a programming error).
    """
    return (at - _EPOCH) // _MICROSECOND


@lru_cache(maxsize=_REMEMBERED)
def from_micros(micros: int) -> datetime:
    """
    Return the instant *micros* microseconds after 1970; exact.
    """
    return _EPOCH + timedelta(microseconds=micros)
