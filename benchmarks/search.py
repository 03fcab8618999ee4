"""
Searching a million orders: what does a page cost, by what is known of them?

    python benchmarks/search.py [--orders 1000000] [--on sqlite|postgresql]

Loads orders of one line through the services, 1,000 a commit, of twenty sellers, one of
whom has half of them; one order in a thousand is cancelled. Searches of staff and the
large seller are measured, first page and next page, in milliseconds of wall time: the
median of some, and the worst. Loading a million takes ten minutes and more, and some
gigabytes where temporary files go (`--keep FOLDER` loads SQLite once and keeps it).
"""

import argparse
import contextlib
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from workload import STAFF, ParsedShop, opened

from sourcehere import (
    Actor,
    Address,
    MappingRule,
    Money,
    NewConnection,
    NewProduct,
    NewVariant,
    OrderKind,
    OrderSearch,
    Price,
    Role,
    RuleItem,
    Tab,
)
from sourcehere.domain.stores.model import SnapshotLine, StoreOrderSnapshot
from sourcehere.face.core import SourceHere
from sourcehere.ports.platforms import OrderPage

SELLERS, VARIANTS, CHUNK = 20, 1_000, 1_000
FIRST_PLACED = datetime(2025, 1, 1, tzinfo=UTC)
PRICE = Money(999, "GBP")
TURNS = 15


class SharedShop(ParsedShop):
    """
    A shop that makes its orders when they are asked for; the first has half of all.
    """

    counts: dict[int, int] = {}  # noqa: RUF012 - of all shops
    turn = 0

    def pull_orders(self, cursor, /, *, limit):
        start, mine = int(cursor or 0), SharedShop.turn
        end = min(start + limit, self.counts[mine])
        orders = tuple([snapshot(mine, number) for number in range(start, end)])
        return OrderPage(orders, (), (), str(end), end < self.counts[mine])


def snapshot(seller, number):
    """
    Make an order: SKU0 is in every second one, the others are rare.
    """
    chosen = random.Random(seller * 10**7 + number)
    sku = "SKU0" if chosen.random() < 0.5 else f"SKU{chosen.randrange(VARIANTS)}"
    first, last = f"first{chosen.randrange(100)}", f"last{chosen.randrange(20_000)}"
    return StoreOrderSnapshot(
        external_id=f"{seller}-{number}",
        number=f"#{number}",
        placed_at=FIRST_PLACED + timedelta(seconds=30 * number),
        address=Address(
            "GB", name=f"{first} {last}", email=f"{first}.{last}@mail.example"
        ),
        lines=(SnapshotLine("1", sku, "A thing", 1, PRICE),),
    )


def load(sh, orders):
    """
    Register sellers, connect what they sell, and import their orders.
    """
    weight = {f"SKU{n}": n for n in range(VARIANTS)}
    price = (Price(Money(500, "GBP")),)
    made = sh.catalog.add_many(
        [
            NewProduct(
                title=sku,
                variants=(NewVariant(sku=sku, weight_grams=120, prices=price),),
            )
            for sku in weight
        ],
        by=STAFF,
    )
    variants = {one.variants[0].sku: one.variants[0].variant_id for one in made}
    for seller in range(SELLERS):
        name = f"s{seller}"
        sh.sellers.register(name, name=name, currency="GBP")
        sh.stores.connect(name, "shop", platform="parsed", name="Shop", config={})
        rules = [
            NewConnection(
                store_id="shop",
                listing=sku,
                rules=(MappingRule(sku, (RuleItem(variant_id),)),),
            )
            for sku, variant_id in variants.items()
        ]
        by = Actor(Role.SELLER, name)
        sh.pairing.connect_many(name, rules, by=by)
        sh.relay.run()
        share = orders // 2 if seller == 0 else orders // 2 // (SELLERS - 1)
        SharedShop.turn, SharedShop.counts[seller] = seller, share
        sh.stores.sync(name, "shop")
        sh.relay.run()
        some = [f"{seller}-{number}" for number in range(0, share, 1000)]
        found = sh.orders.find_external(name, "shop", some)
        sh.orders.cancel(name, [parts[0] for parts in found.values()], by=by)


