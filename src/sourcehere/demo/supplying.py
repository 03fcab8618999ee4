"""
Before the first order is paid: a shop, a catalogue, connections, quotes, stock.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from ..builtin.file_fulfilments import FulfilmentFile
from ..domain.catalog.model import NewVariant, Price, Variant
from ..domain.kernel.errors import AlreadyExistsError, InvalidInputError
from ..domain.kernel.money import Money
from ..domain.pairing.rules import MappingRule
from ..domain.pairing.supply import RuleItem
from ..ports.errors import ProviderError
from ..ports.platforms import StorePlatform
from ..services.ordering.drafts import Wanted
from ..services.pairing.asking import QuoteWish
from ..services.pairing.connections import NewConnection
from ..services.platform.catalog import NewProduct
from ..services.sending.cloud import Count
from .plan import CURRENCY, Plan, rate_card, store_config
from .stage import (
    BEGIN,
    SELLER,
    SELLER_ID,
    STAFF,
    STORE_ID,
    TOP_UP_MINOR,
    WAREHOUSE_ID,
    WORKER,
    Stage,
    all_done,
    chunks,
)


class Supplying(Stage):
    """
    Makes what the orders need.
    """

    def require_place(self) -> None:
        """
        Refuse a place where the story cannot be told, before anything is changed.

        Raises:
            InvalidInputError: If the database has other sellers, the story was begun of
                another file or for another place, or nothing can be written there.
        """
        found = (seller.seller_id for seller in self._sh.sellers.all())
        other = next((name for name in found if name != SELLER_ID), "")
        if other:
            raise InvalidInputError(
                field="db",
                value=self._sh.storage.url,
                expected=f"a database of the demo's own: it has the seller {other!r};"
                " name another one by --db, or a place in it by ?schema= or ?prefix="
                " in its URL",
            )
        self._begun()
        _require_writable(self._options.out)

    def _begun(self) -> dict[str, object]:
        """
        Return the shop's configuration, which has to be as it was when this was begun.
        """
        config = store_config(self._options.path, self._options.out)
        for known in self._sh.stores.all(SELLER_ID):
            _require_same(known.config, config)
            config = dict(known.config)
        return config

    def _connect_store(self) -> StorePlatform:
        sh, config = self._sh, self._begun()
        sh.sellers.register(SELLER_ID, name="Demo seller", currency=CURRENCY)
        sh.wallets.top_up(
            SELLER_ID,
            Money(TOP_UP_MINOR, CURRENCY),
            reference="demo-transfer",
            by=STAFF,
        )
        try:
            store = sh.stores.connect(
                SELLER_ID,
                STORE_ID,
                platform="file",
                name="Online Retail",
                config=config,
            )
        except AlreadyExistsError:
            self._begun()  # another demo has begun it meanwhile, for another place
            raise
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
                                prices=(Price(Money(row.cost_minor, CURRENCY)),),
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
            all_done(
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
        for chunk in chunks(orders, self._options.chunk):
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
        valid_until = BEGIN + timedelta(days=60)
        request_id = quotes.ask(
            SELLER_ID,
            QuoteWish(order_id=order_id, line=line),
            by=SELLER,
            command_id=f"ask:{code}",
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
        receipts = [counts for counts in (first, rest) if counts]
        for number, counts in enumerate(receipts, start=1):
            self._at(3, 1 + number)
            sh.cloud.receive(
                SELLER_ID,
                order_id,
                counts,
                by=STAFF,
                command_id=f"stock:receive:{number}",
            )


def _require_same(begun: Mapping[str, object], now: Mapping[str, object]) -> None:
    """
    Refuse to go on with a story that was begun of another file, or for another one.
    """
    for field, name in (("path", "file"), ("fulfilments_path", "out")):
        if begun[field] != now[field]:
            expected = (
                f"{begun[field]}, with which this database began, or another --db"
            )
            raise InvalidInputError(
                field=name, value=str(now[field]), expected=expected
            )


def _require_writable(out: Path) -> None:
    """
    Refuse a place where the shop cannot be told of its parcels, before any is sent.
    """
    try:
        FulfilmentFile(str(out), folder=out.anchor).check()
    except ProviderError as error:
        expected = (
            f"a file for the shop's fulfilments ({error.detail}); name one by --out"
        )
        raise InvalidInputError(
            field="out", value=str(out), expected=expected
        ) from None
