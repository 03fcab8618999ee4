"""
Long texts and large numbers: refused where they come in, the same on all storages.
"""

import random

import attrs
import pytest
from desk_world import a_world
from leaky import file_config
from odd_calls import outcomes

from sourcehere import (
    Address,
    InvalidInputError,
    MappingRule,
    Money,
    NewProduct,
    NewVariant,
    Price,
    RuleItem,
    Wanted,
)
from sourcehere.cli.errors import UsageError
from sourcehere.cli.reading import parse_json, read_count, read_json
from sourcehere.domain.kernel.checks import (
    LINE_MAX,
    LINE_UNITS_MAX,
    PRICE_MAX,
    check_json,
)
from sourcehere.domain.kernel.errors import InvalidAmountError, TooLargeError
from sourcehere.testing.factories import nothing_moves, open_bench, snapshot
from sourcehere.unit.tables.wallet import WALLETS

SOURCE = random.Random(1)
ARABIC, WIDE = "١٢", "１２"


def incompressible(length):
    """
    Return a text of three bytes a character, in which nothing repeats.
    """
    return "".join(chr(SOURCE.randrange(0x4E00, 0x9F00)) for _ in range(length))


class TestEveryCall:
    """
    Every method of every desk, with one value too long or too large for it.
    """

    @pytest.mark.slow
    @pytest.mark.parametrize("length", [LINE_MAX, LINE_MAX + 1, 6_000])
    def test_texts(self, storage, length):
        """
        Each call is done or refused by an error of ours, whatever the database's index
        takes.
        """
        told = outcomes(*a_world(storage), str, incompressible(length))

        assert len(told) > 300
        refused = {name for name, outcome in told if outcome == "InvalidInputError"}
        assert ("shop.wallet.top_up(reference)" in refused) == (length > LINE_MAX)
        assert ("desk.catalog.add(product)" in refused) == (length > LINE_MAX)
        assert "TooLargeError" not in {outcome for _, outcome in told}

    @pytest.mark.slow
    @pytest.mark.parametrize("number", [10**24, 2**62, -(2**63), 10**9, -1])
    def test_numbers(self, storage, number):
        """
        Grams, units and prices of any size are done or refused, and add up.
        """
        bench, values = a_world(storage)
        told = outcomes(bench, values, int, number)

        assert len(told) > 90
        assert "TooLargeError" not in {outcome for _, outcome in told}
        assert () == bench.app.audit.run(replay=True).violations


