"""
Which messages a worker asks a storage for.
"""

from ..domain.kernel.values import frozen
from .tables import Table


@frozen
class Claim:
    """
    A request for messages to deliver, by one worker, for the length of a lease.

    Attributes:
        now, lease_until: Microseconds since 1970.

        without: Connections whose messages are left where they are.

        only: Connections whose messages alone are taken; empty for those of all.

        resting: Where it stands which connections rest: a table with `connection` as
            its key, and `next_at`, until when their messages are left where they are.
    """

    worker: str
    now: int
    lease_until: int
    limit: int
    without: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    resting: Table | None = None
