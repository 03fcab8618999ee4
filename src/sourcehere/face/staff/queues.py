"""
What waits for staff, across sellers: oldest first, page by page.
"""

from datetime import timedelta

from ...domain.disputes.model import Dispute
from ...domain.kernel.actor import Role
from ...domain.kernel.errors import InvalidInputError
from ...domain.orders.desk_queues import DeskQueue
from ...domain.orders.order import Order
from ...domain.orders.views import OrderHeader
from ...domain.pairing.model import HelpRequest
from ...services.platform.queue_counts import QueueCount
from ...unit.platform_unit import PlatformUnit
from ...unit.records import Way
from ...unit.tables.disputes import DISPUTES_BY_STATE
from ...unit.tables.orders import (
    ORDERS_BY_PROMISE,
    ORDERS_IN_QUEUE,
    ORDERS_WAITING_FOR,
)
from ...unit.tables.pairing import HELP_WANTED
from ...unit.tables.quotes import QUOTES_BY_STATE
from ...unit.tables.talk import CONVERSATIONS_WAITING
from ..lists import Cursor, Page, Part, chained, check_limit, paged
from ..records.conversations import ConversationView, conversation_of
from ..records.disputes import DisputeView, dispute_of
from ..records.talk import QuoteRequestView, quote_request_of
from ..scope import STAFF, Desk, reading

_AWAITED = frozenset({Role.SELLER, Role.STAFF, Role.CARRIER})


