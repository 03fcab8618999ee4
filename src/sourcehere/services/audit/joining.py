"""
Tables side by side, each read once in the order of its key.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from ...ports.storage import Row

Grouped = dict[str, tuple[Any, ...]]


def aligned(
    *tables: tuple[Iterable[Any], Callable[[Any], str]],
) -> Iterator[tuple[str, list[list[Any]]]]:
    """
    Bring records together that have the same name: name -> a list for each table.

    Args:
        tables: Records in the order of that name, and what the name of one is.
    """
    groups = [groupby(records, key=name_of) for records, name_of in tables]
    heads = [next(group, None) for group in groups]
    while any(heads):
        name = min(head[0] for head in heads if head)
        found: list[list[Any]] = []
        for place, head in enumerate(heads):
            if head is None or head[0] != name:
                found.append([])
                continue
            found.append(list(head[1]))
            heads[place] = next(groups[place], None)
        yield name, found


class Beside:
    """
    Rows whose first column names their owner, read once beside these.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        """
        Begin with *rows*, which are sorted by their owners.
        """
        self._groups = groupby(rows, key=itemgetter(0))
        self._head: tuple[Any, Iterable[Row]] | None = next(self._groups, None)

    def take(self, owners: Iterable[str]) -> Grouped:
        """
        Return the rows of the next *owners*, in their order; what comes before these
        is of nobody, and passed by.
        """
        found: Grouped = {}
        groups, head = self._groups, self._head
        for name in owners:
            while head is not None and head[0] < name:
                head = next(groups, None)
            if head is None:
                break
            if head[0] == name:
                found[name] = tuple(head[1])
                head = next(groups, None)
        self._head = head
        return found
