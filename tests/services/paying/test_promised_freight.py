"""
Freight that a salesman promises in a quote is what is charged.
"""

from datetime import timedelta

import attrs
import pytest

from sourcehere import (
    Destination,
    InvalidInputError,
    MappingRule,
    Money,
    Price,
    RuleItem,
    VariantChange,
)
from sourcehere.testing.factories import HOME, NOON, SELLER, nothing_moves, snapshot

WEEK = NOON + timedelta(days=7)


def usd(text):
    """
    Return an amount.
    """
    return Money.parse(text, "USD")


def quoted(bench, shop_sku="SOCK", sku="CUP", **terms):
    """
    Let staff quote for a variant of the shop, and accept it.
    """
    quotes = bench.sh.seller("demo").quotes
    name = quotes.ask_for(store_id="shop", sku=shop_sku).request_id
    bench.sh.staff("ann").seller("demo").quotes.answer(
        name,
        variant_id=bench.variants[sku],
        prices=(Price(usd("4.00")),),
        valid_until=WEEK,
        **terms,
    )
    return quotes.accept(name)


def freight(bench, order_id):
    """
    Return how an order travels at a checkout now, and for how much.
    """
    (order,) = bench.sh.seller("demo").checkouts.open([order_id]).orders
    return order.method, order.freight


class TestPromise:
    def test_it_is_charged(self, bench):
        """
        For the first unit, and as much for each further one; the carrier wants 5.50.
        """
        quoted(bench, method="std", freight=usd("1.00"))
        (order_id,) = bench.sync(snapshot(SOCK=3))

        assert ("std", usd("3.00")) == freight(bench, order_id)
        assert {order_id: 3 * 400 + 300} == bench.pay(order_id).paid
        assert bench.app.audit.run(replay=True).is_clean

    def test_further_units_may_cost_less(self, bench):
        """
        Nothing, even.
        """
        quoted(bench, method="std", freight=usd("2.00"), freight_more=usd("0.00"))
        (order_id,) = bench.sync(snapshot(SOCK=3))

        assert ("std", usd("2.00")) == freight(bench, order_id)

    def test_it_is_not_for_a_backup(self, bench):
        """
        It was promised for the cup; while a hat supplies it, the carrier's counts.
        """
        quoted(bench, method="std", freight=usd("1.00"))
        connections = bench.sh.seller("demo").connections
        (made,) = connections.list()
        cup, hat = bench.variants["CUP"], bench.variants["HAT"]
        items = (RuleItem(cup, 1, (hat,)),)
        connections.change(made.connection_id, rules=[MappingRule("SOCK", items=items)])
        (order_id,) = bench.sync(snapshot(SOCK=1))
        assert ("std", usd("1.00")) == freight(bench, order_id)
        catalog = bench.sh.staff("ann").catalog
        catalog.change(cup, VariantChange(is_in_stock=False))
        bench.app.relay.run()

        assert ("std", usd("4.00")) == freight(bench, order_id)

    def test_the_quote_shows_it(self, bench):
        """
        What each further unit costs is as the first where nobody said.
        """
        quoted(bench, method="std", freight=usd("1.00"), freight_country="US")
        (request,) = bench.sh.seller("demo").quotes.list()

        assert ("std", usd("1.00"), usd("1.00"), "US") == (
            request.quote.method,
            request.quote.freight,
            request.quote.freight_more,
            request.quote.freight_country,
        )

    def test_every_way_shows_it(self, bench):
        """
        The promised one with its promise; it is the cheapest now.
        """
        quoted(bench, method="std", freight=usd("0.50"))
        (order_id,) = bench.sync(snapshot(SOCK=1))
        modes = bench.sh.seller("demo").checkouts.modes(order_id)

        assert {"std": usd("0.50")} == {
            mode.method: mode.freight for mode in modes.modes if mode.method == "std"
        }
        assert "std" == modes.cheapest

    def test_it_holds_from_the_other_source_too(self, bench):
        """
        What the same order would cost from a cloud warehouse abroad.
        """
        warehouses = bench.sh.staff("ann").warehouses
        warehouses.add("CN1", name="Abroad", country="US")
        quoted(bench, method="std", freight=usd("1.00"))
        (order_id,) = bench.sync(snapshot(SOCK=3))
        (order,) = bench.sh.seller("demo").checkouts.open([order_id]).orders

        assert ("CN", usd("3.00")) == (order.arrival.country, order.arrival.freight)
        other = order.other_arrival
        assert ("US", usd("3.00")) == (other.country, other.freight)

    @pytest.mark.parametrize("lines", [{"SOCK": 3, "HAT": 2}, {"HAT": 2, "SOCK": 3}])
    def test_other_lines_pay_the_carrier(self, bench, lines):
        """
        As a consignment of their own, wherever they stand: two hats weigh what two hats
        weigh.
        """
        quoted(bench, method="std", freight=usd("0.30"))
        bench.connect(bench.rule("HAT"))
        both, hats = bench.sync(snapshot("1", **lines), snapshot("2", HAT=2))
        _, alone = freight(bench, hats)

        assert ("std", usd("0.90") + alone) == freight(bench, both)

    def test_no_parcel_has_a_price_of_its_own(self, bench):
        """
        Seventy cups weigh 21 kg, two parcels for the carrier; the promise is for all.
        """
        quoted(bench, method="std", freight=usd("1.00"))
        (order_id,) = bench.sync(snapshot(SOCK=70))
        (order,) = bench.sh.seller("demo").checkouts.open([order_id]).orders

        assert ("std", usd("70.00"), ()) == (order.method, order.freight, order.parcels)


