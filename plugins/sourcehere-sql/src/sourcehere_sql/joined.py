"""
A storage inside a host application's transaction: its rows and ours commit together.
"""

import math
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any, NoReturn, TypeVar

from sourcehere.domain.kernel.clock import stopwatch
from sourcehere.domain.kernel.errors import ConflictError, TooLargeError
from sourcehere.ports.storage import Session, StorageUnavailableError

from .address import Address, show_url
from .alone import alone_on
from .backend import Backend, Fault
from .backends import choose_backend
from .fitness import cause_of, lost, require_fit, unfit
from .hosts import Host
from .options import SqlOptions
from .place import on_postgresql, on_sqlite
from .telling import told_as, words_of

T = TypeVar("T")
_USUAL = SqlOptions()
_AGAIN = "roll back the host's transaction, and do all of it again"
_SQLITE_AGAIN = f"{_AGAIN}; one that begins with BEGIN IMMEDIATE loses no race"
_ALL_LOST = "the host's transaction is lost with it: roll back and begin it anew"


class JoinedStorage:
    """
    Runs work within savepoints of the host's open transaction.

    An error takes back the work that raised it and nothing else. Nothing is retried
    and nothing committed: that is the host's to do.
    """

    def __init__(self, host: Host, *, schema: str, prefix: str) -> None:
        self._host = host
        self._process = os.getpid()
        self._is_lost = False
        # A host may well use SQLite in memory: its one connection is all we need.
        url = host.url
        is_sqlite = url.drivername.startswith("sqlite")
        place = on_sqlite(prefix) if is_sqlite else on_postgresql(schema)
        self._address = Address(url, show_url(url), place)
        self._backend: Backend = choose_backend(self._address, _USUAL)

    def __repr__(self) -> str:
        """
        Show where the data is, without any password.
        """
        return f"JoinedStorage({self.url!r})"

    @property
    def url(self) -> str:
        """
        Where the data is, without any password.
        """
        return self._address.public

    @property
    def joins_host(self) -> bool:
        """
        That the host ends the transaction: nobody outside is asked meanwhile.
        """
        return True

    def transact(self, work: Callable[[Session], T], /, *, read_only: bool) -> T:
        """
        Run *work* within the host's transaction, once. Threads that share it wait for
        each other.

        Raises:
            InvalidInputError: If the host has no transaction open, or one that failed
                or was lost; its connection is closed, within a pipeline, or another
                thread's.

            ConflictError: If a race was lost; the host rolls back and starts again.

            BusyError: If others hold what is needed for longer than the host waits.

            StorageUnavailableError: If the database cannot be reached, or the
                connection is the one of a process that this one was forked from.
        """
        if os.getpid() != self._process:
            raise StorageUnavailableError(
                url=self.url,
                cause="this connection is the parent's; a forked process has its own",
            )
        if self._is_lost:
            # SQLite would begin another one, which the host takes for its own.
            raise lost()
        began = stopwatch()
        try:
            return self._within_savepoint(work, read_only=read_only)
        except self._backend.errors as error:
            fault = self._backend.judge(error)
            if fault is Fault.OTHER:
                raise
            if fault is Fault.TOO_LARGE:
                raise TooLargeError(cause=words_of(error)) from error
            if fault is Fault.LOST_RACE:
                raise ConflictError(
                    kind="a row that the host's transaction has read",
                    key=f"({words_of(error)})",
                    advice=_SQLITE_AGAIN if self._address.is_sqlite else _AGAIN,
                ) from error
            words = "; ".join([words_of(error), *getattr(error, "__notes__", ())])
            raise told_as(
                fault,
                url=self.url,
                seconds=math.floor(10 * (stopwatch() - began)) / 10,
                cause=self._address.without_secrets(words),
                read_only=read_only,
            ) from None

    def _within_savepoint(self, work: Callable[[Session], T], *, read_only: bool) -> T:
        with ExitStack() as stack:
            driver = self._take(stack, read_only=read_only)
            session = self._backend.join(driver, read_only=read_only)
            stack.enter_context(closing(session))
            result = work(session)
            session.require_whole()
            return result

    def _take(self, stack: ExitStack, *, read_only: bool) -> Any:
        """
        Begin a savepoint, and return the driver's connection.
        """
        try:
            driver = self._host.driver()
            require_fit(driver)
            stack.enter_context(alone_on(driver))
            self._backend.prepare_join(driver, read_only=read_only)
            stack.enter_context(self._savepoint())
        except (*self._backend.errors, *self._host.errors) as error:
            self._refuse(error)
        return driver

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        """
        Begin a savepoint; that it cannot be ended is told as what keeps one from its
        beginning.
        """
        raised: BaseException | None = None
        has_begun = False
        try:
            with self._host.savepoint():
                has_begun = True
                try:
                    yield
                except BaseException as error:
                    raised = error
                    raise
        except (*self._backend.errors, *self._host.errors) as error:
            if error is raised:
                raise
            self._is_lost = has_begun
            cause = self._first_of(error, raised)
            cause.add_note(_ALL_LOST)
            if not isinstance(cause, Exception):
                raise cause from None
            self._refuse(cause)
        finally:
            raised = None  # it has the traceback, and that has this frame

    def _first_of(
        self, error: Exception, raised: BaseException | None
    ) -> BaseException:
        """
        Return what is to be told where the savepoint could not be ended by *error*:
        what was *raised* in it, if somebody interrupts, or the database says why.
        """
        if raised is None:
            return cause_of(error)
        if not isinstance(raised, Exception) or self._is_known(raised):
            return raised
        return cause_of(error)

    def _is_known(self, error: BaseException) -> bool:
        return (
            isinstance(error, self._backend.errors)
            and self._backend.judge(error) is not Fault.OTHER
        )

    def _refuse(self, error: Exception) -> NoReturn:
        """
        Raise what the driver's error behind *error* means; where it means nothing to
        us, that the connection does not take our work.
        """
        cause = cause_of(error)
        if self._is_known(cause):
            raise cause from None
        raise unfit(error) from error

    def close(self) -> None:
        """
        Leave the connection to its owner.
        """
