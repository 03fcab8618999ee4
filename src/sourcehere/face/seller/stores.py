"""
The seller's shops.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from ...domain.freight.choosing import ShipBy
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import check_id, check_name
from ...domain.stores.model import RejectedRow, Store
from ...domain.stores.told import AS_THE_PLATFORM_SAYS, TOLD_DAYS_MAX
from ...plugins.hookspecs import STORE_PLATFORM
from ...plugins.plain_secrets import require_references
from ...services.intake.stores import SyncReport
from ...unit.tables.stores import CHARGES_OF, REJECTED_OF, STORES_OF
from ..lists import Page, check_limit
from ..records.reports import ReconcileReport
from ..records.talk import ChargeView, StoreView, charge_of, store_of
from ..results import Report
from ..scope import PEOPLE, SYSTEM, command, reading
from .shop_cancelling import ShopCancellingDesk

_YEAR_S = 366 * 86_400
_AS_SAID = AS_THE_PLATFORM_SAYS


class StoresDesk(ShopCancellingDesk):
    """
    Connects shops, and keeps our orders in step with theirs.
    """

    @command(PEOPLE, at_desk=True)
    def connect(
        self,
        store_id: str,
        *,
        platform: str,
        config: Mapping[str, object],
        name: str = "",
        check: bool = True,
        allow_plain: bool = False,
        command_id: str = "",
    ) -> StoreView:
        """
        Connect a shop; its configuration is checked now, and nothing is read yet.

        Connecting the same shop with the same facts again changes nothing; one that was
        disconnected is connected anew, and asked at once for what waits for it.

        Args:
            store_id: What the seller calls it, such as `site`.

            platform: The name of a plugin's provider, such as `file`.

            name: As people see it; *store_id* if not given.

            check: Whether the platform tries its credentials, if it can.

            allow_plain: Keep secrets that stand in *config* as they are, instead of
                references to them.

        Raises:
            UnknownProviderError: If no plugin offers *platform*.

            ConfigError: If *config* does not fit the platform, or holds a secret.

            ProviderError: If the shop refuses the credentials, or does not answer.

            AlreadyExistsError: If the id is taken by a shop connected otherwise.
        """
        check_id("store_id", store_id)
        check_name("name", name or store_id)
        if not allow_plain:
            self._require_references(platform, config)
        store = self._app.stores.connect(
            self._seller_id,
            store_id,
            platform=platform,
            name=name or store_id,
            config=config,
            check=check,
            command_id=command_id,
        )
        return self._view(store)

    @command(PEOPLE, at_desk=True)
    def change(
        self,
        store_id: str,
        *,
        config: Mapping[str, object] | None = None,
        name: str | None = None,
        pull_every_s: int | None = None,
        told_days: int | None = None,
        ship_by: ShipBy | None = None,
        ship_within_days: int | None = None,
        check: bool = True,
        allow_plain: bool = False,
        command_id: str = "",
    ) -> StoreView:
        """
        Change a shop's connection; what is not given stays as it is.

        The next sync goes on where the last one ended; `rewind` reads from the start.

        Args:
            config: The whole configuration from now on.

            pull_every_s: Every how many seconds workers read it; 0 for never.

            told_days: For how many days is kept what it says (`told`), and what it said
                before; 0 for not at all, -1 as the platform says.

            ship_by: How its orders travel for which nobody chose a method: the cheapest
                way, as in the beginning, or the fastest.

            ship_within_days: In how many days on the way at most, if there is such a
                way; else the fastest is taken. 0 for no limit.

            check: Whether the platform tries the new configuration, if it can.

            allow_plain: Keep secrets that stand in *config* as they are, instead of
                references to them.

        Raises:
            NotFoundError: If the seller has no such shop.

            ConfigError: If *config* does not fit the platform, or holds a secret.

            ProviderError: If the shop refuses the credentials, or does not answer.

            InvalidInputError: If the interval is negative or longer than a year, or
                the days are more than there may be.
        """
        if name is not None:
            check_name("name", name)
        if pull_every_s is not None and not 0 <= pull_every_s <= _YEAR_S:
            raise InvalidInputError(
                field="pull_every_s", value=pull_every_s, expected=f"0 to {_YEAR_S}"
            )
        if told_days is not None and not _AS_SAID <= told_days <= TOLD_DAYS_MAX:
            raise InvalidInputError(
                field="told_days",
                value=told_days,
                expected=f"{_AS_SAID} to {TOLD_DAYS_MAX}",
            )
        if config is not None and not allow_plain:
            known = self._app.stores.get(self._seller_id, store_id)
            self._require_references(known.platform, config)
        every = None if pull_every_s is None else timedelta(seconds=pull_every_s)
        store = self._app.stores.change(
            self._seller_id,
            store_id,
            config=config,
            name=name,
            pull_every=every,
            told_days=told_days,
            ship_by=ship_by,
            ship_within_days=ship_within_days,
            check=check,
            command_id=command_id,
        )
        return self._view(store)

    @command(PEOPLE, SYSTEM, at_desk=True)
    def pause(self, store_id: str, *, why: str = "", command_id: str = "") -> StoreView:
        """
        Let a shop rest: nothing is read from it, and what is owed to it waits.

        Raises:
            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is disconnected.
        """
        return self._move(store_id, "pause", why, command_id)

    @command(PEOPLE, at_desk=True)
    def resume(self, store_id: str, *, command_id: str = "") -> StoreView:
        """
        Read a paused shop again, and tell it what waited.

        Raises:
            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is disconnected: connect it again.
        """
        return self._move(store_id, "resume", "", command_id)

    @command(PEOPLE, at_desk=True)
    def disconnect(
        self, store_id: str, *, why: str = "", command_id: str = ""
    ) -> StoreView:
        """
        End a connection: nothing is read from the shop or told to it any more. Its
        orders stay; `connect` with the same id takes it up again.

        Raises:
            NotFoundError: If the seller has no such shop.
        """
        return self._move(store_id, "disconnect", why, command_id)

    @command(PEOPLE, at_desk=True)
    def rewind(
        self, store_id: str, *, cursor: str = "", command_id: str = ""
    ) -> StoreView:
        """
        Let the next sync read a shop from the start; what is known changes nothing.

        Args:
            cursor: Where to start instead, in the platform's own words.

        Raises:
            NotFoundError: If the seller has no such shop.
        """
        store = self._app.stores.rewind(
            self._seller_id, store_id, cursor=cursor, command_id=command_id
        )
        return self._view(store)

    @reading()
    def check(self, store_id: str) -> bool:
        """
        Let the platform try a shop's credentials now, if it can; nothing is changed.

        Returns:
            Whether they were tried; False where the platform's plugin cannot.

        Raises:
            NotFoundError: If the seller has no such shop.

            UnknownProviderError: If no plugin offers its platform.

            ConfigError: If the configuration does not fit any more.

            ProviderError: If the shop refuses the credentials, or does not answer.
        """
        return self._app.stores.check(self._seller_id, store_id)

    def _require_references(self, platform: str, config: Mapping[str, object]) -> None:
        offers = self._app.registry.providers(STORE_PLATFORM)
        require_references(offers, platform, config, kind=STORE_PLATFORM)

    def _view(self, store: Store) -> StoreView:
        offered = self._app.registry.offers(STORE_PLATFORM, store.platform)
        return store_of(store, is_installed=offered)

    def _move(
        self, store_id: str, command: str, why: str, command_id: str
    ) -> StoreView:
        store = self._app.stores.move(
            self._seller_id, store_id, command, why=why, command_id=command_id
        )
        return self._view(store)

    @reading()
    def get(self, store_id: str) -> StoreView:
        """
        Return one shop.

        Raises:
            NotFoundError: If the seller has none of that id.
        """
        return self._view(self._app.stores.get(self._seller_id, store_id))

    @reading()
    def list(self, *, after: str = "", limit: int = 50) -> Page[StoreView]:
        """
        List the seller's shops, by id.

        Raises:
            InvalidCursorError: If *after* is no cursor of this list.
        """
        return self._mine(STORES_OF, convert=self._view, after=after, limit=limit)

    @command(PEOPLE, SYSTEM, at_desk=True, outside=True)
    def sync(
        self,
        store_id: str,
        *,
        progress: Callable[[int], None] | None = None,
        stop: Callable[[], bool] | None = None,
        command_id: str = "",
    ) -> SyncReport:
        """
        Read what the shop has to say, from where the last sync ended.

        Args:
            progress: Called with the number of orders read so far, after each page.

            stop: Asked between two pages: whether to end here. The next sync goes on.

        Raises:
            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.

            UnauthorizedError: If it refuses our credentials: then it is paused.

            ProviderError: If the shop cannot answer.
        """
        return self._app.stores.sync(
            self._seller_id,
            store_id,
            progress=progress,
            stop=stop,
            command_id=command_id,
        )

    @command(PEOPLE, SYSTEM, at_desk=True, outside=True)
    def sync_many(
        self,
        store_ids: Sequence[str] | None = None,
        *,
        progress: Callable[[int], None] | None = None,
        command_id: str = "",
    ) -> Report[SyncReport]:
        """
        Read what several shops have to say; one that cannot answer is reported, and
        the others are read all the same.

        Args:
            store_ids: Which shops; all of the seller's if not given.

            progress: Called with the number of orders of a page, after each.

        Returns:
            Shop -> what the sync brought.
        """
        report = self._app.stores.sync_many(
            self._seller_id, store_ids, progress=progress, command_id=command_id
        )
        return Report(report.done, report.failed)

    @command(PEOPLE, SYSTEM, at_desk=True, outside=True)
    def reconcile(
        self, store_id: str, *, limit: int = 100, command_id: str = ""
    ) -> ReconcileReport:
        """
        Ask a shop about the open orders that it has not told of for a day.

        What the shop has no more is cancelled, or held where it is paid.

        Args:
            limit: How many at most, from 1 to 500; those not told for the longest time
                first.

        Raises:
            NotFoundError: If the seller has no such shop.

            ProviderError: If the shop cannot answer.
        """
        check_limit(limit)
        return self._app.reconciling.reconcile(
            self._seller_id, store_id, limit=limit, command_id=command_id
        )

    @reading()
    def problems(
        self, store_id: str, *, after: str = "", limit: int = 50
    ) -> Page[RejectedRow]:
        """
        List what a shop told that became no line or no order, with the reason, until
        the shop tells it well.

        Raises:
            NotFoundError: If the seller has no such shop.

            InvalidCursorError: If *after* is no cursor of this list.
        """
        self._app.stores.get(self._seller_id, store_id)
        return self._mine(
            REJECTED_OF, store_id, 1, convert=lambda row: row, after=after, limit=limit
        )

    @reading()
    def charges(
        self, store_id: str, *, after: str = "", limit: int = 50
    ) -> Page[ChargeView]:
        """
        List a shop's own fees that stood among its orders.

        Raises:
            NotFoundError: If the seller has no such shop.

            InvalidCursorError: If *after* is no cursor of this list.
        """
        self._app.stores.get(self._seller_id, store_id)
        return self._mine(
            CHARGES_OF, store_id, convert=charge_of, after=after, limit=limit
        )
