"""
Lists as files for spreadsheets and programs: CSV, JSON lines, Excel.

Rows are written as they are read, so that a long list takes no more memory.
"""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal, Protocol, TextIO

from cyclopts import Parameter, Token

from ..domain.kernel.values import frozen
from ..domain.kernel.words import counted
from ..face.exported import Cell
from .context import Context
from .errors import UsageError
from .kept_files import require_free
from .output import Result, standard_output, tell_progress
from .plain_text import plain
from .whole_files import whole

if TYPE_CHECKING:  # optional
    from xlsxwriter.worksheet import Worksheet

Row = Mapping[str, Cell]
Format = Literal["csv", "jsonl", "xlsx"]
# What a spreadsheet takes for a formula; the wide forms of these signs, too.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_TOLD_EVERY = 500  # rows
_ROWS_MAX = 1_048_575  # below a header, in one sheet


def _file_of(_: object, tokens: Sequence[Token]) -> Path | None:
    """
    Return the file that is meant; none by `-`, as of other commands.
    """
    (token,) = tokens
    return None if token.value == "-" else Path(token.value)


Output = Annotated[Path | None, Parameter(converter=_file_of, n_tokens=1)]


@frozen(kw_only=True)
class FileWords:
    """
    Where to write to, and how, as it is said.

    Attributes:
        output: The file; standard output if not given, or -.

        csv: As CSV, which is so anyway unless the file's name ends otherwise.

        jsonl: As JSON, a line for each row.

        xlsx: As an Excel workbook.
    """

    output: Output = None
    csv: bool = False
    jsonl: bool = False
    xlsx: bool = False

    def form(self) -> Format:
        """
        Return what is written: by the file's name if nothing is said.

        Raises:
            UsageError: If several are said.
        """
        flags: dict[Format, bool]
        flags = {"csv": self.csv, "jsonl": self.jsonl, "xlsx": self.xlsx}
        said = [form for form, is_said in flags.items() if is_said]
        if len(said) > 1:
            message = f"say one of --{' and --'.join(said)}"
            raise UsageError(message)
        return said[0] if said else _form_of(self.output)


FileSaid = Annotated[FileWords | None, Parameter(name="*")]


def export_rows(
    ctx: Context, names: list[str], rows: Iterable[Row], said: FileWords | None
) -> Result:
    """
    Write *rows* under *names*, to standard output if no file is named; a terminal is
    told how far it is.

    Raises:
        UsageError: If the file cannot be written, or is one that would be lost, a
            workbook has no file, or more than one form is said.
    """
    said = said or FileWords()
    output, how = said.output, said.form()
    require_free(ctx, output)
    if output is None and ctx.said.as_json:
        message = "say --jsonl instead, or name a file with --output"
        raise UsageError(message)
    if output is not None or not sys.stdout.isatty():
        rows = _watched(rows)
    if how == "xlsx":
        if output is None:
            message = "an Excel workbook needs a file; name it with --output"
            raise UsageError(message)
        count = _write_workbook(names, rows, output)
    else:
        write = _write_csv if how == "csv" else _write_jsonl
        with opened(output) as file:
            count = write(names, rows, file)
    if output is None:
        return Result({"rows": count})
    words = f"{counted(count, 'row')} in {output}"
    return Result({"rows": count, "file": str(output)}, (words,))


def _watched(rows: Iterable[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows, start=1):
        yield row
        if count % _TOLD_EVERY == 0:
            tell_progress(count)


def _form_of(output: Path | None) -> Format:
    endings: dict[str, Format] = {".jsonl": "jsonl", ".xlsx": "xlsx"}
    return "csv" if output is None else endings.get(output.suffix.lower(), "csv")


class Lines(Protocol):
    """
    Takes whole lines.
    """

    def write(self, text: str, /) -> int:
        """
        Write *text*.
        """
        ...


class _Terminal:
    """
    Shows lines, and lets nothing in them move the cursor or turn the writing.
    """

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal

    def write(self, text: str, /) -> int:
        cells = text.rstrip("\r\n").split("\t")
        return self._terminal.write("\t".join(map(plain, cells)) + "\n")


@contextmanager
def opened(output: Path | None) -> Iterator[Lines]:
    """
    Open a file to write lines to as they are; standard output if none is named.

    Raises:
        UsageError: If it cannot be written.

        OutputLostError: If standard output cannot.
    """
    if output is None:
        with standard_output() as told:
            yield _Terminal(told) if told.isatty() else told
        return
    with whole(output) as path, path.open("w", encoding="utf-8", newline="") as file:
        yield file


def _write_csv(names: list[str], rows: Iterable[Row], file: Lines) -> int:
    writer = csv.writer(file)
    writer.writerow(names)
    count = 0
    for row in rows:
        count += 1
        writer.writerow([_inert(_text(row[name])) for name in names])
    return count


def _write_jsonl(_: list[str], rows: Iterable[Row], file: Lines) -> int:
    count = 0
    for row in rows:
        count += 1
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return count


def _write_workbook(names: list[str], rows: Iterable[Row], output: Path) -> int:
    try:
        import xlsxwriter  # noqa: PLC0415 - optional
        from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415 - optional
    except ImportError:
        message = f"{output}: install sourcehere[files], or export it as CSV"
        raise UsageError(message) from None
    # It writes to files beside, and leaves them there where it fails.
    with whole(output) as path, TemporaryDirectory() as beside:
        options = {"constant_memory": True, "tmpdir": beside}
        try:
            with xlsxwriter.Workbook(path, options) as book:
                return _write_sheet(names, rows, book.add_worksheet(), output)
        except FileCreateError as error:
            cause = error.__context__
            if isinstance(cause, OSError):
                raise cause from None
            raise


def _write_sheet(
    names: list[str], rows: Iterable[Row], sheet: "Worksheet", output: Path
) -> int:
    for place, name in enumerate(names):
        sheet.write_string(0, place, name)
    count = 0
    for count, row in enumerate(rows, start=1):
        if count > _ROWS_MAX:
            message = f"{output}: a sheet has {_ROWS_MAX} rows; export CSV"
            raise UsageError(message)
        for place, name in enumerate(names):
            # Every cell is a text: no formula, and no number that loses its zeros.
            if sheet.write_string(count, place, _text(row[name])):
                message = f"{output}: {name} of row {count} is too long; export CSV"
                raise UsageError(message)
    return count


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None else str(cell)


def _inert(text: str) -> str:
    """
    Keep a spreadsheet from taking a text for a formula; a number below zero is one.
    """
    is_number = text[1:].replace(".", "", 1).isdigit() and text[:1] in "+-"
    return f"'{text}" if text.startswith(_FORMULA) and not is_number else text