class TestLimits:
    def test_it_ends_with_the_quote(self, bench):
        """
        Then the carrier's price counts, by the method that was quoted.
        """
        quoted(bench, method="std", freight=usd("1.00"))
        (order_id,) = bench.sync(snapshot(SOCK=3))
        bench.clock.advance(timedelta(days=8))

        assert ("std", usd("5.50")) == freight(bench, order_id)

    def test_it_holds_until_the_quote_ends(self, bench):
        """
        To the last instant of it.
        """
        quoted(bench, method="std", freight=usd("1.00"))
        (order_id,) = bench.sync(snapshot(SOCK=3))
        bench.clock.advance(WEEK - NOON)

        assert ("std", usd("3.00")) == freight(bench, order_id)

    def test_what_is_paired_by_hand_was_not_quoted(self, bench):
        """
        Not even if a person chose the variant that was, beside a line that follows the
        quote.
        """
        quoted(bench, method="std", freight=usd("0.10"))
        cup = [(bench.variants["CUP"], 1)]
        alone, both = bench.sync(snapshot("1", SOCK=1), snapshot("2", SOCK=3, sock=1))
        connect_sku = bench.app.pairing.connect_sku
        connect_sku("demo", alone, 1, cup, by=SELLER)
        connect_sku("demo", both, 2, cup, by=SELLER)
        method, carrier = freight(bench, alone)

        assert ("std", carrier + usd("0.30")) == (method, freight(bench, both)[1])

    def test_it_is_for_one_country_where_that_was_said(self, bench):
        """
        The customer's, of each order.
        """
        quoted(bench, method="std", freight=usd("1.00"), freight_country="GB")
        order = snapshot("1", SOCK=3)
        there = attrs.evolve(
            snapshot("2", SOCK=3), address=attrs.evolve(HOME, country="GB")
        )
        here_id, there_id = bench.sync(order, there)

        assert usd("5.50") == freight(bench, here_id)[1]
        assert usd("3.00") == freight(bench, there_id)[1]

    def test_another_method_costs_what_it_costs(self, bench):
        """
        A promise is for the method that it names.
        """
        quoted(bench, method="std", freight=usd("1.00"))
        (order_id,) = bench.sync(snapshot(SOCK=3))
        shop = bench.sh.seller("demo")
        others = {
            mode.method: mode.freight
            for mode in shop.checkouts.modes(order_id).modes
            if mode.method != "std"
        }
        for method, price in others.items():
            shop.orders.choose_shipping([order_id], method)
            assert (method, price) == freight(bench, order_id)

    @pytest.mark.parametrize(
        ("terms", "field"),
        [
            ({"freight": usd("1.00")}, "method"),
            ({"method": "std", "freight_more": usd("1.00")}, "freight_minor"),
            ({"method": "std", "freight_country": "US"}, "freight_minor"),
            (
                {"method": "std", "freight": usd("1"), "freight_country": "Utopia"},
                "freight_country",
            ),
            ({"method": "std", "freight": usd("-1.00")}, "freight_minor"),
        ],
    )
    def test_a_promise_is_whole(self, bench, terms, field):
        """
        It names its method, an amount, and a country that there is.
        """
        quotes = bench.sh.seller("demo").quotes
        name = quotes.ask_for(store_id="shop", sku="SOCK").request_id
        ann = bench.sh.staff("ann").seller("demo").quotes
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            ann.answer(
                name,
                variant_id=bench.variants["CUP"],
                prices=(Price(usd("4.00")),),
                valid_until=WEEK,
                **terms,
            )
        assert field == ei.value.field


