"""
The exports of BigCommerce, Lazada and Shopee, as their shops download them.
"""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sourcehere.builtin.file_errors import FileStoreError
from sourcehere.domain.stores.model import RejectReason

from .platform_rows import bigcommerce, lazada, lines, read, rejects, shopee

BAD = RejectReason.BAD_VALUE


def product(number, sku, *, units="1", name="Cup", variation="", price="9.00"):
    return (
        f"Product ID: {number}, Product Qty: {units}, Product SKU: {sku}, "
        f"Product Name: {name}, Product Weight: 0.8000, "
        f"Product Variation Details: {variation}, "
        f"Product Unit Price: {price}, Product Total Price: 99.00"
    )


class TestBigCommerce:
    def test_products_of_one_cell_are_lines(self):
        """
        Each has its units and the price of one; none is lost.
        """
        cell = product(100, "CUP-S", units="2", variation="Size: S (4)")
        content = read(bigcommerce(cell, product(115, "HAT", price="65.00")))

        assert [
            ("cup-s", "CUP-S", 2, 0, 0, "9.00 USD"),
            ("hat", "HAT", 1, 0, 0, "65.00 USD"),
        ] == lines(content)
        (order,) = content.orders.values()
        assert ("US", "Eagle River", ()) == (
            order.address.country,
            order.address.city,
            order.doubts,
        )
        assert "Cup - Size: S (4)" == order.lines[0].title

    def test_commas_bars_and_entities_within_what_is_said(self):
        """
        They are of the name or the variation, and the SKU is what it is.
        """
        cell = product(
            84,
            "1267-07",
            name="Mug, large|blue",
            variation="Height: 5&#039; 9&quot;, Why: Sleep, Colour: Red",
        )
        (line,) = read(bigcommerce(cell)).orders["1"].lines
        assert "1267-07" == line.sku
        words = "Mug, large|blue - Height: 5' 9\", Why: Sleep, Colour: Red"
        assert words == line.title

    def test_a_name_that_says_another_sku(self):
        """
        Nobody can tell which is meant: the record is rejected.
        """
        cell = product(84, "CUP", name="Cup, Product SKU: HAT")
        reject, *_ = rejects(read(bigcommerce(cell)))
        assert (1, BAD, "items says 'Product SKU' twice of one line") == reject

    @pytest.mark.parametrize(
        ("status", "cancelled", "unpaid", "sent"),
        [
            ("Awaiting Fulfillment", False, False, 0),
            ("Awaiting Payment", False, True, 0),
            ("Incomplete", False, True, 0),
            ("Shipped", False, False, 1),
            ("Completed", False, False, 1),
            ("Declined", True, False, 0),
        ],
    )
    def test_what_its_statuses_mean(self, status, cancelled, unpaid, sent):
        content = read(bigcommerce(product(1, "CUP"), Order_Status=status))
        (order,) = content.orders.values()
        assert (cancelled, not unpaid, ()) == (
            order.cancelled,
            order.paid_at_store,
            order.doubts,
        )
        assert sent == order.lines[0].quantity_fulfilled

    @pytest.mark.parametrize(
        ("status", "doubt"),
        [
            (
                "Partially Shipped",
                "it is sent in part, and the export does not say which units",
            ),
            (
                "Disputed",
                "nobody knows the order status 'Disputed'; configure it in `statuses`",
            ),
        ],
    )
    def test_statuses_of_which_nobody_knows_what_is_to_be_sent(self, status, doubt):
        content = read(bigcommerce(product(1, "CUP"), Order_Status=status))
        assert (doubt,) == content.orders["1"].doubts

    @staticmethod
    def row(placed, number="1"):
        return bigcommerce(product(1, "CUP"), Order_Date=placed, Order_ID=number)

    def test_days_are_never_guessed(self):
        """
        Shops write the day first, or the month, as they are set up: a date that may be
        both is refused until it is said which.
        """
        content = read(self.row("03/04/2026"))
        assert {} == content.orders
        words = (
            "placed_at may have its day first, or its month; configure which, as"
            ' `date_formats` of ["%d/%m/%Y"] or ["%m/%d/%Y"]'
        )
        assert (1, BAD, words) == rejects(content)[0]

        said = read(self.row("03/04/2026"), date_formats=["%d/%m/%Y"]).orders["1"]
        assert datetime(2026, 4, 3, tzinfo=UTC) == said.placed_at
        same = read(self.row("04/04/2026")).orders["1"]
        assert datetime(2026, 4, 4, tzinfo=UTC) == same.placed_at

    @pytest.mark.parametrize(
        ("others", "month"),
        [(["26/04/2026"], 4), (["04/26/2026"], 3), (["2026-04-26", "26/04/2026"], 4)],
    )
    def test_another_order_of_the_file_tells(self, others, month):
        """
        Wherever it stands.
        """
        rows = [self.row(text, str(n)) for n, text in enumerate(others, start=2)]
        for placed in (0, len(rows)):
            content = read(*rows[:placed], self.row("03/04/2026"), *rows[placed:])
            assert 1 + len(rows) == len(content.orders)
            assert month == content.orders["1"].placed_at.month

    def test_others_that_contradict_tell_nothing(self):
        rows = (self.row("26/04/2026", "2"), self.row("04/26/2026", "3"))
        content = read(*rows, self.row("03/04/2026"))
        assert {"2", "3"} == {*content.orders}


