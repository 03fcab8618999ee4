"""
What a shop was told, as the importers of platforms take it.
"""

from datetime import timedelta

import attrs
import pytest

from sourcehere import InvalidInputError, NotFoundError
from sourcehere.testing.factories import NOON, STAFF, Fault, shop_lines, snapshot

HEADERS = {
    "amazon": "order-id\torder-item-id\tquantity\tship-date\tcarrier-code"
    "\tcarrier-name\ttracking-number\tship-method\r\n",
    "ebay": "Shipping Status,Order Number,Item Number,Item Title,Custom Label"
    ",Transaction ID,Shipping Carrier Used,Tracking Number\r\n",
    "etsy": "Order ID,Transaction ID,SKU,Quantity,Carrier,Tracking Number"
    ",Date Shipped\r\n",
    "shopify": "Name,Command,Line: Type,Line: SKU,Line: Quantity,Fulfillment: Status"
    ",Fulfillment: Processed At,Fulfillment: Tracking Company"
    ",Fulfillment: Tracking Number\r\n",
    "woocommerce": "order_id,tracking_provider,tracking_number,date_shipped"
    ",status_shipped,sku,qty\r\n",
    "plain": "idempotency_key,order_number,parcel,carrier,tracking_number,shipped_at"
    ",replaces,lines\r\n",
}
ROWS = {
    "amazon": (
        "#1\tL1\t2\t2026-03-02\tOther\tpost\tT1\t\r\n",
        "#1\tL1\t1\t2026-03-03\tOther\tpost\tT2\t\r\n",
        "#1\tL2\t1\t2026-03-03\tOther\tpost\tT2\t\r\n",
    ),
    "ebay": (
        "Shipped,#1,item-7,,CUP,L1,post,T1\r\n",
        "Shipped,#1,item-7,,CUP,L1,post,T2\r\n",
        "Shipped,#1,,,HAT,L2,post,T2\r\n",
    ),
    "etsy": (
        "#1,L1,CUP,2,post,T1,03/02/2026\r\n",
        "#1,L1,CUP,1,post,T2,03/03/2026\r\n",
        "#1,L2,HAT,1,post,T2,03/03/2026\r\n",
    ),
    "shopify": (
        "#1,UPDATE,Fulfillment Line,CUP,2,success,2026-03-02,post,T1\r\n",
        "#1,UPDATE,Fulfillment Line,CUP,1,success,2026-03-03,post,T2\r\n",
        "#1,UPDATE,Fulfillment Line,HAT,1,success,2026-03-03,post,T2\r\n",
    ),
    "woocommerce": (
        "#1,post,T1,02-03-2026,2,CUP,2\r\n",
        "#1,post,T2,03-03-2026,1,CUP,1\r\n",
        "#1,post,T2,03-03-2026,1,HAT,1\r\n",
    ),
}


def told(bench, format="etsy", **words):
    """
    Return the lines of a file, without its header.
    """
    shop = bench.sh.seller("demo")
    header, *rows = shop.stores.fulfilments("shop", format=format, **words)
    assert HEADERS[format] == header
    return rows


@pytest.fixture
def twice(paired):
    """
    An order of two lines that left in two parcels, a day apart, and its parcels.
    """
    cups, hats = shop_lines({"CUP": 3, "HAT": 1})
    lines = (attrs.evolve(cups, external_product_id="item-7"), hats)
    (order_id,) = paired.sync(attrs.evolve(snapshot("1"), lines=lines))
    paired.pay(order_id)
    paired.app.shipping.accept("demo", [order_id], by=STAFF)
    first = paired.ship(order_id, "T1", i1_1=2)
    paired.app.relay.run()
    paired.clock.advance(timedelta(days=1))
    second = paired.ship(order_id, "T2")
    paired.app.relay.run()
    return paired, order_id, first, second


class TestFormats:
    @pytest.mark.parametrize("format", ROWS)
    def test_two_lines_in_two_parcels(self, twice, format):
        """
        Each line of each parcel is a row; every character is as the importer wants it.
        """
        bench, *_ = twice
        assert ROWS[format] == tuple(told(bench, format))

    def test_our_own(self, twice):
        """
        A plain file has the keys, and lines that two parcels share in one row each.
        """
        bench, order_id, first, second = twice
        lines = ('"[[""L1"",2]]"', '"[[""L1"",1],[""L2"",1]]"')
        parcels = [(first, "T1", 2), (second, "T2", 3)]
        assert [
            f"{parcel}:{order_id}:0,#1,{parcel},post,{number}"
            f",2026-03-0{day}T12:00:00+00:00,,{line}\r\n"
            for (parcel, number, day), line in zip(parcels, lines, strict=True)
        ] == told(bench, "plain")

    def test_a_sale_by_auction_on_ebay(self, paired):
        """
        It has no id of its own there, and its transaction is 0.
        """
        (cups,) = shop_lines({"CUP": 1})
        line = attrs.evolve(
            cups, external_line_id="item-7", external_product_id="item-7"
        )
        (order_id,) = paired.sync(attrs.evolve(snapshot("1"), lines=(line,)))
        paired.pay(order_id)
        paired.app.shipping.accept("demo", [order_id], by=STAFF)
        paired.ship(order_id, "T1")
        paired.app.relay.run()
        assert ["Shipped,#1,item-7,,CUP,0,post,T1\r\n"] == told(paired, "ebay")

    def test_a_carrier_that_amazon_knows(self, paired):
        """
        Its code stands there as Amazon writes it, and no name.
        """
        order_id = paired.accepted("1", HAT=1)
        parcel_id = paired.ship(order_id)
        correct(paired, order_id, parcel_id, "T1", carrier="ups")
        paired.app.relay.run()
        (row,) = told(paired, "amazon")
        assert "#1\tL1\t1\t2026-03-02\tUPS\t\tT1\t\r\n" == row

    def test_no_cell_is_a_formula(self, paired):
        """
        What a spreadsheet would run is a text, and a line end is a space.
        """
        order_id = paired.accepted("1", HAT=1)
        parcel_id = paired.ship(order_id)
        correct(paired, order_id, parcel_id, "=1+1", carrier="@post")
        paired.app.relay.run()
        assert ["#1,L1,HAT,1,'@post,'=1+1,03/02/2026\r\n"] == told(paired)

    def test_what_there_is_not(self, bench):
        """
        Another format, or another shop, is refused before anything is read.
        """
        shop = bench.sh.seller("demo")
        with pytest.raises(InvalidInputError) as ei:
            shop.stores.fulfilments("shop", format="ebuy")
        assert "format" == ei.value.field
        with pytest.raises(NotFoundError):
            shop.stores.fulfilments("nowhere", format="ebay")


