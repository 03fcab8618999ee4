"""
Reading all shops that are due, as workers do it.
"""

from collections.abc import Callable
from datetime import timedelta

import attrs

from ...domain.kernel.clock import to_micros
from ...domain.kernel.errors import SourceHereError
from ...domain.kernel.ids import SellerId
from ...domain.kernel.values import frozen
from ...domain.stores.model import Store
from ...ports.storage import BusyError
from ...ports.waiting import one_call
from ...unit.platform_unit import PlatformUnit
from ...unit.seller_unit import SellerUnit
from ...unit.tables.stores import STORES, STORES_TO_PULL
from ..base.bulk import BulkReport, Failures, failed_earlier, kept
from ..base.commands import Given
from .stores import Stores, SyncReport

_WHY_MAX = 500
_SUBSCRIBED_FOR = timedelta(days=1)


@frozen
class _Pulled:
    """
    What a command that pulls answers.
    """

    done: tuple[tuple[str, SyncReport], ...]
    failed: Failures
    is_whole: bool = True


class Pulling(Stores):
    """
    Syncs shops of all sellers by their intervals.
    """

    def pull(
        self,
        *,
        limit: int,
        progress: Callable[[int], None] | None = None,
        stop: Callable[[], bool] | None = None,
        enough: Callable[[], bool] | None = None,
        only: str = "",
        command_id: str = "",
    ) -> BulkReport[SyncReport]:
        """
        Sync the shops that are due, longest overdue first; one that cannot answer is
        reported, and is due again after its interval.

        Any number of workers may do it: each shop is taken by one of them. Each has a
        budget of its own for waiting: one that somebody holds is reported, and is due
        still.

        Args:
            limit: How many shops at most.

            stop: Asked between two pages, and two shops: whether to end here. The shop
                in hand is due again at once.

            enough: Asked between two shops only: whether to leave the others, which
                are due still. The shop in hand is read to its end.

            only: The one shop that is synced if it is due, as `due` names it; all if
                not given.

        Returns:
            Seller and store, joined by `/` -> what the sync brought.
        """
        failed: dict[str, SourceHereError] = {}
        is_over = stop or (lambda: False)
        is_enough = enough or is_over

        def work() -> _Pulled:
            due = self._due(limit, only)
            done = self._pull_due(due, progress, is_over, is_enough, failed)
            is_whole = not is_over() and not is_enough()
            return _Pulled(tuple(done.items()), kept(failed), is_whole)

        given = Given(command_id, "pull_stores", (limit, only))
        pulled = self._once_over_for_platform(
            given, work, _Pulled, is_whole=lambda made: made.is_whole
        )
        return BulkReport(dict(pulled.done), failed or failed_earlier(pulled.failed))

    def due(self, *, limit: int) -> tuple[str, ...]:
        """
        List the shops that are due, longest overdue first: seller and store, joined by
        `/`.
        """
        return tuple(_name(store) for store in self._due(limit))

    def _due(self, limit: int, only: str = "") -> list[Store]:
        def work(unit: PlatformUnit) -> list[Store]:
            until = to_micros(unit.now)
            if not only:
                return list(unit.page(STORES_TO_PULL, 1, until=until, limit=limit))
            seller_id, _, store_id = only.partition("/")
            found = unit.get(STORES, seller_id, store_id)
            is_due = found is not None and found.is_pulled and found.pull_at <= unit.now
            return [found] if found is not None and is_due else []

        return self._units.platform(work, read_only=True)

    def _pull_due(
        self,
        due: list[Store],
        progress: Callable[[int], None] | None,
        stop: Callable[[], bool],
        is_enough: Callable[[], bool],
        failed: dict[str, SourceHereError],
    ) -> dict[str, SyncReport]:
        done: dict[str, SyncReport] = {}
        for store in due:
            if stop() or is_enough():
                break
            name = _name(store)
            with one_call():
                try:
                    read = self._pull_one(store, progress, stop, failed)
                except BusyError as error:  # who holds this shop holds no other
                    failed.setdefault(name, error)
                    continue
            if read is not None:
                done[name] = read
        return done

    def _pull_one(
        self,
        store: Store,
        progress: Callable[[int], None] | None,
        stop: Callable[[], bool],
        failed: dict[str, SourceHereError],
    ) -> SyncReport | None:
        """
        Sync a shop that this worker took; None if another did, or it cannot answer.
        """
        if not self._take(store):
            return None
        try:
            read = self.sync(
                store.seller_id, store.store_id, progress=progress, stop=stop
            )
        except SourceHereError as error:
            failed[_name(store)] = error
            self._watch.log("intake").warning(
                "not read: store=%s error=%s", _name(store), type(error).__name__
            )
            self._note(store, error)
            return None
        self._subscribe_again(store)
        return read

    def _subscribe_again(self, store: Store) -> None:
        """
        Ask a shop once a day for what its platform may have taken away; one that does
        not give it is asked with the next reading.
        """
        since = store.subscribed_at
        if since is None or since + _SUBSCRIBED_FOR > self._ports.clock.now():
            return
        try:
            self.subscribe(store.seller_id, store.store_id, store.webhook_url)
        except SourceHereError as error:
            self._watch.count("intake.subscriptions.failed", 1)
            name, kind = _name(store), type(error).__name__
            self._watch.log("intake").warning(
                "not subscribed again: store=%s error=%s", name, kind
            )

    def _take(self, store: Store) -> bool:
        """
        Move a shop's next time ahead; false where another worker did.
        """

        def work(unit: SellerUnit) -> bool:
            known = unit.get(STORES, store.store_id, lock=True)
            if known is None or not known.is_pulled or known.pull_at > unit.now:
                return False
            pull_at = unit.now + known.pull_every
            unit.put(STORES, attrs.evolve(known, pull_at=pull_at))
            return True

        return self._units.seller(SellerId(store.seller_id), work)

    def _note(self, store: Store, error: SourceHereError) -> None:
        def work(unit: SellerUnit) -> None:
            known = unit.get(STORES, store.store_id, lock=True)
            if known is not None and known.is_pulled:
                why = f"{type(error).__name__}: {error}"[:_WHY_MAX]
                unit.put(STORES, attrs.evolve(known, why=why))

        self._units.seller(SellerId(store.seller_id), work)


def _name(store: Store) -> str:
    return f"{store.seller_id}/{store.store_id}"
