"""
Orders of all sellers, as staff find them.
"""

from ...domain.orders.search import OrderSearch
from ...domain.orders.views import OrderHeader
from ..finding import found_page
from ..lists import Page
from ..scope import STAFF, Desk, reading


class OrdersSearchDesk(Desk):
    """
    Finds orders across sellers.
    """

    @reading(STAFF)
    def search(
        self, search: OrderSearch, *, after: str = "", limit: int = 50
    ) -> Page[OrderHeader]:
        """
        Find orders of all sellers by whatever is known of them, all of it together:
        newest first, or where a date is asked for, the latest first.

        No call looks at more than 20,000 rows. Where that is too few to fill the page
        it is short, or empty, and goes on where `next` says.

        Raises:
            InvalidInputError: If a range ends before it begins, nothing is left of a
                text when it is compared, a store is named without its seller, or
                *limit* is not 1 to 500.

            InvalidCursorError: If *after* is no cursor of this search.
        """
        return found_page(
            self._app.order_search, search.seller_id, search, after=after, limit=limit
        )
