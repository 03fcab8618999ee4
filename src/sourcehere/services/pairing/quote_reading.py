"""
Looking at quote requests: one, all, and what can be done.
"""

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import Blocker
from ...domain.kernel.ids import SellerId
from ...domain.quotes.model import QuoteRequest
from ...ports.storage import Key
from ...unit.seller_unit import SellerUnit
from ...unit.tables.quotes import QUOTES_OF
from ..base.service import Service
from .asked_quotes import AskedQuote, with_words


class QuoteReading(Service):
    """
    Reads quote requests.
    """

    def get(self, seller_id: str, request_id: str) -> QuoteRequest:
        """
        Return a request.

        Raises:
            NotFoundError: If there is none.
        """
        return self._read(
            SellerId(seller_id), lambda unit: unit.quotes.one(request_id, lock=False)
        )

    def asked(self, seller_id: str, request_id: str) -> AskedQuote:
        """
        Return a request with what people typed into it.

        Raises:
            NotFoundError: If there is none.
        """

        def work(unit: SellerUnit) -> AskedQuote:
            request = unit.quotes.one(request_id, lock=False)
            return with_words(unit, [((), request)])[0][1]

        return self._read(SellerId(seller_id), work)

    def page(
        self, seller_id: str, *, after: Key | None, limit: int
    ) -> tuple[list[tuple[Key, AskedQuote]], bool]:
        """
        List a seller's requests behind a key, with what people typed into them, oldest
        first, and tell whether there are more.
        """

        def work(unit: SellerUnit) -> tuple[list[tuple[Key, AskedQuote]], bool]:
            found, has_more = unit.slice(QUOTES_OF, after=after, limit=limit)
            return with_words(unit, found), has_more

        return self._read(SellerId(seller_id), work)

    def allowed(self, seller_id: str, request_id: str, *, by: Actor) -> tuple[str, ...]:
        """
        List the commands that *by* can do to a request now.
        """
        now = self._ports.clock.now()
        return self.get(seller_id, request_id).allowed(by=by, at=now)

    def why_not(
        self, seller_id: str, request_id: str, command: str, *, by: Actor
    ) -> tuple[Blocker, ...]:
        """
        Return every reason why *by* cannot do *command* now; empty if it can.

        Raises:
            UnknownCommandError: If no request has such a command.
        """
        now = self._ports.clock.now()
        return self.get(seller_id, request_id).blockers(command, by=by, at=now)

    def all(self, seller_id: str) -> tuple[QuoteRequest, ...]:
        """
        List a seller's requests, oldest first.
        """
        return self._read(SellerId(seller_id), lambda unit: tuple(unit.each(QUOTES_OF)))
