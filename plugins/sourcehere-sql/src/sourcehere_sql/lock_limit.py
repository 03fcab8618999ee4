"""
What the statements of one PostgreSQL transaction may wait for locks, all together.
"""

import time
from collections.abc import Callable, Sequence

import psycopg

from .turns import Patience

Connection = psycopg.Connection[tuple[object, ...]]
# Runs a statement with its values.
Tell = Callable[[str, Sequence[object]], object]

# A part of what is left, for each of several locks that are waited for together.
_SHARE = 0.25
# Less than this part of what a call may wait is no waiting, and not worth telling.
_NOTICED = 0.01


class LockLimit:
    """
    Tells the server how long to wait for a lock, whenever that has become less.

    The server applies it to each lock. So a statement that took long is taken off, and
    the next one may wait for what is left; one that locks many rows is told what that
    is, and lowers the limit itself from row to row. While nothing is waited for, the
    server is told nothing: each connection has the usual limit from the beginning.

    It is entered while an answer is waited for.

    Attributes:
        is_shared: Whether several statements are waited for together from now on: each
            has a part of what is left.
    """

    def __init__(self, tell: Tell, patience: Patience, *, usual: float) -> None:
        """
        Limit a transaction.

        Args:
            tell: How the server is told, in it.

            usual: What the server applies if it is not told otherwise.
        """
        self._say = tell
        self._patience = patience
        self._told = usual
        self._noticed = usual * _NOTICED
        self._milliseconds = _in_milliseconds(usual)
        self._began = 0.0
        self.is_shared = False

    def tell(self) -> int:
        """
        Tell the server how long the next statement may wait, if that has become less.

        Returns:
            That, in milliseconds.
        """
        left = self._patience.seconds * (_SHARE if self.is_shared else 1)
        if self._told - left >= self._noticed:
            milliseconds = _in_milliseconds(left)
            self._say(
                "SELECT pg_catalog.set_config('lock_timeout', %s, true)",
                (f"{milliseconds}ms",),
            )
            self._told, self._milliseconds = left, milliseconds
        return self._milliseconds

    def __enter__(self) -> None:
        self._began = time.monotonic()

    def __exit__(self, *_: object) -> None:
        took = time.monotonic() - self._began
        if took > self._noticed:
            self._patience.spend(took)


def _in_milliseconds(seconds: float) -> int:
    return max(round(seconds * 1000), 1)
