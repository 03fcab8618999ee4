"""
Tells the story in one process after the other, each of which kills itself at a chosen
point: `N:before`, `N:after` the commit of the Nth writing transaction, or `N:append`,
the Nth time that the fulfilments CSV has grown and the transaction that says so has not
begun. Says how each of them ended.

They are forked from a process that has imported what they need and opened nothing.
"""

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from sourcehere import ManualClock, Settings
from sourcehere.app import compose
from sourcehere.demo import Options, run


class KillingStorage:
    """
    A storage that passes everything on, until the point is reached.
    """

    def __init__(self, inner, point, out):
        self._inner = inner
        number, _, self._when = point.partition(":")
        self._left = int(number)
        self._out = out
        self._size = self._grown()

    @property
    def url(self):
        return self._inner.url

    def close(self):
        self._inner.close()

    def _grown(self):
        return self._out.stat().st_size if self._out.exists() else 0

    def _reach(self, when):
        if when == self._when:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def transact(self, work, /, *, read_only):
        if read_only:
            return self._inner.transact(work, read_only=True)
        if self._grown() > self._size:
            self._size = self._grown()
            self._reach("append")

        def watched(session):
            result = work(session)
            self._reach("before")
            return result

        result = self._inner.transact(watched, read_only=False)
        self._reach("after")
        return result


def tell(url, path, out, point):
    clock, settings = ManualClock(datetime(2011, 12, 1, tzinfo=UTC)), Settings(chunk=50)
    plain = compose(url, clock=clock, settings=settings)
    storage = KillingStorage(plain.storage, point, Path(out))
    killing = compose(
        storage=storage, clock=clock, settings=settings, folder=Path(path).anchor
    )
    with plain:
        run(killing, clock, Options(Path(path), Path(out), 50))


def main():
    *places, points = sys.argv[1:]
    for point in points.split():
        child = os.fork()
        if not child:
            tell(*places, point)
            os._exit(0)  # it came to its end
        print(point, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
