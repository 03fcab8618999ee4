"""
A shop's connection: made, changed, paused, taken up again, ended, read from the start.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import attrs

from ...domain.freight.choosing import ShipBy, ShippingRule
from ...domain.kernel.connections import (
    ACTIVE,
    DISCONNECTED,
    NEW,
    ConnectionChart,
    rested,
)
from ...domain.kernel.errors import AlreadyExistsError
from ...domain.kernel.ids import SellerId, StoreId
from ...domain.stores.errors import PreviewUnsupportedError, StoreRestsError
from ...domain.stores.model import Store
from ...doors.answers import Answerer
from ...ports.errors import UnauthorizedError
from ...ports.platforms import StorePlatform, StorePreview, SupportsPreview
from ...unit.seller_unit import SellerUnit
from ...unit.tables.stores import STORES, STORES_OF
from ..base.asking import ask_one, check_credentials
from ..base.commands import Given
from ..base.service import Service
from ..base.waking import wake
from .journal import count_days_anew


class StoreConnections(Service):
    """
    Connects shops, and changes and ends their connections.
    """

    def connect(
        self,
        seller_id: str,
        store_id: str,
        *,
        platform: str,
        name: str,
        config: Mapping[str, object],
        check: bool = True,
        command_id: str = "",
    ) -> Store:
        """
        Connect a shop; the configuration is checked now, nothing is read yet.

        Connecting the same shop with the same facts again changes nothing; one that was
        disconnected is connected anew, and asked at once for what waits for it.

        Args:
            check: Whether the platform tries its credentials, if it can.

        Raises:
            UnknownProviderError: If no plugin offers *platform*.

            ConfigError: If *config* does not fit the platform.

            ProviderError: If the shop refuses the credentials, or does not answer.

            AlreadyExistsError: If the id is taken by a shop connected otherwise.
        """
        owner = SellerId(seller_id)
        self._try(owner, store_id, platform, config, check=check)
        came_back: list[str] = []

        def work(unit: SellerUnit) -> str:
            came_back.clear()  # it may be done once more
            known = unit.get(STORES, store_id, lock=True)
            if known is not None and ConnectionChart.allows(known.state, "connect"):
                state = ConnectionChart.after(known.state, "connect")
                again = attrs.evolve(
                    known,
                    platform=platform,
                    name=name,
                    config=dict(config),
                    state=state,
                    why="",
                )
                unit.put(STORES, again)
                came_back.append(store_id)
            elif known is None:
                store = Store(
                    seller_id=unit.seller.seller_id,
                    store_id=StoreId(store_id),
                    platform=platform,
                    name=name,
                    config=dict(config),
                    cursor="",
                    connected_at=unit.now,
                    state=ConnectionChart.after(NEW, "connect"),
                    pull_at=unit.now,
                )
                unit.insert(STORES, store)
            elif (known.platform, known.config) != (platform, dict(config)):
                raise AlreadyExistsError(kind="store", key=store_id)
            return store_id

        request = (store_id, platform, name, sorted(config.items()), check)
        given = Given(command_id, "connect_store", request)
        self._once(owner, given, work, str)
        if came_back:
            wake(self._units, f"{owner}/{store_id}")  # what waited for it is due
        return self.get(seller_id, store_id)

    def preview(
        self, seller_id: str, platform: str, config: Mapping[str, object]
    ) -> StorePreview:
        """
        Look at what a shop would tell; nothing is connected, and nothing is kept.

        Raises:
            UnknownProviderError: If no plugin offers *platform*.

            ConfigError: If *config* does not fit the platform.

            PreviewUnsupportedError: If it cannot be looked at beforehand.

            ProviderError: If the shop does not answer.
        """
        providers = self._ports.providers.owned_by(SellerId(seller_id))
        made = providers.store_platform(platform, config, connection="")
        if not isinstance(made, SupportsPreview):
            raise PreviewUnsupportedError(platform=platform)
        told = Answerer(platform, "", self._ports.providers.is_local(platform))

        def ask() -> StorePreview:
            found = told.ask(made.preview)
            told.check(StorePreview, "preview", found)
            return found

        return ask_one(told, ask, within=self._settings.pull_within)

    def change(
        self,
        seller_id: str,
        store_id: str,
        *,
        config: Mapping[str, object] | None = None,
        name: str | None = None,
        pull_every: timedelta | None = None,
        told_days: int | None = None,
        ship_by: ShipBy | None = None,
        ship_within_days: int | None = None,
        check: bool = True,
        command_id: str = "",
    ) -> Store:
        """
        Change a shop's connection; what is not given stays as it is.

        The next sync goes on where the last one ended: `rewind` reads from the start.

        Args:
            pull_every: How often workers read it; zero for never.

            told_days: For how many days is kept what it says, also what it said before;
                0 for not at all, -1 as the platform says.

            ship_by, ship_within_days: How its orders travel for which nobody chose a
                method; zero days for no limit.

            check: Whether the platform tries the new configuration, if it can.

        Raises:
            NotFoundError: If the seller has no such shop.

            ConfigError: If *config* does not fit the platform.

            ProviderError: If the shop refuses the credentials, or does not answer.

            InvalidInputError: If the days are negative, or more than a thousand.
        """
        owner = SellerId(seller_id)
        if config is not None:
            known = self.get(seller_id, store_id)
            self._try(owner, store_id, known.platform, config, check=check)

        def work(unit: SellerUnit) -> str:
            store = unit.need(STORES, store_id, lock=True)
            every = store.pull_every if pull_every is None else pull_every
            seconds = int(every.total_seconds())
            changed = attrs.evolve(
                store,
                config=store.config if config is None else dict(config),
                name=store.name if name is None else name,
                pull_every_s=seconds,
                pull_at=min(store.pull_at, unit.now + every),
                told_days=store.told_days if told_days is None else told_days,
                ship_by=store.ship_by if ship_by is None else ship_by.value,
                ship_within_days=(
                    store.ship_within_days
                    if ship_within_days is None
                    else ship_within_days
                ),
            )
            ShippingRule(ShipBy(changed.ship_by), changed.ship_within_days)
            unit.put(STORES, changed)
            return store_id

        told = None if config is None else sorted(config.items())
        days = () if told_days is None else (told_days,)
        ways = (ship_by, ship_within_days)
        # What is usual leaves no trace: commands that were stored before are known.
        new = () if ways == (None, None) else ("ways", *ways)
        request = (store_id, told, name, pull_every, check, *days, *new)
        given = Given(command_id, "change_store", request)
        self._once(owner, given, work, str)
        if told_days is not None:
            known = self.get(seller_id, store_id)
            count_days_anew(self._units, known, self._settings)
        if config is not None:
            wake(self._units, f"{owner}/{store_id}")
        return self.get(seller_id, store_id)

    def move(
        self,
        seller_id: str,
        store_id: str,
        command: str,
        *,
        why: str = "",
        command_id: str = "",
    ) -> Store:
        """
        Pause, resume or disconnect a shop; one that is in that state already stays so,
        and the newer *why* is kept.

        What is owed to a shop that rests waits until it is taken up again.

        Args:
            why: For people who see it in the list.

        Raises:
            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is disconnected.
        """

        def work(unit: SellerUnit) -> str:
            rest(unit, unit.need(STORES, store_id, lock=True), command, why)
            return store_id

        given = Given(command_id, f"{command}_store", (store_id, why))
        self._once(SellerId(seller_id), given, work, str)
        if command == "resume":
            wake(self._units, f"{seller_id}/{store_id}")
        return self.get(seller_id, store_id)

    def rewind(
        self, seller_id: str, store_id: str, *, cursor: str = "", command_id: str = ""
    ) -> Store:
        """
        Let the next sync read a shop from the start, or from *cursor*.

        What is known already changes nothing; what the shop tells anew is followed.

        Raises:
            NotFoundError: If the seller has no such shop.
        """

        def work(unit: SellerUnit) -> str:
            store = unit.need(STORES, store_id, lock=True)
            # A page that is under way does not undo it.
            answered = attrs.evolve(
                store, cursor=cursor, answers_count=store.answers_count + 1
            )
            unit.put(STORES, attrs.evolve(answered, pull_at=unit.now))
            return store_id

        given = Given(command_id, "rewind_store", (store_id, cursor))
        self._once(SellerId(seller_id), given, work, str)
        return self.get(seller_id, store_id)

    def check(self, seller_id: str, store_id: str) -> bool:
        """
        Let the platform try a shop's credentials now, if it can; nothing is changed.

        Returns:
            Whether they were tried; False where the platform's plugin cannot.

        Raises:
            NotFoundError: If the seller has no such shop.

            ConfigError: If the configuration does not fit any more.

            ProviderError: If the shop refuses the credentials, or does not answer.
        """
        store = self.get(seller_id, store_id)
        told = (store.platform, store.config)
        return self._try(store.seller_id, store_id, *told, check=True)

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

    def answerer(self, store: Store) -> Answerer:
        """
        Return who is asked, for errors to name.
        """
        is_local = self._ports.providers.is_local(store.platform)
        return Answerer(store.platform, store.store_id, is_local)

    def platform_of(self, store: Store) -> StorePlatform:
        """
        Make the provider of a shop.

        Raises:
            UnknownProviderError: If its plugin is gone.

            ConfigError: If the configuration does not fit any more.
        """
        providers = self._ports.providers.owned_by(store.seller_id)
        return providers.store_platform(
            store.platform, store.config, connection=store.store_id
        )

    def active(self, seller_id: str, store_id: str) -> tuple[Store, StorePlatform]:
        """
        Return a shop that is read and told, and its provider.

        Raises:
            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.
        """
        store = self.get(seller_id, store_id)
        if store.state != ACTIVE:
            raise StoreRestsError(store_id=store_id, state=store.state, why=store.why)
        told = self.answerer(store)
        return store, told.ask(lambda: self.platform_of(store))

    def pause_unauthorized(self, store: Store, error: UnauthorizedError) -> None:
        """
        Pause a shop that refuses our credentials: its seller has to act.
        """

        def work(unit: SellerUnit) -> None:
            known = unit.need(STORES, store.store_id, lock=True)
            if known.state == ACTIVE and known.config == store.config:
                rest(unit, known, "pause", f"unauthorized: {error.detail}")

        self._units.seller(store.seller_id, work)
        shop = f"{store.seller_id}/{store.store_id}"
        self._watch.count("intake.stores.paused", 1)
        self._watch.log("intake").warning("paused, credentials refused: store=%s", shop)

    def _try(
        self,
        owner: SellerId,
        store_id: str,
        platform: str,
        config: Mapping[str, object],
        *,
        check: bool,
    ) -> bool:
        providers = self._ports.providers.owned_by(owner)
        made = providers.store_platform(platform, config, connection=store_id)
        if not check:
            return False
        who = Answerer(platform, store_id, self._ports.providers.is_local(platform))
        within = self._settings.freight_within
        return check_credentials(made, who, self._ports, within=within)


def rest(unit: SellerUnit, store: Store, command: str, why: str) -> None:
    """
    Move a shop's connection by *command*; one that is there already stays so, and the
    newer reason is kept.

    Raises:
        StoreRestsError: If it is disconnected.
    """
    if store.state == DISCONNECTED and command != "disconnect":
        raise StoreRestsError(store_id=store.store_id, state=store.state, why=store.why)
    state, reason = rested(store.state, store.why, command, said=why)
    if (state, reason) == (store.state, store.why):
        return
    pull_at: datetime = unit.now if state == ACTIVE else store.pull_at
    unit.put(STORES, attrs.evolve(store, state=state, why=reason, pull_at=pull_at))
