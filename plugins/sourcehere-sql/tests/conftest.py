"""
What the tests of migrations, of hosts, and of what a server does, share.
"""

import psycopg
import pytest
import sqlalchemy as sa

from sourcehere.testing.storage_tables import TABLES
from sourcehere_sql import SqlStorage


@pytest.fixture
def folder(tmp_path):
    """
    Return an empty folder of migrations that follow the package's own.
    """
    made = tmp_path / "versions"
    made.mkdir()
    (made / "__init__.py").write_text('"""\nMore migrations.\n"""\n')
    return made


@pytest.fixture
def ours(database_url):
    """
    Return a storage of our own on the host's database, to look from outside.
    """
    storage = SqlStorage(database_url, tables=TABLES)
    storage.create_tables()
    yield storage
    storage.close()


@pytest.fixture
def host_url(database_url, ours):
    """
    Return the URL of that database as a host has it, who knows nothing of our place.
    """
    assert ours.url
    return sa.make_url(database_url).difference_update_query(["schema", "prefix"])


@pytest.fixture
def outside(postgres_url):
    """
    Return a connection of somebody else.
    """
    url = postgres_url.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection
