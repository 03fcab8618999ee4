"""
`sourcehere worker`.
"""

import os
import platform
import threading

from .context import Ctx
from .output import Result, facts


def run(*, ctx: Ctx, once: bool = False, every: int = 10, name: str = "") -> Result:
    """
    Do all that waits: read shops that are due, take back what dead workers left,
    deliver messages, fire clocks.

    Any number of workers may run on one database.

    Args:
        once: Do it once and stop; else again and again until interrupted.

        every: Seconds between two rounds.

        name: Unique among workers that live at the same time; made up if not given.
    """
    worker = name or f"{platform.node()}-{os.getpid()}"
    rest = threading.Event()
    while True:
        recovered = ctx.sh.relay.recover(worker=worker)
        pulled = ctx.sh.pulls.run()
        delivered = ctx.sh.relay.run(worker=worker)
        fired = ctx.sh.clocks.fire()
        # What a clock fired may owe the outside something, too.
        delivered += ctx.sh.relay.run(worker=worker)
        if once:
            break
        rest.wait(every)
    counts = {
        "read": len(pulled.done),
        "unread": len(pulled.failed),
        "recovered": recovered,
        "delivered": delivered.delivered,
        "postponed": delivered.postponed,
        "dead": delivered.dead,
        "fired": fired.fired,
    }
    shown = facts({label: str(count) for label, count in counts.items()})
    return Result({"worker": worker, **counts}, (shown,))