class TestDestination:
    @pytest.mark.parametrize(
        ("sku", "goods", "carrier"),
        [("CUP", "8.00", "5.50"), ("LAMP", "39.98", "8.50")],
    )
    def test_the_price_is_for_the_variant_that_was_quoted(
        self, bench, sku, goods, carrier
    ):
        """
        A destination with another variant has the catalogue's price, and the freight
        that was promised for the quoted goods is not for it.
        """
        quoted(bench, method="std", freight=usd("1.00"))
        desk = bench.sh.seller("demo").connections
        (made,) = desk.list()
        (rule,) = bench.app.pairing.get("demo", made.connection_id).rules
        there = Destination(
            countries=("US",), items=(RuleItem(bench.variants[sku], 2),)
        )
        desk.change(
            made.connection_id, rules=[attrs.evolve(rule, destinations=(there,))]
        )
        (order_id,) = bench.sync(snapshot(SOCK=1))
        (order,) = bench.sh.seller("demo").checkouts.open([order_id]).orders

        assert usd(goods) == order.goods
        assert usd(carrier) == order.freight


class TestWithoutAShop:
    def for_all(self, bench, sku="CUP", **terms):
        """
        Let staff quote for a thing that no shop sells, and accept it.
        """
        quotes = bench.sh.seller("demo").quotes
        name = quotes.ask_for(title="a blue cup").request_id
        bench.sh.staff("ann").seller("demo").quotes.answer(
            name,
            variant_id=bench.variants[sku],
            prices=(Price(usd("4.00")),),
            valid_until=WEEK,
            method="std",
            **terms,
        )
        return quotes.accept(name)

    def manual(self, bench, **units):
        drafts = bench.sh.seller("demo").drafts
        order_id = drafts.manual(bench.wanted(**units), HOME).order_id
        drafts.place(order_id)
        return order_id

    def test_it_is_for_every_order_with_the_variant(self, bench):
        """
        A manual order, and a shop's whose line needs two of it for each of its units.
        """
        self.for_all(bench, freight=usd("1.00"), freight_more=usd("0.10"))
        manual = self.manual(bench, CUP=3)
        bench.connect(bench.rule("SOCK", CUP=2))
        (order_id,) = bench.sync(snapshot(SOCK=3))

        assert ("std", usd("1.20")) == freight(bench, manual)
        assert ("std", usd("1.50")) == freight(bench, order_id)
        assert {manual: 3 * 400 + 120} == bench.pay(manual).paid
        assert bench.app.audit.run(replay=True).is_clean

    def test_the_least_of_several_counts(self, bench):
        """
        By the units of the line: the one whose first unit is dearer is cheaper for ten.
        """
        self.for_all(bench, freight=usd("1.00"))
        self.for_all(bench, freight=usd("2.00"), freight_more=usd("0.00"))

        assert ("std", usd("1.00")) == freight(bench, self.manual(bench, CUP=1))
        assert ("std", usd("2.00")) == freight(bench, self.manual(bench, CUP=10))

    def test_a_line_of_several_things_pays_the_carrier(self, bench):
        """
        It was promised for cups, and not for a set that has them.
        """
        bench.connect(bench.rule("SOCK", CUP=1, HAT=1))
        (order_id,) = bench.sync(snapshot(SOCK=1))
        before = freight(bench, order_id)
        self.for_all(bench, freight=usd("0.10"))

        assert before == freight(bench, order_id)
        assert usd("0.10") != before[1]

    def test_elsewhere_and_later_it_does_not_hold(self, bench):
        """
        It was promised for one country, and until a day.
        """
        order_id = self.manual(bench, CUP=3)
        before = freight(bench, order_id)
        self.for_all(bench, freight=usd("0.10"), freight_country="GB")
        assert before == freight(bench, order_id)
        self.for_all(bench, freight=usd("0.10"))
        assert ("std", usd("0.30")) == freight(bench, order_id)
        bench.clock.advance(timedelta(days=7, microseconds=1))

        assert before == freight(bench, order_id)

    def test_what_a_connection_was_quoted_goes_first(self, bench):
        """
        The shop's variant has a promise of its own.
        """
        self.for_all(bench, freight=usd("0.10"))
        quoted(bench, method="std", freight=usd("1.00"))
        (order_id,) = bench.sync(snapshot(SOCK=3))

        assert ("std", usd("3.00")) == freight(bench, order_id)
