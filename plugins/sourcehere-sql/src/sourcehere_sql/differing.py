"""
What differs between a database and the declared tables, as calls of `Changes`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code, renderers
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from alembic.operations import ops
from sqlalchemy.engine.interfaces import ReflectedIndex

from sourcehere.domain.kernel.errors import CallerError
from sourcehere.ports.storage import Column, ColumnKind, Table, Value

from .place import VERSION_TABLE, Place
from .schema import INTEGER, JSON, TEXT, TIME, build_metadata

TYPE_NAMES = ((TEXT, "TEXT"), (INTEGER, "INTEGER"), (TIME, "TIME"), (JSON, "JSON"))
# What a derived column has until it is computed, in the same transaction.
_EMPTY: dict[ColumnKind, Value] = {
    ColumnKind.TEXT: "",
    ColumnKind.INTEGER: 0,
    ColumnKind.TIME: 0,
    ColumnKind.JSON: "null",
}
_AS_THEY_ARE = (
    ops.CreateTableOp,
    ops.DropTableOp,
    ops.DropColumnOp,
    ops.CreateIndexOp,
    ops.DropIndexOp,
)

Fills = Mapping[tuple[str, str], str]


class CannotMigrateError(CallerError):
    """
    A change of the declared tables that no migration can be written for.
    """


class _FilledColumn(ops.MigrateOperation):
    """
    A new column, with what the rows that are there have in it.
    """

    def __init__(self, table: str, column: Column, kind: str, fill: Value) -> None:
        self.table = table
        self.column = column
        self.kind = kind
        self.fill = fill
        self.derived = False


def difference(
    engine: sa.Engine, tables: Sequence[Table], *, fills: Fills | None = None
) -> str:
    """
    Write the calls that lead from *engine*'s tables to *tables*; empty if none do.

    Args:
        engine: Of a SQLite database without a prefix.

        fills: (table, column) -> what the rows that are there get, for columns that
            have no default.

    Raises:
        CannotMigrateError: If a new column has neither a default nor a fill, a fill is
            for no new column, or something changed that SQLite cannot change.
    """
    with engine.connect() as connection:
        options = {
            "version_table": VERSION_TABLE,
            "compare_type": False,  # SQLite cannot tell a time from an integer
        }
        context = MigrationContext.configure(connection, opts=options)
        metadata = build_metadata(tables, Place("", ""))
        script = produce_migrations(context, metadata)
        partly = list(_partly_indexed(connection, metadata))
    upgrade = script.upgrade_ops
    assert isinstance(upgrade, ops.UpgradeOps)
    filled = _Filler(tables, dict(fills or {}))
    upgrade.ops = [*filled.walk(upgrade.ops), *partly]
    filled.require_all_used()
    code = render_python_code(
        upgrade, alembic_module_prefix="db.", render_item=_render_type
    )
    # Alembic marks names that its own naming conventions leave alone; we have none.
    code = re.sub(r"\bdb\.f\(('\w+')\)", r"\1", code)
    lines = (line for line in code.splitlines() if not line.lstrip().startswith("#"))
    body = "\n".join(lines)
    return "" if body.strip() == "pass" else body


def _partly_indexed(
    connection: sa.Connection, metadata: sa.MetaData
) -> Iterator[ops.MigrateOperation]:
    """
    Make anew each index that is to have entries of other rows: Alembic looks at the
    columns alone.
    """
    inspector = sa.inspect(connection)
    there = set(inspector.get_table_names())
    for table in metadata.sorted_tables:
        declared = {str(index.name): index for index in table.indexes}
        for found in inspector.get_indexes(table.name) if table.name in there else ():
            index = declared.get(str(found["name"]))
            if index is not None and _where(found) != _where(index):
                yield ops.DropIndexOp(str(index.name), table.name)
                yield ops.CreateIndexOp.from_index(index)


def _where(index: sa.Index | ReflectedIndex) -> str:
    options = (
        index.dialect_kwargs
        if isinstance(index, sa.Index)
        else index.get("dialect_options", {})
    )
    where = options.get("sqlite_where")
    return "" if where is None else str(where)


class _Filler:
    """
    Goes through what Alembic found, and adds to each new column its fill.
    """

    def __init__(self, tables: Iterable[Table], fills: dict[tuple[str, str], str]):
        self._tables = {table.name: table for table in tables}
        self._fills = fills

    def walk(
        self, found: Iterable[ops.MigrateOperation]
    ) -> Iterator[ops.MigrateOperation]:
        """
        Replace what adds a column, at any depth.
        """
        for op in found:
            if isinstance(op, ops.ModifyTableOps):
                yield from self.walk(op.ops)
            elif isinstance(op, ops.AddColumnOp):
                yield self._filled(op)
            elif isinstance(op, ops.DropColumnOp):
                self._require_unchecked(op)
                yield op
            elif isinstance(op, _AS_THEY_ARE):
                yield op
            else:
                raise CannotMigrateError(_cannot(op))

    def require_all_used(self) -> None:
        """
        Refuse a fill that no new column asked for.
        """
        for table, column in self._fills:
            message = f"--fill {table}.{column}: no such column is added"
            raise CannotMigrateError(message)

    def _filled(self, op: ops.AddColumnOp) -> _FilledColumn:
        table = self._tables[op.table_name]
        column = table.columns[table.position[op.column.name]]
        kind = next(name for known, name in TYPE_NAMES if op.column.type is known)
        added = _FilledColumn(table.name, column, kind, None)
        added.derived = table.maker is not None and column.name in table.maker.derived
        given = self._fills.pop((table.name, column.name), None)
        if given is not None:
            added.fill = _stored(column, given)
        elif added.derived:
            added.fill = None if column.nullable else _EMPTY[column.kind]
        elif table.maker is not None:
            added.fill = table.maker.default_of(column.name)
        if added.fill is None and not column.nullable:
            message = (
                f"{table.name}.{column.name} has no default: give its field one, or say"
                f" what old rows get: --fill {table.name}.{column.name}=VALUE"
            )
            raise CannotMigrateError(message)
        return added

    def _require_unchecked(self, op: ops.DropColumnOp) -> None:
        """
        Refuse to drop a column that a CHECK names: SQLite would have to copy the table.
        """
        for check in op.to_column().table.constraints:
            if isinstance(check, sa.CheckConstraint) and f'"{op.column_name}"' in str(
                check.sqltext
            ):
                message = (
                    f"{op.table_name}.{op.column_name} is named by the CHECK"
                    f" {check.name}: SQLite cannot drop it"
                )
                raise CannotMigrateError(message)


def _stored(column: Column, given: str) -> Value:
    if column.kind in (ColumnKind.TEXT, ColumnKind.JSON):
        return given
    try:
        return int(given)
    except ValueError:
        message = f"--fill {column.name}={given}: say an integer, as it is stored"
        raise CannotMigrateError(message) from None


def _cannot(op: ops.MigrateOperation) -> str:
    where = ".".join(
        str(getattr(op, name))
        for name in ("table_name", "column_name")
        if getattr(op, name, None)
    )
    return (
        f"{where}: {type(op).__name__} cannot be written for SQLite; add a column of"
        " another name instead"
    )


@renderers.dispatch_for(_FilledColumn)
def _render_filled(_context: AutogenContext, op: _FilledColumn) -> str:
    options = ""
    if op.column.nullable:
        options += ", nullable=True"
    if op.fill is not None:
        options += f", fill={op.fill!r}"
    if op.derived:
        options += ", derived=True"
    return f"db.add_column({op.table!r}, {op.column.name!r}, {op.kind}{options})"


def _render_type(
    kind: str, item: Any, _context: AutogenContext
) -> str | Literal[False]:
    """
    Name our types as `sourcehere_sql.schema` does: they differ by database.
    """
    if kind == "type":
        for known, name in TYPE_NAMES:
            if item is known:
                return name
    return False
