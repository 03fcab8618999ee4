"""
Between which days a parcel arrives, paid today, from the cloud warehouse or the source.
"""

import enum
from datetime import date, timedelta
from typing import Protocol

from ..kernel.errors import InvalidInputError
from ..kernel.values import frozen
from .model import DeliveryEstimate

# Working days of the origin from payment until the parcel leaves, least and most.
# From the cloud warehouse: the same day, or the next. Goods sourced directly are first
# sent there: "This process takes 2-3 days" (order management, cloud warehouse orders).
_CLOUD_DAYS = (0, 1)
_TO_WAREHOUSE_DAYS = (2, 3)

DAYS_MAX = 1_000  # on the way; nothing that is sent takes years
_LONGEST_BREAK = 366  # days; no calendar rests longer


class WorkingDays(Protocol):
    """
    Which days people at the origin work.
    """

    def is_working_day(self, day: date, /) -> bool:
        """
        Tell whether people work on *day*, make-up days included.
        """
        ...

    def is_published(self, year: int, /) -> bool:
        """
        Tell whether the holidays of *year* are announced; else they are a guess.
        """
        ...


class Source(enum.StrEnum):
    """
    Where the goods are when the order is paid.
    """

    CLOUD = "cloud"
    DIRECT = "direct"


@frozen
class DaysSaved:
    """
    How many days earlier stock in the cloud warehouse arrives.
    """

    earliest: int
    latest: int


def estimate_delivery(
    *,
    paid_on: date,
    source: Source,
    days_min: int,
    days_max: int,
    calendar: WorkingDays,
) -> DeliveryEstimate:
    """
    Count working days of the origin until the parcel leaves, then days on the way.

    Provisional where a year is counted in whose holidays are not published.

    Args:
        paid_on: The day of payment at the origin.

        days_min: On the way at least, calendar days, as the shipping method has them.

        days_max: On the way at most.

    Raises:
        InvalidInputError: If the days are negative, in the wrong order, or more than a
            thousand.
    """
    if not 0 <= days_min <= days_max <= DAYS_MAX:
        raise InvalidInputError(
            field="days_min, days_max",
            value=(days_min, days_max),
            expected=f"days from 0 to {DAYS_MAX}, the least first",
        )
    least, most = handling_days(source)
    leaves_first = working_days_after(paid_on, least, calendar=calendar)
    leaves_last = working_days_after(paid_on, most, calendar=calendar)
    years = range(paid_on.year, leaves_last.year + 1)
    return DeliveryEstimate(
        earliest=leaves_first + timedelta(days=days_min),
        latest=leaves_last + timedelta(days=days_max),
        provisional=not all(calendar.is_published(year) for year in years),
    )


def handling_days(source: Source) -> tuple[int, int]:
    """
    Return the least and most working days between payment and leaving.
    """
    if source is Source.CLOUD:
        return _CLOUD_DAYS
    least, most = (
        there + leaving
        for there, leaving in zip(_TO_WAREHOUSE_DAYS, _CLOUD_DAYS, strict=True)
    )
    return least, most


def working_days_after(day: date, count: int, *, calendar: WorkingDays) -> date:
    """
    Return the working day that is *count* working days after *day*.

    With 0, *day* itself, or where nobody works on it the next working day: so 0 and 1
    working days after a Sunday are the same Monday.

    Raises:
        ValueError: If nobody works for a whole year (a calendar that is broken).
    """
    for _ in range(count):
        day = _next_working_day(day + timedelta(days=1), calendar=calendar)
    return _next_working_day(day, calendar=calendar)


def days_saved(*, cloud: DeliveryEstimate, direct: DeliveryEstimate) -> DaysSaved:
    """
    Compare two estimates for the same order: what cloud stock would gain.
    """
    return DaysSaved(
        earliest=(direct.earliest - cloud.earliest).days,
        latest=(direct.latest - cloud.latest).days,
    )


def _next_working_day(day: date, *, calendar: WorkingDays) -> date:
    for ahead in range(_LONGEST_BREAK):
        candidate = day + timedelta(days=ahead)
        if calendar.is_working_day(candidate):
            return candidate
    msg = f"no working day within {_LONGEST_BREAK} days of {day}"
    raise ValueError(msg)
