"""
`sourcehere tracking`.
"""

from cyclopts import App

from ..face.records.reports import TrackingReport
from .context import Ctx
from .output import Result, facts, table, when

app = App(name="tracking")


@app.command
def run(*, ctx: Ctx) -> Result:
    """
    Ask carriers for all parcels that are on their way and due. `worker` does it too.
    """
    return _told(ctx.sh.tracking.run())


@app.command
def ask(*numbers: str, ctx: Ctx) -> Result:
    """
    Ask carriers for the parcels of these tracking numbers now, due or not.

    Args:
        numbers: Tracking numbers of parcels that were shipped.
    """
    return _told(ctx.staff.tracking.ask(numbers))


def _told(report: TrackingReport) -> Result:
    names = ("asked", "not_known", "facts_new")
    shown = [facts({name: str(getattr(report, name)) for name in names})]
    if report.failed or report.set_aside:
        wrong = [
            *report.failed.items(),
            *(("set aside", words) for words in report.set_aside),
        ]
        columns = {"what": lambda w: w[0], "why": lambda w: w[1]}
        shown.append(table(wrong, columns, title="Not told"))
    return Result(report, tuple(shown))


@app.command
def status(*, ctx: Ctx) -> Result:
    """
    List how far each freight connection has come with asking for parcels; `relay
    status` says which of them are in trouble.
    """
    walks = ctx.staff.tracking.status()
    shown = table(
        walks,
        {
            "connection": lambda w: w.connection,
            "began": lambda w: when(w.began_at),
            "asked": lambda w: w.asked,
            "goes on": lambda w: when(w.due_at),
        },
    )
    return Result(walks, (shown,))
