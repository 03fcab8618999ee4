"""
"Ask for Quote": from a product nobody sells here to a connection.
"""

from collections.abc import Mapping
from datetime import datetime

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import QuoteRequestId, SellerId, StoreId, new_id
from ...domain.quotes.events import Quote
from ...domain.quotes.model import QuoteRequest
from ...domain.talk.model import Subject
from ...unit.seller_unit import SellerUnit
from ...unit.words import write_words
from ..base.commands import Given
from ..base.methods import MethodCheck
from ..base.promising import promised, promises_to
from ..base.talking import write_message
from .asked_quotes import LINK, PICTURES, REASON
from .asking import QuoteWish, require_none_open, what_is_asked
from .quote_reading import QuoteReading
from .quoting import NO_PROMISE, PromisedFreight, connect_quoted, make_quote


class Quotes(QuoteReading):
    """
    Asks, answers, views, accepts and ends quotes.
    """

    def ask(
        self, seller_id: str, wish: QuoteWish, *, by: Actor, command_id: str = ""
    ) -> str:
        """
        Ask staff to find a source and a price.

        Returns:
            The request's id.

        Raises:
            NotFoundError: If there is no such order or shop.

            CommandRefusedError: If not asked by the seller, or a request for the same
                variant of the shop is open.

            InvalidInputError: If the order has no such line, or it is paired; or
                nothing is said of the product.
        """
        wish.require_something()

        def work(unit: SellerUnit) -> str:
            request_id = QuoteRequestId(new_id())
            request = unit.quotes.add(
                request_id,
                QuoteRequest(seller_id=unit.seller_id, request_id=request_id),
            )
            asked = what_is_asked(unit, wish, by=by, at=unit.now)
            days = promises_to(unit, self._settings).quote_days
            request.ask(attrs.evolve(asked, promised_by=promised(unit, days)))
            write_words(unit, request_id, LINK, wish.link, by=by)
            write_words(unit, request_id, PICTURES, "\n".join(wish.pictures), by=by)
            if wish.words.strip():
                write_message(unit, Subject.QUOTE, request_id, wish.words, by=by)
            return request_id

        given = Given(command_id, "ask_quote", attrs.astuple(wish))
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
        freight: PromisedFreight = NO_PROMISE,
        command_id: str = "",
    ) -> None:
        """
        Quote, as staff: a platform variant, at a price by quantity, until a day.

        Args:
            tiers: Quantity -> unit price in minor units of the seller's currency.

            units: Platform units for one store unit.

            freight: What sending costs, promised: it is what is charged.

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
                unit, variant_id, tiers, valid_until, units, method, freight
            )
            request.answer(quote, by=by, at=unit.now)
            return request.state

        terms = (variant_id, sorted(tiers.items()), valid_until, units)
        asked = (request_id, *terms, method, attrs.astuple(freight))
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
        freight: PromisedFreight = NO_PROMISE,
    ) -> str:
        """
        Quote for a store variant without being asked, as staff: after a chat, for
        example.

        Returns:
            The request's id.

        Raises:
            CommandRefusedError: If *by* is not staff, or a request for the same variant
                of the shop is open.

            NotFoundError: If there is no such store or variant.

            UnknownMethodError: If no freight connection has *method*.

            AmbiguousMethodError: If several have methods of that code.
        """

        def work(unit: SellerUnit) -> str:
            require_none_open(unit, store_id, sku, "")
            MethodCheck(self._ports.providers).require(unit, method)
            request_id = QuoteRequestId(new_id())
            request = unit.quotes.add(
                request_id,
                QuoteRequest(seller_id=unit.seller_id, request_id=request_id),
            )
            quote = make_quote(
                unit, variant_id, tiers, valid_until, units, method, freight
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
                    attrs.astuple(freight),
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
        freight: PromisedFreight = NO_PROMISE,
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
                unit, variant_id, tiers, valid_until, units, method, freight
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
                    attrs.astuple(freight),
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
        self,
        seller_id: str,
        request_id: str,
        *,
        by: Actor,
        store_id: str = "",
        sku: str = "",
        seen_version: int | None = None,
        command_id: str = "",
    ) -> str:
        """
        Accept a quote: it connects the product at the quoted price.

        A connection the SKU has already is changed instead. The orders that wait for it
        are tried by the relay. One that was asked without a shop connects the variant
        that *store_id* and *sku* name; without them nothing, and its price is for every
        order with the variant.

        Args:
            seen_version: The request's version as the seller saw it.

        Returns:
            The connection's id; empty where nothing is connected.

        Raises:
            CommandRefusedError: If it is not quoted, its validity has ended, or it was
                revised since the seller saw it.

            NotFoundError: If the variant is not on sale any more, or there is no such
                shop.

            InvalidInputError: If it was asked for a variant of a shop and another is
                named, or a shop without a SKU.
        """

        def work(unit: SellerUnit) -> str:
            request = unit.quotes.one(request_id)
            _require_one_shop(request, store_id, sku)
            request.end(
                "accept",
                by=by,
                at=unit.now,
                store_id=store_id,
                sku=sku,
                seen=seen_version,
            )
            return connect_quoted(unit, request, by=by)

        words: tuple[object, ...] = (store_id, sku) if store_id or sku else ()
        if seen_version is not None:
            words = (*words, seen_version)
        asked = (request_id, *words) if words else request_id
        given = Given(command_id, "accept_quote", asked)
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


def _require_one_shop(request: QuoteRequest, store_id: str, sku: str) -> None:
    if request.store_id and (store_id or sku):
        raise InvalidInputError(
            field="store_id",
            value=store_id,
            expected="none: it was asked for a variant of a shop",
        )
    if bool(store_id) != bool(sku.strip()):
        field, value = ("sku", sku) if store_id else ("store_id", store_id)
        raise InvalidInputError(
            field=field, value=value, expected="both a shop and its SKU, or neither"
        )
