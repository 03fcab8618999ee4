"""
Which way an order goes that nobody chose one for: a rule of its shop.
"""

import enum
from collections.abc import Sequence

from ..kernel.errors import InvalidInputError
from ..kernel.values import frozen
from .estimate import DAYS_MAX
from .model import FreightOption


class ShipBy(enum.StrEnum):
    """
    What counts first: the price, or the days on the way.
    """

    CHEAPEST = "cheapest"
    FASTEST = "fastest"


@frozen
class ShippingRule:
    """
    How a way is taken.

    Attributes:
        within_days: Only ways that are on the way for no longer, if there are any; else
            the fastest. Zero for no limit.

    Raises:
        InvalidInputError: If the days are negative, or more than a thousand.
    """

    by: ShipBy = ShipBy.CHEAPEST
    within_days: int = 0

    def __attrs_post_init__(self) -> None:
        """
        Refuse days that there are not.

        Raises:
            InvalidInputError: If they are negative, or more than a thousand.
        """
        if not 0 <= self.within_days <= DAYS_MAX:
            raise InvalidInputError(
                field="ship_within_days",
                value=self.within_days,
                expected=f"0 to {DAYS_MAX} days",
            )

    def pick(self, options: Sequence[FreightOption]) -> FreightOption:
        """
        Return one of *options*, which are cheapest first.
        """
        if self.by is ShipBy.CHEAPEST and not self.within_days:
            return options[0]
        limit = self.within_days or DAYS_MAX
        fitting = [option for option in options if option.days_max <= limit]
        if fitting and self.by is ShipBy.CHEAPEST:
            return fitting[0]
        return min(fitting or options, key=_days)


CHEAPEST = ShippingRule()


def _days(option: FreightOption) -> tuple[int, int]:
    return option.days_max, option.days_min
