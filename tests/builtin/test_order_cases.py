"""
Small files with one fault each, as shops and spreadsheets make them.
"""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from workbooks import write_workbook

from sourcehere.builtin.file_config import FileStoreConfig
from sourcehere.builtin.file_errors import FileStoreError, NoTableError
from sourcehere.builtin.file_orders import FileContent
from sourcehere.domain.kernel.money import Money
from sourcehere.domain.stores.model import RejectReason

FOLDER = Path(__file__).with_name("orders")
BAD = RejectReason.BAD_VALUE
EMPTY = RejectReason.NO_PRODUCT_LINES


def read(name, **config):
    """
    Read a file as a shop's orders; amounts without a currency are pounds.
    """
    config = {"currency": "GBP"} | config
    data = (FOLDER / name).read_bytes()
    return FileContent.parse(data, FileStoreConfig(path=name, **config))


def orders(content):
    """
    Return what is said of each order: its country, and whether it is paid, cancelled
    and in doubt.
    """
    return {
        name: (
            order.address.country,
            "paid" if order.paid_at_store else "unpaid",
            order.cancelled,
            bool(order.doubts_count),
        )
        for name, order in content.orders.items()
    }


def lines(content, number):
    """
    Return the lines of an order: SKU, units, of which sent, of which refunded, price.
    """
    return [
        (
            line.sku,
            line.quantity,
            line.quantity_fulfilled,
            line.quantity_refunded,
            "" if line.unit_price is None else str(line.unit_price),
        )
        for line in content.orders[number].lines
    ]


def rejects(content):
    """
    Return which records were rejected, and why; not that an order then has no lines.
    """
    return [
        (reject.row, reject.reason)
        for group in content.groups
        for reject in group.rejects
        if reject.reason != EMPTY
    ]


AS_COMMAS = dict.fromkeys(("1001", "1002"), ("GB", "paid", False, False))


class TestReading:
    @pytest.mark.parametrize(
        ("name", "notes"),
        [
            ("tab.csv", ("its cells are parted by tabs",)),
            ("pipe.csv", ("its cells are parted by bars",)),
            ("sep_hint.csv", ("its cells are parted by semicolons",)),
            ("utf16_commas.csv", ("its encoding is utf-16",)),
            ("cp1252.csv", ("its encoding is cp1252",)),
        ],
    )
    def test_as_if_by_commas(self, name, notes):
        """
        What parts the cells, and the encoding, is found and told.
        """
        content = read(name)

        assert AS_COMMAS == orders(content)
        assert notes == content.notes
        assert [("A-1", 2, 0, 0, "3.50 GBP")] == lines(content, "1001")

    def test_the_encoding_reads_the_words(self):
        """
        Also where it is said.
        """
        for config in ({}, {"encoding": "cp1252"}):
            order = read("cp1252.csv", **config).orders["1001"]
            assert "Café €" == order.lines[0].title

    def test_a_web_page_says_what_it_is(self):
        """
        And what to do.
        """
        with pytest.raises(NoTableError, match="a web page, not a table") as ei:
            read("html_export_called_csv.csv")
        assert "log in to the shop and export again" in ei.value.advice

    def test_an_export_without_lines_is_refused_as_a_whole(self):
        """
        It says which one to take instead.
        """
        with pytest.raises(FileStoreError, match=r"list of orders.*SQL Manager"):
            read("prestashop.csv")

    def test_a_row_of_totals_is_told(self):
        """
        It is no order.
        """
        content = read("totals_row.csv")

        assert AS_COMMAS == orders(content)
        assert ("row 3 is no order: a row of totals",) == content.notes
        assert [] == rejects(content)

    def test_a_torn_row_is_rejected(self):
        """
        Its order has no other; the one before is whole.
        """
        content = read("truncated_download.csv")

        assert {"1002": ("GB", "paid", False, False)} == orders(content)
        assert [(2, BAD)] == rejects(content)


