"""
Whom a seller's shops tell of changes by themselves.
"""

from ...domain.kernel.checks import Hook
from ..scope import PEOPLE, command
from .missing import MissingDesk


class SubscribingDesk(MissingDesk):
    """
    Lets shops tell the host's address of changes, and no more.
    """

    @command(PEOPLE, at_desk=True, outside=True)
    def subscribe(self, store_id: str, *, url: Hook, command_id: str = "") -> None:
        """
        Let a shop tell *url* of every change that is followed; the host passes what
        comes there to `inbox.receive`.

        Told again it changes nothing, and puts right what the shop's platform took away
        or disabled meanwhile: workers do so once a day, for the last address. What it
        tells other addresses stays.

        Raises:
            InvalidInputError: If *url* is no `https` or `http` address.

            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.

            SubscriptionsUnsupportedError: If its platform cannot be told so.

            ProviderError: If the shop refuses, or does not answer in time.
        """
        self._app.stores.subscribe(
            self._seller_id, store_id, url, command_id=command_id
        )

    @command(PEOPLE, at_desk=True, outside=True)
    def unsubscribe(self, store_id: str, *, url: Hook, command_id: str = "") -> None:
        """
        Let a shop tell *url* nothing any more.

        Raises:
            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.

            SubscriptionsUnsupportedError: If its platform cannot be told so.

            ProviderError: If the shop refuses, or does not answer in time.
        """
        self._app.stores.unsubscribe(
            self._seller_id, store_id, url, command_id=command_id
        )
