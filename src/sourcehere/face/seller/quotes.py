"""
Ask for Quote: a seller asks for a source and a price, a salesman answers.
"""

from datetime import date, datetime

from ...domain.catalog.model import Price, tiers_in
from ...domain.kernel.checks import Prose
from ...domain.kernel.errors import Blocker
from ...domain.kernel.ids import ConnectionId, QuoteRequestId
from ...domain.kernel.money import Money
from ...services.pairing.quoting import PromisedFreight
from ...unit.tables.quotes import QUOTES_OF
from ..lists import Cursor, Page, check_limit, paged
from ..records.talk import QuoteRequestView, QuoteView, quote_of, quote_request_of
from ..results import QuoteAccepted, QuoteState
from ..scope import PEOPLE, SELLER, STAFF, SYSTEM, command, reading
from .quote_asking import QuoteAskingDesk


class QuotesDesk(QuoteAskingDesk):
    """
    Asks for quotes, answers them, and accepts them.
    """

    @reading()
    def get(self, request_id: str) -> QuoteRequestView:
        """
        Return one request.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return quote_request_of(self._app.quotes.asked(self._seller_id, request_id))

    @reading()
    def list(self, *, after: str = "", limit: int = 50) -> Page[QuoteRequestView]:
        """
        List the requests, oldest first.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        check_limit(limit)
        return paged(
            lambda key: self._app.quotes.page(self._seller_id, after=key, limit=limit),
            quote_request_of,
            Cursor((type(self).__name__, self._seller_id), QUOTES_OF.index),
            after=after,
        )

    @reading()
    def allowed(self, request_id: str) -> tuple[str, ...]:
        """
        List the commands that can be done to a request now.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self._app.quotes.allowed(self._seller_id, request_id, by=self._by)

    @reading()
    def why_not(self, request_id: str, command: str) -> tuple[Blocker, ...]:
        """
        Return every reason why *command* cannot be done now; empty if it can.

        Raises:
            UnknownCommandError: If no request has such a command.
        """
        return self._app.quotes.why_not(
            self._seller_id, request_id, command, by=self._by
        )

    @command(STAFF)
    def answer(
        self,
        request_id: str,
        *,
        variant_id: str,
        prices: tuple[Price, ...],
        valid_until: date | datetime,
        units: int = 1,
        method: str = "",
        freight: Money | None = None,
        freight_more: Money | None = None,
        freight_country: str = "",
        command_id: str = "",
    ) -> QuoteState:
        """
        Quote, as staff: a platform variant, at a price by quantity, until a day.

        Args:
            prices: Unit prices by quantity, in the seller's currency.

            valid_until: A time, or a day, which lasts until its end in the platform's
                zone.

            units: Platform units for one store unit.

            freight: What sending a unit of the shop's by *method* costs: a promise,
                which is what a checkout charges. Without it a carrier's price counts.

            freight_more: What each further unit of a line costs; as the first if not
                given.

            freight_country: Where the freight is promised to; anywhere if not given.

        Raises:
            CommandRefusedError: If the request is not open.

            NotFoundError: If there is no such request or variant.

            InvalidInputError: If a price is in another currency.

            UnknownMethodError: If no freight connection has *method*.

            AmbiguousMethodError: If several have methods of that code.
        """
        self._app.quotes.answer(
            self._seller_id,
            request_id,
            variant_id=variant_id,
            tiers=self._tiers(prices),
            valid_until=self._until(valid_until),
            by=self._by,
            units=units,
            method=method,
            freight=self._promise(freight, freight_more, freight_country),
            command_id=command_id,
        )
        return QuoteState(QuoteRequestId(request_id), "quoted")

    @command(STAFF)
    def offer(
        self,
        store_id: str,
        sku: str,
        *,
        variant_id: str,
        prices: tuple[Price, ...],
        valid_until: date | datetime,
        title: str = "",
        units: int = 1,
        method: str = "",
        freight: Money | None = None,
        freight_more: Money | None = None,
        freight_country: str = "",
        command_id: str = "",
    ) -> QuoteState:
        """
        Quote for a store variant without being asked, as staff; the terms are those of
        `answer`.

        Raises:
            NotFoundError: If there is no such shop or variant.

            InvalidInputError: If a price is in another currency than the seller's.
        """
        made = self._app.quotes.offer(
            self._seller_id,
            store_id,
            sku,
            variant_id=variant_id,
            tiers=self._tiers(prices),
            valid_until=self._until(valid_until),
            by=self._by,
            title=title,
            units=units,
            method=method,
            freight=self._promise(freight, freight_more, freight_country),
            command_id=command_id,
        )
        return QuoteState(QuoteRequestId(made), "quoted")

    @command(STAFF)
    def revise(
        self,
        request_id: str,
        *,
        variant_id: str,
        prices: tuple[Price, ...],
        valid_until: date | datetime,
        units: int = 1,
        method: str = "",
        freight: Money | None = None,
        freight_more: Money | None = None,
        freight_country: str = "",
        command_id: str = "",
    ) -> QuoteState:
        """
        Replace a quote by a new one, as staff; the terms are those of `answer`.

        Raises:
            CommandRefusedError: If nothing is quoted.

            InvalidInputError: If a price is in another currency than the seller's.
        """
        self._app.quotes.revise(
            self._seller_id,
            request_id,
            variant_id=variant_id,
            tiers=self._tiers(prices),
            valid_until=self._until(valid_until),
            by=self._by,
            units=units,
            method=method,
            freight=self._promise(freight, freight_more, freight_country),
            command_id=command_id,
        )
        return QuoteState(QuoteRequestId(request_id), "quoted")

    @command(PEOPLE)
    def view(self, request_id: str, *, command_id: str = "") -> QuoteView:
        """
        Look at a quote; that the seller looked is kept.

        Raises:
            CommandRefusedError: If nobody has quoted yet.
        """
        quote = self._app.quotes.view(
            self._seller_id, request_id, by=self._by, command_id=command_id
        )
        return quote_of(quote)

    @command(SELLER)
    def accept(
        self,
        request_id: str,
        *,
        store_id: str = "",
        sku: str = "",
        seen_version: int | None = None,
        command_id: str = "",
    ) -> QuoteAccepted:
        """
        Accept a quote: it connects the product at the quoted price.

        A connection that the SKU has already is changed instead. Where it was asked
        without a shop nothing is connected, and the price is for every order of the
        seller's with the variant, until its validity ends.

        Args:
            store_id, sku: Connect this variant of a shop, where it was asked without.

            seen_version: The request's `version` as the seller saw it; a quote that was
                revised since is refused. None accepts whatever is quoted now.

        Raises:
            CommandRefusedError: If it is not quoted, its validity has ended, or it was
                revised since the seller saw it.

            NotFoundError: If the variant is not on sale any more, or there is no such
                shop.

            InvalidInputError: If it was asked for a variant of a shop and another is
                named, or a shop without a SKU.
        """
        made = self._app.quotes.accept(
            self._seller_id,
            request_id,
            by=self._by,
            store_id=store_id,
            sku=sku,
            seen_version=seen_version,
            command_id=command_id,
        )
        connection_id = ConnectionId(made) if made else None
        return QuoteAccepted(QuoteRequestId(request_id), connection_id)

    @command(SELLER)
    def decline(
        self, request_id: str, *, reason: Prose = "", command_id: str = ""
    ) -> QuoteState:
        """
        Decline a quote, as the seller.

        Raises:
            CommandRefusedError: If nothing is quoted.
        """
        return self._end(request_id, "decline", reason, command_id)

    @command(SELLER)
    def withdraw(
        self, request_id: str, *, reason: Prose = "", command_id: str = ""
    ) -> QuoteState:
        """
        Withdraw a request, as the seller.

        Raises:
            CommandRefusedError: If it has ended.
        """
        return self._end(request_id, "withdraw", reason, command_id)

    @command(STAFF)
    def give_up(
        self, request_id: str, *, reason: Prose = "", command_id: str = ""
    ) -> QuoteState:
        """
        Say, as staff, that no source was found.

        Raises:
            CommandRefusedError: If it is not open.
        """
        return self._end(request_id, "give_up", reason, command_id)

    @command(SYSTEM)
    def expire(
        self, request_id: str, *, reason: Prose = "", command_id: str = ""
    ) -> QuoteState:
        """
        End a quote whose validity is over; the clocks do it by themselves.

        Raises:
            CommandRefusedError: If it is still valid.
        """
        return self._end(request_id, "expire", reason, command_id)

    def _end(
        self, request_id: str, command: str, reason: str, command_id: str
    ) -> QuoteState:
        state = self._app.quotes.end(
            self._seller_id,
            request_id,
            command,
            by=self._by,
            reason=reason,
            command_id=command_id,
        )
        return QuoteState(QuoteRequestId(request_id), state)

    def _tiers(self, prices: tuple[Price, ...]) -> dict[int, int]:
        currency = self._app.sellers.get(self._seller_id).currency
        return tiers_in(currency, prices)

    def _promise(
        self, first: Money | None, more: Money | None, country: str
    ) -> PromisedFreight:
        return PromisedFreight(
            first_minor=None if first is None else self._minor(first),
            more_minor=None if more is None else self._minor(more),
            country=country,
        )
