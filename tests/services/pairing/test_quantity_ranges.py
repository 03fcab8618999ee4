"""
Quantity ranges: what supplies a line depends on how many units it orders.
"""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere import MappingRule, QuantityRange, RuleItem
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.domain.pairing.model import ConnectedSku
from sourcehere.domain.pairing.rules import check_rules
from sourcehere.services.pairing.lookup import items_for
from sourcehere.testing.factories import (
    NOON,
    SELLER,
    STAFF,
    dump,
    nothing_moves,
    shop_lines,
    snapshot,
)
from sourcehere.unit.tables.shipments import PARCELS


def by_the_carton(bench, *, quantity_to=None):
    """
    Return a rule: single cups, but from ten on a lamp (the carton) for every ten.
    """
    carton = QuantityRange(
        quantity_from=10,
        quantity_to=quantity_to,
        items=(RuleItem(bench.variants["LAMP"]),),
        per=10,
    )
    return attrs.evolve(bench.rule("CUP"), ranges=(carton,))


def items_of(bench, order_id):
    """
    Return what an order's items are: item -> (SKU of the platform, units).
    """
    skus = {variant_id: sku for sku, variant_id in bench.variants.items()}
    order = bench.app.orders.get("demo", order_id)
    return {n: (skus[i.variant_id], i.quantity) for n, i in order.items.items()}


class TestWhatSuppliesALine:
    @pytest.mark.parametrize(
        ("quantity", "supplied"),
        [
            (9, ("CUP", 9)),
            (10, ("LAMP", 1)),
            (15, ("CUP", 15)),
            (20, ("LAMP", 2)),
            (29, ("CUP", 29)),
            (30, ("LAMP", 3)),
            (40, ("CUP", 40)),
        ],
    )
    def test_the_range_that_covers_the_quantity_decides(
        self, bench, quantity, supplied
    ):
        """
        Whole cartons where they fit the line exactly; single units for the rest.
        """
        bench.connect(by_the_carton(bench, quantity_to=30))
        (order_id,) = bench.sync(snapshot(CUP=quantity))

        assert {"1.1": supplied} == items_of(bench, order_id)

    @pytest.mark.parametrize(
        ("quantity", "supplied"), [(1, 1), (2, 3), (3, 4), (4, 6), (5, 7), (6, 6)]
    )
    def test_buy_two_get_one_has_no_gap(self, bench, quantity, supplied):
        """
        Every two units are three; what is left over is as the rule says, up to five.
        """
        cup = bench.variants["CUP"]
        more = QuantityRange(
            quantity_from=2,
            quantity_to=5,
            items=(RuleItem(cup, 3),),
            per=2,
            with_rest=True,
        )
        bench.connect(attrs.evolve(bench.rule("CUP"), ranges=(more,)))
        (order_id,) = bench.sync(snapshot(CUP=quantity))

        assert {"1.1": ("CUP", supplied)} == items_of(bench, order_id)

    def test_the_rest_may_be_of_another_variant(self, bench):
        """
        A carton and five cups; a correction by such a line is refused.
        """
        (carton,) = by_the_carton(bench).ranges
        with_rest = attrs.evolve(carton, with_rest=True)
        bench.connect(attrs.evolve(bench.rule("CUP"), ranges=(with_rest,)))
        (order_id,) = bench.sync(snapshot(CUP=15))
        desk = bench.sh.seller("demo").connections

        assert {"1.1": ("LAMP", 1), "1.2": ("CUP", 5)} == items_of(bench, order_id)
        (decider,) = [v for v in desk.explain(order_id, 1).verdicts if v.decides]
        assert "CUP 10+/10+" == decider.rule
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            desk.correct(order_id, 1, bench.wanted(HAT=30))
        assert ("line", 15) == (ei.value.field, ei.value.value)

    def test_recognition_honours_it_too(self, bench):
        """
        A line that waited is paired by its own quantity.
        """
        first, second = bench.sync(snapshot("1", CUP=10), snapshot("2", CUP=3))
        bench.connect(by_the_carton(bench))

        assert {"1.1": ("LAMP", 1)} == items_of(bench, first)
        assert {"1.1": ("CUP", 3)} == items_of(bench, second)

    def test_it_follows_an_edit_of_the_shop(self, bench):
        """
        A quantity that the shop changes may fall into another range.
        """
        bench.connect(by_the_carton(bench))
        (order_id,) = bench.sync(snapshot(CUP=9))
        bench.sync(snapshot(CUP=20))

        assert {"1.1": ("LAMP", 2)} == items_of(bench, order_id)

    def test_a_range_may_be_a_bundle(self, bench):
        """
        A range maps to several variants as well as any rule.
        """
        pair = QuantityRange(
            quantity_from=2,
            quantity_to=4,
            items=(
                RuleItem(bench.variants["HAT"], 3),
                RuleItem(bench.variants["LAMP"]),
            ),
            per=2,
        )
        bench.connect(attrs.evolve(bench.rule("CUP"), ranges=(pair,)))
        (order_id,) = bench.sync(snapshot(CUP=4))

        assert {"1.1": ("HAT", 6), "1.2": ("LAMP", 2)} == items_of(bench, order_id)

    def test_paid_lines_keep_what_they_were_paid_with(self, bench):
        """
        A range that is added later changes no order that is paid.
        """
        connection_id = bench.connect(bench.rule("CUP"))
        order_id = bench.paid(CUP=10)
        bench.app.pairing.change(
            "demo", connection_id, rules=[by_the_carton(bench)], method="", by=SELLER
        )
        bench.app.relay.run()

        assert {"1.1": ("CUP", 10)} == items_of(bench, order_id)

    def test_the_shop_is_told_of_complete_units_of_its_own(self, bench):
        """
        A carton of ten that left is ten units of the shop's line.
        """
        bench.connect(by_the_carton(bench))
        order_id = bench.accepted(CUP=20)
        bench.ship(order_id, i1_1=1)
        (row,) = dump(bench.app.storage)["parcel"]

        assert [("L1", 10)] == [
            (u.external_line_id, u.quantity) for u in PARCELS.from_row(row).store_units
        ]

    def test_a_discontinued_carton_ends_the_connection(self, bench):
        """
        A variant that only a range needs counts as used.
        """
        bench.connect(by_the_carton(bench))
        bench.app.upkeep.discontinue(bench.variants["LAMP"], by=STAFF)
        bench.app.relay.run()

        assert [False] == [c.is_active for c in bench.app.pairing.connections("demo")]

    def test_a_quoted_price_is_not_for_what_a_range_needs_beside_it(self, bench):
        """
        The price that was quoted for the cup alone holds for the cup alone.
        """
        request_id = bench.app.quotes.offer(
            "demo",
            "shop",
            "CUP",
            variant_id=bench.variants["CUP"],
            tiers={1: 100},
            valid_until=NOON.replace(year=2027),
            by=STAFF,
        )
        connection_id = bench.app.quotes.accept("demo", request_id, by=SELLER)
        pair = QuantityRange(
            quantity_from=2,
            items=(RuleItem(bench.variants["CUP"]), RuleItem(bench.variants["HAT"])),
        )
        rule = attrs.evolve(bench.rule("CUP"), ranges=(pair,))
        bench.app.pairing.change(
            "demo", connection_id, rules=[rule], method="", by=SELLER
        )
        one, two = bench.sync(snapshot("1", CUP=1), snapshot("2", CUP=2))

        bench.pay(one, two)
        goods = [o.goods.minor for o in bench.app.orders.get_many("demo", [one, two])]
        assert [100, 2 * 500 + 2 * 325] == goods


