"""
How long to wait, and how many connections to keep.
"""

import attrs


@attrs.frozen(kw_only=True)
class SqlOptions:
    """
    Limits of one storage; the defaults suit a small service.

    Attributes:
        busy_seconds: How long a call waits in vain for another writer's locks, and for
            a free connection, before it says busy; and how long one transaction waits
            for all of them together, those of one statement included.

        statement_seconds: How long one statement may take (PostgreSQL).

        idle_seconds: How long a transaction may do nothing (PostgreSQL).

        pool_size: Connections that are kept open; twice as many may be in use.
    """

    busy_seconds: float = 10.0
    statement_seconds: float = 60.0
    idle_seconds: float = 60.0
    pool_size: int = 8
