"""
An offer is paid for what it was made for: variant, weight, size and restrictions.
"""

import pytest

from sourcehere import (
    CommandRefusedError,
    MappingRule,
    Money,
    NewProduct,
    NewVariant,
    Price,
    RuleItem,
)
from sourcehere.domain.kernel.address import Address
from sourcehere.testing.factories import (
    SELLER,
    nothing_moves,
    open_bench,
    snapshot,
)


def variant(bench, sku, **facts):
    """
    Add a product at the price of a cup; return its variant's id.
    """
    new = NewVariant(sku=sku, prices=(Price(Money(400, "USD")),), **facts)
    made = bench.sh.staff("ann").catalog.add(NewProduct(title=sku, variants=(new,)))
    return made.variants[0].variant_id


@pytest.fixture
def light(paired):
    """
    Connect a store product with something light; return the connection's id.
    """
    made = variant(paired, "LIGHT", weight_grams=300)
    rule = MappingRule("THING", (RuleItem(made),))
    return paired.sh.seller("demo").connections.connect("shop", [rule]).connection_id


HEAVY = {"weight_grams": 5_000}
BATTERY = {"weight_grams": 300, "attributes": ("battery",)}
LARGE = {"weight_grams": 300, "length_mm": 900, "width_mm": 900, "height_mm": 900}
SAME = {"weight_grams": 300}


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (HEAVY, "5000 g instead of 300 g"),
        (BATTERY, "with battery instead of nothing"),
        (LARGE, "of another size"),
        (SAME, "other variants"),
    ],
)
class TestSwapped:
    def test_a_changed_connection_pays_nothing(self, paired, light, facts, words):
        """
        The seller pairs something else at the same price between checkout and payment.
        """
        (order_id,) = paired.sync(snapshot(THING=1))
        shop = paired.sh.seller("demo")
        offer = shop.checkouts.open([order_id])
        other = variant(paired, "OTHER", **facts)
        shop.connections.change(light, [MappingRule("THING", (RuleItem(other),))])
        paired.sh.relay.run()
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            shop.checkouts.pay(offer)

        assert ("goods_outdated",) == ei.value.codes
        assert words in str(ei.value)
        shop.checkouts.pay(shop.checkouts.open([order_id]))

    def test_an_edit_of_the_shop_pays_nothing(self, paired, light, facts, words):
        """
        The shop's customer takes something else at the same price.
        """
        other = variant(paired, "OTHER", **facts)
        shop = paired.sh.seller("demo")
        shop.connections.connect("shop", [MappingRule("OTHER", (RuleItem(other),))])
        (order_id,) = paired.sync(snapshot(THING=1))
        offer = shop.checkouts.open([order_id])
        paired.sync(snapshot(OTHER=1))
        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            shop.checkouts.pay(offer)

        assert ("goods_outdated",) == ei.value.codes
        assert words in str(ei.value)
        assert light


class TestWhyNot:
    def codes(self, bench, order_id):
        found = bench.sh.seller("demo").orders.why_not(order_id, "pay")
        return [blocker.code for blocker in found]

    def test_nothing_is_in_the_way(self, paired):
        """
        It can be paid.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        with nothing_moves(paired):
            assert [] == self.codes(paired, order_id)

    def test_the_wallet_is_known(self, storage):
        """
        What it costs, and what there is.
        """
        poor = open_bench(storage=storage, top_up=100)
        poor.connect(poor.rule("CUP"))
        (order_id,) = poor.sync(snapshot(CUP=1))
        with nothing_moves(poor):
            (blocker,) = poor.sh.seller("demo").orders.why_not(order_id, "pay")

        assert "insufficient_funds" == blocker.code
        assert {
            "needed": "9.00 USD",
            "available": "1.00 USD",
            "missing": "8.00 USD",
        } == blocker.facts

    def test_a_country_that_nobody_serves_is_known(self, paired):
        """
        The words say why each method is left out.
        """
        nowhere = Address(country="AQ", name="A", street="1", city="X", postal_code="1")
        (order_id,) = paired.sync(snapshot(CUP=1, address=nowhere))
        (blocker,) = paired.sh.seller("demo").orders.why_not(order_id, "pay")

        assert "no_freight_option" == blocker.code
        assert "does not go to AQ" in blocker.words

    def test_who_may_not_is_told_first(self, paired):
        """
        The order's own reasons come before any carrier is asked.
        """
        (order_id,) = paired.sync(snapshot(CUP=1))
        paired.app.orders.cancel("demo", [order_id], by=SELLER)
        assert ["wrong_state"] == self.codes(paired, order_id)
        found = paired.sh.staff("ann").seller("demo").orders.why_not(order_id, "pay")
        assert "role_not_allowed" in [blocker.code for blocker in found]
