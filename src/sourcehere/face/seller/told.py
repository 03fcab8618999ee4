"""
What a seller's shops said.
"""

from ...domain.kernel.ids import StoreId
from ...domain.stores.told import Told
from ...ports.storage import Key
from ...unit.seller_unit import SellerUnit
from ...unit.tables.stores import TOLD, TOLD_NAMED, TOLD_OF
from ..lists import Cursor, Found, Page, check_limit, paged
from ..records.told import ToldView, told_of
from ..scope import PEOPLE, Desk, reading


class ToldDesk(Desk):
    """
    Shows what shops said, as long as it is kept.
    """

    @reading(PEOPLE)
    def told(
        self, store_id: str, *, order: str = "", after: str = "", limit: int = 50
    ) -> Page[ToldView]:
        """
        List what a shop said, newest first, as long as it is kept: personal data of its
        customers.

        Args:
            order: Only what was said of this order: the shop's key of it, or its
                number.

        Raises:
            NotFoundError: If the seller has no such shop.

            InvalidCursorError: If *after* is no cursor of this list.
        """
        self._app.stores.get(self._seller_id, store_id)
        if not order:
            return self._mine(
                TOLD_OF,
                store_id,
                convert=told_of,
                after=after,
                limit=limit,
                descending=True,
            )
        return self._told_of_order(StoreId(store_id), order, after, limit)

    def _told_of_order(
        self, store_id: StoreId, order: str, after: str, limit: int
    ) -> Page[ToldView]:
        check_limit(limit)
        listed = (type(self).__name__, self._seller_id, store_id, order)
        cursor = Cursor(listed, TOLD_NAMED.index)

        def read(key: Key | None) -> Found[Told]:
            def work(unit: SellerUnit) -> Found[Told]:
                names, has_more = unit.slice(
                    TOLD_NAMED,
                    store_id,
                    order,
                    after=key,
                    limit=limit,
                    descending=True,
                )
                keys = [(store_id, name.told_id) for _, name in names]
                known = {told.told_id: told for told in unit.many(TOLD, keys)}
                found = [
                    (at, known[name.told_id])
                    for at, name in names
                    if name.told_id in known  # not, if it was forgotten meanwhile
                ]
                return found, has_more and bool(found)

            return self._app.units.seller(self._seller_id, work, read_only=True)

        return paged(read, told_of, cursor, after=after)