class TestProducts:
    """
    Units of a rule times the line's quantity times the price fits into 64 bits.
    """

    @pytest.fixture
    def bench(self, storage):
        """
        A bench on each storage.
        """
        return open_bench(storage=storage)

    def test_a_rule_has_at_most_a_million_units(self, bench):
        """
        More is refused when it is connected, not when an order comes.
        """
        for units in (LINE_UNITS_MAX + 1, 2**62):
            with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
                bench.sh.seller("demo").connections.connect(
                    "shop", [bench.rule("SET", CUP=units)]
                )

            assert str(ei.value).startswith("rules")

    def test_a_line_of_too_many_units_is_not_paired(self, bench):
        """
        A shop's line that would need more than a million units waits, and no other
        order waits with it.
        """
        bench.connect(bench.rule("SET", CUP=LINE_UNITS_MAX // 2))
        large, small = bench.sync(snapshot("1", SET=3), snapshot("2", SET=2))
        bench.app.relay.run()
        get = bench.sh.seller("demo").orders.get

        assert "unrecognized" == get(large).state
        assert "awaiting_payment" == get(small).state
        assert LINE_UNITS_MAX == get(small).lines[0].items[0].quantity
        assert () == bench.app.audit.run(replay=True).violations

    def test_a_rule_stored_before_blocks_no_sync(self, bench):
        """
        A rule of 2**62 units, as an earlier release took it, pairs nothing.
        """
        rule = MappingRule("SET", (RuleItem(bench.variants["CUP"], 2**62),))

        assert () == rule.items_for(1)

    def test_the_largest_line_can_be_priced(self, bench):
        """
        A million units at the dearest price are a number that every storage keeps.
        """
        price = Price(Money(PRICE_MAX, "USD"))
        variant = NewVariant(sku="GEM", weight_grams=10**6, prices=(price,))
        ann = bench.sh.staff("ann")
        product = ann.catalog.add(NewProduct(title="Gem", variants=(variant,)))
        gem = product.variants[0].variant_id
        shop = bench.sh.seller("demo")
        wanted = [Wanted(gem, LINE_UNITS_MAX)] * 20
        order_id = shop.drafts.cloud("CN1", wanted).order_id
        shop.drafts.place(order_id)
        offer = shop.checkouts.open([order_id])

        assert 20 * LINE_UNITS_MAX * PRICE_MAX < 2**63
        assert offer.total.minor >= 20 * LINE_UNITS_MAX * PRICE_MAX

    @pytest.mark.parametrize("quantity", [0, -1, LINE_UNITS_MAX + 1, 10**9])
    def test_a_draft_has_at_most_a_million_units_a_line(self, bench, quantity):
        """
        Other quantities are refused.
        """
        with nothing_moves(bench), pytest.raises(InvalidInputError, match="at most"):
            bench.sh.seller("demo").drafts.manual(
                [Wanted(bench.variants["CUP"], quantity)], Address("US")
            )

    def test_a_price_has_a_bound(self, bench):
        """
        A price beyond a thousand million of major units is refused.
        """
        price = Price(Money(PRICE_MAX + 1, "USD"))
        variant = NewVariant(sku="GEM", weight_grams=1, prices=(price,))
        with nothing_moves(bench), pytest.raises(InvalidInputError, match="unit price"):
            bench.sh.staff("ann").catalog.add(
                NewProduct(title="Gem", variants=(variant,))
            )

    def test_a_volume_has_a_bound(self, bench):
        """
        Three sides that are fine each may make no volume that is.
        """
        sides = {"length_mm": 10**9, "width_mm": 10**9, "height_mm": 10**9}
        prices = (Price(Money(1, "USD")),)
        variant = NewVariant(sku="BOX", weight_grams=1, prices=prices, **sides)
        with nothing_moves(bench), pytest.raises(InvalidInputError, match="length_mm"):
            bench.sh.staff("ann").catalog.add(
                NewProduct(title="Box", variants=(variant,))
            )


class TestStorages:
    """
    What comes through nevertheless is an error of ours on every storage.
    """

    @pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
    def test_a_number_of_more_than_64_bits(self, storage, number):
        """
        It is refused when it is written, and nothing else of that commit is kept.
        """
        bench = open_bench(storage=storage)
        table = WALLETS.table
        place = table.position["available"]

        def write(session):
            (row,) = session.get(table, [("demo",)], lock=True)
            large = (*row[:place], number, *row[place + 1 :])
            session.replace(table, [large], expected=None)

        with nothing_moves(bench), pytest.raises(TooLargeError):
            bench.app.storage.transact(write, read_only=False)

    def test_a_sum_of_more_than_64_bits(self, storage):
        """
        A column that would run over is refused.
        """
        bench = open_bench(storage=storage)

        def add(session):
            session.add(WALLETS.table, [(("demo",), {"available": 2**63 - 1})])

        with nothing_moves(bench), pytest.raises(TooLargeError):
            bench.app.storage.transact(add, read_only=False)


class TestAmounts:
    @pytest.mark.parametrize(
        "text", [ARABIC, WIDE, f"1.{ARABIC}", "9" * 10**6, "0." + "1" * 10**6, "1_0"]
    )
    def test_no_amount(self, text):
        """
        Foreign digits and endless numbers are no amounts, told in a line, at once.
        """
        with pytest.raises(InvalidAmountError) as ei:
            Money.parse(text, "USD")

        assert len(str(ei.value)) < 200
        assert len(ei.value.text) <= 80

    @pytest.mark.parametrize("text", [ARABIC, WIDE, "²", "9" * 5_000, "-1", ""])
    def test_no_quantity(self, text):
        """
        A quantity on the command line is of ASCII digits, and of no more than fit.
        """
        with pytest.raises(UsageError):
            read_count(text, "a quantity")


class TestJson:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("[" * 200_000 + "]" * 200_000, "is nested too deeply"),
            ('{"a": 1, "b": {"c": 1, "c": 2}}', "'c' is there twice in one object"),
            ('{"a": 9' + "9" * 5_000 + "}", "a number of 5001 digits is too large"),
            ('{"a": NaN}', "NaN is no number that JSON has"),
            ('{"a": -Infinity}', "-Infinity is no number that JSON has"),
            ("{", "is not JSON: Expecting property name enclosed in double quotes"),
        ],
    )
    def test_a_file_is_refused_in_a_sentence(self, tmp_path, text, words):
        """
        A file that says something twice, or endlessly, is refused by its name.
        """
        path = tmp_path / "x.json"
        path.write_text(text)
        with pytest.raises(UsageError) as ei:
            read_json(path)

        assert str(ei.value).startswith(f"{path}: {words}")

    def test_what_is_fine_is_read(self):
        """
        Everything else is read as it is.
        """
        text = (
            '{"a": [1, -2.5, null, true, {"b": "c"}], "d": {"a": 1234567890123456789}}'
        )

        assert {
            "a": [1, -2.5, None, True, {"b": "c"}],
            "d": {"a": 1234567890123456789},
        } == parse_json(text)

    @pytest.mark.parametrize(
        "value", [float("nan"), float("inf"), 2**63, {"x" * 256: 1}]
    )
    def test_a_configuration_has_what_every_database_keeps(self, value):
        """
        Numbers that JSON lacks, and endless names, are refused by the face.
        """
        with pytest.raises(InvalidInputError, match="config"):
            check_json("config", {"a": value})


