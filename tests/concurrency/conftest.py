"""
Databases whose tables are made: making them takes longer than most tests that need one.
"""

import shutil

import psycopg
import pytest

from sourcehere.plugins import Registry
from sourcehere.testing.factories import NOON, ManualClock
from sourcehere.testing.postgres import fresh_database
from sourcehere.unit.tables import TABLES

OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def made(url):
    """
    Make the tables of an empty database, and return what takes all rows out of them.
    """
    storage = Registry(clock=ManualClock(NOON)).storage(url, TABLES)
    quoted = storage.address.place.quoted
    storage.close()
    return "; ".join(f"DELETE FROM {quoted(table.name)}" for table in TABLES)


@pytest.fixture(scope="session")
def postgres_with_tables(postgres_server):
    """
    Give the URL of a database, and what empties it and ends all work on it.
    """
    with fresh_database(postgres_server) as url:
        text = made(url)
        plain = url.replace("postgresql+psycopg:", "postgresql:", 1)
        with psycopg.connect(plain, autocommit=True) as connection:

            def empty():
                connection.execute(OTHERS)
                connection.execute(text)

            yield url, empty


@pytest.fixture
def made_postgres_url(postgres_with_tables):
    """
    Give the URL of a PostgreSQL database with tables and no rows.
    """
    url, empty = postgres_with_tables
    yield url
    empty()


@pytest.fixture(scope="session")
def file_with_tables(tmp_path_factory):
    """
    Give the path of a SQLite database with tables and no rows.
    """
    path = tmp_path_factory.mktemp("made") / "orders.db"
    made(f"sqlite:///{path}")
    return path


@pytest.fixture
def made_sqlite_url(file_with_tables, tmp_path):
    """
    Give the URL of such a file that is the test's own.
    """
    path = tmp_path / "orders.db"
    shutil.copy(file_with_tables, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def made_database_url(request):
    """
    Give the URL of each kind.
    """
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    return request.getfixturevalue(f"made_{kind}_url")
