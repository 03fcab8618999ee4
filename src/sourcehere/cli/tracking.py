"""
`sourcehere tracking`.
"""

from cyclopts import App

from ..face.records.reports import TrackingReport
from .context import Ctx
from .errors import UsageError
from .output import Result, facts, table, when

app = App(name="tracking")


@app.command
def run(*, ctx: Ctx) -> Result:
    """
    Ask carriers for all parcels that are on their way and due. `worker` does it too.
    """
    return _told(ctx.of_all.tracking.run())


@app.command
def ask(*numbers: str, ctx: Ctx) -> Result:
    """
    Ask carriers for the parcels of these tracking numbers now, due or not. Ends with 1
    where nothing was said of one.

    Args:
        numbers: Tracking numbers of parcels that were shipped.
    """
    if not numbers:
        message = "say at least one tracking number"
        raise UsageError(message)
    report = ctx.staff.tracking.ask(numbers)
    return _told(report, exit_code=1 if report.failed else 0)


def _told(report: TrackingReport, *, exit_code: int = 0) -> Result:
    names = ("asked", "not_known", "facts_new")
    shown = [facts({name: str(getattr(report, name)) for name in names})]
    if report.failed or report.set_aside:
        wrong = [
            *report.failed.items(),
            *(("set aside", words) for words in report.set_aside),
        ]
        columns = {"what": lambda w: w[0], "why": lambda w: w[1]}
        shown.append(table(wrong, columns, title="Not told"))
    return Result(report, tuple(shown), exit_code=exit_code)


@app.command
def status(*, ctx: Ctx) -> Result:
    """
    List how far each freight connection has come with asking for parcels; `relay
    status` says which of them are in trouble.
    """
    walks = ctx.staff_of_all.tracking.status()
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
