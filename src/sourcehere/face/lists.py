"""
Lists, page by page: a cursor says where a page ended, and belongs to one list only.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from ..domain.kernel.checks import check_int64, check_text
from ..domain.kernel.errors import CallerError, InvalidInputError
from ..domain.kernel.values import frozen
from ..ports.storage import ColumnKind, Index, Key, Value

T = TypeVar("T")
R = TypeVar("R")
LIMIT_MAX = 500
_DIGEST = 6


class InvalidCursorError(CallerError):
    """
    A cursor that this list did not give: begin with the first page, without one.
    """

    def __init__(self, *, cursor: str) -> None:
        shown = cursor if len(cursor) < 80 else cursor[:79] + "…"  # noqa: PLR2004 - a line
        super().__init__(
            f"after: {shown!r} is no cursor of this list;"
            " leave it out for the first page"
        )
        self.cursor = cursor


@frozen
class Page(Generic[T]):
    """
    Some items of a list, in its order.

    Attributes:
        next: Pass it as `after` to get the next page; empty on the last page.
    """

    items: tuple[T, ...]
    next: str

    def __iter__(self) -> Iterator[T]:
        """
        Walk the items of this page.
        """
        return iter(self.items)

    def __len__(self) -> int:
        """
        Count the items of this page.
        """
        return len(self.items)


@frozen
class Cursor:
    """
    Makes and reads the cursors of one list with its filters.

    Attributes:
        of: The list's name and everything it is filtered by.

        index: The way the list is read by.
    """

    of: tuple[Value, ...]
    index: Index

    def write(self, key: Key) -> str:
        """
        Return the cursor behind the item that has *key*.
        """
        text = json.dumps([self._mark, *key], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def read(self, cursor: str) -> Key | None:
        """
        Return the key that *cursor* stands behind; None for the first page.

        Raises:
            InvalidCursorError: If this list did not give it.
        """
        if not cursor:
            return None
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            told = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            mark, *key = told
        except (binascii.Error, ValueError, TypeError, RecursionError):
            raise InvalidCursorError(cursor=cursor) from None
        if mark != self._mark or not self._fits(key):
            raise InvalidCursorError(cursor=cursor)
        return tuple(key)

    @property
    def _mark(self) -> str:
        told = repr((self.of, self.index.name))
        return hashlib.blake2b(told.encode(), digest_size=_DIGEST).hexdigest()

    def _fits(self, key: list[object]) -> bool:
        """
        Tell whether *key* has a value of the right kind for every column of the order.
        """
        table = self.index.table
        kinds = [table.columns[table.position[c]].kind for c in self.index.sort_columns]
        if len(kinds) != len(key):
            return False
        for kind, value in zip(kinds, key, strict=True):
            check = check_text if kind is ColumnKind.TEXT else check_int64
            try:
                check("after", value)
            except InvalidInputError:
                return False
        return True


def check_limit(limit: int) -> None:
    """
    Accept 1 to 500 items a page.

    Raises:
        InvalidInputError: If *limit* is outside.
    """
    if not 1 <= limit <= LIMIT_MAX:
        raise InvalidInputError(field="limit", value=limit, expected="1 to 500")


Found = tuple[list[tuple[Key, T]], bool]


def paged(
    read: Callable[[Key | None], Found[T]],
    convert: Callable[[T], R],
    cursor: Cursor,
    *,
    after: str,
) -> Page[R]:
    """
    Make a page of what *read* finds behind a key, and say where the next one begins.

    Args:
        read: Returns pairs of (key, item), and whether there are more.

    Raises:
        InvalidCursorError: If *after* is no cursor of this list.
    """
    found, has_more = read(cursor.read(after))
    following = cursor.write(found[-1][0]) if has_more else ""
    return Page(tuple(convert(item) for _, item in found), following)


@frozen
class Part(Generic[T]):
    """
    One of several lists that are read as one.

    Attributes:
        read: Returns what stands behind a key, up to a number of items, and whether
            there are more.
    """

    cursor: Cursor
    read: Callable[[Key | None, int], Found[T]]


def chained(
    parts: Sequence[Part[T]], convert: Callable[[T], R], *, after: str, limit: int
) -> Page[R]:
    """
    Make a page of lists one after the other, as if they were one.

    Raises:
        InvalidCursorError: If *after* is no cursor of one of them.
    """
    start, key = _where(parts, after)
    items: list[R] = []
    following = ""
    for part in parts[start:]:
        room = limit - len(items)
        # Of a full page only whether anything follows is asked.
        found, has_more = part.read(key, room or 1)
        if found and not room:
            return Page(tuple(items), following)
        items.extend(convert(item) for _, item in found)
        following = part.cursor.write(found[-1][0]) if found else following
        if has_more:
            return Page(tuple(items), following)
        key = None
    return Page(tuple(items), "")


def _where(parts: Sequence[Part[T]], after: str) -> tuple[int, Key | None]:
    for place, part in enumerate(parts):
        try:
            return place, part.cursor.read(after)
        except InvalidCursorError:
            continue
    raise InvalidCursorError(cursor=after)
