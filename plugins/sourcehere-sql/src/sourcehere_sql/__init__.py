"""
Durable storage for sourcehere: SQLite and PostgreSQL, one code base.
"""

from .opening import open_storage
from .options import SqlOptions
from .storage import SqlStorage

__all__ = ["SqlOptions", "SqlStorage", "open_storage"]
