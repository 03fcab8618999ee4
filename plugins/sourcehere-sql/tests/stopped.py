"""
A process that is stopped by the system within a transaction, and goes on when it may.

Told the URL, and what it does before; says how often it did its work.
"""

import os
import signal
import sys

from sourcehere.testing.storage_tables import TABLES, THINGS
from sourcehere_sql import SqlStorage

A, B = ("s", "a"), ("s", "b")
BEFORE = {
    "a locked read": lambda s: s.get(THINGS, [A], lock=True),
    "a write": lambda s: s.add(THINGS, [(A, {"order": 1})]),
}


def main(url, before):
    """
    Work, be stopped, and work again.
    """
    runs = 0

    def work(session):
        nonlocal runs
        runs += 1
        BEFORE[before](session)
        session.get(THINGS, [B], lock=False)  # what was sent is done
        if runs == 1:
            os.kill(os.getpid(), signal.SIGSTOP)
            session.get(THINGS, [B], lock=False)  # else COMMIT is what finds out
        session.add(THINGS, [(A, {"order": 100})])

    storage = SqlStorage(url, tables=TABLES)
    storage.transact(work, read_only=False)
    storage.close()
    print(runs)


if __name__ == "__main__":
    main(*sys.argv[1:])
