"""
A transaction of Django's, or of a driver's own connection, holds its rows and ours.
"""

import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa
from django.db import transaction

from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.ports.storage import RowExistsError, StorageUnavailableError
from sourcehere.testing.storage_base import keep, kept
from sourcehere.testing.storage_tables import THINGS, thing
from sourcehere_sql import SqlStorage

from .host_kinds import ALIAS, Begun, Django, Drivers, execute


class HostFailed(Exception):  # noqa: N818 - what happens, not what is raised
    """
    The host changes its mind.
    """


@pytest.fixture(params=[Drivers, Begun, Django], ids=["driver", "begun", "django"])
def host(request, host_url):
    """
    Return a host with a table of its own.
    """
    made = request.param(host_url)
    with made.begun() as connection:
        execute(connection, "CREATE TABLE invoice (number integer)")
    return made


def invoices(host):
    with host.begun() as connection:
        found = execute(connection, "SELECT number FROM invoice ORDER BY number")
        return [row[0] for row in found.fetchall()]


def test_both_commit_with_the_host(host, ours):
    """
    Nothing of ours is seen before the host commits, and all of it after.
    """
    with host.begun() as connection:
        execute(connection, "INSERT INTO invoice VALUES (1)")
        joined = SqlStorage.joined(connection)
        keep(joined, THINGS, [thing("a", seen_at=-1)])
        assert [thing("a", seen_at=-1)] == kept(joined, THINGS)
        assert [] == kept(ours, THINGS)

    assert [thing("a", seen_at=-1)] == kept(ours, THINGS)
    assert [1] == invoices(host)


@pytest.mark.parametrize("host_first", [False, True])
def test_both_roll_back_with_the_host(host, ours, *, host_first):
    """
    When the host rolls back, ours is gone too, whoever wrote first.
    """

    def work(connection):
        if host_first:
            execute(connection, "INSERT INTO invoice VALUES (1)")
        keep(SqlStorage.joined(connection), THINGS, [thing("a")])
        execute(connection, "INSERT INTO invoice VALUES (2)")
        raise HostFailed

    with pytest.raises(HostFailed), host.begun() as connection:
        work(connection)

    assert [] == kept(ours, THINGS)
    assert [] == invoices(host)


def test_an_error_takes_back_only_its_own_work(host, ours):
    """
    A refusal undoes the work it came from; the host may go on and commit the rest.
    """
    with host.begun() as connection:
        execute(connection, "INSERT INTO invoice VALUES (1)")
        joined = SqlStorage.joined(connection)
        keep(joined, THINGS, [thing("a")])
        with pytest.raises(RowExistsError):
            keep(joined, THINGS, [thing("b"), thing("a")])
        keep(joined, THINGS, [thing("c")])

    assert [thing("a"), thing("c")] == kept(ours, THINGS)
    assert [1] == invoices(host)


def test_without_a_transaction_nothing_is_written(host, ours):
    """
    It would be committed alone, whatever becomes of the host's rows.
    """
    with closing(host.alone()) as connection:
        joined = SqlStorage.joined(connection)
        for act in (
            lambda: keep(joined, THINGS, [thing("a")]),
            lambda: kept(joined, THINGS),
        ):
            with pytest.raises(
                InvalidInputError, match="with a transaction open"
            ) as ei:
                act()
            assert "connection" == ei.value.field

    assert [] == kept(ours, THINGS)


def test_what_the_host_reads_stays_as_it_is(host, ours):
    """
    Rows of the host's connection are what they were, and ours are tuples.
    """
    keep(ours, THINGS, [thing("a")])
    with host.begun() as connection:
        if isinstance(connection, sqlite3.Connection):
            connection.row_factory = sqlite3.Row
        assert [thing("a")] == kept(SqlStorage.joined(connection), THINGS)
        (row,) = execute(connection, "SELECT 1 AS one, '2' AS two").fetchall()

    assert (1, "2") == tuple(row)


def test_nobody_is_told_the_hosts_password(host, database_url):
    """
    The database is named as in a URL.
    """
    with host.begun() as connection:
        joined = SqlStorage.joined(connection)
    url = sa.make_url(database_url)

    assert url.get_backend_name() in joined.url
    assert str(url.database) in joined.url
    assert not url.password or url.password not in repr(joined)


@pytest.mark.parametrize(
    ("connection", "words"),
    [(object(), "builtins.object"), (None, "NoneType"), ("sqlite://", "builtins.str")],
)
def test_what_is_no_connection_is_refused(connection, words):
    """
    By the name of its class.
    """
    with pytest.raises(InvalidInputError, match="connection") as ei:
        SqlStorage.joined(connection)

    assert words in ei.value.value


@pytest.mark.parametrize(
    "url",
    ["sqlite:////no/such/folder/x.db", "postgresql+psycopg://ann:pw@127.0.0.1:1/shop"],
)
def test_a_database_of_django_that_does_not_answer_is_no_mistake(url):
    """
    Such as where its pool has no connection left: it is to be tried again, and Django
    connects when its connection is joined first.
    """
    connection = Django(sa.make_url(url)).alone()
    with pytest.raises(StorageUnavailableError) as ei:
        SqlStorage.joined(connection)

    assert sa.make_url(url).database in ei.value.url
    assert ei.value.cause
    assert "pw" not in str(ei.value)


@pytest.mark.parametrize("host", [Django], indirect=True)
def test_a_block_that_has_to_be_rolled_back_takes_nothing(host, ours):
    """
    As Django says of it, by an error of ours.
    """
    with host.begun() as connection:
        transaction.set_rollback(True, using=ALIAS)
        joined = SqlStorage.joined(connection)
        with pytest.raises(InvalidInputError, match="current transaction") as ei:
            keep(joined, THINGS, [thing("a")])
        assert "connection" == ei.value.field
    assert [] == kept(ours, THINGS)
