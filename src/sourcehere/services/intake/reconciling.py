"""
Asking a shop about the orders that it has not told of for a while.

A shop that tells what changed does not tell what it deleted, and may forget to tell.
Whatever is open here and was not told for a day is asked for, one order at a time.
"""

from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import frozen
from ...domain.orders.tabs import Tab
from ...domain.stores.model import Store
from ...domain.stores.record import StoreOrderRecord
from ...unit.seller_unit import SellerUnit
from ...unit.tables.orders import ORDERS_BY_STORE_TAB
from ...unit.tables.stores import STORE_ORDERS
from ..base.commands import Given
from .fetching import Fetching

# Where orders that can still change are found.
_OPEN_TABS = tuple(
    tab.value
    for tab in (
        Tab.UNRECOGNIZED,
        Tab.AWAITING_PAYMENT,
        Tab.AWAITING_SHIPPING,
        Tab.OTHER,
        Tab.ABNORMAL,
    )
)


@frozen
class ReconcileReport:
    """
    What a shop answered of the orders it had not told of for a while.

    Attributes:
        asked: Orders that were asked for.

        changed: Those that the shop had changed.

        gone: Those that the shop has no more: cancelled here, or held where paid.

        unknown: Those of which the shop cannot say whether it has them.

        rejected: Those that it told so that they cannot be trusted, or that cannot be
            followed, as `stores.problems` says.

        left: Open orders that wait to be asked for, beyond the limit.
    """

    asked: int
    changed: int
    gone: int
    unknown: int
    rejected: int
    left: int


class Reconciling(Fetching):
    """
    Asks shops about orders one by one.
    """

    def reconcile(
        self, seller_id: str, store_id: str, *, limit: int, command_id: str = ""
    ) -> ReconcileReport:
        """
        Ask a shop about the open orders that it has not told of for a day.

        Args:
            limit: How many, those not told for the longest time first.

        Raises:
            NotFoundError: If the seller has no such shop.

            ProviderError: If the shop cannot answer.
        """
        owner = SellerId(seller_id)
        given = Given(command_id, "reconcile_store", (store_id, limit))
        return self._once_over(
            owner,
            given,
            lambda: self._reconcile(owner, store_id, limit),
            ReconcileReport,
        )

    def _reconcile(self, owner: SellerId, store_id: str, limit: int) -> ReconcileReport:
        store, platform = self.active(owner, store_id)
        told = self.answerer(store)
        silent = self._read(owner, lambda unit: self._silent(unit, store))
        names = [record.external_id for record in silent]
        changed = gone = unknown = rejected = 0
        for part in self._parts(names[:limit]):
            answers = self.ask_about(platform, told, part)
            taken = self.take_in(store, answers)
            while taken is None:  # it told something else meanwhile, maybe newer
                store, platform = self.active(owner, store_id)
                answers = self.ask_about(platform, told, part)
                taken = self.take_in(store, answers)
            store, brought = taken
            changed += brought.changed
            gone += len(answers.gone)
            unknown += len(answers.unknown)
            rejected += len(answers.rejects) + brought.unreadable
        asked = min(limit, len(names))
        return ReconcileReport(
            asked, changed, gone, unknown, rejected, len(names) - asked
        )

    def _silent(self, unit: SellerUnit, store: Store) -> list[StoreOrderRecord]:
        """
        List what is known of open orders not told for a while, the longest first.
        """
        names = {
            order.external_id
            for tab in _OPEN_TABS
            for order in unit.each(ORDERS_BY_STORE_TAB, store.store_id, tab)
        }
        keys = [(store.store_id, name) for name in sorted(names)]
        before = unit.now - self._settings.told_within
        found = [r for r in unit.many(STORE_ORDERS, keys) if r.seen_at <= before]
        return sorted(found, key=lambda record: record.seen_at)
