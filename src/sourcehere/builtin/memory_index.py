"""
Ways into a memory table: buckets of keys, sorted only when somebody walks them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from ..ports.storage import Index, Key, Row, Value, picker


def _first_value(pair: tuple[Key, Key]) -> Any:
    return pair[0][:1]


class _Bucket:
    """
    The keys of one prefix; the sorted list is kept until a member changes.
    """

    __slots__ = ("members", "ordered")

    def __init__(self) -> None:
        self.members: dict[Key, Key] = {}  # key -> sort values
        self.ordered: list[tuple[Key, Key]] | None = None

    def sorted(self) -> list[tuple[Key, Key]]:
        if self.ordered is None:
            pairs = [(sort, key) for key, sort in self.members.items()]
            pairs.sort()
            self.ordered = pairs
        return self.ordered


class MemoryIndex:
    """
    One declared index: prefix -> bucket.
    """

    __slots__ = (
        "_buckets",
        "_found_if",
        "_place_of",
        "equal",
        "prefix_of",
        "sort_of",
        "unique",
    )

    def __init__(self, index: Index) -> None:
        self.equal = index.equal
        self.unique = index.unique
        self.prefix_of = picker(index.table, index.equal)
        self.sort_of = picker(index.table, index.sort_columns)
        told = (index.found_if,) if index.found_if else ()
        self._place_of = picker(index.table, (*index.equal, *index.sort_columns, *told))
        self._found_if = index.table.position[index.found_if] if told else None
        self._buckets: dict[Key, _Bucket] = {}

    def enter(self, key: Key, row: Row) -> None:
        """
        Take in a row that is new.
        """
        if self._found_if is not None and not row[self._found_if]:
            return
        prefix = self.prefix_of(row)
        bucket = self._buckets.get(prefix)
        if bucket is None:
            bucket = self._buckets[prefix] = _Bucket()
        bucket.members[key] = self.sort_of(row)
        bucket.ordered = None

    def leave(self, key: Key, row: Row) -> None:
        """
        Forget a row.
        """
        if self._found_if is not None and not row[self._found_if]:
            return
        prefix = self.prefix_of(row)
        bucket = self._buckets[prefix]
        del bucket.members[key]
        bucket.ordered = None
        if not bucket.members:
            del self._buckets[prefix]

    def move(self, key: Key, old: Row, new: Row) -> None:
        """
        Follow a row from *old* to *new*; most changes move nothing.
        """
        if self._place_of(old) != self._place_of(new):
            self.leave(key, old)
            self.enter(key, new)

    def taken(self, key: Key, row: Row) -> bool:
        """
        Tell whether a row of another key than *key* has the prefix of *row*.
        """
        bucket = self._buckets.get(self.prefix_of(row))
        if bucket is None:
            return False
        return len(bucket.members) > 1 or key not in bucket.members

    def filled(self, prefixes: Iterable[Key]) -> set[Key]:
        """
        Return those of *prefixes* that there are rows of: often few of them.
        """
        buckets = self._buckets
        return {prefix for prefix in prefixes if prefix in buckets}

    def sorted(self, prefix: Key) -> Sequence[tuple[Key, Key]]:
        """
        List the keys of *prefix* in order, each behind what it is sorted by.
        """
        bucket = self._buckets.get(prefix)
        return () if bucket is None else bucket.sorted()

    def keys(self, prefix: Key) -> list[Key]:
        """
        List the keys of *prefix* in order.
        """
        return [key for _, key in self.sorted(prefix)]

    def keys_under(self, prefix: Key) -> Iterator[Key]:
        """
        Go through the keys of every full prefix that begins with *prefix*.
        """
        if len(prefix) == len(self.equal):
            yield from self.keys(prefix)
            return
        for full, bucket in self._buckets.items():
            if full[: len(prefix)] == prefix:
                yield from bucket.members

    def walk(
        self, prefix: Key, *, after: Key | None, until: Value, descending: bool
    ) -> Iterator[Key]:
        """
        Go through the keys of *prefix* in order, between the bounds.
        """
        pairs = self.sorted(prefix)
        low, high = 0, len(pairs)
        first: Any = (until,)  # of one column's kind, as all its values are
        if descending:
            if after is not None:
                high = bisect_left(pairs, after, key=itemgetter(0))
            if until is not None:
                low = bisect_left(pairs, first, key=_first_value)
            return (pairs[i][1] for i in range(high - 1, low - 1, -1))
        if after is not None:
            low = bisect_right(pairs, after, key=itemgetter(0))
        if until is not None:
            high = bisect_right(pairs, first, key=_first_value)
        return (pairs[i][1] for i in range(low, high))
