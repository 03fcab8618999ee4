"""
A million orders in one SQLite database: what costs more than at a tenth of them?

    python benchmarks/million.py [--orders 1000000]

Loads orders of one line through the services, 1,000 a commit, and measures one order
by id, a page of the list, the counts of the tabs and one transition at a tenth and at
the end; the process's memory at a fifth and at the end. Minutes, and some gigabytes
where temporary files go.
"""

import argparse
import gc
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from harness import clocked
from workload import SELLER, ParsedShop, opened, set_up

from sourcehere import Address, Money, Tab
from sourcehere.demo.plan import CatalogueRow, Plan
from sourcehere.domain.stores.model import SnapshotLine, StoreOrderSnapshot
from sourcehere.ports.platforms import OrderPage

VARIANTS = 1_000
FIRST_PLACED = datetime(2025, 1, 1, tzinfo=UTC)
PRICE = Money(999, "GBP")
TIMES, ROUNDS = 100, 5


class EndlessShop(ParsedShop):
    """
    A shop that makes its orders when they are asked for, up to a number.
    """

    count = 0

    def pull_orders(self, cursor, /, *, limit):
        start = int(cursor or 0)
        end = min(start + limit, self.count)
        orders = tuple([_snapshot(number) for number in range(start, end)])
        return OrderPage(orders, (), (), str(end), end < self.count)


def _snapshot(number):
    line = SnapshotLine(
        "1", f"SKU{number % VARIANTS}", "A thing", 1 + number % 3, PRICE
    )
    return StoreOrderSnapshot(
        external_id=f"E{number}",
        number=f"#{number}",
        placed_at=FIRST_PLACED + timedelta(seconds=number),
        address=Address("GB", customer=str(number % 50_000)),
        lines=(line,),
    )


def catalogue():
    """
    Return what the shop sells.
    """
    rows = [
        CatalogueRow(f"SKU{n}", cost_minor=500, weight_grams=120)
        for n in range(VARIANTS)
    ]
    return Plan(tuple(rows), {}, (), (), {})


def memory_mb():
    """
    Return what this process holds now, rubbish taken out.
    """
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def load(sh, count):
    """
    Import up to *count* orders in all, and fold the tabs' counts as a worker would.
    """
    EndlessShop.count = count
    sh.stores.sync("s", "shop")
    sh.relay.run()


def measured(sh, count):
    """
    Return the CPU microseconds of each operation, over orders chosen at random.
    """
    seeded = random.Random(count)
    found = sh.orders.find_external(
        "s", "shop", [f"E{n}" for n in seeded.sample(range(count), TIMES * ROUNDS)]
    )
    names = sorted(parts[0] for parts in found.values())
    seeded.shuffle(names)

    def ids(part):
        for name in part:
            sh.orders.get("s", name)

    def pages(part):
        for name in part:
            sh.orders.page("s", tab=Tab.AWAITING_PAYMENT, after=name)

    def counts(part):
        for _ in part:
            sh.orders.counts("s")

    def transitions(part):
        for name in part:
            sh.orders.cancel("s", [name], by=SELLER)

    parts = [names[start : start + TIMES] for start in range(0, len(names), TIMES)]
    return {
        name: min(clocked(lambda p=part, w=work: w(p)) for part in parts) / TIMES * 1e6
        for name, work in (
            ("one order by id", ids),
            ("a page of 50", pages),
            ("the counts of the tabs", counts),
            ("one transition", transitions),
        )
    }


def main():
    """
    Load, measure, and print the ratios.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    orders = parser.parse_args().orders
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.db"
        with opened(f"sqlite:///{path}", chunk=1000, shop=EndlessShop) as sh:
            set_up(sh, catalogue())
            load(sh, orders // 10)
            few = measured(sh, orders // 10)
            load(sh, orders // 5)
            early = memory_mb()
            spent = clocked(lambda: load(sh, orders))
            late = memory_mb()
            many = measured(sh, orders)
        size = path.stat().st_size / 1e9
    for name, least in few.items():
        ratio = many[name] / least
        print(f"{name}: {ratio:.2f}  (aim: at most 2)")
        print(f"  {many[name]:8.0f} us CPU at {orders:,}, {least:.0f} at a tenth")
    print(f"memory at the end / at a fifth: {late / early:.2f}  (aim: at most 1.5)")
    print(f"  {late:.0f} MB and {early:.0f} MB; the database has {size:.2f} GB")
    print(f"  {orders * 0.8 / spent:,.0f} orders a second over the last four fifths")


if __name__ == "__main__":
    main()
