"""
Between which days a parcel arrives, paid today, from the cloud warehouse or the source.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from ..kernel.errors import InvalidInputError
from ..kernel.values import frozen
from .handling import Handling, Source, Step, routes_of
from .model import DeliveryEstimate

DAYS_MAX = 1_000  # on the way; nothing that is sent takes years
_LONGEST_BREAK = 366  # days; no calendar rests longer


class WorkingDays(Protocol):
    """
    Which days people of one country work.
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


class WorkingDaysByCountry(Protocol):
    """
    The working days of every country.
    """

    def of(self, country: str, /) -> WorkingDays:
        """
        Return the working days of *country*, ISO 3166-1 alpha-2; a guess where they
        are not known.
        """
        ...


@frozen
class DaysSaved:
    """
    How many days earlier stock in the cloud warehouse arrives; negative if later.
    """

    earliest: int
    latest: int


@frozen
class DeliveryComparison:
    """
    When an order arrives from the cloud warehouse, when without it, and the difference.
    """

    cloud: DeliveryEstimate
    direct: DeliveryEstimate
    days_saved: DaysSaved


def estimate_delivery(
    *,
    paid_on: date,
    source: Source,
    days_min: int,
    days_max: int,
    calendars: WorkingDaysByCountry,
    handling: Handling,
    origin: str,
    warehouse: str = "",
) -> DeliveryEstimate:
    """
    Count the working days of each step until the parcel leaves, then days on the way.

    What draws partly on stock arrives with its slowest part. Provisional where a year
    is counted in whose holidays are not published.

    Args:
        paid_on: The day of payment at the origin.

        days_min: On the way at least, calendar days, as the shipping method has them.

        days_max: On the way at most.

        origin: The country where goods are bought and brought together.

        warehouse: The country of the cloud warehouse; that of the origin if empty.

    Raises:
        InvalidInputError: If the days are negative, in the wrong order, or more than a
            thousand.
    """
    leaving = estimate_leaving(
        paid_on=paid_on,
        source=source,
        calendars=calendars,
        handling=handling,
        origin=origin,
        warehouse=warehouse,
    )
    return arriving(leaving, days_min=days_min, days_max=days_max)


def estimate_leaving(
    *,
    paid_on: date,
    source: Source,
    calendars: WorkingDaysByCountry,
    handling: Handling,
    origin: str,
    warehouse: str = "",
) -> DeliveryEstimate:
    """
    Count the working days of each step until the parcel leaves.

    The arguments are those of `estimate_delivery`.
    """
    routes = routes_of(source, handling, origin=origin, warehouse=warehouse)
    parts = [_along(steps, paid_on, calendars) for steps in routes]
    return DeliveryEstimate(
        earliest=max(part.earliest for part in parts),
        latest=max(part.latest for part in parts),
        provisional=any(part.provisional for part in parts),
    )


def arriving(
    leaving: DeliveryEstimate, *, days_min: int, days_max: int
) -> DeliveryEstimate:
    """
    Add the days on the way to when a parcel leaves.

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
    return DeliveryEstimate(
        earliest=leaving.earliest + timedelta(days=days_min),
        latest=leaving.latest + timedelta(days=days_max),
        provisional=leaving.provisional,
    )


def compare(*, cloud: DeliveryEstimate, direct: DeliveryEstimate) -> DeliveryComparison:
    """
    Put two estimates for the same order side by side: what cloud stock gains.
    """
    saved = DaysSaved(
        earliest=(direct.earliest - cloud.earliest).days,
        latest=(direct.latest - cloud.latest).days,
    )
    return DeliveryComparison(cloud, direct, saved)


def working_days_after(day: date, count: int, *, calendar: WorkingDays) -> date:
    """
    Return the working day that is *count* working days after *day*.

    Who is paid on a day of rest begins on the next working day, and counts from there:
    one working day after a Sunday is Tuesday, as it is after Monday.

    Raises:
        ValueError: If nobody works for a whole year (a calendar that is broken).
    """
    day = _next_working_day(day, calendar=calendar)
    for _ in range(count):
        day = _next_working_day(day + timedelta(days=1), calendar=calendar)
    return day


def _along(
    steps: Sequence[Step], paid_on: date, calendars: WorkingDaysByCountry
) -> DeliveryEstimate:
    """
    Estimate when what goes through *steps* leaves.
    """
    first = last = paid_on
    is_provisional = False
    for step in steps:
        calendar = calendars.of(step.country)
        began = first
        first = working_days_after(first, step.days.least, calendar=calendar)
        last = working_days_after(last, step.days.most, calendar=calendar)
        years = range(began.year, last.year + 1)
        is_provisional |= not all(calendar.is_published(year) for year in years)
    return DeliveryEstimate(first, last, is_provisional)


def _next_working_day(day: date, *, calendar: WorkingDays) -> date:
    for ahead in range(_LONGEST_BREAK):
        candidate = day + timedelta(days=ahead)
        if calendar.is_working_day(candidate):
            return candidate
    msg = f"no working day within {_LONGEST_BREAK} days of {day}"
    raise ValueError(msg)
