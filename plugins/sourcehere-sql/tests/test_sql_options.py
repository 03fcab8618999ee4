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
from sourcehere_sql.opening import look_at_schema
from sourcehere_sql.upgrading import known_versions


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


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("bogus=1", "'bogus' is not an option of PostgreSQL's URL; these are schema,"),
        ("ssl_mode=x", "'ssl_mode' is not an option of PostgreSQL's URL, such as ssl"),
        ("prefix=sh_", "'prefix' is not an option of PostgreSQL's URL"),
        ("connect_timeout=x", "connect_timeout: 'x' is not whole seconds"),
    ],
)
def test_an_option_that_the_driver_does_not_know(postgres_url, words, told):
    """
    It is the URL that is wrong, on opening and on looking; the names are told, and no
    value.
    """
    url = asked(postgres_url, words)
    for look in (sourcehere.open, look_at_schema):
        with pytest.raises(InvalidInputError) as ei:
            look(url)
        assert told in str(ei.value)


@pytest.mark.parametrize("name", ["bogus", "schema", "timeout", "uri"])
def test_an_option_that_no_file_has(tmp_path, name):
    """
    A file's URL has ours and no more; nothing is made.
    """
    with pytest.raises(InvalidInputError) as ei:
        sourcehere.open(f"sqlite:///{tmp_path}/shop.db?{name}=secret")

    assert "url" == ei.value.field
    assert f"'{name}' is not an option of SQLite's URL; these are prefix," in str(
        ei.value
    )
    assert "secret" not in str(ei.value)
    assert [] == list(tmp_path.iterdir())


def test_a_url_as_hosting_services_write_it(postgres_url):
    """
    The older scheme means the same.
    """
    url = postgres_url.replace("postgresql+psycopg:", "postgres:", 1)
    with sourcehere.open(url) as sh:
        assert [] == list(sh.staff("ann").sellers.list().items)
    assert known_versions()[-1] == look_at_schema(url).found


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
