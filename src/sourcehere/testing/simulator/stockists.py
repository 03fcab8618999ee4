"""
Sellers with goods at their own place: they count, sell by hand, take in what arrived,
serve orders from there, and put back. They also end a shop's connection, make it anew,
and read the shop from the start.
"""

from collections.abc import Sequence

from ...app import App
from ...domain.orders.kinds import OrderKind
from ...domain.orders.tabs import Tab
from ...services.base.bulk import BulkReport
from .hagglers import Haggler
from .people import Act
from .world import STORE

_ARRIVED = (Tab.SHIPPED, Tab.FULFILLED)


class Stockist(Haggler):
    """
    Somebody of a seller who has goods at home, and keeps the shop connected.
    """

    def stocking_acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do with their goods, and with the shop.
        """
        served = self.world.truth.homes.served
        has_served = any(name == self.seller for name, _ in served)
        return (
            (2, self._count),
            (2, self._sell),
            (5, self._serve),
            (8 if has_served else 0, self._put_back),
            (5, self._take_in),
            (1, self._disconnect),
            (1, self._rewind),
        )

    def _some_variant(self) -> str:
        variant: str = self.one(list(self.world.variants.values()))
        return variant

    def _count(self) -> None:
        variant, units = self._some_variant(), self.number(0, 30)

        def answered(_: object) -> None:
            self.world.truth.homes.counts[self.seller, variant] += 1

        self.command(
            "count_locally",
            lambda app, command: app.local_stock.count(
                self.seller, variant, units, by=self.by, command_id=command
            ),
            answered,
        )

    def _sell(self) -> None:
        variant, units = self._some_variant(), self.number(1, 4)

        def answered(_: object) -> None:
            self.world.truth.homes.sold[self.seller, variant] += units

        self.command(
            "sell_locally",
            lambda app, command: app.local_stock.sell(
                self.seller, variant, units, by=self.by, command_id=command
            ),
            answered,
        )

    def _serve(self) -> None:
        found = self.orders_at(Tab.AWAITING_PAYMENT)
        names = [order.order_id for order in found if order.store_id]
        chosen = names[: self.number(1, 2)]
        if not chosen:
            return

        def call(app: App, command: str) -> object:
            return app.local_stock.serve(
                self.seller, chosen, by=self.by, command_id=command
            )

        def answered(report: BulkReport[str]) -> None:
            for order_id in report.done:
                self.world.truth.homes.has_served(self.seller, order_id)
                self.world.truth.has_given_up(self.seller, order_id)

        self.command("serve_locally", call, answered)

    def _put_back(self) -> None:
        served = self.world.truth.homes.served
        mine = [name for seller, name in served if seller == self.seller]
        order_id = self.one(mine[-4:])
        if order_id is None:
            return

        def answered(_: object) -> None:
            served[self.seller, order_id] = True

        self.command(
            "put_back",
            lambda app, command: app.local_stock.put_back(
                self.seller, order_id, by=self.by, command_id=command
            ),
            answered,
        )

    def _take_in(self) -> None:
        kind, tab = OrderKind.MANUAL.value, self.one(_ARRIVED)
        page = self.app.orders.page(self.seller, tab=tab, kind=kind, limit=5)
        header = self.one(page.orders)
        if header is None:
            return

        def answered(units: int) -> None:
            self.world.truth.homes.came[header.order_id] += units

        self.command(
            "receive_locally",
            lambda app, command: app.local_stock.receive(
                self.seller, header.order_id, by=self.by, command_id=command
            ),
            answered,
        )

    def _disconnect(self) -> None:
        """
        End the connection of the shop; whoever reads it next makes it anew.
        """
        self.app.stores.move(self.seller, STORE, "disconnect")

    def _rewind(self) -> None:
        self.app.stores.rewind(self.seller, STORE)
