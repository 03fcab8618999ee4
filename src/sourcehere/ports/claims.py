"""
Which messages a worker asks a storage for.
"""

from ..domain.kernel.values import frozen


@frozen
class Claim:
    """
    A request for messages to deliver, by one worker, for the length of a lease.

    Attributes:
        now, lease_until: Microseconds since 1970.

        without: Connections whose messages are left where they are.

        only: Connections whose messages alone are taken; empty for those of all.
    """

    worker: str
    now: int
    lease_until: int
    limit: int
    without: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
