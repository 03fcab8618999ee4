"""
Connections that go by the shop's own ids of a variant or a product, not by a SKU.
"""

from datetime import timedelta

import attrs
import pytest

from sourcehere import InvalidInputError, MappingRule, RuleItem
from sourcehere.services.pairing.asking import QuoteWish
from sourcehere.testing.factories import (
    NOON,
    SELLER,
    STAFF,
    nothing_moves,
    shop_line,
    snapshot,
)


def desk(bench):
    return bench.sh.seller("demo").connections


def line(sku="", quantity=1, *, number=1, variant="", product=""):
    return attrs.evolve(
        shop_line(sku, quantity, number=number),
        external_variant_id=variant,
        external_product_id=product,
    )


def orders(bench, **lines):
    """
    Place shop orders of one line each, by their ids.
    """
    return bench.sync(
        *(attrs.evolve(snapshot(name), lines=(one,)) for name, one in lines.items())
    )


def rule(bench, to, *, sku="", variant="", product=""):
    items = (RuleItem(bench.variants[to]),)
    return MappingRule(
        sku, items, external_variant_id=variant, external_product_id=product
    )


def supplied(bench, *order_ids):
    """
    Return what each order is of: SKUs of the platform, in order.
    """
    skus = {variant_id: sku for sku, variant_id in bench.variants.items()}
    return [
        "+".join(skus[i.variant_id] for i in order.items.values())
        for order in bench.app.orders.get_many("demo", order_ids)
    ]


class TestVariants:
    def test_a_line_without_a_sku_is_connected_by_its_variant(self, bench):
        """
        What waits is recognized by the relay, what comes later at once; another variant
        waits.
        """
        first, other = orders(bench, a=line(variant="11"), b=line(variant="12"))
        bench.connect(rule(bench, "CUP", variant="11"))
        (later,) = orders(bench, c=line(variant="11", quantity=2))

        assert ["CUP", "", "CUP"] == supplied(bench, first, other, later)
        (view,) = bench.sh.seller("demo").orders.get(later).lines
        assert ("", "11", 1) == (
            view.sku,
            view.external_variant_id,
            view.connection_version,
        )
        assert {later: 1_550} == bench.pay(later).paid

    def test_ids_are_compared_as_they_are(self, bench):
        """
        They are the shop's keys: their case counts, and no SKU is ever one of them.
        """
        made = orders(
            bench, a=line(variant="Gid"), b=line(variant="gid"), c=line("variant:gid")
        )
        bench.connect(rule(bench, "CUP", variant="gid"))

        assert ["", "CUP", ""] == supplied(bench, *made)

    def test_lines_without_skus_are_no_moved_units(self, bench):
        """
        A paid order whose variant the shop swaps for another one is held: these units
        did not only move from line to line.
        """
        bench.connect(rule(bench, "CUP", variant="11"))
        (order_id,) = orders(bench, a=line(variant="11"))
        bench.pay(order_id)
        orders(bench, a=line(variant="12", number=2))

        (hold,) = bench.sh.seller("demo").orders.get(order_id).holds
        assert ("store_changed", "variant:12: the shop wants 1 more") == (
            hold.reason,
            hold.detail.split("; ")[1],
        )

    def test_units_that_are_taken_over_keep_their_ids(self, bench):
        """
        The part with what the shop added is paired by the variant, too.
        """
        bench.connect(rule(bench, "CUP", variant="11"))
        (order_id,) = orders(bench, a=line(variant="11"))
        bench.pay(order_id)
        orders(bench, a=line(variant="11", quantity=3))
        part = bench.sh.seller("demo").orders.take_over(order_id).part_id

        assert ["CUP"] == supplied(bench, part)

    def test_a_part_that_waits_keeps_its_ids(self, bench):
        """
        What leaves for a part of its own is paired by its variant, or its product.
        """
        bench.connect(bench.rule("CUP"))
        mixed = (
            line("CUP"),
            line(number=2, variant="11"),
            line("TEE", number=3, product="7"),
        )
        (order_id,) = bench.sync(attrs.evolve(snapshot("a"), lines=mixed))
        done = bench.sh.seller("demo").orders.process_paired_lines([order_id]).done
        part = done[order_id].waiting_id
        bench.connect(rule(bench, "HAT", variant="11"))
        bench.connect(rule(bench, "LAMP", product="7"))

        assert ["CUP", "HAT+LAMP"] == supplied(bench, order_id, part)

    def test_a_quote_for_it_connects_the_variant(self, bench):
        """
        Accepted, it supplies what waits for the variant, at the quoted price.
        """
        first, second = orders(bench, a=line(variant="11"), b=line(variant="11"))
        quotes = bench.app.quotes
        request_id = quotes.ask("demo", QuoteWish(order_id=first, line=1), by=SELLER)
        quotes.answer(
            "demo",
            request_id,
            variant_id=bench.variants["HAT"],
            tiers={1: 300},
            valid_until=NOON + timedelta(days=7),
            by=STAFF,
        )
        quotes.accept("demo", request_id, by=SELLER)
        bench.app.relay.run()

        assert ["HAT", "HAT"] == supplied(bench, first, second)
        (made,) = desk(bench).list()
        assert ("variant:11", "variant:11") == (made.listing, made.rules[0].name)

    def test_coverage_names_what_has_no_sku(self, bench):
        """
        Each variant is counted by itself, though neither has a SKU.
        """
        orders(
            bench,
            a=line(variant="11", product="7"),
            b=line(variant="11", product="7"),
            c=line(variant="12", product="7"),
        )
        unpaired = desk(bench).coverage("shop").unpaired

        assert [("", "11", "7", 2), ("", "12", "7", 1)] == [
            (u.sku, u.external_variant_id, u.external_product_id, u.orders)
            for u in unpaired
        ]
        assert () == bench.sh.seller("demo").suggestions.for_waiting("shop").suggestions


