"""
What every shop promises, on Shopify's own schema.
"""

from shopify_lab import ShopifyLab

from sourcehere.testing.kit import StoreContract


class TestShopify(StoreContract):
    """
    The contract, on shops on Shopify.
    """

    examples = 6

    def make_lab(self):
        """
        Make a shop without orders.
        """
        return ShopifyLab()
