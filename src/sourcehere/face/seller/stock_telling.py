"""
What a seller's shops are told of how much there is to sell.
"""

from collections.abc import Callable

from ..records.reports import StockReport
from ..scope import PEOPLE, reading
from .subscribing import SubscribingDesk


class StockTellingDesk(SubscribingDesk):
    """
    Tells shops the seller's stock.
    """

    @reading(PEOPLE, outside=True)
    def push_stock(
        self,
        store_id: str,
        *,
        dry_run: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> StockReport:
        """
        Tell a shop how many units of each connected variant it may sell: what the
        seller has in the cloud warehouse and at their own place, and no paid order is
        bound to, less what orders of their shops want that nobody has paid here yet.

        Sync the shops first: what one has sold and nobody here knows of is taken for
        stock. A bundle has as many as its scarcest part; two variants with a part in
        common are each told all of it. Nothing here is changed, and told again it is
        the same: let it run as often as the shop should know.

        Args:
            dry_run: Only say what it would be told.

            progress: Called with how many variants were told, after each call of up to
                a hundred.

        Raises:
            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.

            ProductsUnsupportedError: If its platform does not tell products.

            StockUnsupportedError: If its platform cannot be told stock.

            ProviderError: If the shop cannot tell what it sells.
        """
        return self._app.listing.push_stock(
            self._seller_id, store_id, dry_run=dry_run, progress=progress
        )