class TestNumbers:
    def test_decimals(self):
        """
        Both marks, either alone, with a currency; what could be either is refused.
        """
        content = read("decimals.csv", currency="EUR")
        prices = {name: lines(content, name)[0][4] for name in content.orders}

        assert {
            "1": "12.99 EUR",
            "2": "1234.56 EUR",
            "3": "1234.56 EUR",
            "4": "12.99 EUR",
            "5": "12.99 EUR",
            "7": "12.99 USD",
        } == prices
        assert [(6, BAD), (8, BAD), (9, BAD)] == rejects(content)

    def test_configured_decimals(self):
        """
        With a comma 1.234 is a thousand and more, with a point `1,000` units are.
        """
        comma = read("decimals.csv", decimal=",")
        assert "1234.00 GBP" == lines(comma, "9")[0][4]
        assert [(6, BAD), (8, BAD)] == rejects(comma)
        point = read("decimals.csv", decimal=".")
        assert 1000 == lines(point, "6")[0][1]
        assert "1.23 GBP" == lines(point, "9")[0][4]

    @pytest.mark.parametrize(
        ("currency", "price"),
        [("KWD", "1.234 KWD"), ("JPY", "1234 JPY"), ("USD", None)],
    )
    def test_what_could_be_a_thousand_or_one(self, currency, price):
        """
        The order's currency says which, if it has three decimals or none; also where
        only another record names it.
        """
        header = "order_number,sku,quantity,placed_at,unit_price,currency,country"
        rows = (f"1,A,1,2025-01-01,,{currency},US", "1,B,1,,1.234,,")
        text = "\n".join((header, *rows))
        content = FileContent.parse(text.encode(), FileStoreConfig(path="a.csv"))

        found = [line[4] for line in lines(content, "1")]
        assert found == ([""] if price is None else ["", price])
        assert rejects(content) == ([(2, BAD)] if price is None else [])

    def test_zero_and_less(self):
        """
        Free is a price, none is unknown, wide digits are digits. An order of no units
        is one that the shop wants no more.
        """
        content = read("zero_and_negative.csv")

        assert {
            "1": [("A-1", 0, 0, 0, "3.50 GBP")],
            "4": [("A-1", 2, 0, 0, "0.00 GBP")],
            "5": [("A-1", 2, 0, 0, "")],
            "7": [("A-1", 1, 0, 0, "3.50 GBP")],
        } == {name: lines(content, name) for name in content.orders}
        assert [
            (1, RejectReason.QUANTITY_NOT_POSITIVE),
            (2, RejectReason.QUANTITY_NOT_POSITIVE),
            (3, RejectReason.PRICE_NEGATIVE),
            *((row, BAD) for row in (6, 8, 9, 10)),
        ] == rejects(content)
        assert content.orders["1"].cancelled
        config = {"date_formats": ("%Y-%m-%d %H:%M:%S", "%d/%m/%Y")}
        dated = read("zero_and_negative.csv", **config).orders["10"]
        assert datetime(2023, 1, 5, tzinfo=UTC) == dated.placed_at

    def test_numbers_that_a_spreadsheet_rounded(self):
        """
        Three buyers under one such number are no order; a SKU like that is in doubt.
        """
        assert {} == orders(read("excel_scientific_order_ids.csv"))
        assert [(row, BAD) for row in (1, 2, 3)] == rejects(
            read("excel_scientific_order_ids.csv")
        )
        content = read("excel_scientific_qty_sku.csv")
        assert {
            "2": ("GB", "paid", False, True),
            "3": ("GB", "paid", False, True),
        } == orders(content)
        assert [(1, BAD)] == rejects(content)

    def test_texts_that_a_spreadsheet_guards(self):
        """
        `="00123"` is 00123, and an apostrophe is told.
        """
        content = read("excel_text_formula.csv")

        assert ["00123"] == [line[0] for line in lines(content, "1001")]
        assert ["00123"] == [line[0] for line in lines(content, "1002")]
        assert (
            "an apostrophe before order_number is left out",
            "an apostrophe before sku is left out",
        ) == content.notes

    def test_hours_that_a_clock_skips_or_shows_twice(self):
        """
        By the offset before the change, and the first of the two; a date alone is the
        beginning of its day.
        """
        content = read("dst.csv", time_zone="America/New_York")
        assert [
            datetime(2023, 3, 12, 7, 30, tzinfo=UTC),
            datetime(2023, 11, 5, 5, 30, tzinfo=UTC),
            datetime(2023, 1, 5, 5, 0, tzinfo=UTC),
        ] == [order.placed_at for order in content.orders.values()]


