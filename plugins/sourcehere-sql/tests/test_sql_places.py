"""
Our tables live beside a host's own, and beside other copies of themselves.
"""

import itertools
import re
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import sourcehere
from sourcehere import Actor, Money, Role
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.ports.providers import SchemaState
from sourcehere.ports.storage import RowExistsError, StorageReadOnlyError
from sourcehere.testing.factories import dump, open_bench
from sourcehere.testing.storage_base import keep, kept
from sourcehere.testing.storage_tables import CODES, THINGS, thing
from sourcehere.testing.storage_tables import TABLES as SCRATCH
from sourcehere.unit.tables import TABLES
from sourcehere_sql import (
    NotOwnerError,
    SchemaForbiddenError,
    SqlStorage,
    TablesTakenError,
    open_storage,
    without_our_schema,
    without_our_tables,
)
from sourcehere_sql.opening import look_at_schema
from sourcehere_sql.upgrading import known_versions

STAFF = Actor(Role.STAFF, "ann")
HOST = sa.MetaData()
for _name in ("product", "event", "orders"):
    sa.Table(
        _name,
        HOST,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("state", sa.Text, index=True),
    )
GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "operating.md"
LATER = f"""
from alembic import op

revision = "0002"
down_revision = "{known_versions()[-1]}"


def upgrade(db):
    del db
    op.execute("ALTER TABLE sourcehere.orders ADD COLUMN later text")
"""
_numbers = itertools.count(1)


@pytest.fixture
def role(postgres_server):
    """
    Return the name of a role that may connect, and nothing else.
    """
    name = f"shop_{next(_numbers)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN")
    return name


@pytest.fixture
def admin(postgres_url):
    """
    Return a connection of the database's administrator.
    """
    url = postgres_url.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def as_role(url, role):
    """
    Return *url* as *role* uses it.
    """
    return sa.make_url(url).set(username=role).render_as_string(hide_password=False)


def host_engine(url):
    """
    Make the host's engine on the database of *url*.
    """
    address = SqlStorage(url, tables=()).address
    return sa.create_engine(address.full)


def proposed(engine, **options):
    """
    List what the host's `alembic revision --autogenerate` would do.
    """
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, HOST)


def named(url, name):
    """
    Return *url* with our tables in a place called *name*.
    """
    if url.startswith("sqlite"):
        return f"{url}?prefix={name}_"
    return f"{url}&schema={name}"


def place_of(url):
    """
    Return what `SqlStorage.joined` is told of the place in *url*.
    """
    place = SqlStorage(url, tables=()).address.place
    return {"schema": place.schema} if place.schema else {"prefix": place.prefix}


def test_a_host_with_our_names_opens_ours_beside_its_own(postgres_url, role, admin):
    """
    A least-privileged role uses the schema made for it, beside the host's own tables.

    The host's tables keep their rows, both commit together, and the host's Alembic
    proposes nothing.
    """
    with admin.transaction():
        admin.execute(f'CREATE SCHEMA sourcehere AUTHORIZATION "{role}"')
        admin.execute(f'GRANT CREATE, USAGE ON SCHEMA public TO "{role}"')
    url = as_role(postgres_url, role)
    engine = host_engine(url)
    HOST.create_all(engine)
    app = sourcehere.open(url)
    app.staff("ann").sellers.register("lamps", name="Lamps", currency="GBP")

    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO orders VALUES (7, 'theirs')")
        ours = app.over(SqlStorage.joined(connection))
        amount = Money.parse("5", "GBP")
        ours.staff("ann").seller("lamps").wallet.top_up(amount, reference="T-1")
        assert amount == ours.seller("lamps").wallet.get().available

    assert amount == app.seller("lamps").wallet.get().available
    assert [] == proposed(engine)
    assert [] == proposed(
        engine, include_schemas=True, include_name=without_our_schema()
    )
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM orders").all()
        tables = set(sa.inspect(connection).get_table_names(schema="public"))
    assert [(7, "theirs")] == rows
    assert {"product", "event", "orders"} == tables
    app.close()
    engine.dispose()


