"""
What is here as rows of plain values, for a host that writes files of its own.
"""

import json
from datetime import timedelta

import pytest

from sourcehere import InvalidInputError, OrderSearch
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


class TestLedger:
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