class TestOrders:
    def test_countries_in_words(self):
        """
        Codes and names are understood; what is no country is unknown, and held.
        """
        found = [order[0] for order in orders(read("country_words.csv")).values()]
        assert ["US", "US", "GB", "ZZ", "GB", "ZZ", "US"] == found

    def test_two_customers_under_one_number(self):
        """
        The order is in doubt, and has nothing of the other customer's.
        """
        content = read("same_number_two_customers.csv")

        assert {"7": ("GB", "paid", False, True)} == orders(content)
        assert [("A", 2, 0, 0, "3.50 GBP")] == lines(content, "7")
        assert [(2, RejectReason.OTHER_CUSTOMER)] == rejects(content)

    def test_numbers_that_differ_by_a_sign(self):
        """
        They are one order, in doubt unless the sign is configured.
        """
        assert {"1001": ("GB", "paid", False, True)} == orders(
            read("hash_and_spaces.csv")
        )
        content = read("hash_and_spaces.csv", number_prefix="#")
        assert {"1001": ("GB", "paid", False, False)} == orders(content)
        assert 3 == len(lines(content, "1001"))

    def test_spellings_of_a_sku_are_one_variant(self):
        """
        Each line has a name of its own, which is not its place.
        """
        order = read("sku_case_and_spaces.csv").orders["1"]

        assert {"a-1"} == {line.sku_key for line in order.lines}
        assert ["a-1", "a-1#2", "a-1#3"] == [
            line.external_line_id for line in order.lines
        ]

    def test_a_rejected_first_row_does_not_cost_the_country(self):
        """
        With SKUs required: the order is incomplete, and still goes to the US.
        """
        content = read("first_row_rejected.csv", identity=("sku",))

        assert {"1": ("US", "paid", False, True)} == orders(content)
        assert [("B", 1, 0, 0, "20.00 USD")] == lines(content, "1")
        assert [(1, BAD)] == rejects(content)


