"""
The working days of China, and of offices that rest at weekends.
"""

from datetime import date
from typing import TYPE_CHECKING

from ..domain.kernel.errors import CallerError

if TYPE_CHECKING:  # heavy and optional: imported when first asked
    from holidays import HolidayBase

_SATURDAY = 5


class CalendarUnavailableError(CallerError):
    """
    A calendar whose library is not installed.
    """

    def __init__(self, *, calendar: str, package: str) -> None:
        super().__init__(
            f"{calendar} needs the package {package}:"
            " pip install 'sourcehere[calendar]'"
        )
        self.calendar = calendar
        self.package = package


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


def _load(year: int) -> "HolidayBase":
    try:
        from holidays import country_holidays  # noqa: PLC0415 - optional, and slow
    except ImportError:
        raise CalendarUnavailableError(
            calendar="ChineseCalendar", package="holidays"
        ) from None
    return country_holidays("CN", years=year)
