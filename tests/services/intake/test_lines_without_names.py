"""
Lines with neither a SKU nor a variant's id: an item that a merchant typed into one
order, and one of a product that was deleted in the shop.
"""

import attrs
import pytest

from sourcehere.testing.factories import SELLER, STAFF, shop_line, snapshot


def nameless(number, quantity, *, title="Engraving", **facts):
    """
    Return a line that says what it is by its title alone.
    """
    line = shop_line("x", quantity, number=number)
    return attrs.evolve(line, sku="", title=title, **facts)


def with_lines(*lines, external_id="1", **facts):
    return attrs.evolve(snapshot(external_id, **facts), lines=lines)


def lines_of(bench, order_id):
    order = bench.app.orders.get("demo", order_id)
    return [(line.sku, line.title, line.quantity) for line in order.lines]


def state_of(bench, order_id):
    return bench.app.orders.get("demo", order_id).state


def holds_of(bench, order_id):
    return [h.detail for h in bench.app.orders.get("demo", order_id).holds]


class TestAnItemOfOneOrder:
    """
    Two cups and an engraving, which has no product in the shop.
    """

    @pytest.fixture
    def order_id(self, paired):
        order = with_lines(shop_line("CUP", 2), nameless(2, 1))
        (order_id,) = paired.sync(order)
        return order_id

    def test_the_order_comes_in_with_it(self, paired, order_id):
        """
        It waits until somebody says what supplies the engraving.
        """
        expected = [("CUP", "Cup", 2), ("", "Engraving", 1)]
        assert expected == lines_of(paired, order_id)
        assert "unrecognized" == state_of(paired, order_id)
        assert [] == list(paired.sh.seller("demo").stores.problems("shop"))

    def test_it_is_connected_for_its_order(self, paired, order_id):
        """
        Its item is paid and sent, and the shop is told under the line's own id.
        """
        line = paired.wanted(HAT=1)
        paired.sh.seller("demo").connections.connect_sku(order_id, 2, line)
        paired.pay(order_id)
        paired.app.shipping.accept("demo", [order_id], by=STAFF)
        paired.ship(order_id, "T1")
        paired.sh.relay.run()

        assert {"L1": 2, "L2": 1} == paired.shop.units_sent("1")

    def test_the_rest_goes_on_without_it(self, paired, order_id):
        paired.app.orders.process_paired_lines("demo", [order_id], by=SELLER)

        assert [("CUP", "Cup", 2)] == lines_of(paired, order_id)
        assert "awaiting_payment" == state_of(paired, order_id)

    def test_that_of_another_order_is_another(self, paired, order_id):
        """
        Shops number the lines of each order from one on; a connection that lasts is for
        the line that it was made for.
        """
        line = paired.wanted(HAT=1)
        paired.sh.seller("demo").connections.correct(order_id, 2, line)
        paired.app.relay.run()
        order = with_lines(shop_line("CUP", 2), nameless(2, 1), external_id="2")
        (other,) = paired.sync(order)

        assert "awaiting_payment" == state_of(paired, order_id)
        assert "unrecognized" == state_of(paired, other)
        coverage = paired.sh.seller("demo").connections.coverage("shop")
        assert [("", "Engraving", "line:2/L2")] == [
            (one.sku, one.title, one.external_variant_id) for one in coverage.unpaired
        ]

    def test_two_in_one_order_are_not_exchanged(self, paired):
        """
        One unit of the first less, and one of the second more, is no unit that moved.
        """
        lines = [nameless(1, 2), nameless(2, 1, title="Wrapping")]
        (order_id,) = paired.sync(with_lines(*lines, external_id="3"))
        desk = paired.sh.seller("demo").connections
        desk.connect_sku(order_id, 1, paired.wanted(HAT=2))
        desk.connect_sku(order_id, 2, paired.wanted(CUP=1))
        paired.pay(order_id)
        lines = [nameless(1, 1), nameless(2, 2, title="Wrapping")]
        paired.sync(with_lines(*lines, external_id="3"))

        (words,) = holds_of(paired, order_id)
        assert "the shop wants 1 fewer" in words
        assert "the shop wants 1 more" in words

    def test_its_long_ids_are_shortened(self, paired):
        long = attrs.evolve(nameless(1, 1), external_line_id="L" * 200)
        (order_id,) = paired.sync(with_lines(long, external_id="4"))
        (line,) = paired.app.orders.get("demo", order_id).lines

        assert line.external_variant_id.startswith("line:")
        assert len(line.external_variant_id) == len("line:") + 64


class TestAProductThatWasDeleted:
    """
    The shop tells a line's SKU and ids as long as there is the product, as WooCommerce
    does.
    """

    BEFORE = attrs.evolve(
        shop_line("CUP", 2), external_variant_id="8", external_product_id="7"
    )
    AFTER = nameless(1, 2, title="Cup")

    @pytest.fixture
    def order_id(self, paired):
        (order_id,) = paired.sync(with_lines(self.BEFORE))
        return order_id

    def test_the_line_is_what_it_was(self, paired, order_id):
        """
        Nothing is held, and the order is paid, sent and told as it was ordered.
        """
        paired.sync(with_lines(self.AFTER))
        assert [("CUP", "Cup", 2)] == lines_of(paired, order_id)
        paired.pay(order_id)
        paired.app.shipping.accept("demo", [order_id], by=STAFF)
        paired.sync(with_lines(self.AFTER, nameless(2, 0)))
        assert [] == holds_of(paired, order_id)
        paired.ship(order_id, "T1")
        paired.sh.relay.run()

        assert {"L1": 2} == paired.shop.units_sent("1")

    def test_fewer_of_it_are_followed(self, paired, order_id):
        """
        What is not paid follows, and keeps its connection.
        """
        paired.sync(with_lines(attrs.evolve(self.AFTER, quantity=1)))

        assert [("CUP", "Cup", 1)] == lines_of(paired, order_id)
        assert "awaiting_payment" == state_of(paired, order_id)

    def test_its_cancellation_is_followed(self, paired, order_id):
        paired.pay(order_id)
        paired.sync(with_lines(self.AFTER, cancelled=True))

        assert ["cancelled in the shop"] == holds_of(paired, order_id)

    def test_a_line_without_a_sku_is_what_it_was(self, paired):
        """
        It was known by its variant's id alone.
        """
        before = attrs.evolve(self.BEFORE, sku="")
        (order_id,) = paired.sync(with_lines(before, external_id="2"))
        paired.sync(with_lines(attrs.evolve(self.AFTER, quantity=1), external_id="2"))

        (line,) = paired.app.orders.get("demo", order_id).lines
        assert ("8", "7", 1) == (
            line.external_variant_id,
            line.external_product_id,
            line.quantity,
        )

    def test_what_comes_under_another_id_is_new(self, paired, order_id):
        paired.pay(order_id)
        paired.sync(with_lines(self.AFTER, nameless(2, 1)))

        words = ["variant:line:1/L2: the shop wants 1 more"]
        assert words == holds_of(paired, order_id)
