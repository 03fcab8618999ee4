"""
A table that changes: what the next migration says, and what becomes of old rows.
"""

import enum
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest
import sqlalchemy as sa

import sourcehere
from sourcehere.domain.kernel.actor import Actor, Role
from sourcehere.domain.kernel.clock import to_micros
from sourcehere.domain.orders.order import Order
from sourcehere.ports.storage import Column, ColumnKind, SchemaVersionError, Table
from sourcehere.testing.factories import dump, open_bench, snapshot
from sourcehere.testing.postgres import fresh_database
from sourcehere.unit.records import Records
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.orders import ORDERS
from sourcehere_sql import SqlStorage, open_storage
from sourcehere_sql.differing import CannotMigrateError, difference
from sourcehere_sql.new_migration import read_fill, write_next
from sourcehere_sql.upgrading import read_version

ROOT = Path(__file__).parents[3]
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


class Paper(enum.StrEnum):
    """
    What a gift is wrapped in.
    """

    PLAIN = "plain"
    RED = "red"


@attrs.frozen(kw_only=True)
class Ribbon:
    """
    What a gift is tied with.
    """

    colour: str
    knots: int = 1


@attrs.define(kw_only=True, eq=False)
class Gift(Order):
    """
    An order as a later release could have it: a field of every kind.
    """

    gift_message: str = ""
    greeting: str = 'It\'s 100% "yours", dear: \\o/'
    sender: str
    pieces: int = 3
    is_wrapped: bool = True
    paper: Paper = Paper.RED
    wrapped_by: Actor = Actor(Role.STAFF, "ann")
    open_at: datetime = datetime(2031, 12, 24, 18, 0, 0, 7, UTC)
    opened_at: datetime | None = None
    ribbons: tuple[Ribbon, ...] = (Ribbon(colour="gold"),)
    tags: tuple[str, ...] = attrs.field(factory=tuple)
    extra: Ribbon | None = None

    @property
    def label(self):
        """
        A text that follows from other columns.
        """
        return f"{self.number}/{self.state}/{self.sender}"

    @property
    def is_small(self):
        """
        A number that follows from other columns.
        """
        return self.pieces < 5 and self.number == "#1"

    @property
    def remind_at(self):
        """
        A time that follows from other columns.
        """
        return self.open_at.replace(microsecond=0)

    @property
    def summary(self):
        """
        A document that follows from other columns.
        """
        return (Ribbon(colour=self.number, knots=self.pieces),)


DERIVED = [
    ("label", str),
    ("is_small", bool),
    ("remind_at", datetime),
    ("summary", tuple[Ribbon, ...]),
]


def gifts():
    """
    Declare the table of orders as that release would.
    """
    made = Records(
        "orders",
        Gift,
        key=["seller_id", "order_id"],
        skip=["lines", "items", "pending"],
        derived=[
            ("tab", str),
            ("in_refunds", bool),
            ("is_picking", bool),
            ("is_expected", bool),
            ("deadline", datetime),
            *DERIVED,
        ],
        version="version",
        checks=ORDERS.table.checks,
    )
    like(ORDERS.table, made.table)
    made.way("by_label", equal=["seller_id", "label"], order=["order_id"])
    return made


def like(table, made):
    """
    Give *made* the indexes of *table*.
    """
    for index in table.indexes.values():
        name = index.name.removeprefix(f"{table.name}_")
        made.index(name, equal=index.equal, order=index.order, unique=index.unique)


def instead(*tables):
    """
    List all tables, some of them as they are declared here.
    """
    ours = {table.name: table for table in tables}
    return tuple(ours.get(table.name, table) for table in TABLES)


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
def folder(tmp_path):
    """
    Give an empty folder of migrations that follow the package's own.
    """
    made = tmp_path / "versions"
    made.mkdir()
    (made / "__init__.py").write_text('"""\nMore migrations.\n"""\n')
    return made


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
    migrated = open_storage(database_url, TABLES)
    found = schema_of(migrated)
    migrated.close()

    assert declared(second_url, TABLES) == found


