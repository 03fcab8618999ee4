"""
The storage contract: writing.
"""
# ruff: noqa: SIM300 - tests that ship: expected values first, and exact

import contextlib

import pytest

from sourcehere.ports.storage import (
    Key,
    Row,
    RowExistsError,
    Session,
    Storage,
)

from .storage_base import StorageCase, keep, kept, write
from .storage_tables import (
    CODES,
    THINGS,
    changed,
    keys_of,
    thing,
    value_of,
)


class WritingContract(StorageCase):
    """
    Each operation does all it says, to the rows it names, and tells what it left alone.
    """

    def test_nothing_given_does_nothing(self, storage: Storage) -> None:
        """
        Every operation takes an empty list.
        """
        keep(storage, THINGS, [thing("a")])

        def check(session: Session) -> None:
            session.insert(THINGS, [])
            assert [] == session.insert_new(THINGS, [])
            assert [] == session.replace(THINGS, [], expected=[])
            assert [] == session.replace(THINGS, [], expected=None)
            assert [] == session.add(THINGS, [])
            session.delete(THINGS, [])

        write(storage, check)
        assert [thing("a")] == kept(storage, THINGS)

    @pytest.mark.parametrize("others", [[], ["x", "y"]], ids=["alone", "among others"])
    def test_insert_refuses_a_taken_key(
        self, storage: Storage, others: list[str]
    ) -> None:
        """
        A taken key refuses the whole transaction, and the error names table and key.
        """
        keep(storage, THINGS, [thing("a")])

        rows = [*map(thing, others), thing("a", order=1)]
        with pytest.raises(RowExistsError) as ei:
            keep(storage, THINGS, rows)

        assert "thing" == ei.value.kind
        assert "('s', 'a')" == ei.value.key
        assert [thing("a")] == kept(storage, THINGS)

    def test_insert_refuses_equal_keys(self, storage: Storage) -> None:
        """
        Two rows of one key in one call refuse each other.
        """
        with pytest.raises(RowExistsError) as ei:
            keep(storage, THINGS, [thing("a"), thing("b"), thing("b", order=1)])

        assert "('s', 'b')" == ei.value.key
        assert [] == kept(storage, THINGS)

    @pytest.mark.parametrize("others", [[], ["3", "4"]], ids=["alone", "among others"])
    def test_unique_index_refuses_equal_values(
        self, storage: Storage, others: list[str]
    ) -> None:
        """
        The equal columns of a unique index name one row at most.
        """
        keep(storage, CODES, [("s", "1", "x"), ("r", "1", "x")])

        rows: list[Row] = [*(("s", other, other) for other in others), ("s", "2", "x")]
        for way in ("insert", "insert_new"):
            with pytest.raises(RowExistsError) as ei:
                write(storage, lambda s, way=way: getattr(s, way)(CODES, rows))  # type: ignore[misc]  # bound now

            assert "code" == ei.value.kind
            assert "('s', 'x')" == ei.value.key
            assert [("r", "1", "x"), ("s", "1", "x")] == kept(storage, CODES)

    @pytest.mark.parametrize("others", [[], ["3"]], ids=["alone", "among others"])
    def test_unique_index_refuses_a_replacement(
        self, storage: Storage, others: list[str]
    ) -> None:
        """
        A replacement may not take another row's unique values, but may keep its own.
        """
        taken: list[Row] = [("s", "1", "x"), ("s", "2", "y"), ("s", "3", "z")]
        keep(storage, CODES, taken)
        rows: list[Row] = [*(("s", other, "z") for other in others), ("s", "2", "x")]

        with pytest.raises(RowExistsError) as ei:
            write(storage, lambda s: s.replace(CODES, rows, expected=None))

        assert "('s', 'x')" == ei.value.key
        assert taken == kept(storage, CODES)
        assert [] == write(storage, lambda s: s.replace(CODES, taken, expected=None))

    def test_unique_values_are_free_again(self, storage: Storage) -> None:
        """
        Deleting or changing a row frees its unique values.
        """
        keep(storage, CODES, [("s", "1", "x"), ("s", "2", "y")])

        def check(session: Session) -> None:
            session.delete(CODES, [("s", "1")])
            session.replace(CODES, [("s", "2", "x")], expected=None)
            session.insert(CODES, [("s", "3", "y")])

        write(storage, check)
        assert [("s", "2", "x"), ("s", "3", "y")] == kept(storage, CODES)

    def test_insert_new_adds_what_is_missing(self, storage: Storage) -> None:
        """
        `insert_new` adds rows with new keys, keeps the others, and says which it added.
        """
        keep(storage, THINGS, [thing("b")])

        rows = [
            thing("c", order=1),
            thing("b", order=2),
            thing("a", order=3),
            thing("c", order=4),
        ]
        added = write(storage, lambda s: s.insert_new(THINGS, rows))
        again = write(storage, lambda s: s.insert_new(THINGS, rows))

        assert [thing("c", order=1), thing("a", order=3)] == added
        assert [] == again
        expected = [thing("a", order=3), thing("b"), thing("c", order=1)]
        assert expected == kept(storage, THINGS)

    def test_insert_new_passes_by_a_row_that_is_there(self, storage: Storage) -> None:
        """
        A row that is there already is no clash with its own unique values.
        """
        keep(storage, CODES, [("s", "1", "x")])

        added = write(
            storage,
            lambda s: s.insert_new(CODES, [("s", "1", "x"), ("s", "2", "y")]),
        )
        assert [("s", "2", "y")] == added

    def test_add_changes_numbers(self, storage: Storage) -> None:
        """
        `add` adds to the named columns of the named rows and to nothing else.
        """
        rows = [thing(i, quantity=5, order=1) for i in "abcd"]
        keep(storage, THINGS, rows)

        left = write(
            storage,
            lambda s: s.add(
                THINGS,
                [
                    (("s", "c"), {"quantity": -2, "order": 10**15}),
                    (("s", "a"), {"quantity": 5}),
                    (("s", "b"), {"quantity": 6, "quantity_max": 1}),
                ],
            ),
        )

        assert [] == left
        expected = [
            changed(THINGS, rows[0], quantity=10),
            changed(THINGS, rows[1], quantity=11, quantity_max=11),
            changed(THINGS, rows[2], quantity=3, order=1 + 10**15),
            rows[3],
        ]
        assert expected == kept(storage, THINGS)

    def test_add_refuses_what_breaks_a_check(self, storage: Storage) -> None:
        """
        A change that would break a check, or of a missing row, is left alone and told.
        """
        rows = [thing(i, quantity=5) for i in "abcd"]
        keep(storage, THINGS, rows)
        changes: list[tuple[Key, dict[str, int]]] = [
            (("s", "d"), {"quantity": 1}),
            (("s", "x"), {"quantity": 1}),
            (("s", "a"), {"quantity": -6}),
            (("s", "b"), {"quantity": 6}),
            (("s", "c"), {"quantity_max": -6}),
        ]

        left = write(storage, lambda s: s.add(THINGS, changes))
        singly = [
            write(storage, lambda s, change=change: s.add(THINGS, [change]))  # type: ignore[misc]  # bound now
            for change in changes
        ]

        refused = [("s", "a"), ("s", "b"), ("s", "c"), ("s", "x")]
        assert refused == sorted(left)
        told = [key for found in singly for key in found]
        assert refused == sorted(told)
        expected = [*rows[:3], changed(THINGS, rows[3], quantity=7)]
        assert expected == kept(storage, THINGS)

    def test_add_reaches_the_limits_exactly(self, storage: Storage) -> None:
        """
        A check allows equality: the last piece can be taken, and no more.
        """
        keep(storage, THINGS, [thing("a", quantity=2)])

        left = [
            write(storage, lambda s: s.add(THINGS, [(("s", "a"), {"quantity": -1})]))
            for _ in range(3)
        ]
        assert [[], [], [("s", "a")]] == left
        assert 0 == value_of(THINGS, kept(storage, THINGS)[0], "quantity")

    @pytest.mark.parametrize("quantity", [-1, 11])
    def test_no_row_that_breaks_a_check_is_kept(
        self, storage: Storage, quantity: int
    ) -> None:
        """
        A row that breaks a check is a caller's bug: some error, and nothing kept.
        """
        keep(storage, THINGS, [thing("a")])
        rows = [thing("a", quantity=quantity), thing("b", quantity=quantity)]

        with contextlib.suppress(Exception):
            write(storage, lambda s: s.replace(THINGS, rows[:1], expected=None))
        with contextlib.suppress(Exception):
            keep(storage, THINGS, rows[1:])

        assert [thing("a")] == kept(storage, THINGS)

    def test_delete_removes_what_is_there(self, storage: Storage) -> None:
        """
        `delete` removes the named rows; missing ones do not matter.
        """
        rows = [thing(i) for i in "abcd"]
        keep(storage, THINGS, rows)

        write(storage, lambda s: s.delete(THINGS, [("s", "c"), ("s", "x"), ("s", "a")]))
        write(storage, lambda s: s.delete(THINGS, [("s", "d")]))
        write(storage, lambda s: s.delete(THINGS, [("s", "d")]))

        assert rows[1:2] == kept(storage, THINGS)

    def test_a_deleted_key_can_be_used_again(self, storage: Storage) -> None:
        """
        After `delete`, the key is free within the same transaction.
        """
        keep(storage, THINGS, [thing("a")])

        def check(session: Session) -> None:
            session.delete(THINGS, [("s", "a")])
            session.insert(THINGS, [thing("a", order=1)])

        write(storage, check)
        assert [thing("a", order=1)] == kept(storage, THINGS)

    def test_many_rows_in_one_call(self, storage: Storage) -> None:
        """
        Every operation takes thousands of rows at once.
        """
        rows = [thing(f"{i:05}", note=None if i % 3 else "n") for i in range(5000)]
        moved = [changed(THINGS, row, version=2, order=1) for row in rows]
        odd = [THINGS.key_of(row) for row in rows[1::2]]

        def check(session: Session) -> None:
            session.insert(THINGS, rows)
            assert [] == session.insert_new(THINGS, rows)
            left = session.replace(THINGS, moved, expected=[1] * len(rows))
            assert [] == left
            changes = [(key, {"quantity": 1}) for key in keys_of(THINGS, rows)]
            assert [] == session.add(THINGS, changes)
            session.delete(THINGS, odd)

        write(storage, check)
        expected = [changed(THINGS, row, quantity=1) for row in moved[::2]]
        assert expected == kept(storage, THINGS)

    @pytest.mark.parametrize("group", ["", "plain"], ids=["none empty", "plain"])
    def test_texts_are_kept_as_they_are(self, storage: Storage, group: str) -> None:
        """
        Whatever signs a database writes rows with, in one row or among many.
        """
        texts = [
            "",
            "NULL",
            "{}",
            ",",
            '","',
            '"',
            "\\",
            '\\"',
            "\\\\",
            "a\nb",
            "'",
            "é€😀",
        ]
        rows = [
            thing(f"{i:02}{text}", note=text, group=group or text, document=f'["{i}"]')
            for i, text in enumerate(texts)
        ]
        bare = thing("99", note=None, group="g", document="null")

        keep(storage, THINGS, rows)
        keep(storage, THINGS, [bare])
        assert [*rows, bare] == kept(storage, THINGS)

        moved = [changed(THINGS, row, note=f"{row[1]}!") for row in (*rows, bare)]
        write(storage, lambda s: s.replace(THINGS, moved, expected=None))
        assert moved == kept(storage, THINGS)
        unset = [changed(THINGS, row, note=None) for row in moved[::2]]
        mixed = sorted([*unset, *moved[1::2]])
        write(storage, lambda s: s.replace(THINGS, mixed, expected=None))
        assert mixed == kept(storage, THINGS)
