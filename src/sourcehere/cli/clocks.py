"""
`sourcehere clocks`.
"""

from cyclopts import App

from ..domain.kernel.words import counted
from .context import Ctx
from .output import Result, facts, table
from .reading import read_until

app = App(name="clocks")


@app.command
def due(*, ctx: Ctx, at: str = "", limit: int = 100) -> Result:
    """
    List the deadlines that have passed, earliest first.

    Args:
        at: As of when, as ISO 8601 has it: a time, UTC without a zone, or the end of a
            day in the platform's zone; now if not given.

        limit: How many of each kind.
    """
    moment = read_until(at, ctx.sh.zone) if at else None
    found = ctx.of_all.clocks.due(moment, limit=limit)
    shown = table(
        found,
        {
            "due": lambda d: d.at,
            "deadline": lambda d: d.name,
            "what": lambda d: d.what,
            "seller": lambda d: d.seller_id,
            "order or quote": lambda d: d.id,
        },
    )
    return Result(found, (shown,))


@app.command
def fire(*, ctx: Ctx) -> Result:
    """
    Do everything that is due now; safe to repeat.
    """
    report = ctx.of_all.clocks.fire()
    counts = {"fired": str(report.fired), "not due any more": str(report.skipped)}
    return Result(report, (facts(counts),))


@app.command
def forget(*, ctx: Ctx) -> Result:
    """
    Delete what shops said and was kept for as many days as was asked; `worker` does it
    too.
    """
    count = ctx.of_all.clocks.forget()
    words = f"{counted(count, 'saying')} of shops deleted"
    return Result({"forgotten": count}, (words,))
