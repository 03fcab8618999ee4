"""
`sourcehere relay`.
"""

import os
import platform

from cyclopts import App

from ..domain.kernel.words import counted
from .context import Context, Ctx
from .output import Result, facts, table, when
from .pages import USUAL, every, paged

app = App(name="relay")


def _this_worker() -> str:
    return f"{platform.node()}-{os.getpid()}"


@app.command
def run(*, ctx: Ctx, worker: str = "", limit: int = 100) -> Result:
    """
    Deliver everything that is due now: trackings to shops, and jobs of our own.

    Args:
        worker: Unique among workers that live at the same time; made up if not given.

        limit: Messages in one batch.
    """
    report = ctx.of_all.relay.run(worker=worker or _this_worker(), limit=limit)
    return Result(
        report,
        (
            facts(
                {
                    "delivered": str(report.delivered),
                    "postponed": str(report.postponed),
                    "dead": str(report.dead),
                }
            ),
        ),
    )


@app.command
def recover(*, ctx: Ctx, worker: str = "") -> Result:
    """
    Take back what workers that died were sending.

    Args:
        worker: Take back everything of this worker, even before its lease is over.
    """
    count = ctx.of_all.relay.recover(worker=worker)
    return Result(
        {"recovered": count}, (f"{counted(count, 'message')} to be tried again",)
    )


@app.command
def status(*, ctx: Ctx) -> Result:
    """
    Show to which connections anything is owed, and how each of them answers.
    """
    lanes = ctx.staff_of_all.relay.status()
    shown = table(
        lanes,
        {
            "connection": lambda s: s.connection,
            "state": lambda s: s.state,
            "waiting": lambda s: s.waiting,
            "sending": lambda s: s.sending,
            "dead": lambda s: s.dead,
            "oldest": lambda s: when(s.oldest),
            "next try": lambda s: when(s.next_at),
            "error": lambda s: s.error,
        },
    )
    return Result(lanes, (shown if lanes else "nothing is owed to anybody",))


@app.command
def sends(message: str, /, *, ctx: Ctx) -> Result:
    """
    List every call that sent a message: when, how long it took, and what came back.

    Args:
        message: Its id, as `relay dead` lists it.
    """
    found = ctx.staff.relay.sends(ctx.seller_id, message)
    shown = table(
        found,
        {
            "sent at": lambda s: when(s.sent_at),
            "took": lambda s: f"{s.took / 1000:.0f} ms",
            "state": lambda s: s.state,
            "answer": lambda s: s.answer,
            "key": lambda s: s.key,
            "worker": lambda s: s.worker,
        },
    )
    return Result(found, (shown if found else f"message {message} was never sent",))


@app.command
def dead(*, ctx: Ctx, after: str = "", limit: int = USUAL) -> Result:
    """
    List the messages that nobody will try again by themselves.

    Args:
        after: Where the page before ended, as it said.

        limit: How many, at most 500.
    """
    page = ctx.staff_of_all.relay.dead(after=after, limit=limit)
    shown = table(
        page.items,
        {
            "message": lambda m: m.message_id,
            "seller": lambda m: m.seller_id,
            "what": lambda m: m.kind,
            "order": lambda m: m.lane,
            "tries": lambda m: m.attempts,
            "error": lambda m: m.error,
        },
    )
    return paged(page, shown)


@app.command
def resend(message: str, /, *, ctx: Ctx) -> Result:
    """
    Try a dead message again at the next run, with the same key.

    Args:
        message: Its id, as `relay dead` lists it.
    """
    ctx.staff.relay.resend(_owner(ctx, message), message)
    words = f"message {message} waits; `sourcehere relay run` delivers it"
    return Result({"message_id": message, "state": "waiting"}, (words,))


@app.command
def discard(message: str, /, *, ctx: Ctx) -> Result:
    """
    Give up a dead message to a shop or a plugin: it is never sent, what waits behind it
    may go, and its order is held for it no more.

    Args:
        message: Its id, as `relay dead` lists it.
    """
    ctx.staff.relay.discard(_owner(ctx, message), message)
    words = f"message {message} is discarded"
    return Result({"message_id": message, "state": "discarded"}, (words,))


def _owner(ctx: Context, message: str) -> str:
    """
    Return the seller of a dead message; who was named, if it is nobody's.
    """
    dead = every(ctx.staff.relay.dead)
    owners = (m.seller_id for m in dead if m.message_id == message)
    return next(owners, "") or ctx.seller_id
