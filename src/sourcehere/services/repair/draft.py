"""
A repair as it is drafted: rows laid over what is stored, each for a finding.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ...domain.kernel.clock import to_micros
from ...domain.kernel.ids import SellerId
from ...ports.storage import Check, Key, Row, Table
from ...unit.base import Unit
from ...unit.records import Records, Way
from ..audit.findings import Violation
from ..base.settings import Settings
from .overlay import Overlay

T = TypeVar("T")
_FEW = 100
Mark = tuple[int, int, int]


class Draft:
    """
    What is repaired of one seller, or of the platform, while it is thought out.

    Attributes:
        overlay: What lies over the stored rows.

        unit: Reads the database as it would be.

        seller_id: Empty for the platform.

        answers: (table, key) -> the finding that it was written for.

        relied: (table, key) -> a row that something was made of.
    """

    def __init__(self, under: Unit, seller_id: str, settings: Settings) -> None:
        """
        Draft over what *under* reads.
        """
        self._under = under
        self._once: dict[str, Any] = {}
        self.overlay = Overlay(under.session)
        self.unit = Unit(self.overlay, owner=(), now=under.now, read_only=True)
        self.seller_id = SellerId(seller_id)
        self.settings = settings
        self.now = to_micros(under.now)
        self.named: set[str] = set()
        self.answers: dict[tuple[str, Key], Violation] = {}
        self.relied: dict[tuple[str, Key], Row] = {}
        self._for: Violation | None = None

    def answer(self, violation: Violation) -> None:
        """
        What is put from now on is put for *violation*.
        """
        self._for = violation

    def mark(self) -> Mark:
        """
        Return where the draft stands now, to come back to.
        """
        return self.overlay.mark(), len(self.answers), len(self.relied)

    def back_to(self, mark: Mark) -> None:
        """
        Forget what was put since *mark*.
        """
        self.overlay.back_to(mark[0])
        _shorten(self.answers, mark[1])
        _shorten(self.relied, mark[2])

    def names(self, *invariants: str) -> bool:
        """
        Tell whether the audit names one of *invariants* of this seller now: then what
        would be made of it cannot be trusted.
        """
        return bool(self.named & set(invariants))

    def row(self, records: Records[Any], *key: Any) -> Row | None:
        """
        Return a row as it would be.
        """
        found = self.unit.session.get(records.table, [key], lock=False)
        return found[0] if found else None

    def one(self, records: Records[T], *key: Any) -> T | None:
        """
        Return a record as it would be.
        """
        row = self.row(records, *key)
        return None if row is None else records.from_row(row)

    def once(self, name: str, make: Callable[[Unit], T]) -> T:
        """
        Return what *make* makes of what is stored, made once: what goes through a whole
        table must not do so for each finding. It knows nothing of what was put.
        """
        if name not in self._once:
            self._once[name] = make(self._under)
        made: T = self._once[name]
        return made

    def put_into(self, records: Records[T]) -> list[T]:
        """
        Return the records of a table that were put.
        """
        return [
            records.from_row(row)
            for table, _, row in self.overlay.changed()
            if table is records.table and row is not None
        ]

    def mine(self, records: Records[T], *key: Any) -> T | None:
        """
        Return a record of the seller as it would be.
        """
        return self.one(records, self.seller_id, *key)

    def all_of(self, way: Way[T], *prefix: Any) -> list[T]:
        """
        Return the records of the seller found by *way*.
        """
        rows = self.unit.session.find(
            way.index, [(self.seller_id, *prefix)], lock=False
        )
        return [way.records.from_row(row) for row in rows]

    def all_under(self, records: Records[T], name: str) -> list[T]:
        """
        Return the records of the seller whose key goes on with *name*: a few.
        """
        rows = self.unit.session.page(
            records.table.primary,
            (),
            after=(self.seller_id, name, -1),
            until=self.seller_id,
            limit=_FEW,
            descending=False,
        )
        place = records.table.position[records.table.key[1]]
        return [records.from_row(row) for row in rows if row[place] == name]

    def rely(self, records: Records[Any], *key: Any) -> None:
        """
        Remember that a row of the seller was looked at: it has to be as it is now when
        the repair is done.
        """
        whole = (self.seller_id, *key)
        stored = self.overlay.stored(records.table, whole)
        if stored is not None:
            self.relied.setdefault((records.table.name, whole), stored)

    def put(self, records: Records[T], made: T) -> None:
        """
        Write a record.
        """
        self.put_row(records, records.to_row(made))

    def put_row(self, records: Records[Any], row: Row) -> None:
        """
        Write a row; one that breaks a promise of its table is not written.
        """
        table = records.table
        if not all(_holds(table, row, check) for check in table.checks):
            return
        self._lay(table, table.key_of(row), row)

    def change(self, records: Records[Any], key: Sequence[Any], **columns: Any) -> None:
        """
        Change columns of a row of the seller that is there, as they are stored.
        """
        found = self.row(records, self.seller_id, *key)
        if found is None:
            return
        row = list(found)
        for name, value in columns.items():
            row[records.table.position[name]] = value
        self.put_row(records, tuple(row))

    def remove(self, records: Records[Any], *key: Any) -> None:
        """
        Remove a row.
        """
        self._lay(records.table, key, None)

    def _lay(self, table: Table, key: Key, row: Row | None) -> None:
        before = self.unit.session.get(table, [key], lock=False)
        if (before[0] if before else None) == row:
            return
        assert self._for is not None
        self.overlay.put(table, key, row)
        self.answers.setdefault((table.name, key), self._for)


def _shorten(grown: dict[Any, Any], length: int) -> None:
    """
    Take out what came last, until *length* are left.
    """
    while len(grown) > length:
        grown.popitem()


def _holds(table: Table, row: Row, check: Check) -> bool:
    lower, upper = (_value(table, row, side) for side in (check.lower, check.upper))
    return lower <= upper


def _value(table: Table, row: Row, side: str | int) -> int:
    value = row[table.position[side]] if isinstance(side, str) else side
    assert isinstance(value, int)
    return value
