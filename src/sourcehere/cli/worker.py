"""
`sourcehere worker`.
"""

import os
import platform
import signal
from datetime import timedelta
from types import FrameType

from cyclopts import App

from .context import Ctx
from .output import Result, facts, table, when

app = App(name="worker")


@app.default
def run(*, ctx: Ctx, once: bool = False, every: int = 10, name: str = "") -> Result:
    """
    Do all that waits: read shops that are due, take back what dead workers left,
    deliver messages, fire deadlines.

    Any number of workers may run on one database. Told to stop (SIGTERM, or Ctrl-C), it
    ends the calls in hand and gives back the rest; told twice, it stops at once.

    Args:
        once: Do it once and stop; else again and again until interrupted.

        every: Seconds between two rounds.

        name: Unique among workers that live at the same time; made up if not given.
    """
    worker = ctx.sh.worker(
        name=name or f"{platform.node()}-{os.getpid()}",
        every=timedelta(seconds=every),
    )

    def stop(number: int, _: FrameType | None) -> None:
        worker.stop()
        signal.signal(number, signal.SIG_DFL)

    if once:
        beat = worker.round()
    else:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        beat = worker.run()
    names = ("rounds", "read", "unread", "delivered", "postponed", "dead", "fired")
    counts = {name: getattr(beat, name) for name in (*names, "failed")}
    shown = facts({label: str(count) for label, count in counts.items()})
    return Result({"worker": beat.worker, **counts}, (shown,))


@app.command
def status(*, ctx: Ctx) -> Result:
    """
    List the workers that ever ran: when each was last seen, and what it did.
    """
    beats = ctx.staff.relay.workers()
    shown = table(
        beats,
        {
            "worker": lambda b: b.worker,
            "started": lambda b: when(b.started_at),
            "last seen": lambda b: when(b.seen_at),
            "stopped": lambda b: when(b.stopped_at),
            "rounds": lambda b: b.rounds,
            "delivered": lambda b: b.delivered,
            "failed": lambda b: b.failed,
            "last error": lambda b: b.error,
        },
    )
    return Result(beats, (shown if beats else "no worker ever ran on this database",))
