"""
"Ask for Quote": from a product nobody sells here to a connection.
"""

from collections.abc import Mapping
from datetime import datetime

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import Blocker, InvalidInputError
from ...domain.kernel.ids import QuoteRequestId, SellerId, StoreId, new_id
from ...domain.quotes.model import Quote, QuoteRequest
from ...ports.storage import Key
from ...unit.seller_unit import SellerUnit
from ...unit.tables.quotes import QUOTES_OF
from ...unit.tables.stores import STORES
from ...unit.words import write_words
from ..base.commands import Given
from ..base.methods import MethodCheck
from ..base.service import Service
from .asked_quotes import LINK, REASON, AskedQuote, with_words
from .quoting import connect_quoted, make_quote, what_is_asked


class Quotes(Service):
    """
    Asks, answers, views, accepts and ends quotes.
    """

    def ask(
        self,
        seller_id: str,
        order_id: str,
        line: int,
        *,
        by: Actor,
        link: str = "",
        command_id: str = "",
    ) -> str:
        """
        Ask staff to find a source for a line that is not paired.

        Returns:
            The request's id.

        Raises:
            CommandRefusedError: If not asked by the seller.

            InvalidInputError: If the order has no such line, or it is paired.
        """

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id, lock=False)
            request_id = QuoteRequestId(new_id())
            request = unit.quotes.add(
                request_id,
                QuoteRequest(seller_id=unit.seller_id, request_id=request_id),
            )
            request.ask(what_is_asked(order, line, by=by, at=unit.now))
            write_words(unit, request_id, LINK, link, by=by)
            return request_id

        given = Given(command_id, "ask_quote", (order_id, line, link))
        return self._once(SellerId(seller_id), given, work, str)

    def answer(
        self,
        seller_id: str,
        request_id: str,
        *,
        variant_id: str,
        tiers: Mapping[int, int],
        valid_until: datetime,
        by: Actor,
        units: int = 1,
        method: str = "",
        freight_minor: int | None = None,
        command_id: str = "",
    ) -> None:
        """
        Quote, as staff: a platform variant, at a price by quantity, until a day.

        Args:
            tiers: Quantity -> unit price in minor units of the seller's currency.

            units: Platform units for one store unit.

        Raises:
            CommandRefusedError: If the request is not open, or *by* is not staff.

            NotFoundError: If there is no such request or variant.

            UnknownMethodError: If no freight connection has *method*.

            AmbiguousMethodError: If several have methods of that code.
        """

        def work(unit: SellerUnit) -> str:
            request = unit.quotes.one(request_id)
            MethodCheck(self._ports.providers).require(unit, method)
            quote = make_quote(
                unit, variant_id, tiers, valid_until, units, method, freight_minor
            )
            request.answer(quote, by=by, at=unit.now)
            return request.state

        terms = (variant_id, sorted(tiers.items()), valid_until, units)
        asked = (request_id, *terms, method, freight_minor)
        given = Given(command_id, "answer_quote", asked)
        self._once(SellerId(seller_id), given, work, str)

    def offer(
        self,
        seller_id: str,
        store_id: str,
        sku: str,
        *,
        variant_id: str,
        tiers: Mapping[int, int],
        valid_until: datetime,
        by: Actor,
        command_id: str = "",
        title: str = "",
        units: int = 1,
        method: str = "",
    ) -> str:
        """
        Quote for a store variant without being asked, as staff: after a chat, for
        example.

        Returns:
            The request's id.

        Raises:
            CommandRefusedError: If *by* is not staff.

            NotFoundError: If there is no such store or variant.

            UnknownMethodError: If no freight connection has *method*.

            AmbiguousMethodError: If several have methods of that code.
        """

        def work(unit: SellerUnit) -> str:
            unit.need(STORES, store_id)
            MethodCheck(self._ports.providers).require(unit, method)
            request_id = QuoteRequestId(new_id())
            request = unit.quotes.add(
                request_id,
                QuoteRequest(seller_id=unit.seller_id, request_id=request_id),
            )
            quote = make_quote(
                unit, variant_id, tiers, valid_until, units, method, None
            )
            request.answer(
                quote,
                by=by,
                at=unit.now,
                store_id=StoreId(store_id),
                sku=sku,
                title=title,
            )
            return request_id

        return self._once(
            SellerId(seller_id),
            Given(
                command_id,
                "offer_quote",
                (
                    store_id,
                    sku,
                    variant_id,
                    sorted(tiers.items()),
                    valid_until,
                    title,
                    units,
                    method,
                ),
            ),
            work,
            str,
        )

    def revise(
        self,
        seller_id: str,
        request_id: str,
        *,
        variant_id: str,
        tiers: Mapping[int, int],
        valid_until: datetime,
        by: Actor,
        command_id: str = "",
        units: int = 1,
        method: str = "",
    ) -> None:
        """
        Replace a quote by a new one, as staff.

        Raises:
            CommandRefusedError: If nothing is quoted, or *by* is not staff.

            UnknownMethodError: If no freight connection has *method*.

            AmbiguousMethodError: If several have methods of that code.
        """

        def work(unit: SellerUnit) -> None:
            request = unit.quotes.one(request_id)
            MethodCheck(self._ports.providers).require(unit, method)
            quote = make_quote(
                unit, variant_id, tiers, valid_until, units, method, None
            )
            request.revise(quote, by=by, at=unit.now)

        self._once(
            SellerId(seller_id),
            Given(
                command_id,
                "revise_quote",
                (
                    request_id,
                    variant_id,
                    sorted(tiers.items()),
                    valid_until,
                    units,
                    method,
                ),
            ),
            work,
            type(None),
        )

    def view(
        self, seller_id: str, request_id: str, *, by: Actor, command_id: str = ""
    ) -> Quote:
        """
        Look at a quote; that the seller looked is kept.

        Raises:
            CommandRefusedError: If nobody has quoted yet.
        """
        return self._once(
            SellerId(seller_id),
            Given(command_id, "view_quote", request_id),
            lambda unit: unit.quotes.one(request_id).view(by=by, at=unit.now),
            Quote,
        )

    def accept(
        self, seller_id: str, request_id: str, *, by: Actor, command_id: str = ""
    ) -> str:
        """
        Accept a quote: it connects the product at the quoted price.

        A connection the SKU has already is changed instead. The orders that wait for it
        are tried by the relay.

        Returns:
            The connection's id.

        Raises:
            CommandRefusedError: If it is not quoted, or its validity has ended.

            NotFoundError: If the variant is not on sale any more.
        """

        def work(unit: SellerUnit) -> str:
            request = unit.quotes.one(request_id)
            request.end("accept", by=by, at=unit.now)
            return connect_quoted(unit, request, by=by)

        given = Given(command_id, "accept_quote", request_id)
        return self._once(SellerId(seller_id), given, work, str)

    def end(
        self,
        seller_id: str,
        request_id: str,
        command: str,
        *,
        by: Actor,
        command_id: str = "",
        reason: str = "",
    ) -> str:
        """
        Decline, withdraw, give up (staff found no source) or expire a request.

        Returns:
            The request's state.

        Raises:
            CommandRefusedError: If *command* cannot be done now by *by*.

            InvalidInputError: If *command* is another.
        """
        if command not in ("decline", "withdraw", "give_up", "expire"):
            raise InvalidInputError(
                field="command",
                value=command,
                expected="decline, withdraw, give_up or expire",
            )

        def work(unit: SellerUnit) -> str:
            request = unit.quotes.one(request_id)
            request.end(command, by=by, at=unit.now)
            write_words(unit, request_id, REASON, reason, by=by)
            return request.state

        return self._once(
            SellerId(seller_id),
            Given(command_id, "end_quote", (request_id, command, reason)),
            work,
            str,
        )

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
