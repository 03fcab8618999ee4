"""
The people who look after a cloud warehouse's shelves: they count what lies there, lose,
find and have it refunded, and take back what customers and carriers send back.
"""

from collections.abc import Sequence

from ...domain.kernel.actor import Actor, Role
from ...domain.orders.tabs import Tab
from ...domain.warehouse.counts import StockCount
from .people import Act, Person
from .world import WAREHOUSE, World

_LEFT = (Tab.SHIPPED, Tab.FULFILLED, Tab.AWAITING_SHIPPING, Tab.ABNORMAL)


class StockTaker(Person):
    """
    Somebody who counts and fills shelves, beside another who does.
    """

    likely = 0.3

    def __init__(self, world: World, place: int) -> None:
        super().__init__(world, f"stock-taker{place}")
        self.by = Actor(Role.STAFF, self.name)

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do.
        """
        return ((4, self._wait), (4, self._count), (6, self._restock))

    def _wait(self) -> None:
        self.world.scheduler.step()

    def _count(self) -> None:
        seller = self.one(self.world.sellers)
        shelf = self.one(self.app.cloud.stock(seller))
        if shelf is None:
            return
        counted = max(shelf.on_hand + self.number(-2, 2), 0)
        refunds = self.chance(0.4)

        def answered(told: StockCount) -> None:
            self.world.truth.shelves.has_looked(told)

        self.command(
            "count_shelf",
            lambda app, command: app.cloud.count(
                seller,
                shelf.warehouse_id,
                shelf.variant_id,
                counted,
                refunds=refunds,
                by=self.by,
                command_id=command,
            ),
            answered,
        )

    def _restock(self) -> None:
        seller = self.one(self.world.sellers)
        page = self.app.orders.page(seller, tab=self.one(_LEFT), limit=8)
        header = self.one(page.orders)
        if header is None:
            return
        order = self.app.orders.get(seller, header.order_id)
        left = {str(name): i.quantity_shipped for name, i in order.items.items()}
        name = self.one([name for name, most in left.items() if most])
        if name is None:
            return
        units = self.number(1, left[name])

        def answered(_: str) -> None:
            self.world.truth.shelves.back[str(order.order_id), name] += units

        self.command(
            "restock",
            lambda app, command: app.cloud.restock(
                seller,
                order.order_id,
                WAREHOUSE,
                {name: units},
                by=self.by,
                command_id=command,
            ),
            answered,
        )
