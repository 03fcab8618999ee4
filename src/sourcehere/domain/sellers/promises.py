"""
Within how many days the platform promises to do what waits for it.
"""

import attrs

from ..kernel.errors import InvalidInputError
from ..kernel.values import frozen

AS_THE_PLATFORM_SAYS = -1
_DAYS_MAX = 366


@frozen(kw_only=True)
class Promises:
    """
    Within how many days the platform promises what waits for it. What it does not do in
    time is overdue.

    Each is a whole number from 0 to 366; 0 for no promise. A seller's own may be -1
    too: as the platform says.

    Attributes:
        ship_days: From payment until the last unit has left. What an order stands still
            for does not count.

        receive_days: From when goods leave for a cloud warehouse until it has counted
            every unit.

        quote_days: From when a seller asks for a quote until somebody answers.

        dispute_days: From when a dispute is the staff's turn until they ask, offer or
            end it.

    Raises:
        InvalidInputError: If one is no such number.
    """

    ship_days: int = AS_THE_PLATFORM_SAYS
    receive_days: int = AS_THE_PLATFORM_SAYS
    quote_days: int = AS_THE_PLATFORM_SAYS
    dispute_days: int = AS_THE_PLATFORM_SAYS

    def __attrs_post_init__(self) -> None:
        """
        Refuse what is no number of days.

        Raises:
            InvalidInputError: If one is no whole number from -1 to 366.
        """
        for field, days in attrs.asdict(self).items():
            if type(days) is not int or not AS_THE_PLATFORM_SAYS <= days <= _DAYS_MAX:
                raise InvalidInputError(
                    field=field, value=days, expected=f"-1 to {_DAYS_MAX} days"
                )

    def over(self, platform: "Promises") -> "Promises":
        """
        Return these, with what *platform* promises where they say nothing else.
        """
        said = attrs.asdict(self)
        own = {n: days for n, days in said.items() if days != AS_THE_PLATFORM_SAYS}
        return attrs.evolve(platform, **own)
