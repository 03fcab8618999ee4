"""
Files of records as staff have them: CSV with a header, a JSON list, an Excel sheet.
"""

from collections.abc import Mapping
from pathlib import Path

from ..builtin.file_errors import FileStoreError
from ..builtin.file_table import read_rows as read_cells
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
    return [_record(path, number, names, row) for number, row in enumerate(rows, 1)]


def _record(path: Path, number: int, names: list[str], row: list[str]) -> Row:
    if any(cell.strip() for cell in row[len(names) :]):
        had, named = len(row), len(names)
        message = f"{path}: record {number} has {had} cells, the header {named}"
        raise UsageError(message)
    cells = [*row, *[""] * (len(names) - len(row))]
    return {name: cell for name, cell in zip(names, cells, strict=False) if name}


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
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a spreadsheet has no whole numbers
    return "" if value is None else str(value)