def test_nothing_is_left_to_migrate(sqlite_url):
    """
    The writer of migrations finds no difference between the newest and the declared.
    """
    storage = open_storage(sqlite_url, TABLES)

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
    assert bench.app.audit.run().is_clean
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

    assert "0002_orders_can_be_gifts.py" == path.name
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
        assert sh.audit.run().is_clean


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
        assert "0001" == read_version(connection, storage.address.place)
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

    assert "0001" == ei.value.found
    assert "0002" == ei.value.expected
    storage = open_storage(database_url, TABLES)
    assert before == dump(storage)
    storage.close()


def test_a_required_field_needs_a_fill(folder):
    """
    A new field without a default is refused, and the message says what to type.
    """
    with pytest.raises(CannotMigrateError) as ei:
        write_next("Gifts", tables=instead(gifts().table), folder=folder)

    assert (
        "orders.sender has no default: give its field one, or say what old rows get:"
        " --fill orders.sender=VALUE"
    ) == str(ei.value)
    assert ["__init__.py"] == [path.name for path in folder.iterdir()]


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        ("orders.nobody=1", "--fill orders.nobody: no such column is added"),
        ("orders.pieces=x", "--fill pieces=x: say an integer, as it is stored"),
        ("orders=1", "--fill orders=1: say TABLE.COLUMN=VALUE"),
    ],
)
def test_a_fill_that_fits_nothing_is_refused(folder, fill, words):
    """
    A fill for no new column, or of the wrong form, is named.
    """
    with pytest.raises(CannotMigrateError) as ei:
        write_next(
            "Gifts",
            tables=instead(gifts().table),
            folder=folder,
            fills=dict([read_fill("orders.sender=Ann"), read_fill(fill)]),
        )

    assert words == str(ei.value)


def test_what_sqlite_cannot_change_is_refused(folder):
    """
    A column that a CHECK names cannot go, nor can a column begin to take None.
    """
    columns = ORDERS.table.columns
    gone = tuple(c for c in columns if c.name != "refunded_minor")
    nullable = tuple(attrs.evolve(c, nullable=True) for c in columns)
    tables = [
        attrs.evolve(ORDERS.table, columns=gone, checks=(), maker=None),
        attrs.evolve(ORDERS.table, columns=nullable, maker=None),
    ]
    like(ORDERS.table, tables[0])

    with pytest.raises(CannotMigrateError, match="refunded_minor is named by"):
        write_next("Gone", tables=instead(tables[0]), folder=folder)
    with pytest.raises(CannotMigrateError, match="AlterColumnOp cannot be"):
        write_next("None", tables=instead(tables[1]), folder=folder)


def test_nothing_to_migrate_is_said(folder):
    """
    No empty migration is written.
    """
    with pytest.raises(CannotMigrateError, match="nothing is to be written"):
        write_next("Nothing", folder=folder)


@pytest.mark.slow
def test_what_is_written_passes_lint(folder):
    """
    A written migration passes ruff's rules and format and mypy, as it stands.
    """
    made = gifts()
    notes = Table("gift_note", (Column("note_id", ColumnKind.TEXT),), key=("note_id",))
    long = (
        "A message that is much longer than a line of code may be in this project, so"
    )
    for place, (tables, message) in enumerate(
        [(instead(made.table), "Gifts"), ((*instead(made.table), notes), long)]
    ):
        fills = {} if place else {("orders", "sender"): "long " * 30}
        write_next(message, tables=tables, folder=folder, fills=fills)

    for tool in (
        ["ruff", "check", "--no-cache", "--config", "pyproject.toml"],
        ["ruff", "format", "--check", "--no-cache", "--config", "pyproject.toml"],
        ["mypy"],
    ):
        files = sorted(map(str, folder.glob("0*.py")))
        done = subprocess.run(
            [sys.executable, "-m", *tool, *files],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (0, 2) == (done.returncode, len(files)), done.stdout
