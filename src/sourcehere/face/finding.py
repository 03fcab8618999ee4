"""
A page of a search for orders.
"""

from ..domain.orders.search import OrderSearch
from ..domain.orders.views import OrderHeader
from ..services.ordering.search import OrderSearching
from ..services.ordering.search_asked import index_of
from .lists import Cursor, Page, check_limit


def found_page(
    searching: OrderSearching,
    seller_id: str,
    search: OrderSearch,
    *,
    after: str,
    limit: int,
) -> Page[OrderHeader]:
    """
    Return the orders that *search* finds behind a cursor.

    Args:
        seller_id: Of whom; empty for all sellers.

    Raises:
        InvalidCursorError: If *after* is no cursor of this search.
    """
    check_limit(limit)
    asked = (repr(search), search.buyer)
    cursor = Cursor(("orders.search", seller_id, *asked), index_of(search))
    found = searching.search(seller_id, search, after=cursor.read(after), limit=limit)
    following = "" if found.after is None else cursor.write(found.after)
    return Page(found.orders, following)
