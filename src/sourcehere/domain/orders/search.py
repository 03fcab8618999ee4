"""
What an order is searched by: any of what people know of one, together.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

import attrs

from ..kernel.annotations import check_for
from ..kernel.checks import LINE_MAX, check_text, refuse, unshown
from ..kernel.clock import NEVER, end_of_day, start_of_day
from ..kernel.values import frozen
from .desk_queues import DeskQueue
from .kinds import OrderKind
from .tabs import TAB_OF_STATE, Tab

Day = date | datetime


def _check_line(_: object, field: "attrs.Attribute[str]", value: str) -> None:
    check_text(field.name, value, LINE_MAX)


def _check_buyer(_: object, field: "attrs.Attribute[str]", value: str) -> None:
    unshown(partial(check_text, most=LINE_MAX))(field.name, value)


def _check_day(_: object, field: "attrs.Attribute[Day | None]", value: object) -> None:
    if value is None:
        return
    kind = datetime if isinstance(value, datetime) else date
    check_for(kind)(field.name, value)


def _check_states(
    _: object, field: "attrs.Attribute[tuple[str, ...]]", value: tuple[str, ...]
) -> None:
    for state in value:
        if state not in TAB_OF_STATE:
            expected = f"one of {', '.join(sorted(TAB_OF_STATE))}"
            refuse(field.name, state, expected)


def _texts(value: object) -> object:
    """
    Return a list of states as a tuple; one text is no list of letters.
    """
    if not isinstance(value, Iterable) or isinstance(value, str):
        refuse("states", value, "a list of states")
    return tuple(value)


def _a(kind: type) -> Callable[[object, "attrs.Attribute[Any]", Any], None]:
    def check(_: object, field: "attrs.Attribute[Any]", value: Any) -> None:
        if value is not None:
            check_for(kind)(field.name, value)

    return check


@frozen(kw_only=True)
class OrderSearch:
    """
    What is known of the orders that are looked for; all of it has to be true.

    Attributes:
        number: What people call it, the shop's own id of it, or our id; as it is
            written, case included.

        tracking_number: Of one of its parcels, also of one that was replaced; as it is
            written, or in capitals.

        buyer: Words of the buyer's name, or the email, or both; each word in full, in
            any order. Case and punctuation around a word make no difference.

        sku: The shop's SKU of one of its lines, or the platform's of one of its items,
            as SKUs are compared everywhere.

        placed_from, placed_to: When it was placed, in its shop or here; a draft counts
            from when it was made. A day is a whole day in the platform's zone, the last
            one included; a time is where it begins, or where it is over.

        paid_from, paid_to: When it was paid here, in the same way.

        states: Any of these states.

        tab: In this tab.

        queue: In this queue of the staff's. A tab is no queue: an order is Abnormal
            also while what is left of it can leave.

        store_id: Of this shop; staff name the seller too.

        seller_id: Of this seller; for staff.

        kind: Of this kind.

    Raises:
        InvalidInputError: If nothing is asked for, a text is too long or holds what no
            database keeps, or a time has no zone.
    """

    number: str = attrs.field(default="", validator=_check_line)
    tracking_number: str = attrs.field(default="", validator=_check_line)
    buyer: str = attrs.field(default="", validator=_check_buyer, repr=False)
    sku: str = attrs.field(default="", validator=_check_line)
    placed_from: Day | None = attrs.field(default=None, validator=_check_day)
    placed_to: Day | None = attrs.field(default=None, validator=_check_day)
    paid_from: Day | None = attrs.field(default=None, validator=_check_day)
    paid_to: Day | None = attrs.field(default=None, validator=_check_day)
    states: tuple[str, ...] = attrs.field(
        default=(), converter=_texts, validator=_check_states
    )
    tab: Tab | None = attrs.field(default=None, validator=_a(Tab))
    queue: DeskQueue | None = attrs.field(default=None, validator=_a(DeskQueue))
    store_id: str = attrs.field(default="", validator=_check_line)
    seller_id: str = attrs.field(default="", validator=_check_line)
    kind: OrderKind | None = attrs.field(default=None, validator=_a(OrderKind))

    def __attrs_post_init__(self) -> None:
        """
        Refuse a search for nothing at all.
        """
        if all(
            getattr(self, f.name) in ("", None, ()) for f in attrs.fields(type(self))
        ):
            refuse("search", "", "at least one thing that is known of the order")

    def placed_within(self, zone: str) -> "Range | None":
        """
        Return when it was placed; None where that was not said.

        Raises:
            InvalidInputError: If the range ends before it begins.
        """
        return _range("placed_to", self.placed_from, self.placed_to, zone)

    def paid_within(self, zone: str) -> "Range | None":
        """
        Return when it was paid; None where that was not said.

        Raises:
            InvalidInputError: If the range ends before it begins.
        """
        return _range("paid_to", self.paid_from, self.paid_to, zone)


@frozen
class Range:
    """
    From an instant on, until before another.
    """

    begin: datetime
    end: datetime


_FIRST = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _range(field: str, begin: Day | None, end: Day | None, zone: str) -> Range | None:
    if begin is None and end is None:
        return None
    first = _FIRST if begin is None else _instant(begin, zone, start_of_day)
    last = NEVER if end is None else _instant(end, zone, end_of_day)
    if last <= first:
        refuse(field, last.isoformat(), f"a time behind {first.isoformat()}")
    return Range(first, last)


def _instant(said: Day, zone: str, of_day: Callable[[date, str], datetime]) -> datetime:
    return said if isinstance(said, datetime) else of_day(said, zone)
