"""
Sellers and the orders that they write themselves: manual ones, and stock.
"""

from collections.abc import Sequence

from ...app import App
from ...services.base.bulk import BulkReport
from ...services.ordering.drafts import Wanted
from ..factories import HOME
from .pairers import Pairer
from .people import Act
from .truth import KnownDraft


class Drafter(Pairer):
    """
    Somebody of a seller who writes orders, and places or cancels those of others there.
    """

    def drafting_acts(self) -> Sequence[tuple[int, Act]]:
        """
        Return what they do with orders of their own.
        """
        return (
            (7, self._buy_stock),
            (5, self._draft),
            (5, self._place),
            (2, self._drop),
        )

    def _wanted(self, least: int, most: int) -> Wanted:
        variant = self.one(list(self.world.variants.values()))
        return Wanted(variant, self.number(least, most))

    def _buy_stock(self) -> None:
        wanted = [self._wanted(3, 8)]

        def call(app: App, command: str) -> object:
            made = app.drafts.create_cloud(
                self.seller, "CN1", wanted, by=self.by, command_id=command
            )
            return app.drafts.place(
                self.seller, made, by=self.by, command_id=f"{command}-place"
            )

        self.command("buy_stock", call)

    def _draft(self) -> None:
        wanted = [self._wanted(1, 5) for _ in range(self.number(1, 3))]
        draws = self.chance(0.5)
        units = sum(one.quantity for one in wanted)

        def answered(order_id: str) -> None:
            self.world.truth.has_drafted(self.seller, order_id, units)

        self.command(
            "draft",
            lambda app, command: app.drafts.create_manual(
                self.seller,
                wanted,
                HOME,
                draws_on_stock=draws,
                by=self.by,
                command_id=command,
            ),
            answered,
        )

    def _some_draft(self) -> KnownDraft | None:
        known = self.world.truth.drafts.values()
        mine = [draft for draft in known if draft.seller == self.seller]
        found: KnownDraft | None = self.one(mine[-6:])
        return found

    def _place(self) -> None:
        draft = self._some_draft()
        if draft is None or draft.is_placed:
            return

        def answered(_: object) -> None:
            draft.is_placed = True

        self.command(
            "place",
            lambda app, command: app.drafts.place(
                self.seller, draft.order_id, by=self.by, command_id=command
            ),
            answered,
        )

    def _drop(self) -> None:
        draft = self._some_draft()
        if draft is None:
            return

        def answered(report: BulkReport[str]) -> None:
            for order_id in report.done:
                self.world.truth.has_given_up(self.seller, order_id)

        self.command(
            "drop_draft",
            lambda app, command: app.orders.cancel(
                self.seller, [draft.order_id], by=self.by, command_id=command
            ),
            answered,
        )
