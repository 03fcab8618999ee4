"""
PostgreSQL connections: limits on waiting, and what the server's errors mean.
"""

import math
import struct
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from itertools import chain

import attrs
import psycopg
import sqlalchemy as sa
from psycopg import IsolationLevel
from psycopg.pq import Conninfo, TransactionStatus
from sqlalchemy import PoolProxiedConnection, event
from sqlalchemy.pool import ConnectionPoolEntry

from .address import Address
from .answer import is_stale
from .backend import Fault
from .lock_limit import Connection, LockLimit, Tell
from .options import SqlOptions
from .pipeline import Pipeline
from .piping import Pipe
from .postgres_session import PostgresSession
from .silent import APPLICATION, end_silent
from .turns import Patience
from .url_words import require_known

# What the driver raises for a number that does not fit into 64 bits.
_UNPACKABLE = (OverflowError, struct.error)
# A sum that does not fit, and a key that no index takes.
_TOO_LARGE = frozenset({"22003", "54000"})
_BY_STATE = {
    # Prepared by this client on another connection, or by another one on this.
    "26000": Fault.POOLED,
    "42P05": Fault.POOLED,
    "25006": Fault.READ_ONLY,  # a standby, or a database set to be read only
    "3F000": Fault.NO_TABLE,  # no such schema
    "40001": Fault.LOST_RACE,
    "40P01": Fault.LOST_RACE,
    "42501": Fault.FORBIDDEN,
    "42703": Fault.NO_TABLE,  # no such column
    "42P01": Fault.NO_TABLE,
    "53100": Fault.FULL,
    "55P03": Fault.LOCKED,
}
# Shutdown, crash recovery, idle limits: this connection is gone, others may work.
_DISCONNECTED = frozenset({"57P01", "57P02", "57P05", "25P03", "25P04"})
# Statement limit, starting up; then resources (53) and system errors (58).
_UNAVAILABLE = frozenset({"57014", "57P03", "57P04"})
_UNAVAILABLE_CLASSES = frozenset({"53", "58", "XX"})
_PATH = "pg_catalog, pg_temp"
_TO_PART = 0.1  # seconds that an answer is waited for before a connection is closed
_PIPELINE = "sourcehere_pipeline"  # where a connection keeps its own
_KEEPALIVE_MAX = 32_767  # seconds that Linux takes; more, and it does not connect


# Rows are looked up by an index, mostly in memory. The server's usual guess is that of
# disks that turn: it reads small tables whole, and goes on to where its plan is kept
# and the table has grown. A guess that somebody has set is left.
_CHEAP_PAGES = (
    "CASE WHEN current_setting('random_page_cost') = '4'"
    " THEN set_config('random_page_cost', '1.1', false) END"
)


