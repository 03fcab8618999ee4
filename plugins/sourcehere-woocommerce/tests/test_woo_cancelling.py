"""
What shops in which orders can be cancelled promise, on WooCommerce.
"""

from woo_lab import WooLab

from sourcehere import Money
from sourcehere.domain.stores.cancelling import ShopCancelReason
from sourcehere.testing.kit import CancelContract, ShopLine, ShopOrder


class TestCancelling(CancelContract):
    """
    The contract.
    """

    def make_lab(self):
        """
        Make a shop without orders.
        """
        return WooLab()


def test_why_is_kept_beside_it():
    """
    For the merchant to see.
    """
    lab = WooLab()
    line = ShopLine(sku="LAMP", quantity=1, price=Money(100, "USD"))
    name = lab.place(ShopOrder(lines=(line,)))

    lab.connect().cancel_order(name, reason=ShopCancelReason.INVENTORY)

    kept = lab.server.orders[int(name)]
    assert [("sourcehere_cancelled", "inventory")] == [*kept.meta.values()]
