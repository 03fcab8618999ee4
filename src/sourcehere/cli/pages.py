"""
Lists page by page, as the shell goes through them.
"""

from typing import Protocol, TypeVar

from ..face.lists import LIMIT_MAX, Page
from .output import Result, Table

T = TypeVar("T")
# Of lists that are usually short: all of it, for most sellers.
USUAL = LIMIT_MAX


class Reader(Protocol[T]):
    """
    Reads a page of a list.
    """

    def __call__(self, *, after: str, limit: int) -> Page[T]:
        """
        Return what stands behind the cursor *after*.
        """
        ...


def every(read: Reader[T]) -> list[T]:
    """
    Return the whole list, walking its pages.
    """
    found: list[T] = []
    after = ""
    while True:
        page = read(after=after, limit=LIMIT_MAX)
        found.extend(page)
        if not page.next:
            return found
        after = page.next


def paged(page: Page[T], shown: Table) -> Result:
    """
    Show *page*, and how to go on where it is not the last one.
    """
    if page.next:
        return Result(page, (shown, f"more with --after {page.next}"))
    return Result(page, (shown,))
