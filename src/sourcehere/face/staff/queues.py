"""
What waits for staff, across sellers: oldest first, page by page.
"""

from ...domain.disputes.model import Dispute
from ...domain.orders.order import Order
from ...domain.orders.views import OrderHeader
from ...domain.pairing.model import HelpRequest
from ...unit.platform_unit import PlatformUnit
from ...unit.records import Way
from ...unit.tables.disputes import DISPUTES_BY_STATE
from ...unit.tables.orders import ORDERS_PICKING, ORDERS_RECEIVING
from ...unit.tables.pairing import HELP_WANTED
from ...unit.tables.quotes import QUOTES_BY_STATE
from ..lists import Cursor, Page, Part, chained, check_limit, paged
from ..records.talk import (
    DisputeView,
    QuoteRequestView,
    dispute_of,
    quote_request_of,
)
from ..scope import STAFF, Desk, reading


class QueuesDesk(Desk):
    """
    Shows staff what to do next.
    """

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
    def orders_to_pick(self, *, after: str = "", limit: int = 50) -> Page[OrderHeader]:
        """
        List accepted orders with something left to send.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._orders(ORDERS_PICKING, after, limit)

    @reading(STAFF)
    def receipts_to_expect(
        self, *, after: str = "", limit: int = 50
    ) -> Page[OrderHeader]:
        """
        List cloud-warehouse orders on their way to a warehouse.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._orders(ORDERS_RECEIVING, after, limit)

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

    def _disputes(self, state: str, after: str, limit: int) -> Page[DisputeView]:
        return self._everybodys(
            DISPUTES_BY_STATE, state, convert=dispute_of, after=after, limit=limit
        )

    def _orders(self, way: Way[Order], after: str, limit: int) -> Page[OrderHeader]:
        check_limit(limit)
        return paged(
            lambda key: self._app.queues.orders_of(way, after=key, limit=limit),
            lambda header: header,
            Cursor((type(self).__name__,), way.index),
            after=after,
        )
