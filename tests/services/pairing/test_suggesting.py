"""
Suggestions as a service: what shops say is read from their orders, many at a time.
"""

import attrs
import pytest

from sourcehere import (
    ManualClock,
    Money,
    NewProduct,
    NewVariant,
    NotFoundError,
    OptionWords,
    Price,
    Settings,
    StoreVariant,
)
from sourcehere.plugins import Registry, hookimpl
from sourcehere.ports.hooks import MatchScore
from sourcehere.services.pairing import suggesting
from sourcehere.testing.factories import (
    NOON,
    SELLER,
    STAFF,
    nothing_moves,
    open_bench,
    shop_line,
    snapshot,
)
from sourcehere.unit.tables import TABLES

COLOURS = ("Black", "Navy Blue", "Blue")
SIZES = ("M", "XL")


def add_shirts(bench, title="Cotton T-Shirt", prefix="TS"):
    """
    Sell a shirt in three colours and two sizes; give the product's id.
    """
    variants = tuple(
        NewVariant(
            sku=f"{prefix}-{colour}-{size}",
            options={"Colour": colour, "Size": size},
            weight_grams=200,
            prices=(Price(Money(900, "USD")),),
        )
        for colour in COLOURS
        for size in SIZES
    )
    made = bench.app.catalog.add(NewProduct(title=title, variants=variants), by=STAFF)
    return made.product.product_id


def order_of(name, *lines):
    """
    Write down an order of (SKU, title) lines.
    """
    return attrs.evolve(
        snapshot(name),
        lines=tuple(
            attrs.evolve(shop_line(sku, 1, number=number), title=title)
            for number, (sku, title) in enumerate(lines, start=1)
        ),
    )


def skus_of(bench, found):
    """
    Return (shop's SKU, platform's SKU, reason) of suggestions.
    """
    known = bench.app.catalog.variants(s.variant_id for s in found)
    return [(s.sku, known[s.variant_id].sku, s.reason) for s in found]


@pytest.fixture
def shop(bench):
    """
    A bench that sells shirts, and a shop with orders for shirts, a cup and a riddle.
    """
    add_shirts(bench)
    bench.sync(
        order_of("1", ("A-1", "Cotton T-Shirt - Schwarz / XL"), ("RIDDLE", "Riddle")),
        order_of("2", ("A-2", "Cotton T-Shirt, bleu marine, M"), ("cup", "Becher")),
    )
    return bench


