"""
Backups: what supplies a line while its first choice cannot be bought.
"""

from datetime import timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere import (
    Destination,
    MappingRule,
    Money,
    Price,
    QuantityRange,
    RuleItem,
    VariantChange,
)
from sourcehere.domain.kernel.errors import (
    CommandRefusedError,
    InvalidInputError,
    NotFoundError,
)
from sourcehere.domain.pairing.rules import check_rules
from sourcehere.domain.pairing.supply import items_needed
from sourcehere.testing.factories import HOME, NOON, STAFF, nothing_moves, snapshot

GB = attrs.evolve(HOME, country="GB", postal_code="")


def desk(bench):
    return bench.sh.seller("demo").connections


def backed_up(bench, *backups, units=1, sku="CUP"):
    """
    Return a rule by which other variants may supply a SKU.
    """
    names = tuple(bench.variants[name] for name in backups)
    return MappingRule(sku, (RuleItem(bench.variants[sku], units, names),))


def mark(bench, sku, *, in_stock):
    """
    Tell whether the supplier has a variant, and let the relay do what follows.
    """
    change = VariantChange(is_in_stock=in_stock)
    bench.sh.staff("ann").catalog.change(bench.variants[sku], change)
    bench.app.relay.run()


def discontinue(bench, sku):
    bench.app.upkeep.discontinue(bench.variants[sku], by=STAFF)
    bench.app.relay.run()


def items_of(bench, order_id):
    """
    Return what an order's items are: (SKU of the platform, units).
    """
    skus = {variant_id: sku for sku, variant_id in bench.variants.items()}
    order = bench.app.orders.get("demo", order_id)
    return [(skus[i.variant_id], i.quantity) for i in order.items.values()]


def state(bench, order_id):
    return bench.app.orders.get("demo", order_id).state


class TestOutOfStock:
    def test_the_first_that_can_be_bought_supplies_an_arriving_line(self, bench):
        """
        As many units of it, whatever the quantity.
        """
        bench.connect(backed_up(bench, "HAT", "LAMP", units=2))
        first = bench.sync(snapshot("1", CUP=3))
        mark(bench, "HAT", in_stock=False)
        mark(bench, "CUP", in_stock=False)
        second = bench.sync(snapshot("2", CUP=3))

        assert [("LAMP", 6)] == items_of(bench, *first)
        assert [("LAMP", 6)] == items_of(bench, *second)
        bench.pay(*second)
        assert bench.app.audit.run(replay=True).is_clean

    def test_waiting_orders_follow_there_and_back(self, bench):
        """
        Orders that are not paid; what is paid stays what was paid.
        """
        bench.connect(backed_up(bench, "HAT"))
        paid, waiting = bench.sync(snapshot("1", CUP=1), snapshot("2", CUP=4))
        bench.pay(paid)
        mark(bench, "CUP", in_stock=False)
        assert [("CUP", 1)] == items_of(bench, paid)
        assert [("HAT", 4)] == items_of(bench, waiting)
        assert "awaiting_payment" == state(bench, waiting)
        mark(bench, "CUP", in_stock=True)
        assert [("CUP", 4)] == items_of(bench, waiting)

    def test_without_one_that_can_be_bought_the_first_choice_stays(self, bench):
        """
        It is refused at payment, as without backups, and waits until something is back.
        """
        bench.connect(backed_up(bench, "HAT"))
        (order_id,) = bench.sync(snapshot(CUP=1))
        for sku in ("CUP", "HAT"):
            mark(bench, sku, in_stock=False)
        assert [("CUP", 1)] == items_of(bench, order_id)
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.pay(order_id)
        assert ("out_of_stock",) == ei.value.codes
        mark(bench, "HAT", in_stock=True)

        assert [("HAT", 1)] == items_of(bench, order_id)

    def test_what_the_seller_owns_comes_first(self, bench):
        """
        Five cups lie in the cloud warehouse: a line of five is theirs, and one of six
        would have to be bought.
        """
        bench.connect(backed_up(bench, "HAT"))
        bench.stocked(CUP=5)
        mark(bench, "CUP", in_stock=False)
        five, six = bench.sync(snapshot("1", CUP=5), snapshot("2", CUP=6))

        assert [("CUP", 5)] == items_of(bench, five)
        assert [("HAT", 6)] == items_of(bench, six)
        bench.pay(five)
        (seven,) = bench.sync(snapshot("3", CUP=1))
        assert [("HAT", 1)] == items_of(bench, seven)

    def test_a_line_connected_by_hand_stays(self, bench):
        """
        What was connected for its order alone is what was said.
        """
        bench.connect(backed_up(bench, "HAT"))
        (order_id,) = bench.sync(snapshot(CUP=1))
        desk(bench).connect_sku(order_id, 1, bench.wanted(CUP=2))
        mark(bench, "CUP", in_stock=False)

        assert [("CUP", 2)] == items_of(bench, order_id)


