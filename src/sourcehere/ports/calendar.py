"""
Which days people work.
"""

from datetime import date
from typing import Protocol


class Calendar(Protocol):
    """
    The working days of one country.
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