class TestPlatforms:
    def test_shopify(self):
        """
        A blank currency on the second line is the order's.
        """
        content = read("shopify_currency.csv")

        assert "shopify" == content.layout.profile.name
        assert "#1" == content.orders["1"].number
        assert [
            ("A", 1, 0, 0, "50.00 USD"),
            ("B", 1, 0, 0, "20.00 USD"),
        ] == lines(content, "1")

    def test_squarespace(self):
        """
        The second line has the order's facts; what is cancelled and refunded is
        cancelled.
        """
        content = read("squarespace.csv")

        assert "squarespace" == content.layout.profile.name
        assert {
            "1": ("US", "paid", False, False),
            "2": ("US", "paid", True, False),
        } == orders(content)
        assert 2 == len(lines(content, "1"))

    def test_woocommerce(self):
        """
        Items in one cell are lines, their totals shared out among their units.
        """
        content = read("woo_default.csv", currency="USD")

        assert "woocommerce" == content.layout.profile.name
        assert [
            ("111112", 1, 0, 0, "49.99 USD"),
            ("SIM-2", 2, 0, 0, "4.08 USD"),
        ] == lines(content, "4415")
        assert {
            "4415": ("US", "paid", False, False),
            "4416": ("US", "paid", True, False),
        } == orders(content)

    def test_etsy(self):
        """
        Entities, newlines, a blank SKU, month first, and no paid date.
        """
        content = read("etsy_items.csv", currency="")
        first, second = content.orders["3001"], content.orders["3002"]

        assert "etsy" == content.layout.profile.name
        assert {
            "3001": ("US", "paid", False, False),
            "3002": ("US", "unpaid", False, False),
        } == orders(content)
        assert [
            ("FOX-01", 2, 2, 0, "5.00 USD"),
            ("FOX-ST", 1, 0, 0, "3.00 USD"),
        ] == lines(content, "3001")
        assert first.lines[0].title.startswith("Fox & Hare | Card - Size:8 x 10")
        assert "1. Mom\n2. Dad" in first.lines[0].title
        assert datetime(2025, 8, 14, tzinfo=UTC) == first.placed_at
        (line,) = second.lines
        assert ("4003", "", "9003", Money(1200, "USD")) == (
            line.external_line_id,
            line.sku,
            line.external_variant_id,
            line.unit_price,
        )
        # What a customer wants written on it names no variant.
        ids = [line.external_variant_id for line in first.lines]
        assert ["9001 Size:8 x 10 inches, framed", "9002 Style:Matte"] == ids

    def test_ebay(self):
        """
        A blank line above, a blank row, words below, and an order of two items whose
        country only its first row has.
        """
        content = read("ebay_raw.csv", currency="")

        assert "ebay" == content.layout.profile.name
        assert {
            "11-10000-00001": ("US", "paid", False, False),
            "145": ("US", "unpaid", False, False),
            "11-10000-00002": ("US", "paid", False, False),
            "11-10000-00003": ("US", "paid", False, False),
        } == orders(content)
        assert [("PODS", 1, 1, 0, "65.00 USD")] == lines(content, "11-10000-00002")
        assert [
            ("CARD-A", 1, 0, 0, "13.00 USD"),
            ("CARD-B", 1, 0, 0, "1015.00 USD"),
        ] == lines(content, "11-10000-00003")
        assert [] == rejects(content)
        assert (
            "row 7 is no order: words of the shop's own: 45 record(s) downloaded",
            "row 8 is no order: words of the shop's own: Seller ID : a-seller",
        ) == content.notes

    def test_amazon_all_orders(self):
        """
        Bare quotation marks, prices of lines, what is shipped and what is pending.
        """
        content = read("amazon_all.txt", currency="")

        assert "amazon_all" == content.layout.profile.name
        first, second, third = (f"302-1111111-000000{n}" for n in (1, 2, 3))
        assert {
            first: ("DE", "paid", False, False),
            second: ("DE", "unpaid", False, False),
            third: ("DE", "paid", True, False),
        } == orders(content)
        assert 'Lamp, "warm" 5" tall' == content.orders[first].lines[0].title
        assert [("LAMP-W", 1, 1, 0, "12.99 EUR")] == lines(content, first)
        assert [
            ("MUG", 3, 0, 0, "9.99 EUR"),
            ("LAMP-W", 1, 0, 0, "12.99 EUR"),
        ] == lines(content, second)

    def test_amazon_unshipped(self):
        """
        No price is told; of three one is sent; lines by the item's id.
        """
        content = read("amazon_unshipped.csv")
        (name,) = content.orders

        assert "amazon_unshipped" == content.layout.profile.name
        assert [("PEDAL-1", 3, 1, 0, "")] == lines(content, name)
        (line,) = content.orders[name].lines
        assert ("52400000000001", 2) == (line.external_line_id, line.quantity_wanted)

    def test_wix(self):
        """
        The first of two columns of one name, a time in two, three-letter countries.
        """
        content = read("wix.csv", currency="")

        assert "wix" == content.layout.profile.name
        assert {
            "10001": ("DE", "paid", False, False),
            "10002": ("AT", "unpaid", True, False),
        } == orders(content)
        assert [
            ("SH-B-M", 2, 0, 1, "19.99 EUR"),
            ("CAP", 1, 0, 0, "19.99 EUR"),
        ] == lines(content, "10001")
        at = datetime(2024, 12, 8, 9, 15, 51, tzinfo=UTC)
        assert at == content.orders["10001"].placed_at

    def test_tiktok(self):
        """
        The row below the header is no order, ids lose their tabs, one amount has a
        currency.
        """
        content = read("tiktok.csv", currency="")
        first, second, third = (f"58387090000000000{n}" for n in (1, 2, 3))

        assert "tiktok" == content.layout.profile.name
        assert {
            first: ("US", "paid", False, False),
            second: ("US", "unpaid", True, False),
            third: ("US", "unpaid", False, False),
        } == orders(content)
        assert [
            ("SER-A", 2, 0, 0, "12.00 USD"),
            ("SER-B", 1, 0, 0, "12.00 USD"),
        ] == lines(content, first)
        assert ("a row that describes the columns is left out",) == content.notes


