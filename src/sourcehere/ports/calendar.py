"""
Which days people work, by country.
"""

from typing import Protocol

from ..domain.freight.estimate import WorkingDays, WorkingDaysByCountry
from ..domain.kernel.errors import CallerError


class Calendar(WorkingDays, Protocol):
    """
    The working days of one country.

    Delivery estimates declare what they need of it; a calendar need not know more.
    """


class Calendars(WorkingDaysByCountry, Protocol):
    """
    The calendar of every country where goods are bought or packed.
    """


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