class TestSuggest:
    def test_titles_are_read_from_waiting_lines(self, shop):
        """
        For a SKU the options are those that the shop's own orders tell.
        """
        found = shop.app.pairing.suggest("demo", "shop", ["A-2", "A-1", "cup"])

        assert [
            ("A-1", "TS-Black-XL", "same_options"),
            ("A-2", "TS-Navy Blue-M", "same_options"),
            ("cup", "CUP", "same_sku"),
        ] == skus_of(shop, found)
        assert [True, True, False] == [s.needs_person for s in found]
        assert "colour navy = bleu marine, size m; title 100 % alike" == found[1].words

    def test_a_store_variant_speaks_for_itself(self, shop):
        """
        What the caller knows of a listing goes before what orders tell.
        """
        wanted = StoreVariant("A-1", "Cotton T-Shirt", {"颜色": "蓝色", "尺码": "中号"})
        found = shop.app.pairing.suggest("demo", "shop", [wanted])

        assert [("A-1", "TS-Blue-M", "same_options")] == skus_of(shop, found)

    def test_another_shops_titles_are_not_read(self, shop):
        """
        The same SKU in another shop of the seller is another product.
        """
        shop.app.stores.connect(
            "demo", "other", platform="fake", name="Other", config={"shop": "other"}
        )

        assert () == shop.app.pairing.suggest("demo", "other", ["A-1"])

    def test_what_is_not_sold_is_not_suggested(self, shop):
        """
        A discontinued variant is no candidate.
        """
        (found,) = shop.app.pairing.suggest("demo", "shop", ["A-1"])
        shop.app.upkeep.discontinue(found.variant_id, by=STAFF)

        assert () == shop.app.pairing.suggest("demo", "shop", ["A-1"])

    def test_a_shop_there_is_not_is_refused(self, shop):
        """
        Each way of asking needs a shop of the seller's.
        """
        pairing = shop.app.pairing
        for ask in (
            lambda: pairing.suggest("demo", "none", ["A"]),
            lambda: pairing.suggest_many("demo", "none", ["A"]),
            lambda: pairing.suggest_all("demo", "none"),
            lambda: pairing.suggest_for_product("demo", "none", ["A"], "p"),
            lambda: pairing.coverage("demo", "none"),
        ):
            with nothing_moves(shop), pytest.raises(NotFoundError) as ei:
                ask()
            assert ("store", "none") == (ei.value.kind, ei.value.id)

    def test_common_words_read_the_whole_catalogue(self, shop, monkeypatch):
        """
        A title of words that many products have is compared with all of them.
        """
        monkeypatch.setattr(suggesting, "_COMMON", 1)
        add_shirts(shop, "Cotton T-Shirt Long", "TL")
        found = shop.app.pairing.suggest("demo", "shop", ["A-1"])

        assert [
            ("A-1", "TS-Black-XL", "same_options"),
            ("A-1", "TL-Black-XL", "same_options"),
        ] == skus_of(shop, found)


class TestSuggestMany:
    def test_all_that_waits_is_suggested_for(self, shop):
        """
        Every unpaired SKU of the shop's orders, in batches, those without named.
        """
        done = []
        report = shop.app.pairing.suggest_all("demo", "shop", progress=done.append)

        assert [
            ("A-1", "TS-Black-XL", "same_options"),
            ("A-2", "TS-Navy Blue-M", "same_options"),
            ("cup", "CUP", "same_sku"),
        ] == skus_of(shop, report.suggestions)
        assert ("RIDDLE",) == report.without
        assert [4] == done

    def test_batches_tell_how_far_they_are(self, shop, monkeypatch):
        """
        After each batch progress is told; the result is the same.
        """
        whole = shop.app.pairing.suggest_all("demo", "shop")
        monkeypatch.setattr(suggesting, "_BATCH", 3)
        done = []

        assert whole == shop.app.pairing.suggest_all(
            "demo", "shop", progress=done.append
        )
        assert [3, 4] == done

    def test_many_are_suggested_for_as_few_are(self, shop):
        """
        Reading the catalogue once gives what looking words up gives.
        """
        few = shop.app.pairing.suggest("demo", "shop", ["A-1", "A-2", "cup"])
        many = shop.app.pairing.suggest_many("demo", "shop", ["A-1", "A-2", "cup"])
        more = ["A-1", "A-2", "cup", *(f"NO-{n}" for n in range(60))]

        assert few == many.suggestions
        assert few == shop.app.pairing.suggest("demo", "shop", more)

    def test_what_is_connected_waits_no_more(self, shop):
        """
        A connection takes its SKU off the list.
        """
        shop.connect(shop.rule("cup", CUP=1))
        report = shop.app.pairing.suggest_all("demo", "shop")

        assert ["A-1", "A-2"] == [s.sku for s in report.suggestions]

    def test_nothing_waits_in_a_new_shop(self, bench):
        """
        Without orders there is nothing to suggest for.
        """
        report = bench.app.pairing.suggest_all("demo", "shop")

        assert ((), ()) == (report.suggestions, report.without)