def rule_with(*bounds):
    """
    Return a rule with ranges (from, to, per).
    """
    item = (RuleItem("v"),)
    ranges = [
        QuantityRange(quantity_from=a, quantity_to=b, per=p, items=item)
        for a, b, p in bounds
    ]
    return MappingRule("A", item, ranges=tuple(ranges))


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "bounds",
        [
            [(0, 5, 1)],
            [(5, 4, 1)],
            [(1, 5, 0)],
            [(1, 5, 6)],
            [(11, 19, 10)],
            [(1, 5, 1), (5, 9, 1)],
            [(1, None, 1), (5, 9, 1)],
            [(5, 9, 1), (1, 6, 1)],
        ],
    )
    def test_ranges_that_overlap_or_cover_nothing(self, bounds):
        """
        Each quantity has at most one range, and each range at least one quantity.
        """
        with pytest.raises(InvalidInputError) as ei:
            check_rules((rule_with(*bounds),))
        assert "rules: A: ranges" == ei.value.field

    def test_a_range_without_units(self):
        """
        A range maps to positive quantities, as a rule does.
        """
        for items in ((), (RuleItem("v", 0),)):
            bad = QuantityRange(quantity_from=1, items=items)
            with pytest.raises(InvalidInputError):
                check_rules((attrs.evolve(rule_with(), ranges=(bad,)),))

    def test_a_variant_there_is_not(self, bench):
        """
        What only a range needs must be in the catalogue too.
        """
        rule = attrs.evolve(
            bench.rule("CUP"),
            ranges=(QuantityRange(quantity_from=2, items=(RuleItem("no"),)),),
        )
        with nothing_moves(bench), pytest.raises(Exception, match="no"):
            bench.connect(rule)

    def test_what_is_next_to_each_other_is_fine(self):
        """
        Ranges may touch, in any order, and the last may be without end.
        """
        check_rules((rule_with((10, None, 10), (1, 9, 1)),))


@st.composite
def rules(draw):
    """
    Draw a rule with up to three ranges that fit together.
    """
    edges = sorted(draw(st.sets(st.integers(1, 60), min_size=2, max_size=6)))
    bounds = []
    for low, high in zip(edges[::2], edges[1::2], strict=False):
        per = draw(st.integers(1, 6))
        if -(-low // per) * per < high:
            bounds.append((low, high - 1, per))
    return rule_with(*bounds)


@given(rule=rules(), quantity=st.integers(1, 80))
def test_every_quantity_is_supplied_exactly(rule, quantity):
    """
    Whatever the ranges, a line gets whole items for exactly its units: by the one range
    that covers it, else unit by unit.
    """
    check_rules((rule,))
    covering = [r for r in rule.ranges if r.covers(quantity)]
    assert len(covering) <= 1
    per = covering[0].per if covering else 1

    (item,) = rule.items_for(quantity)
    assert quantity == item.quantity * per
    sku = ConnectedSku(
        seller_id="s",
        store_id="x",
        sku_key="a",
        connection_id="c",
        connection_version=1,
        method="",
        rule=rule,
    )
    assert [item.quantity] == [i.quantity for i in items_for(sku, quantity, "GB")]


def test_follow_up_lines_are_independent(bench):
    """
    Two lines of one SKU are supplied each by its own quantity.
    """
    bench.connect(by_the_carton(bench))
    one = snapshot("1")
    lines = shop_lines({"CUP": 10, "cup": 5})
    (order_id,) = bench.sync(attrs.evolve(one, lines=lines))

    assert {"1.1": ("LAMP", 1), "2.1": ("CUP", 5)} == items_of(bench, order_id)
