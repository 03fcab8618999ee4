"""
What goes wrong while a database is copied is told of the one where it went wrong, and
nothing is copied in part.
"""

import sqlite3
from contextlib import closing

import psycopg
import pytest

import sourcehere
from sourcehere.ports.storage import TablesMissingError
from sourcehere.ports.storage_errors import NotEmptyError
from sourcehere.testing import sample_shop
from sourcehere.testing.postgres import fresh_database
from sourcehere.testing.rows import dump

OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def shop():
    """
    Return a platform with an order.
    """
    made = sample_shop()
    made.customer_orders(CUP=2)
    return made


@pytest.fixture
def source(shop, postgres_url):
    """
    Return a copy of it on a server.
    """
    with sourcehere.open(postgres_url, clock=shop.clock) as sh:
        shop.sh.copy_to(sh)
        yield sh


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request, shop):
    """
    Return an empty order core in a file, and on the server of the source.
    """
    if request.param == "sqlite":
        url = request.getfixturevalue("sqlite_url")
        with sourcehere.open(url, clock=shop.clock) as sh:
            yield sh
        return
    server = request.getfixturevalue("postgres_server")
    with fresh_database(server) as url, sourcehere.open(url, clock=shop.clock) as sh:
        yield sh


def rows_of(sh):
    return dump(sh._app.storage)


def lose_connections(url):
    """
    End all connections to a database on a server.
    """
    plain = url.replace("postgresql+psycopg:", "postgresql:", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(OTHERS)


def test_a_lost_source_is_read_again(source, target, postgres_url):
    """
    Its connection is made anew once, whatever keeps the copy.
    """
    told = []

    def lose(rows):
        if not told:
            lose_connections(postgres_url)
        told.append(rows)

    copied = source.copy_to(target, progress=lose)

    assert told[-1] == sum(copied.values())
    assert rows_of(source) == rows_of(target)


def test_what_others_write_meanwhile_is_not_mixed_in(shop, postgres_url):
    """
    A server lets them; the copy is refused, and what they wrote stays alone.
    """
    with (
        sourcehere.open(postgres_url) as target,
        sourcehere.open(postgres_url) as other,
    ):
        told = []

        def write(_rows):
            if not told:
                sellers = other.staff("ann").sellers
                sellers.register("mugs", name="Mugs", currency="GBP")
                told.append(rows_of(other))

        with pytest.raises(NotEmptyError) as ei:
            shop.sh.copy_to(target, progress=write)
        assert (target.url, "seller") == (ei.value.url, ei.value.table)
        assert told == [rows_of(target)]


def test_what_a_source_lacks_is_told_of_it(tmp_path):
    """
    The error names the database that has no such table, not the empty one.
    """
    path = tmp_path / "from.db"
    with (
        sourcehere.open(f"sqlite:///{path}") as source,
        sourcehere.open(f"sqlite:///{tmp_path}/to.db") as target,
    ):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DROP TABLE seller")

        with pytest.raises(TablesMissingError) as ei:
            source.copy_to(target)
        assert source.url == ei.value.url
        assert not any(rows_of(target).values())
