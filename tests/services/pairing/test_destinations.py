"""
Destinations: what supplies a line depends on the country that its order goes to.
"""

import attrs
import pytest

from sourcehere import Destination, MappingRule, QuantityRange, RuleItem
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.domain.pairing.rules import check_rules
from sourcehere.testing.factories import HOME, nothing_moves, snapshot
from sourcehere.unit.text.codecs import dumper, loader

GB = attrs.evolve(HOME, country="GB", postal_code="")
AU = attrs.evolve(HOME, country="AU", postal_code="")


def desk(bench):
    return bench.sh.seller("demo").connections


def by_country(bench):
    """
    Return a rule: cups, but lamps to Great Britain and Ireland, and there from ten on
    a hat for every ten.
    """
    lamp, hat = bench.variants["LAMP"], bench.variants["HAT"]
    there = Destination(
        countries=("UK", "IE"),
        items=(RuleItem(lamp, 2),),
        ranges=(QuantityRange(quantity_from=10, per=10, items=(RuleItem(hat),)),),
    )
    few = QuantityRange(quantity_from=5, items=(RuleItem(hat),))
    return attrs.evolve(bench.rule("CUP"), ranges=(few,), destinations=(there,))


def items_of(bench, order_id):
    """
    Return what an order's items are: (SKU of the platform, units).
    """
    skus = {variant_id: sku for sku, variant_id in bench.variants.items()}
    order = bench.app.orders.get("demo", order_id)
    return [(skus[i.variant_id], i.quantity) for i in order.items.values()]


def send_to(bench, order_id, address):
    bench.sh.seller("demo").orders.correct_address(order_id, address)


class TestWhatSuppliesALine:
    @pytest.mark.parametrize(
        ("address", "quantity", "supplied"),
        [
            (HOME, 3, ("CUP", 3)),
            (HOME, 10, ("HAT", 10)),
            (AU, 3, ("CUP", 3)),
            (GB, 3, ("LAMP", 6)),
            (GB, 7, ("LAMP", 14)),
            (GB, 20, ("HAT", 2)),
        ],
    )
    def test_the_country_goes_before_the_quantity(
        self, bench, address, quantity, supplied
    ):
        """
        A destination has ranges of its own; those of the rule do not count there.
        """
        bench.connect(by_country(bench))
        (order_id,) = bench.sync(snapshot(address=address, CUP=quantity))

        assert [supplied] == items_of(bench, order_id)

    def test_recognition_honours_it(self, bench):
        """
        Lines that waited are paired by where their orders go.
        """
        us, gb = bench.sync(snapshot("1", CUP=1), snapshot("2", address=GB, CUP=1))
        bench.connect(by_country(bench))

        assert [("CUP", 1)] == items_of(bench, us)
        assert [("LAMP", 2)] == items_of(bench, gb)

    def test_orders_follow_a_change_of_it(self, bench):
        """
        Unpaid orders become what the new rule has for their country.
        """
        connection_id = bench.connect(bench.rule("CUP"))
        us, gb = bench.sync(snapshot("1", CUP=1), snapshot("2", address=GB, CUP=1))
        desk(bench).change(connection_id, rules=[by_country(bench)])

        assert [("CUP", 1)] == items_of(bench, us)
        assert [("LAMP", 2)] == items_of(bench, gb)

    def test_it_follows_an_edit_of_the_quantity(self, bench):
        """
        A line that the shop changes is supplied anew, for the same country.
        """
        bench.connect(by_country(bench))
        (order_id,) = bench.sync(snapshot(address=GB, CUP=1))
        bench.sync(snapshot(address=GB, CUP=10))

        assert [("HAT", 1)] == items_of(bench, order_id)


class TestAnotherAddress:
    def test_the_line_follows_a_correction(self, bench):
        """
        In the same commit, there and back; the order can be paid at once.
        """
        bench.connect(by_country(bench))
        (order_id,) = bench.sync(snapshot(CUP=1))
        send_to(bench, order_id, GB)
        assert [("LAMP", 2)] == items_of(bench, order_id)
        send_to(bench, order_id, AU)
        assert [("CUP", 1)] == items_of(bench, order_id)
        send_to(bench, order_id, GB)

        bench.pay(order_id)
        assert [("LAMP", 2)] == items_of(bench, order_id)

    def test_the_line_follows_the_shop(self, bench):
        """
        An address that the shop edits is one, too.
        """
        bench.connect(by_country(bench))
        (order_id,) = bench.sync(snapshot(CUP=1))
        bench.sync(snapshot(address=GB, CUP=1))
        assert [("LAMP", 2)] == items_of(bench, order_id)
        bench.sync(snapshot(address=AU, CUP=5))
        assert [("HAT", 5)] == items_of(bench, order_id)

    def test_a_line_of_its_own_stays(self, bench):
        """
        What was connected for its order alone is what was said, wherever it goes.
        """
        bench.connect(by_country(bench))
        (order_id,) = bench.sync(snapshot(CUP=1))
        orders = bench.sh.seller("demo").connections
        orders.connect_sku(order_id, 1, bench.wanted(CUP=4))
        send_to(bench, order_id, GB)

        assert [("CUP", 4)] == items_of(bench, order_id)

    def test_what_would_be_too_much_waits(self, bench):
        """
        A line that no rule can supply there is unrecognized, and recognized elsewhere.
        """
        lamp = (RuleItem(bench.variants["LAMP"], 1_000_000),)
        there = Destination(countries=("GB",), items=lamp)
        bench.connect(attrs.evolve(bench.rule("CUP"), destinations=(there,)))
        (order_id,) = bench.sync(snapshot(CUP=2))
        send_to(bench, order_id, GB)
        assert "unrecognized" == bench.app.orders.get("demo", order_id).state
        send_to(bench, order_id, AU)

        assert "awaiting_payment" == bench.app.orders.get("demo", order_id).state
        assert [("CUP", 2)] == items_of(bench, order_id)