class TestRows:
    def test_a_long_sku_rejects_its_order_alone(self, storage):
        """
        An order with a SKU of 6,000 characters is set aside; its neighbour comes in.
        """
        bench = open_bench(storage=storage)
        long, fine = snapshot("1", CUP=1), snapshot("2", CUP=1)
        lines = [attrs.evolve(long.lines[0], sku=incompressible(6_000))]
        bench.shop.put(attrs.evolve(long, lines=tuple(lines)))
        bench.shop.put(fine)
        shop = bench.sh.seller("demo")
        shop.stores.sync("shop")
        (row,) = shop.stores.problems("shop")

        assert ["#2"] == [order.number for order in shop.orders.list()]
        assert ("1", "not_trusted") == (row.external_id, row.reason)
        assert "a SKU of at most 255 characters" in row.detail

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("sku", "{long}"),
            ("quantity", "1" + "0" * 30),
            ("quantity", ARABIC),
            ("unit_price", "9" * 10**5),
            ("unit_price", ARABIC),
        ],
    )
    def test_a_cell_rejects_its_order_alone(self, storage, tmp_path, name, value):
        """
        In a file too, what no database keeps stops nothing else.
        """
        bench = open_bench(storage=storage, folder=str(tmp_path))
        cells = {"order_number": "1", "sku": "CUP", "title": "Cup", "quantity": "1"}
        cells |= {"unit_price": "2", "placed_at": "2026-03-01", "customer": "7"}
        cells["country"] = "US"
        odd = {**cells, name: value.format(long=incompressible(6_000))}
        rows = [
            list(cells),
            list(odd.values()),
            list({**cells, "order_number": "2"}.values()),
        ]
        text = "".join(",".join(row) + "\n" for row in rows)
        (tmp_path / "orders.csv").write_text(text, encoding="utf-8")
        shop = bench.sh.seller("demo")
        shop.stores.connect("file", platform="file", config=file_config())
        shop.stores.sync("file")

        assert ["2"] == [order.number for order in shop.orders.list()]
        assert {"1"} == {row.external_id for row in shop.stores.problems("file")}