def test_a_role_that_may_not_make_the_schema_says_what_to_run(
    postgres_url, role, admin
):
    """
    Without schema and without the right to make one, the error has the SQL for it.
    """
    url = as_role(postgres_url, role)

    with pytest.raises(SchemaForbiddenError) as ei:
        open_storage(url, TABLES)

    remedy = f'CREATE SCHEMA "sourcehere" AUTHORIZATION "{role}"'
    assert remedy == ei.value.remedy
    assert role == ei.value.role
    assert "sourcehere" == ei.value.schema
    assert str(ei.value).endswith(f"must run once: {remedy}")
    admin.execute(remedy)
    open_storage(url, TABLES).close()


def test_a_schema_of_somebody_else_says_what_to_run(postgres_url, role, admin):
    """
    An empty schema that the role may not use is refused with the SQL for it.
    """
    url = as_role(postgres_url, role)
    remedy = f'ALTER SCHEMA "shop_a" OWNER TO "{role}"'
    admin.execute("CREATE SCHEMA shop_a")

    with pytest.raises(SchemaForbiddenError) as ei:
        open_storage(named(url, "shop_a"), TABLES)

    assert remedy == ei.value.remedy
    admin.execute(remedy)
    open_storage(named(url, "shop_a"), TABLES).close()


def test_tables_of_another_role_are_used_with_what_is_granted(
    postgres_url, role, admin
):
    """
    One role makes the tables, another one works with them, after the one statement that
    the error has: whoever followed it owns no more than before.
    """
    open_storage(postgres_url, TABLES).close()
    url = as_role(postgres_url, role)

    with pytest.raises(SchemaForbiddenError) as ei:
        open_storage(url, TABLES)

    assert ei.value.remedy.startswith(f'GRANT USAGE ON SCHEMA "sourcehere" TO "{role}"')
    admin.execute(ei.value.remedy)
    with sourcehere.open(url) as app:
        app.staff("ann").sellers.register("lamps", name="Lamps", currency="GBP")
        assert app.audit.run().is_clean


def test_the_grants_of_the_guide(postgres_url, role, admin):
    """
    With them one role works and another one reads, and audits; it writes nothing.
    """
    open_storage(postgres_url, TABLES).close()
    reader = f"{role}_reader"
    admin.execute(f"CREATE ROLE {reader} LOGIN")
    (grants,) = re.findall(r"```sql\n(GRANT .*?)```", GUIDE.read_text(), re.DOTALL)
    admin.execute(grants.replace('"shop"', role).replace('"reader"', reader))

    with sourcehere.open(as_role(postgres_url, role)) as app:
        app.staff("ann").sellers.register("lamps", name="Lamps", currency="GBP")
    with sourcehere.open(as_role(postgres_url, reader)) as app:
        assert app.audit.run(replay=True).is_clean
        with pytest.raises(StorageReadOnlyError):
            app.staff("ann").sellers.register("hats", name="Hats", currency="GBP")


def test_only_their_owner_brings_tables_up_to_date(postgres_url, role, admin, tmp_path):
    """
    A role that only works with them is told who does, and nothing is changed.
    """
    open_storage(postgres_url, TABLES).close()
    admin.execute(f'GRANT USAGE ON SCHEMA sourcehere TO "{role}"')
    admin.execute(f'GRANT ALL ON ALL TABLES IN SCHEMA sourcehere TO "{role}"')
    url = as_role(postgres_url, role)
    (tmp_path / "0002_later.py").write_text(LATER)

    with pytest.raises(NotOwnerError) as ei:
        open_storage(url, TABLES, migrations=[tmp_path])

    (owner,) = admin.execute("SELECT current_user").fetchone()
    assert owner == ei.value.owner
    assert role == ei.value.role
    assert str(ei.value).endswith("run `sourcehere db upgrade` as that role")
    assert SchemaState.CURRENT is look_at_schema(postgres_url).state
    open_storage(postgres_url, TABLES, migrations=[tmp_path]).close()


