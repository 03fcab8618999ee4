"""
What shops that tell what they sell promise, on a Medusa in memory.
"""

import pytest
from medusa_lab import MedusaLab

from sourcehere.testing.kit import (
    ProductIds,
    ProductsContract,
    ShopProduct,
    ShopVariant,
)

NO_OPTIONS = {"Default option": "Default option value"}


class MedusaProductsLab(MedusaLab):
    """
    A shop whose merchant adds products.
    """

    def add(self, product, /):
        """
        Add one.
        """
        new = self.server.new_id
        names = tuple(new("variant") for _ in product.variants)
        ids = ProductIds(product_id=new("prod"), variant_ids=names)
        self.change(ids, product)
        return ids

    def change(self, ids, product, /):
        """
        Let one be otherwise.
        """
        told = {
            "id": ids.product_id,
            "title": product.title,
            "status": "published" if product.is_sold else "draft",
        }
        for name, variant in zip(ids.variant_ids, product.variants, strict=True):
            self.server.variants[name] = {
                "id": name,
                "sku": variant.sku or None,
                "title": " / ".join(variant.options.values()) or "Default variant",
                "barcode": variant.barcode or None,
                "product_id": ids.product_id,
                "product": told,
                "options": [
                    {"value": value, "option": {"title": option}}
                    for option, value in (variant.options or NO_OPTIONS).items()
                ],
            }

    def remove(self, ids, /):
        """
        Delete one.
        """
        for name in ids.variant_ids:
            del self.server.variants[name]


class TestProducts(ProductsContract):
    """
    The contract.
    """

    def make_lab(self):
        """
        Make a shop that sells nothing yet.
        """
        return MedusaProductsLab()


@pytest.fixture
def lab():
    return MedusaProductsLab()


def test_names_are_those_of_orders(lab):
    """
    A variant that is called as its product is, or by nobody, has no name of its own.
    """
    size = {"Size": "L"}
    lab.add(ShopProduct(title="Lamp", variants=(ShopVariant(sku="L", options=size),)))
    for title in ("Hat", "Default variant", None):
        ids = lab.add(ShopProduct(title="Hat", variants=(ShopVariant(sku="H"),)))
        lab.server.variants[ids.variant_ids[0]]["title"] = title

    assert [("Lamp - L", size), *([("Hat", {})] * 3)] == [
        (one.title, one.options)
        for one in lab.connect().pull_products("", limit=9).variants
    ]


@pytest.mark.parametrize("status", ["draft", "proposed", "rejected", None])
def test_what_is_not_published_is_not_listed(lab, status):
    """
    Nor a variant whose product is gone.
    """
    ids = lab.add(ShopProduct(title="Hat", variants=(ShopVariant(sku="H"),)))
    (variant,) = (lab.server.variants[name] for name in ids.variant_ids)
    variant["product"] = status and {**variant["product"], "status": status}

    assert () == lab.connect().pull_products("", limit=9).variants
