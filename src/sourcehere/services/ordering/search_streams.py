"""
Streams of orders, newest first, and where several of them meet.

Each reads one way in, some rows at a time, and can leap: it is asked for the newest
order below a bound, and skips what lies between. So orders that are in all of several
streams are found by leaping from one to the other, at the pace of the rarest.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from ...domain.kernel.values import frozen
from ...ports.storage import ColumnKind, Index, Key, Row, Session, Value

Found = tuple[str, str]
"""
An order's id and its seller: streams are sorted by it, greatest first.
"""
Bound = tuple[str, str, int]
"""
What is looked for is below it; the last is 1 where (id, seller) itself still counts.
"""
TOP: Bound = ("~", "", 0)  # above every id
_FEW, _MANY = 4, 256  # rows that are read at a time
_LEAST_COST = 16  # rows that a query costs, however few it returns
_AFTER = "\x01"  # behind a text, and before every longer one


class Budget:
    """
    How many rows a call may still look at.
    """

    def __init__(self, rows: int) -> None:
        self._left = rows

    @property
    def is_spent(self) -> bool:
        """
        Whether enough was looked at.
        """
        return self._left <= 0

    def spend(self, rows: int) -> None:
        """
        Count a query that returned some rows.
        """
        self._left -= max(rows, _LEAST_COST)


class Stream(Protocol):
    """
    Orders, newest first.
    """

    def below(self, bound: Bound, /) -> Found | None:
        """
        Return the newest order below a bound; bounds only go down.
        """
        ...


class Listed:
    """
    A stream of orders that are known already.
    """

    def __init__(self, found: Sequence[Found]) -> None:
        self._found = sorted(set(found))

    def below(self, bound: Bound, /) -> Found | None:
        """
        Return the newest order below a bound.
        """
        end = bisect_left(self._found, bound)
        # A tuple is less than a longer one that begins with it: that is the last one.
        if end and not bound[2] and self._found[end - 1] == bound[:2]:
            end -= 1
        return self._found[end - 1] if end else None


class Union:
    """
    A stream of all orders that are in any of some streams.
    """

    def __init__(self, streams: Sequence[Stream]) -> None:
        self._streams = streams

    def below(self, bound: Bound, /) -> Found | None:
        """
        Return the newest order below a bound.
        """
        found = [stream.below(bound) for stream in self._streams]
        return max((one for one in found if one is not None), default=None)


@frozen(eq=False)
class Reading:
    """
    Where streams read, and what that may cost.
    """

    session: Session
    budget: Budget


class Indexed:
    """
    A stream that reads an index whose order begins with the order's id.
    """

    def __init__(
        self,
        reading: Reading,
        index: Index,
        prefix: Key,
        *,
        seller_id: str = "",
        keep: Callable[[Row], bool] | None = None,
    ) -> None:
        """
        Read *index* under *prefix*.

        Args:
            seller_id: Whose index it is, where the prefix names a seller.

            keep: Which rows count; all if not given.
        """
        self._reading, self._index, self._prefix = reading, index, prefix
        self._seller_id, self._keep = seller_id, keep
        table = index.table
        self._order_at = table.position["order_id"]
        self._seller_at = table.position["seller_id"]
        named = ("order_id", "seller_id")
        self._rest: Key = tuple(
            "" if table.columns[table.position[c]].kind is ColumnKind.TEXT else -(2**63)
            for c in index.sort_columns
            if c not in named
        )
        self._rows: Sequence[Row] = ()
        self._place = 0
        self._size = _FEW
        self._hits = 0  # among the rows read last
        self._is_over = False

    def below(self, bound: Bound, /) -> Found | None:
        """
        Return the newest order below a bound that counts.

        Where the budget is spent before one is found, it is the last that was looked
        at: whoever looks at it closer sees that it does not count.
        """
        while True:
            found = self._skip_to(bound)
            if found is not None or self._is_over:
                return found
            last = self._found(self._rows[-1]) if self._rows else None
            if last is not None and is_below(last, bound):
                if self._reading.budget.is_spent:
                    return last
                bound = (*last, 0)
            self._read(bound)

    def _skip_to(self, bound: Bound) -> Found | None:
        rows, place, keep = self._rows, self._place, self._keep
        while place < len(rows):
            found = self._found(rows[place])
            if is_below(found, bound):
                self._hits += 1
                if keep is None or keep(rows[place]):
                    self._place = place
                    return found
            place += 1
        self._place = place
        return None

    def _found(self, row: Row) -> Found:
        return str(row[self._order_at]), str(row[self._seller_at])

    def _read(self, bound: Bound) -> None:
        # Whoever needs most of what is read gets more of it at a time.
        is_dense = self._hits * 2 >= self._size
        self._size = min(self._size * 4, _MANY) if is_dense else _FEW
        self._rows = self._reading.session.page(
            self._index,
            self._prefix,
            after=self._key(bound),
            until=None,
            limit=self._size,
            descending=True,
        )
        self._reading.budget.spend(len(self._rows))
        self._is_over = len(self._rows) < self._size
        self._place = self._hits = 0

    def _key(self, bound: Bound) -> Key:
        order_id, seller_id, is_included = bound
        if self._seller_id:
            counts = is_below((order_id, self._seller_id), bound)
            return (order_id + _AFTER if counts else order_id, *self._rest)
        return (order_id, seller_id + _AFTER if is_included else seller_id, *self._rest)


def is_below(found: Found, bound: Bound) -> bool:
    """
    Tell whether an order is below a bound.
    """
    return (*found, 0) < bound


def meet(
    streams: Sequence[Stream], start: Bound, budget: Budget
) -> Iterator[Found | Bound]:
    """
    Go through the orders that are in all of *streams*, newest first.

    Where the budget is spent it ends with the bound from which to go on; where it ends
    without one, there are no more.
    """
    bound = start
    while True:
        if budget.is_spent:
            yield bound
            return
        met = _lowest(streams, bound)
        if met is None:
            return
        if isinstance(met, Meeting):
            yield met.found
            bound = (*met.found, 0)
        else:
            bound = met


@frozen
class Meeting:
    """
    An order that is in all streams.
    """

    found: Found


def _lowest(streams: Sequence[Stream], bound: Bound) -> "Meeting | Bound | None":
    """
    Ask each stream once: they meet, or return the bound to ask below next.
    """
    first: Found | None = None
    is_same = True
    for stream in streams:
        found = stream.below(bound)
        if found is None:
            return None
        if first is None:
            first = found
        elif found != first:
            is_same = False
        bound = (*found, 1)
    assert first is not None
    return Meeting(first) if is_same else bound


def key_behind(bound: Bound) -> tuple[Value, ...]:
    """
    Return the (id, seller) of the cursor that goes on below *bound*.
    """
    order_id, seller_id, is_included = bound
    return (order_id + "~", "") if is_included else (order_id, seller_id)
