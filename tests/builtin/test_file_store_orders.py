"""
What the file store reads out of a shop's CSV file.
"""

import csv
import io
import os
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere.builtin.file_config import FileStoreConfig
from sourcehere.builtin.file_orders import FileContent
from sourcehere.builtin.file_store import FileStore
from sourcehere.domain.kernel.address import Address
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.domain.kernel.money import Money
from sourcehere.domain.kernel.skus import comparison_key
from sourcehere.domain.stores.model import (
    Charge,
    Reject,
    RejectReason,
    SnapshotLine,
    StoreOrderSnapshot,
)
from sourcehere.ports.errors import DeclinedError
from sourcehere.ports.platforms import StorePlatform, SupportsBatchPush

RETAIL = FileStoreConfig(
    path="orders.csv",
    fulfilments_path="fulfilments.csv",
    currency="GBP",
    columns={
        "order_number": "InvoiceNo",
        "sku": "StockCode",
        "title": "Description",
        "quantity": "Quantity",
        "unit_price": "UnitPrice",
        "placed_at": "InvoiceDate",
        "customer": "CustomerID",
        "country": "Country",
    },
    time_zone="Europe/London",
    country_aliases={"United Kingdom": "GB", "EIRE": "IE", "uk": "GB"},
    fee_codes=("POST", "M"),
    cancellation_prefix="C",
)
HEADER = (
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,"
    "UnitPrice,CustomerID,Country\r\n"
)


def read(*rows: str, header: str = HEADER, config: FileStoreConfig = RETAIL):
    """
    Parse a file of *rows*.
    """
    text = header + "".join(f"{row}\r\n" for row in rows)
    return FileContent.parse(text.encode(), config)


def only_group(*rows: str, **kwargs: object):
    """
    Parse a file whose rows are one group.
    """
    (group,) = read(*rows, **kwargs).groups
    return group


def unknown(store, number):
    """
    Tell whether the file cannot say whether there is an order of that number.
    """
    with pytest.raises(DeclinedError):
        store.fetch_order(number)
    return True