def statuses(bench):
    rows = [row.split(",") for row in told(bench, "woocommerce")]
    return [(row[2], row[4]) for row in rows]


def correct(bench, order_id, parcel_id, number, carrier="post"):
    bench.app.shipping.correct_tracking(
        "demo", order_id, parcel_id, carrier=carrier, tracking_number=number, by=STAFF
    )


class TestWhatCounts:
    def test_a_replaced_parcel_is_left_out(self, twice):
        """
        The one in its place says its units, once the shop was told of it.
        """
        bench, order_id, first, _ = twice
        bench.app.shipping.void_parcel(
            "demo",
            order_id,
            first,
            carrier="post",
            tracking_number="T3",
            by=STAFF,
        )
        assert ["T2", "T2"] == [row.split(",")[5] for row in told(bench)]
        bench.app.relay.run()
        assert [("T2", "1"), ("T2", "1"), ("T3", "2")] == [
            (row.split(",")[5], row.split(",")[3]) for row in told(bench)
        ]

    def test_of_a_corrected_number_the_newest_counts(self, twice):
        """
        As soon as the shop was told of it.
        """
        bench, order_id, first, _ = twice
        correct(bench, order_id, first, "RIGHT")
        assert "T1" == told(bench)[0].split(",")[5]
        bench.app.relay.run()
        assert ["RIGHT", "T2", "T2"] == [row.split(",")[5] for row in told(bench)]

    def test_what_the_shop_was_not_told_is_no_row(self, paired):
        """
        Neither what waits nor what it declined.
        """
        paired.ship(paired.accepted("1", HAT=1), "T1")
        assert [] == told(paired)
        paired.shop.faults.append(Fault.DECLINED)
        paired.app.relay.run()
        assert [] == told(paired)

    def test_since(self, twice):
        """
        What the shop was told at that very time counts; a correction does again.
        """
        bench, order_id, first, _ = twice
        day = timedelta(days=1)
        assert 3 == len(told(bench, since=NOON))
        assert 2 == len(told(bench, since=NOON + day))
        assert [] == told(bench, since=NOON + 2 * day)
        bench.clock.advance(day)
        correct(bench, order_id, first, "RIGHT")
        bench.app.relay.run()
        assert 1 == len(told(bench, since=NOON + 2 * day))

    def test_a_parcel_that_completes_no_unit_is_in_a_plain_file_only(self, bench):
        """
        An importer would count the whole order as sent.
        """
        bench.connect(bench.rule("SET", CUP=1, HAT=1))
        order_id = bench.accepted("1", SET=3)
        bench.ship(order_id, "T1", i1_1=3)
        bench.app.relay.run()

        assert [] == told(bench)
        (row,) = told(bench, "plain")
        assert row.endswith(",T1,2026-03-02T12:00:00+00:00,,[]\r\n")

    def test_an_order_in_parts_has_left_with_the_last_of_all(self, paired):
        """
        The parcel of one part is a part of the shop's order, until the other left too.
        """
        (order_id,) = paired.sync(snapshot("1", CUP=3, VASE=1))
        orders = paired.sh.seller("demo").orders
        (made,) = orders.process_paired_lines([order_id]).done.values()
        paired.pay(order_id)
        paired.app.shipping.accept("demo", [order_id], by=STAFF)
        paired.ship(order_id, "T1")
        paired.app.relay.run()
        assert [("T1", "2")] == statuses(paired)

        orders.cancel([made.waiting_id])
        assert [("T1", "1")] == statuses(paired)

    def test_orders_beyond_a_page(self, paired):
        """
        Every order is there once, in the order in which they came.
        """
        names = [str(number) for number in range(1, 104)]
        orders = paired.sync(*(snapshot(name, HAT=1) for name in names))
        paired.pay(*orders)
        paired.app.shipping.accept("demo", orders, by=STAFF)
        for order_id in orders:
            paired.ship(order_id, f"T-{order_id}")
        while paired.app.relay.run().delivered:
            pass
        assert [f"#{name}" for name in names] == [
            row.split(",")[0] for row in told(paired)
        ]
