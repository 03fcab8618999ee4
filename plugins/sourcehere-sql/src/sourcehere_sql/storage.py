"""
`SqlStorage`: work runs in a transaction of its own, or of a host application.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import PoolProxiedConnection

from sourcehere.domain.kernel.clock import stopwatch
from sourcehere.domain.kernel.errors import ConflictError, TooLargeError
from sourcehere.ports.storage import (
    BusyError,
    CommitUnknownError,
    Session,
    Storage,
    StorageUnavailableError,
    Table,
)
from sourcehere.ports.waiting import Waited, one_call

from .address import read_address
from .at_hand import AtHand
from .backend import Fault, HastyError, OpenSession
from .backends import choose_backend
from .forking import Gate, follow_forks, keep_inherited
from .hosts import host_of
from .joined import JoinedStorage
from .nesting import Calls
from .options import SqlOptions
from .own_schema import require_schema
from .place import DEFAULT_SCHEMA
from .schema import build_metadata
from .telling import told_as, words_of
from .turns import Patience, Turns

T = TypeVar("T")
_RACES = 5
_ALL_IN_USE = "every connection is in use"
_WAITING = (
    Fault.LOST_RACE,
    Fault.LOCKED,
    Fault.DISCONNECTED,
    Fault.UNAVAILABLE,
)
# What an attempt is ended by when it is others who kept it from its end.
_KEPT_WAITING = (BusyError, StorageUnavailableError, ConflictError)


class SqlStorage:
    """
    Keeps tables in SQLite or PostgreSQL; `open_storage` makes one that is up to date.

    Threads may share it: each transaction has a connection of its own. So may processes
    that are forked: each has connections of its own, made when they are needed.
    """

    def __init__(
        self,
        url: str,
        *,
        tables: Iterable[Table],
        options: SqlOptions | None = None,
    ) -> None:
        self.address = read_address(url)
        self.tables = tuple(tables)
        self._options = options or self.address.options
        self.backend = choose_backend(self.address, self._options)
        self.engine = self.backend.make_engine()
        self.at_hand = self._none_at_hand()
        self._calls = Calls()
        self._gate = Gate()
        self._connections = self._as_many_as_the_pool()
        follow_forks(self)

    def __repr__(self) -> str:
        """
        Show where the data is, without any password.
        """
        return f"SqlStorage({self.url!r})"

    @property
    def url(self) -> str:
        """
        Where the data is, without any password.
        """
        return self.address.public

    @staticmethod
    def joined(
        connection: object, *, schema: str = DEFAULT_SCHEMA, prefix: str = ""
    ) -> Storage:
        """
        Work inside the transaction of *connection*, which its owner commits.

        Args:
            connection: Of SQLAlchemy; of Django (`django.db.connection`), within
                `transaction.atomic()`; or of sqlite3 or psycopg 3 itself.

            schema: Where our tables are on PostgreSQL, as in the URL's `?schema=`.

            prefix: What their names begin with on SQLite, as in the URL's `?prefix=`.

        Raises:
            InvalidInputError: If its database or driver is not one of ours, or answers
                later, as by asyncio; or the schema or prefix is no plain name.

            StorageUnavailableError: If Django cannot connect.
        """
        return JoinedStorage(host_of(connection), schema=schema, prefix=prefix)

    def create_tables(self) -> None:
        """
        Create the declared tables as they are now, without any migration history.

        For scratch databases; `open_storage` is the normal way.
        """
        with self.translated_errors(), self.engine.connect() as connection:
            if self.address.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            require_schema(connection, self.address)
            build_metadata(self.tables, self.address.place).create_all(connection)
            connection.commit()

    def transact(self, work: Callable[[Session], T], /, *, read_only: bool) -> T:
        """
        Run *work* in one transaction: all of it is committed, or none.

        *work* runs again after a lost race, and once more after a lost connection.

        Raises:
            BusyError: If what is needed is held by others for longer than a call waits,
                or races were lost several times over.

            ConflictError: If *work* itself opens a transaction (a programming error).

            CommitUnknownError: If the answer to COMMIT was lost.

            StorageUnavailableError: If the database cannot be reached. It is of a
                kind of its own for a full disk, one to be read only, missing tables.
        """
        call = self._calls.begin()
        try:
            with one_call() as waited:
                return self._within(waited, work, read_only=read_only)
        finally:
            self._calls.end(call)

    def _within(
        self, waited: Waited, work: Callable[[Session], T], *, read_only: bool
    ) -> T:
        """
        Try until it is done, or the call has *waited* for all that it may.
        """
        budget = self._options.busy_seconds
        races, reconnected, careful = 0, False, False
        while True:
            began, left = stopwatch(), waited.left_of(budget)
            try:
                return self._attempt(
                    work, read_only=read_only, careful=careful, seconds=left
                )
            except HastyError:
                careful = True
                waited.spend(stopwatch() - began)
                continue
            except _KEPT_WAITING:
                waited.spend(stopwatch() - began)
                raise
            except self.backend.errors as error:
                fault = self.backend.judge(error)
                if fault in _WAITING:
                    waited.spend(stopwatch() - began)
                if fault is Fault.DISCONNECTED and not reconnected:
                    reconnected = True
                    self.at_hand.close()  # the other idle ones are gone too
                    continue
                races += 1
                is_last = races == _RACES or waited.is_over(budget)
                if fault is not Fault.LOST_RACE or is_last:
                    self._raise(fault, error, read_only=read_only)
            _pause(races)

    def close(self) -> None:
        """
        Close files and connections. Closing twice does nothing.
        """
        self.at_hand.close()

    def before_fork(self) -> None:
        """
        Wait for the transactions of other threads, and close what is idle then.
        """
        self._gate.close(seconds=self._options.busy_seconds)
        self.at_hand.close()

    def after_fork(self, *, is_child: bool) -> None:
        """
        Go on, in the child with connections and locks of its own.
        """
        if not is_child:
            self._gate.open()
            return
        keep_inherited((self.engine.pool, self.at_hand))
        self.engine.dispose(close=False)
        self.backend = choose_backend(self.address, self._options)
        self.at_hand = self._none_at_hand()
        self._calls = Calls()
        self._gate = Gate()
        self._connections = self._as_many_as_the_pool()

    def _none_at_hand(self) -> AtHand:
        return AtHand(self.engine, most=self._options.pool_size, backend=self.backend)

    def _as_many_as_the_pool(self) -> Turns:
        """
        Return what is waited for instead of the pool, which knows one limit for all.
        """
        return Turns(
            2 * self._options.pool_size,
            url=self.url,
            seconds=self._options.busy_seconds,
            cause=_ALL_IN_USE,
        )

    @contextmanager
    def translated_errors(self) -> Iterator[None]:
        """
        Raise the port's errors for the driver's, SQLAlchemy's wrapping included.
        """
        try:
            yield
        except DBAPIError as error:
            if not isinstance(error.orig, self.backend.errors):
                raise
            self._raise(self.backend.judge(error.orig), error.orig)
        except self.backend.errors as error:
            self._raise(self.backend.judge(error), error)

    def _raise(self, fault: Fault, error: Exception, *, read_only: bool = True) -> None:
        if fault is Fault.OTHER:
            raise error
        if fault is Fault.TOO_LARGE:
            raise TooLargeError(cause=words_of(error)) from error
        cause = self.address.without_secrets(words_of(error))
        # The driver's own error could show what was blanked here, so it is not chained.
        raise told_as(
            fault,
            url=self.url,
            seconds=self._options.busy_seconds,
            cause=cause,
            read_only=read_only,
        ) from None

    def _attempt(
        self,
        work: Callable[[Session], T],
        *,
        read_only: bool,
        careful: bool,
        seconds: float,
    ) -> T:
        gate, patience = self._gate, Patience(seconds)
        with (
            gate,
            self.backend.turn(read_only=read_only, patience=patience),
            self._connections.within(patience),
        ):
            pool, pooled = self.at_hand.kept() or self._connect(patience)
            try:
                session = self._begin(
                    pooled, read_only=read_only, careful=careful, patience=patience
                )
                try:
                    result = self._work(pooled, gate, session, work)
                    self._commit(pooled, session, read_only=read_only)
                finally:
                    session.close()
            except BaseException as error:
                if not isinstance(error, Exception) and gate is self._gate:
                    # Nobody knows how far the connection is from being as it was.
                    self._let_go(pooled)
                elif pooled.is_valid:
                    if gate is self._gate:
                        self._roll_back(pooled)  # it may not have come to that
                    self.backend.end_silent(pooled.driver_connection, error)
                raise
            finally:
                if gate is self._gate:
                    self.at_hand.give_back(pool, pooled)
                else:
                    pooled.close()  # the parent's
            return result

    def _begin(
        self,
        pooled: PoolProxiedConnection,
        *,
        read_only: bool,
        careful: bool,
        patience: Patience,
    ) -> OpenSession:
        try:
            return self.backend.begin(
                pooled,
                read_only=read_only,
                careful=careful,
                patience=patience,
            )
        except BaseException:
            self._roll_back(pooled)
            raise

    def _work(
        self,
        pooled: PoolProxiedConnection,
        gate: Gate,
        session: OpenSession,
        work: Callable[[Session], T],
    ) -> T:
        try:
            try:
                result = work(session)
                self._require_same_process(gate)
                session.require_whole()
            except Exception as error:
                if session.is_hasty(error):
                    raise HastyError from error
                raise
        except BaseException:
            session.close()
            if self._gate is gate:
                self._roll_back(pooled)
            raise
        return result

    def _require_same_process(self, gate: Gate) -> None:
        """
        Refuse to end a transaction in a child that was forked within it: it is the
        parent's.
        """
        if self._gate is not gate:
            msg = "this transaction is the parent's; a forked child begins its own"
            raise RuntimeError(msg)

    def _let_go(self, pooled: PoolProxiedConnection) -> None:
        if not pooled.is_valid:
            return
        with suppress(*self.backend.errors):
            pooled.invalidate()

    def _connect(self, patience: Patience) -> tuple[sa.Pool, PoolProxiedConnection]:
        began = time.monotonic()
        try:
            with self.translated_errors():
                return self.at_hand.lent()
        except PoolTimeoutError as error:
            raise BusyError(
                url=self.url, seconds=self._options.busy_seconds, cause=_ALL_IN_USE
            ) from error
        finally:
            patience.spend(time.monotonic() - began)

    def _roll_back(self, pooled: PoolProxiedConnection) -> None:
        try:
            pooled.rollback()
        except self.backend.errors:
            pooled.invalidate()  # closing it rolls back as well

    def _commit(
        self, pooled: PoolProxiedConnection, session: OpenSession, *, read_only: bool
    ) -> None:
        try:
            session.commit()
        except self.backend.errors as error:
            if session.is_hasty(error):
                self._roll_back(pooled)
                raise HastyError from error
            fault = self.backend.judge(error)
            is_open = self.backend.is_open(pooled.driver_connection)
            # The database took it back; one that goes away says nothing of that.
            if fault is Fault.FULL or (is_open and fault is not Fault.DISCONNECTED):
                self._roll_back(pooled)
                raise
            self._let_go(pooled)
            if not read_only:
                raise CommitUnknownError(url=self.url) from error


def _pause(races: int) -> None:
    limit = 0.005 * 2**races
    time.sleep(random.uniform(0, limit))  # noqa: S311 - spreads rivals, hides nothing
