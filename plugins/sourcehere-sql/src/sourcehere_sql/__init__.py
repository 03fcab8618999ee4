"""
Durable storage for sourcehere: SQLite and PostgreSQL, one code base.

The names are looked up when first used: SQLAlchemy takes a while to import, and the
plugin is loaded wherever it is installed, also where nobody opens a database.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .hosting import without_our_schema, without_our_tables
    from .opening import open_storage
    from .options import SqlOptions
    from .own_schema import NotOwnerError, SchemaForbiddenError
    from .storage import SqlStorage
    from .taken import TablesTakenError

__all__ = [
    "NotOwnerError",
    "SchemaForbiddenError",
    "SqlOptions",
    "SqlStorage",
    "TablesTakenError",
    "open_storage",
    "without_our_schema",
    "without_our_tables",
]

_HOMES = {
    "NotOwnerError": "own_schema",
    "SchemaForbiddenError": "own_schema",
    "SqlOptions": "options",
    "SqlStorage": "storage",
    "TablesTakenError": "taken",
    "open_storage": "opening",
    "without_our_schema": "hosting",
    "without_our_tables": "hosting",
}


def __getattr__(name: str) -> object:
    """
    Import what is asked for.

    Raises:
        AttributeError: If there is no such name.
    """
    home = _HOMES.get(name)
    if home is None:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    found: object = getattr(import_module(f".{home}", __name__), name)
    return found
