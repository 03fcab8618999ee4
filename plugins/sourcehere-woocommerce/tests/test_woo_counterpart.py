"""
The contract of shops on a real WooCommerce, which has to be there already: see the
README.
"""

import pytest
from woo_real import URL, RealWooLab

from sourcehere.testing.kit import CancelContract, StoreContract

pytestmark = [
    pytest.mark.counterparts,
    pytest.mark.skipif(not URL, reason="WOOCOMMERCE_URL names no shop"),
]


class TestWooCommerce(StoreContract):
    """
    Behind http, so that each request is signed.
    """

    examples, steps = 2, 8

    def make_lab(self):
        """
        Empty the shop.
        """
        return RealWooLab()


class TestCancelling(CancelContract):
    """
    Orders that are cancelled from here.
    """

    def make_lab(self):
        """
        Empty the shop.
        """
        return RealWooLab()
