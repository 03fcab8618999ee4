"""
Which records a CSV file holds, and where it cannot be read.

One damaged cell is a matter of its row. What makes it doubtful where rows begin and end
(bytes that are no UTF-8, a quote that is never closed, a missing column) stops the
whole file: guessing there would lose orders without a word.
"""

import codecs
import csv
import io
from collections.abc import Iterator

from ..domain.kernel.errors import CallerError
from ..domain.kernel.values import frozen
from .file_columns import Sheet

_DELIMITERS = (",", ";")


class FileStoreError(CallerError):
    """
    A file that cannot be read as configured; a person must mend one or the other.
    """

    def __init__(self, *, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


class HeaderError(FileStoreError):
    """
    A header that lacks configured columns, or has one twice.
    """

    def __init__(
        self, *, path: str, missing: tuple[str, ...], repeated: tuple[str, ...]
    ) -> None:
        parts = []
        if missing:
            parts.append(f"the header has no column {', '.join(missing)}")
        if repeated:
            parts.append(f"the header has more than once {', '.join(repeated)}")
        super().__init__(path=path, problem="; ".join(parts))
        self.missing = missing
        self.repeated = repeated


class UndecodableFileError(FileStoreError):
    """
    A file that is no UTF-8 text.

    Attributes:
        byte: Offset of the first byte that is wrong, from 0.

        line: Its line, from 1, the header's line counted.
    """

    def __init__(self, *, path: str, byte: int, line: int, what: str) -> None:
        super().__init__(path=path, problem=f"{what} at byte {byte}, line {line}")
        self.byte = byte
        self.line = line


class UnreadableRecordError(FileStoreError):
    """
    A record whose end is in doubt: quotes that do not match, or an endless cell.

    Attributes:
        record: Its number from 1; 0 is the header.
    """

    def __init__(self, *, path: str, record: int, cause: str) -> None:
        super().__init__(path=path, problem=f"record {record}: {cause}")
        self.record = record
        self.cause = cause


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
    text = _decode(data, path=sheet.path)
    delimiter, columns = _find_delimiter(text, sheet)
    records = _records(text, delimiter=delimiter, path=sheet.path)
    next(records)
    return columns, records


def _decode(data: bytes, *, path: str) -> str:
    skipped = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    try:
        text = data[skipped:].decode()
    except UnicodeDecodeError as error:
        byte, what = error.start + skipped, "no UTF-8"
    else:
        # No database column takes a NUL; it also is what a torn disk block looks like.
        byte, what = data.find(b"\0"), "a NUL"
        if byte < 0:
            return text
    line = data.count(b"\n", 0, byte) + 1
    raise UndecodableFileError(path=path, byte=byte, line=line, what=what)


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
