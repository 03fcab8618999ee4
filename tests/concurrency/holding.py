"""
Somebody else who holds rows, and how long one may wait for them.
"""

import sqlite3
import threading
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


def held_for(seconds, storage, table, condition):
    """
    Let somebody else hold rows of *table*, and let them go after a while.
    """
    return for_a_while(seconds, lambda: held(storage, table, condition))


@contextmanager
def for_a_while(seconds, holding):
    """
    Let another thread enter what *holding* makes, and leave it after a while.
    """
    ready, is_over = threading.Event(), threading.Event()

    def hold():
        with holding():
            ready.set()
            is_over.wait(seconds)

    other = threading.Thread(target=hold)
    other.start()
    ready.wait()
    try:
        yield
    finally:
        is_over.set()
        other.join()


@contextmanager
def within(seconds):
    """
    Hold that what is done inside takes no longer.
    """
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


@contextmanager
def waiting_within(storage, seconds):
    """
    Hold that what is done inside waits for others' locks no longer, all together.

    PostgreSQL is asked again and again whether somebody waits, so that it does not
    count what the work takes on a busy machine. On SQLite all time counts.
    """
    if storage.address.is_sqlite:
        with within(seconds):
            yield
        return
    waits, is_over = [], threading.Event()
    looking = threading.Thread(target=_look, args=(storage, waits, is_over))
    looking.start()
    try:
        yield
    finally:
        is_over.set()
        looking.join()
    assert 0 < sum(waits) < seconds


def _look(storage, waits, is_over):
    """
    Put down the times between two looks at both of which somebody waited.
    """
    url = storage.address.full.set(drivername="postgresql")
    asking = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    before = None
    with psycopg.connect(
        url.render_as_string(hide_password=False), autocommit=True
    ) as other:
        while not is_over.wait(0.01):
            ((count,),) = other.execute(asking).fetchall()
            now = time.monotonic()
            if count and before is not None:
                waits.append(now - before)
            before = now if count else None