@attrs.frozen
class PostgresBackend:
    """
    One database on a PostgreSQL server.
    """

    address: Address
    options: SqlOptions

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """
        The driver's exceptions.
        """
        return (psycopg.Error, *_UNPACKABLE)

    def make_engine(self) -> sa.Engine:
        """
        Make the connection pool; connects to nothing yet.

        Raises:
            InvalidInputError: If the URL has an option that the driver does not know.
        """
        known = (option.keyword.decode() for option in Conninfo.get_defaults())
        require_known(self.address.full, known)
        engine = sa.create_engine(
            self.address.full,
            pool_size=self.options.pool_size,
            max_overflow=self.options.pool_size,
            pool_timeout=self.options.busy_seconds,
            pool_reset_on_return=None,  # the storage always ends its transactions
            use_native_hstore=False,  # saves a query per connection
            connect_args=self._how_to_connect(),
        )
        # First of all: SQLAlchemy asks the server some things on its own.
        event.listen(engine, "connect", self._configure, insert=True)
        event.listen(engine, "checkin", _finish)
        if self.options.pooler:
            event.listen(engine, "begin", self._configure_transaction)
        return engine

    def _how_to_connect(self) -> dict[str, object]:
        """
        Let a host that does not answer be waited for no longer than others' locks, and
        one that falls silent no longer than a statement: the system would wait for two
        hours. What the URL says goes first.
        """
        statement = self.options.statement_seconds
        how: dict[str, object] = {
            "connect_timeout": max(math.ceil(self.options.busy_seconds), 2),
            "keepalives_idle": _keepalive(statement / 2),
            "keepalives_interval": _keepalive(statement / 6),
            "keepalives_count": 3,
            "tcp_user_timeout": math.ceil(statement * 1000),
            "fallback_application_name": APPLICATION,
        }
        said = self.address.full.query
        return {"client_encoding": "utf8"} | {
            name: value for name, value in how.items() if name not in said
        }

    def _configure(self, connection: Connection, _record: object) -> None:
        # Statements are prepared by a pipeline, and what the driver prepares, it lets
        # go of together with all others.
        connection.prepare_threshold = None
        if self.options.pooler:
            # Others have the server's connection next: nothing is left on it, and what
            # was prepared there is not found again.
            return
        connection.autocommit = True
        # A role or a database may have another path, on which somebody's table or
        # function stands before ours or PostgreSQL's own. This statement looks up
        # nothing; ours name their schema.
        connection.execute(f"SET search_path = {_PATH}")
        limits = self._limits().items()
        calls = ["set_config(%s, %s, false)" for _ in limits]
        text = f"SELECT {', '.join([*calls, _CHEAP_PAGES])}"
        connection.execute(text, tuple(chain.from_iterable(limits)))
        connection.autocommit = False

    def _configure_transaction(self, connection: sa.Connection) -> None:
        """
        Set for one transaction what a connection of our own has from the beginning.
        """
        connection.exec_driver_sql(*self._said_limits())

    def _limits(self) -> dict[str, str]:
        limits = {
            "lock_timeout": self.options.busy_seconds,
            "statement_timeout": self.options.statement_seconds,
            "idle_in_transaction_session_timeout": self.options.idle_seconds,
        }
        return {name: f"{round(n * 1000)}ms" for name, n in limits.items()}

    def _said_limits(self) -> tuple[str, tuple[str, ...]]:
        """
        Return the statement that sets the limits of one transaction, and its values.
        """
        limits = {"search_path": _PATH} | self._limits()
        calls = ("pg_catalog.set_config(%s, %s, true)" for _ in limits)
        values = tuple(word for limit in limits.items() for word in limit)
        return f"SELECT {', '.join(calls)}", values

    def look(self) -> sa.Engine | None:
        """
        Make connections that are only to look at what is there.
        """
        return self.make_engine()

    def turn(
        self, *, read_only: bool, patience: Patience
    ) -> AbstractContextManager[None]:
        """
        Begin at once: the server takes any number of writers.
        """
        del read_only, patience
        return nullcontext()

    def begin(
        self,
        pooled: PoolProxiedConnection,
        *,
        read_only: bool,
        patience: Patience,
        careful: bool,
    ) -> PostgresSession:
        """
        Begin a transaction; a reader sees one moment throughout.
        """
        connection: Connection = pooled.driver_connection  # type: ignore[assignment]
        pipeline = self._pipeline_of(pooled, connection)
        if careful:
            pipeline.finish()
        if not pipeline.is_left:
            _require_idle(connection)
        limits = self._said_limits() if self.options.pooler else None
        tell: Tell = partial(_execute, connection)
        pipe: Pipe | None = None
        if careful:
            self._prepare_careful(connection, limits, read_only=read_only)
        else:
            pipe = Pipe(
                connection,
                pipeline,
                read_only=read_only,
                limits=limits,
            )
            tell = pipe.ask
        return PostgresSession(
            connection,
            read_only=read_only,
            at=self.address.place.before,
            waiting=LockLimit(tell, patience, usual=self.options.busy_seconds),
            pipe=pipe,
        )

    def _prepare_careful(
        self,
        connection: Connection,
        limits: tuple[str, Sequence[object]] | None,
        *,
        read_only: bool,
    ) -> None:
        # As with a pipe, a writer says nothing.
        connection.read_only = True if read_only else None
        connection.isolation_level = (
            IsolationLevel.REPEATABLE_READ
            if read_only
            else IsolationLevel.READ_COMMITTED
        )
        if limits is not None:
            connection.execute(*limits)

    def _pipeline_of(
        self, pooled: PoolProxiedConnection, connection: Connection
    ) -> Pipeline:
        """
        Return the connection's pipeline, which knows what is prepared on it.
        """
        known = pooled.info.get(_PIPELINE)
        if known is None:
            known = Pipeline(
                connection,
                prepares=not self.options.pooler,
                # It ends a statement by itself, and may keep the answer for the next.
                silent_seconds=2 * self.options.statement_seconds,
            )
            pooled.info[_PIPELINE] = known
        return known

    def stays_open(self, pooled: PoolProxiedConnection) -> bool:
        """
        Keep any: who finds one lost makes another.
        """
        del pooled
        return True

    def part(self, pooled: PoolProxiedConnection) -> None:
        """
        Hear what the last transaction left: a server whose answer finds nobody writes
        into its log that a client was lost.
        """
        pipeline = pooled.info.get(_PIPELINE)
        if pipeline is not None and pipeline.is_left:
            with suppress(psycopg.Error):
                pipeline.hear_what_came(within=_TO_PART)

    def prepare_join(self, connection: Connection, *, read_only: bool) -> None:
        """
        Do nothing: psycopg begins before the first statement, whatever it is.
        """

    def join(self, connection: Connection, *, read_only: bool) -> PostgresSession:
        """
        Make a session within a host's transaction.
        """
        return PostgresSession(
            connection, read_only=read_only, at=self.address.place.before
        )

    def is_open(self, connection: Connection) -> bool:
        """
        Tell whether the transaction can still be rolled back: it is not committed.
        """
        return not connection.closed

    def end_silent(self, connection: Connection, error: BaseException) -> None:
        """
        End the transactions of workers that stopped within a pipeline, if *error* is
        that locks were waited for in vain.
        """
        if isinstance(error, psycopg.errors.LockNotAvailable):
            schema, seconds = self.address.place.schema, self.options.idle_seconds
            end_silent(connection, schema=schema, seconds=seconds)

    def judge(self, error: Exception) -> Fault:
        """
        Tell what the driver's *error* means.
        """
        state = getattr(error, "sqlstate", None)
        if isinstance(error, _UNPACKABLE) or state in _TOO_LARGE:
            return Fault.TOO_LARGE
        if state is None:
            # What stands behind a failure that the work swallowed is not done; the
            # connection is none the worse.
            gone = isinstance(error, psycopg.OperationalError) and not isinstance(
                error, psycopg.errors.PipelineAborted
            )
            return Fault.DISCONNECTED if gone else Fault.OTHER
        # Who finds it stale has lost a race with who changed the column.
        known = Fault.LOST_RACE if is_stale(error) else _BY_STATE.get(state)
        if known is not None:
            return known
        if state in _DISCONNECTED or state.startswith("08"):
            return Fault.DISCONNECTED
        if state in _UNAVAILABLE or state[:2] in _UNAVAILABLE_CLASSES:
            return Fault.UNAVAILABLE
        return Fault.OTHER


def _finish(connection: Connection | None, record: ConnectionPoolEntry) -> None:
    """
    Hear what the last transaction left: the pool lends to anybody. Who was interrupted
    drops a connection anywhere, and it comes to the pool all the same.
    """
    pipeline = record.info.get(_PIPELINE)
    if connection is not None and pipeline is not None:
        with suppress(psycopg.Error):  # who has it next finds out that it is lost
            pipeline.finish()


def _require_idle(connection: Connection) -> None:
    """
    Make sure that nothing is left of the transaction before.

    Raises:
        psycopg.OperationalError: If something is, or the connection is closed.
    """
    if connection.pgconn.transaction_status != TransactionStatus.IDLE:
        connection.close()  # to an answer that comes now, nobody knows the question
        msg = "the connection was left in the middle of something"
        raise psycopg.OperationalError(msg)


def _execute(connection: Connection, text: str, values: Sequence[object]) -> None:
    connection.execute(text, values)


def _keepalive(seconds: float) -> int:
    return min(max(round(seconds), 1), _KEEPALIVE_MAX)
