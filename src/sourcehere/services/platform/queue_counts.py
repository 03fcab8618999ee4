"""
How much waits in each of the staff's queues, and how much of it for too long.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from ...domain.disputes.machine import OPEN as DISPUTE_OPEN
from ...domain.disputes.machine import UNDER_REVIEW
from ...domain.effects.machine import DEAD
from ...domain.kernel.actor import Role
from ...domain.kernel.clock import from_micros, so_long_before, to_micros
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.values import frozen
from ...domain.orders.desk_queues import DeskQueue
from ...domain.pairing.model import HelpState
from ...domain.quotes.machine import OPEN as QUOTE_OPEN
from ...ports.storage import Index, Row
from ...unit.platform_unit import PlatformUnit
from ...unit.records import Way
from ...unit.tables.disputes import DISPUTES_BY_STATE
from ...unit.tables.effects import OUTBOX_BY_STATE
from ...unit.tables.orders import ORDERS_IN_QUEUE, ORDERS_WAITING_FOR
from ...unit.tables.pairing import HELP_WANTED
from ...unit.tables.quotes import QUOTES_BY_STATE
from ...unit.tables.talk import CONVERSATIONS_WAITING
from ..base.service import Service

COUNTED = 1_000  # of each queue
UNPROMISED = timedelta(days=1)  # what nobody promises anything about is overdue then


@frozen(kw_only=True)
class QueueCount:
    """
    How much waits in one of the staff's queues.

    Attributes:
        queue: `accept`, `pick`, `dispatch`, `receive`; `held_staff`, `held_seller`,
            `held_carrier`: Abnormal, by whose turn it is; `quotes`, `help`,
            `conversations`, `disputes_to_take`, `disputes_to_decide`, `dead_messages`.

        waiting: How much waits, at most 1,000.

        overdue: How much of that has waited for too long: until after it was promised,
            or for longer than was asked for.

        has_more: Whether more than that waits: counting stops at 1,000, the oldest
            ones.

        since: Since when the oldest one waits; None where nothing does.
    """

    queue: str
    waiting: int
    overdue: int
    has_more: bool
    since: datetime | None


@frozen
class _Counted:
    """
    A queue as it is stored.

    Attributes:
        since: The column that says since when each waits.

        promised: The column that says until when it was promised; empty where nothing
            is.
    """

    queue: str
    way: Way[Any]
    prefix: str
    since: str
    promised: str = ""


_PROMISED = "promised_by"
_QUEUES = (
    *(
        _Counted(queue.value, ORDERS_IN_QUEUE, queue.value, "entered_at", _PROMISED)
        for queue in DeskQueue
    ),
    *(
        _Counted(f"held_{who}", ORDERS_WAITING_FOR, who.value, "entered_at")
        for who in (Role.STAFF, Role.SELLER, Role.CARRIER)
    ),
    _Counted("quotes", QUOTES_BY_STATE, QUOTE_OPEN, "asked_at", _PROMISED),
    _Counted("help", HELP_WANTED, HelpState.OPEN.value, "asked_at"),
    _Counted("conversations", CONVERSATIONS_WAITING, Role.STAFF.value, "last_at"),
    _Counted(
        "disputes_to_take", DISPUTES_BY_STATE, DISPUTE_OPEN, "opened_at", _PROMISED
    ),
    _Counted(
        "disputes_to_decide", DISPUTES_BY_STATE, UNDER_REVIEW, "opened_at", _PROMISED
    ),
    _Counted("dead_messages", OUTBOX_BY_STATE, DEAD, "written_at"),
)


class QueueCounts(Service):
    """
    Counts what waits for staff.
    """

    def summary(self, *, overdue_after: timedelta | None) -> tuple[QueueCount, ...]:
        """
        Count what waits in each queue, and how much of it is overdue; the cost does not
        grow with all orders.

        Args:
            overdue_after: What has waited for longer is overdue. If None, what was
                promised until now is, which is what the clock marks; and what nobody
                promises anything about is after a day.

        Raises:
            InvalidInputError: If *overdue_after* is negative.
        """
        if overdue_after is not None and overdue_after < timedelta(0):
            raise InvalidInputError(
                field="overdue_after",
                value=str(overdue_after),
                expected="no negative time",
            )

        def work(unit: PlatformUnit) -> tuple[QueueCount, ...]:
            after = UNPROMISED if overdue_after is None else overdue_after
            before = to_micros(so_long_before(unit.now, after))
            return tuple(
                _count(unit, one, before, by_promise=overdue_after is None)
                for one in _QUEUES
            )

        return self._units.platform(work, read_only=True)


def _count(
    unit: PlatformUnit, one: _Counted, before: int, *, by_promise: bool
) -> QueueCount:
    index = one.way.index
    rows = unit.session.page(
        index,
        (one.prefix,),
        after=None,
        until=None,
        limit=COUNTED + 1,
        descending=False,
    )
    waiting = rows[:COUNTED]
    times = _times(index, one.since, waiting)
    if by_promise and one.promised:
        now = to_micros(unit.now)
        overdue = sum(at <= now for at in _times(index, one.promised, waiting))
    else:
        overdue = sum(at < before for at in times)
    return QueueCount(
        queue=one.queue,
        waiting=len(times),
        overdue=overdue,
        has_more=len(rows) > COUNTED,
        since=_first(times),
    )


def _times(index: Index, column: str, rows: Iterable[Row]) -> list[int]:
    place = index.table.position[column]
    return [int(row[place] or 0) for row in rows]


def _first(times: Iterable[int]) -> datetime | None:
    first = min(times, default=None)
    return None if first is None else from_micros(first)
