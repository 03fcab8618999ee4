"""
The life of store orders on SQLite, through the services, against a hand-written floor.

    python benchmarks/order_life.py [--orders 2000] [--chunk 100] [--rounds 5]
    python benchmarks/order_life.py --import --orders 10000 --chunk 1000

Both start from the same parsed snapshots and write the same rows (compared table by
table). CPU time of this process, interleaved, best of the rounds.
"""

import argparse
import sqlite3
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from floors import sqlite_rows
from harness import compare
from recording import RecordingStorage

import sourcehere
from sourcehere import (
    Actor,
    ManualClock,
    MappingRule,
    Money,
    NewConnection,
    NewParcel,
    NewProduct,
    NewVariant,
    Role,
    RuleItem,
    Settings,
    TrackingFact,
    TrackingStatus,
)
from sourcehere.demo import sample_path
from sourcehere.demo.plan import make_plan, rate_card, store_config
from sourcehere.plugins import hookimpl
from sourcehere.ports.platforms import OrderPage
from sourcehere.ports.providers import NoConfig, ProviderInfo

SELLER, STAFF = Actor(Role.SELLER, "s"), Actor(Role.STAFF, "staff")
CARRIER = Actor(Role.CARRIER, "line")


class ParsedShop:
    """
    A shop whose snapshots are parsed already, and that takes every push.
    """

    snapshots = ()

    def pull_orders(self, cursor, /, *, limit):
        start = int(cursor or 0)
        part = self.snapshots[start : start + limit]
        end = start + len(part)
        more = end < len(self.snapshots)
        return OrderPage(part, (), (), str(end) if more else "", more)

    def fetch_order(self, external_id, /):
        return next((s for s in self.snapshots if s.external_id == external_id), None)

    def push_fulfilment(self, fulfilment, /):
        return fulfilment.idempotency_key

    def push_fulfilments(self, fulfilments, /):
        return [f.idempotency_key for f in fulfilments]


class ShopPlugin:
    """
    Offers the parsed shop.
    """

    @hookimpl
    def sourcehere_store_platforms(self):
        return [ProviderInfo("parsed", NoConfig, lambda _c, _x: ParsedShop())]


