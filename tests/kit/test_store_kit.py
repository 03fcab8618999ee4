"""
The contract of shops, on an adapter that keeps it.
"""

from sourcehere.testing.kit import StoreContract
from sourcehere.testing.kit.fake_store import ServerShop
from sourcehere.testing.kit.server import ServerLab


class TestServerShop(StoreContract):
    """
    The adapter of the server in memory.
    """

    def make_lab(self):
        """
        Make a server without orders.
        """
        return ServerLab(ServerShop)
