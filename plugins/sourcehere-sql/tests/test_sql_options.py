"""
Limits that a URL asks for.
"""

import threading

import pytest

import sourcehere
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.ports.storage import BusyError, StorageUnavailableError
from sourcehere.testing.storage_base import keep, kept
from sourcehere.testing.storage_tables import TABLES, THINGS, thing
from sourcehere_sql import SqlOptions, SqlStorage


def asked(url, words):
    return f"{url}{'&' if '?' in url else '?'}{words}"


def test_a_url_names_limits(database_url):
    """
    How many connections there may be at once, and how long is waited for one.
    """
    url = asked(database_url, "pool_size=1&busy_seconds=0.2")
    storage = SqlStorage(url, tables=TABLES)
    storage.create_tables()
    inside, leave = threading.Barrier(3), threading.Event()

    def stay(_session):
        inside.wait(20)
        leave.wait(20)

    threads = [
        threading.Thread(
            target=storage.transact, args=[stay], kwargs={"read_only": True}
        )
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    inside.wait(20)
    with pytest.raises(BusyError) as ei:
        kept(storage, THINGS)
    leave.set()
    for thread in threads:
        thread.join()

    assert 0.2 == ei.value.seconds
    keep(storage, THINGS, [thing("a")])
    assert [thing("a")] == kept(storage, THINGS)
    storage.close()


def test_a_url_may_name_several_servers(postgres_url):
    """
    The first that is there, and can be written to, is asked.
    """
    two = postgres_url.replace("host=", "host=%2Fnowhere&host=")
    storage = SqlStorage(asked(two, "target_session_attrs=read-write"), tables=TABLES)
    storage.create_tables()

    keep(storage, THINGS, [thing("a")])

    assert [thing("a")] == kept(storage, THINGS)
    storage.close()


def test_what_is_passed_comes_before_what_the_url_says(database_url):
    """
    A host that decides for itself.
    """
    storage = SqlStorage(
        asked(database_url, "pool_size=3"),
        tables=TABLES,
        options=SqlOptions(pool_size=5),
    )
    assert 5 == storage.engine.pool.size()
    storage.close()


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("pool_size=0", "pool_size"),
        ("pool_size=-1", "pool_size"),
        ("pool_size=2.5", "pool_size"),
        ("pool_size=many", "pool_size"),
        ("pool_size=10001", "pool_size"),
        ("pool_size=1&pool_size=2", "pool_size"),
        ("busy_seconds=0", "busy_seconds"),
        ("busy_seconds=nan", "busy_seconds"),
        ("busy_seconds=inf", "busy_seconds"),
        ("busy_seconds=-5", "busy_seconds"),
        ("statement_seconds=1e99", "statement_seconds"),
        ("idle_seconds=soon", "idle_seconds"),
    ],
)
def test_limits_that_make_no_sense_are_refused(words, field):
    """
    Before anything is opened, by their names.
    """
    with pytest.raises(InvalidInputError) as ei:
        SqlStorage(f"sqlite:///none.db?{words}", tables=TABLES)

    assert field == ei.value.field


@pytest.mark.parametrize("hosts", ["127.0.0.1:1,127.0.0.1:2", "127.0.0.1:pw", "[::1"])
def test_hosts_that_no_url_has(hosts):
    """
    The right form is told where they are no URL, and nothing of what was given.
    """
    with pytest.raises(InvalidInputError) as ei:
        sourcehere.open(f"postgresql://me:pw@{hosts}/name")

    assert "?host=one:5432&host=two:5432" in str(ei.value)
    assert "pw" not in str(ei.value)


def test_several_hosts_are_tried():
    """
    As the form that is told says.
    """
    url = "postgresql:///name?host=127.0.0.1:1&host=127.0.0.1:2"
    with pytest.raises(StorageUnavailableError, match="port 2"):
        sourcehere.open(url)
