"""
What shops that tell what they sell promise, on a real Vendure.
"""

from typing import ClassVar

import pytest
from vendure_merchant import VendureProductsLab

from sourcehere.testing.kit import ProductsContract, ShopProduct, ShopVariant


class TestProducts(ProductsContract):
    """
    The contract.
    """

    test_barcodes_are_told = None
    left_out: ClassVar = {
        "test_barcodes_are_told": "Vendure's variants have no place for a barcode",
    }

    @pytest.fixture(autouse=True)
    def _server(self, vendure):
        self._vendure = vendure

    def make_lab(self):
        """
        Make a shop that sells nothing yet.
        """
        return VendureProductsLab(self._vendure)


def test_a_variant_that_is_not_enabled_is_not_listed(vendure):
    """
    Nobody can buy it, though its product is there.
    """
    lab = VendureProductsLab(vendure)
    variants = tuple(ShopVariant(sku=s, options={"Size": s}) for s in ("S", "M"))
    ids = lab.add(ShopProduct(title="Tee", variants=variants))
    lab.disable(ids.variant_ids[0])

    assert [("M", "Tee M")] == [
        (one.sku, one.title)
        for one in lab.connect().pull_products("", limit=9).variants
    ]
