"""
Reading orders by their last change, which some databases keep in whole seconds.

A list is sorted by its sort's fields in the order of Vendure's schema, whatever order
they are asked for in: there `code` comes behind `updatedAt`, and `id` before it.
"""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from sourcehere.domain.kernel.clock import Clock
from sourcehere.domain.stores.model import StoreOrderSnapshot
from sourcehere.ports.platforms import OrderPage
from sourcehere_http import Listed, OrderReader, Window
from sourcehere_http.shapes import id_told, read_shape

from .client import PAGE_MAX, PROVIDER, Client
from .config import VendureConfig
from .refunds import cancelled_of, refunded_of, time_of
from .snapshots import read_order

# Behind it lies all of a second, and nothing of the one before.
_JUST = timedelta(milliseconds=1)
_NAME = re.compile("[A-Za-z0-9_-]{1,64}")


class VendureOrders:
    """
    Reads the orders of one shop.
    """

    def __init__(self, client: Client, config: VendureConfig, clock: Clock) -> None:
        self._client = client
        self._config = config
        self._changes = OrderReader(
            provider=PROVIDER,
            read=self._read,
            id_of=id_told,
            changed_at=_changed,
            page_max=PAGE_MAX,
            now=clock.now,
        )

    def page(self, cursor: str, limit: int) -> OrderPage:
        """
        Read at most *limit* orders from *cursor* on.
        """
        return self._changes.page(cursor, self._listed, limit=limit)

    def one(self, external_id: str) -> StoreOrderSnapshot | None:
        """
        Read one order; None where the shop has none of that id, or a basket that nobody
        has ordered yet.
        """
        if not is_name(external_id):
            return None
        told = self._client.ask("order", id=external_id)["order"]
        if told is None or not told["orderPlacedAt"] or str(told["id"]) != external_id:
            return None  # Vendure finds `017` under `17`
        what = f"order {external_id}"
        return read_shape(PROVIDER, self._read, told, what=what)

    def _read(self, told: dict[str, Any]) -> StoreOrderSnapshot:
        return read_order(told, self._config.decimals, self._cancelled(told))

    def _cancelled(self, told: dict[str, Any]) -> Counter[str]:
        """
        Return line -> units that were cancelled; it matters where some were refunded.
        """
        if not refunded_of(told):
            return Counter()
        order = self._client.ask("cancellations", id=told["id"])["order"]
        return cancelled_of(order["history"])

    def _listed(self, window: Window) -> Listed:
        listed = self._client.ask(
            "orders",
            filter=self._filter(window),
            take=window.count,
            skip=window.offset,
        )["orders"]
        items = listed["items"]
        return Listed(items, window.offset + len(items) < listed["totalItems"])

    def _filter(self, window: Window) -> dict[str, object]:
        """
        Say which orders are listed: those that were placed, and changed since.

        A marketplace keeps an order of several sellers once more for each of them, and
        all of these in the default channel, too.
        """
        placed: dict[str, object] = {"isNull": False}
        if self._config.orders_since:
            day = datetime.fromisoformat(self._config.orders_since)
            placed = {"after": _text(day.replace(tzinfo=UTC) - _JUST)}
        wanted: dict[str, object] = {"orderPlacedAt": placed}
        if not self._config.channel_token:
            wanted["type"] = {"notEq": "Seller"}
        if window.since:
            wanted["updatedAt"] = {"after": _text(window.since - _JUST)}
        return wanted


def is_name(external_id: str) -> bool:
    """
    Tell whether a text can be an id in Vendure.
    """
    return _NAME.fullmatch(external_id) is not None


def _changed(told: dict[str, Any]) -> datetime:
    return time_of(told["updatedAt"])


def _text(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
