"""
Ways into a memory table: buckets of keys, sorted only when somebody walks them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Any, cast

from ..ports.storage import Index, Key, Row, Table, Value, picker


@lru_cache(maxsize=4096)
def checker(table: Table) -> Callable[[Row], bool]:
    """
    Make a function that tells whether a row keeps every check of its table.
    """

    def side(of: str | int) -> str:
        return f"r[{table.position[of]}]" if isinstance(of, str) else str(of)

    terms = [f"{side(c.lower)} <= {side(c.upper)}" for c in table.checks]
    # Made of declared columns and numbers only.
    made = eval(f"lambda r: {' and '.join(terms) or True}")  # noqa: S307 - see above
    return cast("Callable[[Row], bool]", made)


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

    __slots__ = ("_buckets", "equal", "prefix_of", "sort_of", "unique")

    def __init__(self, index: Index) -> None:
        self.equal = index.equal
        self.unique = index.unique
        self.prefix_of = picker(index.table, index.equal)
        self.sort_of = picker(index.table, index.sort_columns)
        self._buckets: dict[Key, _Bucket] = {}

    def move(self, key: Key, old: Row | None, new: Row | None) -> None:
        """
        Follow a row from *old* to *new*; None where there is none.
        """
        if old is not None:
            prefix = self.prefix_of(old)
            if (
                new is not None
                and prefix == self.prefix_of(new)
                and self.sort_of(old) == self.sort_of(new)
            ):
                return  # most changes move nothing
            self._remove(key, prefix)
        if new is not None:
            prefix = self.prefix_of(new)
            bucket = self._buckets.get(prefix)
            if bucket is None:
                bucket = self._buckets[prefix] = _Bucket()
            bucket.members[key] = self.sort_of(new)
            bucket.ordered = None

    def _remove(self, key: Key, prefix: Key) -> None:
        bucket = self._buckets[prefix]
        del bucket.members[key]
        bucket.ordered = None
        if not bucket.members:
            del self._buckets[prefix]

    def taken(self, key: Key, row: Row) -> bool:
        """
        Tell whether a row of another key than *key* has the prefix of *row*.
        """
        bucket = self._buckets.get(self.prefix_of(row))
        return bucket is not None and any(other != key for other in bucket.members)

    def keys(self, prefix: Key) -> list[Key]:
        """
        List the keys of *prefix* in order.
        """
        bucket = self._buckets.get(prefix)
        return [] if bucket is None else [key for _, key in bucket.sorted()]

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
        bucket = self._buckets.get(prefix)
        pairs = [] if bucket is None else bucket.sorted()
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
