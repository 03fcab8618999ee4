"""
Asking a shop about the orders that it has not told of for a while.

A shop that tells what changed does not tell what it deleted, and may forget to tell.
Whatever is open here and was not told for a day is asked for, one order at a time.
"""

from collections.abc import Sequence

from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import frozen
from ...domain.orders.tabs import Tab
from ...domain.stores.model import Reject, Store, StoreOrderSnapshot
from ...domain.stores.record import StoreOrderRecord
from ...doors.answers import Answerer
from ...doors.stores import checked_fetch, set_aside_fetch
from ...ports.errors import DeclinedError, ProtocolError
from ...ports.platforms import StorePlatform
from ...unit.seller_unit import SellerUnit
from ...unit.tables.orders import ORDERS_BY_STORE_TAB
from ...unit.tables.stores import STORE_ORDERS, STORES
from ..base.commands import Given
from .connections_of_stores import StoreConnections, take_answer
from .importing import Imported, Importer
from .problems import end_problems, note_problems

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

        rejected: Those that it told so that they cannot be trusted.

        left: Open orders that wait to be asked for, beyond the limit.
    """

    asked: int
    changed: int
    gone: int
    unknown: int
    rejected: int
    left: int


@frozen
class _Answers:
    found: tuple[StoreOrderSnapshot, ...]
    gone: tuple[str, ...]
    unknown: tuple[str, ...]
    rejects: tuple[Reject, ...]


class Reconciling(StoreConnections):
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
        told = Answerer(store.platform, store.store_id)
        silent = self._read(owner, lambda unit: self._silent(unit, store))
        names = [record.external_id for record in silent]
        changed = gone = unknown = rejected = 0
        for part in self._parts(names[:limit]):
            answers = _ask(platform, told, part)
            taken = self._commit(store, answers)
            while taken is None:  # it told something else meanwhile, maybe newer
                store, platform = self.active(owner, store_id)
                answers = _ask(platform, told, part)
                taken = self._commit(store, answers)
            store, brought = taken
            changed += brought.changed
            gone += len(answers.gone)
            unknown += len(answers.unknown)
            rejected += len(answers.rejects)
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

    def _commit(self, store: Store, answers: _Answers) -> tuple[Store, Imported] | None:
        """
        Take answers in; None where another was, since the shop was asked.
        """

        def work(unit: SellerUnit) -> tuple[Store, Imported] | None:
            known = take_answer(unit, store, is_news=True)
            if known is None:
                return None
            unit.put(STORES, known)
            importer = Importer(unit, store, pay_within=self._settings.pay_within)
            names = [order.external_id for order in answers.found]
            mended = end_problems(unit, store, names, answers.rejects)
            brought = importer.run(answers.found, mended=mended)
            importer.follow_gone(answers.gone)
            importer.see(answers.unknown)
            importer.distrust({r.external_id: r.detail for r in answers.rejects})
            note_problems(unit, store, answers.rejects)
            return known, brought

        return self._units.seller(store.seller_id, work)


def _ask(platform: StorePlatform, told: Answerer, names: Sequence[str]) -> _Answers:
    found: list[StoreOrderSnapshot] = []
    gone: list[str] = []
    unknown: list[str] = []
    rejects: list[Reject] = []
    for name in names:
        try:
            answer = platform.fetch_order(name)
            order = checked_fetch(told, name, answer)
        except DeclinedError:
            unknown.append(name)
        except ProtocolError as error:
            rejects.append(set_aside_fetch(name, error))
        else:
            if order is None:
                gone.append(name)
            else:
                found.append(order)
    return _Answers(tuple(found), tuple(gone), tuple(unknown), tuple(rejects))
