"""
A storage inside a host application's transaction: its rows and ours commit together.
"""

import os
from collections.abc import Callable
from contextlib import ExitStack, closing
from typing import Any, TypeVar

from sourcehere.domain.kernel.errors import ConflictError, TooLargeError
from sourcehere.ports.storage import Session, StorageUnavailableError

from .address import Address, show_url
from .backend import Backend, Fault
from .backends import choose_backend
from .fitness import cause_of, require_fit, unfit
from .hosts import Host
from .options import SqlOptions
from .place import on_postgresql, on_sqlite
from .telling import told_as, words_of

T = TypeVar("T")
_USUAL = SqlOptions()


class JoinedStorage:
    """
    Runs work within savepoints of the host's open transaction.

    An error takes back the work that raised it and nothing else. Nothing is retried
    and nothing committed: that is the host's to do.
    """

    def __init__(self, host: Host, *, schema: str, prefix: str) -> None:
        self._host = host
        self._process = os.getpid()
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
        Run *work* within the host's transaction, once.

        Raises:
            InvalidInputError: If the host has no transaction open, or one that failed;
                its connection is closed, or another thread's.

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
                    kind="transaction", key=f"({words_of(error)})"
                ) from error
            cause = self._address.without_secrets(words_of(error))
            raise told_as(
                fault,
                url=self.url,
                seconds=_USUAL.busy_seconds,
                cause=cause,
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
        host = self._host
        try:
            driver = host.driver()
            require_fit(driver)
            self._backend.prepare_join(driver, read_only=read_only)
            stack.enter_context(host.savepoint())
        except (*self._backend.errors, *host.errors) as error:
            cause = cause_of(error)
            is_drivers = isinstance(cause, self._backend.errors)
            if is_drivers and self._backend.judge(cause) is not Fault.OTHER:
                raise cause from None
            raise unfit(error) from error
        return driver

    def close(self) -> None:
        """
        Leave the connection to its owner.
        """
