"""
Opening creates, upgrades or refuses; and nothing is ever half done.
"""

import subprocess
import sys

import pytest
import sqlalchemy as sa

from sourcehere.ports.storage import SchemaVersionError
from sourcehere.testing.postgres import fresh_database
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.sellers import SELLERS
from sourcehere_sql import SqlStorage, open_storage
from sourcehere_sql.new_migration import difference
from sourcehere_sql.opening import known_versions, read_version

OPEN = """
import sys
from sourcehere.unit.tables import (TABLES)
from sourcehere_sql import open_storage
open_storage(sys.argv[1], TABLES).close()
"""
UPGRADE_AND_HANG = """
import sys
from sourcehere.unit.tables import (TABLES)
from sourcehere_sql import SqlStorage
from sourcehere_sql.new_migration import difference
from sourcehere_sql.opening import run_migrations
storage = SqlStorage(sys.argv[1], tables=TABLES)
with storage.engine.connect() as connection:
    if "sqlite" in sys.argv[1]:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    run_migrations(connection)
    print("ready", flush=True)
    sys.stdin.read()
"""
QUERIES = {
    "sqlite": {
        "tables": "SELECT type, name, tbl_name, sql FROM sqlite_master"
        " WHERE tbl_name <> 'sourcehere_version' ORDER BY type, name",
    },
    "postgresql": {
        "columns": "SELECT c.relname, a.attnum, a.attname, a.attnotnull,"
        " format_type(a.atttypid, a.atttypmod), a.attcollation::regcollation::text"
        " FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid"
        " WHERE c.relkind = 'r' AND a.attnum > 0"
        " AND c.relnamespace = 'public'::regnamespace"
        " AND c.relname <> 'sourcehere_version' ORDER BY 1, 2",
        "constraints": "SELECT conrelid::regclass::text, conname,"
        " pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace"
        " AND conrelid::regclass::text <> 'sourcehere_version' ORDER BY 1, 2",
        "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes"
        " WHERE schemaname = 'public'"
        " AND tablename <> 'sourcehere_version' ORDER BY 1, 2",
    },
}


@pytest.fixture
def second_url(database_url, tmp_path, postgres_server):
    """
    Give the URL of another empty database of the same kind.
    """
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/second.db"
    else:
        with fresh_database(postgres_server) as url:
            yield url


def _script(code, url, **options):
    return subprocess.Popen([sys.executable, "-c", code, url], text=True, **options)


def _schema(storage):
    """
    Describe all there is, but for spaces and the order of a table's constraints.
    """
    with storage.engine.connect() as connection:
        found = {
            name: [tuple(row) for row in connection.exec_driver_sql(query)]
            for name, query in QUERIES[connection.dialect.name].items()
        }
        columns = {
            f"{table.name} columns": [
                c["name"] for c in sa.inspect(connection).get_columns(table.name)
            ]
            for table in TABLES
        }
    for row in found.pop("tables", []):
        lines = (row[3] or "").replace("\t", "").splitlines()
        found[row[1]] = sorted(line.strip(" ,") for line in lines)
    return found | columns | {"names": sorted(columns)}


def test_migrations_lead_to_the_declared_tables(database_url, second_url):
    """
    The migrations make exactly the schema that the tables declare.

    If this fails after a change of the declared tables, write the next migration:
    `python -m sourcehere_sql.new_migration "What changes"`.
    """
    migrated = open_storage(database_url, TABLES)
    declared = SqlStorage(second_url, tables=TABLES)
    declared.create_tables()

    expected, found = _schema(declared), _schema(migrated)
    migrated.close()
    declared.close()
    assert expected == found


def test_nothing_is_left_to_migrate(sqlite_url):
    """
    The writer of migrations finds no difference between the newest and the declared.
    """
    storage = open_storage(sqlite_url, TABLES)

    assert "pass" == difference(storage.engine).strip()
    storage.close()


def test_opening_again_changes_nothing(database_url):
    """
    A database that is up to date is opened as it is, and keeps its rows.
    """
    row = ("s", "Ann", "USD", 7)
    first = open_storage(database_url, TABLES)
    first.transact(lambda s: s.insert(SELLERS.table, [row]), read_only=False)
    first.close()

    again = open_storage(database_url, TABLES)
    found = again.transact(
        lambda s: s.get(SELLERS.table, [("s",)], lock=False), read_only=True
    )
    again.close()
    assert [row] == found


def test_opening_again_imports_no_alembic(sqlite_url):
    """
    What only an upgrade needs is not imported when there is nothing to upgrade.
    """
    open_storage(sqlite_url, TABLES).close()

    code = OPEN + "assert 'alembic' not in sys.modules"
    assert 0 == _script(code, sqlite_url).wait()


def test_a_newer_database_is_refused(database_url):
    """
    A schema that this release does not know is not touched, and the error says why.
    """
    storage = open_storage(database_url, TABLES)
    with storage.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("UPDATE sourcehere_version SET version_num = '9999'")
        connection.commit()
    storage.close()

    with pytest.raises(SchemaVersionError) as ei:
        open_storage(database_url, TABLES)

    assert "9999" == ei.value.found
    assert known_versions()[-1] == ei.value.expected
    assert storage.url == ei.value.url


def test_an_older_database_is_left_alone_if_so_asked(database_url):
    """
    Without *upgrade*, a database that needs one is refused, and nothing is created.
    """
    with pytest.raises(SchemaVersionError) as ei:
        open_storage(database_url, TABLES, upgrade=False)

    assert "none" == ei.value.found
    engine = SqlStorage(database_url, tables=()).engine
    with engine.connect() as connection:
        assert "" == read_version(connection)
        assert [] == sa.inspect(connection).get_table_names()
    engine.dispose()


@pytest.mark.slow
def test_many_processes_may_open_at_once(database_url):
    """
    Of processes that open a new database together, one creates and all succeed.
    """
    processes = [_script(OPEN, database_url) for _ in range(4)]

    assert [0, 0, 0, 0] == [process.wait() for process in processes]


@pytest.mark.slow
def test_an_upgrade_killed_half_way_is_as_if_never_begun(database_url):
    """
    After a kill in the middle of an upgrade, opening again does all of it.
    """
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with _script(UPGRADE_AND_HANG, database_url, **pipes) as process:
        assert "ready\n" == process.stdout.readline()
        process.kill()

    storage = open_storage(database_url, TABLES)
    with storage.engine.connect() as connection:
        assert known_versions()[-1] == read_version(connection)
        names = set(sa.inspect(connection).get_table_names())
    storage.close()
    assert {table.name for table in TABLES} <= names
