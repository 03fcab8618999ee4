"""
What the life of orders is measured on: the packaged orders, a shop, and the services.
"""

import itertools
from datetime import UTC, datetime

import attrs
from floors import hand_run

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
    Price,
    Role,
    RuleItem,
    Settings,
    TrackingFact,
    TrackingStatus,
)
from sourcehere.app import compose
from sourcehere.demo import sample_path
from sourcehere.demo.plan import make_plan, rate_card, store_config
from sourcehere.domain.kernel.clock import to_micros
from sourcehere.domain.kernel.ids import ids_made_by
from sourcehere.plugins import hookimpl
from sourcehere.ports.platforms import OrderPage
from sourcehere.ports.providers import NoConfig, ProviderInfo
from sourcehere.unit.tables import TABLES

SELLER, STAFF = Actor(Role.SELLER, "s"), Actor(Role.STAFF, "staff")
CARRIER = Actor(Role.CARRIER, "line")
FIRST_ID = 2**31  # of what is measured; what is set up before has lower ones
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


BY_NAME = {table.name: table for table in TABLES}


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

    def push_tracking(self, notice, /):
        return notice.idempotency_key

    def push_fulfilment(self, fulfilment, /):
        return fulfilment.idempotency_key

    def push_fulfilments(self, fulfilments, /):
        return [f.idempotency_key for f in fulfilments]


class ShopPlugin:
    """
    Offers the parsed shop, or another.
    """

    def __init__(self, shop=ParsedShop):
        self._shop = shop

    @hookimpl
    def sourcehere_store_platforms(self):
        return [
            ProviderInfo("parsed", NoConfig, lambda _c, _x: self._shop(), is_local=True)
        ]


class CountedIds:
    """
    Ids that are the same every time; none of them asks for the tabs to be folded.
    """

    def __init__(self, first):
        self._numbers = itertools.count(first)

    def next(self):
        return f"{next(self._numbers):08x}-0000-7000-8000-000000000001"


def counted_ids(first):
    """
    Let the library count its ids from *first*, so that a floor can count the same.
    """
    return ids_made_by(CountedIds(first).next)


def read_orders(folder, count):
    """
    Parse the packaged orders once; repeated under new numbers where more are wanted.
    """
    with sourcehere.open("memory://", folder="/") as sh:
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
            address=_somebody(order.address, turn * len(found) + place),
        )
        for turn in range(count // len(found) + 1)
        for place, order in enumerate(found)
    ]
    return plan, tuple(orders[:count])


def _somebody(address, number):
    """
    Return *address*, which names nobody, with a buyer.
    """
    first, last = f"First{number % 97}", f"Last{number % 1009}"
    email = f"{first}.{last}.{number % 5003}@mail.example"
    return attrs.evolve(address, name=f"{first} {last}", email=email)


def floor_facts(rows):
    """
    Return what the hand-written floor is made with.

    Args:
        rows: Gives columns of every row of a table.
    """
    skus, variants = hand_run.facts(rows)
    return {
        "skus": skus,
        "variants": variants,
        "card": rate_card(),
        "make_id": CountedIds(FIRST_ID).next,
        "now": to_micros(NOW),
    }


def opened(url="", *, chunk, storage=None, shop=ParsedShop):
    """
    Open *url*, or *storage*, with the parsed shop and a clock that stands still.
    """
    where = {"url": url} if storage is None else {"storage": storage}
    return compose(
        **where,
        plugins=[ShopPlugin(shop)],
        clock=ManualClock(NOW),
        # What shops said is another job, which the floors do not do.
        settings=Settings(chunk=chunk, told_days=0),
        folder="/",  # our own files, wherever they are
    )


def set_up(sh, plan):
    """
    Fill the catalogue, connect every product, fill the wallet; not measured.
    """
    with counted_ids(1):
        _fill(sh, plan)


def _fill(sh, plan):
    sh.sellers.register("s", name="S", currency="GBP")
    sh.wallets.top_up("s", Money(10**12, "GBP"), reference="t", by=STAFF)
    sh.freight.connect("card", provider="rate_card", config=rate_card(), by=STAFF)
    sh.stores.connect("s", "shop", platform="parsed", name="Shop", config={})
    listings = sh.catalog.add_many([_product(row) for row in plan.catalogue], by=STAFF)
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


def _product(row):
    prices = (Price(Money(row.cost_minor, "GBP")),)
    variant = NewVariant(sku=row.code, weight_grams=row.weight_grams, prices=prices)
    return NewProduct(title=row.code, variants=(variant,))


def live(sh, snapshots, chunk, *, only_import=False):
    """
    Take every order from import to delivery, a chunk a commit.
    """
    ParsedShop.snapshots = snapshots
    sh.stores.sync("s", "shop")
    if only_import:
        return
    found = sh.orders.find_external("s", "shop", [s.external_id for s in snapshots])
    names = [found[s.external_id][0] for s in snapshots]
    for start in range(0, len(names), chunk):
        part = names[start : start + chunk]
        offer = sh.checkouts.checkout("s", part, by=SELLER)
        sh.checkouts.pay("s", offer.checkout_id, expected_total=offer.total, by=SELLER)
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