class TestLazada:
    def test_each_row_is_one_unit(self):
        """
        It has an id of its own, and a status.
        """
        content = read(
            lazada(),
            lazada(orderItemId="502"),
            lazada(orderItemId="503", sellerSku="HAT", status="canceled"),
        )
        assert [
            ("501", "CUP", 1, 0, 0, "12.00 GBP"),
            ("502", "CUP", 1, 0, 0, "12.00 GBP"),
            ("503", "HAT", 1, 0, 1, "12.00 GBP"),
        ] == lines(content)
        (order,) = content.orders.values()
        assert (False, True, ()) == (
            order.cancelled,
            order.paid_at_store,
            order.doubts,
        )

    def test_the_shop_s_own_clock(self):
        content = read(lazada(), time_zone="Asia/Kuala_Lumpur")
        here = timezone(timedelta(hours=8))
        placed_at = content.orders["1"].placed_at
        assert datetime(2026, 11, 26, 10, 15, tzinfo=here) == placed_at

    def test_what_the_platform_sends_is_not_sent_by_us(self):
        content = read(lazada(shipmentTypeName="Own Warehouse"))
        assert [("501", "CUP", 1, 1, 0, "12.00 GBP")] == lines(content)

    @pytest.mark.parametrize(
        ("status", "sent", "refunded"),
        [
            ("ready_to_ship", 0, 0),
            ("shipped", 1, 0),
            ("delivered", 1, 0),
            ("failed_delivery", 1, 0),
            ("returned", 0, 1),
        ],
    )
    def test_what_its_statuses_mean(self, status, sent, refunded):
        content = read(lazada(status=status))
        assert [("501", "CUP", 1, sent, refunded, "12.00 GBP")] == lines(content)

    def test_unpaid(self):
        assert not read(lazada(status="unpaid")).orders["1"].paid_at_store


class TestShopee:
    def test_a_row_is_a_line(self):
        content = read(shopee(), shopee(SKU_Reference_No_="HAT"))
        assert [("cup", "CUP", 2, 0, 0, "11.00 GBP")] == lines(content)[:1]

    def test_a_product_without_variations_has_its_parent_s_sku(self):
        row = shopee() | {"SKU Reference No.": "", "Variation Name": ""}
        assert [("cups", "CUPS", 2, 0, 0, "11.00 GBP")] == lines(read(row))

    def test_what_was_sent_and_what_came_back(self):
        row = shopee(Order_Status="Completed", Ship_Time="2026-11-27 08:00")
        content = read(row | {"Returned quantity": "1"})
        assert [("cup", "CUP", 2, 2, 0, "11.00 GBP")] == lines(content)
        part = read(shopee() | {"Returned quantity": "1"})
        assert [("cup", "CUP", 2, 0, 1, "11.00 GBP")] == lines(part)

    def test_its_words(self):
        assert not read(shopee(Order_Status="Unpaid")).orders["1"].paid_at_store
        assert read(shopee(Order_Status="Cancelled")).orders["1"].cancelled
        doubtful = read(shopee(Order_Status="Order Received, until 2026-12-01"))
        (doubt,) = doubtful.orders["1"].doubts
        assert doubt.startswith("nobody knows the order status 'Order Received")

    @pytest.mark.parametrize("name", ["Receiver_Name", "Delivery_Address"])
    def test_an_address_that_is_hidden(self, name):
        """
        Nothing can be sent there: the order is held until somebody corrects it.
        """
        order = read(shopee(**{name: "J******z"})).orders["1"]
        assert (
            "its address is hidden by asterisks: correct it, and confirm the order",
        ) == order.doubts


def test_a_list_of_orders_without_products():
    """
    The one that Magento's orders offer: it is said what to take instead.
    """
    names = ("ID", "Purchase Point", "Purchase Date", "Bill-to Name")
    row = dict.fromkeys((*names, "Grand Total (Purchased)", "Status"), "1")
    with pytest.raises(FileStoreError) as ei:
        read(row)

    words = "this is a Magento list of orders: it has no products; export the items"
    assert words in str(ei.value)