class TestCorrecting:
    def test_what_decided_is_corrected(self, bench):
        """
        Orders to these countries follow; those to others stay as they are.
        """
        bench.connect(by_country(bench))
        us, gb, ten = bench.sync(
            snapshot("1", CUP=1),
            snapshot("2", address=GB, CUP=1),
            snapshot("3", address=GB, CUP=10),
        )
        preview = desk(bench).preview_sku(
            gb, 1, bench.wanted(HAT=3), for_all_waiting=True
        )
        desk(bench).correct(gb, 1, bench.wanted(HAT=3))

        assert [gb] == [c.order_id for c in preview if c.before != c.after]
        assert [("CUP", 1)] == items_of(bench, us)
        assert [("HAT", 3)] == items_of(bench, gb)
        assert [("HAT", 1)] == items_of(bench, ten)
        desk(bench).correct(ten, 1, bench.wanted(LAMP=4))
        assert [("LAMP", 4)] == items_of(bench, ten)
        (made,) = desk(bench).list()
        (there,) = made.rules[0].destinations
        lamp, hat = bench.variants["LAMP"], bench.variants["HAT"]
        assert (RuleItem(hat, 3),) == there.items
        assert (RuleItem(lamp, 4),) == there.ranges[0].items
        assert (RuleItem(bench.variants["CUP"]),) == made.rules[0].items


class TestExplained:
    def verdicts(self, bench, order_id):
        found = desk(bench).explain(order_id, 1).verdicts
        return [(v.rule, v.decides, v.words) for v in found][1:]

    def test_the_destination_that_decided(self, bench):
        """
        The rest is for all other countries.
        """
        bench.connect(by_country(bench))
        (order_id,) = bench.sync(snapshot(address=GB, CUP=1))

        assert [
            ("CUP GB+IE 10+/10", False, "it is for 10 units or more, not for 1"),
            ("CUP GB+IE", True, "it decided"),
            (
                "CUP",
                False,
                "it is for countries of no destination, and CUP GB+IE decided",
            ),
        ] == self.verdicts(bench, order_id)

    def test_the_rule_that_decided(self, bench):
        """
        A destination says for which countries it is.
        """
        bench.connect(by_country(bench))
        (order_id,) = bench.sync(snapshot(CUP=1))

        assert [
            ("CUP GB+IE", False, "it is for orders to GB+IE, not to US"),
            ("CUP 5+", False, "it is for 5 units or more, not for 1"),
            ("CUP", True, "it decided"),
        ] == self.verdicts(bench, order_id)

    def test_the_history_tells_it(self, bench):
        """
        As people write it.
        """
        connection_id = bench.connect(by_country(bench))
        (made,) = desk(bench).history(connection_id)

        words = "CUP is 1 CUP; 5+: 1 HAT; to GB+IE: 2 LAMP; 10+/10: 1 HAT"
        assert (words,) == made.words


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("countries", "value"),
        [
            ([()], ""),
            ([("XX",)], "XX"),
            ([("gb",)], "gb"),
            ([("GB", "UK")], "GB"),
            ([("GB", "IE"), ("FR", "IE")], "IE"),
        ],
    )
    def test_countries_that_are_none_or_there_twice(self, countries, value):
        """
        Each country has one destination at most.
        """
        item = (RuleItem("v"),)
        there = tuple(Destination(countries=names, items=item) for names in countries)
        with pytest.raises(InvalidInputError) as ei:
            check_rules((MappingRule("A", item, destinations=there),))
        assert ("rules: A: destinations", value) == (ei.value.field, ei.value.value)

    def test_nothing_that_supplies_it(self):
        """
        A destination, and each of its ranges, has items as a rule has.
        """
        item = (RuleItem("v"),)
        empty = QuantityRange(quantity_from=1, items=())
        over = QuantityRange(quantity_from=1, items=item)
        for items, ranges, field in (
            ((), (), "rules: A: GB"),
            (item, (empty,), "rules: A: GB"),
            (item, (over, over), "rules: A: GB: ranges"),
        ):
            there = Destination(countries=("GB",), items=items, ranges=ranges)
            with pytest.raises(InvalidInputError) as ei:
                check_rules((MappingRule("A", item, destinations=(there,)),))
            assert field == ei.value.field

    def test_a_variant_there_is_not(self, bench):
        """
        What only a destination needs must be in the catalogue too.
        """
        there = Destination(countries=("GB",), items=(RuleItem("no"),))
        rule = attrs.evolve(bench.rule("CUP"), destinations=(there,))
        with nothing_moves(bench), pytest.raises(Exception, match="no"):
            bench.connect(rule)


def test_rules_that_were_stored_before_have_no_destinations():
    """
    A row without the field is read, and one with it comes back as it was.
    """
    there = Destination(countries=("GB",), items=(RuleItem("w", 2),))
    rule = MappingRule("A", (RuleItem("v"),), destinations=(there,))
    before = '{"sku":"A","items":[{"variant_id":"v","quantity":1}]}'

    assert MappingRule("A", (RuleItem("v"),)) == loader(MappingRule)(before)
    assert rule == loader(MappingRule)(dumper(MappingRule)(rule))