class TestDiscontinued:
    def test_the_backup_takes_over(self, bench):
        """
        The connection stays, and the order waits for payment as before.
        """
        connection_id = bench.connect(backed_up(bench, "HAT"))
        (order_id,) = bench.sync(snapshot(CUP=2))
        discontinue(bench, "CUP")

        assert "active" == desk(bench).get(connection_id).state
        assert [("HAT", 2)] == items_of(bench, order_id)
        assert "awaiting_payment" == state(bench, order_id)
        bench.app.upkeep.bring_back(bench.variants["CUP"], by=STAFF)
        bench.app.relay.run()
        assert [("CUP", 2)] == items_of(bench, order_id)

    def test_a_connection_without_anything_on_sale_ends(self, bench):
        """
        Its backup goes first, then itself; the order waits to be connected again.
        """
        connection_id = bench.connect(backed_up(bench, "HAT"))
        (order_id,) = bench.sync(snapshot(CUP=2))
        discontinue(bench, "HAT")
        assert "active" == desk(bench).get(connection_id).state
        assert [("CUP", 2)] == items_of(bench, order_id)
        discontinue(bench, "CUP")

        assert "ended" == desk(bench).get(connection_id).state
        assert "unrecognized" == state(bench, order_id)
        assert bench.app.audit.run(replay=True).is_clean

    def test_the_other_skus_of_a_product_stay_connected(self, bench):
        """
        One colour that is sold no more takes none of the others along: their orders
        wait for payment as before, with the price and the method that was agreed.
        """
        colours = [bench.rule("RED", CUP=1), bench.rule("BLUE", HAT=1)]
        connection_id = bench.connect(*colours, method="std")
        red, blue, both = bench.sync(
            snapshot("1", RED=1), snapshot("2", BLUE=1), snapshot("3", RED=1, BLUE=2)
        )
        paid = bench.sh.seller("demo").checkouts.open([blue])
        discontinue(bench, "CUP")

        connection = desk(bench).get(connection_id)
        assert ("active", "std", ["BLUE"]) == (
            connection.state,
            connection.method,
            [rule.sku for rule in connection.rules],
        )
        assert ["unrecognized", "awaiting_payment", "unrecognized"] == [
            state(bench, order_id) for order_id in (red, blue, both)
        ]
        assert [("HAT", 2)] == items_of(bench, both)
        bench.sh.seller("demo").checkouts.pay(paid)
        discontinue(bench, "HAT")
        assert "ended" == desk(bench).get(connection_id).state
        assert bench.app.audit.run(replay=True).is_clean

    def test_a_price_that_was_agreed_for_another_sku_stays(self, bench):
        """
        Nothing else could set it again.
        """
        bench.connect(bench.rule("RED", CUP=1), bench.rule("SOCK", HAT=1))
        (order_id,) = bench.sync(snapshot("1", SOCK=1))
        ann = bench.sh.staff("ann").seller("demo")
        offered = ann.quotes.offer(
            "shop",
            "SOCK",
            variant_id=bench.variants["HAT"],
            prices=(Price(Money(100, "USD")),),
            valid_until=NOON + timedelta(days=30),
        )
        bench.sh.seller("demo").quotes.accept(offered.request_id)
        bench.app.relay.run()
        discontinue(bench, "CUP")
        (planned,) = bench.sh.seller("demo").checkouts.open([order_id]).orders

        assert Money(100, "USD") == planned.goods

    def test_a_backup_that_may_be_back_goes_before_what_is_gone(self, bench):
        """
        The order waits for hats; it is not taken out of its connection.
        """
        bench.connect(backed_up(bench, "HAT"))
        (order_id,) = bench.sync(snapshot(CUP=2))
        mark(bench, "HAT", in_stock=False)
        discontinue(bench, "CUP")

        assert [("HAT", 2)] == items_of(bench, order_id)
        assert "awaiting_payment" == state(bench, order_id)

    def test_units_of_it_by_hand_are_let_go(self, bench):
        """
        A line that was connected for its order alone has no backup.
        """
        bench.connect(backed_up(bench, "HAT"))
        (order_id,) = bench.sync(snapshot(CUP=1))
        desk(bench).connect_sku(order_id, 1, bench.wanted(CUP=2))
        discontinue(bench, "CUP")

        assert [] == items_of(bench, order_id)


