"""
The contract of cancelling, on an adapter that keeps it, and on the shop in memory.
"""

from lined import Lined
from test_fake_shop_kit import FakeShopLab

from sourcehere.testing.kit import CancelContract, ServerLab, ServerShop


class TestServerShop(CancelContract):
    """
    The adapter of the server in memory.
    """

    def make_lab(self):
        """
        Make a server.
        """
        return ServerLab(ServerShop)


class CancellingLine(Lined):
    """
    A line before a shop that cancels orders.
    """

    def cancel_order(self, external_id, /, *, reason):
        """
        Cancel one.
        """
        cancel = self._shop.cancel_order
        return self._through(lambda: cancel(external_id, reason=reason))


class CancellingLab(FakeShopLab):
    """
    The shop in memory, which is asked what it knows.
    """

    def connect(self):
        """
        Return the shop behind its line.
        """
        return CancellingLine(self.shop, self.line)

    def is_cancelled(self, external_id, /):
        """
        Tell whether an order is cancelled.
        """
        return self.shop.fetch_order(external_id).cancelled


class TestFakeShop(CancelContract):
    """
    The shop in memory that tests of services use.
    """

    def make_lab(self):
        """
        Make a shop.
        """
        return CancellingLab()
