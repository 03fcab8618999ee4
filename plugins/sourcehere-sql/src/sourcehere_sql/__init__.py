"""
Durable storage for sourcehere: SQLite and PostgreSQL, one code base.
"""

from .opening import open_storage
from .storage import SqlStorage

__all__ = ["SqlStorage", "open_storage"]
