"""
`sourcehere queue`: what waits for staff, across sellers.
"""

from typing import Literal

from cyclopts import App

from ..domain.kernel.actor import Role
from ..domain.orders.views import OrderHeader
from ..face.lists import Page
from ..face.records.reports import QueueCount
from .context import Ctx
from .conversations import conversation_table
from .held_for import in_words, names_in_holds
from .order_view import called, numbers_of
from .output import Result, label, table, when
from .pages import paged
from .reading import read_span

app = App(name="queue")


@app.command
def summary(*, ctx: Ctx, overdue_after_hours: int | None = None) -> Result:
    """
    Count what waits in each queue, and how much of it is overdue.

    Args:
        overdue_after_hours: What has waited for longer is overdue; if not given, what
            was promised until now is, and after a day what nobody promises.
    """
    hours = overdue_after_hours
    overdue = None if hours is None else read_span(hours=hours)
    counts = ctx.staff_of_all.queues.summary(overdue_after=overdue)
    shown = table(
        counts,
        {
            "queue": lambda c: c.queue,
            "waiting": lambda c: _at_least(c.waiting, c),
            "overdue": lambda c: _at_least(c.overdue, c),
            "oldest since": lambda c: c.since and when(c.since),
            "listed by": lambda c: _LISTED[c.queue],
        },
    )
    return Result(counts, (shown,))


_LISTED = {
    "held_staff": "queue held staff",
    "held_seller": "queue held seller",
    "held_carrier": "queue held carrier",
    "disputes_to_take": "queue disputes",
    "disputes_to_decide": "queue disputes",
    "dead_messages": "relay dead",
    **{
        name: f"queue {name}"
        for name in (
            *("accept", "pick", "dispatch", "receive"),
            *("quotes", "help", "conversations"),
        )
    },
}


def _at_least(number: int, count: QueueCount) -> str:
    """
    Return a number, which is a least one where counting stopped before its end.
    """
    is_least = count.has_more and number == count.waiting
    return f"{number}+" if is_least else str(number)


@app.command
def quotes(*, ctx: Ctx, after: str = "", limit: int = 50) -> Result:
    """
    List the quote requests to answer.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.staff_of_all.queues.quotes_to_answer(after=after, limit=limit)
    shown = table(
        page.items,
        {
            "request": lambda q: q.request_id,
            "seller": lambda q: q.seller_id,
            "sku": lambda q: q.sku,
            "title": lambda q: q.title,
            "units": lambda q: q.quantity,
            "link": lambda q: q.link,
            "asked": lambda q: q.asked_at,
            "promised by": lambda q: q.promised_by and when(q.promised_by),
            "overdue": lambda q: "yes" if q.is_overdue else "",
        },
    )
    return paged(page, shown)


@app.command
def accept(
    *,
    ctx: Ctx,
    older_than_hours: int = 0,
    overdue: bool = False,
    after: str = "",
    limit: int = 50,
) -> Result:
    """
    List the paid orders that no warehouse has accepted, oldest first.

    Args:
        older_than_hours: Only those that have been in their state for longer.

        overdue: Only those that were promised until now.

        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    age = read_span(hours=older_than_hours)
    page = ctx.staff_of_all.queues.orders_to_accept(
        older_than=age, overdue=overdue, after=after, limit=limit
    )
    return _headers(page)


@app.command
def pick(
    *,
    ctx: Ctx,
    older_than_hours: int = 0,
    overdue: bool = False,
    after: str = "",
    limit: int = 50,
) -> Result:
    """
    List the accepted orders that have something left to send.

    Args:
        older_than_hours: Only those that have been in their state for longer.

        overdue: Only those that were promised until now.

        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    age = read_span(hours=older_than_hours)
    page = ctx.staff_of_all.queues.orders_to_pick(
        older_than=age, overdue=overdue, after=after, limit=limit
    )
    return _headers(page)


@app.command
def dispatch(
    *,
    ctx: Ctx,
    older_than_hours: int = 0,
    overdue: bool = False,
    after: str = "",
    limit: int = 50,
) -> Result:
    """
    List the paid cloud-warehouse orders whose goods have not left.

    Args:
        older_than_hours: Only those that have been in their state for longer.

        overdue: Only those that were promised until now.

        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    age = read_span(hours=older_than_hours)
    page = ctx.staff_of_all.queues.orders_to_dispatch(
        older_than=age, overdue=overdue, after=after, limit=limit
    )
    return _headers(page)


