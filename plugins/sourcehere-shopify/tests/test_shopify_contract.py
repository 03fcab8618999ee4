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


class TestShopifyInBulk(StoreContract):
    """
    The contract, where even a shop with one order is a large one.
    """

    examples = 3

    def make_lab(self):
        """
        Make a shop without orders.
        """
        return ShopifyLab(bulk_from=1)
