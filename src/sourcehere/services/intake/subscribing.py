"""
Whom a shop tells of its changes by itself.
"""

from functools import partial

import attrs

from ...domain.kernel.checks import NOT_SHOWN
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import SellerId
from ...domain.stores.errors import SubscriptionsUnsupportedError
from ...ports.webhooks import SupportsSubscriptions
from ...unit.seller_unit import SellerUnit
from ...unit.tables.stores import STORES
from ..base.asking import ask_outside
from ..base.commands import Given
from .connections_of_stores import StoreConnections

_URL_MAX = 2_000


class Subscribing(StoreConnections):
    """
    Lets shops tell an address of ours, and no more.
    """

    def subscribe(
        self, seller_id: str, store_id: str, url: str, *, command_id: str = ""
    ) -> str:
        """
        Let a shop tell *url* of every change that is followed; workers ask for it again
        once a day, since platforms take it away.

        Raises:
            InvalidInputError: If *url* is no `https` or `http` address.

            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.

            SubscriptionsUnsupportedError: If its platform cannot be told so.

            ProviderError: If the shop refuses, or does not answer in time.
        """
        if not url.startswith(("https://", "http://")) or len(url) > _URL_MAX:
            # It may have in it what lets somebody in.
            expected = "an address such as https://host/hooks"
            raise InvalidInputError(field="url", value=NOT_SHOWN, expected=expected)
        return self._change(seller_id, store_id, url, command_id, is_on=True)

    def unsubscribe(
        self, seller_id: str, store_id: str, url: str, *, command_id: str = ""
    ) -> str:
        """
        Let a shop tell *url* nothing any more.

        Raises:
            NotFoundError, StoreRestsError, SubscriptionsUnsupportedError: As
                `subscribe` does.

            ProviderError: If the shop refuses, or does not answer in time.
        """
        return self._change(seller_id, store_id, url, command_id, is_on=False)

    def _change(
        self, seller_id: str, store_id: str, url: str, command_id: str, *, is_on: bool
    ) -> str:
        def work() -> str:
            self._ask(seller_id, store_id, url, is_on=is_on)
            keep = partial(_keep, store_id, url, is_on=is_on)
            return self._units.seller(SellerId(seller_id), keep)

        name = "subscribe" if is_on else "unsubscribe"
        given = Given(command_id, name, (store_id, url))
        return self._once_over(SellerId(seller_id), given, work, str)

    def _ask(self, seller_id: str, store_id: str, url: str, *, is_on: bool) -> None:
        store, platform = self.active(seller_id, store_id)
        if not isinstance(platform, SupportsSubscriptions):
            raise SubscriptionsUnsupportedError(
                store_id=store_id, platform=store.platform
            )
        told = self.answerer(store)
        change = platform.subscribe if is_on else platform.unsubscribe
        (outcome,) = ask_outside(
            self._watch,
            "stores.subscribe" if is_on else "stores.unsubscribe",
            [(told, lambda: told.ask(lambda: change(url)))],
            within=self._settings.push_within,
        )
        if isinstance(outcome, Exception):
            raise outcome


def _keep(store_id: str, url: str, unit: SellerUnit, *, is_on: bool) -> str:
    """
    Remember what is to be asked for again; one address a shop, the last that was told.
    """
    store = unit.need(STORES, store_id, lock=True)
    if is_on:
        store = attrs.evolve(store, webhook_url=url, subscribed_at=unit.now)
    elif store.webhook_url == url:
        store = attrs.evolve(store, webhook_url="", subscribed_at=None)
    unit.put(STORES, store)
    return store_id
