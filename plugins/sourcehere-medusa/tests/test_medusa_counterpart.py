"""
What every shop promises, on a real Medusa: `nox -s counterparts`.
"""

from typing import ClassVar

import pytest
from medusa_real_lab import RealLab, RealProductsLab, RealStockLab

from sourcehere.domain.kernel.money import Money
from sourcehere.testing.kit import (
    CancelContract,
    ProductsContract,
    ShopLine,
    ShopOrder,
    StockContract,
    StoreContract,
)
from sourcehere.testing.kit.store_asking import read_all

pytestmark = pytest.mark.counterparts
LAMPS = ShopOrder(lines=(ShopLine(sku="LAMP", quantity=3, price=Money(1_000, "USD")),))


class TestMedusa(StoreContract):
    """
    The contract.
    """

    examples, steps = 2, 10

    @pytest.fixture(autouse=True)
    def _server(self, medusa):
        self._medusa = medusa

    def make_lab(self):
        """
        Make a shop without orders.
        """
        return RealLab(self._medusa)


class TestCancelling(CancelContract):
    """
    The contract of cancelling.
    """

    @pytest.fixture(autouse=True)
    def _server(self, medusa):
        self._medusa = medusa

    def make_lab(self):
        """
        Make a shop without orders.
        """
        return RealLab(self._medusa)


class TestStock(StockContract):
    """
    The contract of stock.
    """

    @pytest.fixture(autouse=True)
    def _server(self, medusa):
        self._medusa = medusa

    def make_lab(self):
        """
        Make a shop that sells nothing yet.
        """
        return RealStockLab(self._medusa)


class TestProducts(ProductsContract):
    """
    The contract of products.
    """

    test_variants_of_one_sku_are_several = None
    left_out: ClassVar = {
        "test_variants_of_one_sku_are_several": (
            "Medusa takes a SKU of one variant only, and says so to its merchant"
        ),
    }

    @pytest.fixture(autouse=True)
    def _server(self, medusa):
        self._medusa = medusa

    def make_lab(self):
        """
        Make a shop that sells nothing yet.
        """
        return RealProductsLab(self._medusa)


def test_orders_of_one_millisecond_are_told_page_by_page(medusa):
    """
    In whichever order the database gives them.
    """
    lab = RealLab(medusa)
    names = [lab.place(LAMPS) for _ in range(7)]
    medusa.door("crowd", at="2026-03-02T12:00:00.500Z")
    shop = lab.connect()
    for limit in (1, 2, 3, 7):
        assert sorted(names) == sorted(read_all(shop, limit=limit)[0])