class TestForProduct:
    def test_variants_are_matched_by_options(self, shop):
        """
        In the chosen product the same options are enough, whatever it is called.
        """
        product_id = add_shirts(shop, "Camisa", "CA")
        report = shop.app.pairing.suggest_for_product(
            "demo", "shop", ["A-1", "A-2", "RIDDLE"], product_id
        )
        clear = [s for s in report.suggestions if not s.needs_person]

        assert [
            ("A-1", "CA-Black-XL", "same_options"),
            ("A-2", "CA-Navy Blue-M", "same_options"),
        ] == skus_of(shop, clear)
        riddle = [s for s in report.suggestions if s.sku == "RIDDLE"]
        assert {"similar_title"} == {s.reason for s in riddle}
        assert all(s.needs_person for s in riddle)

    def test_a_product_there_is_not_is_refused(self, shop):
        """
        The product must exist.
        """
        with pytest.raises(NotFoundError) as ei:
            shop.app.pairing.suggest_for_product("demo", "shop", ["A-1"], "none")
        assert ("product", "none") == (ei.value.kind, ei.value.id)


class TestWords:
    def test_a_call_may_bring_words(self, shop):
        """
        Words of one call are known in that call only.
        """
        words = OptionWords(
            values={"colour": {"navy": ["Mitternacht"]}, "word": {"T-Shirt": ["Hemd"]}}
        )
        wanted = StoreVariant("A-9", "Cotton Hemd - Mitternacht / XL")
        pairing = shop.app.pairing
        found = pairing.suggest("demo", "shop", [wanted], words=words)

        assert [("A-9", "TS-Navy Blue-XL", "same_options")] == skus_of(shop, found)
        assert [] == [
            s.reason
            for s in pairing.suggest("demo", "shop", [wanted])
            if s.reason == "same_options"
        ]

    def test_the_settings_words_are_always_known(self):
        """
        A platform gives its words once.
        """
        words = OptionWords(values={"colour": {"navy": ["Mitternacht"]}})
        bench = open_bench(settings=Settings(option_words=words))
        add_shirts(bench)
        wanted = StoreVariant("A-9", "Cotton T-Shirt - Mitternacht / XL")
        found = bench.app.pairing.suggest("demo", "shop", [wanted])

        assert [("A-9", "TS-Navy Blue-XL", "same_options")] == skus_of(bench, found)


class Taste:
    """
    A plugin that likes everything, and navy blue the most; it keeps what it is told.
    """

    def __init__(self):
        self.told = []

    @hookimpl
    def sourcehere_score_match(self, listing, candidate):
        """
        Like navy blue.
        """
        self.told.append((listing.title, dict(candidate.options)))
        return MatchScore(90 if "Navy" in candidate.sku else 10, "taste")


class TestOpinions:
    def test_plugins_rank_what_options_leave_open(self):
        """
        Plugins read the listing's title; their favourite comes first where a size or
        colour is not said, and titles alone stay last.
        """
        taste = Taste()
        bench = open_bench(plugins=[taste])
        add_shirts(bench)
        wanted = StoreVariant("A-1", "Cotton T-Shirt - M")
        found = bench.app.pairing.suggest("demo", "shop", [wanted])

        assert ["TS-Navy Blue-M", "TS-Black-M", "TS-Blue-M"] == [
            sku for _, sku, _ in skus_of(bench, found)
        ]
        assert [90, 10, 10] == [s.points for s in found]
        assert ("Cotton T-Shirt - M", {"Colour": "Black", "Size": "M"}) in taste.told

    def test_nothing_is_connected_by_points(self):
        """
        However sure a plugin is, a person still looks.
        """
        bench = open_bench(plugins=[Taste()])
        add_shirts(bench)
        wanted = StoreVariant("A-1", "Cotton T-Shirt - M")

        assert all(
            s.needs_person for s in bench.app.pairing.suggest("demo", "shop", [wanted])
        )


