"""
Sellers who keep a shop: they pause it, and forget the buyers of what is over.
"""

from collections.abc import Sequence

from ...app import App
from ...domain.orders.tabs import Tab
from .drafters import Drafter
from .people import Act
from .world import STORE


class Keeper(Drafter):
    """
    Somebody of a seller who looks after the shop and its buyers.
    """

    def keeping_acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do with the shop and its buyers.
        """
        return ((2, self._pause), (6, self._erase))

    def _pause(self) -> None:
        """
        Let the shop rest; whoever reads it next takes it up again.
        """
        self.app.stores.move(self.seller, STORE, "pause")

    def _erase(self) -> None:
        order_id = self._some_order_that_is_over()
        if order_id is None:
            return

        def call(app: App, command: str) -> tuple[str, ...]:
            told = app.erasing.erase_buyer(
                self.seller, order_id, by=self.by, command_id=command
            )
            return told.order_ids

        def answered(order_ids: tuple[str, ...]) -> None:
            self.world.truth.erased.update((self.seller, name) for name in order_ids)

        self.command("erase_buyer", call, answered)

    def _some_order_that_is_over(self) -> str | None:
        chosen: str | None
        if self.chance(0.4):
            headers = self.orders_at(Tab.FULFILLED, limit=12)
            chosen = self.one([str(order.order_id) for order in headers])
            return chosen
        truth = self.world.truth
        names = [name for seller, name in truth.cancelled if seller == self.seller]
        parts = self.app.orders.find_external(self.seller, STORE, names[-8:])
        over = [name for found in parts.values() for name in found]
        over += [name for seller, name in truth.given_up if seller == self.seller]
        chosen = self.one(sorted(over))
        return chosen
