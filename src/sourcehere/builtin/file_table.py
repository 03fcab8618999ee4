"""
Which records a file holds: where its header is, what parts its cells, what it is of.

One damaged cell is a matter of its row. What makes it doubtful where rows begin and end
(bytes that are no text, a quote that is never closed, a missing column) stops the
whole file: guessing there would lose orders without a word.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence

from ..domain.kernel.values import frozen
from .file_errors import FileStoreError, HeaderError, UnreadableRecordError
from .file_records import Records, SheetRecords, TextRecords, is_said, records_of
from .file_text import Rows, decode, is_workbook, read_workbook

_DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_HINT = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n", re.IGNORECASE)
_PREAMBLE = 20  # rows among which the header is


@frozen
class Table:
    """
    A file's header and records, verbatim.

    Attributes:
        header: Its titles, without the spaces around them.

        records: Those below it in which something stands.

        preamble: Rows above the header in which something stands.

        notes: What was found out about the file, for people.
    """

    header: tuple[str, ...]
    records: Records
    preamble: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> Iterator[list[str]]:
        """
        The records, in order.
        """
        return (cells for _, cells in self.records.placed())


Fits = Callable[[Sequence[str]], int]
"""
Tells how many of the columns that are looked for a row has as a header has them; none
where it lacks one that there has to be.
"""


def read_table(
    data: bytes,
    *,
    path: str,
    fits: Fits,
    missing: Callable[[Sequence[str]], FileStoreError],
    encoding: str = "",
    is_quoted: Callable[[Sequence[str]], bool] = lambda _: True,
) -> Table:
    """
    Return the records of a file: text whose cells are parted by commas, semicolons,
    tabs or bars, or the first sheet of a workbook.

    Args:
        missing: Makes the error for a header that fits nothing.

        encoding: Of the text; found out where it is empty.

        is_quoted: Tells by a header whether cells may be quoted.

    Raises:
        FileStoreError: If it cannot be read.
    """
    if is_workbook(data):
        rows = read_workbook(data, path=path)
        head = _head_in(rows[:_PREAMBLE], fits)
        if head is None:
            raise missing(_first(rows))
        what = "an Excel workbook: its first sheet"
        return _table(SheetRecords(rows), head, notes=(what,))
    text = decode(data, path=path, encoding=encoding)
    notes: tuple[str, ...] = ()
    if text.encoding:
        notes = (f"its encoding is {text.encoding}",)
    delimiter, head, body = _place(text.text, fits, missing, path)
    if delimiter != ",":
        notes = (*notes, f"its cells are parted by {_NAMES.get(delimiter, delimiter)}")
    _, first = next(itertools.islice(records_of(body, delimiter, path), head, None))
    quoted = delimiter != "\t" or is_quoted(first)
    return _table(TextRecords(body, delimiter, path, quoted=quoted), head, notes=notes)


def read_rows(data: bytes, *, path: str) -> Rows:
    """
    Return the records of a file whose first one is its header, whatever its columns.

    Raises:
        FileStoreError: If it cannot be read.
    """
    if is_workbook(data):
        return [row for row in read_workbook(data, path=path) if is_said(row)]
    text = decode(data, path=path).text
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    return [cells for _, cells in records_of(text, delimiter, path) if is_said(cells)]


def _place(
    text: str,
    fits: Fits,
    missing: Callable[[Sequence[str]], FileStoreError],
    path: str,
) -> tuple[str, int, str]:
    """
    Return what parts the cells, which record the header is, and the text of records.
    """
    hint = _HINT.match(text)
    body = text[hint.end() :] if hint else text
    best: tuple[int, str, int] | None = None
    failures: list[FileStoreError] = []
    for delimiter in (hint[1],) if hint else _DELIMITERS:
        rows: Rows = []
        try:
            found = itertools.islice(records_of(body, delimiter, path), _PREAMBLE)
            rows.extend(cells for _, cells in found)
        except UnreadableRecordError as error:
            failures.append(error)  # below the header, if that is among those before
        head = _head_in(rows, fits)
        if head is None:
            failures.append(missing(_widest(rows)))
            continue
        count = fits(rows[head])
        if best is None or count > best[0]:
            best = (count, delimiter, head)
    if best is None:
        raise min(failures, key=_missing_count)
    return best[1], best[2], body


def _head_in(rows: Sequence[list[str]], fits: Fits) -> int | None:
    found = [(fits(row), -place) for place, row in enumerate(rows)]
    count, place = max(found, default=(0, 0))
    return -place if count else None


def _first(rows: Rows) -> list[str]:
    return rows[0] if rows else []


def _widest(rows: Rows) -> list[str]:
    return max(rows, key=len, default=[])


def _missing_count(error: FileStoreError) -> float:
    return len(error.missing) if isinstance(error, HeaderError) else float("inf")


def _table(
    records: SheetRecords | TextRecords, head: int, *, notes: tuple[str, ...]
) -> Table:
    """
    Cut *records* at their header.
    """
    above, header = records.cut(head)
    return Table(
        header=tuple(title.strip() for title in header),
        records=records,
        preamble=tuple(line for row in above if (line := " ".join(_words(row)))),
        notes=notes,
    )


def _words(row: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in row if cell.strip()]