def test_tables_of_others_with_our_names_are_left_alone(database_url):
    """
    They are named, with what to say instead; nothing is made beside them.
    """
    url = named(database_url, "shop_a")
    storage = SqlStorage(url, tables=())
    storage.close()
    place, engine = storage.address.place, sa.create_engine(storage.address.full)
    with engine.begin() as connection:
        if place.schema:
            connection.exec_driver_sql(f'CREATE SCHEMA "{place.schema}"')
        for what in ('TABLE {}wallet" (a int)', 'VIEW {}orders" AS SELECT 1 AS a'):
            connection.exec_driver_sql(f"CREATE {what.format(place.before)}")

    with pytest.raises(TablesTakenError) as ei:
        open_storage(url, TABLES)

    assert (place.name("orders"), place.name("wallet")) == ei.value.names
    option = "?schema=NAME" if place.schema else "?prefix=NAME_"
    assert str(ei.value).endswith(f"name a place of our own by {option} in the URL")
    there = sa.inspect(engine).get_table_names(place.schema or None)
    assert [place.name("wallet")] == there
    engine.dispose()


def test_the_public_schema_may_be_asked_for(postgres_url):
    """
    `?schema=public` puts our tables where others have theirs.
    """
    storage = open_storage(named(postgres_url, "public"), TABLES)
    names = sa.inspect(storage.engine).get_table_names(schema="public")
    storage.close()

    assert {*(t.name for t in TABLES), "sourcehere_version"} == set(names)


def test_a_prefix_keeps_a_sqlite_file_apart(sqlite_url):
    """
    With `?prefix=` a host with our names opens ours beside its own in one file.
    """
    engine = host_engine(sqlite_url)
    HOST.create_all(engine)
    app = sourcehere.open(f"{sqlite_url}?prefix=sh_")
    app.staff("ann").sellers.register("lamps", name="Lamps", currency="GBP")

    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO orders VALUES (7, 'theirs')")
        ours = app.over(SqlStorage.joined(connection, prefix="sh_"))
        amount = Money.parse("5", "GBP")
        ours.staff("ann").seller("lamps").wallet.top_up(amount, reference="T-1")

    assert amount == app.seller("lamps").wallet.get().available
    app.close()
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE sql IS NOT NULL"
        )
        names = set(found.scalars())
    theirs = {*HOST.tables, *(f"ix_{name}_state" for name in HOST.tables)}
    assert theirs == {name for name in names if not name.startswith("sh_")}
    assert {f"sh_{t.name}" for t in TABLES} < names
    assert "sh_sourcehere_version" in names
    assert [] == proposed(engine, include_name=without_our_tables(prefix="sh_"))
    assert {"remove_table"} <= {change[0] for change in proposed(engine)}
    engine.dispose()


def test_a_host_without_our_names_needs_no_prefix(sqlite_url):
    """
    In a shared SQLite file the host's Alembic leaves our plain names alone too.
    """
    open_storage(sqlite_url, TABLES).close()
    engine = host_engine(sqlite_url)
    with engine.connect() as connection:
        options = {"include_name": without_our_tables()}
        context = MigrationContext.configure(connection, opts=options)
        assert [] == compare_metadata(context, sa.MetaData())
    engine.dispose()


def test_two_places_in_one_database_do_not_meet(database_url):
    """
    Two copies of our tables in one database and one process keep their own rows.
    """
    urls = [named(database_url, "shop_a"), named(database_url, "shop_b")]
    stores = [open_storage(url, TABLES) for url in (*urls, database_url)]
    for number, storage in enumerate(stores[:2], start=1):
        bench = open_bench(storage=storage)
        bench.connect(bench.rule("CUP"))
        for external_id in range(number):
            bench.ship(bench.accepted(str(external_id), CUP=1))
        assert bench.app.audit.run(replay=True).is_clean

    assert [1, 2, 0] == [len(dump(storage)["orders"]) for storage in stores]
    for storage in stores:
        storage.close()


def test_a_refusal_names_the_value_that_is_taken(database_url):
    """
    Uniqueness is told by our names, whatever stands before them.
    """
    storage = SqlStorage(named(database_url, "shop_a"), tables=SCRATCH)
    storage.create_tables()
    keep(storage, CODES, [("s", "1", "x")])

    with pytest.raises(RowExistsError) as ei:
        keep(storage, CODES, [("s", "2", "x")])

    assert ("code", "('s', 'x')") == (ei.value.kind, ei.value.key)
    storage.close()


