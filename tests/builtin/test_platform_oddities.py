"""
What exports of platforms have that no documentation shows: each read as it is meant, or
held.
"""

import pytest

from sourcehere.domain.stores.model import RejectReason

from .platform_rows import amazon, ebay, lines, read, rejects, shopify, tiktok, woo

BAD = RejectReason.BAD_VALUE


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


class TestGuests:
    def test_two_guests_under_one_number(self):
        """
        All have the customer 0, and are told apart by their addresses of email.
        """
        items = TestItemsInOneCell.CUP
        first = woo(items) | {"customer_id": "0", "billing_email": "a@example.com"}
        content = read(first, first | {"billing_email": "b@example.com"})
        assert 1 == len(content.orders["1"].lines)
        detail = "another customer has this order number"
        assert [(2, RejectReason.OTHER_CUSTOMER, detail)] == rejects(content)


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
        unknown = "nobody knows who sends what is 'by a friend'; configure it in"
        assert (f"{unknown} `statuses`",) == other.doubts


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
        unknown = "nobody knows the line status 'teleported'; configure it in"
        assert (f"{unknown} `statuses`",) == order.doubts

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


GONE = {"Order_Status": "Canceled", "Cancelled_Time": "11/02/2026 9:00:00 AM\t"}


class TestRowsOfAnOrder:
    def test_one_about_the_whole_order(self):
        """
        A row of Shopify without any line is about its order, and no line of it.
        """
        blank = {name: "" for name in shopify() if name.startswith("Lineitem")}
        content = read(shopify(), {**shopify(Currency=""), **blank})
        assert [("cup", "CUP", 2, 0, 0, "3.00 USD")] == lines(content)
        assert ([], 0) == (rejects(content), content.orders["1"].rows_rejected)

    @pytest.mark.parametrize(("state", "is_paid"), [("9", True), ("12", False)])
    def test_states_of_prestashop(self, state, is_paid):
        """
        What is on backorder is paid or not.
        """
        row = {
            "id_order": "1",
            "reference": "1",
            "product_reference": "CUP",
            "product_quantity": "2",
            "date_add": "2026-11-01 10:00:00",
            "state": state,
            "country_iso_code": "FR",
        }
        order = read(row).orders["1"]
        assert (is_paid, ()) == (order.paid_at_store, order.doubts)


class TestStatusesThatDiffer:
    def test_one_line_is_cancelled(self):
        """
        The other is sent, whichever stands first.
        """
        rows = (tiktok(), tiktok(Seller_SKU="HAT", **GONE))
        for content in (read(*rows), read(*rows[::-1])):
            order = content.orders["1"]
            wanted = {line.sku: line.quantity_wanted for line in order.lines}
            assert ({"CUP": 2, "HAT": 0}, False) == (wanted, order.cancelled)
            assert () == order.doubts

    def test_all_are_cancelled(self):
        """
        So is the order.
        """
        first = tiktok(**GONE)
        order = read(first, tiktok(Order_Status="Cancelled")).orders["1"]
        assert order.cancelled

    def test_one_line_is_sent(self):
        """
        The other is still to be sent.
        """
        rows = (tiktok(Order_Status="Shipped"), tiktok(Seller_SKU="HAT"))
        for content in (read(*rows), read(*rows[::-1])):
            lines = content.orders["1"].lines
            assert {"CUP": 0, "HAT": 2} == {x.sku: x.quantity_wanted for x in lines}

    def test_one_line_is_unpaid(self):
        """
        The order is, too.
        """
        rows = (tiktok(), tiktok(Seller_SKU="HAT", Order_Status="Unpaid"))
        for content in (read(*rows), read(*rows[::-1])):
            assert not content.orders["1"].paid_at_store

    def test_a_record_that_says_nothing_has_its_orders(self):
        """
        As the further rows of a Shopify order.
        """
        more = {"Lineitem_sku": "HAT", "Financial_Status": ""}
        rows = (
            shopify(Fulfillment_Status="fulfilled", Lineitem_fulfillment_status=""),
            shopify(Fulfillment_Status="", Lineitem_fulfillment_status="", **more),
        )
        lines = read(*rows).orders["1"].lines
        assert [2, 2] == [line.quantity_fulfilled for line in lines]


class TestMonthsInWords:
    @pytest.mark.parametrize(
        "written", ["Nov-01-26", "01-Nov-26", "Nov-01-2026", "01-NOV-26"]
    )
    def test_they_are_the_month_wherever_they_stand(self, written):
        """
        Sites of one platform write the day first, or the month.
        """
        order = read(ebay(Sale_Date=written), currency="").orders["1"]
        assert (2026, 11, 1) == order.placed_at.timetuple()[:3]


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
        assert "its records stand in the file twice" in doubled.orders["1"].doubts
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
