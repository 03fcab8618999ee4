"""
The world of a run: shops, sellers, goods, time, and what is known to be true.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import attrs

from ...app import App, compose
from ...domain.catalog.model import NewVariant, Price
from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.clock import measured_by
from ...domain.kernel.connections import ACTIVE, DISCONNECTED
from ...domain.kernel.ids import ids_made_by
from ...domain.kernel.money import Money
from ...ports.storage import Storage
from ...services.base.settings import Settings
from ...services.base.threads import without_threads
from ...services.platform.catalog import NewProduct
from ..factories import GOODS, NOON
from .books import GATEWAY
from .far import CARD
from .gateways import SimulatedGateways
from .lines import GatewayFaults
from .posts import POST, SimulatedPosts
from .scheduler import Scheduler, SimulatedClock
from .shops import ShopFaults, SimulatedPlatforms
from .storage import CountedIds, InterleavingStorage, StorageFaults
from .trackers import SCANS, TRACKER, SimulatedTrackers
from .truth import Truth

STORE = "shop"
WAREHOUSE = "CN1"
STAFF = Actor(Role.STAFF, "desk")

# What is in the wallets at first: one of the sellers lives by cards.
_FIRST = {"ann": 50_000_00, "bob": 20_00}

# Offers hold long enough for payers who decide late.
SETTINGS = Settings(
    pay_within=timedelta(days=20),
    checkout_valid=timedelta(hours=8),
    payer_within=timedelta(hours=4),
    chunk=20,
    lease=timedelta(seconds=15),
)


@attrs.define
class Faults:
    """
    How likely everything fails; nothing does, if nothing is said.

    Attributes:
        posts: Of carriers that sell labels.

        scans: Of the carrier that is asked where parcels are.

        kills: That a process ends, at each step.
    """

    storage: StorageFaults = attrs.field(factory=StorageFaults)
    shops: ShopFaults = attrs.field(factory=ShopFaults)
    gateways: GatewayFaults = attrs.field(factory=GatewayFaults)
    posts: GatewayFaults = attrs.field(factory=GatewayFaults)
    scans: GatewayFaults = attrs.field(factory=GatewayFaults)
    kills: float = 0.0


def usual_faults() -> Faults:
    """
    Return faults that come often enough to meet one another.
    """
    return Faults(
        StorageFaults(
            busy=0.008, away=0.02, full=0.008, lost=0.02, slow=0.03, impatient=0.03
        ),
        ShopFaults(
            lost=0.06,
            nonsense=0.02,
            declined=0.02,
            throttled=0.06,
            unauthorized=0.003,
            slow=0.04,
            poison=0.02,
            lies=0.04,
        ),
        GatewayFaults(
            lost=0.08,
            nonsense=0.02,
            wrong=0.02,
            declined=0.02,
            throttled=0.02,
            unauthorized=0.003,
            down=0.004,
            slow=0.05,
            hidden=0.05,
            less=0.03,
            waits=0.06,
        ),
        GatewayFaults(
            lost=0.1,
            nonsense=0.03,
            declined=0.05,
            throttled=0.04,
            down=0.004,
            slow=0.08,
            waits=0.15,
        ),
        GatewayFaults(
            lost=0.1,
            nonsense=0.03,
            wrong=0.08,
            throttled=0.04,
            down=0.02,
            slow=0.08,
            hidden=0.3,
            less=0.3,
        ),
        kills=0.0008,
    )


class World:
    """
    Sellers with shops, on one storage, and whatever people need to work there.

    Attributes:
        size: How many orders of a shop may wait at a time, before its customers do.
    """

    def __init__(self, storage: Storage, seed: int, faults: Faults) -> None:
        self.clock = SimulatedClock(NOON)
        self.scheduler = Scheduler(seed, self.clock)
        self.random = self.scheduler.random
        self.faults = faults
        self._ids = CountedIds()
        self.storage = InterleavingStorage(
            storage, self.scheduler, faults.storage, self._ids
        )
        self.platforms = SimulatedPlatforms(self.scheduler, faults.shops)
        self.cards = SimulatedGateways(self.scheduler, faults.gateways)
        self.mail = SimulatedPosts(self.scheduler, faults.posts)
        self.scans = SimulatedTrackers(self.scheduler, faults.scans)
        self.truth = Truth()
        self.sellers = tuple(_FIRST)
        self.size = 12
        self.done: Counter[str] = Counter()
        self.refusals = self.unsure = 0
        with self.determined():
            self.app = self.process()
            self.variants = self._furnish()
        self.shops = self.platforms.shops
        self.gateways = self.cards.gateways
        self.posts = self.mail.posts

    @contextmanager
    def determined(self) -> Iterator[None]:
        """
        Let nothing that is done inside depend on the machine.
        """
        with ExitStack() as stack:
            stack.enter_context(ids_made_by(self._ids))
            stack.enter_context(measured_by(self.clock.seconds))
            stack.enter_context(without_threads())
            yield

    def process(self) -> App:
        """
        Begin a process: the library anew, over the same storage.
        """
        return compose(
            plugins=[self.platforms, self.cards, self.mail, self.scans],
            load_entry_points=False,
            clock=self.clock,
            settings=SETTINGS,
            storage=self.storage,
        )

    def fail_no_more(self) -> None:
        """
        Let everything work from now on.
        """
        self.storage.faults = StorageFaults()
        for shop in self.shops.values():
            shop.faults = ShopFaults()
        for gateway in self.gateways.values():
            gateway.fail_no_more()
        for post in self.posts.values():
            post.line.faults = GatewayFaults()
        self.scans.tracker.line.faults = GatewayFaults()

    def let_in(self, app: App, seller: str) -> None:
        """
        Put right the credentials that a shop refused, if it did; connect it again, if
        somebody ended its connection.
        """
        state = app.stores.get(seller, STORE).state
        if state == DISCONNECTED:
            self._connect(app, seller)
        elif state != ACTIVE:
            app.stores.move(seller, STORE, "resume")

    def _connect(self, app: App, seller: str) -> None:
        config = {"shop": seller}
        app.stores.connect(
            seller, STORE, platform="simulated", name="Shop", config=config
        )

    def waiting_orders(self, seller: str) -> int:
        """
        Count the newest shop orders that are neither cancelled nor told to be on their
        way.
        """
        shop = self.shops[seller]
        newest = list(shop.orders.items())[-2 * self.size :]
        told = {n.external_id for n in list(shop.taken.values())[-4 * self.size :]}
        return sum(1 for n, order in newest if n not in told and not order.cancelled)

    def skus_of(self, seller: str) -> list[str]:
        """
        List what a shop sells now: with its orders come other things.
        """
        first = len(self.shops[seller].orders) // 2
        return [f"Sku{n}" for n in range(first, first + 6)]

    def _furnish(self) -> dict[str, str]:
        app = self.app
        app.freight.connect("card", provider="rate_card", config=CARD, by=STAFF)
        app.cloud.add_warehouse(
            WAREHOUSE, name="Yiwu", country="CN", by=STAFF, handling_minor={"USD": 20}
        )
        for name in self.mail.posts:
            app.freight.connect(name, provider=POST, config={"post": name}, by=STAFF)
        app.freight.connect(SCANS, provider=TRACKER, config={}, by=STAFF)
        for name in self.cards.gateways:
            config = {"gateway": name}
            app.gateways.connect(name, provider=GATEWAY, config=config, by=STAFF)
        for seller in self.sellers:
            app.sellers.register(seller, name=seller.title(), currency="USD")
            self._connect(app, seller)
            money = Money(_FIRST[seller], "USD")
            app.wallets.top_up(seller, money, reference=f"first of {seller}", by=STAFF)
            self.truth.topped_up[seller] += money.minor
        made = app.catalog.add_many([_product(sku) for sku in GOODS], by=STAFF)
        return {one.variants[0].sku: one.variants[0].variant_id for one in made}


def _product(sku: str) -> NewProduct:
    weight, prices, points, least = GOODS[sku]
    variant = NewVariant(
        sku=sku,
        title=sku.title(),
        weight_grams=weight,
        prices=tuple(Price(Money(m, "USD"), q) for q, m in prices.items()),
        concession_points=points,
        quantity_min=least,
    )
    return NewProduct(title=f"A {sku.lower()}", variants=(variant,))