class TestOrder:
    def test_facts_come_from_the_first_accepted_row(self):
        """
        Time, customer and country are those of the first row that became a line; what
        another customer has under its number is never part of it.
        """
        order = only_group(
            "536370,X,bad,0,2010-12-01 08:00,1.00,1,France",
            "536370,22728,CLOCK,24,2010-12-01 08:45,3.75,12583,eire",
            "536370,22728,CLOCK,2,2010-12-02 08:45,3.75,,",
            "536370,22728,CLOCK,2,2010-12-02 08:45,3.75,99999,France",
        ).order

        price = Money(375, "GBP")
        assert order == StoreOrderSnapshot(
            external_id="536370",
            number="536370",
            placed_at=datetime(2010, 12, 1, 8, 45, tzinfo=UTC),
            address=Address(country="IE", customer="12583"),
            lines=(
                SnapshotLine("22728", "22728", "CLOCK", 24, price),
                SnapshotLine("22728#2", "22728", "CLOCK", 2, price),
            ),
            paid_at_store=True,
            rows_rejected=2,
            doubts=("another customer has the same order number",),
        )

    def test_scattered_rows_are_one_order(self):
        """
        Rows of an order number belong together wherever they stand in the file.
        """
        groups = read(
            "1,A,a,1,2010-12-01 08:00,1.00,,GB",
            "2,B,b,1,2010-12-01 08:00,1.00,,GB",
            "1,C,c,1,2010-12-01 08:00,1.00,,GB",
        ).groups

        assert [
            ("1", ["A", "C"]),
            ("2", ["B"]),
        ] == [(g.order.number, [x.sku for x in g.order.lines]) for g in groups]

    def test_listed_by_their_first_accepted_row(self):
        """
        An order stands where its first line stands, what is no order at its first row.
        One of no units is an order that is wanted no more.
        """
        groups = read(
            "1,A,a,0,2010-12-01 08:00,1.00,,GB",
            "2,A,a,0,2010-12-01 08:00,1.00,,GB",
            "3,A,a,1,2010-12-01 08:00,1.00,,GB",
            "C4,A,a,-1,2010-12-01 08:00,1.00,,GB",
            "1,A,a,1,2010-12-01 08:00,1.00,,GB",
        ).groups

        assert [2, 3, 4, 5] == [g.rank for g in groups]
        assert ["2", "3", None, "1"] == [g.order and g.order.number for g in groups]

    def test_summer_time_is_converted(self):
        """
        A local time of the configured zone becomes the UTC instant.
        """
        order = only_group("1,A,a,1,2011-07-01 09:30,1.00,,GB").order

        assert datetime(2011, 7, 1, 8, 30, tzinfo=UTC) == order.placed_at

    @pytest.mark.parametrize(
        ("local", "utc"),
        [
            ("2011-10-30 01:30", datetime(2011, 10, 30, 0, 30, tzinfo=UTC)),
            ("2011-03-27 01:30", datetime(2011, 3, 27, 1, 30, tzinfo=UTC)),
            ("2011-03-01T01:30:15", datetime(2011, 3, 1, 1, 30, 15, tzinfo=UTC)),
            ("2011-03-01T01:30+02:00", datetime(2011, 2, 28, 23, 30, tzinfo=UTC)),
            ("2011-03-01T01:30:00Z", datetime(2011, 3, 1, 1, 30, tzinfo=UTC)),
            ("2011-07-01", datetime(2011, 6, 30, 23, 0, tzinfo=UTC)),
        ],
    )
    def test_odd_times(self, local, utc):
        """
        An hour shown twice is the first, a skipped one is read by the old offset, and
        an offset in the text counts.
        """
        assert utc == only_group(f"1,A,a,1,{local},1.00,,GB").order.placed_at

    @pytest.mark.parametrize(
        ("text", "country"),
        [
            ("United Kingdom", "GB"),
            ("UNITED kingdom ", "GB"),
            ("UK", "GB"),
            ("de", "DE"),
            ("Unspecified", "ZZ"),
            ("", "ZZ"),
            ("1!", "ZZ"),
        ],
    )
    def test_countries(self, text, country):
        """
        An alias in any case, else two letters as a code, else unknown.
        """
        order = only_group(f"1,A,a,1,2011-07-01,1.00,,{text}").order

        assert country == order.address.country

    def test_sku_and_title_are_verbatim(self):
        """
        Case and spaces of a SKU are kept; a missing title or customer is empty.
        """
        line = only_group("1, 84029e ,,1,2011-07-01,1.00,,").order.lines[0]

        assert (" 84029e ", "") == (line.sku, line.title)

    def test_price_zero_is_a_line(self):
        """
        A gift is a valid line.
        """
        order = only_group("1,A,a,1,2011-07-01,0.0,,").order

        assert Money(0, "GBP") == order.lines[0].unit_price
        assert 0 == order.rows_rejected

    def test_unpaid_shop(self):
        """
        A shop whose orders are not paid yet says so on each of them.
        """
        config = attrs.evolve(RETAIL, paid_at_store=False)

        order = only_group("1,A,a,1,2011-07-01,1,,", config=config).order
        assert order.paid_at_store is False

    def test_currency_column(self):
        """
        A row's own currency counts, an empty one is the order's, and that of an order
        without any the configured one.
        """
        groups = read(
            "1,A,1,2,2020-01-01,jpy",
            "1,A,1,2,2020-01-01,",
            "2,A,1,2,2020-01-01,",
            header="order_number,sku,quantity,unit_price,placed_at,currency\n",
            config=FileStoreConfig(
                path="a",
                fulfilments_path="b",
                currency="USD",
                columns={"title": "", "customer": "", "country": ""},
            ),
        ).groups

        assert [[Money(2, "JPY")] * 2, [Money(200, "USD")]] == [
            [line.unit_price for line in group.order.lines] for group in groups
        ]


