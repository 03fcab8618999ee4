"""
A shop's orders from sync to refund, step by step; cut off anywhere, it carries on.

Every step asks what is stored and does what is missing. The clock is a function of the
step and the order's number, so that two runs write the same story.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import attrs

from ..app import SourceHere
from ..app import open as open_core
from ..domain.catalog.model import NewVariant, Variant
from ..domain.disputes.policy import DisputeReason
from ..domain.kernel.actor import Actor, Role
from ..domain.kernel.clock import ManualClock
from ..domain.kernel.money import Money
from ..domain.orders.order import Order
from ..domain.pairing.rules import MappingRule, RuleItem
from ..domain.shipments.model import TrackingStatus
from ..ports.platforms import StorePlatform
from ..services.base.bulk import BulkReport
from ..services.base.settings import Settings
from ..services.ordering.drafts import Wanted
from ..services.pairing.connections import NewConnection
from ..services.platform.catalog import NewProduct
from ..services.refunds.dispute_refunds import NewDispute
from ..services.sending.cloud import Count
from ..services.sending.shipping import NewParcel
from ..services.sending.tracking import TrackingFact
from .plan import CURRENCY, Plan, make_plan, parts_of, rate_card, store_config
from .report import Report, make_report
from .steps import Steps

SELLER_ID = "demo"
STORE_ID = "online-retail"
WAREHOUSE_ID = "CN-YIWU"
WORKER = "demo"
TOP_UP_MINOR = 1_000_000_000
SPLIT_EVERY = 50
DISPUTE_EVERY = 100

SELLER = Actor(Role.SELLER, SELLER_ID)
STAFF = Actor(Role.STAFF, "demo-staff")
CARRIER = Actor(Role.CARRIER, "demo-line")

T = TypeVar("T")
_BEGIN = datetime(2011, 12, 1, 9, tzinfo=UTC)


@attrs.frozen
class Options:
    """
    Which file, and where fulfilments go.

    Attributes:
        chunk: Orders in one commit.
    """

    path: Path
    out: Path
    chunk: int = 200


def run(sourcehere: SourceHere, clock: ManualClock, options: Options) -> Report:
    """
    Tell the story on an open order core, from wherever it was cut off.

    Raises:
        FileStoreError: If the file cannot be read as a shop's orders.
    """
    return Story(sourcehere, clock, options).tell()


def open_for_demo(url: str, *, chunk: int = 200) -> tuple[SourceHere, ManualClock]:
    """
    Open the order core for the story, with a clock of its own.

    Raises:
        UnknownProviderError: If no plugin serves the URL's scheme.
    """
    clock = ManualClock(_BEGIN)
    return open_core(url, clock=clock, settings=Settings(chunk=chunk)), clock


class Story:
    """
    One telling.
    """

    def __init__(
        self, sourcehere: SourceHere, clock: ManualClock, options: Options
    ) -> None:
        self._sh = sourcehere
        self._clock = clock
        self._options = options
        self._steps = Steps()

    def tell(self) -> Report:
        """
        Do all steps, and report from what is stored.
        """
        self._at(0)
        self._sh.relay.recover(worker=WORKER)
        platform = self._connect_store()
        plan = make_plan(self._options.path, platform)
        total = len(plan.numbers)
        variants = self._fill_catalogue(plan)
        self._connect_products(plan.connected, variants)
        with self._steps.step("sync", total):
            self._at(1)
            self._sh.stores.sync(SELLER_ID, STORE_ID, progress=self._steps.advance)
        orders = self._orders(plan)
        with self._steps.step("quotes", total):
            self._quote(plan, variants, orders)
        with self._steps.step("stock", 1):
            self._stock(plan, variants)
        for name, day, work in (
            ("pay", 4, self._pay),
            ("ship", 5, self._ship),
            ("deliver", 6, self._deliver),
            ("disputes", 7, self._dispute),
        ):
            with self._steps.step(name, total):
                self._in_chunks(day, orders, work)
        return make_report(self._sh, SELLER_ID, STORE_ID, tuple(self._steps.done))

    def _at(self, day: int, number: int = 0) -> None:
        self._clock.at = _BEGIN + timedelta(days=day, milliseconds=number)

    def _in_chunks(
        self,
        day: int,
        orders: Sequence[tuple[int, str]],
        work: Callable[[Mapping[str, int], list[Order], int], None],
    ) -> None:
        """
        Do *work* for orders in the same chunks every time, however far they are.
        """
        for chunk in _chunks(orders, self._options.chunk):
            first = chunk[0][0]
            self._at(day, first)
            numbers = {order_id: number for number, order_id in chunk}
            loaded = self._sh.orders.get_many(SELLER_ID, list(numbers))
            work(numbers, loaded, first)
            self._steps.advance(len(chunk))

    # The steps.

    def _connect_store(self) -> StorePlatform:
        sh = self._sh
        sh.sellers.register(SELLER_ID, name="Demo seller", currency=CURRENCY)
        sh.wallets.top_up(
            SELLER_ID,
            Money(TOP_UP_MINOR, CURRENCY),
            reference="demo-transfer",
            by=STAFF,
        )
        known = [s for s in sh.stores.all(SELLER_ID) if s.store_id == STORE_ID]
        config = known[0].config if known else None
        store = sh.stores.connect(
            SELLER_ID,
            STORE_ID,
            platform="file",
            name="Online Retail",
            config=config or store_config(self._options.path, self._options.out),
        )
        sh.freight.connect("demo", provider="rate_card", config=rate_card(), by=STAFF)
        sh.cloud.add_warehouse(
            WAREHOUSE_ID, name="Yiwu cloud warehouse", country="CN", by=STAFF
        )
        return sh.stores.platform_of(store)

    def _fill_catalogue(self, plan: Plan) -> dict[str, Variant]:
        catalog = self._sh.catalog
        codes = [row.code for row in plan.catalogue]
        known = catalog.find_by_sku(codes)
        missing = [r for r in plan.catalogue if r.code.casefold() not in known]
        with self._steps.step("catalogue", len(codes)):
            catalog.add_many(
                [
                    NewProduct(
                        title=row.code,
                        variants=(
                            NewVariant(
                                sku=row.code,
                                weight_grams=row.weight_grams,
                                prices={CURRENCY: {1: row.cost_minor}},
                                concession_points=500,
                            ),
                        ),
                    )
                    for row in missing
                ],
                by=STAFF,
            )
        found = catalog.find_by_sku(codes)
        return {variant.sku: variant for variant in found.values()}

    def _connect_products(
        self, codes: Sequence[str], variants: Mapping[str, Variant]
    ) -> None:
        pairing = self._sh.pairing
        known = {c.listing for c in pairing.connections(SELLER_ID, store_id=STORE_ID)}
        missing = [code for code in codes if code not in known]
        suggested = pairing.suggest(SELLER_ID, STORE_ID, missing)
        with self._steps.step("connect", len(codes)):
            _all_done(
                pairing.connect_many(
                    SELLER_ID,
                    [
                        NewConnection(
                            store_id=STORE_ID,
                            listing=found.sku,
                            rules=(
                                MappingRule(found.sku, (RuleItem(found.variant_id),)),
                            ),
                        )
                        for found in suggested
                    ],
                    by=SELLER,
                )
            )
            self._sh.relay.run(worker=WORKER)
        assert len(variants) >= len(codes)

    def _orders(self, plan: Plan) -> list[tuple[int, str]]:
        found = self._sh.orders.find_external(SELLER_ID, STORE_ID, list(plan.numbers))
        return [(number, found[name][0]) for name, number in plan.numbers.items()]

    def _quote(
        self,
        plan: Plan,
        variants: Mapping[str, Variant],
        orders: Sequence[tuple[int, str]],
    ) -> None:
        """
        Ask for a quote per code nobody has connected, from the first order with it.
        """
        self._at(2)
        wanted = set(plan.unconnected)
        first: dict[str, tuple[int, str, int]] = {}
        for chunk in _chunks(orders, self._options.chunk):
            numbers = {order_id: number for number, order_id in chunk}
            for order in self._sh.orders.get_many(SELLER_ID, list(numbers)):
                for line in order.lines:
                    code = line.sku.strip().upper()
                    place = (numbers[order.order_id], order.order_id, line.line)
                    if code in wanted:
                        first.setdefault(code, place)
            self._steps.advance(len(chunk))
        known = {
            c.listing.strip().upper()
            for c in self._sh.pairing.connections(SELLER_ID, store_id=STORE_ID)
        }
        for code in plan.unconnected:
            if code not in known:
                self._quote_one(code, variants[code], *first[code])
        self._at(2, len(orders) + 1)
        self._sh.relay.run(worker=WORKER)

    def _quote_one(
        self, code: str, variant: Variant, number: int, order_id: str, line: int
    ) -> None:
        quotes = self._sh.quotes
        self._at(2, number)
        valid_until = _BEGIN + timedelta(days=60)
        request_id = quotes.ask(
            SELLER_ID, order_id, line, by=SELLER, command_id=f"ask:{code}"
        )
        quotes.answer(
            SELLER_ID,
            request_id,
            variant_id=variant.variant_id,
            tiers={1: variant.unit_minor(CURRENCY, 1)},
            valid_until=valid_until,
            by=STAFF,
            command_id=f"answer:{code}",
        )
        quotes.view(SELLER_ID, request_id, by=SELLER)
        quotes.accept(SELLER_ID, request_id, by=SELLER, command_id=f"accept:{code}")

    def _stock(self, plan: Plan, variants: Mapping[str, Variant]) -> None:
        """
        Buy cloud stock in one order, received in two receipts.
        """
        sh = self._sh
        self._at(3)
        codes = sorted(plan.stocked)
        order_id = sh.drafts.create_cloud(
            SELLER_ID,
            WAREHOUSE_ID,
            [Wanted(variants[c].variant_id, plan.stocked[c]) for c in codes],
            by=SELLER,
            number="demo-stock",
            command_id="stock:create",
        )
        sh.drafts.place(SELLER_ID, order_id, by=SELLER, command_id="stock:place")
        self._pay_list([order_id], "stock")
        self._at(3, 1)
        sh.cloud.dispatch(SELLER_ID, order_id, by=STAFF, command_id="stock:dispatch")
        halves = {f"{n}.1": plan.stocked[c] for n, c in enumerate(codes, start=1)}
        first = {name: Count(-(-units // 2)) for name, units in halves.items()}
        rest = {name: Count(units // 2) for name, units in halves.items() if units > 1}
        for number, counts in enumerate((first, rest), start=1):
            self._at(3, 1 + number)
            sh.cloud.receive(
                SELLER_ID,
                order_id,
                counts,
                by=STAFF,
                command_id=f"stock:receive:{number}",
            )

    def _pay_list(self, order_ids: Sequence[str], name: str) -> None:
        offer = self._sh.checkouts.checkout(
            SELLER_ID, order_ids, by=SELLER, command_id=f"checkout:{name}"
        )
        self._sh.checkouts.pay(
            SELLER_ID,
            offer.checkout_id,
            expected_total=offer.total_minor,
            by=SELLER,
            command_id=f"pay:{name}",
        )

    def _pay(self, numbers: Mapping[str, int], orders: list[Order], first: int) -> None:
        # A chunk is paid in one commit, so it is paid whole or not at all.
        if any(order.state == "awaiting_payment" for order in orders):
            self._pay_list(list(numbers), str(first))

    def _ship(
        self, numbers: Mapping[str, int], orders: list[Order], first: int
    ) -> None:
        del first
        fresh = [
            order.order_id
            for order in orders
            if order.state == "awaiting_shipping" and order.accepted_at is None
        ]
        _all_done(self._sh.shipping.accept(SELLER_ID, fresh, by=STAFF))
        parcels = [p for o in orders for p in _parcels(o, numbers[o.order_id])]
        _all_done(self._sh.shipping.ship_many(SELLER_ID, parcels, by=STAFF))
        self._sh.relay.run(worker=WORKER, limit=self._options.chunk)

    def _deliver(
        self, numbers: Mapping[str, int], orders: list[Order], first: int
    ) -> None:
        del numbers, first
        facts = [
            TrackingFact(
                parcel_id=mark.parcel_id,
                key="delivered",
                status=TrackingStatus.DELIVERED,
                happened_at=self._clock.now(),
            )
            for order in orders
            for mark in order.parcels
            if not mark.is_delivered
        ]
        _all_done(self._sh.tracking.record(SELLER_ID, facts, by=CARRIER))

    def _dispute(
        self, numbers: Mapping[str, int], orders: list[Order], first: int
    ) -> None:
        del first
        for order in orders:
            if numbers[order.order_id] % DISPUTE_EVERY == 0:
                self._dispute_one(order)

    def _dispute_one(self, order: Order) -> None:
        disputes, name = self._sh.disputes, order.order_id
        dispute_id = disputes.open(
            SELLER_ID,
            NewDispute(
                order_id=name,
                reason=DisputeReason.DAMAGED,
                quantities={i.item_id: i.quantity for i in order.items_of(1)},
                evidence={"description": "arrived broken", "photo": "demo:photo"},
            ),
            by=SELLER,
            command_id=f"dispute:{name}",
        )
        if disputes.get(SELLER_ID, dispute_id).state == "open":
            disputes.move(SELLER_ID, dispute_id, "take", by=STAFF)
        disputes.grant(SELLER_ID, dispute_id, by=STAFF, command_id=f"grant:{name}")


def _parcels(order: Order, number: int) -> Iterator[NewParcel]:
    """
    Give the parcels that are still to leave: one, or two for every fiftieth order.
    """
    if order.state not in ("awaiting_shipping", "partially_shipped"):
        return
    items = [(i.item_id, i.quantity) for i in order.items.values()]
    first, second = parts_of(sorted(items))
    is_split = number % SPLIT_EVERY == 0 and bool(first)
    if is_split and order.state == "awaiting_shipping":
        yield _parcel(order, number, "A", first)
    if is_split:
        yield _parcel(order, number, "B", second)
    else:
        yield _parcel(order, number, "A", dict(items))


def _parcel(
    order: Order, number: int, letter: str, quantities: Mapping[str, int]
) -> NewParcel:
    return NewParcel(
        order_id=order.order_id,
        carrier="Demo Line",
        tracking_number=f"DL{number:07d}{letter}",
        quantities=quantities,
    )


def _chunks(
    orders: Sequence[tuple[int, str]], size: int
) -> Iterator[Sequence[tuple[int, str]]]:
    for start in range(0, len(orders), size):
        yield orders[start : start + size]


def _all_done(report: BulkReport[T]) -> None:
    """
    Stop the story at the first item that failed: here none may.
    """
    for error in report.failed.values():
        raise error
