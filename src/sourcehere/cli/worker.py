"""
`sourcehere worker`.
"""

import os
import platform
import signal
from datetime import timedelta
from types import FrameType

from cyclopts import App

from ..domain.effects.model import WorkerBeat
from ..domain.kernel.clock import so_long_before
from .context import Context, Ctx
from .errors import UsageError
from .logs import log_on_standard_error
from .output import Result, facts, table, when
from .reading import read_span

app = App(name="worker")
_COUNTED = (
    *("rounds", "read", "unread", "followed", "payments", "labels"),
    *("delivered", "postponed", "dead", "tracked", "fired", "failed"),
)


@app.default
def run(*, ctx: Ctx, once: bool = False, every: int = 10, name: str = "") -> Result:
    """
    Do all that waits: read shops that are due, take in what they told, ask about
    payments and labels of which nobody knows, take back what dead workers left,
    deliver messages, ask carriers for parcels, fire deadlines.

    Any number of workers may run on one database. Told to stop (SIGTERM, or Ctrl-C), it
    ends the calls in hand and gives back the rest; told twice, it stops at once.

    Its log is on standard error: warnings and errors, and what SOURCEHERE_LOG adds.

    Args:
        once: Do it once and stop; else again and again until interrupted.

        every: Seconds between two rounds.

        name: Unique among workers that live at the same time; made up if not given.
    """
    with log_on_standard_error():
        beat = _run(ctx, once=once, every=every, name=name)
    counts = {name: getattr(beat, name) for name in _COUNTED}
    shown = facts({label: str(count) for label, count in counts.items()})
    return Result({"worker": beat.worker, **counts}, (shown,))


def _run(ctx: Context, *, once: bool, every: int, name: str) -> WorkerBeat:
    worker = ctx.of_all.worker(
        name=name or f"{platform.node()}-{os.getpid()}",
        every=read_span(seconds=every),
    )

    def stop(number: int, _: FrameType | None) -> None:
        worker.stop()
        signal.signal(number, signal.SIG_DFL)

    if once:
        worker.round()
        worker.stop()
    else:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
    return worker.run()


@app.command
def status(*, ctx: Ctx, name: str = "", within: int | None = None) -> Result:
    """
    List the workers of the last week: when each was last seen, and what it did.

    For a health check say `--within`: it exits with 1 then unless every worker listed,
    and at least one, was seen so many seconds ago or less. Those that were stopped in
    good order do not count. One that was killed counts for that week, unless it is
    started again: say `--name` where workers have new names each time.

    Args:
        name: Only the worker of this name.

        within: How many seconds ago, at most, a living worker was seen.
    """
    beats = [b for b in ctx.staff_of_all.relay.workers() if name in ("", b.worker)]
    running = [b for b in beats if b.stopped_at is None]
    is_ill = False
    if within is not None:
        late = so_long_before(ctx.sh.now(), _read_within(within))
        is_ill = not running or any(b.seen_at < late for b in running)
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
    words = f"no worker {name} ran" if name else "no worker ran"
    return Result(
        beats,
        (shown if beats else f"{words} on this database for a week",),
        exit_code=int(is_ill),
    )


def _read_within(seconds: int) -> timedelta:
    if seconds < 1:
        message = f"--within {seconds}: say 1 second or more"
        raise UsageError(message)
    return read_span(seconds=seconds)
