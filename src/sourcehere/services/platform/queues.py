"""
What waits for staff, across sellers: oldest first, page by page.
"""

from typing import TypeVar

from ...domain.disputes.machine import OPEN as DISPUTE_OPEN
from ...domain.disputes.machine import UNDER_REVIEW
from ...domain.disputes.model import Dispute
from ...domain.orders.order import Order
from ...domain.pairing.model import HelpRequest, HelpState
from ...domain.quotes.machine import OPEN as QUOTE_OPEN
from ...domain.quotes.model import QuoteRequest
from ...unit.records import Way
from ...unit.tables.disputes import DISPUTES_BY_STATE
from ...unit.tables.orders import ORDERS_PICKING, ORDERS_RECEIVING
from ...unit.tables.pairing import HELP_WANTED
from ...unit.tables.quotes import QUOTES_BY_STATE
from ..base.service import Service

T = TypeVar("T")


class Queues(Service):
    """
    Shows staff what to do next.
    """

    def _first(self, way: Way[T], *prefix: str | int, limit: int) -> tuple[T, ...]:
        return self.units.platform(
            lambda unit: tuple(unit.page(way, *prefix, limit=limit)), read_only=True
        )

    def quotes_to_answer(self, *, limit: int = 50) -> tuple[QuoteRequest, ...]:
        """
        List open quote requests.
        """
        return self._first(QUOTES_BY_STATE, QUOTE_OPEN, limit=limit)

    def orders_to_pick(self, *, limit: int = 50) -> tuple[Order, ...]:
        """
        List accepted orders with something left to send, headers only.
        """
        return self._first(ORDERS_PICKING, 1, limit=limit)

    def receipts_to_expect(self, *, limit: int = 50) -> tuple[Order, ...]:
        """
        List cloud-warehouse orders on their way to a warehouse, headers only.
        """
        return self._first(ORDERS_RECEIVING, 1, limit=limit)

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
