"""
Amounts as the exports of platforms write them, and files that are something else.
"""

import io
from datetime import datetime

import pytest
import xlsxwriter

from sourcehere.builtin.file_config import FileStoreConfig
from sourcehere.builtin.file_errors import FileStoreError
from sourcehere.builtin.file_orders import FileContent
from sourcehere.domain.stores.model import RejectReason

from .platform_rows import lines, plain, read, rejects

BAD = RejectReason.BAD_VALUE


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
            (
                "",
                "kr 5,00",
                "unit_price has no currency; configure `currency`, or say --currency",
            ),
        ],
    )
    def test_a_sign_of_another_currency(self, currency, price, why):
        """
        It is refused: no dollar is a euro.
        """
        content = read(plain(currency=currency, unit_price=price))
        assert [(1, BAD, why)] == rejects(content)[:1]

    def test_a_currency_in_quotes(self):
        """
        As Wix writes it.
        """
        content = read(plain(currency='"USD"', unit_price="$1,003.50"))
        assert [("cup", "CUP", 2, 0, 0, "1003.50 USD")] == lines(content)

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
