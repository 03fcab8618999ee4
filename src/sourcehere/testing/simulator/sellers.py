"""
Sellers and the customers of their shops.
"""

from collections.abc import Sequence
from typing import Any

import attrs

from ...app import App
from ...domain.kernel.money import Money
from ...domain.orders.tabs import Tab
from ...domain.stores.model import SnapshotLine, StoreOrderSnapshot
from ..factories import HOME
from .far import FAR, FAR_MINOR
from .people import Act, Person
from .stockists import Stockist
from .world import STAFF, World
from .wrong import WrongError


class Customers(Person):
    """
    The customers of a shop: they buy, change their minds, and do not ask us.
    """

    likely = 0.2

    def __init__(self, world: World, seller: str) -> None:
        super().__init__(world, f"customers-{seller}")
        self.seller = seller
        self._orders = 0

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do.
        """
        return (
            (30, self._wait),
            (20, self._buy),
            (24, self._change),
            (6, self._move),
            (6, self._cancel),
        )

    def _wait(self) -> None:
        self.world.scheduler.step()

    def _buy(self) -> None:
        if self.world.waiting_orders(self.seller) >= self.world.size:
            return
        self._orders += 1
        name = f"{self.seller}-{self._orders}"
        lines = tuple(self._line(place) for place in range(self.number(1, 3)))
        order = StoreOrderSnapshot(
            external_id=name,
            number=f"#{name}",
            placed_at=self.world.clock.now(),
            address=HOME,
            lines=lines,
        )
        self.world.shops[self.seller].put(order)

    def _line(self, place: int) -> SnapshotLine:
        sku = self.one(self.world.skus_of(self.seller))
        return SnapshotLine(
            external_line_id=f"L{place}",
            sku=sku,
            title=sku,
            quantity=self.number(1, 4),
            unit_price=Money(9_99, "USD"),
        )

    def _some_order(self) -> StoreOrderSnapshot | None:
        orders = list(self.world.shops[self.seller].orders.values())
        found: StoreOrderSnapshot | None = self.one(orders[-5:])
        return found

    def _change(self) -> None:
        order = self._some_order()
        if order is None or order.cancelled:
            return
        shop, lines = self.world.shops[self.seller], list(order.lines)
        place, quantity = self.number(0, len(order.lines) - 1), self.number(1, 5)
        if shop.echoes:  # what it knows to have left stays
            sent = shop.units_sent(order.external_id)
            quantity = max(quantity, sent.get(lines[place].external_line_id, 0))
        lines[place] = attrs.evolve(lines[place], quantity=quantity)
        shop.put(attrs.evolve(order, lines=tuple(lines)))

    def _move(self) -> None:
        """
        Say another address, also of what is over.
        """
        shop = self.world.shops[self.seller]
        order: StoreOrderSnapshot | None = self.one(list(shop.orders.values())[-20:])
        if order is not None:
            home = attrs.evolve(HOME, street=f"{self.number(100, 199)} Low St")
            shop.put(attrs.evolve(order, address=home))

    def _cancel(self) -> None:
        order = self._some_order()
        if order is not None:
            self.world.shops[self.seller].cancel(order.external_id)


class SellerPerson(Stockist):
    """
    Somebody who works for a seller, beside others who do.
    """

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do.
        """
        return (
            (30, self._pay),
            (10, self._pay_each),
            (6, self._part),
            (2, self._top_up),
            (3, self._set_aside),
            (6, self._move_house),
            (4, self._take_over),
            *self.disputing_acts(),
            *self.haggling_acts(),
            *self.stocking_acts(),
            *self.drafting_acts(),
            *self.keeping_acts(),
            *self.pairing_acts(),
            *self.card_acts(),
        )

    def _pay(self) -> None:
        self._pay_some(each=False)

    def _pay_each(self) -> None:
        self._pay_some(each=True)

    def _pay_some(self, *, each: bool) -> None:
        found = self.orders_at(Tab.AWAITING_PAYMENT)
        chosen = found[: self.number(1, 3)]
        if not chosen:
            return
        names = [order.order_id for order in chosen]
        offer = self.app.checkouts.checkout(self.seller, names, by=self.by, each=each)
        if not offer.plans:  # of none of them
            return
        known = self.world.truth.cancelled
        shop = {o.order_id: (self.seller, o.external_id) for o in chosen}
        over = {name for name in names if shop[name] in known}

        def answered(payment: Any) -> None:
            wrong = over & set(payment.paid)
            if wrong:
                told = f"{sorted(wrong)} paid after the shop told its cancellation"
                raise WrongError(told)
            self.world.truth.has_paid(self.seller, payment.paid.items())

        self.command(
            "pay",
            lambda app, command: app.checkouts.pay(
                self.seller,
                offer.checkout_id,
                expected_total=offer.total,
                by=self.by,
                each=each,
                command_id=command,
            ),
            answered,
        )

    def _part(self) -> None:
        found = self.orders_at(Tab.UNRECOGNIZED)
        order = self.one(found)
        if order is not None:
            self.command(
                "process_paired_lines",
                lambda app, command: app.orders.process_paired_lines(
                    self.seller, [order.order_id], by=self.by, command_id=command
                ),
            )

    def _top_up(self) -> None:
        amount, reference = Money(self.number(1, 250_00), "USD"), self.new_name()

        def answered(_: object) -> None:
            self.world.truth.topped_up[self.seller] += amount.minor

        self.command(
            "top_up",
            lambda app, command: app.wallets.top_up(
                self.seller,
                amount,
                reference=reference,
                by=STAFF,
                command_id=command,
            ),
            answered,
            under=reference,
        )

    def _set_aside(self) -> None:
        ignoring = self.chance(0.5)
        tab = Tab.UNRECOGNIZED if ignoring else Tab.OTHER
        order = self.one(self.orders_at(tab))
        if order is None:
            return

        def call(app: App, command: str) -> object:
            act = app.orders.ignore if ignoring else app.orders.restore
            return act(self.seller, [order.order_id], by=self.by, command_id=command)

        self.command("ignore" if ignoring else "restore", call)

    def _move_house(self) -> None:
        tab = self.one((Tab.AWAITING_SHIPPING, Tab.ABNORMAL))
        order = self.one(self.orders_at(tab))
        address = attrs.evolve(HOME, street=f"{self.number(1, 99)} High St")
        if self.chance(0.4):
            address = attrs.evolve(address, **FAR)
        supplement = Money(FAR_MINOR, "USD") if self.chance(0.8) else None
        if order is not None:
            self.command(
                "correct_address",
                lambda app, command: app.orders.correct_address(
                    self.seller,
                    order.order_id,
                    address,
                    by=self.by,
                    command_id=command,
                    supplement=supplement,
                ),
            )

    def _take_over(self) -> None:
        order = self.one(self.orders_at(Tab.ABNORMAL))
        if order is not None:
            self.command(
                "take_over",
                lambda app, command: app.orders.take_over(
                    self.seller, order.order_id, by=self.by, command_id=command
                ),
            )