class TestOnDatabases:
    def test_suggestions_and_coverage_are_the_same_on_databases(self, database_url):
        """
        What is read by SQL gives what memory gives.
        """
        storage = Registry(clock=ManualClock(NOON)).storage(database_url, TABLES)
        told = []
        for bench in (open_bench(), open_bench(storage=storage)):
            add_shirts(bench)
            bench.sync(
                order_of("1", ("A-1", "Cotton T-Shirt - 黑色 / XL"), ("X", "Riddle")),
                order_of("2", ("A-1", "Cotton T-Shirt - 黑色 / XL"), ("cup", "Cup")),
            )
            found = bench.app.pairing.suggest_all("demo", "shop")
            few = bench.app.pairing.suggest("demo", "shop", ["A-1", "cup", "X"])
            assert found.suggestions == few
            told.append(
                (
                    skus_of(bench, found.suggestions),
                    found.without,
                    bench.app.pairing.coverage("demo", "shop"),
                )
            )
            bench.app.close()

        assert told[0] == told[1]
        assert [("A-1", "TS-Black-XL", "same_options"), ("cup", "CUP", "same_sku")] == (
            told[0][0]
        )


class TestCoverage:
    def test_what_most_orders_wait_for_comes_first(self, paired):
        """
        Orders, orders that wait for it alone, and units per unpaired SKU; totals.
        """
        paired.sync(
            snapshot("1", CUP=1, SOCK=2, SCARF=1),
            snapshot("2", sock=5),
            snapshot("3", SCARF=1),
            snapshot("4", SOCK=1, CUP=1, HAT=1),
            snapshot("5", CUP=1),
        )
        found = paired.app.pairing.coverage("demo", "shop")

        assert [("SOCK", "Sock", 3, 2, 8), ("SCARF", "Scarf", 2, 1, 2)] == [
            (u.sku, u.title, u.orders, u.orders_only, u.units) for u in found.unpaired
        ]
        assert (3, 2, 4, 3, 5) == (
            found.skus_paired,
            found.skus_unpaired,
            found.orders_waiting,
            found.lines_paired,
            found.lines_unpaired,
        )

    def test_orders_held_for_another_reason_wait_too(self, paired):
        """
        An unrecognized order in Abnormal waits; ignored and cancelled ones do not.
        """
        _, ignored, cancelled = paired.sync(
            attrs.evolve(snapshot("1", SOCK=1), paid_at_store=False),
            snapshot("2", SOCK=1),
            snapshot("3", SOCK=1),
        )
        paired.app.orders.ignore("demo", [ignored], by=SELLER)
        paired.app.orders.cancel("demo", [cancelled], by=SELLER)
        found = paired.app.pairing.coverage("demo", "shop")

        assert [("SOCK", 1)] == [(u.sku, u.orders) for u in found.unpaired]

    def test_two_lines_of_one_order_are_one_order(self, bench):
        """
        An order that has a SKU twice waits once, with all its units.
        """
        bench.sync(order_of("1", ("SOCK", "Sock"), ("sock", "Sock")))
        (found,) = bench.app.pairing.coverage("demo", "shop").unpaired

        assert (1, 1, 2) == (found.orders, found.orders_only, found.units)

    def test_a_removed_connection_covers_nothing(self, bench):
        """
        Connections that ended do not count.
        """
        connection_id = bench.connect(bench.rule("CUP"), bench.rule("HAT"))
        assert 2 == bench.app.pairing.coverage("demo", "shop").skus_paired
        bench.app.pairing.remove("demo", connection_id, by=SELLER)
        assert 0 == bench.app.pairing.coverage("demo", "shop").skus_paired

    def test_every_order_waits_for_something_listed(self, paired):
        """
        When all that is listed is connected, nothing waits.
        """
        paired.sync(snapshot("1", SOCK=1, CUP=1), snapshot("2", SCARF=1))
        for one in paired.app.pairing.coverage("demo", "shop").unpaired:
            paired.connect(paired.rule(one.sku, HAT=1))
        found = paired.app.pairing.coverage("demo", "shop")

        assert ((), 0, 0) == (
            found.unpaired,
            found.orders_waiting,
            found.lines_unpaired,
        )
