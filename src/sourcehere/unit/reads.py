"""
What a unit of work has read: which rows it may write over, and what they must be then.

A row that is written was locked when it was read, or is written against the row that
was read; what was never read is new. So no service can write over what somebody else
changed since it looked.
"""

import enum
from collections.abc import Iterable, Sequence

import attrs

from ..domain.kernel.errors import ConflictError
from ..domain.kernel.values import frozen
from ..ports.storage import Key, Row, Table


class _Mark(enum.Enum):
    OURS = "ours"  # locked when it was read, or written: nobody else changes it
    MOVED = "moved"  # read, and another one when it was locked


@frozen
class Writes:
    """
    Rows to write, by how they may be written.

    Attributes:
        ours: Nobody else can have changed these.

        read, against: Rows to write where the stored ones are still those.

        new: Rows that were never read.
    """

    ours: list[Row] = attrs.field(factory=list)
    read: list[Row] = attrs.field(factory=list)
    against: list[Row] = attrs.field(factory=list)
    new: list[Row] = attrs.field(factory=list)


class Reads:
    """
    The rows that one unit of work has seen, by table and key.
    """

    def __init__(self) -> None:
        self._known: dict[str, dict[Key, Row | _Mark]] = {}

    def saw(self, table: Table, rows: Sequence[Row], *, lock: bool) -> None:
        """
        Keep that *rows* were read; the first reading counts, until they are locked.
        """
        if not rows:
            return
        known, key_of = self._known.setdefault(table.name, {}), table.key_of
        if not lock:
            for row in rows:
                known.setdefault(key_of(row), row)
            return
        for row in rows:
            key = key_of(row)
            before = known.get(key, _Mark.OURS)
            is_same = before is _Mark.OURS or before == row
            known[key] = _Mark.OURS if is_same else _Mark.MOVED

    def wrote(self, table: Table, rows: Iterable[Row]) -> None:
        """
        Keep that *rows* were written: they are ours until the end.
        """
        known, key_of = self._known.setdefault(table.name, {}), table.key_of
        known.update((key_of(row), _Mark.OURS) for row in rows)

    def removed(self, table: Table, keys: Iterable[Key]) -> None:
        """
        Forget rows that are there no more.
        """
        known = self._known.get(table.name, {})
        for key in keys:
            known.pop(key, None)

    def judge(self, table: Table, rows: Iterable[Row]) -> Writes:
        """
        Tell how *rows* may be written.

        Raises:
            ConflictError: If one was changed between a first reading and its lock: it
                may have been made of what is no longer so.
        """
        known, key_of = self._known.get(table.name, {}), table.key_of
        made = Writes()
        for row in rows:
            key = key_of(row)
            before = known.get(key)
            if before is _Mark.MOVED:
                raise ConflictError(kind=table.name, key=str(key))
            if before is None:
                made.new.append(row)
            elif before is _Mark.OURS:
                made.ours.append(row)
            else:
                made.read.append(row)
                made.against.append(before)
        return made

    def unlocked(self, table: Table, keys: Iterable[Key]) -> dict[Key, Row]:
        """
        Return what was read under those of *keys* that are not ours.

        Raises:
            ConflictError: If one was changed between a first reading and its lock.
        """
        known = self._known.get(table.name, {})
        found: dict[Key, Row] = {}
        for key in keys:
            before = known.get(key)
            if before is _Mark.MOVED:
                raise ConflictError(kind=table.name, key=str(key))
            if isinstance(before, tuple):
                found[key] = before
        return found
