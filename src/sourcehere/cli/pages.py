"""
Lists page by page, as the shell goes through them.
"""

from typing import TypeVar

from ..face.exported import Reader, whole
from ..face.lists import LIMIT_MAX, Page
from .output import Result, Table

T = TypeVar("T")
# Of lists that are usually short: all of it, for most sellers.
USUAL = LIMIT_MAX


def every(read: Reader[T]) -> list[T]:
    """
    Return the whole list, walking its pages.
    """
    return list(whole(read))


def paged(page: Page[T], shown: Table) -> Result:
    """
    Show *page*, and how to go on where it is not the last one.
    """
    if page.next:
        return Result(page, (shown, f"more with --after {page.next}"))
    return Result(page, (shown,))