def test_every_file_has_its_test():
    """
    No case is left out.
    """
    said = Path(__file__).read_text("utf-8")
    assert [] == [
        path.name for path in FOLDER.iterdir() if f'"{path.name}"' not in said
    ]


def test_what_is_refunded_in_part_is_in_doubt():
    """
    Shopify does not say which units; nobody sends what a customer has back already.
    """
    text = (FOLDER / "shopify_currency.csv").read_text("utf-8")
    header, first, rest = text.split("\n", 2)
    told = f"{header},Financial Status\n{first},partially_refunded\n{rest.strip()},\n"
    config = FileStoreConfig(path="a.csv")
    order = FileContent.parse(told.encode(), config).orders["1"]

    assert order.paid_at_store
    words = "it is refunded in part, and the export does not say which units"
    assert (words,) == order.doubts


def workbook(rows):
    """
    Return an Excel workbook of one sheet.
    """
    file = io.BytesIO()
    write_workbook(file, *rows)
    return file.getvalue()


class TestWorkbooks:
    HEADER = ("Sale Date", "Item Name", "Transaction ID", "Listing ID", "Order ID")
    MORE = ("Quantity", "Price", "Currency", "SKU", "Date Paid", "Ship Country")

    def read(self, *rows):
        data = workbook([(*self.HEADER, *self.MORE), *rows])
        return FileContent.parse(data, FileStoreConfig(path="a.csv"))

    def test_numbers_and_days_are_what_they_show(self):
        """
        A spreadsheet has neither whole numbers nor dates as text; the file's name does
        not matter.
        """
        day = datetime(2025, 8, 14)  # noqa: DTZ001 - as a cell has it
        row = (day, "Lamp", 4001, 9001, 3001, 2, 12.5, "USD", "007", day, "US")
        content = self.read(row)

        assert "etsy" == content.layout.profile.name
        assert [("007", 2, 0, 0, "12.50 USD")] == lines(content, "3001")
        assert datetime(2025, 8, 14, tzinfo=UTC) == content.orders["3001"].placed_at
        assert ("an Excel workbook: its first sheet",) == content.notes

    @pytest.mark.parametrize("number", [583871123456789012, 8012345678901234])
    def test_numbers_too_long_for_a_spreadsheet_are_refused(self, number):
        """
        It has rounded them: two orders may be one there.
        """
        row = (
            "08/14/25",
            "Lamp",
            1,
            2,
            number,
            2,
            1,
            "USD",
            "A",
            "x",
            "US",
        )
        content = self.read(row)

        assert {} == content.orders
        assert [(1, BAD)] == rejects(content)

    def test_what_is_no_workbook_says_so(self):
        """
        An archive that is called one.
        """
        with pytest.raises(NoTableError, match="no Excel workbook that can be read"):
            FileContent.parse(b"PK\x03\x04" + b"x" * 99, FileStoreConfig(path="a.xlsx"))


def test_a_customer_is_compared_by_what_both_records_tell():
    """
    A record that has only the email is no stranger to one that has the name.
    """
    header = "order_number,sku,quantity,placed_at,country,customer,email"
    rows = ("1,A,1,2025-01-01,US,ann,a@x", "1,B,1,2025-01-01,US,,a@x")
    text = "\n".join((header, *rows, "1,C,1,2025-01-01,US,,z@x"))
    content = FileContent.parse(text.encode(), FileStoreConfig(path="a.csv"))

    assert ["A", "B"] == [line.sku for line in content.orders["1"].lines]
    assert [(3, RejectReason.OTHER_CUSTOMER)] == rejects(content)
