"""
Reading orders by their last change, without losing one that moves while it is read.

An API that lists by offset and tells changes in whole seconds loses orders in two ways:
one that changes between two pages moves to the end, everything behind it moves up, and
the next page has lost one; and one that changes again within the second in which it was
read looks as it did. So each page begins anew, with the second in which the last change
was that was read, and reading goes back some seconds where it came to the end. Only
where more orders changed within one second than a page has does reading go on within
that second: behind the id of the last one, where the API can, else by counting places,
and then the order before has to stand where it stood.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from sourcehere.domain.kernel.clock import SHOP_AHEAD_MAX, SystemClock
from sourcehere.domain.stores.model import Reject, StoreOrderSnapshot
from sourcehere.ports.errors import ProtocolError
from sourcehere.ports.platforms import OrderPage

from .reply import Reply
from .shapes import UNREADABLE, id_by, read_shape, set_aside

OVERLAP = timedelta(seconds=5)
# Some APIs tell a time that is not set as the first of all years.
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@attrs.frozen(kw_only=True)
class Window:
    """
    What of a shop's list of orders is wanted, sorted by last change, oldest first.

    Attributes:
        count: So many at most.

        offset: So many of them are skipped; nothing where the API goes on behind an id.

        after_id: Of those that changed at `since`, only what is behind that id, for an
            API that goes on behind an id; empty for all of them.

        since: Those that changed then or later; None for all. Where the API lists only
            what changed *after* a time, ask it for a second earlier, unless there is an
            `after_id`.
    """

    count: int
    offset: int = 0
    since: datetime | None = None
    after_id: str = ""


@attrs.frozen
class Listed:
    """
    A part of a shop's list of orders.

    Attributes:
        items: Orders as the API tells them.

        has_more: Whether the list goes on behind them.
    """

    items: Sequence[Any]
    has_more: bool


def checked(provider: str, listed: Listed) -> Listed:
    """
    Return what was listed.

    Raises:
        ProtocolError: If it is no list.
    """
    if isinstance(listed.items, list) and isinstance(listed.has_more, bool):
        return listed
    raise ProtocolError(provider=provider, detail="the answer is no list")


@attrs.frozen
class _Place:
    """
    Where reading goes on.

    Attributes:
        since: The second from which changes are listed; empty for all.

        offset: How many of that list were read.

        last: The order that was read last of them.

        at: When that one changed, for an API that goes on behind an id.
    """

    since: str = ""
    offset: int = 0
    last: str = ""
    at: str = ""


@attrs.frozen(kw_only=True)
class OrderReader:
    """
    Makes pages and single orders of what an API answers; keeps nothing between calls.

    Attributes:
        provider: Whom errors name.

        read: Makes a snapshot of an order's JSON; None of what is no order yet, such as
            a basket that the API lists with them.

        id_of: Reads an order's id.

        changed_at: Reads when an order changed last, with its zone.

        page_max: How many orders the API lists at a time; at least 2.

        overlap: How far reading goes back where it came to the end.

        goes_on_by_id: Whether the API sorts by change and then by id, and goes on
            behind both, so that no place in the list is counted.

        now: Tells the time. What changed more than a day from now, as where a shop's
            clock was wrong, is read, and the cursor stays before it: else nothing that
            changes until then would be listed again.
    """

    provider: str
    read: Callable[[Any], StoreOrderSnapshot | None]
    id_of: Callable[[Any], str]
    changed_at: Callable[[Any], datetime]
    page_max: int = attrs.field(default=100, validator=attrs.validators.ge(2))
    overlap: timedelta = OVERLAP
    goes_on_by_id: bool = False
    now: Callable[[], datetime] = SystemClock().now

    def page(
        self, cursor: str, ask: Callable[[Window], Listed], *, limit: int
    ) -> OrderPage:
        """
        Read at most *limit* orders from *cursor* on; one that cannot be read is set
        aside.

        Args:
            ask: Asks the API for a part of its list.

        Raises:
            ProtocolError: If the cursor is none of ours, the list is none, orders can
                be read and none of the page tells when it changed, or it goes on behind
                an id and none of the page tells one.
        """
        count = min(limit, self.page_max - 1)  # one more may be asked for
        place, told, has_more = self._listed(self._place_of(cursor), ask, count)
        orders: list[StoreOrderSnapshot] = []
        rejects: list[Reject] = []
        for one in told:
            try:
                order = self.read(one)
            except UNREADABLE as error:
                rejects.append(set_aside(self._name_of(one), error))
                continue
            if order is not None:
                orders.append(order)
        following = self._next(place, told, has_more=has_more, is_read=bool(orders))
        text = json.dumps(attrs.asdict(following), sort_keys=True)
        return OrderPage(tuple(orders), tuple(rejects), (), text, has_more)

    def one(self, external_id: str, reply: Reply) -> StoreOrderSnapshot | None:
        """
        Read the one order that was asked for; None where the API has none of that id,
        or what it has is no order.

        Raises:
            DeclinedError: If the API refuses otherwise.

            ProtocolError: If the answer is no order.
        """
        if reply.is_missing:
            return None
        told, what = reply.needed("reading an order").json(), f"order {external_id}"
        found = read_shape(self.provider, self.read, told, what=what)
        # An API that reads ids as numbers finds `017` under `17`.
        is_it = found is not None and found.external_id == external_id
        return found if is_it else None

    def _listed(
        self, place: _Place, ask: Callable[[Window], Listed], count: int
    ) -> tuple[_Place, Sequence[Any], bool]:
        """
        Read what follows, and tell from where it was read, and whether there is more.
        """
        since = _time(place.since)
        if self.goes_on_by_id:
            behind = _time(place.at) or since
            window = Window(count=count, since=behind, after_id=place.last)
            listed = checked(self.provider, ask(window))
            return place, listed.items, listed.has_more
        if place.offset:
            # One more than is wanted: that which has to be there still.
            window = Window(count=count + 1, offset=place.offset - 1, since=since)
            listed = checked(self.provider, ask(window))
            if listed.items and self._name_of(listed.items[0]) == place.last:
                return place, listed.items[1:], listed.has_more
        listed = checked(self.provider, ask(Window(count=count, since=since)))
        return _Place(place.since), listed.items, listed.has_more

    def _next(
        self, place: _Place, told: Sequence[Any], *, has_more: bool, is_read: bool
    ) -> _Place:
        """
        Return where the next page begins: with the second of the last change, or among
        those of it.
        """
        changes = self._changes(told)
        is_lost = has_more and self.goes_on_by_id
        if told and not changes and (is_read or is_lost):
            detail = "no order of the page tells when it changed"
            raise ProtocolError(provider=self.provider, detail=detail)
        second = self._last_second(changes)
        if not told or not has_more:
            return _Place(self._back(place, second))
        if second and second.isoformat() != place.since:
            return _Place(second.isoformat())
        if self.goes_on_by_id:
            return self._behind_id(place, changes)
        offset = place.offset + len(told)
        return _Place(place.since, offset, self._name_of(told[-1]))

    def _back(self, place: _Place, second: datetime | None) -> str:
        """
        Return where the next reading begins: some seconds before the last change that
        this one read, also where only what is still to come stood behind it.
        """
        if second is None and (place.offset or place.last):
            second = _time(place.since)
        return (second - self.overlap).isoformat() if second else place.since

    def _behind_id(
        self, place: _Place, changes: Sequence[tuple[Any, datetime]]
    ) -> _Place:
        """
        Return the place behind the last order of a page that tells its id.
        """
        for one, at in reversed(changes):
            name = self._name_of(one)
            if name:
                return _Place(place.since, 0, name, at.isoformat())
        detail = "no order of the page tells its id"
        raise ProtocolError(provider=self.provider, detail=detail)

    def _changes(self, told: Sequence[Any]) -> list[tuple[Any, datetime]]:
        """
        Return the orders that tell when they changed, each with that time.
        """
        found: list[tuple[Any, datetime]] = []
        for one in told:
            try:
                at = self.changed_at(one)
            except UNREADABLE:
                continue
            if at.tzinfo is None:
                detail = f"the change time {at} has no zone"
                raise ProtocolError(provider=self.provider, detail=detail)
            found.append((one, _in_utc(at)))
        return found

    def _last_second(self, changes: Sequence[tuple[Any, datetime]]) -> datetime | None:
        """
        Return the second of the last change that can have happened, if one did.
        """
        latest = self.now() + SHOP_AHEAD_MAX
        happened = [at for _, at in changes if _EARLIEST <= at <= latest]
        return happened[-1].replace(microsecond=0) if happened else None

    def _name_of(self, told: Any) -> str:
        return id_by(self.id_of, told)

    def _place_of(self, cursor: str) -> _Place:
        if not cursor:
            return _Place()
        try:
            return _read_place(cursor)
        except UNREADABLE as error:
            detail = "the cursor is none of ours: read the shop from its beginning"
            raise ProtocolError(provider=self.provider, detail=detail) from error


def _read_place(cursor: str) -> _Place:
    place = _Place(**json.loads(cursor))
    _time(place.since)
    _time(place.at)
    return place


def _in_utc(at: datetime) -> datetime:
    """
    Return a time in UTC; in the first and the last hours of all years, where there is
    no such time, what a clock shows there.
    """
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return at.replace(tzinfo=UTC)


def _time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
