"""
SQLite connections: safe settings, one writer at a time, private files.
"""

import sqlite3
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import attrs
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry

from sourcehere.domain.kernel.clock import stopwatch

from .address import Address
from .backend import Fault
from .options import SqlOptions
from .sqlite_files import (
    connect_unchanging,
    is_unchanging,
    make_private,
    may_write,
    require_unchanged,
    unchanging,
    uri_to_read,
)
from .sqlite_session import SqliteSession
from .turns import Patience, Turns

# A sum that does not fit into 64 bits becomes a fraction, which a strict table refuses.
_NO_INTEGER = 3091  # SQLITE_CONSTRAINT_DATATYPE
_UNAVAILABLE = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_INTERRUPT,  # by a host, on its own connection
    }
)
_BY_CODE = {
    sqlite3.SQLITE_BUSY: Fault.LOCKED,
    sqlite3.SQLITE_LOCKED: Fault.LOCKED,
    sqlite3.SQLITE_READONLY: Fault.READ_ONLY,
    sqlite3.SQLITE_FULL: Fault.FULL,
}
_NO_TABLE = ("no such table", "no such column")
_SOON = 0.01  # seconds until a database is asked again
_LIMIT = "sourcehere_busy_timeout"  # where a connection keeps what it was told


@attrs.frozen
class SqliteBackend:
    """
    One database file.
    """

    address: Address
    options: SqlOptions
    _writers: Turns = attrs.field(init=False)

    @_writers.default
    def _one_at_a_time(self) -> Turns:
        return Turns(
            1,
            url=self.address.public,
            seconds=self.options.busy_seconds,
            cause="another writer does not finish",
        )

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """
        The driver's exceptions.
        """
        return (sqlite3.Error, OverflowError)

    def make_engine(self) -> sa.Engine:
        """
        Make the connection pool; connects to nothing yet.
        """
        engine = sa.create_engine(
            self.address.full,
            pool_size=self.options.pool_size,
            max_overflow=self.options.pool_size,
            pool_timeout=self.options.busy_seconds,
            pool_reset_on_return=None,  # the storage always ends its transactions
            connect_args={
                "timeout": self.options.busy_seconds,
                "isolation_level": None,  # BEGIN is ours, never implied
                "cached_statements": 512,
                "check_same_thread": False,  # the pool lends to one thread at a time
            },
        )
        event.listen(engine, "do_connect", self._connect)
        event.listen(engine, "connect", self._configure)
        event.listen(engine, "checkout", self._check_out)
        event.listen(engine, "checkin", _end_transaction)
        return engine

    @property
    def _path(self) -> Path:
        return Path(str(self.address.full.database))

    def _connect(
        self,
        _dialect: sa.Dialect,
        record: ConnectionPoolEntry,
        _args: object,
        how: dict[str, Any],
    ) -> sqlite3.Connection | None:
        make_private(self._path)
        return connect_unchanging(self._path, record.info, how)

    def _configure(self, connection: sqlite3.Connection, _record: object) -> None:
        mode = connection.execute("PRAGMA journal_mode").fetchone()
        if mode != ("wal",) and may_write(self._path):
            _log_ahead(connection, seconds=self.options.busy_seconds)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # 12 MB: with the usual 2, scattered changes read each page again.
        connection.execute("PRAGMA cache_size = -12000")
        # 16 MB of log: with the usual 4 the same pages are written back more often.
        connection.execute("PRAGMA wal_autocheckpoint = 4000")

    def _check_out(
        self, _connection: object, record: ConnectionPoolEntry, _proxy: object
    ) -> None:
        if is_unchanging(record.info):
            require_unchanged(self._path, record.info)

    def look(self) -> sa.Engine | None:
        """
        Make connections that neither create the file nor change it; None without one.
        """
        if not self._path.is_file():
            return None
        uri = uri_to_read(self._path, unchanged=unchanging(self._path))
        return sa.create_engine(
            "sqlite+pysqlite://",
            creator=lambda: sqlite3.connect(
                uri, uri=True, timeout=self.options.busy_seconds
            ),
            poolclass=sa.NullPool,
        )

    def turn(
        self, *, read_only: bool, patience: Patience
    ) -> AbstractContextManager[None]:
        """
        Wait for this process's other writers here, in order, rather than by polling.
        """
        return nullcontext() if read_only else self._writers.within(patience)

    def begin(
        self,
        pooled: sa.PoolProxiedConnection,
        *,
        read_only: bool,
        patience: Patience,
        careful: bool,
    ) -> SqliteSession:
        """
        Begin a transaction; a writer's takes the write lock at once.
        """
        del careful  # there is no network in between
        connection: sqlite3.Connection = pooled.driver_connection  # type: ignore[assignment]
        limit = max(round(patience.seconds * 1000), 1)
        if pooled.info.get(_LIMIT) != limit:  # to tell it takes a statement
            pooled.info[_LIMIT] = None  # whoever is interrupted has told it or not
            connection.execute(f"PRAGMA busy_timeout = {limit}")
            pooled.info[_LIMIT] = limit
        connection.execute("BEGIN" if read_only else "BEGIN IMMEDIATE")
        return SqliteSession(
            connection, read_only=read_only, at=self.address.place.before
        )

    def stays_open(self, pooled: sa.PoolProxiedConnection) -> bool:
        """
        Keep those of which the pool has nothing to find out.
        """
        return not is_unchanging(pooled.info)

    def part(self, pooled: sa.PoolProxiedConnection) -> None:
        """
        Do nothing: there is nobody at the other end.
        """

    def prepare_join(self, connection: sqlite3.Connection, *, read_only: bool) -> None:
        """
        Begin what the host has begun by name only.

        The driver begins nothing before a SAVEPOINT, whose end would then commit.
        """
        if not connection.in_transaction:
            connection.execute("BEGIN" if read_only else "BEGIN IMMEDIATE")

    def join(self, connection: sqlite3.Connection, *, read_only: bool) -> SqliteSession:
        """
        Make a session within a host's transaction.
        """
        return SqliteSession(
            connection, read_only=read_only, at=self.address.place.before
        )

    def is_open(self, connection: sqlite3.Connection) -> bool:
        """
        Tell whether the transaction can still be rolled back: it is not committed.
        """
        return connection.in_transaction

    def end_silent(self, connection: sqlite3.Connection, error: BaseException) -> None:
        """
        Do nothing: nobody can end a process that has locked a file.
        """

    def judge(self, error: Exception) -> Fault:
        """
        Tell what the driver's *error* means.
        """
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
        if isinstance(error, OverflowError) or code == _NO_INTEGER:
            return Fault.TOO_LARGE
        if code == sqlite3.SQLITE_BUSY_SNAPSHOT:
            return Fault.LOST_RACE
        if code & 0xFF in _BY_CODE:
            return _BY_CODE[code & 0xFF]
        if code == sqlite3.SQLITE_ERROR and str(error).startswith(_NO_TABLE):
            return Fault.NO_TABLE
        return Fault.UNAVAILABLE if code & 0xFF in _UNAVAILABLE else Fault.OTHER


def _end_transaction(connection: sqlite3.Connection | None, _record: object) -> None:
    """
    Roll back what an interruption left in the middle; whoever drops a connection, it
    comes to the pool.
    """
    if connection is not None and connection.in_transaction:
        connection.rollback()


def _log_ahead(connection: sqlite3.Connection, *, seconds: float) -> None:
    """
    Let a database have its log ahead of it (WAL), which it keeps from then on.

    Of processes that do so together SQLite refuses some at once, however long they
    would wait: each reads, and wants to be alone. They ask again.

    Raises:
        sqlite3.OperationalError: If others are still in the way when it is over.
    """
    until = stopwatch() + seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or stopwatch() > until:
                raise
        else:
            return
        time.sleep(_SOON)
