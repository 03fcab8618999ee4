"""
What shops in which orders can be cancelled promise, on Shopify.
"""

import pytest
from shopify_lab import ShopifyLab

from sourcehere import Money
from sourcehere.domain.stores.cancelling import ShopCancelReason
from sourcehere.testing.kit import CancelContract, ShopLine, ShopOrder
from sourcehere_shopify import cancelling

LINE = ShopLine(sku="LAMP", quantity=1, price=Money(100, "USD"))


class TestCancelling(CancelContract):
    """
    The contract.
    """

    def make_lab(self):
        """
        Make a shop without orders.
        """
        return ShopifyLab()


class TestJobs:
    """
    Shopify does it when it gets round to it.
    """

    @pytest.fixture(autouse=True)
    def quick(self, monkeypatch):
        """
        Do not wait as long as in life.
        """
        monkeypatch.setattr(cancelling, "PAUSES_S", (0, 0, 0))

    def test_it_is_waited_for(self):
        """
        Then Shopify says so; why is told in its words.
        """
        lab = ShopifyLab()
        lab.server.job_turns = 2
        name = lab.place(ShopOrder(lines=(LINE,)))

        lab.connect().cancel_order(name, reason=ShopCancelReason.FRAUD)

        assert lab.is_cancelled(name)
        assert "FRAUD" == lab.server.orders[int(name)].cancel_reason

    def test_not_for_ever(self):
        """
        Whoever reads the order sees that it is not done yet.
        """
        lab = ShopifyLab()
        lab.server.job_turns = 9
        name, shop = lab.place(ShopOrder(lines=(LINE,))), lab.connect()

        shop.cancel_order(name, reason=ShopCancelReason.OTHER)

        assert not shop.fetch_order(name).cancelled
        assert 3 == lab.server.requests.count("Job")
