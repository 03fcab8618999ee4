"""
The platform's salesmen: they quote, revise what they quoted, and find no source.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from ...app import App
from ...domain.kernel.actor import Actor, Role
from ...domain.quotes.model import QuoteRequest
from .bargains import Terms
from .people import Act, Person
from .world import STORE, World


class Salesman(Person):
    """
    Somebody of staff who answers sellers, beside another who does.
    """

    likely = 0.3

    def __init__(self, world: World, place: int) -> None:
        super().__init__(world, f"salesman{place}")
        self.by = Actor(Role.STAFF, self.name)

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do.
        """
        return (
            (3, self._wait),
            (8, self._answer),
            (3, self._revise),
            (2, self._offer_quote),
            (1, self._find_none),
        )

    def _wait(self) -> None:
        self.world.scheduler.step()

    def _some_request(self, state: str) -> QuoteRequest | None:
        pairs, _ = self.app.queues.quotes_of(state, after=None, limit=8)
        found: QuoteRequest | None = self.one([asked.request for _, asked in pairs])
        return found

    def _new_terms(self) -> Terms:
        prices = self.world.truth.bargains.new_price
        until = timedelta(hours=self.number(6, 24 * 20))
        return Terms(
            variant_id=self.one(list(self.world.variants.values())),
            units=self.number(1, 2),
            prices=tuple(prices() for _ in range(self.number(1, 2))),
            valid_until=self.world.clock.now() + until,
        )

    def _answer(self) -> None:
        self._quote("open", lambda app: app.quotes.answer)

    def _revise(self) -> None:
        self._quote("quoted", lambda app: app.quotes.revise)

    def _quote(self, state: str, act_of: Any) -> None:
        request = self._some_request(state)
        if request is None:
            return
        seller, name, terms = request.seller_id, request.request_id, self._new_terms()
        self.world.truth.bargains.named(seller, name).terms.append(terms)
        self.command(
            f"quote_{state}",
            lambda app, command: act_of(app)(
                seller, name, **_given(terms), by=self.by, command_id=command
            ),
        )

    def _offer_quote(self) -> None:
        """
        Quote for what a shop sells, unasked.
        """
        seller, terms = self.one(self.world.sellers), self._new_terms()
        newest: Any = self.one(list(self.world.shops[seller].orders.values())[-4:])
        if newest is None:
            return
        sku = self.one(newest.lines).sku

        def call(app: App, command: str) -> str:
            return app.quotes.offer(
                seller, STORE, sku, **_given(terms), by=self.by, command_id=command
            )

        def answered(request_id: str) -> None:
            known = self.world.truth.bargains.has_made(seller, request_id)
            known.terms.insert(0, terms)

        self.command("offer_quote", call, answered)

    def _find_none(self) -> None:
        request = self._some_request("open")
        if request is None:
            return
        bargains = self.world.truth.bargains
        seller, name = request.seller_id, request.request_id
        known = bargains.named(seller, name)
        self.command(
            "give_up_quote",
            lambda app, command: app.quotes.end(
                seller, name, "give_up", by=self.by, command_id=command
            ),
            lambda state: bargains.has_ended(known, state),
        )


def _given(terms: Terms) -> dict[str, Any]:
    return {
        "variant_id": terms.variant_id,
        "tiers": dict(zip((1, 3), terms.prices, strict=False)),
        "valid_until": terms.valid_until,
        "units": terms.units,
    }
