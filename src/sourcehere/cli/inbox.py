"""
`sourcehere inbox`.
"""

from cyclopts import App

from .context import Ctx
from .output import Result, facts, table, when
from .pages import USUAL, paged

app = App(name="inbox")


@app.command(name="list")
def list_all(
    *, ctx: Ctx, state: str = "waiting", after: str = "", limit: int = USUAL
) -> Result:
    """
    List what shops told by webhook, due first.

    Args:
        state: waiting; dead, if nobody will try again by themselves; done or
            discarded, both for a month.

        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.staff_of_all.inbox.list(state=state, after=after, limit=limit)
    shown = table(
        page.items,
        {
            "event": lambda e: e.event_id,
            "seller": lambda e: e.seller_id,
            "store": lambda e: e.store_id,
            "topic": lambda e: e.topic,
            "orders": lambda e: " ".join(e.orders),
            "received": lambda e: when(e.received_at),
            "tries": lambda e: e.attempts,
            "next": lambda e: when(e.next_at),
            "error": lambda e: e.error,
        },
    )
    return paged(page, shown)


@app.command
def run(*, ctx: Ctx) -> Result:
    """
    Follow all that is due: ask the shops, and take in what they answer. `worker` does
    it too.
    """
    report = ctx.of_all.inbox.run()
    names = ("done", "postponed", "dead")
    shown = facts({name: str(getattr(report, name)) for name in names})
    return Result(report, (shown,))


@app.command
def resend(store: str, event: str, /, *, ctx: Ctx) -> Result:
    """
    Let a dead one be followed again at the next run.

    Args:
        store: Which shop of the seller's.

        event: Its id, as `inbox list --state dead` lists it.
    """
    made = ctx.staff.inbox.resend(ctx.seller_id, store, event)
    words = f"event {event} waits; `sourcehere inbox run` follows it"
    return Result(made, (words,))


@app.command
def discard(store: str, event: str, /, *, ctx: Ctx) -> Result:
    """
    Give up a dead one: nobody need follow it.

    Args:
        store: Which shop of the seller's.

        event: Its id, as `inbox list --state dead` lists it.
    """
    made = ctx.staff.inbox.discard(ctx.seller_id, store, event)
    return Result(made, (f"event {event} is discarded",))
