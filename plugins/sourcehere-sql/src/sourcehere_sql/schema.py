"""
The declared tables as a SQLAlchemy schema, for both databases.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from sourcehere.ports.storage import Check, ColumnKind, Index, Table

from .place import Place
from .statements import is_said

# Byte order everywhere: PostgreSQL's "C" collation sorts as SQLite and Python do.
TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
INTEGER = sa.BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
TIME = (
    sa.BigInteger()
    .with_variant(sqlite.INTEGER(), "sqlite")
    .with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
)
JSON = sa.Text().with_variant(postgresql.JSON(), "postgresql")

TYPES: dict[ColumnKind, sa.types.TypeEngine[Any]] = {
    ColumnKind.TEXT: TEXT,
    ColumnKind.INTEGER: INTEGER,
    ColumnKind.TIME: TIME,
    ColumnKind.JSON: JSON,
}


def build_metadata(tables: Iterable[Table], place: Place) -> sa.MetaData:
    """
    Describe *tables* with their keys, checks and indexes, as they stand in *place*.
    """
    metadata = sa.MetaData(schema=place.schema or None)
    for table in tables:
        _add_table(metadata, table, place)
    return metadata


def index_columns(index: Index) -> tuple[str, ...]:
    """
    The columns that the database index of *index* has.

    A unique index covers the equal columns only: they alone must be unique.
    """
    return index.equal if index.unique else index.equal + index.sort_columns


def stored_indexes(table: Table) -> list[Index]:
    """
    List the indexes of *table* that the primary key does not give already.
    """
    return [i for i in table.indexes.values() if index_columns(i) != table.key]


def check_name(table: Table, check: Check) -> str:
    """
    Name *check* after what it says, so that a refusal can be read.
    """
    lower, upper = (str(side).replace("-", "minus_") for side in _sides(check))
    return f"{table.name}_{lower}_le_{upper}"


def check_text(check: Check) -> str:
    """
    Write *check* as an SQL condition.
    """
    lower, upper = (
        f'"{side}"' if isinstance(side, str) else str(side) for side in _sides(check)
    )
    return f"{lower} <= {upper}"


def _sides(check: Check) -> tuple[str | int, str | int]:
    return check.lower, check.upper


def _add_table(metadata: sa.MetaData, table: Table, place: Place) -> None:
    made = sa.Table(
        place.name(table.name),
        metadata,
        *(
            sa.Column(c.name, TYPES[c.kind], nullable=c.nullable, autoincrement=False)
            for c in table.columns
        ),
        sa.PrimaryKeyConstraint(*table.key, name=f"{table.name}_pkey"),
        *(
            sa.CheckConstraint(sa.text(check_text(c)), name=check_name(table, c))
            for c in table.checks
        ),
        sqlite_strict=True,
        sqlite_with_rowid=_holds_documents(table),
    )
    for index in stored_indexes(table):
        columns = [made.c[name] for name in index_columns(index)]
        name = place.name(index.name)
        sa.Index(name, *columns, unique=index.unique, **only_where(index))


def only_where(index: Index) -> dict[str, Any]:
    """
    Return the options for an index that has an entry of some rows only.
    """
    if not index.found_if:
        return {}
    condition = sa.text(is_said(index.table, index.found_if))
    return {f"{dialect}_where": condition for dialect in ("sqlite", "postgresql")}


def _holds_documents(table: Table) -> bool:
    """
    Tell whether rows may be long.

    Short rows are found and changed faster in the key's own tree (WITHOUT ROWID);
    long ones are inserted a third more slowly there, so they live apart from the key.
    What is longer than a quarter of a page would have a page of its own besides.
    """
    if table.has_long_texts:
        return True
    return any(column.kind is ColumnKind.JSON for column in table.columns)
