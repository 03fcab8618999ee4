"""
`sourcehere queue`: what waits for staff, across sellers.
"""

from collections.abc import Sequence

from cyclopts import App

from ..domain.orders.views import OrderHeader
from .context import Ctx
from .order_view import called
from .output import Result, money, table

app = App(name="queue")


@app.command
def quotes(*, ctx: Ctx, limit: int = 50) -> Result:
    """
    List the quote requests to answer.

    Args:
        limit: How many.
    """
    found = ctx.sh.queues.quotes_to_answer(limit=limit)
    shown = table(
        found,
        {
            "request": lambda q: q.request_id,
            "seller": lambda q: q.seller_id,
            "sku": lambda q: q.sku,
            "title": lambda q: q.title,
            "units": lambda q: q.quantity,
            "link": lambda q: q.link,
            "asked": lambda q: q.asked_at,
        },
    )
    return Result(found, (shown,))


@app.command
def pick(*, ctx: Ctx, limit: int = 50) -> Result:
    """
    List the accepted orders that have something left to send.

    Args:
        limit: How many.
    """
    return _headers(ctx.sh.queues.orders_to_pick(limit=limit))


@app.command
def receive(*, ctx: Ctx, limit: int = 50) -> Result:
    """
    List the cloud-warehouse orders on their way to a warehouse.

    Args:
        limit: How many.
    """
    return _headers(ctx.sh.queues.receipts_to_expect(limit=limit))


@app.command
def disputes(*, ctx: Ctx, limit: int = 50) -> Result:
    """
    List the disputes to review, new ones first.

    Args:
        limit: How many.
    """
    found = ctx.sh.queues.disputes_to_review(limit=limit)
    shown = table(
        found,
        {
            "dispute": lambda d: d.dispute_id,
            "seller": lambda d: d.seller_id,
            "order": lambda d: d.order_id,
            "state": lambda d: d.state,
            "reason": lambda d: d.reason,
            "asked": lambda d: money(d.asked_minor, d.currency),
        },
    )
    return Result(found, (shown,))


@app.command(name="help")
def help_wanted(*, ctx: Ctx, limit: int = 50) -> Result:
    """
    List the open calls for pairing help.

    Args:
        limit: How many.
    """
    found = ctx.sh.queues.help_wanted(limit=limit)
    shown = table(
        found,
        {
            "help": lambda h: h.help_id,
            "seller": lambda h: h.seller_id,
            "order": lambda h: h.order_id,
            "line": lambda h: h.line,
            "asked": lambda h: h.asked_at,
        },
    )
    return Result(found, (shown,))


def _headers(orders: Sequence[OrderHeader]) -> Result:
    shown = table(
        orders,
        {
            "order": lambda o: o.order_id,
            "seller": lambda o: o.seller_id,
            "number": called,
            "country": lambda o: o.country,
            "warehouse": lambda o: o.warehouse,
            "method": lambda o: o.method,
        },
    )
    return Result(list(orders), (shown,))
