"""
A shop on Corner: orders are read by their last change, and parcels are told.

It keeps nothing between two calls: another process may go on from a cursor.
"""

from collections.abc import Mapping

import httpx2

from sourcehere.domain.stores.model import StoreOrderSnapshot
from sourcehere.ports.errors import ProviderError, UnauthorizedError
from sourcehere.ports.platforms import Fulfilment, OrderPage, ParcelNotice
from sourcehere.ports.providers import Context
from sourcehere_http import Api, Listed, OrderReader, Window

from .config import CornerConfig
from .orders import changed_at, id_of, read_order

PROVIDER = "corner"
# What a status means to this API alone, such as `402: UnauthorizedError`; what each
# means everywhere is known.
STATUSES: dict[int, type[ProviderError]] = {402: UnauthorizedError}
_READER = OrderReader(
    provider=PROVIDER, read=read_order, id_of=id_of, changed_at=changed_at
)


class Corner:
    """
    Speaks to one shop; safe to share between threads.

    Args:
        transport: Instead of the network, for tests.
    """

    def __init__(
        self,
        config: CornerConfig,
        context: Context,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._api = Api(
            provider=PROVIDER,
            base_url=config.url,
            context=context,
            headers={"Authorization": f"Bearer {config.token}"},
            statuses=STATUSES,
            transport=transport,
        )

    def check(self) -> None:
        """
        Try the token, when somebody connects the shop.
        """
        self._listed(Window(count=1))

    def pull_orders(self, cursor: str, /, *, limit: int) -> OrderPage:
        """
        Read at most *limit* orders that changed since *cursor*, oldest change first.
        """
        return _READER.page(cursor, self._listed, limit=limit)

    def fetch_order(self, external_id: str, /) -> StoreOrderSnapshot | None:
        """
        Read one order as it is now; None only where the shop says that it has none.
        """
        path = self._api.path("orders", external_id)
        return _READER.one(external_id, self._api.send("GET", path))

    def push_fulfilment(self, fulfilment: Fulfilment, /) -> str:
        """
        Tell what left, once per key; return what the shop calls it.
        """
        units = {line.external_line_id: line.quantity for line in fulfilment.lines}
        return self._tell(fulfilment, units)

    def push_tracking(self, notice: ParcelNotice, /) -> str:
        """
        Tell a number only: nothing counts as sent by it.
        """
        return self._tell(notice, {})

    def close(self) -> None:
        """
        Close the connections.
        """
        self._api.close()

    def _listed(self, window: Window) -> Listed:
        """
        Ask for a part of the list of orders, sorted by last change.
        """
        params = {"limit": str(window.count), "offset": str(window.offset)}
        if window.since is not None:
            params["changed_since"] = window.since.isoformat()
        reply = self._api.send("GET", "/orders", params=params)
        found = reply.needed("reading orders")
        return found.read(lambda told: Listed(told["orders"], told["has_more"]))

    def _tell(self, notice: ParcelNotice, units: Mapping[str, int]) -> str:
        """
        Tell of a parcel with units by line, or of a number alone where there are none.

        The same key again is the same parcel, and `replaces_reference` names the one
        whose place it takes.
        """
        key, order = notice.idempotency_key, notice.external_id
        told = {
            "carrier": notice.carrier,
            "number": notice.tracking_number,
            "units": units,
            "instead_of": notice.replaces_reference,
        }
        path = self._api.path("orders", order, "parcels", key)
        reply = self._api.send("PUT", path, json=told).needed("telling a parcel")
        return reply.read(lambda said: str(said["reference"]))
