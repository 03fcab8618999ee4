"""
Finding orders by whatever is known of them.
"""

from .context import Ctx
from .order_filters import OrdersSaid, orders_sought
from .order_view import called, order_table
from .output import Result, table
from .pages import paged


def search(
    *,
    ctx: Ctx,
    orders: OrdersSaid = None,
    all_sellers: bool = False,
    after: str = "",
    limit: int = 20,
) -> Result:
    """
    Find orders by whatever is known of them, all of it together, newest first.

    Where much has to be looked at a page may be short, or empty, and still go on.

    Args:
        all_sellers: Among the orders of all sellers, as staff.

        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    seller = ctx.said.seller if all_sellers else ""
    wanted = orders_sought(ctx, orders, seller=seller)
    if not all_sellers:
        page = ctx.shop.orders.search(wanted, after=after, limit=limit)
        return paged(page, order_table(page.items))
    page = ctx.staff.orders.search(wanted, after=after, limit=limit)
    shown = table(
        page.items,
        {
            "order": lambda o: o.order_id,
            "seller": lambda o: o.seller_id,
            "number": called,
            "kind": lambda o: o.kind,
            "store": lambda o: o.store_id,
            "status": lambda o: o.status,
            "to": lambda o: o.country,
            "units": lambda o: o.units,
            "placed": lambda o: o.placed_at,
        },
    )
    return paged(page, shown)
