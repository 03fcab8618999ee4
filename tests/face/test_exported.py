"""
What is here as rows of plain values, for a host that writes files of its own.
"""

import json
from datetime import timedelta

import pytest

from sourcehere import Count, InvalidInputError, Money, OrderSearch, Wanted
from sourcehere.face.exported import LEDGER_COLUMNS, LINE_COLUMNS, ORDER_COLUMNS
from sourcehere.testing.factories import NOON, open_bench, snapshot


@pytest.fixture
def bench(storage):
    """
    A shop with a paid order of two lines, and one that nothing supplies.
    """
    bench = open_bench(storage=storage, connected=("CUP", "HAT"))
    bench.paid("1", CUP=3, HAT=1)
    bench.clock.advance(timedelta(days=1))
    bench.sync(snapshot("2", VASE=2))
    return bench


class TestOrders:
    def test_a_row_for_each(self, bench):
        """
        Amounts are texts beside their currency, times texts; what is not is None.
        """
        orders = bench.sh.seller("demo").orders
        newer, older = orders.export()

        (order_id,) = orders.find_number("#1")
        assert list(ORDER_COLUMNS) == list(older) == list(newer)
        facts = {"order_id": order_id, "number": "#1", "kind": "store", "part": 1}
        facts |= {"store": "shop", "external_id": "1", "state": "awaiting_shipping"}
        facts |= {"units": 4, "currency": "USD", "goods": "18.25", "refunded": "0.00"}
        facts |= {"placed_at": NOON.isoformat(), "paid_at": NOON.isoformat()}
        assert facts == {name: older[name] for name in facts}
        assert ("#2", None, "0.00") == (
            newer["number"],
            newer["paid_at"],
            newer["due"],
        )

    def test_they_are_json(self, bench):
        """
        Each row is plain, and comes back as it was.
        """
        shop = bench.sh.seller("demo")
        exports = (shop.orders.export, shop.orders.export_lines, shop.wallet.export)
        for export in exports:
            rows = list(export())
            assert rows == json.loads(json.dumps(rows))

    def test_those_that_are_asked_for(self, bench):
        """
        As the search finds them; what it refuses is refused before the first row.
        """
        orders = bench.sh.seller("demo").orders
        found = orders.export(OrderSearch(states=["unrecognized"]))
        assert ["#2"] == [row["number"] for row in found]
        with pytest.raises(InvalidInputError):
            orders.export(OrderSearch(seller_id="another"))
        with pytest.raises(InvalidInputError):
            orders.export_lines(OrderSearch(seller_id="another"))

    def test_more_than_a_page(self, bench):
        """
        Nothing is left out, nothing is there twice.
        """
        bench.sync(*(snapshot(f"n{n}", VASE=1) for n in range(510)))
        orders = bench.sh.seller("demo").orders
        assert 512 == len({row["order_id"] for row in orders.export()})
        assert 513 == len(list(orders.export_lines()))


class TestLines:
    def test_a_row_for_each(self, bench):
        """
        What was sold, and what supplies it.
        """
        rows = list(bench.sh.seller("demo").orders.export_lines())

        assert list(LINE_COLUMNS) == list(rows[0])
        assert [
            ("#2", 1, "L1", "VASE", 2, False, "", 0),
            ("#1", 1, "L1", "CUP", 3, True, f"3 {bench.variants['CUP']}", 0),
            ("#1", 2, "L2", "HAT", 1, True, f"1 {bench.variants['HAT']}", 0),
        ] == [
            tuple(
                row[name]
                for name in (
                    *("number", "line", "external_line_id", "sku", "quantity"),
                    *("paired", "items", "shipped"),
                )
            )
            for row in rows
        ]

    def test_what_supplies_them_and_has_to_leave(self, bench):
        """
        By the platform's SKUs; what is not paid, or has left, has not to be sent.
        """
        (order_id,) = bench.sh.seller("demo").orders.find_number("#1")
        ann = bench.sh.staff("ann").seller("demo")
        ann.shipping.accept([order_id])
        ann.shipping.ship(
            order_id, carrier="post", tracking_number="T1", quantities={"1.1": 2}
        )
        ann.refunds.refund_units(order_id, {"2.1": 1})
        names = ("supplied_by", "to_send", "shipped", "refunded", "seller_id", "kind")

        assert [
            ("", "", 0, 0, "demo", "store"),
            ("3 CUP", "1 CUP", 2, 0, "demo", "store"),
            ("1 HAT", "", 0, 1, "demo", "store"),
        ] == [
            tuple(row[name] for name in names)
            for row in bench.sh.seller("demo").orders.export_lines()
        ]

    def test_what_a_warehouse_counted(self, bench):
        """
        Units of a cloud-warehouse order are counted, and never to be sent.
        """
        shop, ann = bench.sh.seller("demo"), bench.sh.staff("ann").seller("demo")
        made = shop.drafts.cloud("CN1", [Wanted(bench.variants["CUP"], 9)], number="B")
        shop.drafts.place(made.order_id)
        shop.checkouts.pay(shop.checkouts.open([made.order_id]))
        names = ("to_send", "good", "damaged", "missing", "written_off", "refunded")

        def told():
            (row,) = shop.orders.export_lines(OrderSearch(number="B"))
            return tuple(row[name] for name in names)

        assert ("", 0, 0, 0, 0, 0) == told()
        ann.cloud.dispatch(made.order_id)
        ann.cloud.receive(made.order_id, {"1.1": Count(4, 2, 1)})
        ann.cloud.write_off_rest(made.order_id)
        assert ("", 4, 2, 1, 2, 2) == told()


class TestLedger:
    def test_a_refund_says_of_which_order_it_is(self, bench):
        """
        As a capture does, so that what an order cost adds up from the file alone.
        """
        shop = bench.sh.seller("demo")
        (order_id,) = shop.orders.find_number("#1")
        bench.sh.staff("ann").seller("demo").refunds.refund_units(order_id, {"1.1": 1})
        rows = [row for row in shop.wallet.export() if row["account"] == "goods"]
        order = shop.orders.get(order_id)

        assert {(order_id, "demo")} == {(r["order_id"], r["seller_id"]) for r in rows}
        assert ["refund", "capture"] == [row["purpose"] for row in rows]
        minors = [Money.parse(row["amount"], "USD") for row in rows]
        assert order.goods - order.refunded == Money.sum(minors, currency="USD")
        assert {""} == {
            row["order_id"]
            for row in shop.wallet.export()
            if row["purpose"] == "top_up"
        }

    def test_a_row_for_each_entry(self, bench):
        """
        Exact amounts, signs with them; the last ones are of the top-up.
        """
        rows = list(bench.sh.seller("demo").wallet.export())

        assert {tuple(LEDGER_COLUMNS)} == {tuple(row) for row in rows}
        assert {"10000.00", "-10000.00"} == {
            row["amount"] for row in rows if row["purpose"] == "top_up"
        }
        assert {"USD"} == {row["currency"] for row in rows}
