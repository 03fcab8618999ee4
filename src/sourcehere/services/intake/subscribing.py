"""
Whom a shop tells of its changes by itself.
"""

from ...domain.kernel.errors import InvalidInputError
from ...domain.stores.errors import SubscriptionsUnsupportedError
from ...doors.answers import Answerer
from ...ports.webhooks import SupportsSubscriptions
from ..base.asking import ask_side_by_side
from .connections_of_stores import StoreConnections

_URL_MAX = 2_000


class Subscribing(StoreConnections):
    """
    Lets shops tell an address of ours, and no more.
    """

    def subscribe(self, seller_id: str, store_id: str, url: str) -> None:
        """
        Let a shop tell *url* of every change that is followed.

        Raises:
            InvalidInputError: If *url* is no `https` or `http` address.

            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.

            SubscriptionsUnsupportedError: If its platform cannot be told so.

            ProviderError: If the shop refuses, or does not answer in time.
        """
        if not url.startswith(("https://", "http://")) or len(url) > _URL_MAX:
            raise InvalidInputError(
                field="url", value=url, expected="an address such as https://host/hooks"
            )
        self._change(seller_id, store_id, url, is_on=True)

    def unsubscribe(self, seller_id: str, store_id: str, url: str) -> None:
        """
        Let a shop tell *url* nothing any more.

        Raises:
            NotFoundError, StoreRestsError, SubscriptionsUnsupportedError: As
                `subscribe` does.

            ProviderError: If the shop refuses, or does not answer in time.
        """
        self._change(seller_id, store_id, url, is_on=False)

    def _change(self, seller_id: str, store_id: str, url: str, *, is_on: bool) -> None:
        store, platform = self.active(seller_id, store_id)
        if not isinstance(platform, SupportsSubscriptions):
            raise SubscriptionsUnsupportedError(
                store_id=store_id, platform=store.platform
            )
        told = Answerer(store.platform, store_id)
        change = platform.subscribe if is_on else platform.unsubscribe
        (outcome,) = ask_side_by_side(
            [(told, lambda: told.ask(lambda: change(url)))],
            within=self._settings.push_within,
        )
        if isinstance(outcome, Exception):
            raise outcome
