"""
What shops that are told stock promise, on Shopify.
"""

import attrs
import pytest
from shopify_lab import ShopifyLab
from shopify_stock import Item

from sourcehere.ports.errors import DeclinedError
from sourcehere.ports.stock import ShopStock
from sourcehere.testing.kit import StockContract

SECOND = "gid://shopify/Location/2"


class ShopifyStockLab(ShopifyLab):
    """
    A shop with one location.
    """

    def sells(self, sku, /):
        """
        Sell another variant, which is counted at every location.
        """
        name = self.server.new_id()
        self.server.stock.items[name] = Item(dict.fromkeys(self.server.locations, 0))
        return level(sku, name)

    def gone(self):
        """
        Return a variant that was deleted.
        """
        return level("GONE", 7)

    def customers_buy(self, variant, units, /):
        """
        Take units away.
        """
        self._item(variant).levels[self.server.here] -= units

    def stock(self, variant, /):
        """
        Return what is available.
        """
        return self._item(variant).levels[self.server.here]

    def _item(self, variant):
        return self.server.stock.items[int(variant.external_variant_id)]


def level(sku, name, quantity=0):
    return ShopStock(
        sku=sku,
        external_variant_id=str(name),
        external_product_id="1",
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
        return ShopifyStockLab()


@pytest.mark.parametrize("version", ["2025-10", "2026-01", "2026-04", "2026-10"])
def test_each_version_has_its_words(version):
    """
    Keys and comparisons came and went.
    """
    lab = ShopifyStockLab(api_version=version)
    lab.server.version = version
    cup = lab.sells("CUP")
    for units in (4, 9, 4):
        assert [None] == lab.connect().push_stock([attrs.evolve(cup, quantity=units)])
        assert units == lab.stock(cup)


class TestLocations:
    """
    Stock is told of one location.
    """

    def test_the_configured_one(self):
        """
        Others keep what they have.
        """
        lab = ShopifyStockLab(location="2")
        lab.server.locations.append(SECOND)
        cup = lab.sells("CUP")

        assert [None] == lab.connect().push_stock([attrs.evolve(cup, quantity=5)])

        (item,) = lab.server.stock.items.values()
        assert {lab.server.here: 0, SECOND: 5} == item.levels
        assert "Locations" not in lab.server.requests

    def test_one_of_several_has_to_be_said(self):
        """
        Nothing is told by guessing.
        """
        lab = ShopifyStockLab()
        lab.server.locations.append(SECOND)
        cup = lab.sells("CUP")

        with pytest.raises(DeclinedError, match=r"several locations.*`location`"):
            lab.connect().push_stock([attrs.evolve(cup, quantity=5)])

        assert 0 == lab.stock(cup)

    def test_no_location(self):
        """
        That is said as well.
        """
        lab = ShopifyStockLab()
        lab.server.locations.clear()

        with pytest.raises(DeclinedError, match="no location"):
            lab.connect().push_stock([level("CUP", 5)])


class TestDeclined:
    """
    One that cannot be told says why, and the others are told.
    """

    @pytest.mark.parametrize(
        ("spoil", "words"),
        [
            (lambda _, item: setattr(item, "tracked", False), "does not track"),
            (lambda _, item: item.levels.clear(), "is not stocked at location 1"),
            (lambda stock, _: stock.refuses.update(stock.items), "can't be changed"),
        ],
    )
    def test_it_is_left_as_it_was(self, spoil, words):
        """
        Also where Shopify refuses all because of it.
        """
        lab = ShopifyStockLab()
        bad = lab.sells("BAD")
        spoil(lab.server.stock, lab.server.stock.items[int(bad.external_variant_id)])
        cup = lab.sells("CUP")

        told = lab.connect().push_stock(
            [attrs.evolve(bad, quantity=2), attrs.evolve(cup, quantity=3)]
        )

        assert isinstance(told[0], DeclinedError)
        assert words in str(told[0])
        assert told[1] is None
        assert 3 == lab.stock(cup)
        item = lab.server.stock.items[int(bad.external_variant_id)]
        assert 2 not in item.levels.values()

    def test_what_is_no_number_is_no_variant(self):
        """
        Shopify is not asked about it.
        """
        lab = ShopifyStockLab()

        (told,) = lab.connect().push_stock([level("CUP", "x7")])

        assert isinstance(told, DeclinedError)
        assert ["Locations"] == lab.server.requests
