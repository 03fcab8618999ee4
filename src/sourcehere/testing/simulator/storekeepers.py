"""
The people of a cloud warehouse: they send goods there, count what comes, damaged,
missing and too much, and write off what never does. They also stop orders.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from ...domain.kernel.actor import Actor, Role
from ...domain.orders.kinds import OrderKind
from ...domain.orders.tabs import Tab
from ...services.sending.cloud import Count
from .people import Act, Person
from .shelves import KnownHold
from .world import World

_CLOUD = OrderKind.CLOUD.value
_COMING = (Tab.AWAITING_SHIPPING, Tab.SHIPPED, Tab.SHIPPED, Tab.FULFILLED)
_HELD = (Tab.AWAITING_SHIPPING, Tab.SHIPPED, Tab.AWAITING_PAYMENT)


class Storekeeper(Person):
    """
    Somebody of a warehouse, beside another who works there.
    """

    likely = 0.5

    def __init__(self, world: World, place: int) -> None:
        super().__init__(world, f"storekeeper{place}")
        self.by = Actor(Role.STAFF, self.name)

    def acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do.
        """
        return (
            (6, self._wait),
            (20, self._receive),
            (2, self._write_off),
            (2, self._hold),
            (1, self._give_up),
        )

    def _wait(self) -> None:
        self.world.scheduler.step()

    def _some_order(self, tabs: Sequence[Tab], kind: str) -> Any:
        seller = self.one(self.world.sellers)
        page = self.app.orders.page(seller, tab=self.one(tabs), kind=kind, limit=5)
        return self.one(page.orders)

    def _receive(self) -> None:
        header = self._some_order(_COMING, _CLOUD)
        if header is None:
            return
        if header.state == "awaiting_shipping":
            self.command(
                "dispatch",
                lambda app, command: app.cloud.dispatch(
                    header.seller_id, header.order_id, by=self.by, command_id=command
                ),
            )
        else:
            self._count(header.seller_id, header.order_id)

    def _count(self, seller: str, order_id: str) -> None:
        order = self.app.orders.get(seller, order_id)
        counts = {
            str(item.item_id): self._counted(item.quantity_outstanding)
            for item in order.items.values()
            if item.quantity_outstanding or self.chance(0.05)
        }
        counts = {n: c for n, c in counts.items() if c != Count()}
        if not counts:
            return
        came = sum(count.good + count.damaged for count in counts.values())

        def answered(_: object) -> None:
            self.world.truth.shelves.counted[order_id] += came
            self.world.truth.shelves.receipts[order_id] += 1

        self.command(
            "receive",
            lambda app, command: app.cloud.receive(
                seller, order_id, counts, by=self.by, command_id=command
            ),
            answered,
        )

    def _counted(self, most: int) -> Count:
        if self.chance(0.5):
            return Count(most)
        good = self.number(0, most)
        damaged = self.number(0, most - good) if self.chance(0.5) else 0
        missing = self.number(0, most - good - damaged) if self.chance(0.3) else 0
        return Count(
            good + (self.number(1, 2) if self.chance(0.1) else 0), damaged, missing
        )

    def _write_off(self) -> None:
        header = self._some_order((Tab.SHIPPED,), _CLOUD)
        if header is None:
            return

        def answered(_: object) -> None:
            self.world.truth.shelves.written_off.add(header.order_id)

        self.command(
            "write_off_rest",
            lambda app, command: app.cloud.write_off_rest(
                header.seller_id, header.order_id, by=self.by, command_id=command
            ),
            answered,
        )

    def _hold(self) -> None:
        header = self._some_order(_HELD, self._some_kind())
        if header is None:
            return
        ends = self.chance(0.3)
        until = self.world.clock.now() + timedelta(hours=self.number(1, 60))

        def answered(hold_id: str) -> None:
            known = KnownHold(header.seller_id, header.order_id, ends)
            self.world.truth.shelves.has_held(hold_id, known)

        self.command(
            "hold",
            lambda app, command: app.orders.hold(
                header.seller_id,
                header.order_id,
                detail="Wait.",
                until=until if ends else None,
                by=self.by,
                command_id=command,
            ),
            answered,
        )

    def _give_up(self) -> None:
        header = self._some_order((Tab.SHIPPED, Tab.ABNORMAL), self._some_kind())
        if header is not None:
            self.command(
                "give_up",
                lambda app, command: app.orders.give_up(
                    header.seller_id, header.order_id, by=self.by, command_id=command
                ),
            )

    def _some_kind(self) -> str:
        kind: str = self.one([kind.value for kind in OrderKind])
        return kind