class TestEverywhere:
    def test_destinations_and_ranges_have_their_own(self, bench):
        """
        Each item has backups of its own, in every part of the rule.
        """
        cup, hat, lamp = (bench.variants[name] for name in ("CUP", "HAT", "LAMP"))
        ten = QuantityRange(
            quantity_from=10, per=10, items=(RuleItem(cup, 9, (lamp,)),)
        )
        there = Destination(countries=("GB",), items=(RuleItem(cup, 1, (hat,)),))
        rule = MappingRule(
            "CUP", (RuleItem(cup),), ranges=(ten,), destinations=(there,)
        )
        bench.connect(rule)
        few, many, gb = bench.sync(
            snapshot("1", CUP=1),
            snapshot("2", CUP=20),
            snapshot("3", address=GB, CUP=2),
        )
        mark(bench, "CUP", in_stock=False)

        assert [("CUP", 1)] == items_of(bench, few)
        assert [("LAMP", 18)] == items_of(bench, many)
        assert [("HAT", 2)] == items_of(bench, gb)

    def test_units_of_one_variant_are_one_item(self, bench):
        """
        A bundle whose cup is replaced by its hat has two hats.
        """
        cup, hat = bench.variants["CUP"], bench.variants["HAT"]
        bench.connect(MappingRule("CUP", (RuleItem(cup, 1, (hat,)), RuleItem(hat))))
        (order_id,) = bench.sync(snapshot(CUP=3))
        assert [("CUP", 3), ("HAT", 3)] == items_of(bench, order_id)
        mark(bench, "CUP", in_stock=False)

        assert [("HAT", 6)] == items_of(bench, order_id)

    def test_a_correction_keeps_them(self, bench):
        """
        What a line shall be from now on: variants that stay keep their backups, also
        in the preview.
        """
        bench.connect(backed_up(bench, "HAT"))
        mark(bench, "CUP", in_stock=False)
        (order_id,) = bench.sync(snapshot(CUP=1))
        (shown,) = desk(bench).preview_sku(
            order_id, 1, bench.wanted(CUP=2), for_all_waiting=True
        )
        desk(bench).correct(order_id, 1, bench.wanted(CUP=2))

        assert [("HAT", 2)] == items_of(bench, order_id)
        hat = bench.variants["HAT"]
        assert [(hat, 2)] == [(i.variant_id, i.quantity) for i in shown.after]
        (made,) = desk(bench).list()
        assert (RuleItem(bench.variants["CUP"], 2, (hat,)),) == made.rules[0].items

    def test_it_is_explained_and_kept(self, bench):
        """
        Which rule decided, and that a backup supplies; the history names both.
        """
        connection_id = bench.connect(backed_up(bench, "HAT"))
        mark(bench, "CUP", in_stock=False)
        (order_id,) = bench.sync(snapshot(CUP=1))
        (verdict,) = [v for v in desk(bench).explain(order_id, 1).verdicts if v.decides]
        words = "it decided, with a backup for what could not be bought"
        assert ("CUP", words) == (verdict.rule, verdict.words)
        mark(bench, "CUP", in_stock=True)
        (verdict,) = [v for v in desk(bench).explain(order_id, 1).verdicts if v.decides]
        assert "it decided" == verdict.words

        (step,) = desk(bench).history(connection_id)
        assert "CUP is 1 CUP, else HAT" == step.words[0]

    def test_a_change_of_a_backup_touches_its_connections(self, bench):
        """
        As a change of the first choice does.
        """
        bench.connect(backed_up(bench, "HAT"))
        touched = bench.app.upkeep.touched([bench.variants["HAT"]])

        assert 1 == len(touched.connections)


class TestRefused:
    def test_backups_that_are_none(self, bench):
        """
        Itself, one twice, too many, and one that the platform does not have.
        """
        cup, hat = bench.variants["CUP"], bench.variants["HAT"]
        with nothing_moves(bench):
            for backups in ((cup,), (hat, hat)):
                rule = MappingRule("CUP", (RuleItem(cup, 1, backups),))
                with pytest.raises(InvalidInputError, match="CUP: backups"):
                    desk(bench).connect("shop", [rule])
            unknown = MappingRule("CUP", (RuleItem(cup, 1, ("nothing",)),))
            with pytest.raises(NotFoundError, match="nothing"):
                desk(bench).connect("shop", [unknown])
        many = tuple(f"v{number}" for number in range(11))
        check_rules((MappingRule("CUP", (RuleItem(cup, 1, many[:10]),)),))
        with pytest.raises(InvalidInputError, match="at most 10 variants"):
            check_rules((MappingRule("CUP", (RuleItem(cup, 1, many),)),))


NAMES = st.sampled_from(["a", "b", "c", "d"])
ITEMS = st.lists(
    st.tuples(NAMES, st.integers(1, 5), st.lists(NAMES, max_size=3, unique=True)),
    min_size=1,
    max_size=3,
    unique_by=lambda item: item[0],
)


@given(
    items=ITEMS,
    quantity=st.integers(1, 50),
    short=st.dictionaries(NAMES, st.none() | st.integers(0, 100)),
)
def test_backups_conserve_units(items, quantity, short):
    """
    Whatever is short, a line has as many units in all, each variant once, and nothing
    short is chosen where a backup is not.
    """
    rule = tuple(
        RuleItem(name, units, tuple(b for b in backups if b != name))
        for name, units, backups in items
    )
    plain = items_needed(rule, (), quantity)
    chosen = items_needed(rule, (), quantity, short)

    assert sum(i.quantity for i in plain) == sum(i.quantity for i in chosen)
    assert len(chosen) == len({i.variant_id for i in chosen})
    for item in plain:
        name = item.chosen(short)
        if any(one not in short for one in item.variant_ids):
            assert name not in short or (short[name] or 0) >= item.quantity
        if any(short.get(one, 0) is not None for one in item.variant_ids):
            assert short.get(name, 0) is not None
