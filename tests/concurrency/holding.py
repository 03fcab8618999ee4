"""
Somebody else who holds rows, and how long one may wait for them.
"""

import sqlite3
import time
from contextlib import closing, contextmanager

import psycopg

BUDGET = 1.0  # seconds


@contextmanager
def held(storage, table, condition="true"):
    """
    Let somebody else hold rows of *table*; on SQLite they hold everything.
    """
    if storage.address.is_sqlite:
        path = storage.address.full.database
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    url = storage.address.full.set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as other:
        name = storage.address.place.quoted(table)
        other.execute(f"SELECT FROM {name} WHERE {condition} FOR UPDATE")
        yield
        other.rollback()


@contextmanager
def within(seconds):
    """
    Hold that what is done inside takes no longer.
    """
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds
