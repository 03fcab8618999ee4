"""
Reading orders by their last change, page by page.

Shopify sorts by `updated_at` and its cursors name a place in that order, so that an
order which changes meanwhile is read again further on and none is skipped. Its search
index may lag: the next reading begins a little before the newest change that was read.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from sourcehere.domain.stores.model import Charge, Reject, StoreOrderSnapshot
from sourcehere.ports.errors import ProtocolError, ThrottledError
from sourcehere.ports.platforms import OrderPage
from sourcehere_http.shapes import UNREADABLE, id_told, read_shape, set_aside

from .bulk import BulkReader
from .bulk_lines import Group, UselessBulkError, as_read
from .client import PROVIDER, Client, TooCostlyError
from .ids import is_id, order_gid
from .rest import Rest
from .snapshots import read_order

PAGE_MAX = 25
OVERLAP = timedelta(minutes=2)
# Shopify pages through at most 25,000 objects of one list.
_LIST_MAX = 20_000


@attrs.frozen
class _Place:
    """
    Where reading goes on.

    Attributes:
        since: Changes from then on are listed; empty for all.

        after: Shopify's cursor in that list; empty for its start.

        newest: The newest change that was read.

        count: How many of the list were read.

        bulk, offset: The operation whose file is read instead, and how far it was.
    """

    since: str = ""
    after: str = ""
    newest: str = ""
    count: int = 0
    bulk: str = ""
    offset: int = 0


class OrderReader:
    """
    Reads the orders of one shop.
    """

    def __init__(self, client: Client, bulk: BulkReader, orders_since: str) -> None:
        self._client = client
        self._rest = Rest(client)
        self._bulk = bulk
        self._orders_since = orders_since

    def page(self, cursor: str, limit: int) -> OrderPage:
        """
        Read at most *limit* orders from *cursor* on.
        """
        place = _read_place(cursor)
        if not cursor:
            operation = self._bulk.begin(_query("", self._orders_since))
            if operation:
                return self._page([], _Place(bulk=operation), has_more=True)
        if place.bulk:
            return self._bulk_page(place, limit)
        told = self._asked(place, min(limit, PAGE_MAX))
        has_more = bool(told["pageInfo"]["hasNextPage"])
        following = _next(place, told, has_more=has_more)
        return self._page(told["nodes"], following, has_more=has_more)

    def _bulk_page(self, place: _Place, limit: int) -> OrderPage:
        """
        Read on in a file; behind its end all that changed since it was begun.
        """
        try:
            part = self._bulk.read(place.bulk, place.offset, limit)
        except UselessBulkError:
            return self._page([], _Place(), has_more=True)
        told, begin = self._told_of(part.groups)
        if begin is not None:
            following = attrs.evolve(place, offset=place.offset + begin)
        elif part.is_end:
            following = _Place(_earlier(part.begun_at), newest=part.begun_at)
        else:
            following = attrs.evolve(place, offset=part.offset)
        return self._page(told, following, has_more=True)

    def _told_of(self, groups: Sequence[Group]) -> tuple[list[Any], int | None]:
        """
        Return orders of a file as they are read alone, up to where Shopify has had
        enough, and where that is; None for their end.

        Those that a file does not tell whole are asked for, if they are there still.
        """
        told: list[Any] = []
        for place, group in enumerate(groups):
            try:
                one = (
                    as_read(group) or self._client.ask("order", id=group["id"])["order"]
                )
            except ThrottledError:
                if not place:
                    raise
                return told, group["begin"]
            if one is not None:
                told.append(one)
        return told, None

    def _page(
        self, told: Iterable[Any], following: _Place, *, has_more: bool
    ) -> OrderPage:
        orders: list[StoreOrderSnapshot] = []
        rejects: list[Reject] = []
        charges: list[Charge] = []
        for one in told:
            try:
                order, others = read_order(self._rest.of_order(one))
            except UNREADABLE as error:
                rejects.append(set_aside(id_told(one, "legacyResourceId"), error))
                continue
            charges.extend(others)
            if order.lines or not others:
                orders.append(order)
        text = json.dumps(attrs.asdict(following), sort_keys=True)
        return OrderPage(tuple(orders), tuple(rejects), tuple(charges), text, has_more)

    def one(self, external_id: str) -> StoreOrderSnapshot | None:
        """
        Read one order; None where Shopify has none of that number.
        """
        if not is_id(external_id):
            return None
        told = self._client.ask("order", id=order_gid(external_id))
        if told["order"] is None:
            return None
        order, _ = read_shape(
            PROVIDER,
            lambda one: read_order(self._rest.of_order(one)),
            told["order"],
            what=f"order {external_id}",
        )
        return order

    def _asked(self, place: _Place, first: int) -> Any:
        query = _query(place.since, self._orders_since)
        while True:
            try:
                return self._client.ask(
                    "orders", first=first, after=place.after or None, query=query
                )["orders"]
            except TooCostlyError:
                if first == 1:
                    raise
                first //= 2


def _query(since: str, placed_since: str) -> str | None:
    parts = []
    if since:
        parts.append(f"updated_at:>='{since}'")
    if placed_since:
        parts.append(f"created_at:>='{placed_since}'")
    return " AND ".join(parts) or None


def _next(place: _Place, told: Any, *, has_more: bool) -> _Place:
    changes = [one["updatedAt"] for one in told["nodes"]]
    newest = max([place.newest, *changes], key=_instant)
    if not has_more:
        return _Place(_earlier(newest), newest=newest) if newest else place
    count = place.count + len(changes)
    if count >= _LIST_MAX:
        return _Place(newest, newest=newest)
    return _Place(place.since, told["pageInfo"]["endCursor"], newest, count)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text) if text else datetime.min.replace(tzinfo=UTC)


def _earlier(text: str) -> str:
    found = datetime.fromisoformat(text).astimezone(UTC) - OVERLAP
    return found.strftime("%Y-%m-%dT%H:%M:%SZ")


def _read_place(cursor: str) -> _Place:
    if not cursor:
        return _Place()
    try:
        return _Place(**json.loads(cursor))
    except (ValueError, TypeError) as error:
        detail = "the cursor is none of ours: read the shop from its beginning"
        raise ProtocolError(provider=PROVIDER, detail=detail) from error
