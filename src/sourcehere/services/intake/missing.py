"""
Open orders that a shop's own list of its orders does not have.

A shop that offers its orders as a file may have left out some days, or deleted orders:
from the file alone nobody can tell. So nothing follows from it until a person says that
the list is whole. Then what is not paid is held, and a person decides about each.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

import attrs

from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import frozen
from ...domain.orders.holds import HoldReason
from ...domain.orders.machine import AWAITING_PAYMENT, UNPAID_STATES, UNRECOGNIZED
from ...domain.orders.order import Order
from ...domain.orders.tabs import Tab
from ...domain.stores.errors import NamesUnsupportedError
from ...domain.stores.model import Store
from ...doors.stores import checked_names
from ...ports.platforms import SupportsOrderNames
from ...unit.seller_unit import SellerUnit
from ...unit.tables.orders import ORDERS_BY_STORE_TAB
from ...unit.tables.stores import STORE_ORDERS, STORES
from ..base.asking import ask_one
from ..base.commands import Given
from .connections_of_stores import StoreConnections
from .parting import lock_records
from .taking import take_answer
from .writing import OrderWriter, has_hold

_OPEN_TABS = (
    Tab.UNRECOGNIZED,
    Tab.AWAITING_PAYMENT,
    Tab.AWAITING_SHIPPING,
    Tab.ABNORMAL,
)
_UNPAID = frozenset({UNRECOGNIZED, AWAITING_PAYMENT})  # and not set aside
_SHOWN = 20
_DETAIL = (
    "the shop's list of all its orders does not have it: cancel it, or confirm it to"
    " sell it all the same"
)


@frozen
class MissingReport:
    """
    Open orders that a shop's list does not have.

    Attributes:
        unpaid: Those of which nothing is paid here, and nobody has decided.

        held: Those that were held for it, now or before, be they released since.

        paid: Those that are paid here and have not ended. They go on.

        numbers: Of the unpaid ones, or of those that are held now; the first twenty.

        placed_from, placed_to: When the first and the last of them were placed.
    """

    unpaid: int
    held: int
    paid: int
    numbers: tuple[str, ...] = ()
    placed_from: datetime | None = None
    placed_to: datetime | None = None


@frozen
class _Found:
    unpaid: Sequence[Order]
    held: int
    paid: int

    def report(self, about: Sequence[Order]) -> MissingReport:
        times = [order.placed_at for order in about if order.placed_at]
        numbers = dict.fromkeys(order.number for order in about)
        return MissingReport(
            unpaid=len(self.unpaid),
            held=self.held,
            paid=self.paid,
            numbers=tuple(numbers)[:_SHOWN],
            placed_from=min(times, default=None),
            placed_to=max(times, default=None),
        )


class MissingOrders(StoreConnections):
    """
    Finds orders that shops do not list, and holds them.
    """

    def find(
        self,
        seller_id: str,
        store_id: str,
        *,
        config: Mapping[str, object] | None = None,
    ) -> MissingReport:
        """
        Say which open orders a shop does not list; nothing follows from it.

        Args:
            config: Look by this configuration instead of the shop's.

        Raises:
            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.

            NamesUnsupportedError: If its platform does not list its orders.

            ProviderError: If the shop cannot answer.
        """
        store, names = self._names(seller_id, store_id, config)
        look = partial(_missing, store=store, names=names)
        found = self._read(store.seller_id, look)
        return found.report(found.unpaid)

    def hold(
        self, seller_id: str, store_id: str, *, command_id: str = ""
    ) -> MissingReport:
        """
        Hold the unpaid orders that a shop does not list, because its list is whole.

        Each is held once: what a person decides about it stands, until the shop tells
        it again.

        Raises:
            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.

            NamesUnsupportedError: If its platform does not list its orders.

            ProviderError: If the shop cannot answer.
        """
        owner = SellerId(seller_id)
        given = Given(command_id, "hold_missing_orders", store_id)
        return self._once_over(
            owner, given, lambda: self._hold(owner, store_id), MissingReport
        )

    def _hold(self, owner: SellerId, store_id: str) -> MissingReport:
        store, names = self._names(owner, store_id)
        found = self._read(owner, partial(_missing, store=store, names=names))
        held: list[Order] = []
        for part in self._parts([order.order_id for order in found.unpaid]):
            work = partial(self._hold_part, store, names, part)
            done = self._units.seller(owner, work)
            while done is None:  # the shop told something else meanwhile
                store, names = self._names(owner, store_id)
                work = partial(self._hold_part, store, names, part)
                done = self._units.seller(owner, work)
            store = done[0]
            held += done[1]
        look = partial(_missing, store=store, names=names)
        return self._read(owner, look).report(held)

    def _hold_part(
        self,
        store: Store,
        names: Collection[str],
        part: Sequence[str],
        unit: SellerUnit,
    ) -> tuple[Store, list[Order]] | None:
        known = take_answer(unit, store, is_news=True)
        if known is None:
            return None
        unit.put(STORES, known)
        pay_within = self._settings.pay_within
        writer = OrderWriter(unit, store, {}, pay_within=pay_within)
        records = lock_records(unit, part)
        held = [
            order
            for order in unit.orders.load(part)
            if order.state in _UNPAID and order.external_id not in names
        ]
        for order in held:
            if not has_hold(order, HoldReason.STORE_DATA):
                writer.hold(order, HoldReason.STORE_DATA, _DETAIL)
        missing = {(order.store_id, order.external_id) for order in held}
        # Told again, they are looked at anew, and the hold ends.
        gone = [
            attrs.evolve(records[key], is_missing=True, fingerprint="")
            for key in sorted(missing)
        ]
        unit.put(STORE_ORDERS, *gone)
        return known, held

    def _names(
        self,
        seller_id: str,
        store_id: str,
        config: Mapping[str, object] | None = None,
    ) -> tuple[Store, Collection[str]]:
        store, platform = self.active(seller_id, store_id)
        if config is not None:
            providers = self._ports.providers.owned_by(store.seller_id)
            platform = providers.store_platform(store.platform, config, connection="")
        if not isinstance(platform, SupportsOrderNames):
            raise NamesUnsupportedError(store_id=store_id, platform=store.platform)
        told = self.answerer(store)

        def ask() -> Collection[str]:
            return checked_names(told, told.ask(platform.order_names))

        return store, ask_one(told, ask, within=self._settings.pull_within)


def _missing(unit: SellerUnit, *, store: Store, names: Collection[str]) -> _Found:
    orders = [
        order
        for tab in _OPEN_TABS
        for order in unit.each(ORDERS_BY_STORE_TAB, store.store_id, tab.value)
        if order.external_id not in names
    ]
    keys = [(store.store_id, key) for key in sorted({o.external_id for o in orders})]
    decided = {r.external_id for r in unit.many(STORE_ORDERS, keys) if r.is_missing}
    unpaid = [order for order in orders if order.state in _UNPAID]
    asked = [order for order in unpaid if order.external_id not in decided]
    paid = sum(order.state not in UNPAID_STATES for order in orders)
    return _Found(asked, len(unpaid) - len(asked), paid)
