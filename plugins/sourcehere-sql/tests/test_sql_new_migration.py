"""
What `python -m sourcehere_sql.new_migration` writes, and what it refuses to write.
"""

import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from sourcehere.ports.storage import Column, ColumnKind, Table
from sourcehere.unit.tables.orders import ORDERS
from sourcehere_sql.differing import CannotMigrateError
from sourcehere_sql.new_migration import FOLDER, read_fill, write_initial, write_next

from .later_release import gifts, instead, like

ROOT = Path(__file__).parents[3]


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


def test_an_index_of_other_rows_is_made_anew(folder):
    """
    An index that is to have entries of all rows, and had them of some, is written.
    """
    table = attrs.evolve(ORDERS.table)
    like(ORDERS.table, table)
    table.index("due", equal=[], order=["deadline"])

    path = write_next("All", tables=instead(table), folder=folder)

    said = path.read_text(encoding="utf-8").split('"""\n', 4)[-1]
    assert [
        'db.drop_index("orders_due", table_name="orders")',
        "db.create_index(",
        '"orders_due", "orders", ["deadline", "seller_id", "order_id"], unique=False',
        ")",
    ] == [line.strip() for line in said.splitlines()]


def test_nothing_to_migrate_is_said(folder):
    """
    No empty migration is written.
    """
    with pytest.raises(CannotMigrateError, match="nothing is to be written"):
        write_next("Nothing", folder=folder)


@pytest.mark.slow
def test_the_first_one_is_written_anew_unless_others_follow(folder):
    """
    It is what the tables declare, as the package has it, and stands alone.
    """
    path = write_initial(folder)
    assert (FOLDER / path.name).read_text() == path.read_text()
    (folder / "0002_gifts.py").write_text("")

    with pytest.raises(CannotMigrateError) as ei:
        write_initial(folder)

    words = "remove what follows the first migration: 0002_gifts.py"
    assert words == str(ei.value)


def test_what_is_written_passes_lint(folder, check_types):
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

    files = sorted(map(str, folder.glob("0*.py")))
    assert 2 == len(files)
    for tool in (
        ["ruff", "check", "--no-cache", "--config", "pyproject.toml"],
        ["ruff", "format", "--check", "--no-cache", "--config", "pyproject.toml"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *tool, *files],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert 0 == done.returncode, done.stdout
    done = check_types(*files, cwd=ROOT)
    assert 0 == done.returncode, done.stdout
