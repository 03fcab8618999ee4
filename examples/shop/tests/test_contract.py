"""
What every shop promises.

What more yours can do has a contract of its own: what it sells (`ProductsContract`),
its stock (`StockContract`), cancelling (`CancelContract`), webhooks
(`WebhookContract`). The guide says how each is added: docs/guides/first-shop.md.
"""

import pytest
from lab import CornerLab

from sourcehere.ports.errors import UnauthorizedError
from sourcehere.testing.kit import StoreContract


class TestCorner(StoreContract):
    """
    The contract, on Corner.
    """

    currency = "USD"

    def make_lab(self):
        """
        Make a shop without orders.
        """
        return CornerLab()


class TestCheck:
    """
    What is tried when somebody connects a shop.
    """

    def test_a_token_that_is_right_can_be_used(self):
        """
        Nothing is raised.
        """
        CornerLab().connect().check()

    def test_a_token_that_is_wrong_is_told(self):
        """
        And nothing is stored.
        """
        with pytest.raises(UnauthorizedError):
            CornerLab().connect(token="wrong").check()
