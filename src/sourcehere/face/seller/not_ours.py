"""
What a shop sells: all of it, and what of it the platform does not supply.
"""

from collections.abc import Sequence

from ...domain.kernel.ids import StoreId
from ...domain.pairing.not_ours import NotOurs
from ..records.reports import ShopProducts
from ..results import NotOursMarked
from ..scope import PEOPLE, SYSTEM, Desk, command, reading


class NotOursDesk(Desk):
    """
    Says what a shop sells, and what is left out of orders.
    """

    @reading()
    def products(self, store_id: str) -> ShopProducts:
        """
        Ask a shop for everything that it sells, before anyone orders it, and say what
        of it is connected. Nothing is kept.

        Raises:
            NotFoundError: If there is no such shop.

            StoreRestsError: If it is paused or disconnected.

            ProductsUnsupportedError: If its platform does not tell products.

            ProviderError: If the shop cannot answer.
        """
        return self._app.listing.products(self._seller_id, store_id)

    @command(PEOPLE, SYSTEM, at_desk=True)
    def mark_not_ours(
        self,
        store_id: str,
        skus: Sequence[str],
        *,
        variant_ids: Sequence[str] = (),
        product_ids: Sequence[str] = (),
        command_id: str = "",
    ) -> NotOursMarked:
        """
        Call SKUs of a shop not ours: tips, protection plans, downloads.

        Lines of them leave all orders that are not paid, and are in no order that comes
        later, so that nothing waits for them. An order that has no other line is
        cancelled (`not_ours`). Paid orders stay as they are.

        Args:
            skus: Case is ignored; none where only ids are named.

            variant_ids, product_ids: The shop's own ids. A connection that is more
                exact goes before.

        Raises:
            NotFoundError: If there is no such shop.

            AlreadyExistsError: If one is connected; end its connection first.

            InvalidInputError: If nothing is named, or a name is empty.
        """
        count = self._app.not_ours.mark(
            self._seller_id,
            store_id,
            skus,
            variant_ids=variant_ids,
            product_ids=product_ids,
            by=self._by,
            command_id=command_id,
        )
        return NotOursMarked(StoreId(store_id), count)

    @command(PEOPLE, SYSTEM, at_desk=True)
    def unmark_not_ours(
        self,
        store_id: str,
        skus: Sequence[str],
        *,
        variant_ids: Sequence[str] = (),
        product_ids: Sequence[str] = (),
        command_id: str = "",
    ) -> None:
        """
        Let what was called not ours be wanted again, in orders that come from now on.

        What was left out of earlier orders comes back when the shop tells them again:
        `stores.rewind`, then a sync, reads them all.

        Raises:
            NotFoundError: If there is no such shop, or one is not marked.

            InvalidInputError: If nothing is named, or a name is empty.
        """
        self._app.not_ours.unmark(
            self._seller_id,
            store_id,
            skus,
            variant_ids=variant_ids,
            product_ids=product_ids,
            command_id=command_id,
        )

    @reading()
    def not_ours(self, store_id: str) -> tuple[NotOurs, ...]:
        """
        List what a shop sells that is not ours.

        Raises:
            NotFoundError: If there is no such shop.
        """
        return self._app.not_ours.list(self._seller_id, store_id)
