"""
Why a shop's file cannot be read, and what to do about it.
"""

from ..domain.kernel.errors import CallerError


class FileStoreError(CallerError):
    """
    A file that cannot be read as configured; a person must mend one or the other.

    Attributes:
        problem: What is wrong.

        advice: What to do; empty where the problem says it.
    """

    def __init__(self, *, path: str, problem: str, advice: str = "") -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem
        self.advice = advice


class HeaderError(FileStoreError):
    """
    A header that lacks configured columns, or has one twice.
    """

    def __init__(
        self,
        *,
        path: str,
        missing: tuple[str, ...],
        repeated: tuple[str, ...] = (),
        advice: str = "",
    ) -> None:
        parts = []
        if missing:
            parts.append(f"the header has no column {', '.join(missing)}")
        if repeated:
            parts.append(f"the header has more than once {', '.join(repeated)}")
        super().__init__(path=path, problem="; ".join(parts), advice=advice)
        self.missing = missing
        self.repeated = repeated


class SeveralLinesError(FileStoreError):
    """
    A file whose rows have several lines each, in columns such as Quantity 1 and
    Quantity 2.

    Attributes:
        column: The one that would be read.

        others: Those that would not.
    """

    def __init__(self, *, path: str, column: str, others: tuple[str, ...]) -> None:
        super().__init__(
            path=path,
            problem=f"a row has several lines: beside {column} the header has"
            f" {', '.join(others)}",
            advice="export one row for each product of an order",
        )
        self.column = column
        self.others = others


class UndecodableFileError(FileStoreError):
    """
    A file that is no text in its encoding.

    Attributes:
        byte: Offset of the first byte that is wrong, from 0.

        line: Its line, from 1, the header's line counted.
    """

    def __init__(
        self, *, path: str, byte: int, line: int, what: str, advice: str = ""
    ) -> None:
        problem = f"{what} at byte {byte}, line {line}"
        super().__init__(path=path, problem=problem, advice=advice)
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


class NoTableError(FileStoreError):
    """
    A file that is something else than a table: a web page, a picture, an archive.
    """
