"""
For a host application whose Alembic looks at the database that our tables are in.

Without a filter, `alembic revision --autogenerate` proposes to drop every table that
the host's models do not declare. Give one of these as `include_name` to
`context.configure`.
"""

from collections.abc import Callable, MutableMapping
from typing import Literal

from sourcehere.unit.tables import TABLES

from .place import DEFAULT_SCHEMA, VERSION_TABLE, on_postgresql, on_sqlite

# As Alembic declares it: name, kind of object, names of what it is part of.
_Kind = Literal[
    "schema",
    "table",
    "column",
    "index",
    "unique_constraint",
    "foreign_key_constraint",
]
_Parent = Literal["schema_name", "table_name", "schema_qualified_table_name"]
IncludeName = Callable[[str | None, _Kind, MutableMapping[_Parent, str | None]], bool]


def without_our_tables(*, prefix: str = "") -> IncludeName:
    """
    Return an `include_name` for SQLite that leaves our tables out.

    Args:
        prefix: As in the `?prefix=` of our URL. Without one, the host cannot have
            tables of the same names anyway.

    Raises:
        InvalidInputError: If the prefix is no plain beginning of a name.
    """
    place = on_sqlite(prefix)
    ours = {place.name(table.name) for table in TABLES} | {place.name(VERSION_TABLE)}

    def include_name(
        name: str | None, kind: _Kind, _parents: MutableMapping[_Parent, str | None], /
    ) -> bool:
        return kind != "table" or name not in ours

    return include_name


def without_our_schema(schema: str = DEFAULT_SCHEMA) -> IncludeName:
    """
    Return an `include_name` for PostgreSQL that leaves our schema out.

    Only a host that sets `include_schemas=True` needs it: otherwise Alembic looks at
    the default schema, where we have nothing.

    Raises:
        InvalidInputError: If the schema is no plain name.
    """
    ours = on_postgresql(schema).schema

    def include_name(
        name: str | None, kind: _Kind, _parents: MutableMapping[_Parent, str | None], /
    ) -> bool:
        return kind != "schema" or name != ours

    return include_name
