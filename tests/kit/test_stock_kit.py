"""
The contract of stock, on an adapter that keeps it, and on the shop in memory.
"""

from sourcehere.domain.stores.listing import ListedVariant
from sourcehere.ports.stock import ShopStock
from sourcehere.testing.fake_shop import FakeShop
from sourcehere.testing.kit import FaultLine, ServerStock, StockContract, StockServer


class TestServerStock(StockContract):
    """
    The adapter of the server in memory.
    """

    def make_lab(self):
        """
        Make a server.
        """
        return StockServer(ServerStock)


class FakeShopLab:
    """
    The shop in memory; it has no line.
    """

    def __init__(self):
        self.line, self.shop = FaultLine(), FakeShop()

    def connect(self):
        """
        Return the shop, which is its own adapter.
        """
        return self.shop

    def sells(self, sku, /):
        """
        List another variant.
        """
        name = f"v{len(self.shop.products)}"
        self.shop.products.append(
            ListedVariant(sku=sku, title=sku, external_variant_id=name)
        )
        return level(sku, name)

    def gone(self):
        """
        Return one that is not listed.
        """
        return level("GONE", "v-gone")

    def customers_buy(self, variant, units, /):
        """
        Take units away.
        """
        self.shop.stock[variant.external_variant_id] -= units

    def stock(self, variant, /):
        """
        Return what is left.
        """
        return self.shop.stock[variant.external_variant_id]


def level(sku, name):
    return ShopStock(
        sku=sku, external_variant_id=name, external_product_id="", quantity=0
    )


class TestFakeShop(StockContract):
    """
    The shop in memory that tests of services use.
    """

    faults = ()

    def make_lab(self):
        """
        Make a shop.
        """
        return FakeShopLab()
