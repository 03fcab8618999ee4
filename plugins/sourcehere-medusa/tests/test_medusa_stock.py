"""
What shops that are told stock promise, on Medusa.
"""

import pytest
from medusa_lab import MedusaLab

from sourcehere.ports.errors import DeclinedError
from sourcehere.ports.stock import ShopStock
from sourcehere.testing.kit import StockContract


class MedusaStockLab(MedusaLab):
    """
    A shop with one location, and variants that it stocks there.
    """

    def sells(self, sku, /, *, required=1, is_stocked=True, **more):
        """
        Sell another variant.
        """
        server = self.server
        name, item = server.new_id("variant"), server.new_id("iitem")
        level = {
            "location_id": "sloc_1",
            "stocked_quantity": 0,
            "reserved_quantity": 0,
        }
        if is_stocked:
            server.levels[item, "sloc_1"] = level
        inventory = {"id": item, "location_levels": [level] if is_stocked else []}
        made = {
            "inventory_item_id": item,
            "required_quantity": required,
            "inventory": inventory,
        }
        server.variants[name] = {
            "id": name,
            "sku": sku,
            "title": "Default variant",
            "barcode": None,
            "product_id": f"prod_{name}",
            "product": {"id": f"prod_{name}", "title": f"Product {sku}"},
            "options": [],
            "manage_inventory": True,
            "inventory_items": [made],
            **more,
        }
        return stock_of(sku, name)

    def gone(self):
        """
        Return a variant that was deleted.
        """
        return stock_of("GONE", "variant_gone")

    def customers_buy(self, variant, units, /):
        """
        Reserve units.
        """
        self.level(variant)["reserved_quantity"] += units

    def stock(self, variant, /):
        """
        Return how many can be bought.
        """
        level = self.level(variant)
        return level["stocked_quantity"] - level["reserved_quantity"]

    def level(self, variant):
        """
        Return what is stocked.
        """
        (item,) = self.server.variants[variant.external_variant_id]["inventory_items"]
        return self.server.levels[item["inventory_item_id"], "sloc_1"]


def stock_of(sku, name, quantity=0):
    """
    Say how many units there are of a variant.
    """
    return ShopStock(
        sku=sku,
        external_variant_id=name,
        external_product_id=f"prod_{name}",
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
        return MedusaStockLab()


@pytest.fixture
def lab():
    return MedusaStockLab()


def test_what_is_reserved_is_stocked_besides(lab):
    """
    Customers can buy as many as were told.
    """
    cup = lab.sells("CUP")
    lab.level(cup)["reserved_quantity"] = 4
    assert [None] == lab.connect().push_stock(
        [stock_of("CUP", cup.external_variant_id, 7)]
    )
    assert (11, 7) == (lab.level(cup)["stocked_quantity"], lab.stock(cup))


def test_a_variant_of_several_pieces_is_stocked_by_the_piece(lab):
    """
    As many pieces as it takes.
    """
    pair = lab.sells("PAIR", required=2)
    lab.connect().push_stock([stock_of("PAIR", pair.external_variant_id, 3)])
    assert 6 == lab.level(pair)["stocked_quantity"]


def test_what_was_never_stocked_there_is_from_now_on(lab):
    """
    Nobody has to do it in the shop first.
    """
    cup = lab.sells("CUP", is_stocked=False)
    for quantity in (5, 6):
        level = stock_of("CUP", cup.external_variant_id, quantity)
        assert [None] == lab.connect().push_stock([level])
        assert quantity == lab.stock(cup)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"manage_inventory": False}, "does not manage its inventory"),
        ({"inventory_items": []}, "does not manage its inventory"),
        ({"inventory_items": [{}, {}]}, "made of several things"),
    ],
)
def test_what_is_not_counted_is_declined_alone(lab, more, words):
    """
    And says why; its neighbour is told.
    """
    odd, cup = lab.sells("ODD", **more), lab.sells("CUP")
    told = lab.connect().push_stock([odd, stock_of("CUP", cup.external_variant_id, 2)])
    assert isinstance(told[0], DeclinedError)
    assert words in str(told[0])
    assert (None, 2) == (told[1], lab.stock(cup))


def test_two_variants_of_one_thing_are_told_the_less(lab):
    """
    Neither is sold more often than was told.
    """
    one, other = lab.sells("BOX"), lab.sells("GIFT-BOX")
    variants = lab.server.variants
    variants[other.external_variant_id]["inventory_items"] = variants[
        one.external_variant_id
    ]["inventory_items"]
    levels = [
        stock_of("BOX", one.external_variant_id, 3),
        stock_of("GIFT-BOX", other.external_variant_id, 8),
    ]
    for some in (levels, levels[::-1]):
        assert [None, None] == lab.connect().push_stock(some)
        assert 3 == lab.stock(one)


@pytest.mark.parametrize(
    ("locations", "words"),
    [(["sloc_1", "sloc_2"], "several stock locations"), ([], "no stock location")],
)
def test_one_location_has_to_be_known(lab, locations, words):
    """
    The only one, or the one that is configured.
    """
    lab.server.locations = locations
    cup = lab.sells("CUP")
    with pytest.raises(DeclinedError, match=words):
        lab.connect().push_stock([cup])


def test_the_location_is_configured():
    """
    Of several.
    """
    lab = MedusaStockLab(location="sloc_1")
    lab.server.locations = ["sloc_1", "sloc_2"]
    cup = lab.sells("CUP")
    level = stock_of("CUP", cup.external_variant_id, 2)
    assert [None] == lab.connect().push_stock([level])
    assert 2 == lab.stock(cup)
