"""
The background work of a platform as tasks of procrastinate, on PostgreSQL.
"""

from .background import Background, register
from .errors import StepFailedError
from .locks import order_lock

__all__ = ["Background", "StepFailedError", "order_lock", "register"]
