"""
Reading a list by the last change, without losing what moves while it is read.

Medusa lists by offset: what changes between two pages moves to the end, and the next
page would miss its neighbour. So each page begins anew, at the change that was read
last. What has the same time comes in no certain order: where more changed within one
millisecond than a page has, that millisecond is listed by id. There places are counted,
and the one before has to be where it was.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from sourcehere.domain.kernel.clock import SHOP_AHEAD_MAX, Clock

from .client import Client, Listed

OVERLAP = timedelta(seconds=5)
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(milliseconds=1)  # what the API tells times in


@attrs.frozen(kw_only=True)
class Place:
    """
    Where reading goes on.

    Attributes:
        since: Changes from then on are listed; empty for all.

        newest: The last change that was read; empty for none.

        is_crowded: Whether the millisecond `since` is read alone, by id.

        offset: How many of it were read.

        last: The id that was read last of them; it has to stand there still.

        back: Where the next reading begins, once this one is among changes that are
            still to come; empty before that.
    """

    since: str = ""
    newest: str = ""
    is_crowded: bool = False
    offset: int = 0
    last: str = ""
    back: str = ""


@attrs.frozen
class Part:
    """
    Some of a list, in the order of their changes, and where it goes on.
    """

    items: list[dict[str, Any]]
    following: Place
    has_more: bool


@attrs.frozen
class Feed:
    """
    One list of the Admin API.

    Attributes:
        path, field: Where it is, and what of the answer it is.

        params: What is asked for besides.

        why: For what, in words.

        clock: What changed more than a day from now, as where the shop's clock was
            wrong, is read, and the next reading begins before it: else nothing that
            changes until then would be listed again.
    """

    client: Client
    path: str
    field: str
    params: Mapping[str, str | Sequence[str]]
    why: str
    clock: Clock

    def newest(self) -> str:
        """
        Return when something of the list changed last; empty for never, or where that
        is still to come.
        """
        wanted = {**self.params, "order": "-updated_at", "limit": "1"}
        items = self.client.page(self.path, self.field, wanted, why=self.why).items
        text = str(items[0]["updated_at"]) if items else ""
        return text if _time(text) <= self.clock.now() + SHOP_AHEAD_MAX else ""

    def read(self, place: Place, limit: int) -> Part:
        """
        Read at most *limit* from *place* on.
        """
        if place.is_crowded:
            return self._read_crowd(place, limit)
        listed = self._listed(place, limit, 0)
        items, newest = listed.items, _newest(place, listed.items)
        back = self._back(place, items)
        if len(items) >= listed.count:
            since = _text(_time(newest) - OVERLAP) if newest else place.since
            return Part(items, Place(since=back or since), has_more=False)
        if items and _time(newest) <= _time(place.since):
            crowd = Place(since=place.since, newest=newest, is_crowded=True, back=back)
            return Part(items, crowd, has_more=True)
        return Part(items, Place(since=newest, newest=newest, back=back), has_more=True)

    def _back(self, place: Place, items: Sequence[Mapping[str, Any]]) -> str:
        """
        Return where the next reading begins if the last of *items* is still to come;
        empty if it is not.
        """
        if place.back or not items:
            return place.back
        changes = [_time(str(one["updated_at"])) for one in items]
        latest = self.clock.now() + SHOP_AHEAD_MAX
        if changes[-1] <= latest:
            return ""
        happened = [at for at in (_time(place.newest), *changes) if at <= latest]
        if happened[-1] > _FIRST:
            return _text(happened[-1] - OVERLAP)
        return place.since or _text(_FIRST)

    def _read_crowd(self, place: Place, limit: int) -> Part:
        # One more than is wanted: that which has to be there still.
        seen = 1 if place.offset else 0
        listed = self._listed(place, limit + seen, place.offset - seen)
        items = listed.items
        if seen and (not items or items[0]["id"] != place.last):
            place = attrs.evolve(place, offset=0, last="")
            return self._read_crowd(place, limit)
        items = items[seen:]
        offset = place.offset + len(items)
        if items and offset < listed.count:
            last = str(items[-1]["id"])
            return Part(items, attrs.evolve(place, offset=offset, last=last), True)
        behind = _text(_time(place.since) + _INSTANT)
        following = Place(since=behind, newest=place.newest, back=place.back)
        return Part(items, following, has_more=True)

    def _listed(self, place: Place, limit: int, offset: int) -> Listed:
        wanted = {**self.params, "limit": str(limit), "offset": str(offset)}
        wanted["order"] = "id" if place.is_crowded else "updated_at"
        if place.since:
            wanted["updated_at[$gte]"] = place.since
        if place.is_crowded:
            wanted["updated_at[$lt]"] = _text(_time(place.since) + _INSTANT)
        return self.client.page(self.path, self.field, wanted, why=self.why)


def earlier(text: str) -> str:
    """
    Return the time from which reading begins that is to miss nothing since *text*.
    """
    return _text(_time(text) - OVERLAP) if text else ""


def _newest(place: Place, items: Sequence[Mapping[str, Any]]) -> str:
    changes = [str(one["updated_at"]) for one in items]
    return max([place.newest, *changes], key=_time)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text) if text else datetime.min.replace(tzinfo=UTC)


def _text(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
