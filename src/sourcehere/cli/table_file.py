"""
Files of records as staff have them: CSV with a header, a JSON list, an Excel sheet.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from ..builtin.file_cells import plain_text
from ..builtin.file_errors import FileStoreError
from ..builtin.file_table import read_rows as read_cells
from ..builtin.file_text import number_text
from ..domain.kernel.checks import looks_damaged
from .errors import UsageError
from .reading import read_json

Row = Mapping[str, str]


def read_rows(path: Path) -> list[Row]:
    """
    Read every record as column -> text: JSON where the file is named so, else a
    workbook or a text, in whatever encoding, as it is.

    Raises:
        UsageError: If it cannot be read, or there is no record in it.
    """
    is_json = path.suffix.lower() == ".json"
    rows = _json_rows(path) if is_json else _table_rows(path)
    if not rows:
        message = f"{path}: there is no record in it"
        raise UsageError(message)
    return rows


def _table_rows(path: Path) -> list[Row]:
    try:
        header, *rows = read_cells(path.read_bytes(), path=str(path)) or [[]]
    except OSError as error:
        message = f"{path}: {error.strerror or error}"
        raise UsageError(message) from None
    except FileStoreError as error:
        advice = f"; {error.advice}" if error.advice else ""
        message = f"{error}{advice}"
        raise UsageError(message) from None
    names = [name.strip() for name in header]
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        message = f"{path}: the header has {', '.join(twice)} twice: leave one of them"
        raise UsageError(message)
    return [_record(path, number, names, row) for number, row in enumerate(rows, 1)]


def _record(path: Path, number: int, names: list[str], row: list[str]) -> Row:
    if any(cell.strip() for cell in row[len(names) :]):
        had, named = len(row), len(names)
        message = f"{path}: record {number} has {had} cells, the header {named}"
        raise UsageError(message)
    cells = [*row, *[""] * (len(names) - len(row))]
    said = zip(names, cells, strict=False)
    return {name: _meant(cell) for name, cell in said if name}


def _meant(cell: str) -> str:
    """
    Return the text that a cell stands for, `00123` for `="00123"` and `'00123`; a title
    may begin with an apostrophe of its own.
    """
    text = plain_text(cell)
    return text if text.isdecimal() or cell.lstrip().startswith("=") else cell


def require_exact(row: Row, names: Iterable[str]) -> None:
    """
    Refuse a record in which a spreadsheet rounded a long number, `9.40551E+21`: nobody
    knows which it was, and two of them look the same.

    Raises:
        UsageError: If one of the columns *names* has such a number.
    """
    for name in names:
        if looks_damaged(text := row.get(name, "")):
            message = (
                f"{name} is {text.strip()}, as a spreadsheet rounds a long number; let"
                " it keep that column as text, and fill it in anew"
            )
            raise UsageError(message)


def _json_rows(path: Path) -> list[Row]:
    found = read_json(path)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        message = f"{path}: expected a JSON list of objects, one per variant"
        raise UsageError(message)
    return [{str(n): _as_cell(v) for n, v in row.items()} for row in found]


def _as_cell(value: object) -> str:
    if isinstance(value, list):
        return " ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number_text(value)  # a spreadsheet has no whole numbers
    return "" if value is None else str(value)
