"""
The working days of China, and of offices that rest at weekends, by country.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from ..domain.kernel.address import check_country
from ..domain.kernel.countries import country_code
from ..ports.calendar import Calendar
from ..ports.calendar import CalendarUnavailableError as CalendarUnavailableError

if TYPE_CHECKING:  # heavy and optional: imported when first asked
    from holidays import HolidayBase

_SATURDAY = 5


class ChineseCalendar:
    """
    Public holidays of mainland China with their make-up days, as announced.

    The State Council announces each year in the November before it. For years that the
    installed `holidays` library does not know as announced, the festivals are computed
    and make-up days are missing: `is_published` says no.
    """

    def __init__(self) -> None:
        self._years: dict[int, HolidayBase] = {}

    def is_working_day(self, day: date, /) -> bool:
        """
        Tell whether people work on *day*: weekdays but holidays, and make-up days.

        Raises:
            CalendarUnavailableError: If the `holidays` library is not installed.
        """
        return self._year(day.year).is_working_day(day)

    def is_published(self, year: int, /) -> bool:
        """
        Tell whether the announcement for *year* is known: it always names make-up days.

        Raises:
            CalendarUnavailableError: If the `holidays` library is not installed.
        """
        make_up_days = self._year(year).weekend_workdays
        return any(day.year == year for day in make_up_days)

    def _year(self, year: int) -> "HolidayBase":
        if year not in self._years:
            self._years[year] = _load(year)
        return self._years[year]


class WeekdayCalendar:
    """
    Monday to Friday, no holidays: for origins whose holidays do not matter.
    """

    def is_working_day(self, day: date, /) -> bool:
        """
        Tell whether *day* is no Saturday and no Sunday.
        """
        return day.weekday() < _SATURDAY

    def is_published(self, year: int, /) -> bool:  # noqa: ARG002 - weekdays need no announcement
        """
        Tell that every year is known.
        """
        return True


class UnknownHolidays(WeekdayCalendar):
    """
    Monday to Friday, for countries whose holidays nobody told us: all is provisional.
    """

    def is_published(self, year: int, /) -> bool:  # noqa: ARG002 - nobody told of any
        """
        Tell that no year is known.
        """
        return False


class CountryCalendars:
    """
    A calendar for every country: what the host gave, China's, else Monday to Friday
    without holidays, which makes estimates provisional.
    """

    def __init__(self, given: Mapping[str, Calendar] | None = None) -> None:
        """
        Take the calendars of *given*, by country, before our own.

        Raises:
            InvalidInputError: If a key is no country, ISO 3166-1 alpha-2.
        """
        self._calendars: dict[str, Calendar] = {"CN": ChineseCalendar()}
        for name, calendar in (given or {}).items():
            country = country_code(name)
            check_country("calendars", country)
            self._calendars[country] = calendar
        self._other = UnknownHolidays()

    def of(self, country: str, /) -> Calendar:
        """
        Return the calendar of *country*, ISO 3166-1 alpha-2.
        """
        return self._calendars.get(country, self._other)


def _load(year: int) -> "HolidayBase":
    try:
        from holidays import country_holidays  # noqa: PLC0415 - optional, and slow
    except ImportError:
        raise CalendarUnavailableError(
            calendar="ChineseCalendar", package="holidays"
        ) from None
    return _computed(country_holidays, year)


@cache
def _computed(holidays_of: "Callable[..., HolidayBase]", year: int) -> "HolidayBase":
    """
    Compute the holidays of a year once, however many calendars there are.
    """
    return holidays_of("CN", years=year)
