"""
Small beginnings for tests: an opened app, a seller with money, a shop that misbehaves.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import attrs

from .. import app as composition
from ..domain.kernel.actor import Actor, Role
from ..domain.kernel.address import Address
from ..domain.kernel.clock import ManualClock
from ..domain.kernel.money import Money
from ..domain.kernel.values import frozen
from ..domain.pairing.rules import MappingRule
from ..domain.pairing.supply import RuleItem
from ..domain.stores.model import SnapshotLine, StoreOrderSnapshot
from ..face.core import SourceHere
from ..plugins.allowed_secrets import NO_SECRETS, Secrets
from ..ports.storage import Storage
from ..services.base.settings import Settings
from ..services.ordering.drafts import Wanted
from ..services.pairing.connections import NewConnection
from ..services.paying.checkouts import Payment
from ..services.sending.cloud import Count
from ..services.sending.shipping import NewParcel
from .fake_shop import RETRY_AFTER as RETRY_AFTER
from .fake_shop import FakePlatforms as FakePlatforms
from .fake_shop import FakeShop as FakeShop
from .fake_shop import Fault as Fault
from .goods import GOODS as GOODS
from .goods import RATE_CARD as RATE_CARD
from .goods import product
from .rows import Rows, fill
from .rows import dump as dump

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SELLER = Actor(Role.SELLER, "demo")
STAFF = Actor(Role.STAFF, "ann")
CARRIER = Actor(Role.CARRIER, "post")

EVERYWHERE = Path.cwd().anchor

HOME = Address(
    "US", name="Ann Lee", street="1 Main St", city="Dover", postal_code="19901"
)


@frozen
class Bench:
    """
    An app with one seller, one shop, a catalogue, a rate card and a cloud warehouse.

    Attributes:
        variants: SKU -> variant id.

        shops: The shops that the platform `fake` has, by name.
    """

    app: composition.App
    clock: ManualClock
    shop: FakeShop
    variants: Mapping[str, str]
    seller: str = "demo"
    store: str = "shop"
    shops: dict[str, FakeShop] = attrs.field(factory=dict)

    @property
    def sh(self) -> SourceHere:
        """
        The face of the app: desks for the seller and for staff.
        """
        return SourceHere(self.app)

    def wanted(self, **units: int) -> list[Wanted]:
        """
        Name units of variants by SKU.
        """
        return [Wanted(self.variants[sku], quantity) for sku, quantity in units.items()]

    def rule(self, sku: str, **units: int) -> MappingRule:
        """
        Map a store variant; to one unit of the platform's same SKU if nothing is said.
        """
        items = units or {sku.upper(): 1}
        return MappingRule(
            sku=sku,
            items=tuple(
                RuleItem(
                    self.app.catalog.find_by_sku([name])[name.lower()].variant_id, q
                )
                for name, q in items.items()
            ),
        )

    def connect(self, *rules: MappingRule, method: str = "") -> str:
        """
        Connect a product of the shop, and let the relay try what waits for it.
        """
        new = NewConnection(
            store_id=self.store, listing=rules[0].sku, rules=rules, method=method
        )
        connection_id = self.app.pairing.connect(self.seller, new, by=SELLER)
        self.app.relay.run()
        return connection_id

    def sync(self, *orders: StoreOrderSnapshot) -> list[str]:
        """
        Place or edit orders in the shop and sync; return our ids of them.
        """
        for order in orders:
            self.shop.put(order)
        self.app.stores.sync(self.seller, self.store)
        names = [order.external_id for order in orders]
        found = self.app.orders.find_external(self.seller, self.store, names)
        return [part for name in names for part in found[name][:1]]

    def pay(self, *order_ids: str) -> Payment:
        """
        Check out and pay, all or nothing.
        """
        offer = self.app.checkouts.checkout(self.seller, order_ids, by=SELLER)
        return self.app.checkouts.pay(
            self.seller,
            offer.checkout_id,
            expected_total=offer.total,
            by=SELLER,
        )

    def paid(self, external_id: str = "1", **units: int) -> str:
        """
        Make a paid order of the shop, and return its id; its SKUs have to be connected.
        """
        (order_id,) = self.sync(
            attrs.evolve(snapshot(external_id), lines=shop_lines(units))
        )
        self.pay(order_id)
        return order_id

    def accepted(self, external_id: str = "1", **units: int) -> str:
        """
        Make an order that the warehouse has accepted, and return its id.
        """
        order_id = self.paid(external_id, **units)
        report = self.app.shipping.accept(self.seller, [order_id], by=STAFF)
        for error in report.failed.values():
            raise error
        return order_id

    def ship(
        self, order_id: str, tracking_number: str = "T1", **quantities: int
    ) -> str:
        """
        Send a parcel: items as `i1_1=2`, everything left if nothing is said.
        """
        chosen = {n[1:].replace("_", "."): q for n, q in quantities.items()}
        parcel = NewParcel(
            order_id=order_id,
            carrier="post",
            tracking_number=tracking_number,
            quantities=chosen or None,
        )
        return self.app.shipping.ship(self.seller, parcel, by=STAFF)

    def bought(self, warehouse_id: str = "CN1", /, **units: int) -> str:
        """
        Make a cloud-warehouse order that is paid, and return its id.
        """
        order_id = self.app.drafts.create_cloud(
            self.seller, warehouse_id, self.wanted(**units), by=SELLER
        )
        self.app.drafts.place(self.seller, order_id, by=SELLER)
        self.pay(order_id)
        return order_id

    def stocked(self, warehouse_id: str = "CN1", /, **units: int) -> str:
        """
        Make a cloud-warehouse order that has arrived in full, one lot per SKU, and
        return its id.
        """
        order_id = self.bought(warehouse_id, **units)
        self.app.cloud.dispatch(self.seller, order_id, by=STAFF)
        counts = {f"{n}.1": Count(q) for n, q in enumerate(units.values(), start=1)}
        self.app.cloud.receive(self.seller, order_id, counts, by=STAFF)
        return order_id

    def balance(self) -> int:
        """
        Return what the wallet holds, in minor units.
        """
        return self.app.wallets.get(self.seller).available


@frozen
class Kept:
    """
    What a bench came to have, to begin others with: one world for many tests.

    Attributes:
        rows: Of every table.

        shops: Name -> what a shop remembers.

        now: What time it was.
    """

    rows: Rows
    shops: Mapping[str, Mapping[str, object]]
    now: datetime

    @classmethod
    def of(cls, bench: Bench) -> "Kept":
        """
        Keep what *bench* has; it is not to be used any more.
        """
        shops = {name: vars(shop) for name, shop in bench.shops.items()}
        return cls(dump(bench.app.storage), shops, bench.clock.now())

    def give_to(self, bench: Bench) -> None:
        """
        Let a bench that has nothing yet have it all.
        """
        fill(bench.app.storage, self.rows)
        for name, remembered in self.shops.items():
            shop = bench.shops.setdefault(name, FakeShop())
            vars(shop).update(deepcopy(dict(remembered)))
        bench.clock.advance(self.now - bench.clock.now())


def open_bench(
    *,
    settings: Settings | None = None,
    top_up: int = 10_000_00,
    connected: Sequence[str] = (),
    storage: Storage | None = None,
    plugins: Sequence[object] = (),
    secrets: Secrets = NO_SECRETS,
    folder: str = EVERYWHERE,
    kept: "Kept | None" = None,
) -> Bench:
    """
    Open an app in memory at a fixed noon, and give it what most tests need.

    Its rows are those of one that was set up before in this process, unless it has
    settings or plugins of its own, which may have their say in setting it up.

    Args:
        connected: SKUs that the shop sells and that are connected to the platform's.

        plugins: Used beside the fake shop's.

        folder: Below which shops' files are; anywhere if not given.

        kept: What another bench came to have; instead of what most tests need.
    """
    made = _bare(
        settings=settings,
        storage=storage,
        plugins=plugins,
        secrets=secrets,
        folder=folder,
    )
    if kept is not None:
        kept.give_to(made)
    elif settings is None and not plugins:
        fill(made.app.storage, _usual_rows(top_up, tuple(connected)))
    else:
        _set_up(made, top_up, connected)
    found = made.app.catalog.find_by_sku(list(GOODS))
    variants = {sku: found[sku.lower()].variant_id for sku in GOODS}
    return attrs.evolve(made, variants=variants)


def _bare(
    *,
    settings: Settings | None = None,
    storage: Storage | None = None,
    plugins: Sequence[object] = (),
    secrets: Secrets = NO_SECRETS,
    folder: str = EVERYWHERE,
) -> Bench:
    clock, platforms = ManualClock(NOON), FakePlatforms()
    app = composition.compose(
        plugins=[platforms, *plugins],
        load_entry_points=False,
        clock=clock,
        settings=settings,
        storage=storage,
        secrets=secrets,
        folder=folder,
    )
    shop = platforms.shops.setdefault("shop", FakeShop())
    return Bench(app, clock, shop, {}, shops=platforms.shops)


@cache
def _usual_rows(top_up: int, connected: tuple[str, ...]) -> Rows:
    made = _bare()
    _set_up(made, top_up, connected)
    return dump(made.app.storage)


def _set_up(bench: Bench, top_up: int, connected: Sequence[str]) -> None:
    app = bench.app
    app.sellers.register("demo", name="Demo", currency="USD")
    if top_up:
        app.wallets.top_up("demo", Money(top_up, "USD"), reference="first", by=STAFF)
    app.stores.connect(
        "demo", "shop", platform="fake", name="Shop", config={"shop": "shop"}
    )
    app.freight.connect("card", provider="rate_card", config=RATE_CARD, by=STAFF)
    app.cloud.add_warehouse(
        "CN1", name="Yiwu", country="CN", by=STAFF, handling_minor={"USD": 20}
    )
    app.catalog.add_many([product(sku) for sku in GOODS], by=STAFF)
    for sku in connected:
        bench.connect(bench.rule(sku))


def snapshot(
    external_id: str = "1",
    *,
    address: Address = HOME,
    paid_at_store: bool = True,
    cancelled: bool = False,
    **units: int,
) -> StoreOrderSnapshot:
    """
    Make an order of the shop: SKU -> store units, one line each.
    """
    return StoreOrderSnapshot(
        external_id=external_id,
        number=f"#{external_id}",
        placed_at=NOON,
        address=address,
        lines=shop_lines(units),
        paid_at_store=paid_at_store,
        cancelled=cancelled,
    )


def shop_lines(units: Mapping[str, int]) -> tuple[SnapshotLine, ...]:
    """
    Make the lines of a shop's order: SKU -> store units, one line each.
    """
    return tuple(
        shop_line(sku, quantity, number=number)
        for number, (sku, quantity) in enumerate(units.items(), start=1)
    )


def shop_line(
    sku: str,
    quantity: int,
    *,
    number: int = 1,
    fulfilled: int = 0,
    refunded: int = 0,
) -> SnapshotLine:
    """
    Make a line of a shop's order.
    """
    return SnapshotLine(
        external_line_id=f"L{number}",
        sku=sku,
        title=sku.title(),
        quantity=quantity,
        unit_price=Money(9_99, "USD"),
        quantity_fulfilled=fulfilled,
        quantity_refunded=refunded,
    )


@contextmanager
def nothing_moves(bench: Bench, *, but: Sequence[str] = ()) -> Iterator[None]:
    """
    Hold that no row of any table is changed, made or lost within the block.

    Args:
        but: Tables that may change.
    """
    before = dump(bench.app.storage)
    yield
    after = dump(bench.app.storage)
    moved = sorted(
        name for name in before if before[name] != after[name] and name not in but
    )
    assert not moved, f"rows changed in {', '.join(moved)}"
