"""
Which days people work.
"""

from typing import Protocol

from ..domain.freight.estimate import WorkingDays


class Calendar(WorkingDays, Protocol):
    """
    The working days of one country.

    Delivery estimates declare what they need of it; a calendar need not know more.
    """
