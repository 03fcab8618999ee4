"""
What a file is: text in some encoding, a workbook, or nothing that holds a table.
"""

import codecs
import datetime as dt
import io
import math
from collections.abc import Sequence

from ..domain.kernel.values import frozen
from .file_encodings import is_utf8, likely_encoding
from .file_errors import FileStoreError, NoTableError, UndecodableFileError

_SIGNED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_EXACT = 10**15  # a spreadsheet keeps no more digits
_HALF_SECOND = dt.timedelta(milliseconds=500)
_SAMPLE = 2**18  # bytes that say which encoding it is
_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NO_TABLES = (
    (b"%PDF", "a PDF document", "export the orders as CSV"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
    (b"\x89PNG", "a picture", "export the orders as CSV"),
    (b"\xff\xd8\xff", "a picture", "export the orders as CSV"),
)
_PAGE = (
    "log in to the shop and export again, or open it in a spreadsheet and save it as"
    " CSV"
)
_INSTALL_EXCEL = "install sourcehere[files], or save the sheet as CSV"
_SAY_ENCODING = "say its `encoding`, such as cp1252, or save it as UTF-8"


@frozen
class Text:
    """
    The text of a file.

    Attributes:
        encoding: As it was found; empty for UTF-8, which needs no word.
    """

    text: str
    encoding: str = ""


Rows = list[list[str]]


def is_workbook(data: bytes) -> bool:
    """
    Tell whether *data* is a file of Excel's, or one like it.
    """
    return data.startswith(_EXCEL)


def decode(data: bytes, *, path: str, encoding: str = "") -> Text:
    """
    Return the text of a file.

    Args:
        encoding: As the user says; where it is empty, what the bytes say.

    Raises:
        NoTableError: If it is no text at all, or a web page.

        UndecodableFileError: If it is no text in its encoding, or holds a NUL.
    """
    for begins, what, advice in _NO_TABLES:
        if data.startswith(begins):
            raise NoTableError(path=path, problem=f"this is {what}", advice=advice)
    found = _decoded(data, path=path, encoding=encoding)
    place = found.text.find("\0")
    if place >= 0:
        # No database column takes it; it is what a torn disk block looks like, too.
        line = found.text.count("\n", 0, place) + 1
        byte = place if found.encoding else data.find(b"\0")
        raise UndecodableFileError(path=path, byte=byte, line=line, what="a NUL")
    start = found.text.lstrip()[:100].lower()
    if start.startswith(("<!doctype", "<html", "<?xml", "<table", "<head", "<body")):
        problem = "this is a web page, not a table"
        raise NoTableError(path=path, problem=problem, advice=_PAGE)
    return found


def _decoded(data: bytes, *, path: str, encoding: str) -> Text:
    for mark, name in _SIGNED:
        if data.startswith(mark) and (not encoding or name == "utf-8-sig"):
            return _as(data, name, path, shown="" if name == "utf-8-sig" else name)
    if encoding:
        return _as(data, encoding, path, shown=encoding)
    try:
        return Text(data.decode())
    except UnicodeDecodeError as error:
        sample = _around(data, error.start)
        name = "" if is_utf8(data) else likely_encoding(sample)
        if name:
            return _as(data, name, path, shown=name)
        raise _wrong(data, error, path) from None


def _around(data: bytes, place: int) -> bytes:
    return data[max(0, place - _SAMPLE // 2) :][:_SAMPLE]


def _as(data: bytes, encoding: str, path: str, *, shown: str) -> Text:
    try:
        return Text(data.decode(encoding), shown)
    except LookupError:
        problem = f"no encoding is called {encoding!r}"
        raise FileStoreError(path=path, problem=problem, advice=_SAY_ENCODING) from None
    except UnicodeDecodeError as error:
        raise _wrong(data, error, path) from None


def _wrong(data: bytes, error: UnicodeDecodeError, path: str) -> UndecodableFileError:
    byte = error.start + len(data) - len(error.object)  # the mark before it counts
    name = "UTF-8" if error.encoding == "utf-8" else error.encoding
    return UndecodableFileError(
        path=path,
        byte=byte,
        line=data.count(b"\n", 0, byte) + 1,
        what=f"no {name}",
        advice=_SAY_ENCODING,
    )


def read_workbook(data: bytes, *, path: str) -> Rows:
    """
    Return the rows of the first sheet, every cell as the text that it shows.

    Raises:
        FileStoreError: If nothing here reads workbooks, or this one is damaged.
    """
    try:
        from python_calamine import (  # noqa: PLC0415 - optional
            CalamineError,
            CalamineWorkbook,
        )
    except ImportError:
        problem = "this is an Excel workbook"
        raise FileStoreError(
            path=path, problem=problem, advice=_INSTALL_EXCEL
        ) from None
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            rows: Sequence[Sequence[object]] = book.get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, IndexError) as error:
        problem = f"this is no Excel workbook that can be read: {error}"
        raise NoTableError(path=path, problem=problem, advice=_PAGE) from None
    return [[_shown(cell) for cell in row] for row in rows]


def number_text(number: float) -> str:
    """
    Return a spreadsheet's number as text: one with more digits than it keeps as it
    shows that, `5.83871E+17`.
    """
    if not math.isfinite(number) or not number.is_integer():
        return repr(number).upper()
    return str(int(number)) if abs(number) < _EXACT else f"{number:.15G}"


def _shown(cell: object) -> str:
    """
    Return a spreadsheet's cell as text. It has no whole numbers, so that 1001.0 is
    1001.
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return number_text(cell)
    if isinstance(cell, dt.datetime):
        # Kept as a part of a day, so that a second may be a thousandth too short.
        if cell.year < dt.MAXYEAR:
            cell += _HALF_SECOND
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return "" if cell is None else str(cell)
