"""
Many things in parts: lists of a size, and lists without repetitions.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
BATCH = 200  # what is read at a time


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """
    Split *items* into lists of *size*.
    """
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def unique(items: Iterable[str]) -> list[str]:
    """
    Drop repetitions, keeping the order.
    """
    return list(dict.fromkeys(items))