class TestRejects:
    def test_cancellation_note_is_no_order(self):
        """
        Rows with the cancellation prefix are notes, whatever else is wrong with them.
        """
        group = only_group(
            "C536379,D,Discount,-1,2010-12-01 09:41,27.50,14527,United Kingdom",
            "C536379,POST,x,nonsense,never,x,14527,United Kingdom",
            "C536379",
        )

        assert group.order is None
        assert () == group.charges
        assert [
            (1, RejectReason.CANCELLATION_NOTE, "C536379"),
            (2, RejectReason.CANCELLATION_NOTE, "C536379"),
            (3, RejectReason.CANCELLATION_NOTE, "C536379"),
        ] == [(r.row, r.reason, r.external_id) for r in group.rejects]

    def test_cancellation_note_of_an_order_in_the_file(self):
        """
        It is told with its order, wherever it stands, says nothing for it, and puts it
        in doubt; one that names no order stands for itself.
        """
        noted, other = read(
            "C536379,A,a,-1,2010-12-09 09:41,1.00,14527,France",
            "536379,A,a,2,2010-12-01 09:41,1.00,12583,United Kingdom",
            "C536380,A,a,-1,2010-12-09 09:41,1.00,14527,France",
        ).groups

        assert ("536379", "GB", 0, ("a cancellation note names it",)) == (
            noted.order.number,
            noted.order.address.country,
            noted.order.rows_rejected,
            noted.order.doubts,
        )
        assert [2] == [line.quantity for line in noted.order.lines]
        assert [(1, "C536379", "536379")] == [
            (r.row, r.external_id, r.about) for r in noted.rejects
        ]
        assert other.order is None
        assert [(3, "C536380", "536380")] == [
            (r.row, r.external_id, r.about) for r in other.rejects
        ]

    def test_fee_is_a_charge(self):
        """
        A fee code in any case is a charge of quantity times price, and no reject.
        """
        group = only_group(
            "1,A,a,1,2011-07-01,1.00,,",
            "1,post,POSTAGE,3,2011-07-01,18.00,,",
            "1,M,Manual,-1,2011-07-01,0.29,,",
        )

        assert 0 == group.order.rows_rejected
        assert (
            Charge(2, "1", "post", "GBP", 5400, "18.00"),
            Charge(3, "1", "M", "GBP", -29, "0.29"),
        ) == group.charges

    @pytest.mark.parametrize(
        ("row", "text"),
        [
            ("1,POST,,1,2011-07-01,free,,", "free"),
            ("1,POST,,1.5,2011-07-01,18.00,,", "18.00"),
            ("1,POST,,1,2011-07-01,1e5,,", "1e5"),
            ("1,POST,,1,2011-07-01,18.00", "18.00"),
            ("1,POST", ""),
            ("1,POST,,1000000000,2011-07-01,1000000000000,,", "1000000000000"),
        ],
    )
    def test_unreadable_amount_is_kept_as_text(self, row, text):
        """
        A fee whose amount cannot be read, or not be stored, keeps the shop's words.
        """
        group = only_group(row)

        assert (Charge(1, "1", "POST", "GBP", None, text),) == group.charges
        assert [RejectReason.NO_PRODUCT_LINES] == [r.reason for r in group.rejects]

    @pytest.mark.parametrize(
        ("row", "detail"),
        [
            (",A,a,1,2011-07-01,1.00,,", "order_number is empty"),
            ("1, ,,1,2011-07-01,1.00,,", "sku and variant_id and title is empty"),
            ("1,A,a,6.5,2011-07-01,1.00,,", "quantity"),
            ('1,A,a,"6,000",2011-07-01,1.00,,', "quantity"),
            ("1,A,a,,2011-07-01,1.00,,", "quantity"),
            ("1,A,a,1000000001,2011-07-01,1.00,,", "quantity"),
            ("1,A,a,99999999999999999999,2011-07-01,1.00,,", "quantity"),
            ("1,A,a,-1000000001,2011-07-01,1.00,,", "quantity"),
            ("1,A,a,1,2011-07-01,1e3,,", "unit_price"),
            ("1,A,a,1,2011-07-01,1.234,,", "a thousand or one"),
            ("1,A,a,1,2011-07-01,99999999999999999,,", "unit_price"),
            ("1,A,a,-1,31/12/2011,-1,,", "placed_at"),
            ("1,A,a,1,2011-02-30,1.00,,", "placed_at"),
            ("1,A,a,1,,1.00,,", "placed_at"),
            ("1,A,a,1,2011-07-01,1.00,", "7 cells, the header has 8"),
            ("1,A,a,1,2011-07-01,1.00,,GB,", "9 cells, the header has 8"),
        ],
    )
    def test_bad_value_names_the_column(self, row, detail):
        """
        What cannot be parsed is rejected before any other judgement of its numbers.
        """
        first = only_group(row).rejects[0]

        assert (1, RejectReason.BAD_VALUE) == (first.row, first.reason)
        assert detail in first.detail

    @pytest.mark.parametrize("digit", ["٣", "३", "³"])
    @pytest.mark.parametrize(
        ("column", "row"),
        [
            ("quantity", "1,A,a,1{},2011-07-01 10:30,1.00,,"),
            ("unit_price", "1,A,a,1,2011-07-01 10:30,1.5{},,"),
            ("placed_at", "1,A,a,1,201{}-07-01 10:30,1.00,,"),
            ("placed_at", "1,A,a,1,2011-0{}-01 10:30,1.00,,"),
            ("placed_at", "1,A,a,1,2011-07-1{} 10:30,1.00,,"),
            ("placed_at", "1,A,a,1,2011-07-01 1{}:30,1.00,,"),
            ("placed_at", "1,A,a,1,2011-07-01 10:3{},1.00,,"),
            ("placed_at", "1,A,a,1,2011-07-01 10:30:0{},1.00,,"),
            ("placed_at", "1,A,a,1,2011-07-01T10:30+0{}:00,1.00,,"),
        ],
    )
    def test_only_ascii_digits_are_read(self, column, row, digit):
        """
        A digit of another script is named with its column; the rows beside go on.
        """
        group = only_group(row.format(digit), "1,B,b,2,2011-07-01 10:30,1.00,,")
        detail = f"{column} has the digit {digit!r}; only 0 to 9 are read"

        assert (Reject(1, RejectReason.BAD_VALUE, "1", detail),) == group.rejects
        assert [("B", 2)] == [(line.sku, line.quantity) for line in group.order.lines]

    @pytest.mark.parametrize(("quantity", "price"), [("1٣", "1.00"), ("1", "१.00")])
    def test_a_fee_of_foreign_digits_has_no_amount(self, quantity, price):
        """
        The fee is kept with the text that the shop wrote.
        """
        group = only_group(f"1,POST,a,{quantity},2011-07-01,{price},,")

        assert (Charge(1, "1", "POST", "GBP", None, price),) == group.charges

    def test_other_columns_have_the_digits_of_any_script(self):
        """
        Order numbers, SKUs, titles and customers are texts, kept as they are.
        """
        order = only_group("№٣,A３,Cup ३,1,2011-07-01,1.00,٣,").order

        assert ("№٣", "A３", "Cup ३", "٣") == (
            order.external_id,
            order.lines[0].sku,
            order.lines[0].title,
            order.address.customer,
        )

    def test_details_hold_no_values(self):
        """
        What a customer may have typed never reaches a reject.
        """
        secret = "ann@example.com"
        rows = [
            f"1,A,a,{secret},2011-07-01,1.00,{secret},{secret}",
            f"1,A,a,1,{secret},1.00,{secret},{secret}",
            f"1,A,a,1,2011-07-01,{secret},{secret},{secret}",
        ]

        assert secret not in repr(only_group(*rows).rejects)

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            ("1,A,a,0,2011-07-01,1.00,,", RejectReason.QUANTITY_NOT_POSITIVE),
            ("1,A,a,-6,2011-07-01,-1.00,,", RejectReason.QUANTITY_NOT_POSITIVE),
            ("1,A,a,1,2011-07-01,-11062.06,,", RejectReason.PRICE_NEGATIVE),
            ("1,A,a,1,2011-07-01,-0.001,,", RejectReason.PRICE_NEGATIVE),
        ],
    )
    def test_quantity_then_price(self, row, reason):
        """
        A quantity that is not positive is told before a negative price.
        """
        assert reason == only_group(row).rejects[0].reason

    def test_no_product_lines_once_on_the_first_row(self):
        """
        An order left without a line is told once, on its first row, beside the rest.
        """
        group = only_group(
            "1,A,a,0,2011-07-01,1.00,,",
            "1,POST,a,1,2011-07-01,1.00,,",
            "1,A,a,1,2011-07-01,-1,,",
        )

        assert group.order is None
        assert [
            (1, RejectReason.QUANTITY_NOT_POSITIVE),
            (1, RejectReason.NO_PRODUCT_LINES),
            (3, RejectReason.PRICE_NEGATIVE),
        ] == [(r.row, r.reason) for r in group.rejects]

    def test_rows_without_order_number_stand_alone(self):
        """
        They are no order, so that none is missed for lack of lines.
        """
        groups = read(",A,a,1,2011-07-01,1.00,,", " ,POST,a,1,2011-07-01,1.00,,").groups

        assert [[RejectReason.BAD_VALUE], []] == [
            [r.reason for r in g.rejects] for g in groups
        ]
        assert [0, 1] == [len(g.charges) for g in groups]

    def test_empty_lines_are_no_records(self):
        """
        Only what is written counts: an empty line has no number.
        """
        (reject,) = only_group(
            "", "1,A,a,1,2011-07-01,1.00,,", "", "1,A,a,0,2011-07-01,1.00,,", ""
        ).rejects

        detail = "quantity is not positive"
        assert reject == Reject(2, RejectReason.QUANTITY_NOT_POSITIVE, "1", detail)


