"""
Databases that can be read and not written: files, mounts, roles, standbys.
"""

import inspect
import json
import os
import shlex
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

import sourcehere
from sourcehere.cli.entry import run
from sourcehere.domain.kernel.errors import CounterpartyError
from sourcehere.domain.kernel.money import Money
from sourcehere.face.scope import access_of
from sourcehere.ports.providers import SchemaState
from sourcehere.ports.storage import StorageReadOnlyError, StorageUnavailableError
from sourcehere.testing.factories import dump, open_bench
from sourcehere.unit.tables import TABLES
from sourcehere_sql import open_storage
from sourcehere_sql.opening import look_at_schema

NOBODY = 65534


def filled(url):
    """
    Make a database with an order at *url*.
    """
    storage = open_storage(url, TABLES)
    bench = open_bench(storage=storage)
    bench.connect(bench.rule("CUP"))
    bench.paid("1", CUP=2)
    storage.close()


@contextmanager
def without_rights():
    """
    Let the rights of files bind, as they do not for root.
    """
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def as_owner(folder):
    """
    Let somebody else write in *folder*, who may: root, or its owner.
    """
    if not os.getuid():
        os.seteuid(0)
        try:
            yield
        finally:
            os.seteuid(NOBODY)
        return
    folder.chmod(0o700)
    (folder / "orders.db").chmod(0o600)
    yield
    (folder / "orders.db").chmod(0o400)
    folder.chmod(0o500)


@pytest.fixture
def folder():
    """
    Return a folder that another user than root can get at.
    """
    made = Path(tempfile.mkdtemp())
    yield made
    made.chmod(0o700)
    shutil.rmtree(made)


@contextmanager
def a_file(folder, empty, *, and_folder):
    """
    Return the URL of a file, alone or with its folder, that its owner may not write.
    """
    url = f"sqlite:///{folder}/orders.db"
    shutil.copy(empty, folder / "orders.db")
    filled(url)
    (folder / "orders.db").chmod(0o400)
    for path in (folder, folder / "orders.db"):
        if not os.geteuid():
            os.chown(path, NOBODY, NOBODY)
    if and_folder:  # as on a mount that is read-only
        folder.chmod(0o500)
    with without_rights():
        yield url


@contextmanager
def a_role(postgres_url, *, reads=True):
    """
    Return the URL of a database for a role that may not write, or not even read.
    """
    filled(postgres_url)
    tables = "ALL TABLES IN SCHEMA sourcehere" if reads else "sourcehere_version"
    plain = postgres_url.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as admin:
        admin.execute("CREATE ROLE reader LOGIN")
        admin.execute("GRANT USAGE ON SCHEMA sourcehere TO reader")
        admin.execute("SET search_path = sourcehere")
        admin.execute(f"GRANT SELECT ON {tables} TO reader")
        url = sa.make_url(postgres_url).set(username="reader")
        try:
            yield url.render_as_string(hide_password=False)
        finally:
            admin.execute("DROP OWNED BY reader")
            admin.execute("DROP ROLE reader")


def as_a_standby(url):
    """
    Return *url* so that transactions write only if somebody asks for that.
    """
    return f"{url}&options=-c%20default_transaction_read_only%3Don"


@pytest.fixture(params=["file", "file and folder", "role", "database"])
def url(request, folder, file_with_tables):
    """
    Return the URL of each kind of database that can only be read.
    """
    if request.param.startswith("file"):
        is_mount = request.param != "file"
        with a_file(folder, file_with_tables, and_folder=is_mount) as made:
            yield made
        return
    postgres_url = request.getfixturevalue("made_postgres_url")
    if request.param == "database":
        filled(postgres_url)
        yield as_a_standby(postgres_url)
        return
    with a_role(postgres_url) as made:
        yield made


def readings(desk):
    """
    Return every method of *desk* that reads and needs no argument.
    """
    for part in vars(desk).values():
        for name in dir(type(part)):
            access = access_of(getattr(type(part), name))
            if access is None or access.is_command:
                continue
            method = getattr(part, name)
            needed = inspect.signature(method).parameters.values()
            if all(p.default is not p.empty for p in needed):
                yield f"{type(part).__name__}.{name}", method


def test_everything_can_be_read_and_audited(url):
    """
    Opening writes nothing; every list answers, and the audit finds all in order.
    """
    read = []
    with sourcehere.open(url, load_entry_points=True) as sh:
        for desk in (sh, sh.seller("demo"), sh.staff("ann")):
            for name, method in readings(desk):
                method()
                read.append(name)
        (order,) = sh.seller("demo").orders.list().items
        assert "#1" == order.number
        assert sh.audit.run().is_clean

    assert len(read) > 20
    assert SchemaState.CURRENT == look_at_schema(url).state


