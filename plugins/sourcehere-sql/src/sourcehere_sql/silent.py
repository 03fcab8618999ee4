"""
Transactions of workers that stand still: PostgreSQL ends those that are idle, but not
one that stopped between two statements of a pipeline.

The server calls that one active, and waits for the rest of it for as long as the
connection lives. So it is ended by those who wait for its locks, when they have waited
in vain.
"""

import contextlib

import psycopg

from .lock_limit import Connection

APPLICATION = "sourcehere"  # unless the URL, or PGAPPNAME, says other

# It waits for its client, and has for longer than an idle transaction may; it is one
# of ours, as all that a role connects under one name are.
_END = """
    SELECT pg_catalog.pg_terminate_backend(pid)
    FROM pg_catalog.pg_stat_activity
    WHERE pid = ANY (
            SELECT l.pid FROM pg_catalog.pg_locks AS l
            JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
            JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            WHERE l.granted AND n.nspname = %s
        )
        AND datname = pg_catalog.current_database()
        AND usename = current_user
        AND application_name = pg_catalog.current_setting('application_name')
        AND state = 'active'
        AND wait_event_type = 'Client'
        AND wait_event = 'ClientRead'
        AND query_start < pg_catalog.clock_timestamp()
            - pg_catalog.make_interval(secs => %s)
"""


def end_silent(connection: Connection, *, schema: str, seconds: float) -> None:
    """
    End the transactions of ours that have locks in *schema*, and whose worker has said
    nothing for more than *seconds*.

    Args:
        connection: In no transaction, and left in none.
    """
    with contextlib.suppress(psycopg.Error):  # the waiter's own error is told
        try:
            connection.execute(_END, (schema, seconds))
        finally:
            connection.rollback()