class QueuesDesk(Desk):
    """
    Shows staff what to do next.
    """

    @reading(STAFF)
    def summary(
        self, *, overdue_after: timedelta | None = None
    ) -> tuple[QueueCount, ...]:
        """
        Count what waits in each queue and how much of it is overdue, at one look.

        Of each queue the oldest 1,000 are counted; `has_more` tells where more wait. So
        the cost does not grow with all orders.

        Args:
            overdue_after: What has waited for longer is overdue: orders since they
                entered their state, the rest since it was asked, opened or written. If
                not given, what was promised until now is, as the clock marks it; and
                after a day what nobody promises anything about.

        Raises:
            InvalidInputError: If *overdue_after* is negative.
        """
        return self._app.queue_counts.summary(overdue_after=overdue_after)

    @reading(STAFF)
    def quotes_to_answer(
        self, *, after: str = "", limit: int = 50
    ) -> Page[QuoteRequestView]:
        """
        List open quote requests.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        check_limit(limit)
        return paged(
            lambda key: self._app.queues.quotes_of("open", after=key, limit=limit),
            quote_request_of,
            Cursor((type(self).__name__, "open"), QUOTES_BY_STATE.index),
            after=after,
        )

    @reading(STAFF)
    def orders_to_accept(
        self,
        *,
        older_than: timedelta = timedelta(0),
        overdue: bool = False,
        after: str = "",
        limit: int = 50,
    ) -> Page[OrderHeader]:
        """
        List paid orders that no warehouse has accepted, those that were paid first
        first.

        Args:
            older_than: Only those that have been in their state for longer.

            overdue: Only those that were promised until now, what was promised first
                first.

        Raises:
            InvalidInputError: If *overdue* is asked of those of an age.

            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._queue(DeskQueue.ACCEPT, older_than, overdue, after, limit)

    @reading(STAFF)
    def orders_to_pick(
        self,
        *,
        older_than: timedelta = timedelta(0),
        overdue: bool = False,
        after: str = "",
        limit: int = 50,
    ) -> Page[OrderHeader]:
        """
        List accepted orders with something left to send, those that were paid first
        first.

        Args:
            older_than: Only those that have been in their state for longer.

            overdue: Only those that were promised until now, what was promised first
                first.

        Raises:
            InvalidInputError: If *overdue* is asked of those of an age.

            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._queue(DeskQueue.PICK, older_than, overdue, after, limit)

    @reading(STAFF)
    def orders_to_dispatch(
        self,
        *,
        older_than: timedelta = timedelta(0),
        overdue: bool = False,
        after: str = "",
        limit: int = 50,
    ) -> Page[OrderHeader]:
        """
        List paid cloud-warehouse orders whose goods have not left for the warehouse,
        those that were paid first first.

        Args:
            older_than: Only those that have been in their state for longer.

            overdue: Only those that were promised until now, what was promised first
                first.

        Raises:
            InvalidInputError: If *overdue* is asked of those of an age.

            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._queue(DeskQueue.DISPATCH, older_than, overdue, after, limit)

    @reading(STAFF)
    def receipts_to_expect(
        self,
        *,
        older_than: timedelta = timedelta(0),
        overdue: bool = False,
        after: str = "",
        limit: int = 50,
    ) -> Page[OrderHeader]:
        """
        List cloud-warehouse orders on their way to a warehouse, those that left first
        first.

        Args:
            older_than: Only those that have been in their state for longer.

            overdue: Only those that were promised until now, what was promised first
                first.

        Raises:
            InvalidInputError: If *overdue* is asked of those of an age.

            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._queue(DeskQueue.RECEIVE, older_than, overdue, after, limit)

    @reading(STAFF)
    def orders_held(
        self,
        who: Role = Role.STAFF,
        *,
        older_than: timedelta = timedelta(0),
        after: str = "",
        limit: int = 50,
    ) -> Page[OrderHeader]:
        """
        List Abnormal orders by whose turn it is; their holds say what is the matter.

        Args:
            who: `seller`, `staff` or `carrier`.

            older_than: Only those that have been in their state for longer.

        Raises:
            InvalidInputError: If *who* is nobody for whom orders wait.

            InvalidCursorError: If *after* is no cursor of this list.
        """
        if who not in _AWAITED:
            expected = ", ".join(sorted(_AWAITED))
            raise InvalidInputError(field="who", value=str(who), expected=expected)
        return self._orders(ORDERS_WAITING_FOR, who.value, older_than, after, limit)

    @reading(STAFF)
    def disputes_to_review(
        self, *, after: str = "", limit: int = 50
    ) -> Page[DisputeView]:
        """
        List disputes that nobody of staff has ended: new ones first, then those under
        review.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        check_limit(limit)
        name = f"{type(self).__name__}.review"

        def read(unit: PlatformUnit) -> Page[DisputeView]:
            def part(state: str) -> Part[Dispute]:
                return Part(
                    Cursor((name, state), DISPUTES_BY_STATE.index),
                    lambda key, room: unit.slice(
                        DISPUTES_BY_STATE, state, after=key, limit=room
                    ),
                )

            parts = [part("open"), part("under_review")]
            return chained(parts, dispute_of, after=after, limit=limit)

        return self._app.units.platform(read, read_only=True)

    @reading(STAFF)
    def disputes_to_take(
        self, *, after: str = "", limit: int = 50
    ) -> Page[DisputeView]:
        """
        List disputes that nobody of staff has taken up.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._disputes("open", after, limit)

    @reading(STAFF)
    def disputes_to_decide(
        self, *, after: str = "", limit: int = 50
    ) -> Page[DisputeView]:
        """
        List disputes under review, which wait for staff to decide.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._disputes("under_review", after, limit)

    @reading(STAFF)
    def help_wanted(self, *, after: str = "", limit: int = 50) -> Page[HelpRequest]:
        """
        List open calls for pairing help.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._everybodys(
            HELP_WANTED, "open", convert=lambda h: h, after=after, limit=limit
        )

    @reading(STAFF)
    def conversations_to_answer(
        self, *, after: str = "", limit: int = 50
    ) -> Page[ConversationView]:
        """
        List conversations whose last message is the seller's, those that wait longest
        first.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._everybodys(
            CONVERSATIONS_WAITING,
            Role.STAFF.value,
            convert=conversation_of,
            after=after,
            limit=limit,
        )

    def _disputes(self, state: str, after: str, limit: int) -> Page[DisputeView]:
        return self._everybodys(
            DISPUTES_BY_STATE, state, convert=dispute_of, after=after, limit=limit
        )

    def _queue(
        self,
        queue: DeskQueue,
        older_than: timedelta,
        overdue: bool,  # noqa: FBT001 - handed on, not for callers
        after: str,
        limit: int,
    ) -> Page[OrderHeader]:
        if overdue and older_than:
            raise InvalidInputError(
                field="older_than", value=str(older_than), expected="none with overdue"
            )
        way = ORDERS_BY_PROMISE if overdue else ORDERS_IN_QUEUE
        return self._orders(way, queue.value, older_than, after, limit)

    def _orders(
        self,
        way: Way[Order],
        name: str,
        older_than: timedelta,
        after: str,
        limit: int,
    ) -> Page[OrderHeader]:
        check_limit(limit)
        if older_than < timedelta(0):
            raise InvalidInputError(
                field="older_than", value=str(older_than), expected="no negative time"
            )
        return paged(
            lambda key: self._app.queues.orders_of(
                way, name, after=key, limit=limit, older_than=older_than
            ),
            lambda header: header,
            Cursor((type(self).__name__, name), way.index),
            after=after,
        )
