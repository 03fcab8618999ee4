"""
A table that changes: what becomes of the rows that are there.
"""

from datetime import UTC, datetime

import attrs
import pytest
import sqlalchemy as sa

import sourcehere
from sourcehere.domain.kernel.clock import to_micros
from sourcehere.ports.storage import Column, ColumnKind, SchemaVersionError, Table
from sourcehere.testing.factories import dump, open_bench, snapshot
from sourcehere.testing.postgres import fresh_database
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.orders import ORDERS
from sourcehere_sql import SqlStorage, open_storage
from sourcehere_sql.differing import difference
from sourcehere_sql.new_migration import read_fill, write_next
from sourcehere_sql.upgrading import known_versions, read_version

from .later_release import Paper, gifts, instead, like

NOW = known_versions()[-1]  # what this release needs
LATER = f"{int(NOW[:4]) + 1:04}"
SCHEMAS = {
    "sqlite": {
        "tables": "SELECT name, wr, strict FROM pragma_table_list"
        " WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
        "columns": 'SELECT m.name, x.name, x.type, x."notnull", x.pk'
        " FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS x"
        " WHERE m.type = 'table'",
        "indexes": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index'",
    },
    "postgresql": {
        "columns": "SELECT c.relname, a.attname, a.attnotnull,"
        " format_type(a.atttypid, a.atttypmod), a.attcollation::regcollation::text"
        " FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid"
        " WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped"
        " AND c.relnamespace = 'sourcehere'::regnamespace",
        "constraints": "SELECT conrelid::regclass::text, conname,"
        " pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'sourcehere'::regnamespace",
        "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes"
        " WHERE schemaname = 'sourcehere'",
    },
}


def schema_of(storage):
    """
    Describe all there is by name: the order of columns and their defaults aside.
    """
    with storage.engine.connect() as connection:
        found = {
            name: sorted(tuple(row) for row in connection.exec_driver_sql(query))
            for name, query in SCHEMAS[connection.dialect.name].items()
        }
        inspector = sa.inspect(connection)
        for table in storage.tables:
            schema = storage.address.place.schema or None
            checks = inspector.get_check_constraints(table.name, schema=schema)
            found[f"{table.name} checks"] = sorted(
                (check["name"], check["sqltext"]) for check in checks
            )
    return {
        name: [row for row in rows if "sourcehere_version" not in row[0]]
        for name, rows in found.items()
    }


@pytest.fixture
def second_url(database_url, tmp_path, postgres_server):
    """
    Return the URL of another empty database of the same kind.
    """
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/second.db"
    else:
        with fresh_database(postgres_server) as url:
            yield url


def declared(url, tables):
    """
    Describe a database that was made as *tables* say, without migrations.
    """
    storage = SqlStorage(url, tables=tables)
    storage.create_tables()
    found = schema_of(storage)
    storage.close()
    return found


def live(url):
    """
    Make a database with a paid, a shipped and an unpaid order, and give its rows.
    """
    storage = open_storage(url, TABLES)
    fill_with_orders(storage)
    rows = dump(storage)
    storage.close()
    return rows


def fill_with_orders(storage):
    """
    Import, pay and ship through the app: one order stays unpaid, one is shipped.
    """
    bench = open_bench(storage=storage)
    bench.connect(bench.rule("CUP"))
    bench.sync(snapshot("3", CUP=1))
    bench.paid("2", CUP=2)
    bench.ship(bench.accepted("1", CUP=1))
    return bench


def test_migrations_lead_to_the_declared_tables(database_url, second_url):
    """
    The migrations make exactly the schema that the tables declare.

    If this fails after a change of the declared tables, write the next migration:
    `python -m sourcehere_sql.new_migration "What changes"`.
    """
    open_storage(database_url, ()).close()
    migrated = open_storage(database_url, TABLES)
    found = schema_of(migrated)
    migrated.close()

    assert declared(second_url, TABLES) == found


def test_a_new_database_is_as_one_that_was_migrated(database_url, second_url):
    """
    Made at once, it has the same tables, and the version in the same table.
    """
    open_storage(database_url, ()).close()
    found = []
    for url in (database_url, second_url):
        storage = open_storage(url, TABLES)
        place = storage.address.place
        with storage.engine.connect() as connection:
            versions = sa.Table(
                place.name("sourcehere_version"),
                sa.MetaData(schema=place.schema or None),
                autoload_with=connection,
            )
            rows = connection.execute(versions.select()).all()
            made = str(sa.schema.CreateTable(versions).compile(connection))
            key = versions.primary_key.name
        found.append((schema_of(storage), made, key, rows))
        storage.close()

    migrated, at_once = found
    assert migrated == at_once
    assert [(NOW,)] == at_once[-1]