@app.command
def receive(
    *,
    ctx: Ctx,
    older_than_hours: int = 0,
    overdue: bool = False,
    after: str = "",
    limit: int = 50,
) -> Result:
    """
    List the cloud-warehouse orders on their way to a warehouse.

    Args:
        older_than_hours: Only those that have been in their state for longer.

        overdue: Only those that were promised until now.

        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    age = read_span(hours=older_than_hours)
    page = ctx.staff_of_all.queues.receipts_to_expect(
        older_than=age, overdue=overdue, after=after, limit=limit
    )
    return _headers(page)


@app.command
def held(
    who: Literal["staff", "seller", "carrier"] = "staff",
    /,
    *,
    ctx: Ctx,
    older_than_hours: int = 0,
    after: str = "",
    limit: int = 50,
) -> Result:
    """
    List the Abnormal orders by whose turn it is, with what is the matter.

    Args:
        who: Whose turn.

        older_than_hours: Only those that have been in their state for longer.

        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.staff_of_all.queues.orders_held(
        Role(who),
        older_than=read_span(hours=older_than_hours),
        after=after,
        limit=limit,
    )
    names = names_in_holds(ctx, page.items)
    shown = table(
        page.items,
        {
            "order": lambda o: o.order_id,
            "seller": lambda o: o.seller_id,
            "number": called,
            "state": lambda o: label(o.state),
            "since": lambda o: when(o.entered_at),
            "held for": lambda o: [
                ": ".join(filter(None, (hold.reason, in_words(hold.detail, names))))
                for hold in o.holds
            ],
            "what to do": lambda o: [hold.what_to_do for hold in o.holds],
        },
    )
    return paged(page, shown)


@app.command
def conversations(*, ctx: Ctx, after: str = "", limit: int = 50) -> Result:
    """
    List the conversations whose last message is a seller's, the oldest first.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.staff_of_all.queues.conversations_to_answer(after=after, limit=limit)
    return paged(page, conversation_table(page.items))


@app.command
def disputes(*, ctx: Ctx, after: str = "", limit: int = 50) -> Result:
    """
    List the disputes to review, new ones first.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.staff_of_all.queues.disputes_to_review(after=after, limit=limit)
    numbers = numbers_of(ctx, [(d.seller_id, d.order_id) for d in page.items])
    shown = table(
        page.items,
        {
            "dispute": lambda d: d.dispute_id,
            "seller": lambda d: d.seller_id,
            "order": lambda d: d.order_id,
            "number": lambda d: numbers[d.order_id],
            "state": lambda d: d.state,
            "reason": lambda d: d.reason,
            "asked": lambda d: d.asked,
            "promised by": lambda d: d.promised_by and when(d.promised_by),
            "overdue": lambda d: "yes" if d.is_overdue else "",
        },
    )
    return paged(page, shown)


@app.command(name="help")
def help_wanted(*, ctx: Ctx, after: str = "", limit: int = 50) -> Result:
    """
    List the open calls for pairing help.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.staff_of_all.queues.help_wanted(after=after, limit=limit)
    numbers = numbers_of(ctx, [(h.seller_id, h.order_id) for h in page.items])
    shown = table(
        page.items,
        {
            "help": lambda h: h.help_id,
            "seller": lambda h: h.seller_id,
            "order": lambda h: h.order_id,
            "number": lambda h: numbers[h.order_id],
            "line": lambda h: h.line,
            "asked": lambda h: h.asked_at,
        },
    )
    return paged(page, shown)


def _headers(page: Page[OrderHeader]) -> Result:
    # Orders to a cloud warehouse alone have one.
    goes_to_one = any(order.warehouse for order in page.items)
    warehouse = {"warehouse": lambda o: o.warehouse} if goes_to_one else {}
    shown = table(
        page.items,
        {
            "order": lambda o: o.order_id,
            "seller": lambda o: o.seller_id,
            "number": called,
            "since": lambda o: when(o.entered_at),
            "promised by": lambda o: o.promised_by and when(o.promised_by),
            "country": lambda o: o.country,
            **warehouse,
            "method": lambda o: o.method,
        },
    )
    return paged(page, shown)
