"""
The storage contract: ways in by which only rows that say something are found.
"""
# ruff: noqa: SIM300 - tests that ship: expected values first

import pytest

from sourcehere.ports.storage import Index, Key, Row, Session, Storage, Value

from .storage_base import StorageCase, keep, read, write
from .storage_tables import GROUPED, ORDERED, PRESENT, THINGS, changed, thing


def _page(session: Session, index: Index, prefix: Key, until: Value) -> list[Row]:
    return session.page(
        index, prefix, after=None, until=until, limit=9, descending=False
    )


class FindingContract(StorageCase):
    """
    `Index.found_if` leaves rows out, and nothing else does.
    """

    @pytest.mark.parametrize("lock", [False, True])
    def test_find_leaves_out_what_says_nothing(
        self, storage: Storage, *, lock: bool
    ) -> None:
        """
        A row whose text is empty, or whose number is 0, is not found that way, be it
        asked for by name, with others or with all.
        """
        rows = [
            thing("1", group="", made_at=1, quantity=2),
            thing("2", group="a", made_at=2, quantity=0, order=-1),
            thing("3", group="a", made_at=3, quantity=1),
        ]
        keep(storage, THINGS, rows)

        def found(index: Index, *prefixes: Key) -> list[Row]:
            return write(storage, lambda s: s.find(index, prefixes, lock=lock))

        assert [] == found(GROUPED, ("s", ""))
        assert rows[1:] == found(GROUPED, ("s", "a"))
        assert rows[1:] == found(GROUPED, ("s", "a"), ("s", ""))
        assert [rows[0], rows[2]] == found(PRESENT, ("a",), ("",))
        assert [rows[2]] == found(PRESENT, ("a",))
        assert [rows[1]] == found(ORDERED, ())
        assert [("a", 3, "s", "3")] == found(PRESENT.only(()), ("a",))

    def test_pages_and_totals_leave_it_out(self, storage: Storage) -> None:
        """
        Neither is it on a page, nor counted.
        """
        rows = [
            thing("1", made_at=1, quantity=2, order=3),
            thing("2", group="a", made_at=2),
            thing("3", group="a", made_at=3, quantity=1, order=-1),
        ]
        keep(storage, THINGS, rows)

        assert [rows[2]] == read(storage, lambda s: _page(s, PRESENT, ("a",), None))
        assert [] == read(storage, lambda s: _page(s, PRESENT, ("a",), 2))
        assert [] == read(storage, lambda s: _page(s, GROUPED, ("s", ""), None))
        assert [rows[0], rows[2]] == read(storage, lambda s: _page(s, ORDERED, (), 9))
        counts = read(storage, lambda s: s.totals(GROUPED, (), by=["group"], column=""))
        assert {("a",): 2} == counts
        held = read(storage, lambda s: s.totals(PRESENT, (), by=[], column=""))
        assert {(): 2} == held

    def test_rows_come_and_go_as_they_change(self, storage: Storage) -> None:
        """
        A row is found from when it says something until it does no more, or is gone;
        what was rolled back makes no difference.
        """
        row = thing("1", group="a", quantity=0)
        keep(storage, THINGS, [row])
        assert [] == self._present(storage)

        write(storage, lambda s: s.add(THINGS, [(("s", "1"), {"quantity": 4})]))
        four = changed(THINGS, row, quantity=4)
        assert [four] == self._present(storage)

        none = changed(THINGS, row, quantity=0)
        write(storage, lambda s: s.replace(THINGS, [none], expected=None))
        assert [] == self._present(storage)

        def delete_and_fail(session: Session) -> None:
            session.delete(THINGS, [("s", "1")])
            raise LookupError

        write(storage, lambda s: s.replace(THINGS, [four], expected=None))
        with pytest.raises(LookupError):
            write(storage, delete_and_fail)
        assert [four] == self._present(storage)

        write(storage, lambda s: s.delete(THINGS, [("s", "1")]))
        assert [] == self._present(storage)

    @staticmethod
    def _present(storage: Storage) -> list[Row]:
        return read(storage, lambda s: s.find(PRESENT, [("a",)], lock=False))
