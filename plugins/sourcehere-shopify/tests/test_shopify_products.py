"""
What shops that tell what they sell promise, on Shopify.
"""

import pytest
from shopify_lab import ShopifyLab

from sourcehere.testing.kit import (
    ProductIds,
    ProductsContract,
    ShopProduct,
    ShopVariant,
)


class ShopifyProductsLab(ShopifyLab):
    """
    A shop whose merchant adds products.
    """

    def add(self, product, /):
        """
        Add one.
        """
        kept = self.server.products
        number, names = kept.new_id(), [kept.new_id() for _ in product.variants]
        kept.put(number, names, product)
        return ProductIds(
            product_id=str(number), variant_ids=tuple(str(name) for name in names)
        )

    def change(self, ids, product, /):
        """
        Let one be otherwise.
        """
        names = [int(name) for name in ids.variant_ids]
        self.server.products.put(int(ids.product_id), names, product)

    def remove(self, ids, /):
        """
        Delete one.
        """
        del self.server.products.kept[int(ids.product_id)]


class TestProducts(ProductsContract):
    """
    The contract.
    """

    def make_lab(self):
        """
        Make a shop that sells nothing yet.
        """
        return ShopifyProductsLab()


@pytest.fixture
def lab():
    return ShopifyProductsLab()


def test_the_only_variant_has_no_title_of_its_own(lab):
    """
    Shopify calls it `Default Title`, as its only option.
    """
    blue = ShopVariant(sku="MUG-1", options={"Colour": "Blue"})
    lab.add(ShopProduct(title="Mug", variants=(blue,)))
    lab.add(ShopProduct(title="Plate", variants=(ShopVariant(sku="PLATE"),)))

    assert [("Mug - Blue", {"Colour": "Blue"}), ("Plate", {})] == [
        (one.title, dict(one.options))
        for one in lab.connect().pull_products("", limit=9).variants
    ]


@pytest.mark.parametrize(
    ("version", "status", "is_listed"),
    [
        ("2025-10", "ACTIVE", True),
        ("2026-07", "ACTIVE", True),
        ("2026-07", "UNLISTED", True),
        ("2026-07", "ARCHIVED", False),
        ("2025-10", "DRAFT", False),
    ],
)
def test_what_customers_can_buy_is_listed(version, status, is_listed):
    """
    Also where only whoever has its address finds it.
    """
    lab = ShopifyProductsLab(api_version=version)
    lab.server.version = version
    ids = lab.add(ShopProduct(title="Mug", variants=(ShopVariant(sku="MUG"),)))
    lab.server.products.kept[int(ids.product_id)][0]["product"]["status"] = status

    page = lab.connect().pull_products("", limit=9)

    assert ["MUG"] * is_listed == [one.sku for one in page.variants]
