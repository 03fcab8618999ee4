"""
Allocating lines to lots, against a bare loop that takes first in, first out.

    python benchmarks/allocation.py

One million lines of five per order over 100,000 variants with two lots each, in ten
warehouses; then a quarter of them, to see that the cost per line does not grow.
"""

import random
from datetime import UTC, datetime

from harness import clocked, compare

from sourcehere.domain.warehouse.allocation import Demand, StockSnapshot, fill_available
from sourcehere.domain.warehouse.model import Lot, Warehouse

VARIANTS, WAREHOUSES, LINES_AN_ORDER = 100_000, 10, 5
NOW = datetime(2026, 1, 5, tzinfo=UTC)


def facts(lines):
    """
    Make lots, warehouses and orders, the same every time.
    """
    seeded = random.Random(7)
    lots = [
        Lot(
            seller_id="s",
            lot_id=f"l{number}",
            warehouse_id=f"w{number % WAREHOUSES}",
            variant_id=f"v{number % VARIANTS}",
            order_id="o",
            item_id="1.1",
            quantity_received=8,
            on_hand=8,
            allocated=0,
            unit_minor=100,
            currency="USD",
            arrived_at=NOW,
        )
        for number in range(2 * VARIANTS)
    ]
    warehouses = [
        Warehouse(
            warehouse_id=f"w{number}",
            name="",
            country="CN",
            serves=("*",),
            priority=number,
            handling_minor={},
        )
        for number in range(WAREHOUSES)
    ]
    orders = []
    for _ in range(lines // LINES_AN_ORDER):
        # A seller's order mostly draws on one warehouse: variants of one residue.
        residue = seeded.randrange(WAREHOUSES)
        wanted = [
            seeded.randrange(VARIANTS // WAREHOUSES) * WAREHOUSES + residue
            for _ in range(LINES_AN_ORDER)
        ]
        orders.append(
            [
                Demand(f"{line}.1", f"v{number}", seeded.randint(1, 3))
                for line, number in enumerate(wanted, start=1)
            ]
        )
    return lots, warehouses, orders


def ours(lots, warehouses, orders):
    """
    Plan and consume order by order.
    """
    stock = StockSnapshot(lots, warehouses)

    def run():
        for demands in orders:
            stock.take(fill_available(demands, stock, country="US").picks)

    return run


def floor(lots, orders):
    """
    Walk the shelves by hand: no warehouses, no reasons, no plan kept apart.
    """
    shelves = {}
    for lot in lots:
        shelves.setdefault(lot.variant_id, []).append([lot.lot_id, lot.on_hand])

    def run():
        for demands in orders:
            picks = []
            for demand in demands:
                wanted = demand.quantity
                for level in shelves[demand.variant_id]:
                    taken = min(level[1], wanted)
                    if taken:
                        picks.append((demand.item_id, level[0], taken))
                        level[1] -= taken
                        wanted -= taken
                    if not wanted:
                        break

    return run


def main():
    """
    Measure both sizes.
    """
    lots, warehouses, orders = facts(1_000_000)
    compare(
        "allocating 1,000,000 lines",
        lambda _: ours(lots, warehouses, orders),
        lambda _: floor(lots, orders),
        count=1_000_000,
        rounds=3,
        at_most=6,
    )
    some = orders[: len(orders) // 4]
    least = min(clocked(ours(lots, warehouses, some)) for _ in range(3))
    most = min(clocked(ours(lots, warehouses, orders)) for _ in range(3))
    print(f"time(1M) / time(250k): {most / least:.2f}  (aim: at most 6)")


if __name__ == "__main__":
    main()
