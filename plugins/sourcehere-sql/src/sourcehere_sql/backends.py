"""
Which driver serves an address; only the one needed is imported.
"""

from .address import Address
from .backend import Backend
from .options import SqlOptions


def choose_backend(address: Address, options: SqlOptions) -> Backend:
    """
    Make the backend of *address*.
    """
    if address.is_sqlite:
        from .sqlite_backend import SqliteBackend  # noqa: PLC0415 - one driver is enough

        return SqliteBackend(address, options)
    from .postgres_backend import PostgresBackend  # noqa: PLC0415 - psycopg is an extra

    return PostgresBackend(address, options)
