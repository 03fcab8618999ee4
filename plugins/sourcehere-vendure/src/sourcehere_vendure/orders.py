"""
Reading orders by their last change, without losing one that moves while it is read.

Vendure lists by offset, and keeps changes in whole seconds on some databases: an order
that changes between two pages moves to the end, and the next page has lost one. So each
page begins anew, with the second in which the last change was that was read. Only where
more orders changed within one second than a page has are places counted, and the order
before has to be where it was.

A list is sorted by its sort's fields in the order of Vendure's schema, whatever order
they are asked for in: there `code` comes behind `updatedAt`, and `id` before it.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from sourcehere.domain.kernel.clock import SHOP_AHEAD_MAX, Clock
from sourcehere.domain.stores.model import Reject, StoreOrderSnapshot
from sourcehere.ports.errors import ProtocolError
from sourcehere.ports.platforms import OrderPage
from sourcehere_http.shapes import UNREADABLE, id_told, read_shape, set_aside

from .client import PAGE_MAX, PROVIDER, Client
from .config import VendureConfig
from .snapshots import read_order, time_of

OVERLAP = timedelta(seconds=5)
# Behind it lies all of a second, and nothing of the one before.
_JUST = timedelta(milliseconds=1)
_NAME = re.compile("[A-Za-z0-9_-]{1,64}")


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

    def __init__(self, client: Client, config: VendureConfig, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._config = config

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
                orders.append(read_order(one, self._config.decimals))
            except UNREADABLE as error:
                rejects.append(set_aside(id_told(one), error))
        now = self._clock.now()
        following = _next(place, told, has_more=has_more, now=now)
        text = json.dumps(attrs.asdict(following), sort_keys=True)
        return OrderPage(tuple(orders), tuple(rejects), (), text, has_more)

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
        return read_shape(
            PROVIDER,
            lambda one: read_order(one, self._config.decimals),
            told,
            what=f"order {external_id}",
        )

    def _listed(
        self, place: _Place, limit: int
    ) -> tuple[_Place, list[dict[str, Any]], bool]:
        """
        Read what follows, and tell from where it was read, and whether there is more.
        """
        while True:
            # One more than is wanted: that which has to be there still.
            seen = 1 if place.offset else 0
            skip = place.offset - seen
            listed = self._client.ask(
                "orders", filter=self._filter(place), take=limit + seen, skip=skip
            )["orders"]
            items = listed["items"]
            if seen and (not items or str(items[0]["id"]) != place.last):
                place = _Place(place.since)
                continue
            return place, items[seen:], skip + len(items) < listed["totalItems"]

    def _filter(self, place: _Place) -> dict[str, object]:
        """
        Say which orders are listed: those that were placed, and changed since.

        A marketplace keeps an order of several sellers once more for each of them, and
        all of these in the default channel, too.
        """
        placed: dict[str, object] = {"isNull": False}
        if self._config.orders_since:
            placed = {"after": f"{self._config.orders_since}T00:00:00.000Z"}
        wanted: dict[str, object] = {"orderPlacedAt": placed}
        if not self._config.channel_token:
            wanted["type"] = {"notEq": "Seller"}
        if place.since:
            wanted["updatedAt"] = {"after": place.since}
        return wanted


def is_name(external_id: str) -> bool:
    """
    Tell whether a text can be an id in Vendure.
    """
    return _NAME.fullmatch(external_id) is not None


def _next(
    place: _Place, told: list[dict[str, Any]], *, has_more: bool, now: datetime
) -> _Place:
    """
    Return where the next page begins: with the second of the last change, or among
    those of it. A change that is still to come leads nowhere, as where the shop's clock
    was wrong: behind it nothing would be listed until then.
    """
    if not told:
        return _Place(place.since)
    happened = [at for at in map(_changed, told) if at <= now + SHOP_AHEAD_MAX]
    last = happened[-1].replace(microsecond=0) if happened else None
    if not has_more:
        return _Place(_text(last - OVERLAP) if last else place.since)
    since = _text(last - _JUST) if last else place.since
    if since != place.since:
        return _Place(since)
    offset = place.offset + len(told)
    return _Place(place.since, offset, str(told[-1]["id"]))


def _changed(told: dict[str, Any]) -> datetime:
    return time_of(told["updatedAt"])


def _text(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def _read_place(cursor: str) -> _Place:
    if not cursor:
        return _Place()
    try:
        return _Place(**json.loads(cursor))
    except (ValueError, TypeError) as error:
        detail = "the cursor is none of ours: read the shop from its beginning"
        raise ProtocolError(provider=PROVIDER, detail=detail) from error
