"""
Where the records of each order number stand in a file.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from .file_cells import looks_damaged
from .file_layout import Layout
from .file_rows import RowReader, RowSaid
from .file_table import Table


class FileIndex:
    """
    Finds the records of an order number, wherever they stand.

    Nothing else is kept of a record: what it says is read when it is asked for, so that
    a large file takes little more memory than its text.

    Attributes:
        rows: The key of each order number -> its rows, in the order of the first ones.
            What has no number that can be trusted has its row for a key: such records
            have nothing in common.

        notes: What was found out about the records, for people, and how often.
    """

    rows: Mapping[str | int, Sequence[int]]
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
        rows: dict[str | int, list[int]] = {}
        notes = Counter[str]()
        for row, (place, cells) in enumerate(table.records.placed(), start=1):
            self._places.append(place)
            if row == 1 and layout.profile.is_described and _describes(layout, cells):
                notes["a row that describes the columns is left out"] += 1
                continue
            number = reader.number_of(cells)
            if footer := reader.footer_of(number, cells):
                notes[f"row {row} is no order: {footer}"] += 1
                continue
            notes.update(reader.notes_of(cells))
            # A number that was rounded is of nobody knows how many orders.
            is_known = number and not looks_damaged(number)
            rows.setdefault(reader.key_of(number) if is_known else row, []).append(row)
        self.rows, self.notes = rows, notes

    def said(self, rows: Sequence[int]) -> list[RowSaid]:
        """
        Return what records say, by their rows.
        """
        records = self._records.at([self._places[row - 1] for row in rows])
        return list(map(self._reader.read, rows, records))

    def __iter__(self) -> Iterator[RowSaid]:
        """
        Yield what every record of an order number says, one number after the other.
        """
        for rows in self.rows.values():
            yield from self.said(rows)


def _describes(layout: Layout, cells: list[str]) -> bool:
    return not any(c.isdigit() for c in layout.cell(cells, "quantity"))
