"""
What a fulfilment file holds behind a known place, and where its last record tore.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import chain

from ..domain.kernel.values import frozen
from ..ports.platforms import Fulfilment, ParcelNotice

HEADER = (
    "idempotency_key",
    "order_number",
    "parcel",
    "carrier",
    "tracking_number",
    "shipped_at",
    "replaces",
    "lines",
)
# A file that was begun before rows said what they replace goes on without.
HEADER_BEFORE = tuple(name for name in HEADER if name != "replaces")
# A spreadsheet takes a cell that begins so for a formula; the wide forms too.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_DELIMITERS = ",;\t"  # a spreadsheet saves with those of its country
_CELL_MAX = 131_072  # what the csv module reads back by default


class DamagedFileError(Exception):
    """
    A file that is not ours, or was damaged before its end; it is left as it is.
    """


class UnwritableError(Exception):
    """
    A fulfilment whose text cannot be read back from a file.
    """


@frozen
class Tail:
    """
    The records from one place of a file to its end.

    Attributes:
        first: All cells of the first complete one; empty where there is none.

        keys: The first cell of each complete one, in order.

        length: How many bytes they take.

        length_read: How many bytes there were; the rest is a torn record.

        missing: What the last record lacks of its line end, if it is complete else.

        delimiter: What parts the cells.
    """

    first: list[str]
    keys: list[str]
    length: int
    length_read: int
    missing: bytes
    delimiter: str


def encode_header() -> bytes:
    """
    Return the first line of a fulfilment file.
    """
    return encode_cells(HEADER)


def encode_notice(
    notice: ParcelNotice, header: tuple[str, ...] = HEADER, *, delimiter: str = ","
) -> bytes:
    """
    Return the line that says *notice*; `read_cell` has every text as it was.

    What a spreadsheet would take for a formula begins with an apostrophe there.

    A parcel that completes no unit has no lines. Another row of a parcel corrects it,
    and the parcel that a row replaces does not count any more.

    Lines come last, as JSON: no beginning of it is JSON too, so that a torn row never
    looks complete.

    Raises:
        UnwritableError: If a text is too long or is no Unicode, or a parcel replaces
            another in a file that has no column for it.
    """
    units = notice.lines if isinstance(notice, Fulfilment) else ()
    lines = [[line.external_line_id, line.quantity] for line in units]
    if notice.replaces and "replaces" not in header:
        msg = "it has no column 'replaces': begin another file"
        raise UnwritableError(msg)
    said = dict(
        zip(
            HEADER,
            (
                notice.idempotency_key,
                notice.number,
                notice.parcel_id,
                notice.carrier,
                notice.tracking_number,
                notice.shipped_at.astimezone(UTC).isoformat(),
                " ".join(notice.replaces),
                json.dumps(lines, separators=(",", ":")),
            ),
            strict=True,
        )
    )
    cells = [inert(said[name]) for name in header]
    for name, cell in zip(header, cells, strict=True):
        if len(cell) > _CELL_MAX:
            msg = f"{name} is longer than {_CELL_MAX} characters"
            raise UnwritableError(msg)
    try:
        return encode_cells(cells, delimiter=delimiter)
    except UnicodeEncodeError:
        msg = "a text holds half a surrogate pair"
        raise UnwritableError(msg) from None


def encode_cells(cells: Iterable[str], *, delimiter: str = ",") -> bytes:
    """
    Return a line of a table in UTF-8.

    Raises:
        UnicodeEncodeError: If a cell holds half a surrogate pair.
    """
    text = io.StringIO()
    # Both line end characters in the terminator: Python before 3.13 quotes only
    # cells that hold one of these.
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(cells)
    return text.getvalue().encode()


def inert(cell: str) -> str:
    """
    Return what a cell holds, so that no spreadsheet takes it for a formula.
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def read_cell(cell: str) -> str:
    """
    Return the text that a cell of a fulfilment file stands for.
    """
    is_guarded = cell.startswith("'") and _FORMULA.match(cell)
    return cell[1:] if is_guarded else cell


class _Lines:
    """
    Decodes lines, and remembers how far the csv reader has come.
    """

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = lines
        self.length = 0
        self.last = b"\n"
        self.exhausted = False

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.length += len(line)
            self.last = line
            yield line.decode()
        self.exhausted = True

    @property
    def line_end_missing(self) -> bytes:
        """
        What the line last given lacks of its end.
        """
        if self.last.endswith(b"\n"):
            return b""
        return b"\n" if self.last.endswith(b"\r") else b"\r\n"

    @property
    def at_end(self) -> bool:
        """
        Whether the line last given is the end of the file, whole or torn.
        """
        return self.exhausted or bool(self.line_end_missing)


def _delimiter_of(header: bytes) -> str:
    """
    Return what parts the cells of a file that begins so; a comma where it is not ours.
    """
    line = header.decode("utf-8-sig", "replace").rstrip("\r\n")
    names = {mark: tuple(line.split(mark)) for mark in _DELIMITERS}
    ours = (HEADER, HEADER_BEFORE)
    return next((mark for mark in _DELIMITERS if names[mark] in ours), ",")


def read_tail(lines: Iterable[bytes], *, delimiter: str = "") -> Tail:
    """
    Read *lines*, split at newlines only, up to the last complete record.

    A record is complete with its newline; the last one also without it, if nothing else
    of it can be missing (an editor may have taken the file's last newline away).

    Args:
        delimiter: What parts the cells; found in the first line if not given.

    Raises:
        DamagedFileError: If a record that is not the last cannot be read.
    """
    remaining = iter(lines)
    if not delimiter:
        header = next(remaining, b"")
        delimiter = _delimiter_of(header)
        remaining = chain([header] if header else [], remaining)
    source = _Lines(remaining)
    first: list[str] = []
    keys: list[str] = []
    length = 0
    try:
        for cells in csv.reader(source, delimiter=delimiter, strict=True):
            if source.line_end_missing and not _is_whole(cells):
                break
            length = source.length
            if cells:  # an empty line is no record
                first = first or cells
                keys.append(read_cell(cells[0]))
    except (csv.Error, UnicodeDecodeError):
        if not source.at_end:
            msg = f"record {len(keys) + 1} from the place read last is damaged"
            raise DamagedFileError(msg) from None
    missing = source.line_end_missing if length == source.length else b""
    return Tail(first, keys, length, source.length, missing, delimiter)


def _is_whole(cells: list[str]) -> bool:
    if tuple(cells) in (HEADER, HEADER_BEFORE):
        return True
    if len(cells) not in (len(HEADER), len(HEADER_BEFORE)):
        return False
    try:
        return isinstance(json.loads(cells[-1]), list)
    except ValueError:
        return False
