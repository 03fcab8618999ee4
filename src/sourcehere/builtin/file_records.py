"""
Which records a CSV file holds, and where it cannot be read.

One damaged cell is a matter of its row. What makes it doubtful where rows begin and end
(bytes that are no UTF-8, a quote that is never closed, a missing column) stops the
whole file: guessing there would lose orders without a word.
"""

import csv
import io
from collections.abc import Iterator

from ..domain.kernel.values import frozen
from .file_columns import Sheet
from .file_errors import FileStoreError, HeaderError, UnreadableRecordError
from .file_text import decode

_DELIMITERS = (",", ";")


@frozen
class Columns:
    """
    Where each of our columns stands in a record.

    Attributes:
        width: How many cells a record must have.

        positions: Our name -> index; a column that the file lacks is not in it.
    """

    width: int
    positions: dict[str, int]

    def shape_problem(self, cells: list[str]) -> str:
        """
        Say what is wrong with the number of a record's cells; empty where nothing is.
        """
        if len(cells) == self.width:
            return ""
        return f"{len(cells)} cells, the header has {self.width}"

    def cell(self, cells: list[str], name: str) -> str:
        """
        Return the cell of column *name*; empty where the file or the row has none.
        """
        position = self.positions.get(name)
        if position is None or position >= len(cells):
            return ""
        return cells[position]


def read_records(data: bytes, sheet: Sheet) -> tuple[Columns, Iterator[list[str]]]:
    """
    Return the columns of a file's header and its records, in order, verbatim.

    The delimiter is the one by which the header has the configured columns. Empty lines
    are no records and are not counted.

    Raises:
        UndecodableFileError: If *data* is no UTF-8, or holds a NUL.

        HeaderError: If a configured column is missing or ambiguous.

        UnreadableRecordError: If the end of a record is in doubt; raised while
            iterating too.
    """
    text = decode(data, path=sheet.path).text
    delimiter, columns = _find_delimiter(text, sheet)
    records = _records(text, delimiter=delimiter, path=sheet.path)
    next(records)
    return columns, records


def _records(text: str, *, delimiter: str, path: str) -> Iterator[list[str]]:
    # Strict: else a quote that is never closed would silently swallow every row
    # behind it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    record = 0
    try:
        for cells in reader:
            if cells:
                yield cells
                record += 1
    except csv.Error as error:
        raise UnreadableRecordError(
            path=path, record=record, cause=str(error)
        ) from None


def _find_delimiter(text: str, sheet: Sheet) -> tuple[str, Columns]:
    failures: list[FileStoreError] = []
    for delimiter in _DELIMITERS:
        try:
            header = next(_records(text, delimiter=delimiter, path=sheet.path), [])
            return delimiter, _place(header, sheet)
        except FileStoreError as error:
            failures.append(error)
    raise min(failures, key=_missing_count)


def _missing_count(error: FileStoreError) -> float:
    return len(error.missing) if isinstance(error, HeaderError) else float("inf")


def _place(header: list[str], sheet: Sheet) -> Columns:
    titles = [title.strip() for title in header]
    wanted = {
        name: title
        for name, title in sheet.titles.items()
        if title in titles or name not in sheet.unasked
    }
    if sheet.prefix:
        found = [t for t in titles if t.startswith(sheet.prefix) and t != sheet.prefix]
        wanted = {**dict(zip(found, found, strict=True)), **wanted}
    missing = tuple(title for title in wanted.values() if title not in titles)
    repeated = tuple(
        dict.fromkeys(title for title in wanted.values() if titles.count(title) > 1)
    )
    if missing or repeated:
        raise HeaderError(path=sheet.path, missing=missing, repeated=repeated)
    positions = {name: titles.index(title) for name, title in wanted.items()}
    return Columns(len(titles), positions)