def searches(orders):
    """
    Return what is asked for, by what it is called: each makes a search anew.
    """
    chosen, half = random.Random(3), orders // 2
    day = FIRST_PLACED + timedelta(seconds=30 * half) / 2

    def one(**known):
        return lambda: OrderSearch(
            **{name: make() if callable(make) else make for name, make in known.items()}
        )

    def number():
        return f"#{chosen.randrange(half)}"

    def last():
        return f"last{chosen.randrange(20_000)}"

    def email():
        return f"first{chosen.randrange(100)}.{last()}@mail.example"

    def rare():
        return f"sku{chosen.randrange(1, VARIANTS)}"

    week = {"placed_from": day, "placed_to": day + timedelta(days=7)}
    year = {"placed_from": FIRST_PLACED, "placed_to": day}
    return {
        "number": one(number=number),
        "shop's id": one(number=lambda: f"0-{chosen.randrange(half)}"),
        "tracking number that is none": one(tracking_number="T1"),
        "email": one(buyer=email),
        "last name": one(buyer=last),
        "first name (1 in 100)": one(buyer="first7"),
        "first and last name": one(buyer=lambda: f"first7 {last()}"),
        "rare SKU": one(sku=rare),
        "common SKU (1 in 2)": one(sku="SKU0"),
        "common SKU, rare state": one(sku="SKU0", states=["cancelled"]),
        "common SKU, no such state": one(sku="SKU0", states=["shipped"]),
        "common SKU, first name": one(sku="SKU0", buyer="first7"),
        "rare SKU, first name": one(sku=rare, buyer="first7"),
        "a week": one(**week),
        "a week, rare SKU": one(sku=rare, **week),
        "a week, rare state": one(states=["cancelled"], **week),
        "half of all time, common SKU": one(sku="SKU0", **year),
        "half of all time, first name": one(buyer="first7", **year),
        "half of all time, rare state": one(tab=Tab.CANCELLED, **year),
        "kind and state": one(kind=OrderKind.STORE, states=["awaiting_payment"]),
        "a kind that is none": one(kind=OrderKind.CLOUD),
    }


def measured(desk, make):
    """
    Return the milliseconds of pages, first and next ones, and how many they had.
    """
    spent, sizes = [], []
    for _ in range(TURNS):
        search, after = make(), ""
        for _ in range(2):
            begun = time.perf_counter()
            page = desk.search(search, after=after)
            spent.append((time.perf_counter() - begun) * 1000)
            sizes.append(len(page))
            after = page.next
            if not after:
                break
    return spent, sizes


def report(sh, orders):
    """
    Measure every search, of staff and of the large seller.
    """
    face = SourceHere(sh)
    desks = {
        "staff": face.staff("ann").orders,
        "seller": face.seller("s0").orders,
    }
    print(f"{orders:,} orders; a page of 50, milliseconds of wall time")
    print(f"{'':34}{'staff: median':>15}{'worst':>8}{'found':>7}", end="")
    print(f"{'seller: median':>17}{'worst':>8}{'found':>7}")
    for name, make in searches(orders).items():
        print(f"{name:34}", end="")
        for who, desk in desks.items():
            spent, sizes = measured(desk, make)
            width = 15 if who == "staff" else 17
            median = statistics.median(spent)
            print(f"{median:{width}.1f}{max(spent):8.1f}{max(sizes):7}", end="")
        print(flush=True)


def main():
    """
    Load and measure.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--on", default="sqlite", choices=["sqlite", "postgresql"])
    parser.add_argument("--keep", default="")
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        if given.on == "sqlite":
            folder = given.keep or stack.enter_context(tempfile.TemporaryDirectory())
            path = Path(folder) / f"search-{given.orders}.db"
            is_there, url = path.exists(), f"sqlite:///{path}"
        else:
            from postgres_place import served  # noqa: PLC0415 - needs a server

            server = stack.enter_context(served()).get_uri()
            is_there, url = False, server.replace("://", "+psycopg://", 1)
        with opened(url, chunk=CHUNK, shop=SharedShop) as sh:
            if not is_there:
                begun = time.process_time()
                load(sh, given.orders)
                spent = time.process_time() - begun
                print(f"loaded {given.orders / spent:,.0f} orders a second of CPU")
            report(sh, given.orders)


if __name__ == "__main__":
    main()
