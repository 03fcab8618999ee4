"""
Tables side by side, each read once in the order of its key.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any


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
