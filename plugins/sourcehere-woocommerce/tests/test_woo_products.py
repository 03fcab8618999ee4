"""
What shops that tell what they sell promise, on WooCommerce.
"""

import pytest
from woo_lab import WooLab

from sourcehere.testing.kit import (
    ProductIds,
    ProductsContract,
    ShopProduct,
    ShopVariant,
)

MUG = ShopProduct(title="Mug", variants=(ShopVariant(sku="MUG"),))


class WooProductsLab(WooLab):
    """
    A shop whose merchant adds products: simple ones, and some with variations.
    """

    def add(self, product, /):
        """
        Add one; the only variant without options is the product itself.
        """
        name = str(self.server.new_id())
        names = (name,)
        if product.variants[0].options:
            names = tuple(str(self.server.new_id()) for _ in product.variants)
        ids = ProductIds(product_id=name, variant_ids=names)
        self.server.products.append({"id": int(name)})
        self.change(ids, product)
        return ids

    def change(self, ids, product, /):
        """
        Let one be otherwise.
        """
        number = int(ids.product_id)
        (kept,) = [one for one in self.server.products if one["id"] == number]
        status = "publish" if product.is_sold else "draft"
        kept |= {"name": product.title, "status": status, "attributes": []}
        told = [
            {
                "id": int(name),
                "sku": variant.sku,
                "global_unique_id": variant.barcode,
                "status": "publish",
                "attributes": [
                    {"name": option, "option": value}
                    for option, value in variant.options.items()
                ],
            }
            for name, variant in zip(ids.variant_ids, product.variants, strict=True)
        ]
        if ids.variant_ids == (ids.product_id,):
            one = product.variants[0]
            kept |= {"type": "simple", "sku": one.sku, "global_unique_id": one.barcode}
        else:
            kept |= {"type": "variable", "sku": "", "global_unique_id": ""}
            self.server.variations[number] = told

    def remove(self, ids, /):
        """
        Delete one.
        """
        number = int(ids.product_id)
        self.server.products = [x for x in self.server.products if x["id"] != number]


class TestProducts(ProductsContract):
    """
    The contract.
    """

    def make_lab(self):
        """
        Make a shop that sells nothing yet.
        """
        return WooProductsLab()


@pytest.fixture
def lab():
    return WooProductsLab()


def test_a_page_has_ten_products(lab):
    """
    Each of those with variations is a question of its own.
    """
    for _ in range(11):
        lab.add(MUG)
    shop = lab.connect()
    first = shop.pull_products("", limit=100)
    rest = shop.pull_products(first.cursor, limit=100)

    assert (10, True) == (len(first.variants), first.has_more)
    assert (1, False) == (len(rest.variants), rest.has_more)


def test_a_variation_that_is_not_enabled_is_not_listed(lab):
    """
    Nobody can buy it, though its product is there.
    """
    variants = tuple(ShopVariant(sku=s, options={"Size": s}) for s in ("S", "M"))
    ids = lab.add(ShopProduct(title="Tee", variants=variants))
    lab.server.variations[int(ids.product_id)][0]["status"] = "private"

    assert [("M", "Tee - M")] == [
        (one.sku, one.title)
        for one in lab.connect().pull_products("", limit=9).variants
    ]


def test_a_product_that_cannot_be_read_is_rejected(lab):
    """
    With its id, and its neighbours are listed; an older shop knows no barcodes.
    """
    bad, good = lab.add(MUG), lab.add(MUG)
    del lab.server.products[0]["type"]
    del lab.server.products[1]["global_unique_id"]
    page = lab.connect().pull_products("", limit=9)

    assert (f"{bad.product_id} cannot be read: there is no 'type'",) == page.rejected
    assert [good.product_id] == [one.external_product_id for one in page.variants]


def test_variations_of_a_plugins_own_type_are_listed(lab):
    """
    WooCommerce Subscriptions has a type of its own for products with variations.

    Source: `WC_Product_Variable_Subscription::get_type`; the API names the variations
    of whatever is variable (`WC_REST_Products_V2_Controller`, WooCommerce 11).
    """
    colours = [{"Colour": "Red"}, {"Colour": "Blue"}]
    variants = tuple(
        ShopVariant(sku=f"MUG-{n}", options=options)
        for n, options in enumerate(colours)
    )
    ids = lab.add(ShopProduct(title="Mug", variants=variants))
    (kept,) = lab.server.products
    named = [int(name) for name in ids.variant_ids]
    kept |= {"type": "variable-subscription", "variations": named}
    page = lab.connect().pull_products("", limit=10)
    assert [(one.sku, one.external_variant_id) for one in page.variants] == [
        ("MUG-0", ids.variant_ids[0]),
        ("MUG-1", ids.variant_ids[1]),
    ]
