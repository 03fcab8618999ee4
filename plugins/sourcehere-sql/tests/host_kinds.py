"""
Hosts whose connections are those of a driver, of Django, or of SQLAlchemy.
"""

import sqlite3
from contextlib import closing, contextmanager, suppress

import attrs
import django
import django.db
import psycopg
import sqlalchemy as sa
from django.conf import settings
from django.db import transaction

ALIAS = "joined"


@attrs.frozen
class Drivers:
    """
    The driver's own connections.
    """

    url: sa.URL

    @contextmanager
    def begun(self):
        """
        Open a transaction; commit it, or take it back.
        """
        with closing(self.connect()) as connection:
            self.begin(connection)
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def connect(self):
        """
        Make a connection that commits nothing by itself.
        """
        if self.url.drivername.startswith("sqlite"):
            return sqlite3.connect(self.url.database)
        return psycopg.connect(address(self.url))

    def begin(self, connection):
        """
        Leave it to the driver, which begins before the first statement.
        """

    def alone(self):
        """
        Make a connection that commits each statement.
        """
        if self.url.drivername.startswith("sqlite"):
            return sqlite3.connect(self.url.database, isolation_level=None)
        return psycopg.connect(address(self.url), autocommit=True)


class Begun(Drivers):
    """
    The same, where the host begins by a statement.
    """

    def connect(self):
        """
        Make a connection that commits each statement, if nothing was begun.
        """
        return self.alone()

    def begin(self, connection):
        """
        Begin.
        """
        connection.execute("BEGIN")


@attrs.frozen
class Django:
    """
    Connections of Django.
    """

    url: sa.URL

    @contextmanager
    def begun(self):
        """
        Open a transaction as a view does.
        """
        connection = self.alone()
        with closing(connection), transaction.atomic(using=ALIAS):
            yield connection

    def alone(self):
        """
        Return a connection outside of any transaction.
        """
        if not settings.configured:
            settings.configure(DATABASES={})
            django.setup()
        is_sqlite = self.url.drivername.startswith("sqlite")
        engine = "sqlite3" if is_sqlite else "postgresql"
        django.db.connections.databases[ALIAS] = (
            django.db.connections.configure_settings(
                {
                    ALIAS: {
                        "ENGINE": f"django.db.backends.{engine}",
                        "NAME": self.url.database,
                        "HOST": self.url.query.get("host") or self.url.host or "",
                        "PORT": self.url.port or "",
                        "USER": self.url.username or "",
                        "PASSWORD": self.url.password or "",
                    },
                    "default": {},
                }
            )[ALIAS]
        )
        with suppress(AttributeError):
            del django.db.connections[ALIAS]
        return django.db.connections[ALIAS]


def address(url):
    """
    Return how psycopg knows a database.
    """
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def execute(connection, statement):
    """
    Run a statement of the host's.
    """
    if isinstance(connection, sqlite3.Connection | psycopg.Connection):
        return connection.execute(statement)
    cursor = connection.cursor()
    cursor.execute(statement)
    return cursor


@attrs.frozen
class SqlAlchemy:
    """
    Connections of SQLAlchemy.
    """

    url: sa.URL

    @contextmanager
    def begun(self):
        """
        Open a transaction; commit it, or take it back.
        """
        engine = sa.create_engine(self.url)
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()


def driver_of(connection):
    """
    Return the driver's own connection behind one of a host's.
    """
    if isinstance(connection, sa.Connection):
        return connection.connection.driver_connection
    if isinstance(connection, sqlite3.Connection | psycopg.Connection):
        return connection
    return connection.connection
