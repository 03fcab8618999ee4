"""
Files of records as staff have them: CSV with a header, a JSON list, an Excel sheet.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from .errors import UsageError
from .reading import read_json, read_text

Row = Mapping[str, str]
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_INSTALL = "install sourcehere[files], or save the sheet as CSV"


def read_rows(path: Path) -> list[Row]:
    """
    Read every record as column -> text, by what the file's name ends in: `.json`, an
    Excel file's ending, else CSV.

    Raises:
        UsageError: If it cannot be read, or there is no record in it.
    """
    if path.suffix.lower() == ".json":
        rows = _json_rows(path)
    elif path.suffix.lower() in _WORKBOOKS:
        rows = _workbook_rows(path)
    else:
        rows = _csv_rows(path)
    if not rows:
        message = f"{path}: there is no record in it"
        raise UsageError(message)
    return rows


def _csv_rows(path: Path) -> list[Row]:
    lines = read_text(path).splitlines()
    delimiter = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    return [
        {(name or "").strip(): value or "" for name, value in row.items() if name}
        for row in reader
    ]


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


def _workbook_rows(path: Path) -> list[Row]:
    """
    Read the first sheet, whose first row names the columns.
    """
    try:
        from python_calamine import (  # noqa: PLC0415 - optional
            CalamineError,
            CalamineWorkbook,
        )
    except ImportError:
        message = f"{path}: reading Excel files needs python-calamine; {_INSTALL}"
        raise UsageError(message) from None
    try:
        with CalamineWorkbook.from_path(path) as book:
            header, *rows = book.get_sheet_by_index(0).to_python() or [[]]
    except (CalamineError, OSError) as error:
        message = f"{path}: it cannot be read as an Excel file: {error}"
        raise UsageError(message) from error
    names = [_as_cell(name).strip() for name in header]
    return [
        {name: _as_cell(value) for name, value in zip(names, row, strict=False) if name}
        for row in rows
        if any(_as_cell(value).strip() for value in row)
    ]
