"""
Reading orders by their last change.

WooCommerce lists by number of a page, and its times are whole seconds: an order that
changes while pages are read moves to the end, everything behind it moves up, and the
next page has lost one. So each page begins anew, behind the change that was read last,
with the second in which that was once more. Only where more orders changed within one
second than a page has are places counted, and the order before has to be where it was.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from sourcehere.domain.kernel.clock import SHOP_AHEAD_MAX, Clock
from sourcehere.domain.stores.model import Reject, StoreOrderSnapshot
from sourcehere.ports.errors import ProtocolError
from sourcehere.ports.platforms import OrderPage
from sourcehere_http.shapes import UNREADABLE, id_told, read_shape, set_aside

from .client import PAGE_MAX, PROVIDER, Client
from .snapshots import DRAFTS, read_order, time_of

OVERLAP = timedelta(seconds=5)
_SECOND = timedelta(seconds=1)
_ID = re.compile("[1-9][0-9]*")  # WooCommerce would find `017` under `17`
# What an answer has to have to be taken for an order.
_OF_AN_ORDER = frozenset({"id", "status", "line_items", "meta_data"})


@attrs.frozen
class _Place:
    """
    Where reading goes on.

    Attributes:
        since: Changes behind it are listed; empty for all.

        offset: How many of that list were read.

        last: The order that was read last of them; it has to stand there still.
    """

    since: str = ""
    offset: int = 0
    last: str = ""


class OrderReader:
    """
    Reads the orders of one shop.
    """

    def __init__(self, client: Client, orders_since: str, clock: Clock) -> None:
        self._client = client
        self._orders_since = orders_since
        self._clock = clock

    def page(self, cursor: str, limit: int) -> OrderPage:
        """
        Read at most *limit* orders from *cursor* on.
        """
        place = _read_place(cursor)
        place, told, has_more = self._listed(place, min(limit, PAGE_MAX - 1))
        orders: list[StoreOrderSnapshot] = []
        rejects: list[Reject] = []
        for one in told:
            try:
                if one["status"] not in DRAFTS:
                    orders.append(self._read(one))
            except UNREADABLE as error:
                rejects.append(set_aside(id_told(one), error))
        now = self._clock.now()
        following = _next(place, told, has_more=has_more, now=now)
        text = json.dumps(attrs.asdict(following), sort_keys=True)
        return OrderPage(tuple(orders), tuple(rejects), (), text, has_more)

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

    def _listed(self, place: _Place, limit: int) -> tuple[_Place, list[Any], bool]:
        """
        Read what follows, and tell from where it was read, and whether there is more.
        """
        while True:
            # One more than is wanted: that which has to be there still.
            seen = 1 if place.offset else 0
            params = self._params(place, limit + seen, place.offset - seen)
            listed = self._client.page("/orders", params, why="reading orders")
            items = listed.items
            if seen and (not items or str(items[0]["id"]) != place.last):
                place = _Place(place.since)
                continue
            has_more = place.offset - seen + len(items) < listed.total
            return place, items[seen:], has_more

    def _params(self, place: _Place, count: int, offset: int) -> Mapping[str, str]:
        params = {
            "dates_are_gmt": "true",
            "orderby": "modified",
            "order": "asc",
            "status": "any",
            "per_page": str(count),
        }
        if offset > 0:
            params["offset"] = str(offset)
        if place.since:
            params["modified_after"] = place.since
        if self._orders_since:
            params["after"] = f"{self._orders_since}T00:00:00"
        return params


def _next(place: _Place, told: list[Any], *, has_more: bool, now: datetime) -> _Place:
    """
    Return where the next page begins: behind the last change, or among those of its
    second.
    """
    if not told:
        return _Place(place.since)
    last = _last_change(told, until=now + SHOP_AHEAD_MAX)
    if not has_more:
        return _Place(_text(last - OVERLAP) if last else place.since)
    since = _text(last - _SECOND) if last else place.since
    if since != place.since:
        return _Place(since)
    offset = place.offset + len(told)
    return _Place(place.since, offset, str(told[-1]["id"]))


def _last_change(told: list[dict[str, Any]], *, until: datetime) -> datetime | None:
    """
    Return when the last of some orders changed that says so: one that does not is set
    aside, and stops no other; nor does one that will have changed, as where the shop's
    clock was wrong: behind it nothing would be listed until then.
    """
    for one in reversed(told):
        try:
            at = time_of(one["date_modified_gmt"])
        except UNREADABLE:
            continue
        if at <= until:
            return at
    return None


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S")


def _read_place(cursor: str) -> _Place:
    if not cursor:
        return _Place()
    try:
        return _Place(**json.loads(cursor))
    except (ValueError, TypeError) as error:
        detail = "the cursor is none of ours: read the shop from its beginning"
        raise ProtocolError(provider=PROVIDER, detail=detail) from error
