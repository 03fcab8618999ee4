"""
Sellers' shops: connecting them, and keeping our orders in step with theirs.
"""

from collections.abc import Callable, Mapping

import attrs

from ...domain.kernel.errors import AlreadyExistsError
from ...domain.kernel.ids import SellerId, StoreId
from ...domain.stores.model import RejectedRow, Store, StoreCharge
from ...ports.platforms import OrderPage, StorePlatform
from ...unit.seller_unit import SellerUnit
from ...unit.tables.stores import (
    CHARGES_OF,
    REJECTED_OF,
    REJECTED_ROWS,
    STORE_CHARGES,
    STORES,
    STORES_OF,
)
from ..base.commands import Given
from ..base.service import Service
from .importing import Imported, Importer


@attrs.frozen
class SyncReport:
    """
    What a sync brought.

    Attributes:
        orders, lines, units: Imported now; store units.

        changed: Orders known before that the shop had changed.

        unchanged: Orders known before, as they were.

        rejected: Reason -> records rejected now for the first time.

        charges: Store charges seen now for the first time.
    """

    orders: int
    lines: int
    units: int
    changed: int
    unchanged: int
    rejected: Mapping[str, int]
    charges: int


class Stores(Service):
    """
    Connects shops and syncs them.
    """

    def connect(
        self,
        seller_id: str,
        store_id: str,
        *,
        platform: str,
        name: str,
        config: Mapping[str, object],
        command_id: str = "",
    ) -> Store:
        """
        Connect a shop; the configuration is checked now, nothing is read yet.

        Connecting the same shop with the same facts again changes nothing.

        Raises:
            UnknownProviderError: If no plugin offers *platform*.

            ConfigError: If *config* does not fit the platform.

            AlreadyExistsError: If the id is taken by a shop connected otherwise.
        """
        self._ports.providers.store_platform(platform, config)

        def work(unit: SellerUnit) -> Store:
            known = unit.get(STORES, store_id)
            if known is not None:
                if (known.platform, known.config) != (platform, dict(config)):
                    raise AlreadyExistsError(kind="store", key=store_id)
                return known
            store = Store(
                seller_id=unit.seller.seller_id,
                store_id=StoreId(store_id),
                platform=platform,
                name=name,
                config=dict(config),
                cursor="",
                connected_at=unit.now,
            )
            unit.insert(STORES, store)
            return store

        request = (store_id, platform, name, sorted(config.items()))
        given = Given(command_id, "connect_store", request)
        return self._once(SellerId(seller_id), given, work, Store)

    def get(self, seller_id: str, store_id: str) -> Store:
        """
        Return a shop.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self._read(SellerId(seller_id), lambda unit: unit.need(STORES, store_id))

    def all(self, seller_id: str) -> tuple[Store, ...]:
        """
        List a seller's shops, by id.
        """
        return self._read(SellerId(seller_id), lambda unit: tuple(unit.each(STORES_OF)))

    def platform_of(self, store: Store) -> StorePlatform:
        """
        Make the provider of a shop.

        Raises:
            UnknownProviderError: If its plugin is gone.
        """
        return self._ports.providers.store_platform(store.platform, store.config)

    def sync(
        self,
        seller_id: str,
        store_id: str,
        *,
        progress: Callable[[int], None] | None = None,
        command_id: str = "",
    ) -> SyncReport:
        """
        Bring our orders in step with a shop's, page by page, one commit each.

        The cursor moves only with the page it belongs to, so that a sync that was cut
        off goes on where it was; syncing again changes nothing that did not change.

        Args:
            progress: Called after each commit with the number of orders in it.

        Raises:
            NotFoundError: If the seller has no such shop.

            ProviderError: If the shop cannot answer.
        """
        return self._once_over(
            SellerId(seller_id),
            Given(command_id, "sync_store", store_id),
            lambda: self._sync(seller_id, store_id, progress),
            SyncReport,
        )

    def _sync(
        self,
        seller_id: str,
        store_id: str,
        progress: Callable[[int], None] | None,
    ) -> SyncReport:
        store = self.get(seller_id, store_id)
        platform = self.platform_of(store)
        imported, rejected, charges = Imported(), dict[str, int](), 0
        while True:
            page = platform.pull_orders(store.cursor, limit=self._settings.chunk)
            brought, rows, paid = self._commit(store, page)
            store = attrs.evolve(store, cursor=page.cursor)
            imported += brought
            charges += paid
            for row in rows:
                rejected[row.reason] = rejected.get(row.reason, 0) + 1
            if progress is not None:
                progress(len(page.orders))
            if not page.has_more:
                return SyncReport(
                    orders=imported.orders,
                    lines=imported.lines,
                    units=imported.units,
                    changed=imported.changed,
                    unchanged=imported.unchanged,
                    rejected=rejected,
                    charges=charges,
                )

    def _commit(
        self, store: Store, page: OrderPage
    ) -> tuple[Imported, list[RejectedRow], int]:
        def work(unit: SellerUnit) -> tuple[Imported, list[RejectedRow], int]:
            known = unit.need(STORES, store.store_id, lock=True)
            importer = Importer(unit, store, pay_within=self._settings.pay_within)
            brought = importer.run(page.orders)
            rows = unit.insert_new(REJECTED_ROWS, _rejected(unit, store, page))
            charges = unit.insert_new(STORE_CHARGES, _charges(unit, store, page))
            unit.put(STORES, attrs.evolve(known, cursor=page.cursor))
            return brought, rows, len(charges)

        return self._units.seller(store.seller_id, work)

    def rejected_rows(self, seller_id: str, store_id: str) -> tuple[RejectedRow, ...]:
        """
        List the records that became no line, by record number.
        """
        return self._read(
            SellerId(seller_id),
            lambda unit: tuple(unit.each(REJECTED_OF, store_id)),
        )

    def charges(self, seller_id: str, store_id: str) -> tuple[StoreCharge, ...]:
        """
        List the fees a shop's orders carried, by record number.
        """
        return self._read(
            SellerId(seller_id), lambda unit: tuple(unit.each(CHARGES_OF, store_id))
        )


def _rejected(unit: SellerUnit, store: Store, page: OrderPage) -> list[RejectedRow]:
    return [
        RejectedRow(
            seller_id=store.seller_id,
            store_id=store.store_id,
            row=reject.row,
            reason=reject.reason.value,
            external_id=reject.external_id,
            detail=reject.detail,
            seen_at=unit.now,
        )
        for reject in page.rejects
    ]


def _charges(unit: SellerUnit, store: Store, page: OrderPage) -> list[StoreCharge]:
    return [
        StoreCharge(
            seller_id=store.seller_id,
            store_id=store.store_id,
            row=charge.row,
            external_id=charge.external_id,
            code=charge.code,
            currency=charge.currency,
            amount_minor=charge.amount_minor,
            amount_text=charge.amount_text,
            seen_at=unit.now,
        )
        for charge in page.charges
    ]
