"""
Sellers and their cards: they top up, pay orders by card, and take money back.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ...app import App
from ...domain.effects.payment_stages import OPEN_STAGES
from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.money import Money
from ...domain.orders.tabs import Tab
from ...services.base.bulk import BulkReport
from .people import Act, Person
from .truth import Wish
from .world import World
from .wrong import WrongError

# What the payer of a card does, as its token says; most agree at once.
_MINDS = ("now", "now", "now", "later", "later", "later", "later", "never", "no")
_REGRETS = 0.8  # how likely an order is given up soon, whose payer has to decide
_GATEWAYS = ("cards", "cards", "bank", "slips")


class CardHolder(Person):
    """
    Somebody of a seller who has cards. Each wish has a token of its own, so that it can
    be seen at the gateway what became of it.
    """

    def __init__(self, world: World, seller: str, place: int) -> None:
        super().__init__(world, f"{seller}-{place}")
        self.seller = seller
        self.by = Actor(Role.SELLER, seller)
        self._mine: list[Wish] = []
        self._over: set[str] = set()
        self._regrets = False

    def card_acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do with cards.
        """
        return (
            (3, self._top_up_by_card),
            (40, self._pay_by_card),
            (5, self._look_at_wish),
            (8, self._take_money_back),
            (600 if self._regrets else 8, self._give_up),
        )

    def orders_at(self, tab: Tab, limit: int = 6) -> Sequence[Any]:
        """
        List the newest orders of a tab.
        """
        page = self.app.orders.page(self.seller, tab=tab, limit=limit)
        return page.orders

    def _wish(self, amount: Money, **facts: Any) -> Wish:
        name = self.new_name()
        wish = Wish(
            seller=self.seller,
            source=f"{self.one(_MINDS)}-{name}",
            gateway=self.one(_GATEWAYS),
            most=amount.minor,
            **facts,
        )
        self.world.truth.wishes[wish.source] = wish
        return wish

    def _top_up_by_card(self) -> None:
        amount = Money(self.number(1, 150_00), "USD")
        wish = self._wish(amount)

        def call(app: App, command: str) -> str:
            attempt = app.payments.top_up(
                self.seller,
                amount,
                source=wish.source,
                gateway=wish.gateway,
                by=self.by,
                command_id=command,
            )
            return attempt.attempt_id

        self.command("top_up_by_card", call, lambda told: self._begun(wish, told))

    def _pay_by_card(self) -> None:
        found = self.orders_at(Tab.AWAITING_PAYMENT)
        chosen = found[: self.number(1, 3)]
        if not chosen:
            return
        names = [order.order_id for order in chosen]
        offer = self.app.checkouts.checkout(self.seller, names, by=self.by)
        shop = {o.order_id: (self.seller, o.external_id) for o in chosen}
        wish = self._wish(offer.total, shop_orders=shop, returns=self.chance(0.5))

        def call(app: App, command: str) -> tuple[str, Mapping[str, int]]:
            done = app.payments.pay(
                self.seller,
                offer.checkout_id,
                expected_total=offer.total,
                source=wish.source,
                gateway=wish.gateway,
                returns=wish.returns,
                by=self.by,
                command_id=command,
            )
            if done.attempt is not None:
                return done.attempt.attempt_id, {}
            assert done.payment is not None
            return "", done.payment.paid

        def answered(told: tuple[str, Mapping[str, int]]) -> None:
            attempt_id, paid = told
            if attempt_id:
                self._begun(wish, attempt_id)
                waits = not wish.source.startswith("now-")
                self._regrets = waits and self.chance(_REGRETS)
            else:
                self.world.truth.has_paid(self.seller, paid.items())

        self.command("pay_by_card", call, answered)

    def _begun(self, wish: Wish, attempt_id: str) -> None:
        wish.attempt_id = attempt_id
        self._mine.append(wish)

    def _look_at_wish(self) -> None:
        wish = self.one(self._mine[-12:])
        if wish is None:
            return
        if self.chance(0.3):
            self.command(
                "ask_about_payment",
                lambda app, command: (
                    app.payments.ask_now(
                        self.seller, wish.attempt_id, command_id=command
                    ).attempt_id
                ),
            )
        self._look(wish, self.app)

    def look_at_all(self, app: App) -> None:
        """
        Look what became of all their wishes.
        """
        for wish in self._mine:
            self._look(wish, app)

    def _look(self, wish: Wish, app: App) -> None:
        if wish.has_paid:
            return
        attempt = app.payments.get(self.seller, wish.attempt_id)
        payment = app.payments.paid_by(attempt).payment
        if payment is None:
            return
        charged = self.world.gateways[wish.gateway].books.charged_at(wish.source)
        for order_id in payment.paid:
            self._require_wanted(order_id, wish.shop_orders[order_id], charged)
        self.world.truth.has_paid(self.seller, payment.paid.items())
        wish.has_paid = True

    def _require_wanted(
        self, order_id: str, place: tuple[str, str], charged: int
    ) -> None:
        told_at = self.world.truth.cancelled.get(place)
        if told_at is not None and told_at < charged:
            told = f"order {order_id} was paid by a card that was charged later than"
            words = f"{told} the shop told its cancellation"
            raise WrongError(words)

    def _take_money_back(self) -> None:
        wallet = self.app.wallets.get(self.seller)
        if not wallet.available:
            return
        amount = Money(self.number(1, min(wallet.available, 60_00)), "USD")
        wish = self.one(self._mine[-12:]) if self.chance(0.3) else None
        attempt_id = "" if wish is None else wish.attempt_id

        def call(app: App, command: str) -> dict[str, int]:
            made = app.payments.withdraw(
                self.seller,
                amount,
                attempt_id=attempt_id,
                by=self.by,
                command_id=command,
            )
            return {one.attempt_id: one.amount_minor for one in made}

        def answered(told: dict[str, int]) -> None:
            if sum(told.values()) != amount.minor:
                words = f"{amount} is to go back, and {told} is on its way"
                raise WrongError(words)
            self.world.truth.returns.update(told)

        self.command("withdraw_money", call, answered)

    def _give_up(self) -> None:
        """
        Cancel an order whose payer does not decide, or of which nobody knows whether it
        is paid; in its shop too.
        """
        self._regrets = False
        wish = self._undecided()
        if wish is None:
            return
        name, (_, external_id) = self.one(list(wish.shop_orders.items()))

        def answered(report: BulkReport[str]) -> None:
            for order_id in report.done:
                self.world.truth.has_given_up(self.seller, order_id)
                self.world.shops[self.seller].cancel(external_id)

        self.command(
            "cancel",
            lambda app, command: app.orders.cancel(
                self.seller, [name], by=self.by, command_id=command
            ),
            answered,
        )

    def _undecided(self) -> Wish | None:
        """
        Find the newest order payment that may still be open, of which the payer may
        agree yet.
        """
        for wish in reversed(self._mine[-8:]):
            if wish.shop_orders and not wish.has_paid and wish.source not in self._over:
                attempt = self.app.payments.get(self.seller, wish.attempt_id)
                if attempt.stage in OPEN_STAGES:
                    return wish
                self._over.add(wish.source)
        return None
