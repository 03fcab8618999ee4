"""
The records of a file: read in order, and once more by their place.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from .file_errors import UnreadableRecordError
from .file_text import Rows

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


class Records(Protocol):
    """
    What stands below a header, to be read in order or once more by its place.
    """

    def placed(self) -> Iterator[tuple[int, list[str]]]:
        """
        Yield the records in which something stands, each with its place.
        """
        ...

    def at(self, places: Iterable[int]) -> Iterator[list[str]]:
        """
        Yield the records of places that `placed` gave.
        """
        ...


class SheetRecords:
    """
    The records of a workbook's sheet.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._first = 0

    def cut(self, head: int) -> tuple[Rows, list[str]]:
        """
        Return the rows above the header and the header; what follows are the records.
        """
        self._first = head + 1
        return self._rows[:head], self._rows[head]

    def placed(self) -> Iterator[tuple[int, list[str]]]:
        """
        Yield the records in which something stands, each with its place.
        """
        for place in range(self._first, len(self._rows)):
            if is_said(self._rows[place]):
                yield place, self._rows[place]

    def at(self, places: Iterable[int]) -> Iterator[list[str]]:
        """
        Yield the records of places that `placed` gave.
        """
        return (self._rows[place] for place in places)


class TextRecords:
    """
    The records of a text. Their cells are not kept: a large file is its text alone.
    """

    def __init__(
        self, text: str, delimiter: str, path: str, *, quoted: bool = True
    ) -> None:
        self._text = text
        self._delimiter = delimiter
        self._path = path
        self._quoted = quoted
        self._first, self._above = 0, 0
        # Lines that all end alike are found faster.
        self._is_even = text.count("\r") == text.count("\r\n")

    def cut(self, head: int) -> tuple[Rows, list[str]]:
        """
        Return the rows above the header and the header; what follows are the records.
        """
        found: Rows = []
        self._above = head + 1
        for place, cells in self._from(0):
            if len(found) > head:
                self._first = place
                break
            found.append(cells)
        else:
            self._first = len(self._text)
        return found[:head], found[head]

    def placed(self) -> Iterator[tuple[int, list[str]]]:
        """
        Yield the records in which something stands, each with its place.

        Raises:
            UnreadableRecordError: If one of them cannot be told from the next.
        """
        below = self._from(self._first, above=self._above)
        return (one for one in below if is_said(one[1]))

    def at(self, places: Iterable[int]) -> Iterator[list[str]]:
        """
        Yield the records of places that `placed` gave.
        """
        following: Iterator[tuple[int, list[str]]] = iter(())
        for place in places:
            found = next(following, None)
            if found is None or found[0] != place:  # mostly they stand together
                following = self._from(place)
                found = next(following)
            yield found[1]

    def _from(self, start: int, *, above: int = 0) -> Iterator[tuple[int, list[str]]]:
        return records_of(
            self._text,
            self._delimiter,
            self._path,
            quoted=self._quoted,
            start=start,
            above=above,
            is_even=self._is_even,
        )


def records_of(
    text: str,
    delimiter: str,
    path: str,
    *,
    quoted: bool = True,
    start: int = 0,
    above: int = 0,
    is_even: bool = False,
) -> Iterator[tuple[int, list[str]]]:
    """
    Yield the records from the place *start* on, each with its place in the text.

    Args:
        above: How many records stand before it, for errors to count.

        is_even: Whether every line is known to end with a line feed, with or without a
            carriage return before it.

    Raises:
        UnreadableRecordError: If a quote is never closed, or the like.
    """
    end = start

    def even_lines() -> Iterator[str]:
        nonlocal end
        while end < len(text):
            begin, end = end, text.find("\n", end) + 1 or len(text)
            yield text[begin:end]

    def lines() -> Iterator[str]:
        nonlocal end
        for found in _LINE.finditer(text, start):
            end = found.end()
            yield found[0]

    # Strict: else a quote that is never closed would silently swallow every row
    # behind it.
    reader = csv.reader(
        even_lines() if is_even else lines(),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        strict=True,
    )
    record, place = above, start
    try:
        for cells in reader:
            if cells:
                yield place, cells
                record += 1
            place = end
    except csv.Error as error:
        raise UnreadableRecordError(
            path=path, record=record, cause=str(error)
        ) from None


def is_said(row: Sequence[str]) -> bool:
    """
    Tell whether something stands in a record.
    """
    said = "".join(row)
    return bool(said) and not said.isspace()
