"""
What happens between payment and the parcel leaving: steps, each in working days of
the place where it happens.
"""

import enum

from ..kernel.errors import InvalidInputError
from ..kernel.values import frozen

_STEP_MAX = 366  # working days; nothing that is sold takes longer


class Source(enum.StrEnum):
    """
    Where the goods are when the order is paid.

    `partly`: some in the cloud warehouse, the rest at the supplier.
    """

    CLOUD = "cloud"
    DIRECT = "direct"
    PARTLY = "partly"


@frozen
class WorkingDayRange:
    """
    How many working days a step takes, at least and at most.

    Raises:
        InvalidInputError: If they are no whole numbers from 0 to 366, the least first.
    """

    least: int
    most: int

    def __attrs_post_init__(self) -> None:
        """
        Refuse what is no range of days.

        Raises:
            InvalidInputError: If they are no whole numbers from 0 to 366, the least
                first.
        """
        given = (self.least, self.most)
        are_numbers = all(type(number) is int for number in given)
        if not are_numbers or not 0 <= self.least <= self.most <= _STEP_MAX:
            raise InvalidInputError(
                field="least, most",
                value=given,
                expected=f"working days from 0 to {_STEP_MAX}, the least first",
            )


@frozen(kw_only=True)
class Handling:
    """
    How long each step takes. What holds by default is from the order-management text.

    Attributes:
        buy: Until the supplier has handed over goods that are sourced directly. The
            text names no time of its own for it: its 2-3 days begin when staff receive
            the order, so buying is in them.

        bring: From the supplier to the platform's warehouse: "the staff receives the
            order, will send the product to Yuncang. This process takes 2-3 days"
            (cloud warehouse order processing).

        pack: From the warehouse to the carrier: the same working day, or the next. The
            text has no number: "the product is shipped directly from the cloud
            warehouse". It is the same for goods that were brought there first.
    """

    buy: WorkingDayRange = WorkingDayRange(0, 0)
    bring: WorkingDayRange = WorkingDayRange(2, 3)
    pack: WorkingDayRange = WorkingDayRange(0, 1)


@frozen
class Step:
    """
    One step, and the country whose working days it counts.
    """

    days: WorkingDayRange
    country: str


def routes_of(
    source: Source, handling: Handling, *, origin: str, warehouse: str
) -> tuple[tuple[Step, ...], ...]:
    """
    Return the steps of every part of an order, one after the other.

    Args:
        origin: The country where goods are bought, and where the platform packs what
            it sources directly.

        warehouse: The country of the cloud warehouse; empty for *origin*.
    """
    cloud = (Step(handling.pack, warehouse or origin),)
    direct = tuple(
        Step(days, origin) for days in (handling.buy, handling.bring, handling.pack)
    )
    if source is Source.PARTLY:
        return (cloud, direct)
    return (cloud,) if source is Source.CLOUD else (direct,)
