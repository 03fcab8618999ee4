"""
A seller's open orders that a shop does not list.
"""

from collections.abc import Mapping

from ..records.reports import MissingReport
from ..scope import PEOPLE, command, reading
from .fulfilments import FulfilmentsDesk


class MissingDesk(FulfilmentsDesk):
    """
    Says which orders a shop's file does not have, and holds them once it is whole.
    """

    @reading(outside=True)
    def missing(
        self, store_id: str, *, config: Mapping[str, object] | None = None
    ) -> MissingReport:
        """
        Say which open orders a shop does not list, such as its file; nothing follows
        from it, for the list may be of some days only.

        Args:
            config: Look by this configuration instead of the shop's, such as at another
                file of its platform.

        Raises:
            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.

            NamesUnsupportedError: If its platform does not list its orders.

            ConfigError: If *config* does not fit the platform.

            ProviderError: If the shop cannot answer.
        """
        return self._app.missing_orders.find(self._seller_id, store_id, config=config)

    @command(PEOPLE, at_desk=True, outside=True)
    def hold_missing(self, store_id: str, *, command_id: str = "") -> MissingReport:
        """
        Say that a shop's list of its orders is whole: unpaid orders that it does not
        have are held (`store_data`), until you cancel or confirm them, or the shop
        tells them again. Paid ones go on.

        Each is held once: what you decide about it stands.

        Raises:
            NotFoundError: If the seller has no such shop.

            StoreRestsError: If it is paused or disconnected.

            NamesUnsupportedError: If its platform does not list its orders.

            ProviderError: If the shop cannot answer.
        """
        return self._app.missing_orders.hold(
            self._seller_id, store_id, command_id=command_id
        )
