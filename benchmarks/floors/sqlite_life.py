"""
The hand-written floor on SQLite: one `executemany` per statement, one commit per chunk.
"""

import sqlite3


def connect(path):
    """
    Open a database as durably as ours.
    """
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "cache_size = -12000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def writer(connection, tables):
    """
    Return a function that writes one commit.
    """
    texts = {}

    def text_of(statement):
        text = texts.get(statement)
        if text is None:
            text = texts[statement] = _text(statement, tables[statement.table])
        return text

    def write(commit):
        connection.execute("BEGIN IMMEDIATE")
        for statement, rows in commit:
            connection.executemany(text_of(statement), rows)
        connection.execute("COMMIT")

    return write


def _text(statement, table):
    if statement.verb == "insert":
        marks = ", ".join("?" * len(table.columns))
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        return f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'
    form = '"{0}" = "{0}" + ?' if statement.verb == "add" else '"{0}" = ?'
    changes = ", ".join(form.format(name) for name in statement.columns)
    where = " AND ".join(f'"{name}" = ?' for name in table.key)
    return f'UPDATE "{table.name}" SET {changes} WHERE {where}'