def test_nothing_is_left_to_migrate(sqlite_url):
    """
    The writer of migrations finds no difference between the newest and the declared.
    """
    storage = open_storage(sqlite_url, ())

    assert "" == difference(storage.engine, TABLES)
    storage.close()


def test_the_order_of_columns_is_nobodys_business(database_url, second_url):
    """
    A database whose columns stand in another order has the same schema, and is used.
    """
    backwards = tuple(
        attrs.evolve(table, columns=table.columns[::-1]) for table in TABLES
    )
    for table, made in zip(TABLES, backwards, strict=True):
        like(table, made)
    storage = SqlStorage(database_url, tables=backwards)
    storage.create_tables()
    bench = fill_with_orders(storage)

    assert declared(second_url, TABLES) == schema_of(storage)
    assert bench.app.audit.run(replay=True).is_clean
    storage.close()


def test_a_field_of_every_kind_is_added_to_old_rows(database_url, second_url, folder):
    """
    A migration gives old rows a field's default, what `--fill` says, and what follows.

    The rows are otherwise as they were, the schema is the declared one, and the app
    goes on with it.
    """
    before = live(database_url)
    made = gifts()
    path = write_next(
        "Orders can be gifts",
        tables=instead(made.table),
        folder=folder,
        fills=dict([read_fill("orders.sender=Ann")]),
    )
    after = open_storage(database_url, instead(made.table), migrations=[folder])
    rows = dump(after, after.tables)

    assert f"{LATER}_orders_can_be_gifts.py" == path.name
    assert {n: r for n, r in before.items() if n != "orders"} == {
        name: found for name, found in rows.items() if name != "orders"
    }
    added = [c.name for c in made.table.columns if c.name not in ORDERS.table.position]
    assert [
        {
            "gift_message": "",
            "greeting": 'It\'s 100% "yours", dear: \\o/',
            "sender": "Ann",
            "pieces": 3,
            "is_wrapped": 1,
            "paper": "red",
            "wrapped_by": "staff:ann",
            "open_at": to_micros(datetime(2031, 12, 24, 18, 0, 0, 7, UTC)),
            "opened_at": None,
            "ribbons": '[{"colour":"gold","knots":1}]',
            "tags": "[]",
            "extra": None,
            "label": f"#{number}/{state}/Ann",
            "is_small": int(number == 1),
            "remind_at": to_micros(datetime(2031, 12, 24, 18, tzinfo=UTC)),
            "summary": f'[{{"colour":"#{number}","knots":3}}]',
        }
        for number, state in (
            (3, "awaiting_payment"),
            (2, "awaiting_shipping"),
            (1, "shipped"),
        )
    ] == [
        {name: row[made.table.position[name]] for name in added}
        for row in rows["orders"]
    ]
    assert before["orders"] == [
        tuple(row[made.table.position[column.name]] for column in ORDERS.table.columns)
        for row in rows["orders"]
    ]
    assert [made.to_row(made.from_row(row)) for row in rows["orders"]] == rows["orders"]
    assert declared(second_url, after.tables) == schema_of(after)
    with sourcehere.open(storage=after) as sh:
        assert sh.audit.run(replay=True).is_clean


def test_the_release_before_may_still_write(database_url, folder):
    """
    A process that was open during the upgrade goes on: new columns get their fill.
    """
    old = open_storage(database_url, TABLES)
    bench = fill_with_orders(old)
    made = gifts()
    fills = {("orders", "sender"): "Ann"}
    write_next("Gifts", tables=instead(made.table), folder=folder, fills=fills)
    new = open_storage(database_url, instead(made.table), migrations=[folder])

    order_id = bench.paid("4", CUP=1)

    (row,) = new.transact(
        lambda session: session.get(made.table, [("demo", order_id)], lock=False),
        read_only=True,
    )
    gift = made.from_row(row)
    assert ("Ann", Paper.RED) == (gift.sender, gift.paper)
    assert "" == row[made.table.position["label"]]
    new.close()
    old.close()