class TestPrecedence:
    def test_the_most_exact_name_decides(self, bench):
        """
        The variant's id goes before the SKU, and that before the product's id; each
        takes over what is not paid, and gives it back when it ends.
        """
        (order_id,) = orders(bench, a=line("TEE", variant="11", product="7"))
        seen = []
        made = []
        for to, name in (("LAMP", "product"), ("HAT", "sku"), ("CUP", "variant")):
            value = {"product": "7", "sku": "TEE", "variant": "11"}[name]
            made.append(bench.connect(rule(bench, to, **{name: value})))
            seen += supplied(bench, order_id)
        for connection_id in reversed(made):
            desk(bench).remove(connection_id)
            seen += supplied(bench, order_id)

        assert ["LAMP", "HAT", "CUP", "HAT", "LAMP", ""] == seen

    def test_a_product_is_all_its_variants(self, bench):
        """
        One rule supplies them, save those that have one of their own.
        """
        bench.connect(
            rule(bench, "LAMP", product="7"), rule(bench, "HAT", variant="12")
        )
        made = orders(
            bench,
            a=line("A", variant="11", product="7"),
            b=line("B", variant="12", product="7"),
            c=line("C", variant="13", product="8"),
        )

        assert ["LAMP", "HAT", ""] == supplied(bench, *made)

    def test_a_correction_of_one_variant_leaves_the_others(self, bench):
        """
        The product's rule stays; the corrected variant has one of its own from then on.
        """
        connection_id = bench.connect(rule(bench, "LAMP", product="7"))
        made = orders(
            bench,
            a=line("A", product="7"),
            b=line("B", product="7"),
            c=line(variant="13", product="7"),
        )
        for order_id, sku in ((made[0], "CUP"), (made[2], "HAT")):
            told = desk(bench).preview_sku(
                order_id, 1, bench.wanted(**{sku: 1}), for_all_waiting=True
            )
            assert [order_id] == [one.order_id for one in told]
            done = desk(bench).correct(order_id, 1, bench.wanted(**{sku: 1}))
            assert connection_id == done.connection_id

        assert ["CUP", "LAMP", "HAT"] == supplied(bench, *made)
        (known,) = desk(bench).list()
        assert {"product:7", "A", "variant:13"} == {r.name for r in known.rules}


@pytest.mark.parametrize(
    ("names", "field"),
    [
        ({}, "rules: sku"),
        ({"sku": "A", "variant": "1"}, "rules: sku"),
        ({"variant": "1", "product": "2"}, "rules: sku"),
        ({"variant": " 1"}, "rules: external id"),
        ({"product": "1" * 201}, "rules: external id"),
    ],
)
def test_a_rule_has_one_name(bench, names, field):
    """
    By several names, or by none, nobody knows what it is for.
    """
    with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
        desk(bench).connect("shop", [rule(bench, "CUP", **names)])
    assert field == ei.value.field


def test_a_name_is_connected_once(bench):
    """
    A connection names an id once, too.
    """
    rules = [rule(bench, "CUP", variant="1"), rule(bench, "HAT", variant="1")]
    with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
        desk(bench).connect("shop", rules)
    assert ("rules: sku", "variant:1") == (ei.value.field, ei.value.value)