class TestPages:
    ROWS = (
        "1,A,a,1,2010-12-01 08:00,1.00,,GB",
        "C2,A,a,-1,2010-12-01 08:00,1.00,,GB",
        "3,A,a,1,2010-12-01 08:00,1.00,,GB",
        "3,POST,a,1,2010-12-01 08:00,1.00,,GB",
        "4,A,a,0,2010-12-01 08:00,1.00,,GB",
        "5,A,a,1,2010-12-01 08:00,1.00,,GB",
    )

    @pytest.fixture
    def orders(self, tmp_path: Path) -> Path:
        """
        The orders' file.
        """
        path = tmp_path / "orders.csv"
        path.write_text(HEADER + "".join(f"{row}\r\n" for row in self.ROWS))
        return path

    @pytest.fixture
    def store(self, orders: Path) -> FileStore:
        """
        The shop.
        """
        fulfilments = str(orders.with_name("sent.csv"))
        return FileStore(
            attrs.evolve(RETAIL, path=str(orders), fulfilments_path=fulfilments),
            folder=str(orders.parent),
        )

    def test_is_a_store_platform(self, store):
        """
        The file store is what the ports ask for, and takes batches.
        """
        platform: StorePlatform = store

        assert isinstance(platform, SupportsBatchPush)

    def test_pages_add_up(self, store):
        """
        Pages bring every order, reject and charge once; then the cursor is empty.
        """
        pages = [store.pull_orders("", limit=2)]
        while pages[-1].has_more:
            pages.append(store.pull_orders(pages[-1].cursor, limit=2))

        assert [["1"], ["3", "4"], ["5"]] == [
            [o.number for o in p.orders] for p in pages
        ]
        assert [[2], [5], []] == [[r.row for r in p.rejects] for p in pages]
        assert [[], [4], []] == [[c.row for c in p.charges] for p in pages]
        assert "" == pages[-1].cursor
        assert "" not in [p.cursor for p in pages[:-1]]

    def test_exact_last_page_has_no_more(self, store):
        """
        A page that ends where the file ends is the last one.
        """
        page = store.pull_orders("", limit=5)

        assert ("", False) == (page.cursor, page.has_more)

    def test_changed_file_starts_again(self, store, orders):
        """
        A cursor of another content continues nowhere: the listing begins anew.
        """
        cursor = store.pull_orders("", limit=2).cursor
        with orders.open("a") as file:
            file.write("6,A,a,1,2010-12-01 08:00,1.00,,GB\r\n")

        assert ["1"] == [o.number for o in store.pull_orders(cursor, limit=2).orders]

    def test_cursor_outlives_the_process(self, store):
        """
        Another object continues where the first stopped.
        """
        cursor = store.pull_orders("", limit=2).cursor
        other = FileStore(store._config, folder=store._folder)

        found = other.pull_orders(cursor, limit=2).orders
        assert ["3", "4"] == [o.number for o in found]

    def test_other_configuration_starts_again(self, store):
        """
        A cursor made by other columns or fees does not continue.
        """
        cursor = store.pull_orders("", limit=2).cursor
        other = FileStore(
            attrs.evolve(store._config, fee_codes=()), folder=store._folder
        )

        assert ["1"] == [o.number for o in other.pull_orders(cursor, limit=2).orders]

    @pytest.mark.parametrize("cursor", ["x", "2026-01-01", ":", "a:b:c"])
    def test_foreign_cursor_starts_again(self, store, cursor):
        """
        A text that is no cursor of ours means the beginning.
        """
        assert "1" == store.pull_orders(cursor, limit=1).orders[0].number

    def test_parsed_once_per_content(self, store, orders):
        """
        Pages of one content share one parse; a replaced file is parsed again.
        """
        store.pull_orders("", limit=1)
        first = store._orders.read()
        assert store._orders.read() is first

        new = orders.with_name("new.csv")
        new.write_bytes(orders.read_bytes().replace(b"5,A", b"7,A"))
        status = orders.stat()
        os.utime(new, ns=(status.st_atime_ns, status.st_mtime_ns))
        new.replace(orders)
        assert unknown(store, "5")
        assert "7" == store.fetch_order("7").number

    def test_fetch_order(self, store):
        """
        One order by its number; notes are none, and one of no units is cancelled.
        """
        assert "3" == store.fetch_order("3").external_id
        assert unknown(store, "C2")
        assert store.fetch_order("4").cancelled

    @pytest.mark.parametrize("limit", [0, -1])
    def test_limit_is_positive(self, store, limit):
        """
        A page of nothing is refused, it would never end.
        """
        with pytest.raises(InvalidInputError) as ei:
            store.pull_orders("", limit=limit)

        assert "limit" == ei.value.field


