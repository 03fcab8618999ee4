"""
What shops that are told stock promise, on WooCommerce.
"""

import pytest
from woo_lab import WooLab

from sourcehere.ports.errors import DeclinedError, ThrottledError
from sourcehere.ports.stock import ShopStock
from sourcehere.testing.kit import StockContract, WireFault


class WooStockLab(WooLab):
    """
    A shop with simple products, and one of variations.
    """

    def __init__(self, **config):
        super().__init__(**config)
        self.parent = self.server.new_id()
        self.server.variations[self.parent] = []

    def sells(self, sku, /):
        """
        Sell another variant: in turns a product of its own, and a variation.
        """
        name = self.server.new_id()
        made = {"id": name, "sku": sku, "manage_stock": False, "stock_quantity": None}
        siblings = self.server.variations[self.parent]
        is_variation = len(siblings) < len(self.server.products)
        (siblings if is_variation else self.server.products).append(made)
        return level(sku, name, self.parent if is_variation else name)

    def gone(self):
        """
        Return a variation that was deleted.
        """
        return level("GONE", 7, self.parent)

    def customers_buy(self, variant, units, /):
        """
        Take units away.
        """
        self._of(variant)["stock_quantity"] -= units

    def stock(self, variant, /):
        """
        Return what is left of what is counted.
        """
        one = self._of(variant)
        assert one["manage_stock"] is True
        return one["stock_quantity"]

    def _of(self, variant):
        things = [*self.server.products, *self.server.variations[self.parent]]
        (found,) = [x for x in things if str(x["id"]) == variant.external_variant_id]
        return found


def level(sku, name, product, quantity=0):
    return ShopStock(
        sku=sku,
        external_variant_id=str(name),
        external_product_id=str(product),
        quantity=quantity,
    )


class TestStock(StockContract):
    """
    The contract.
    """

    def make_lab(self):
        """
        Make a shop that sells nothing yet.
        """
        return WooStockLab()


def test_a_product_that_is_gone_is_declined_alone():
    """
    With all its variations; the others are told.
    """
    lab = WooStockLab()
    cup = lab.sells("CUP")
    told = lab.connect().push_stock([level("OLD", 3, 4, 9), cup])

    assert isinstance(told[0], DeclinedError)
    assert (None, 0) == (told[1], lab.stock(cup))


def test_who_throttles_is_asked_no_more():
    """
    What was not asked for has the same answer: come back later.
    """
    lab = WooStockLab()
    levels = [lab.sells("CUP"), lab.sells("HAT")]
    lab.line.fail(WireFault.THROTTLED)
    told = lab.connect().push_stock(levels)

    assert all(isinstance(error, ThrottledError) for error in told)
    assert [] == lab.server.requests


@pytest.mark.parametrize("said", [{}, [], {"update": None}, "yes"])
def test_an_answer_without_a_list_is_no_yes(monkeypatch, said):
    """
    Nobody knows what was taken.
    """
    lab = WooStockLab()
    shop = lab.connect()
    monkeypatch.setattr(shop._client, "send", lambda *_, **__: said)
    (error,) = shop.push_stock([lab.sells("CUP")])
    assert "no list of what was updated" in str(error)
