"""
What exports of platforms have that no documentation shows: each read as it is meant, or
held.
"""

import csv
import io
from datetime import datetime

import pytest
import xlsxwriter

from sourcehere.builtin.file_config import FileStoreConfig
from sourcehere.builtin.file_errors import FileStoreError
from sourcehere.builtin.file_orders import FileContent
from sourcehere.domain.stores.model import RejectReason

BAD = RejectReason.BAD_VALUE


def read(*rows, parted=",", **config):
    """
    Read rows as a shop's orders; amounts without a currency are pounds.
    """
    header = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, header, delimiter=parted)
    writer.writeheader()
    writer.writerows(rows)
    wanted = {"path": "x.csv", "currency": "GBP"} | config
    return FileContent.parse(text.getvalue().encode(), FileStoreConfig(**wanted))


def lines(content, number="1"):
    """
    Return the lines of an order: id, SKU, units, of which sent, of which refunded,
    price.
    """
    return [
        (
            line.external_line_id,
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
    Return which records were rejected, and why.
    """
    return [(r.row, r.reason, r.detail) for g in content.groups for r in g.rejects]


def woo(items, number="1"):
    return {
        "order_id": number,
        "order_number": number,
        "date": "2026-11-01 10:00:00",
        "status": "processing",
        "shipping_country": "GB",
        "line_items": items,
    }


def amazon(**said):
    return {
        "amazon-order-id": "1",
        "purchase-date": "2026-11-01T10:00:00+00:00",
        "order-status": "Unshipped",
        "fulfillment-channel": "Merchant",
        "sku": "CUP",
        "item-status": "Unshipped",
        "quantity": "2",
        "currency": "USD",
        "item-price": "10.00",
        "ship-country": "US",
    } | {name.replace("_", "-"): text for name, text in said.items()}


def shopify(**said):
    return {
        "Name": "#1",
        "Financial Status": "paid",
        "Fulfillment Status": "unfulfilled",
        "Currency": "USD",
        "Created at": "2026-11-01 10:00:00 +0100",
        "Lineitem quantity": "2",
        "Lineitem name": "Cup",
        "Lineitem price": "3.00",
        "Lineitem sku": "CUP",
        "Lineitem fulfillment status": "pending",
        "Shipping Country": "US",
    } | {name.replace("_", " "): text for name, text in said.items()}


def tiktok(**said):
    return {
        "Order ID": "1\t",
        "Order Status": "To ship",
        "SKU ID": "17\t",
        "Seller SKU": "CUP",
        "Quantity": "2",
        "SKU Unit Original Price": "9.99",
        "Created Time": "11/01/2026 10:00:00 AM\t",
        "Shipped Time": "\t",
        "Country": "United States",
        "Fulfillment Type": "Fulfillment by seller",
    } | {name.replace("_", " "): text for name, text in said.items()}


def ebay(**said):
    return {
        "Sales Record Number": "5",
        "Order Number": "1",
        "Item Number": "221",
        "Item Title": "Cup",
        "Custom Label": "",
        "Quantity": "1",
        "Sold For": "$3.00",
        "Sale Date": "Nov-01-26",
        "Transaction ID": "0",
    } | {name.replace("_", " "): text for name, text in said.items()}


def plain(**said):
    return {
        "order_number": "1",
        "sku": "CUP",
        "quantity": "2",
        "unit_price": "5.00",
        "placed_at": "2026-11-01",
        "country": "GB",
        "currency": "",
    } | said


class TestItemsInOneCell:
    CUP = "name:Cup|product_id:9|sku:CUP|quantity:2|total:7.00|meta:Colour=Red"
    HAT = "name:Hat|product_id:10|sku:HAT|quantity:1|total:5.00|meta:"

    def test_each_begins_with_its_id(self):
        """
        None is lost, and their ids are the lines'.
        """
        content = read(woo(f"id:61|{self.CUP};id:62|{self.HAT}"))
        assert [
            ("61", "CUP", 2, 0, 0, "3.50 GBP"),
            ("62", "HAT", 1, 0, 0, "5.00 GBP"),
        ] == lines(content)

    def test_units_that_were_refunded(self):
        """
        They are not sent, whichever sign is before their count.
        """
        for units in ("1", "-1"):
            item = f"{self.CUP}|refunded:3.50|refunded_qty:{units}"
            assert [("cup", "CUP", 2, 0, 1, "3.50 GBP")] == lines(read(woo(item)))

    def test_money_that_was_refunded_for_no_units(self):
        """
        Nobody can tell what is to be sent: the order is held.
        """
        content = read(woo(f"{self.CUP}|refunded:3.50|refunded_qty:0"))
        assert (
            "a line is refunded in part, and the export does not say how many units",
        ) == content.orders["1"].doubts
        none = read(woo(f"{self.CUP}|refunded:0.00|refunded_qty:0"))
        assert () == none.orders["1"].doubts

    def test_a_bar_within_a_name(self):
        """
        It is of the name.
        """
        (line,) = read(woo(self.CUP.replace("Cup", "A|B cup"))).orders["1"].lines
        assert "A|B cup" == line.title

    def test_two_that_cannot_be_told_apart(self):
        """
        They are rejected, and neither is lost without a word.
        """
        content = read(woo(f"{self.CUP}|{self.HAT}"))
        reject, _ = rejects(content)
        assert (1, BAD, "items says 'name' twice of one line") == reject


class TestWhoSends:
    def test_what_amazon_sends(self):
        """
        It is not sent by us.
        """
        content = read(amazon(fulfillment_channel="Amazon"), parted="\t")
        assert [("cup", "CUP", 2, 2, 0, "5.00 USD")] == lines(content)

    def test_what_tiktok_sends(self):
        """
        It is not sent by us, and what nobody knows of is held.
        """
        theirs = read(tiktok(Fulfillment_Type="Fulfillment by TikTok Shop"))
        assert 0 == theirs.orders["1"].lines[0].quantity_wanted
        ours = read(tiktok()).orders["1"]
        assert (2, ()) == (ours.lines[0].quantity_wanted, ours.doubts)
        other = read(tiktok(Fulfillment_Type="By a friend")).orders["1"]
        assert ("nobody knows who sends what is 'by a friend'",) == other.doubts


class TestStatuses:
    def test_items_that_were_cancelled(self):
        """
        They are not sent, be they still counted or not; the others are.
        """
        content = read(
            amazon(),
            amazon(sku="HAT", item_status="Cancelled", quantity="0", item_price=""),
            amazon(sku="MUG", item_status="Cancelled", quantity="1"),
            parted="\t",
        )
        assert [
            ("cup", "CUP", 2, 0, 0, "5.00 USD"),
            ("hat", "HAT", 0, 0, 0, ""),
            ("mug", "MUG", 1, 0, 1, "10.00 USD"),
        ] == lines(content)
        assert (0, ()) == (
            content.orders["1"].rows_rejected,
            content.orders["1"].doubts,
        )

    @pytest.mark.parametrize("status", ["Shipped - Delivered to Buyer", "Shipping"])
    def test_further_words_for_shipped(self, status):
        """
        What left is not sent again.
        """
        content = read(amazon(order_status=status, item_status=status), parted="\t")
        assert [("cup", "CUP", 2, 2, 0, "5.00 USD")] == lines(content)
        assert () == content.orders["1"].doubts

    def test_a_status_of_a_line_that_nobody_knows(self):
        """
        Its order is held.
        """
        order = read(amazon(item_status="Teleported"), parted="\t").orders["1"]
        assert ("nobody knows the line status 'teleported'",) == order.doubts

    def test_an_open_line_of_an_order_that_is_sent(self):
        """
        It was taken out, or is to be sent: nobody can tell, and the order is held.
        """
        rows = (
            shopify(
                Fulfillment_Status="fulfilled",
                Lineitem_fulfillment_status="fulfilled",
            ),
            shopify(Lineitem_sku="HAT", Fulfillment_Status=""),
        )
        order = read(*rows).orders["1"]
        assert ("the order is sent, and a line of it is not",) == order.doubts

    def test_restocked(self):
        """
        A line that went back to the shelf is not sent.
        """
        content = read(shopify(Lineitem_fulfillment_status="restocked"))
        assert [("cup", "CUP", 2, 0, 2, "3.00 USD")] == lines(content)
        whole = read(shopify(Fulfillment_Status="restocked"))
        assert whole.orders["1"].cancelled

    @pytest.mark.parametrize("word", ["Shipped", "In transit", "Delivered"])
    def test_tiktok_says_that_all_is_sent(self, word):
        """
        Also where it does not say when.
        """
        (line,) = read(tiktok(Order_Status=word)).orders["1"].lines
        assert 2 == line.quantity_fulfilled


class TestTwice:
    def test_a_line_that_stands_twice(self):
        """
        It is counted once, and its order held until somebody confirms it.
        """
        row = {
            "order-id": "1",
            "order-item-id": "11",
            "purchase-date": "2026-11-01T10:00:00-08:00",
            "sku": "CUP",
            "quantity-purchased": "3",
            "currency": "USD",
            "item-price": "30.00",
            "ship-country": "US",
        }
        content = read(row, row, parted="\t")

        assert [("11", "CUP", 3, 0, 0, "10.00 USD")] == lines(content)
        assert 1 == content.orders["1"].rows_rejected
        detail = "another row of this order has its line_id"
        assert [(2, BAD, detail)] == rejects(content)

    def test_two_exports_in_one_file(self):
        """
        An order that stands in both is held; two alike lines side by side are two.
        """
        other = shopify(Name="#2", Lineitem_sku="HAT")
        doubled = read(shopify(), shopify(Lineitem_sku="HAT"), other, shopify())
        assert () == doubled.orders["1"].doubts
        doubled = read(shopify(), other, shopify(Fulfillment_Status="fulfilled"))
        doubts = doubled.orders["1"].doubts
        assert ("its records stand in the file twice",) == doubts
        assert () == read(shopify(), shopify(), other).orders["1"].doubts

    def test_sold_by_auction(self):
        """
        All such sales have the id 0: their lines go by the item, wherever they stand.
        """
        rows = (ebay(), ebay(Item_Number="222", Item_Title="Hat"))
        lines_of = {name: sku for name, *sku in lines(read(*rows, currency=""))}
        swapped = {name: sku for name, *sku in lines(read(*rows[::-1], currency=""))}
        assert {"221", "222"} == lines_of.keys()
        assert lines_of == swapped


class TestMoney:
    @pytest.mark.parametrize(
        ("currency", "price", "meant"),
        [
            ("CNY", "¥5.00", "5.00 CNY"),
            ("JPY", "￥500", "500 JPY"),
            ("", "¥500", "500 JPY"),
            ("CAD", "$5.00", "5.00 CAD"),
            ("", "$5.00", "5.00 USD"),
            ("SEK", "5,00 kr", "5.00 SEK"),
            ("", "RM5.00", "5.00 MYR"),
            ("", "฿5.00", "5.00 THB"),
        ],
    )
    def test_a_sign_that_several_currencies_have(self, currency, price, meant):
        """
        The order's currency says which of them; what is configured for others does not.
        """
        content = read(plain(currency=currency, unit_price=price))
        assert [("cup", "CUP", 2, 0, 0, meant)] == lines(content)

    @pytest.mark.parametrize(
        ("currency", "price", "why"),
        [
            ("EUR", "$5.00", "unit_price has the sign $, and currency is another"),
            ("USD", "¥500", "unit_price has the sign ¥, and currency is another"),
            ("", "kr 5,00", "unit_price has no currency; configure `currency`"),
        ],
    )
    def test_a_sign_of_another_currency(self, currency, price, why):
        """
        It is refused: no dollar is a euro.
        """
        content = read(plain(currency=currency, unit_price=price))
        assert [(1, BAD, why)] == rejects(content)[:1]

    def test_amazon_tells_prices_of_lines(self):
        """
        In the report of new orders as in that of all.
        """
        row = {
            "order-id": "1",
            "order-item-id": "11",
            "purchase-date": "2026-11-01T10:00:00-08:00",
            "sku": "CUP",
            "quantity-purchased": "3",
            "currency": "USD",
            "item-price": "29.97",
            "ship-country": "US",
        }
        assert [("11", "CUP", 3, 0, 0, "9.99 USD")] == lines(read(row, parted="\t"))


class TestFiles:
    @pytest.mark.parametrize(
        ("header", "what"),
        [
            (
                "Sale Date,Order ID,Full Name,Number of Items,Order Value,Order Total",
                "Etsy list of sold orders: it has no items; choose Order Items",
            ),
            (
                "Date,Order #,Status,Customer,Product(s),Items sold,Coupon(s)",
                "WooCommerce report of orders: it has no SKUs",
            ),
        ],
    )
    def test_a_list_without_lines_says_what_to_take(self, header, what):
        """
        It is refused as a whole.
        """
        with pytest.raises(FileStoreError) as ei:
            FileContent.parse(header.encode(), FileStoreConfig(path="x.csv"))
        assert what in str(ei.value)

    def test_a_second_that_a_workbook_cuts(self):
        """
        Its times are parts of days: the nearest second is meant.
        """
        data = io.BytesIO()
        book = xlsxwriter.Workbook(data)
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["order_number", "sku", "quantity", "placed_at"])
        sheet.write_row(1, 0, ["1", "CUP", 1])
        moment = datetime(2026, 11, 1, 10, 0, 29, 999000)  # noqa: DTZ001 - has none
        style = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write_datetime(1, 3, moment, style)
        book.close()
        content = FileContent.parse(data.getvalue(), FileStoreConfig(path="x.xlsx"))
        assert "2026-11-01T10:00:30+00:00" == (
            content.orders["1"].placed_at.isoformat()
        )
