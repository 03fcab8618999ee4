"""
Where the records of each order number stand in a file.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import tee

from ..domain.kernel.checks import looks_damaged
from .file_layout import Layout
from .file_rows import RowReader, RowSaid
from .file_table import Table


class FileIndex:
    """
    Finds the records of an order number, wherever they stand.

    Nothing else is kept of a record: what it says is read when it is asked for, so that
    a large file takes little more memory than its text.

    Attributes:
        first_rows: The key of each order number -> its first row, in their order. What
            has no number that can be trusted has its row for a key: such records have
            nothing in common.

        followed: The keys of orders below which a record stands that has no number.

        notes: What was found out about the records, for people, and how often.
    """

    first_rows: Mapping[str | int, int]
    followed: AbstractSet[str]
    notes: Mapping[str, int]

    def __init__(self, table: Table, reader: RowReader, layout: Layout) -> None:
        """
        Go through a whole file.

        Raises:
            FileStoreError: If a record cannot be told from the next one.
        """
        self._reader = reader
        self._records = table.records
        self._places = array("Q")
        self._next = array("Q")  # per row, the next one of its key; 0 for none
        first: dict[str | int, int] = {}
        last: dict[str | int, int] = {}
        followed: set[str] = set()
        notes = Counter[str]()
        cancelling: list[tuple[int, str]] = []
        before, its_key = "", ""  # of the record above
        for row, (place, cells) in enumerate(table.records.placed(), start=1):
            self._places.append(place)
            self._next.append(0)
            number = reader.number_of(cells)
            if words := self._passed_over(row, number, cells, layout):
                notes[words] += 1
                before, its_key = "", ""
                continue
            for words in reader.notes_of(cells):
                notes[words] += 1
            if number and number == before:  # mostly records of an order stand together
                self._chain(its_key, row, first, last)
                continue
            if not number:
                self._chain(
                    self._below(its_key, row, cells, followed), row, first, last
                )
                continue
            # A number that was rounded is of nobody knows how many orders.
            is_known = not looks_damaged(number)
            is_note = is_known and bool(reader.cancelled_by(number))
            is_order = is_known and not is_note
            before, its_key = (number, reader.key_of(number)) if is_order else ("", "")
            if is_note:
                cancelling.append((row, number))
            else:
                self._chain(its_key or row, row, first, last)
        for row, number in cancelling:  # once all orders are known
            named = reader.cancelled_by(number)
            key = named if named in first else reader.key_of(number)
            self._chain(key, row, first, last)
        if cancelling:
            first = dict(sorted(first.items(), key=lambda pair: pair[1]))
        self.first_rows, self.followed, self.notes = first, followed, notes

    def _passed_over(
        self, row: int, number: str, cells: list[str], layout: Layout
    ) -> str:
        """
        Say why a record is none; empty where it is one.
        """
        if row == 1 and layout.profile.is_described and _describes(layout, cells):
            return "a row that describes the columns is left out"
        footer = self._reader.footer_of(number, cells)
        return f"row {row} is no order: {footer}" if footer else ""

    def _below(
        self, key: str, row: int, cells: list[str], followed: set[str]
    ) -> str | int:
        """
        Return the key of a record without a number: that of the order above if it is
        configured so, else one of its own; then that order is one that is *followed*.
        """
        if key and self._reader.continues:
            return key
        if key and self._reader.may_be_line(cells):
            followed.add(key)
        return row

    def _chain(
        self,
        key: str | int,
        row: int,
        first: dict[str | int, int],
        last: dict[str | int, int],
    ) -> None:
        if key in last:
            self._next[last[key] - 1] = row
        else:
            first[key] = row
        last[key] = row

    def said(self, key: str | int) -> list[RowSaid]:
        """
        Return what the records of an order number say, in order.
        """
        rows = self._rows_of(key)
        records = self._records.at([self._places[row - 1] for row in rows])
        return self._read(rows, records)

    def each(self) -> Iterator[tuple[str | int, list[RowSaid]]]:
        """
        Yield every key with what its records say; records that stand together are read
        one after the other.
        """
        found, to_read = tee(map(self._rows_of, self.first_rows))
        places = (self._places[row - 1] for rows in to_read for row in rows)
        records = iter(self._records.at(places))
        for key, rows in zip(self.first_rows, found, strict=True):
            yield key, self._read(rows, records)

    def _read(self, rows: Sequence[int], records: Iterable[list[str]]) -> list[RowSaid]:
        """
        Read as many *records* as there are *rows*, all of one order number.
        """
        said: list[RowSaid] = []
        number = ""
        for row, cells in zip(rows, records, strict=False):
            known = cells
            if self._reader.continues:
                known = self._reader.numbered(cells, number)
                number = self._reader.number_of(known)
            said.append(self._reader.read(row, known))
        return said

    def __iter__(self) -> Iterator[RowSaid]:
        """
        Yield what every record of an order number says, one number after the other.
        """
        for _, said in self.each():
            yield from said

    def _rows_of(self, key: str | int) -> list[int]:
        rows: list[int] = []
        row = self.first_rows[key]
        while row:
            rows.append(row)
            row = self._next[row - 1]
        rows.sort()  # a cancellation note may stand before its order
        return rows


def _describes(layout: Layout, cells: list[str]) -> bool:
    return not any(c.isdigit() for c in layout.cell(cells, "quantity"))