def test_writing_is_refused_and_changes_nothing(url):
    """
    A command is told that the database can only be read, and no row is another one.
    """
    storage = open_storage(url, TABLES)
    before = dump(storage)
    with sourcehere.open(storage=storage) as sh, pytest.raises(CounterpartyError) as ei:
        sh.staff("ann").sellers.register("two", name="Two", currency="USD")

    assert isinstance(ei.value, StorageReadOnlyError)
    assert storage.url == ei.value.url
    again = open_storage(url, TABLES)
    assert before == dump(again)
    again.close()


def test_a_lock_is_refused_as_writing_is(url):
    """
    So is a command that would first lock what it changes.
    """
    with (
        sourcehere.open(url) as sh,
        pytest.raises(StorageReadOnlyError) as ei,
    ):
        sh.staff("ann").seller("demo").wallet.top_up(Money(1, "USD"), reference="T-9")

    assert "it can only be read: " in ei.value.cause


def test_the_command_says_so(url, capsys):
    """
    `sourcehere audit` ends with 0; what would write ends with 4, and says why.
    """
    assert 0 == run(["audit", "--db", url])
    assert "everything is as it must be" in capsys.readouterr().out

    command = "sellers add two --currency USD --json"
    assert 4 == run([*shlex.split(command), "--db", url])
    error = json.loads(capsys.readouterr().err)["error"]
    assert ("StorageReadOnlyError", "counterparty") == (error["type"], error["family"])
    assert "it can only be read: " in error["message"]


@pytest.mark.parametrize("url", ["file", "file and folder"], indirect=True)
def test_a_file_that_may_be_written_again_is_written(url, folder):
    """
    What was left beside it while it was read does not keep it read-only.
    """
    with sourcehere.open(url) as sh:
        assert sh.audit.run().is_clean
    folder.chmod(0o700)
    (folder / "orders.db").chmod(0o600)

    with sourcehere.open(url) as sh:
        sh.staff("ann").sellers.register("two", name="Two", currency="USD")
        assert sh.audit.run().is_clean


def test_what_others_write_meanwhile_is_read(folder, file_with_tables):
    """
    A file is read as it is now, though this user may write neither it nor its folder.
    """
    url = f"sqlite:///{folder}/orders.db"
    shutil.copy(file_with_tables, folder / "orders.db")
    filled(url)
    for path, mode in ((folder / "orders.db", 0o644), (folder, 0o755)):
        path.chmod(mode if not os.geteuid() else mode & 0o555)
    with without_rights(), sourcehere.open(url) as sh:
        read = [seller.seller_id for seller in sh.staff("ann").sellers.list()]
        with as_owner(folder), sourcehere.open(url) as other:
            other.staff("ann").sellers.register("two", name="Two", currency="USD")
            during = [seller.seller_id for seller in sh.staff("ann").sellers.list()]
        after = [seller.seller_id for seller in sh.staff("ann").sellers.list()]

    assert (["demo"], ["demo", "two"], ["demo", "two"]) == (read, during, after)


def test_an_empty_file_cannot_be_opened(folder):
    """
    Tables that are not there cannot be made: that is said, and nothing is made.
    """
    url = f"sqlite:///{folder}/orders.db"
    (folder / "orders.db").touch()
    (folder / "orders.db").chmod(0o444)
    folder.chmod(0o555)

    with without_rights(), pytest.raises(StorageReadOnlyError):
        open_storage(url, TABLES)

    assert SchemaState.EMPTY == look_at_schema(url).state
    assert [folder / "orders.db"] == [*folder.iterdir()]


def test_an_empty_database_cannot_be_opened(postgres_url):
    """
    The same, on a server.
    """
    with pytest.raises(StorageReadOnlyError):
        open_storage(as_a_standby(postgres_url), TABLES)

    assert SchemaState.EMPTY == look_at_schema(postgres_url).state


def test_what_may_not_be_read_either_is_unavailable(made_postgres_url):
    """
    A role that lacks the right to read a table is not told that it may read.
    """
    with (
        a_role(made_postgres_url, reads=False) as url,
        sourcehere.open(url) as sh,
        pytest.raises(StorageUnavailableError) as ei,
    ):
        sh.audit.run()

    assert not isinstance(ei.value, StorageReadOnlyError)
    assert "permission denied" in ei.value.cause
