"""
Whose transaction ours joins: SQLAlchemy's, Django's, or that of a driver's connection.

Each takes back a part of the transaction by a savepoint of its own kind, so that the
host's bookkeeping stays right, and leaves the end of the transaction to the host.
"""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from typing import Any, Protocol

import sqlalchemy as sa

from sourcehere.domain.kernel.errors import InvalidInputError

from .fitness import away, errors_of_django, unfit

_EXPECTED = (
    "a connection of SQLAlchemy or Django by sqlite3 or psycopg 3, or one of"
    " sqlite3 or psycopg itself; that of a Session is `session.connection()`"
)
_SQLALCHEMY_DRIVERS = ("pysqlite", "psycopg")
_IN_A_THREAD = "one that answers later takes no work: call it in a thread instead"
_DJANGO = "call it within `transaction.atomic()`"
_DRIVER = "begin a transaction on it first"
_SQLALCHEMY = "its isolation level is not to be AUTOCOMMIT"
_NUMBERS = count(1)


class Host(Protocol):
    """
    A host application's connection, on which it has a transaction open.
    """

    @property
    def url(self) -> sa.URL:
        """
        Which database it is.
        """
        ...

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """
        What the host raises beside the driver's own exceptions.
        """
        ...

    def driver(self) -> Any:
        """
        Return the driver's own connection.

        Raises:
            InvalidInputError: If no transaction of the host is open, so that ours would
                be committed alone.
        """
        ...

    def savepoint(self) -> AbstractContextManager[object]:
        """
        Take back what is done within, and nothing else, where it raises.
        """
        ...


def host_of(connection: object) -> Host:
    """
    Return the host that a connection belongs to.

    Raises:
        InvalidInputError: If its database or driver is not one of ours.
    """
    if isinstance(connection, sa.Connection):
        return SqlAlchemyHost(connection)
    if _is_of_django(connection):
        return DjangoHost(connection)
    return DriverHost(connection, url_of(connection))


class SqlAlchemyHost:
    """
    A connection of SQLAlchemy.
    """

    def __init__(self, connection: sa.Connection) -> None:
        dialect = connection.dialect
        if dialect.driver not in _SQLALCHEMY_DRIVERS:
            kind = f"{dialect.name}+{dialect.driver}"
            raise _refused(kind)
        if dialect.is_async:
            kind = f"{dialect.name}+{dialect.driver}, by asyncio"
            raise InvalidInputError(
                field="connection", value=kind, expected=f"{_EXPECTED}; {_IN_A_THREAD}"
            )
        self._connection = connection
        self.url: sa.URL = connection.engine.url
        self.errors: tuple[type[Exception], ...] = (sa.exc.SQLAlchemyError,)

    def driver(self) -> Any:
        """
        Return the driver's connection; SQLAlchemy begins before the first statement.

        Raises:
            InvalidInputError: If it commits each statement.
        """
        connection = self._connection
        driver = connection.connection.driver_connection
        if not _commits_by_itself(driver):
            return driver
        # A host may begin by an event of its own where SQLAlchemy begins.
        begun = None if connection.in_transaction() else connection.begin()
        if _commits_by_itself(driver):
            if begun is not None:
                begun.rollback()
            raise _not_open(_SQLALCHEMY)
        return driver

    def savepoint(self) -> AbstractContextManager[object]:
        """
        Begin one that SQLAlchemy knows of.
        """
        return self._connection.begin_nested()


class DjangoHost:
    """
    A connection of Django, such as `django.db.connection`, within `atomic()`.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.errors = errors_of_django()
        try:
            connection.ensure_connection()
        except self.errors as error:
            raise away(connection, error) from error
        self.url = url_of(connection.connection)

    def driver(self) -> Any:
        """
        Return the driver's connection.

        Raises:
            InvalidInputError: Outside of `transaction.atomic()`.
        """
        if not self._connection.in_atomic_block:
            raise _not_open(_DJANGO)
        return self._connection.connection

    @contextmanager
    def savepoint(self) -> Iterator[object]:
        """
        Begin one that Django knows of.
        """
        name = self._connection.savepoint()
        try:
            yield name
        except BaseException:
            self._connection.savepoint_rollback(name)
            raise
        self._connection.savepoint_commit(name)


class DriverHost:
    """
    A connection of sqlite3 or psycopg.
    """

    def __init__(self, connection: Any, url: sa.URL) -> None:
        self._connection = connection
        self.url = url
        self.errors: tuple[type[Exception], ...] = ()

    def driver(self) -> Any:
        """
        Return the connection.

        Raises:
            InvalidInputError: If it commits each statement, and nothing was begun.
        """
        if _commits_by_itself(self._connection):
            raise _not_open(_DRIVER)
        return self._connection

    @contextmanager
    def savepoint(self) -> Iterator[object]:
        """
        Begin one by its name.
        """
        name = f'"sourcehere_{next(_NUMBERS)}"'
        self._connection.execute(f"SAVEPOINT {name}")
        try:
            yield name
        except BaseException:
            self._connection.execute(f"ROLLBACK TO SAVEPOINT {name}")
            self._connection.execute(f"RELEASE SAVEPOINT {name}")
            raise
        self._connection.execute(f"RELEASE SAVEPOINT {name}")


def url_of(connection: object) -> sa.URL:
    """
    Return which database a driver's connection is to, without its password.

    Raises:
        InvalidInputError: If it is none of sqlite3 or psycopg, or closed.
    """
    if isinstance(connection, sqlite3.Connection):
        try:
            cursor = connection.cursor()
            cursor.row_factory = None
            cursor.execute("PRAGMA database_list")
        except sqlite3.Error as error:
            raise unfit(error) from error
        (_, _, file), *_ = cursor.fetchall()
        file = file.decode() if isinstance(file, bytes) else file
        return sa.URL.create("sqlite+pysqlite", database=file or None)
    psycopg = sys.modules.get("psycopg")  # whoever has such a connection imported it
    if psycopg is None or not isinstance(connection, psycopg.Connection):
        kind = f"{type(connection).__module__}.{type(connection).__qualname__}"
        raise _refused(kind)
    if connection.closed:
        raise unfit(psycopg.OperationalError("the connection is closed"))
    info = connection.info
    return sa.URL.create(
        "postgresql+psycopg",
        username=info.user,
        host=info.host,
        port=info.port,
        database=info.dbname,
    )


def _is_of_django(connection: object) -> bool:
    # Whoever has such a connection imported them.
    wrappers = sys.modules.get("django.db.backends.base.base")
    proxies = sys.modules.get("django.utils.connection")
    if wrappers is None or proxies is None:
        return False
    kinds = (wrappers.BaseDatabaseWrapper, proxies.ConnectionProxy)
    return isinstance(connection, kinds)


def _commits_by_itself(connection: Any) -> bool:
    if isinstance(connection, sqlite3.Connection):
        # `autocommit` came with Python 3.12.
        is_alone = connection.isolation_level is None
        is_alone = is_alone or getattr(connection, "autocommit", None) is True
        return is_alone and not connection.in_transaction
    # psycopg: 0 is idle; without autocommit the next statement begins.
    return bool(connection.autocommit) and not connection.info.transaction_status


def _refused(kind: str) -> InvalidInputError:
    return InvalidInputError(field="connection", value=kind, expected=_EXPECTED)


def _not_open(advice: str) -> InvalidInputError:
    return InvalidInputError(
        field="connection",
        value="no transaction",
        expected=f"one with a transaction open: {advice}",
    )
