"""
What a command says: tables and sentences for people, one JSON document for programs.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TextIO, TypeVar

from ..domain.catalog.model import Price
from ..domain.kernel.clock import NEVER
from ..domain.kernel.errors import CallerError
from ..domain.kernel.money import Money
from ..domain.kernel.values import frozen
from ..domain.orders.tabs import LABELS
from ..face.plain import to_dict
from .plain_text import plain, plain_json, plain_lines

T = TypeVar("T")
_ID_LENGTH = 36
_ENDLESS = 10_000
_NUMBER = frozenset("0123456789.-")


class OutputLostError(CallerError):
    """
    Standard output does not take what a command says; the command may be done.

    Attributes:
        cause: Such as that the disk is full.
    """

    def __init__(self, *, cause: str) -> None:
        super().__init__(f"standard output: {cause}")
        self.cause = cause


@frozen
class Table:
    """
    Rows under columns; without columns, names and values.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


@frozen
class Result:
    """
    What a command answers.

    Attributes:
        data: For `--json`; anything that `to_dict` understands.

        shown: For people, in order.

        problems: What went wrong with some of many, for people.
    """

    data: object
    shown: tuple[Table | str, ...] = ()
    problems: tuple[str, ...] = ()
    exit_code: int = 0


def table(
    items: Sequence[T], columns: Mapping[str, Callable[[T], object]], title: str = ""
) -> Table:
    """
    Show *items*, each column by what its function gives.
    """
    rows = (tuple(cell(show(item)) for show in columns.values()) for item in items)
    return Table(tuple(columns), tuple(rows), title)


def facts(values: Mapping[str, object], title: str = "") -> Table:
    """
    Show names and values, leaving out what is empty.
    """
    told = ((name, cell(value)) for name, value in values.items())
    return Table((), tuple((n, v) for n, v in told if v), title)


def prices(offered: Iterable[Price]) -> list[str]:
    """
    Show unit prices by quantity, such as `1.50 GBP from 100`.
    """
    return [
        str(price.unit)
        + (f" from {price.quantity_from}" if price.quantity_from > 1 else "")
        for price in offered
    ]


def unless_zero(amount: Money) -> str:
    """
    Show an amount; nothing where it is zero.
    """
    return str(amount) if amount else ""


def label(name: str) -> str:
    """
    Return the product's own word for a state, tab or kind of order; nothing else is
    named by it.
    """
    return LABELS.get(name, name)


def when(at: datetime | None) -> str:
    """
    Show an instant in UTC, to the second; nothing where it is not set.
    """
    if at is None or at == NEVER:
        return ""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def cell(value: object) -> str:
    """
    Show one value in one line.
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return when(value)
        case Mapping():
            return ", ".join(f"{name} {cell(v)}" for name, v in value.items())
        case list() | tuple() | set() | frozenset():
            return ", ".join(cell(item) for item in value)
    return " ".join(str(value).split())


def to_json(value: object) -> str:
    """
    Return the JSON document of *value*.
    """
    return plain_json(json.dumps(to_dict(value), indent=2, ensure_ascii=False))


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """
    Lend standard output; all of it is written when the block ends.

    Raises:
        OutputLostError: If it is not. A reader that has left is no error.
    """
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        forget_output()
        raise OutputLostError(cause=error.strerror or type(error).__name__) from None


def forget_output() -> None:
    """
    Keep the interpreter from writing once more, when it ends, what nobody takes.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write(result: Result, *, as_json: bool) -> None:
    """
    Say *result* on standard output, its problems on standard error.

    Raises:
        OutputLostError: If standard output does not take it.
    """
    with standard_output() as told:
        if as_json:
            told.write(to_json(result.data) + "\n")
            return
        for number, block in enumerate(result.shown):
            show(block, is_first=number == 0)
    for problem in result.problems:
        tell(plain_lines(problem))


def tell(words: str) -> None:
    """
    Say *words* on standard error. Where that takes nothing, as a log on a full disk,
    the exit code says it alone.
    """
    try:
        sys.stderr.write(words + "\n")
        sys.stderr.flush()
    except OSError:
        # Keep the interpreter from writing once more, which would be its exit code.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def tell_progress(done: int) -> None:
    """
    Say on a terminal how far a long command is; nothing elsewhere.
    """
    if sys.stderr.isatty():
        sys.stderr.write(f"{done} done\r")
        sys.stderr.flush()


def show(block: Table | str, *, is_first: bool = True) -> None:
    """
    Write one block: drawn on a terminal, aligned text elsewhere.
    """
    if not is_first:
        sys.stdout.write("\n")
    if isinstance(block, str):
        sys.stdout.write(plain_lines(block) + "\n")
    elif sys.stdout.isatty():
        _draw(_plain(block))
    else:
        sys.stdout.write(_aligned(_plain(block)))


def _plain(block: Table) -> Table:
    rows = tuple(tuple(map(plain, row)) for row in block.rows)
    return Table(tuple(map(plain, block.columns)), rows, plain(block.title))


def _draw(block: Table) -> None:
    from rich import box  # noqa: PLC0415 - heavy, and only for terminals
    from rich.console import Console  # noqa: PLC0415
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table as Drawn  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    drawn = Drawn(
        title=escape(block.title) or None,
        title_justify="left",
        box=box.SIMPLE_HEAD if block.columns else None,
        show_header=bool(block.columns),
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    names = block.columns or ("", "")
    for place, (name, is_number) in enumerate(zip(names, _numbers(block), strict=True)):
        has_ids = any(len(row[place]) == _ID_LENGTH for row in block.rows)
        drawn.add_column(
            name,
            justify="right" if is_number else "left",
            overflow="fold",
            # An id is to be copied, so it stays in one piece.
            min_width=_ID_LENGTH if has_ids else None,
        )
    for row in block.rows:
        drawn.add_row(*map(Text, row))
    console = Console()
    room = console.options.update(width=_ENDLESS)
    if console.measure(drawn, options=room).minimum > console.width:
        for column in drawn.columns:  # too narrow: fold ids rather than lose columns
            column.min_width = None
    console.print(drawn)


def _numbers(block: Table) -> list[bool]:
    """
    Tell per column whether it holds numbers or amounts, to be set right.
    """
    if not block.columns:
        return [False, False]
    return [
        bool(block.rows) and all(_is_number(row[i]) for row in block.rows)
        for i in range(len(block.columns))
    ]


def _is_number(text: str) -> bool:
    number, _, unit = text.partition(" ")
    is_amount = not unit or (len(unit) == len("GBP") and unit.isupper())
    return is_amount and set(number) <= _NUMBER


def _aligned(block: Table) -> str:
    rows = [block.columns, *block.rows] if block.columns else list(block.rows)
    title = f"{block.title}\n" if block.title else ""
    if not block.rows:
        return f"{title}none\n"
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = (
        "  ".join(
            text.rjust(width) if is_number else text.ljust(width)
            for text, width, is_number in zip(row, widths, _numbers(block), strict=True)
        ).rstrip()
        for row in rows
    )
    return title + "\n".join(lines) + "\n"
