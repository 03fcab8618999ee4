"""
Sellers who ask for quotes: they look at them, accept, decline, or think better of it.
"""

from collections.abc import Sequence
from typing import Any

from ...domain.orders.tabs import Tab
from ...services.pairing.asking import QuoteWish
from .bargains import KnownQuote
from .disputers import Disputer
from .people import Act
from .world import STORE


class Haggler(Disputer):
    """
    Somebody of a seller who asks for sources and prices.
    """

    def haggling_acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do with quotes.
        """
        has_some = bool(self.world.truth.bargains.open_of(self.seller))
        return (
            (4, self._ask_for_quote),
            (14 if has_some else 0, self._answer_quote),
            (1 if has_some else 0, self._withdraw_quote),
            (2, self._press_old_button),
        )

    def _ask_for_quote(self) -> None:
        wish = self._wish_for_line() if self.chance(0.7) else None
        if wish is None:
            wish = QuoteWish(title="A thing", quantities=(self.number(1, 9),))

        def answered(told: str) -> None:
            self.world.truth.bargains.has_made(self.seller, told)

        self.command(
            "ask_quote",
            lambda app, command: app.quotes.ask(
                self.seller, wish, by=self.by, command_id=command
            ),
            answered,
        )

    def _wish_for_line(self) -> QuoteWish | None:
        """
        Choose a line that waits for a connection, or a SKU of a new order of the shop.
        """
        header = self.one(self.orders_at(Tab.UNRECOGNIZED))
        if header is not None and self.chance(0.6):
            order = self.app.orders.get(self.seller, header.order_id)
            lines = [line.line for line in order.lines if not line.is_paired]
            return QuoteWish(order_id=order.order_id, line=self.one(lines or [1]))
        shop = self.world.shops[self.seller]
        newest: Any = self.one(list(shop.orders.values())[-4:])
        if newest is None:
            return None
        return QuoteWish(store_id=STORE, sku=self.one(newest.lines).sku)

    def _some_quote(self) -> KnownQuote | None:
        found: KnownQuote | None = self.one(
            self.world.truth.bargains.open_of(self.seller)
        )
        return found

    def _answer_quote(self) -> None:
        known = self._some_quote()
        if known is None:
            return
        request = self.app.quotes.get(self.seller, known.request_id)
        if request.state != "quoted":
            return
        if self.chance(0.5):
            self.app.quotes.view(self.seller, known.request_id, by=self.by)
        elif self.chance(0.2):
            self._end_quote(known, "decline")
        else:
            self._accept_quote(known, request.sku if request.store_id else "")

    def _accept_quote(self, known: KnownQuote, sku: str) -> None:
        truth = self.world.truth
        known.is_wanted = True

        def answered(connection_id: str) -> None:
            truth.bargains.has_ended(known, "accepted")
            known.connection_id = connection_id
            if connection_id:
                truth.has_connected(self.seller, sku, connection_id)

        self.command(
            "accept_quote",
            lambda app, command: app.quotes.accept(
                self.seller, known.request_id, by=self.by, command_id=command
            ),
            answered,
        )

    def _press_old_button(self) -> None:
        """
        Accept, on a page that is open still, what has ended.
        """
        bargains = self.world.truth.bargains
        known = self.one(bargains.ended_of(self.seller))
        if known is not None:
            self.command(
                "accept_what_ended",
                lambda app, command: app.quotes.accept(
                    self.seller, known.request_id, by=self.by, command_id=command
                ),
                lambda _: bargains.has_ended(known, "accepted once more"),
            )

    def _withdraw_quote(self) -> None:
        known = self._some_quote()
        if known is not None:
            self._end_quote(known, "withdraw")

    def _end_quote(self, known: KnownQuote, move: str) -> None:
        bargains = self.world.truth.bargains
        self.command(
            f"{move}_quote",
            lambda app, command: app.quotes.end(
                self.seller, known.request_id, move, by=self.by, command_id=command
            ),
            lambda state: bargains.has_ended(known, state),
        )
