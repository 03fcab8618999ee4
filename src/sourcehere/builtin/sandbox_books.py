"""
What a sandbox gateway remembers: a file of JSON lines that is only appended to.
"""

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import attrs

from ..domain.kernel.errors import SourceHereError
from ..domain.kernel.money import Money
from ..domain.kernel.values import frozen
from ..plugins.files import locked_below, open_below
from ..ports.payments import PaymentOutcome

LOCK_SECONDS = 5.0
_BEGINS = b'{"kind": "'  # each line
_NO_BOOKS = "this file is not the books of a sandbox gateway"
_KINDS = frozenset({"authorize", "capture", "refund", "decided", "payout"})
_OUTCOMES = frozenset(outcome.value for outcome in PaymentOutcome)


@frozen(kw_only=True)
class Entry:
    """
    One line of the books.

    Attributes:
        kind: `authorize`, `capture` or `refund`; `decided` of what a payer decided on;
            `payout`.

        name: The gateway's own name of it: `au_1`, `ca_2`.

        of: The names of what it captures, returns, decides on, or pays out.

        outcome: Of what waits for its payer, or was decided on: `pending`,
            `succeeded`, `declined`.

        at: When, in ISO 8601.
    """

    kind: str
    at: str
    name: str = ""
    reference: str = ""
    key: str = ""
    source: str = ""
    of: tuple[str, ...] = ()
    currency: str = ""
    minor: int = 0
    outcome: str = "succeeded"

    @property
    def amount(self) -> Money:
        """
        What was moved.
        """
        return Money(self.minor, self.currency)


class DamagedBooksError(OSError):
    """
    A line of the file is none of the books.
    """


class Books:
    """
    The lines, folded: what there is now.

    Attributes:
        entries: By name, in order; what was decided on is as it was decided.
    """

    def __init__(self, lines: list[Entry]) -> None:
        self.entries: dict[str, Entry] = {}
        self.added: list[Entry] = []
        for line in lines:
            self._take(line)

    def add(self, entry: Entry) -> Entry:
        """
        Add a line, and return it with the next name of its kind.
        """
        named = attrs.evolve(entry, name=f"{entry.kind[:2]}_{len(self.entries) + 1}")
        self.added.append(named)
        self._take(named)
        return named

    def moved(self) -> Iterator[Entry]:
        """
        List what moved money, oldest first.
        """
        return (e for e in self.entries.values() if e.kind in ("capture", "refund"))

    def taken_of(self, name: str) -> int:
        """
        Return how much was captured or returned of what is called *name*, in minor
        units.
        """
        return sum(entry.minor for entry in self.moved() if name in entry.of)

    def _take(self, line: Entry) -> None:
        before = [self.entries[name] for name in line.of]
        self.entries[line.name] = line
        if line.kind == "decided":
            (asked,) = before
            decided = attrs.evolve(asked, outcome=line.outcome)
            self.entries[asked.name] = decided


class BookFile:
    """
    The file, which several processes may use.

    A line that was torn by a crash is cut off: nobody was told of it. What is no
    beginning of a line is somebody else's, and left as it is.
    """

    def __init__(self, path: str, *, folder: str) -> None:
        self._path, self._folder = path, folder

    @contextmanager
    def open(self) -> Iterator[Books]:
        """
        Read the books, and write what was added to them when the block ends well.

        Raises:
            DamagedBooksError: If it is some other file.

            TimeoutError: If others keep it for longer than 5 seconds.

            OSError: If it cannot be read or written.
        """
        lock = f"{self._path}.lock"
        flags = os.O_RDWR | os.O_CREAT
        with locked_below(self._folder, lock, seconds=LOCK_SECONDS):
            descriptor = open_below(self._folder, self._path, flags=flags)
            with io.FileIO(descriptor, "r+") as file:
                data = file.readall()
                whole = data[: data.rfind(b"\n") + 1]
                books = _read(whole, torn=data[len(whole) :])
                yield books
                if books.added:
                    _append(file, len(whole), books.added)


def _append(file: io.FileIO, place: int, added: list[Entry]) -> None:
    text = "".join(f"{json.dumps(attrs.asdict(entry))}\n" for entry in added)
    file.truncate(place)
    file.seek(place)
    written = file.write(text.encode())
    os.fsync(file.fileno())
    if written != len(text.encode()):
        file.truncate(place)
        message = "not all of a line could be written"
        raise OSError(message)


def _read(whole: bytes, *, torn: bytes) -> Books:
    """
    Return the books that *whole* lines are; *torn* is the beginning of another one.
    """
    if not _BEGINS.startswith(torn[: len(_BEGINS)]):
        raise DamagedBooksError(_NO_BOOKS)
    try:
        return Books([_entry(line) for line in whole.splitlines()])
    except (ValueError, TypeError, KeyError, SourceHereError) as error:
        raise DamagedBooksError(_NO_BOOKS) from error


def _entry(line: bytes) -> Entry:
    said = json.loads(line)
    entry = Entry(**{**said, "of": tuple(said["of"])})
    if not _is_sound(entry):
        raise ValueError(line)
    return entry


def _is_sound(entry: Entry) -> bool:
    """
    Tell whether an entry that was read makes sense; what is no amount and no time says
    so itself.
    """
    is_whole = entry.kind == "decided" or entry.amount.minor >= 0
    is_whole = is_whole and datetime.fromisoformat(entry.at).tzinfo is not None
    return is_whole and entry.kind in _KINDS and entry.outcome in _OUTCOMES