PLAIN = FileStoreConfig(path="a.csv", fulfilments_path="b.csv", currency="USD")
WORDS = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12
)
# Without what spreadsheets put before a text, and what shops put before a number.
NAMES = st.text(
    st.characters(categories=["L", "N", "P"], exclude_characters="'=#"),
    min_size=1,
    max_size=8,
)
LINES = st.tuples(
    NAMES, WORDS, st.integers(1, 10**9), st.integers(0, 10**9), NAMES | st.just("")
)
TIMES = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1))  # noqa: DTZ001 - the file's clock is UTC


def ids_of(lines):
    """
    Return what lines are known by: their SKUs as compared, and which of each it is.
    """
    seen = []
    for sku, *_ in lines:
        seen.append(comparison_key(sku))
        count = seen.count(seen[-1])
        yield seen[-1] if count == 1 else f"{seen[-1]}#{count}"


@given(
    orders=st.dictionaries(
        NAMES, st.tuples(TIMES, st.lists(LINES, min_size=1, max_size=4)), max_size=5
    ),
    delimiter=st.sampled_from(",;"),
    bom=st.booleans(),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read(orders, delimiter, bom, newline):
    """
    Arbitrary orders come back equal, by both delimiters, with and without BOM.
    """
    text = io.StringIO()
    # Everything is quoted: before Python 3.13 the writer forgets to quote a \r.
    writer = csv.writer(
        text, delimiter=delimiter, lineterminator=newline, quoting=csv.QUOTE_ALL
    )
    names = "order_number sku title quantity unit_price placed_at customer country"
    writer.writerow(names.split())
    expected = []
    for number, (placed_at, lines) in orders.items():
        at = placed_at.replace(second=0, microsecond=0)
        customer = lines[0][4]
        for sku, title, quantity, minor, _ in lines:
            price = f"{minor // 100}.{minor % 100:02}"
            local = f"{at:%Y-%m-%d %H:%M}"
            writer.writerow(
                (number, sku, title, quantity, price, local, customer, "fr")
            )
        expected.append(
            StoreOrderSnapshot(
                external_id=number,
                number=number,
                placed_at=at.replace(tzinfo=UTC),
                address=Address(country="FR", customer=customer),
                lines=tuple(
                    SnapshotLine(name, line[0], line[1], line[2], Money(line[3], "USD"))
                    for name, line in zip(ids_of(lines), lines, strict=True)
                ),
            )
        )
    data = text.getvalue().encode("utf-8-sig" if bom else "utf-8")

    groups = FileContent.parse(data, PLAIN).groups
    assert expected == [group.order for group in groups]
    assert [] == [group for group in groups if group.rejects or group.charges]


class TestIds:
    def test_a_line_may_go_by_the_shop_s_own_ids(self):
        """
        Columns `variant_id` and `product_id` are read where there are any; a row with
        the first needs no SKU.
        """
        header = HEADER.strip() + ",variant_id,product_id\r\n"
        rows = (
            "1,,Tee,1,2010-12-01 08:26,2.55,17850,UK, 4401 ,77",
            "1,T,Tee,1,2010-12-01 08:26,2.55,17850,UK,,77",
            "1,,Tee,1,2010-12-01 08:26,2.55,17850,UK,,77",
        )
        group = only_group(*rows, header=header)

        assert [("", "4401", "77"), ("T", "", "77"), ("Tee", "", "77")] == [
            (line.sku, line.external_variant_id, line.external_product_id)
            for line in group.order.lines
        ]
        assert ["4401", "t", "tee"] == [
            line.external_line_id for line in group.order.lines
        ]

    def test_what_a_line_may_go_by_is_said(self):
        """
        A shop that has SKUs takes a line without one for a mistake.
        """
        config = attrs.evolve(RETAIL, identity=("sku",))
        row = "1,,Tee,1,2010-12-01 08:26,2.55,17850,UK"
        first = only_group(row, config=config).rejects[0]

        assert "sku is empty" == first.detail