def test_joining_needs_the_same_place(database_url):
    """
    A joined storage writes where it is told, and nowhere else.
    """
    url = named(database_url, "shop_a")
    storage = SqlStorage(url, tables=SCRATCH)
    storage.create_tables()
    engine = host_engine(url)

    with engine.begin() as connection:
        joined = SqlStorage.joined(connection, **place_of(url))
        keep(joined, THINGS, [thing("a")])
    with engine.connect() as connection, pytest.raises(Exception, match="thing"):
        kept(SqlStorage.joined(connection), THINGS)

    assert [thing("a")] == kept(storage, THINGS)
    engine.dispose()
    storage.close()


@pytest.mark.parametrize(
    ("url", "field", "value"),
    [
        ("postgresql+psycopg://h/d?schema=a%22b", "schema", 'a"b'),
        ("postgresql+psycopg://h/d?schema=pg_toast", "schema", "pg_toast"),
        ("postgresql+psycopg://h/d?schema=Shop", "schema", "Shop"),
        ("postgresql+psycopg://h/d?schema=a&schema=b", "schema", "a,b"),
        ("postgresql://h/d?schema=information_schema", "schema", "information_schema"),
        ("postgresql://h/d?schema=" + "a" * 64, "schema", "a" * 64),
        ("sqlite:///a.db?prefix=1_", "prefix", "1_"),
        ("sqlite:///a.db?prefix=a-b", "prefix", "a-b"),
        ("sqlite:///a.db?prefix=sqlite_", "prefix", "sqlite_"),
    ],
)
def test_a_place_that_is_no_plain_name_is_refused(url, field, value):
    """
    What a URL says of schema or prefix is checked before anything is opened.
    """
    with pytest.raises(InvalidInputError) as ei:
        SqlStorage(url, tables=())

    assert (field, value) == (ei.value.field, ei.value.value)


def test_a_url_still_says_where(sqlite_url):
    """
    The shown URL has schema and prefix, the driver's has not.
    """
    address = SqlStorage("postgresql://h/d?schema=shop_a", tables=()).address
    other = SqlStorage(f"{sqlite_url}?prefix=sh_", tables=()).address

    assert "postgresql://h/d?schema=shop_a" == address.public
    assert {} == dict(address.full.query)
    assert f"{sqlite_url}?prefix=sh_" == other.public
    assert {} == dict(other.full.query)


TRAP = """
CREATE SCHEMA trap AUTHORIZATION "{role}";
CREATE TABLE trap.sprung (name text);
CREATE TABLE trap.seller AS SELECT 1 AS seller_id;
CREATE TABLE trap.sourcehere_version AS SELECT '9999'::text AS version_num;
CREATE FUNCTION trap.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS
  $$INSERT INTO trap.sprung VALUES ('set_config'); SELECT $2$$;
CREATE FUNCTION trap.current_schema() RETURNS name LANGUAGE sql AS
  $$INSERT INTO trap.sprung VALUES ('current_schema'); SELECT 'trap'::name$$;
CREATE FUNCTION trap.unnest(text[]) RETURNS SETOF text LANGUAGE sql AS
  $$INSERT INTO trap.sprung VALUES ('unnest'); SELECT pg_catalog.unnest($1)$$;
CREATE FUNCTION trap.pg_advisory_xact_lock(bigint) RETURNS void LANGUAGE sql AS
  $$INSERT INTO trap.sprung VALUES ('lock')$$;
GRANT ALL ON ALL TABLES IN SCHEMA trap TO "{role}";
ALTER ROLE "{role}" SET search_path = trap, public, pg_catalog;
"""


def test_nothing_stands_before_our_tables(postgres_url, role, admin):
    """
    A path that the role was given, with tables and functions of our names and
    PostgreSQL's, changes nothing: none of them is read or called.
    """
    admin.execute(f'CREATE SCHEMA sourcehere AUTHORIZATION "{role}"')
    admin.execute(TRAP.format(role=role))
    url = as_role(postgres_url, role)
    bench = open_bench(storage=open_storage(url, TABLES))
    for sku in ("CUP", "HAT"):
        bench.connect(bench.rule(sku))
    bench.paid("1", CUP=3)

    assert () == bench.app.audit.run(replay=True).violations
    assert [] == admin.execute("SELECT name FROM trap.sprung").fetchall()
    (path,) = bench.app.storage.transact(
        lambda session: session.select("SHOW search_path", ()), read_only=True
    )
    assert ("pg_catalog, pg_temp",) == path
    bench.app.close()