def test_many_rows_are_computed_in_batches(database_url, folder, monkeypatch):
    """
    Every row of a table longer than a batch gets its derived columns.
    """
    live(database_url)
    monkeypatch.setattr("sourcehere_sql.upgrading._BATCH", 2)
    made = gifts()
    fills = {("orders", "sender"): "Bo"}
    write_next("Gifts", tables=instead(made.table), folder=folder, fills=fills)

    storage = open_storage(database_url, instead(made.table), migrations=[folder])
    place = made.table.position["label"]
    labels = [row[place] for row in dump(storage, [made.table])["orders"]]
    storage.close()

    assert ["#3/awaiting_payment/Bo", "#2/awaiting_shipping/Bo", "#1/shipped/Bo"] == (
        labels
    )


def test_tables_columns_and_indexes_come_and_go(database_url, second_url, folder):
    """
    New tables and indexes, dropped tables, columns and indexes all come out right.
    """
    orders = attrs.evolve(
        ORDERS.table,
        columns=tuple(c for c in ORDERS.table.columns if c.name != "number"),
        maker=None,
    )
    for index in ORDERS.table.indexes.values():
        if "number" not in index.equal:
            name = index.name.removeprefix("orders_")
            orders.index(
                name, equal=index.equal, order=index.order, unique=index.unique
            )
    orders.index("by_state", equal=["state"], order=["order_id"])
    notes = Table(
        "gift_note",
        (
            Column("seller_id", ColumnKind.TEXT),
            Column("note_id", ColumnKind.TEXT),
            Column("at", ColumnKind.TIME),
            Column("pages", ColumnKind.JSON, nullable=True),
        ),
        key=("seller_id", "note_id"),
    )
    notes.index("by_time", equal=["seller_id"], order=["at"])
    tables = tuple(t for t in instead(orders) if t.name != "rejected_row")
    tables = (*tables, notes)
    live(database_url)
    write_next("Number no orders", tables=tables, folder=folder)

    storage = open_storage(database_url, tables, migrations=[folder])
    found = schema_of(storage)
    engine = SqlStorage(database_url, tables=()).engine
    names = sa.inspect(engine).get_table_names(
        schema=storage.address.place.schema or None
    )
    engine.dispose()
    storage.close()

    assert declared(second_url, tables) == found
    assert "gift_note" in names
    assert "rejected_row" not in names


def test_a_migration_that_fails_leaves_the_database_as_it_was(database_url, folder):
    """
    What a raising migration has done is undone, and the old release goes on.
    """
    before = live(database_url)
    made = gifts()
    fills = {("orders", "sender"): "Bo"}
    path = write_next("Gifts", tables=instead(made.table), folder=folder, fills=fills)
    path.write_text(f"{path.read_text()}    raise RuntimeError(db.name('orders'))\n")

    with pytest.raises(RuntimeError):
        open_storage(database_url, instead(made.table), migrations=[folder])

    storage = open_storage(database_url, TABLES, upgrade=False)
    with storage.engine.connect() as connection:
        assert NOW == read_version(connection, storage.address.place)
    assert before == dump(storage)
    assert "" == (
        difference(storage.engine, TABLES) if storage.address.is_sqlite else ""
    )
    storage.close()


def test_a_column_that_cannot_be_computed_fails_the_upgrade(database_url, folder):
    """
    When computing what follows raises, the new columns are gone too.
    """
    before = live(database_url)
    made = gifts()
    write_next(
        "Gifts",
        tables=instead(made.table),
        folder=folder,
        fills={("orders", "sender"): "Bo", ("orders", "paper"): "torn"},
    )

    with pytest.raises(ValueError, match="torn"):
        open_storage(database_url, instead(made.table), migrations=[folder])

    storage = open_storage(database_url, TABLES, upgrade=False)
    assert before == dump(storage)
    storage.close()


def test_an_older_database_is_left_alone_if_so_asked(database_url, folder):
    """
    Without *upgrade* an old database is refused, with advice, and not touched.
    """
    before = live(database_url)
    made = gifts()
    fills = {("orders", "sender"): "Bo"}
    write_next("Gifts", tables=instead(made.table), folder=folder, fills=fills)

    with pytest.raises(SchemaVersionError, match="`sourcehere db upgrade`") as ei:
        open_storage(
            database_url, instead(made.table), migrations=[folder], upgrade=False
        )

    assert NOW == ei.value.found
    assert LATER == ei.value.expected
    storage = open_storage(database_url, TABLES)
    assert before == dump(storage)
    storage.close()
