"""
The storage contract: overwriting rows, and only those that are as they were read.
"""

from sourcehere.ports.storage import Row, Session, Storage, Value

from .storage_base import StorageCase, keep, kept, write
from .storage_tables import BY_GROUP, THINGS, VISITS, changed, keys_of, thing


class ReplacingContract(StorageCase):
    """
    What `replace` does, and what it leaves alone.
    """

    def test_replace_wants_the_expected_version(self, storage: Storage) -> None:
        """
        Rows of another version, and missing ones, are left alone and told.
        """
        before = [thing("a", version=1), thing("b", version=2), thing("c", version=3)]
        keep(storage, THINGS, before)

        rows = [
            thing("a", version=2, order=9),
            thing("x", version=2, order=9),
            thing("b", version=3, order=9),
            thing("c", version=4, order=9),
        ]
        left = write(storage, lambda s: s.replace(THINGS, rows, expected=[1, 1, 1, 3]))
        stale = write(storage, lambda s: s.replace(THINGS, [rows[0]], expected=[1]))
        missing = write(storage, lambda s: s.replace(THINGS, [rows[1]], expected=[2]))

        assert sorted(left) == [("s", "b"), ("s", "x")]
        assert stale == [("s", "a")]
        assert missing == [("s", "x")]
        assert [rows[0], before[1], rows[3]] == kept(storage, THINGS)

    def test_replace_wants_the_row_that_was_read(self, storage: Storage) -> None:
        """
        Rows of which any value is another than was read, and missing ones, are left
        alone and told, whether one is replaced or many.
        """
        before = [
            thing("a", note=None, seen_at=1, document='{"a":1}'),
            thing("b", note="", seen_at=None, document='{"a": 1}'),
            thing("c", weight=5),
        ]
        keep(storage, THINGS, before)
        others: dict[str, Value] = {
            "group": "other",
            "order": 1,
            "made_at": 1,
            "quantity": 1,
            "quantity_max": 11,
            "note": "other",
            "weight": 6,
            "seen_at": 2,
            "document": '{"a":  1}',
            "version": 2,
        }

        new = [changed(THINGS, row, order=9) for row in before]
        for name, other in others.items():
            read = [changed(THINGS, row, **{name: other}) for row in before]
            many = write(
                storage,
                lambda s, read=read: s.replace(THINGS, new, expected=read),  # type: ignore[misc]  # bound now
            )
            one = write(
                storage,
                lambda s, read=read: s.replace(THINGS, new[:1], expected=read[:1]),  # type: ignore[misc]  # bound now
            )
            assert keys_of(THINGS, before) == sorted(many), name
            assert one == [("s", "a")], name
        gone = [thing("x")]
        assert write(storage, lambda s: s.replace(THINGS, gone, expected=gone)) == [
            ("s", "x")
        ]
        assert before == kept(storage, THINGS)

    def test_replace_the_row_that_was_read(self, storage: Storage) -> None:
        """
        Rows that are still as they were read are overwritten, the others are not.
        """
        before = [
            thing("a", note=None, seen_at=1, document='{"a":1}'),
            thing("b", note="", weight=7),
            thing("c"),
        ]
        keep(storage, THINGS, before)
        new = [changed(THINGS, row, order=9, document='"new"') for row in before]
        read = [before[0], before[1], thing("c", note="other")]

        left = write(storage, lambda s: s.replace(THINGS, new, expected=read))
        one = write(storage, lambda s: s.replace(THINGS, new[2:], expected=before[2:]))

        assert left == [("s", "c")]
        assert one == []
        assert new == kept(storage, THINGS)

    def test_replace_without_versions(self, storage: Storage) -> None:
        """
        Without expected versions whatever is there is overwritten.
        """
        keep(storage, THINGS, [thing("a", version=7), thing("b")])

        rows = [thing("b", order=5), thing("a", order=4), thing("x")]
        left = write(storage, lambda s: s.replace(THINGS, rows, expected=None))
        one = write(storage, lambda s: s.replace(THINGS, [rows[2]], expected=None))

        assert left == [("s", "x")]
        assert one == [("s", "x")]
        assert [rows[1], rows[0]] == kept(storage, THINGS)

    def test_replace_where_all_is_key(self, storage: Storage) -> None:
        """
        A table that is nothing but its key can be replaced too: nothing changes.
        """
        rows: list[Row] = [("p", 1, 1), ("p", 2, 2)]
        keep(storage, VISITS, rows[:1])

        left = write(storage, lambda s: s.replace(VISITS, rows, expected=None))
        assert [rows[1]] == left
        assert rows[:1] == kept(storage, VISITS)

    def test_rows_have_the_columns_asked_for(self, storage: Storage) -> None:
        """
        Of `only` some columns come back, and the rest of a row is not forgotten.
        """
        old = thing("a", group="g", order=3, note="n", made_at=7)
        keep(storage, THINGS, [old])
        some, by_group = (
            THINGS.only(("note", "seller_id", "thing_id")),
            BY_GROUP.only(["note"]),
        )

        def check(session: Session) -> None:
            assert session.get(some, [("s", "a")], lock=False) == [("n", "s", "a")]
            found = session.find(by_group, [("s", "g")], lock=False)
            assert found == [("n", "s", "g", 3, "a")]
            new = changed(THINGS, old, note="m")
            assert session.replace(THINGS, [new], expected=[1]) == []
            page = session.page(
                by_group, ("s", "g"), after=None, until=3, limit=2, descending=False
            )
            assert page == [("m", "s", "g", 3, "a")]

        write(storage, check)
