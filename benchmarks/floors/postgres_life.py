"""
The hand-written floor on PostgreSQL: one `unnest` per statement, one commit per chunk.

Each column travels as one array, written by hand: psycopg's own lists take twice the
time. Times are microseconds that the server adds to the epoch, so that neither side
makes a datetime per row.
"""

import psycopg

from sourcehere.ports.storage import ColumnKind

_ARRAYS = {
    ColumnKind.TEXT: "text[]",
    ColumnKind.JSON: "text[]",
    ColumnKind.INTEGER: "int8[]",
    ColumnKind.TIME: "int8[]",
}
_VALUES = {
    ColumnKind.TEXT: 'u."{}"',
    ColumnKind.JSON: 'u."{}"::json',
    ColumnKind.INTEGER: 'u."{}"',
    ColumnKind.TIME: "timestamptz 'epoch' + u.\"{}\" * interval '1 microsecond'",
}


def connect(url):
    """
    Connect as durably as ours.
    """
    plain = url.replace("postgresql+psycopg", "postgresql")
    connection = psycopg.connect(
        plain, prepare_threshold=1, options="-c search_path=sourcehere"
    )
    connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
    return connection


def writer(connection, tables):
    """
    Return a function that writes one commit.
    """
    plans = {}
    cursor = connection.cursor()

    def plan_of(statement):
        plan = plans.get(statement)
        if plan is None:
            plan = plans[statement] = _plan(statement, tables[statement.table])
        return plan

    def write(commit):
        for statement, rows in commit:
            text, arrays = plan_of(statement)
            columns = zip(*rows, strict=True)
            cursor.execute(text, [a(c) for a, c in zip(arrays, columns, strict=True)])
        connection.commit()

    return write


def numbers(values):
    """
    Write numbers as an array.
    """
    if None in values:
        values = ["NULL" if value is None else value for value in values]
    return f"{{{','.join(map(str, values))}}}"


def words(values):
    """
    Write texts as an array; no text of this job has a NUL, or is missing.
    """
    joined = "\0".join(values)
    if "\\" in joined or '"' in joined:
        joined = joined.replace("\\", "\\\\").replace('"', '\\"')
    joined = joined.replace("\0", '","')
    return f'{{"{joined}"}}'


def _plan(statement, table):
    kinds = {column.name: column.kind for column in table.columns}
    is_insert = statement.verb == "insert"
    names = [*kinds] if is_insert else [*statement.columns, *table.key]
    texts = (ColumnKind.TEXT, ColumnKind.JSON)
    return _text(statement, table), [
        words if kinds[name] in texts else numbers for name in names
    ]


def _text(statement, table):
    kinds = {column.name: column.kind for column in table.columns}
    is_insert = statement.verb == "insert"
    names = [*kinds] if is_insert else [*statement.columns, *table.key]
    arrays = ", ".join(f"%s::{_ARRAYS[kinds[name]]}" for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    given = f"unnest({arrays}) AS u({listed})"
    if is_insert:
        values = ", ".join(_VALUES[kinds[name]].format(name) for name in names)
        return f'INSERT INTO "{table.name}" ({listed}) SELECT {values} FROM {given}'
    plus = 't."{0}" + ' if statement.verb == "add" else ""
    sets = ", ".join(
        f'"{name}" = {plus.format(name)}{_VALUES[kinds[name]].format(name)}'
        for name in statement.columns
    )
    same = " AND ".join(f't."{name}" = u."{name}"' for name in table.key)
    return f'UPDATE "{table.name}" AS t SET {sets} FROM {given} WHERE {same}'
