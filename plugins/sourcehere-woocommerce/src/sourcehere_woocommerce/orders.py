"""
Reading orders by their last change, which WooCommerce tells in whole seconds.
"""

import re
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sourcehere.domain.kernel.clock import Clock
from sourcehere.domain.stores.model import StoreOrderSnapshot
from sourcehere.ports.errors import ProtocolError
from sourcehere.ports.platforms import OrderPage
from sourcehere_http import Listed, OrderReader, Window
from sourcehere_http.shapes import id_told, read_shape

from .client import PAGE_MAX, PROVIDER, Client
from .snapshots import DRAFTS, read_order, time_of

_SECOND = timedelta(seconds=1)
# Where nobody says which statuses there are; the trash is not among them.
_ANY = "any"
_ID = re.compile("[1-9][0-9]*")  # WooCommerce would find `017` under `17`
# What an answer has to have to be taken for an order.
_OF_AN_ORDER = frozenset({"id", "status", "line_items", "meta_data"})


class WooOrders:
    """
    Reads the orders of one shop.
    """

    def __init__(self, client: Client, orders_since: str, clock: Clock) -> None:
        self._client = client
        self._orders_since = orders_since
        # Where the page that was read last goes on, and the statuses that it asked for.
        self._reading = ("", "")
        self._changes = OrderReader(
            provider=PROVIDER,
            read=self._read_placed,
            id_of=id_told,
            changed_at=_changed,
            page_max=PAGE_MAX,
            now=clock.now,
        )

    def page(self, cursor: str, limit: int) -> OrderPage:
        """
        Read at most *limit* orders from *cursor* on, also those in the trash. Which
        statuses there are is asked for once until the list ends.
        """
        goes_on, statuses = self._reading
        if not cursor or cursor != goes_on:
            statuses = self._statuses()
        ask = partial(self._listed, statuses)
        page = self._changes.page(cursor, ask, limit=limit)
        self._reading = (page.cursor if page.has_more else "", statuses)
        return page

    def one(self, external_id: str) -> StoreOrderSnapshot | None:
        """
        Read one order; None where the shop has none of that number.
        """
        told = self.told(external_id)
        if told is None:
            return None
        what = f"order {external_id}"
        return read_shape(PROVIDER, self._read, told, what=what)

    def told(self, external_id: str) -> dict[str, Any] | None:
        """
        Return an order as the API tells it.
        """
        if not _ID.fullmatch(external_id):
            return None
        found = self._client.ask(f"/orders/{external_id}", why="reading an order")
        if found is None:
            return None
        if not isinstance(found, dict) or not found.keys() >= _OF_AN_ORDER:
            raise ProtocolError(provider=PROVIDER, detail="the answer is no order")
        return found

    def refunds(self, told: dict[str, Any]) -> list[dict[str, Any]]:
        """
        Return the refunds of an order, if it has any.
        """
        if not told["refunds"]:
            return []
        path = f"/orders/{told['id']}/refunds"
        return list(self._client.all(path, why="reading refunds"))

    def _read(self, told: dict[str, Any]) -> StoreOrderSnapshot:
        return read_order(told, self.refunds(told))

    def _read_placed(self, told: dict[str, Any]) -> StoreOrderSnapshot | None:
        return None if told["status"] in DRAFTS else self._read(told)

    def _statuses(self) -> str:
        """
        Return which statuses are listed: each by its name, since `any` lacks the trash
        and what plugins keep out of the shop's search.
        """
        known = self._client.statuses()
        wanted = [name for name in known if name != _ANY and name not in DRAFTS]
        return ",".join(wanted) or _ANY

    def _listed(self, statuses: str, window: Window) -> Listed:
        params = {
            "dates_are_gmt": "true",
            "orderby": "modified",
            "order": "asc",
            "status": statuses,
            "per_page": str(window.count),
        }
        if window.offset:
            params["offset"] = str(window.offset)
        if window.since:
            params["modified_after"] = _before(window.since)
        if self._orders_since:
            params["after"] = _before(datetime.fromisoformat(self._orders_since))
        found = self._client.page("/orders", params, why="reading orders")
        has_more = window.offset + len(found.items) < found.total
        return Listed(found.items, has_more)


def _before(at: datetime) -> str:
    """
    Write the second before a time: WooCommerce lists what is later than it is told.
    """
    return f"{at - _SECOND:%Y-%m-%dT%H:%M:%S}"


def _changed(told: dict[str, Any]) -> datetime:
    return time_of(told["date_modified_gmt"])
