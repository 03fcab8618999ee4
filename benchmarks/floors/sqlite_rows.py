"""
The floor: hand-written sqlite3 that writes the same rows, and does nothing else.

Every tuple is prepared before the clock starts; a transaction is one BEGIN IMMEDIATE,
one `executemany` per statement, one COMMIT, with the same pragmas. It reads nothing,
checks nothing and decides nothing.
"""

import sqlite3


def prepare(transactions):
    """
    Turn recorded transactions into SQL texts and tuples.
    """
    return [
        [(_sql(table, verb, columns), rows) for table, verb, columns, rows in written]
        for written in transactions
    ]


def _sql(table, verb, columns):
    where = " AND ".join(f'"{name}" = ?' for name in table.key)
    if verb == "insert":
        marks = ", ".join("?" * len(table.columns))
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        return f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'
    if verb == "delete":
        return f'DELETE FROM "{table.name}" WHERE {where}'
    form = '"{0}" = "{0}" + ?' if verb == "add" else '"{0}" = ?'
    changes = ", ".join(form.format(name) for name in columns)
    return f'UPDATE "{table.name}" SET {changes} WHERE {where}'


def connect(path):
    """
    Open a database as durably as ours.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def write(connection, prepared):
    """
    Write all rows.
    """
    for transaction in prepared:
        connection.execute("BEGIN IMMEDIATE")
        for text, rows in transaction:
            connection.executemany(text, rows)
        connection.execute("COMMIT")
