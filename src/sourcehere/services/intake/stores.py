"""
Sellers' shops: connecting them, and keeping our orders in step with theirs.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import attrs

from ...domain.kernel.errors import SourceHereError
from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import frozen
from ...domain.stores.model import RejectedRow, RejectReason, Store, StoreCharge
from ...domain.stores.told import How
from ...doors.answers import Answerer
from ...doors.stores import pull
from ...ports.errors import UnauthorizedError
from ...ports.platforms import OrderPage, StorePlatform
from ...ports.waiting import one_call
from ...unit.seller_unit import SellerUnit
from ...unit.tables.stores import (
    CHARGES_OF,
    REJECTED_OF,
    STORE_CHARGES,
    STORES,
)
from ..base.asking import ask_one
from ..base.batches import unique
from ..base.bulk import BulkReport
from ..base.commands import Given
from .charges import charges_of
from .importing import Imported, Importer
from .journal import ask_for_last_heard, heard_of, keep_heard
from .pages import Pages, SyncStop
from .problems import Problems
from .sameness import Sameness
from .taking import ask_to_take

_STOPPED = {
    SyncStop.NOTHING_NEW: "not read to its end: page after page told nothing new",
    SyncStop.PAGES_MAX: "not read to its end: more pages than one sync reads",
}


@frozen
class SyncReport:
    """
    What a sync brought.

    Attributes:
        orders, lines, units: Imported now; store units.

        changed: Orders known before that the shop had changed.

        unchanged: Orders known before, as they were.

        older: Told as they were before what is known already; nothing followed.

        nothing_wanted: New orders of which we are to send nothing: cancelled, sent or
            refunded already, or without units.

        rejected: Reason -> records and orders that could not be read, trusted or
            followed, and were not known so before; `problems` lists them.

        charges: Store charges seen now for the first time.

        stopped: Why it ended though the shop had more to tell: `nothing_new` (page
            after page told what was heard in this sync already), `pages_max` (it told
            more pages than one sync reads) or `told_to_stop`. The next sync goes on
            from there. Empty where the shop was read to its end.
    """

    orders: int
    lines: int
    units: int
    changed: int
    unchanged: int
    older: int
    nothing_wanted: int
    rejected: Mapping[str, int]
    charges: int
    stopped: str = ""


class Stores(Sameness):
    """
    Connects shops and syncs them.
    """

    def sync(
        self,
        seller_id: str,
        store_id: str,
        *,
        progress: Callable[[int], None] | None = None,
        stop: Callable[[], bool] | None = None,
        command_id: str = "",
    ) -> SyncReport:
        """
        Bring our orders in step with a shop's, page by page, one commit each.

        The cursor moves only with the page it belongs to, so that a sync that was cut
        off goes on where it was; syncing again changes nothing that did not change.

        Args:
            progress: Called after each commit with the number of orders in it.

            stop: Asked between two pages: whether to end here. With a command id, such
                a sync goes on when the command is given again.

        Raises:
            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.

            UnauthorizedError: If the shop refuses our credentials: then it is paused.

            ProviderError: If the shop cannot answer.
        """
        given = Given(command_id, "sync_store", store_id)

        def work() -> SyncReport:
            try:
                return self._sync(seller_id, store_id, progress, stop)
            except UnauthorizedError as error:
                self.pause_unauthorized(self.get(seller_id, store_id), error)
                raise

        with one_call():
            return self._once_over(
                SellerId(seller_id), given, work, SyncReport, is_whole=_was_not_stopped
            )

    def sync_many(
        self,
        seller_id: str,
        store_ids: Sequence[str] | None,
        *,
        progress: Callable[[int], None] | None = None,
        command_id: str = "",
    ) -> BulkReport[SyncReport]:
        """
        Sync several shops, or all; one that cannot answer is reported, the rest go on.

        Each has a budget of its own for waiting, so that one that somebody holds keeps
        no other from being read.

        With a command id each shop answers as it did the first time it could.
        """
        names = store_ids
        if names is None:
            names = [str(store.store_id) for store in self.all(seller_id)]
        done: dict[str, SyncReport] = {}
        failed: dict[str, SourceHereError] = {}
        for name in unique(names):
            own_id = f"{command_id}:{name}" if command_id else ""
            try:
                done[name] = self.sync(
                    seller_id, name, progress=progress, command_id=own_id
                )
            except SourceHereError as error:
                failed[name] = error
        return BulkReport(done, failed)

    def _sync(
        self,
        seller_id: str,
        store_id: str,
        progress: Callable[[int], None] | None,
        stop: Callable[[], bool] | None,
    ) -> SyncReport:
        store, platform = self.active(seller_id, store_id)
        name = self.named(store, platform)
        same = self.told_the_same(store, name)
        if same is None:
            return self._read_on(store, platform, name, progress, stop)
        if progress is not None:
            progress(same)
        imported = Imported(unchanged=same)
        self._tell(store, imported, {})
        return _report(imported, {}, 0)

    def _read_on(
        self,
        store: Store,
        platform: StorePlatform,
        name: str,
        progress: Callable[[int], None] | None,
        stop: Callable[[], bool] | None,
    ) -> SyncReport:
        told = self.answerer(store)
        imported, rejected, charges = Imported(), dict[str, int](), 0
        cursors, pages = {store.cursor}, Pages(self._settings, stop)
        while True:
            page = self._pull(platform, told, store.cursor, cursors)
            taken = self._commit(store, page)
            if taken is None:  # somebody else has read on meanwhile: so from there
                store, platform = self.active(store.seller_id, store.store_id)
                cursors, name = {store.cursor}, ""
                stopped = pages.stop_asking()
                if stopped is None:
                    continue
            else:
                store, brought, rows, paid = taken
                stopped = pages.stop_after(page)
                imported += brought
                charges += paid
                skipped = brought.older or brought.unreadable
                if skipped or _not_trusted(page, (), ()):
                    name = ""  # told again, it is looked at again
                for row in rows:
                    rejected[row.reason] = rejected.get(row.reason, 0) + 1
                if progress is not None:
                    progress(len(page.orders))
            if stopped is not None:
                self._stay(store, stopped)
            if stopped is not None or not page.has_more:
                if stopped is None and name and self.named(store, platform) == name:
                    self.keep_name(store, name, imported.told)
                self._tell(store, imported, rejected)
                return _report(imported, rejected, charges, stopped)

    def _stay(self, store: Store, stopped: SyncStop) -> None:
        """
        Keep that a shop was not read to its end: when it is read on, and why not now.
        """

        def work(unit: SellerUnit) -> None:
            known = unit.need(STORES, store.store_id, lock=True)
            if stopped is SyncStop.TOLD_TO_STOP:
                unit.put(STORES, attrs.evolve(known, pull_at=unit.now))
                return
            pull_at, why = unit.now + known.pull_every, _STOPPED[stopped]
            unit.put(STORES, attrs.evolve(known, pull_at=pull_at, why=why))

        self._units.seller(store.seller_id, work)
        shop = f"{store.seller_id}/{store.store_id}"
        self._watch.count("intake.syncs.stopped", 1)
        self._watch.log("intake").warning(
            "not read to its end: store=%s stopped=%s", shop, stopped.value
        )

    def _tell(
        self, store: Store, imported: Imported, rejected: Mapping[str, int]
    ) -> None:
        shop = f"{store.seller_id}/{store.store_id}"
        log, count = self._watch.log("intake"), self._watch.count
        count("intake.orders.imported", imported.orders)
        count("intake.orders.changed", imported.changed)
        count("intake.problems.found", sum(rejected.values()))
        log.info(
            "store read: store=%s orders=%d changed=%d unchanged=%d older=%d",
            shop,
            imported.orders,
            imported.changed,
            imported.unchanged,
            imported.older,
        )
        for reason, number in sorted(rejected.items()):
            log.warning(
                "set aside: store=%s reason=%s records=%d", shop, reason, number
            )

    def _pull(
        self, platform: StorePlatform, told: Answerer, cursor: str, known: set[str]
    ) -> OrderPage:
        """
        Read a page that can be trusted; *known* are the cursors of this sync so far.
        """
        limit, within = self._settings.chunk, self._settings.pull_within
        page = ask_one(
            told, lambda: pull(told, platform, cursor, limit=limit), within=within
        )
        if page.has_more and page.cursor in known:
            told.refuse(
                "cursor", page.cursor, "another one than before, with more to come"
            )
        known.add(page.cursor)
        return page

    def _commit(
        self, store: Store, page: OrderPage
    ) -> tuple[Store, Imported, list[RejectedRow], int] | None:
        """
        Take a page in; None where another answer of the shop was, since it was asked.
        """

        def work(
            unit: SellerUnit,
        ) -> tuple[Store, Imported, list[RejectedRow], int] | None:
            unit.ask_for_seller()
            take = ask_to_take(unit, store, is_news=_is_news(store, page))
            problems = Problems(unit, store, page.orders)
            pay_within = self._settings.pay_within
            importer = Importer(unit, store, page.orders, pay_within=pay_within)
            last = ask_for_last_heard(unit, store, self._settings)
            known = take()
            if known is None:
                return None
            brought = importer.run(mended=problems.mended(page.rejects))
            rows = problems.note((*page.rejects, *importer.set_aside))
            well = {order.external_id for order in page.orders}
            importer.distrust(_not_trusted(page, well, rows))
            importer.follow_notes(_named_by_notes(page, rows))
            charges = unit.insert_new(
                STORE_CHARGES, charges_of(unit, store, page.charges)
            )
            read = attrs.evolve(known, cursor=page.cursor)
            if not page.has_more:
                pull_at = unit.now + known.pull_every
                read = attrs.evolve(read, pulled_at=unit.now, pull_at=pull_at, why="")
            unit.put(STORES, read)
            if page.orders or page.rejects or page.charges:
                heard = heard_of(
                    How.PAGE,
                    asked=[store.cursor],
                    orders=page.orders,
                    rejects=page.rejects,
                    charges=page.charges,
                    raw=page.raw or "",
                    texts=importer.texts,
                )
                keep_heard(unit, known, heard, self._settings, last)
            return read, brought, rows, len(charges)

        return self._units.seller(store.seller_id, work)

    def rejected_rows(self, seller_id: str, store_id: str) -> tuple[RejectedRow, ...]:
        """
        List what became no line or no order and is still so, by record number.
        """
        return self._read(
            SellerId(seller_id),
            lambda unit: tuple(unit.each(REJECTED_OF, store_id, 1)),
        )

    def charges(self, seller_id: str, store_id: str) -> tuple[StoreCharge, ...]:
        """
        List the fees a shop's orders carried, by record number.
        """
        return self._read(
            SellerId(seller_id), lambda unit: tuple(unit.each(CHARGES_OF, store_id))
        )


def _report(
    imported: Imported,
    rejected: Mapping[str, int],
    charges: int,
    stopped: SyncStop | None = None,
) -> SyncReport:
    return SyncReport(
        orders=imported.orders,
        lines=imported.lines,
        units=imported.units,
        changed=imported.changed,
        unchanged=imported.unchanged,
        older=imported.older,
        nothing_wanted=imported.nothing_wanted,
        rejected=rejected,
        charges=charges,
        stopped="" if stopped is None else stopped.value,
    )


def _was_not_stopped(report: SyncReport) -> bool:
    return report.stopped != SyncStop.TOLD_TO_STOP


def _is_news(store: Store, page: OrderPage) -> bool:
    told = page.orders or page.rejects or page.charges
    return bool(told) or page.cursor != store.cursor


def _named_by_notes(page: OrderPage, fresh: Sequence[RejectedRow]) -> list[str]:
    """
    List the orders that cancellation notes name which were not known yet: what was
    decided about an older note stands.
    """
    notes = {row.external_id for row in fresh}
    return [r.about for r in page.rejects if r.about and r.external_id in notes]


def _not_trusted(
    page: OrderPage, well: Collection[str], fresh: Sequence[RejectedRow]
) -> dict[str, str]:
    """
    Return what is wrong with each order that is not told well: that it cannot be
    trusted, or has no line that can be read, which was not so before. What was decided
    about the latter stands.
    """
    lost = {
        row.external_id for row in fresh if row.reason == RejectReason.NO_PRODUCT_LINES
    }
    return {
        reject.external_id: reject.detail
        for reject in page.rejects
        if reject.external_id not in well
        and (reject.reason == RejectReason.NOT_TRUSTED or reject.external_id in lost)
    }
