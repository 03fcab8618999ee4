"""
Connections that stay at hand from one transaction to the next.

A pool makes an object, takes locks and calls listeners each time that it lends a
connection. So what it has lent once is kept here, and given back when all are to be
closed.
"""

import sqlalchemy as sa
from sqlalchemy.pool import PoolProxiedConnection

from .backend import Backend


class AtHand:
    """
    What the pool of an engine has lent, and nobody uses just now.
    """

    def __init__(
        self,
        engine: sa.Engine,
        *,
        most: int,
        backend: Backend,
    ) -> None:
        """
        Keep none yet.

        Args:
            most: How many to keep; the pool has the others.

            backend: Knows which may be used again without asking their pool, and makes
                others ready for it.
        """
        self._engine = engine
        self._most = most
        self._backend = backend
        # The pool with each: an engine has another one as soon as it was disposed of.
        self._kept: list[tuple[sa.Pool, PoolProxiedConnection]] = []

    def kept(self) -> tuple[sa.Pool, PoolProxiedConnection] | None:
        """
        Return the connection that was used last, with its pool; None if none is kept.
        """
        while (kept := self._popped()) is not None:
            if kept[0] is self._engine.pool:
                return kept
            self._discard(kept[1])
        return None

    def lent(self) -> tuple[sa.Pool, PoolProxiedConnection]:
        """
        Return another connection of the pool, with that.

        Raises:
            sqlalchemy.exc.TimeoutError: If the pool has none, and makes no more.

            sqlalchemy.exc.DBAPIError: If nothing connects.
        """
        return self._engine.pool, self._engine.raw_connection()

    def give_back(self, pool: sa.Pool, pooled: PoolProxiedConnection) -> None:
        """
        Keep a connection whose transaction has ended.
        """
        if pool is not self._engine.pool:
            self._discard(pooled)
        elif self._keeps(pooled):
            self._kept.append((pool, pooled))
        else:
            pooled.close()
        if pool is not self._engine.pool:  # another thread has closed all meanwhile
            self._close_kept()
            pool.dispose()

    def _keeps(self, pooled: PoolProxiedConnection) -> bool:
        is_one_of_few = pooled.is_valid and len(self._kept) < self._most
        return is_one_of_few and self._backend.stays_open(pooled)

    def close(self) -> None:
        """
        Close those that nobody uses, here and in the pool.
        """
        self._close_kept()
        self._engine.dispose()

    def _close_kept(self) -> None:
        while (kept := self._popped()) is not None:
            self._discard(kept[1])  # its pool may be gone already

    def _popped(self) -> tuple[sa.Pool, PoolProxiedConnection] | None:
        # Not looked at before: another thread may be first.
        try:
            return self._kept.pop()
        except IndexError:
            return None

    def _discard(self, pooled: PoolProxiedConnection) -> None:
        """
        Close a connection whose pool is gone: nobody else would.
        """
        if pooled.is_valid:
            self._backend.part(pooled)
            pooled.invalidate()
        pooled.close()
