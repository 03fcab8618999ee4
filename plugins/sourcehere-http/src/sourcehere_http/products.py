"""
Reading what a shop sells by offset, without losing what stands there all the while.

An API that lists by offset loses things: one is deleted between two pages, everything
behind it moves up, and the next page has lost one. So each page begins with the last
one that was read, and names it. Where that does not stand where it stood, reading goes
back until it is found, or one with a lower id is: behind it nothing was read before.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import attrs

from sourcehere.domain.stores.listing import ListedVariant
from sourcehere.ports.platforms import ProductPage

from .changes import Listed, Window, checked
from .shapes import UNREADABLE, id_by, read_shape, unread


@attrs.frozen
class _Place:
    """
    Where reading goes on.

    Attributes:
        offset: How many things of the list were read.

        last: The id of the one that was read last.
    """

    offset: int = attrs.field(default=0, validator=attrs.validators.instance_of(int))
    last: str = attrs.field(default="", validator=attrs.validators.instance_of(str))


@attrs.frozen(kw_only=True)
class ProductReader:
    """
    Makes pages of a list that is sorted by id, the lowest first; keeps nothing between
    calls.

    Attributes:
        provider: Whom errors name.

        read: Makes variants of a thing that is listed, be it a variant or a product;
            none of one that is not sold.

        id_of: Reads its id. Ids that are numbers are sorted as such, others as texts.

        page_max: How many the API lists at a time; at least 2.
    """

    provider: str
    read: Callable[[Any], Iterable[ListedVariant]]
    id_of: Callable[[Any], str]
    page_max: int = attrs.field(default=100, validator=attrs.validators.ge(2))

    def page(
        self, cursor: str, ask: Callable[[Window], Listed], *, limit: int
    ) -> ProductPage:
        """
        Read at most *limit* things from *cursor* on; what cannot be read is rejected.

        Args:
            ask: Asks the API for a part of its list: so many, from an offset.

        Raises:
            ProtocolError: If the cursor is none of ours, or the list is none.
        """
        count = min(limit, self.page_max - 1)  # one more may be asked for
        told, following, has_more = self._listed(self._place_of(cursor), ask, count)
        variants: list[ListedVariant] = []
        rejected: list[str] = []
        for one in told:
            try:
                variants += self.read(one)
            except UNREADABLE as error:
                name = self._name_of(one) or "one without an id"
                rejected.append(unread(name, error))
        text = json.dumps(attrs.asdict(following), sort_keys=True) if has_more else ""
        return ProductPage(tuple(variants), text, has_more, tuple(rejected))

    def _listed(
        self, place: _Place, ask: Callable[[Window], Listed], count: int
    ) -> tuple[Sequence[Any], _Place, bool]:
        """
        Read what follows, and tell where to go on, and whether there is more.
        """
        # One more than is wanted: that which has to be there still.
        start, more = (place.offset - 1, count + 1) if place.last else (0, count)
        listed = checked(self.provider, ask(Window(count=more, offset=start)))
        while start and self._is_behind(place.last, listed.items):
            start = max(start - more, 0)
            listed = checked(self.provider, ask(Window(count=more, offset=start)))
        items, has_more = listed.items, listed.has_more
        if len(self._fresh(place.last, items)) > count:
            items, has_more = items[:count], True
        fresh = self._fresh(place.last, items)
        names = [name for one in fresh if (name := self._name_of(one))]
        following = _Place(start + len(items), [place.last, *names][-1])
        return fresh, following, has_more

    def _is_behind(self, last: str, items: Sequence[Any]) -> bool:
        """
        Tell whether something may stand between *last* and these.
        """
        names = [name for one in items if (name := self._name_of(one))]
        return last not in names and not (names and _rank(names[0]) < _rank(last))

    def _fresh(self, last: str, items: Sequence[Any]) -> Sequence[Any]:
        """
        Return what was not read before.
        """
        if not last:
            return items
        names = [self._name_of(one) for one in items]
        if last in names:
            return items[names.index(last) + 1 :]
        pairs = zip(items, names, strict=True)
        return [one for one, name in pairs if not name or _rank(name) > _rank(last)]

    def _name_of(self, told: Any) -> str:
        return id_by(self.id_of, told)

    def _place_of(self, cursor: str) -> _Place:
        if not cursor:
            return _Place()
        return read_shape(self.provider, _read_place, cursor)


def _read_place(cursor: str) -> _Place:
    place = _Place(**json.loads(cursor))
    if place.offset < 1 or not place.last:
        msg = f"there is no place {cursor}"
        raise ValueError(msg)
    return place


def _rank(name: str) -> tuple[bool, int, str]:
    is_number = name.isascii() and name.isdecimal()
    return (not is_number, int(name) if is_number else 0, name)
