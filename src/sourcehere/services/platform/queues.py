"""
What waits for staff, across sellers: oldest first, page by page.
"""

from datetime import timedelta
from typing import TypeVar

from ...domain.disputes.machine import OPEN as DISPUTE_OPEN
from ...domain.disputes.machine import UNDER_REVIEW
from ...domain.disputes.model import Dispute
from ...domain.kernel.clock import so_long_before, to_micros
from ...domain.orders.desk_queues import DeskQueue
from ...domain.orders.order import Order
from ...domain.orders.views import OrderHeader, header_of
from ...domain.pairing.model import HelpRequest, HelpState
from ...domain.quotes.machine import OPEN as QUOTE_OPEN
from ...domain.quotes.model import QuoteRequest
from ...ports.storage import Key
from ...unit.counting import units_of_orders
from ...unit.platform_unit import PlatformUnit
from ...unit.records import Way
from ...unit.tables.disputes import DISPUTES_BY_STATE
from ...unit.tables.orders import ORDERS_BY_PROMISE, ORDERS_IN_QUEUE
from ...unit.tables.pairing import HELP_WANTED
from ...unit.tables.quotes import QUOTES_BY_STATE
from ...unit.words import say_words
from ..base.service import Service
from ..pairing.asked_quotes import AskedQuote, with_words

T = TypeVar("T")


class Queues(Service):
    """
    Shows staff what to do next.
    """

    def _first(self, way: Way[T], *prefix: str | int, limit: int) -> tuple[T, ...]:
        return self._units.platform(
            lambda unit: tuple(unit.page(way, *prefix, limit=limit)), read_only=True
        )

    def quotes_to_answer(self, *, limit: int = 50) -> tuple[QuoteRequest, ...]:
        """
        List open quote requests.
        """
        return self._first(QUOTES_BY_STATE, QUOTE_OPEN, limit=limit)

    def orders_to_pick(self, *, limit: int = 50) -> tuple[OrderHeader, ...]:
        """
        List accepted orders with something left to send.
        """
        found, _ = self.orders_of(
            ORDERS_IN_QUEUE, DeskQueue.PICK, after=None, limit=limit
        )
        return tuple(header for _, header in found)

    def receipts_to_expect(self, *, limit: int = 50) -> tuple[OrderHeader, ...]:
        """
        List cloud-warehouse orders on their way to a warehouse.
        """
        found, _ = self.orders_of(
            ORDERS_IN_QUEUE, DeskQueue.RECEIVE, after=None, limit=limit
        )
        return tuple(header for _, header in found)

    def orders_of(
        self,
        way: Way[Order],
        name: str,
        *,
        after: Key | None,
        limit: int,
        older_than: timedelta = timedelta(0),
    ) -> tuple[list[tuple[Key, OrderHeader]], bool]:
        """
        List the orders of a queue behind a key, in the order of *way*, and tell whether
        there are more: those that have been in their state for longest first; or only
        the overdue ones, what was promised first first (`ORDERS_BY_PROMISE`).

        Args:
            older_than: Only what has been in its state for longer.
        """

        def work(unit: PlatformUnit) -> tuple[list[tuple[Key, OrderHeader]], bool]:
            until = to_micros(unit.now) if way is ORDERS_BY_PROMISE else None
            found, has_more = unit.slice(
                way, name, after=after, limit=limit, until=until
            )
            if older_than:
                before = so_long_before(unit.now, older_than)
                young = [pair for pair in found if pair[1].entered_at >= before]
                has_more = has_more and not young
                found = found[: len(found) - len(young)]
            units = units_of_orders(unit, [order for _, order in found])
            headers = [header_of(o, units[o.order_id]) for _, o in found]
            keys = [key for key, _ in found]
            said = say_words(unit, headers)
            return list(zip(keys, said, strict=True)), has_more

        return self._units.platform(work, read_only=True)

    def quotes_of(
        self, state: str, *, after: Key | None, limit: int
    ) -> tuple[list[tuple[Key, AskedQuote]], bool]:
        """
        List the quote requests of a state behind a key, with what was typed into them,
        and tell whether there are more.
        """

        def work(
            unit: PlatformUnit,
        ) -> tuple[list[tuple[Key, AskedQuote]], bool]:
            found, has_more = unit.slice(
                QUOTES_BY_STATE, state, after=after, limit=limit
            )
            return with_words(unit, found), has_more

        return self._units.platform(work, read_only=True)

    def disputes_to_review(self, *, limit: int = 50) -> tuple[Dispute, ...]:
        """
        List disputes nobody of staff has ended: new ones first, then those in review.
        """
        new = self._first(DISPUTES_BY_STATE, DISPUTE_OPEN, limit=limit)
        taken = self._first(DISPUTES_BY_STATE, UNDER_REVIEW, limit=limit)
        return (*new, *taken)[:limit]

    def help_wanted(self, *, limit: int = 50) -> tuple[HelpRequest, ...]:
        """
        List open calls for pairing help.
        """
        return self._first(HELP_WANTED, HelpState.OPEN.value, limit=limit)
