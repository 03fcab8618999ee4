"""
What every shop promises, on Shopify's own schema.
"""

from typing import ClassVar

from shopify_lab import ShopifyLab

from sourcehere.testing.kit import StoreContract


class TestShopify(StoreContract):
    """
    The contract, on shops on Shopify.
    """

    examples = 6
    test_a_key_that_was_put_right_is_past = None
    test_every_key_of_a_parcel_is_past = None
    left_out: ClassVar = dict.fromkeys(
        (
            "test_a_key_that_was_put_right_is_past",
            "test_every_key_of_a_parcel_is_past",
        ),
        "Shopify takes no keys: a parcel is known by its number alone, and one that"
        " was put right is no parcel any more",
    )

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
    test_a_key_that_was_put_right_is_past = None
    test_every_key_of_a_parcel_is_past = None
    left_out = TestShopify.left_out

    def make_lab(self):
        """
        Make a shop without orders.
        """
        return ShopifyLab(bulk_from=1)