def read_orders(folder, count):
    """
    Parse the packaged orders once; repeated under new numbers where more are wanted.
    """
    import attrs  # noqa: PLC0415 - only here

    with sourcehere.open("memory://") as sh:
        config = store_config(sample_path(), folder / "none.csv")
        platform = sh.registry.store_platform("file", config)
        plan = make_plan(sample_path(), platform)
        found, cursor, more = [], "", True
        while more:
            page = platform.pull_orders(cursor, limit=1000)
            found.extend(page.orders)
            cursor, more = page.cursor, page.has_more
    orders = [
        attrs.evolve(
            order,
            external_id=f"{order.external_id}-{turn}",
            number=f"{order.number}-{turn}",
        )
        for turn in range(count // len(found) + 1)
        for order in found
    ]
    return plan, tuple(orders[:count])


def set_up(sh, plan):
    """
    Fill the catalogue, connect every product, fill the wallet; not measured.
    """
    sh.sellers.register("s", name="S", currency="GBP")
    sh.wallets.top_up("s", Money(10**12, "GBP"), reference="t", by=STAFF)
    sh.freight.connect("card", provider="rate_card", config=rate_card(), by=STAFF)
    sh.stores.connect("s", "shop", platform="parsed", name="Shop", config={})
    listings = sh.catalog.add_many(
        [
            NewProduct(
                title=row.code,
                variants=(
                    NewVariant(
                        sku=row.code,
                        weight_grams=row.weight_grams,
                        prices={"GBP": {1: row.cost_minor}},
                    ),
                ),
            )
            for row in plan.catalogue
        ],
        by=STAFF,
    )
    connections = [
        NewConnection(
            store_id="shop",
            listing=listing.variants[0].sku,
            rules=(
                MappingRule(
                    listing.variants[0].sku,
                    (RuleItem(listing.variants[0].variant_id),),
                ),
            ),
        )
        for listing in listings
    ]
    sh.pairing.connect_many("s", connections, by=SELLER)
    sh.relay.run()


def live(sh, snapshots, chunk, *, only_import=False):
    """
    Take every order from import to delivery, a chunk a commit.
    """
    ParsedShop.snapshots = snapshots
    sh.stores.sync("s", "shop")
    if only_import:
        return
    found = sh.orders.find_external("s", "shop", [s.external_id for s in snapshots])
    ids = [found[s.external_id][0] for s in snapshots]
    for start in range(0, len(ids), chunk):
        part = ids[start : start + chunk]
        offer = sh.checkouts.checkout("s", part, by=SELLER)
        sh.checkouts.pay(
            "s", offer.checkout_id, expected_total=offer.total_minor, by=SELLER
        )
        sh.shipping.accept("s", part, by=STAFF)
        parcels = [
            NewParcel(order_id=name, carrier="L", tracking_number=f"{start}-{n}")
            for n, name in enumerate(part)
        ]
        sent = sh.shipping.ship_many("s", parcels, by=STAFF)
        sh.relay.run(limit=chunk)
        facts = [
            TrackingFact(
                parcel_id=parcel_id,
                key="d",
                status=TrackingStatus.DELIVERED,
                happened_at=sh.clock.now(),
            )
            for parcel_id in sent.done.values()
        ]
        sh.tracking.record("s", facts, by=CARRIER)


def opened(path, chunk, *, record=False):
    """
    Open a fresh database, and say where writes are recorded.
    """
    clock = ManualClock(datetime(2026, 1, 5, 9, tzinfo=UTC))
    options = {"clock": clock, "settings": Settings(chunk=chunk)}
    plain = sourcehere.open(f"sqlite:///{path}", plugins=[ShopPlugin()], **options)
    if not record:
        return plain, None
    recording = RecordingStorage(plain.storage)
    sh = sourcehere.open(storage=recording, plugins=[ShopPlugin()], **options)
    return sh, recording


def copy(source, target):
    """
    Copy a database that nobody writes.
    """
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)


def dump(path):
    """
    Give every row of every table.
    """
    with sqlite3.connect(path) as db:
        names = [
            n
            for (n,) in db.execute("SELECT name FROM sqlite_schema WHERE type='table'")
        ]
        return {n: sorted(db.execute(f'SELECT * FROM "{n}"')) for n in sorted(names)}


def main():
    """
    Measure, and print the ratio.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--chunk", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--import", action="store_true", dest="only_import")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan, snapshots = read_orders(folder, given.orders)
        sh, recording = opened(folder / "recorded.db", given.chunk, record=True)
        set_up(sh, plan)
        sh.close()
        copy(folder / "recorded.db", folder / "start.db")
        sh, recording = opened(folder / "recorded.db", given.chunk, record=True)
        live(sh, snapshots, given.chunk, only_import=given.only_import)
        assert sh.audit.run().is_clean
        sh.close()
        prepared = sqlite_rows.prepare(recording.transactions)
        measure(given, folder, snapshots, prepared)
        assert dump(folder / "recorded.db") == dump(folder / "floor0.db")
    rows = sum(len(r) for t in prepared for _, r in t)
    print(f"  orders {given.orders}, chunk {given.chunk}, rows written {rows}")


def measure(given, folder, snapshots, prepared):
    """
    Compare fresh copies of the database, round by round.
    """

    def ours(turn):
        path = folder / f"ours{turn}.db"
        copy(folder / "start.db", path)
        sh, _ = opened(path, given.chunk)

        def run():
            live(sh, snapshots, given.chunk, only_import=given.only_import)
            sh.close()

        return run

    def floor(turn):
        path = folder / f"floor{turn}.db"
        copy(folder / "start.db", path)
        db = sqlite_rows.connect(path)

        def run():
            sqlite_rows.write(db, prepared)
            db.close()

        return run

    name = "importing orders" if given.only_import else "the life of orders"
    compare(f"{name} on SQLite", ours, floor, count=given.orders, rounds=given.rounds)


if __name__ == "__main__":
    main()
