"""
What a migration may do: change tables by their plain names, wherever they stand.

A migration is written once. `Changes` adds the PostgreSQL schema or the SQLite prefix,
and writes values as each database keeps them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy.schema import SchemaItem

from sourcehere.domain.kernel.clock import from_micros
from sourcehere.ports.storage import Value

from .place import Place
from .schema import TIME


class Changes:
    """
    The operations of one upgrade.

    Attributes:
        stale: (table, column) of every derived column that was added; they are
            computed when all migrations have run.

        execute: Runs a statement; write table names with `name`.
    """

    def __init__(self, context: MigrationContext, place: Place) -> None:
        self._operations = Operations(context)
        self._place = place
        self._schema = place.schema or None
        self.stale: set[tuple[str, str]] = set()
        self.execute = self._operations.execute

    def name(self, table: str) -> str:
        """
        Return the SQL text that names *table*.
        """
        return self._place.quoted(table)

    def select(self, text: str, **values: Value) -> list[tuple[Any, ...]]:
        """
        Read rows that later rows are made of.
        """
        found = self._operations.get_bind().execute(sa.text(text), values)
        return [tuple(row) for row in found]

    def insert(self, text: str, rows: Sequence[Mapping[str, Value]]) -> None:
        """
        Run an INSERT for each of *rows*.
        """
        self._operations.get_bind().execute(sa.text(text), rows)

    def create_table(self, name: str, *items: SchemaItem, **options: Any) -> None:
        """
        Create a table of columns and constraints.
        """
        self._operations.create_table(
            self._place.name(name), *items, schema=self._schema, **options
        )

    def drop_table(self, name: str) -> None:
        """
        Remove a table and all its rows.
        """
        self._operations.drop_table(self._place.name(name), schema=self._schema)

    def add_column(
        self,
        table: str,
        name: str,
        kind: sa.types.TypeEngine[Any],
        *,
        nullable: bool = False,
        fill: Value = None,
        derived: bool = False,
    ) -> None:
        """
        Add a column to a table that may have rows.

        Args:
            kind: TEXT, INTEGER, TIME or JSON of `sourcehere_sql.schema`.

            fill: What the rows that are there have in it, as it is stored: a time in
                microseconds, a document as its text. It stays the column's default, so
                that a process of the release before can go on writing.

            derived: Whether it is computed from the other columns when all migrations
                have run; *fill* is kept until then.
        """
        default = None if fill is None else self._default(kind, fill)
        column = sa.Column(name, kind, nullable=nullable, server_default=default)
        self._operations.add_column(
            self._place.name(table), column, schema=self._schema
        )
        if derived:
            self.refresh(table, name)

    def refresh(self, table: str, column: str) -> None:
        """
        Compute a derived column of every row anew when all migrations have run.
        """
        self.stale.add((table, column))

    def drop_column(self, table: str, name: str) -> None:
        """
        Remove a column and what is in it.
        """
        self._operations.drop_column(self._place.name(table), name, schema=self._schema)

    def create_index(
        self,
        name: str,
        table: str,
        columns: list[str],
        *,
        unique: bool,
        **options: Any,
    ) -> None:
        """
        Create an index; *options* are those of a database, as `sqlite_where`.
        """
        self._operations.create_index(
            self._place.name(name),
            self._place.name(table),
            columns,
            schema=self._schema,
            unique=unique,
            **options,
        )

    def drop_index(self, name: str, *, table_name: str) -> None:
        """
        Remove an index.
        """
        self._operations.drop_index(
            self._place.name(name),
            table_name=self._place.name(table_name),
            schema=self._schema,
        )

    def _default(self, kind: sa.types.TypeEngine[Any], value: Value) -> Any:
        if not isinstance(value, int):
            return value
        if kind is TIME and self._schema:
            return from_micros(value).isoformat()
        return sa.text(str(value))
