"""
What every shop promises, on WooCommerce: with keys in a header, and signed.
"""

from woo_lab import WooLab

from sourcehere.testing.kit import StoreContract


class TestWooCommerce(StoreContract):
    """
    The contract, behind https.
    """

    def make_lab(self):
        """
        Make a shop without orders.
        """
        return WooLab()


class TestWooCommerceSigned(StoreContract):
    """
    The contract, behind http.
    """

    examples = 3

    def make_lab(self):
        """
        Make a shop without orders, whose requests are signed.
        """
        return WooLab("http://shop.example")
