"""
The same life with this library: its face, as a service uses it.
"""

from workload import ParsedShop, ShopPlugin

import sourcehere
from sourcehere import (
    Count,
    ManualClock,
    MappingRule,
    Money,
    NewConnection,
    NewParcel,
    NewProduct,
    NewVariant,
    OrderKind,
    Price,
    RuleItem,
    Settings,
    Tab,
    TrackingFact,
    TrackingStatus,
    Wanted,
)

from .goods import CARD, NOW

SELLER, STORE = "s", "shop"

LIMIT = Money(10**9, "USD")


class OurLife:
    """
    The steps, of as many orders a commit as are given.
    """

    def __init__(self, url, chunk):
        self.sh = sourcehere.open(
            url,
            plugins=[ShopPlugin()],
            clock=ManualClock(NOW),
            settings=Settings(chunk=chunk, told_days=0),
            folder="/",
        )
        self._shop = self.sh.seller(SELLER)
        self._staff = self.sh.staff("ann").seller(SELLER)

    def fill(self, variants, lots, money):
        """
        Put in goods, stock and money, and connect the shop; not measured.
        """
        desk = self.sh.staff("ann")
        desk.sellers.register(SELLER, name="S", currency="USD")
        self._staff.wallet.top_up(Money(money, "USD"), reference="t")
        desk.freight.connect("card", provider="rate_card", config=CARD)
        desk.warehouses.add("W", name="W", country="CN")
        listings = desk.catalog.add_many(
            [
                NewProduct(
                    title=sku,
                    variants=(
                        NewVariant(
                            sku=sku,
                            weight_grams=weight,
                            prices=(Price(Money(price, "USD")),),
                        ),
                    ),
                )
                for sku, price, weight in variants
            ]
        )
        by_sku = {one.variants[0].sku: one.variants[0].variant_id for one in listings}
        self._shop.stores.connect(STORE, platform="parsed", name="Shop", config={})
        self._shop.connections.connect_many(
            [
                NewConnection(
                    store_id=STORE,
                    listing=sku,
                    rules=(MappingRule(sku, (RuleItem(variant_id),)),),
                )
                for sku, variant_id in by_sku.items()
            ]
        )
        for units in lots:
            self._receive(by_sku.values(), units)
        self.sh.relay.run()  # what else is owed to plugins, shops and jobs
        self._money = self._shop.wallet.get().available.minor

    def _receive(self, variant_ids, units):
        wanted = [Wanted(variant_id, units) for variant_id in variant_ids]
        order_id = self._shop.drafts.cloud("W", wanted).order_id
        self._shop.drafts.place(order_id)
        self._shop.checkouts.pay(self._shop.checkouts.open([order_id]))
        self._staff.cloud.dispatch(order_id)
        items = self._shop.orders.get(order_id).items
        self._staff.cloud.receive(order_id, {name: Count(units) for name in items})

    def create(self, snapshots):
        """
        Take in what the shop has, once, and connect its SKUs.
        """
        ParsedShop.snapshots = snapshots
        self._shop.stores.sync(STORE)
        names = [one.external_id for one in snapshots]
        found = self._shop.orders.find_external(STORE, names)
        return [found[name][0] for name in names]

    def pay(self, names):
        """
        Price the orders, take the money, and allocate lots.
        """
        self._shop.checkouts.pay_at_most(names, LIMIT)

    def accept(self, names):
        """
        Take the orders on.
        """
        self._staff.shipping.accept(names)

    def ship(self, names, numbers):
        """
        Put each order in a parcel.
        """
        parcels = [
            NewParcel(order_id=name, carrier="L", tracking_number=number)
            for name, number in zip(names, numbers, strict=True)
        ]
        sent = self._staff.shipping.ship_many(parcels).done
        self._parcels = {one.order_id: one.parcel_id for one in sent.values()}

    def tell(self, limit):
        """
        Tell the shop what waits.
        """
        self.sh.relay.run(limit=limit)

    def deliver(self, names):
        """
        Keep that parcels were delivered, and so their orders.
        """
        facts = [
            TrackingFact(
                parcel_id=self._parcels[name],
                key="d",
                status=TrackingStatus.DELIVERED,
                happened_at=NOW,
            )
            for name in names
        ]
        self._staff.parcels.record(facts)

    def ended(self):
        """
        Return how many orders are delivered, the units that are left, and what was
        paid, in minor units.
        """
        tabs = self._shop.orders.counts(kind=OrderKind.STORE)
        delivered = tabs[Tab.FULFILLED]
        left = sum(view.on_hand for view in self._shop.cloud.stock())
        spent = self._money - self._shop.wallet.get().available.minor
        return delivered, left, spent
