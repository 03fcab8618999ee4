"""
The storage contract: reading.
"""
# ruff: noqa: SIM300, PLR2004 - tests that ship: expected values first, and exact

import pytest

from sourcehere.ports.storage import Key, Row, Session, Storage, Value

from .storage_base import StorageCase, keep, kept, read, write
from .storage_tables import (
    BY_CODE,
    BY_GROUP,
    BY_NUMBER,
    BY_TIME,
    CODES,
    LATEST,
    OF_SELLER,
    THINGS,
    VISITS,
    changed,
    keys_of,
    thing,
)

# Ordered by code point, which is the order of UTF-8 bytes; not by any language.
TEXTS = sorted(
    [
        "",
        " ",
        "'; DROP TABLE thing; --",
        "%s ? {} :a $1",
        "10",
        "9",
        "Z",
        "\\N\\\\",
        '"quoted", {NULL}',
        "a",
        "a\tb\r\nc",
        "null",
        "é",
        "中文",
        "\uffff",
        "😀👩‍👩‍👧",
    ]
)
NUMBERS = [-(2**63), -(2**31) - 1, -1, 0, 1, 2**31, 2**53 + 1, 2**63 - 1]
# Microseconds: year 1, before and after 1970, 2000-01-01, year 9999.
TIMES = [
    -62_135_596_800_000_000,
    -1_000_001,
    -1,
    0,
    1,
    946_684_799_999_999,
    946_684_800_000_000,
    1_700_000_000_123_457,
    253_402_300_799_999_999,
]


JSON_TEXTS = [
    "null",
    "{}",
    ' { "b" : 1,\n "a":[1.0, 1e400, 12345678901234567890], "a":2 } ',
    '"\\u00e9 😀 \\\\ \\" {NULL}"',
]


class ReadingContract(StorageCase):
    """
    Rows come back exactly as they were given, in the promised order.
    """

    @pytest.mark.parametrize("size", [1, 1000], ids=["single", "together"])
    def test_values_come_back_exactly(self, storage: Storage, size: int) -> None:
        """
        Texts, 64-bit numbers, microseconds, JSON texts and None are kept exactly.
        """
        rows = [thing(text, note=text) for text in TEXTS]
        rows += [thing(f"n{n}", order=n, weight=n) for n in NUMBERS]
        rows += [thing(f"t{t}", made_at=t, seen_at=t) for t in TIMES]
        rows += [thing(f"j{text}", document=text) for text in JSON_TEXTS]
        for start in range(0, len(rows), size):
            keep(storage, THINGS, rows[start : start + size])

        keys = keys_of(THINGS, rows)
        singly = [
            read(storage, lambda s, key=key: s.get(THINGS, [key], lock=False))  # type: ignore[misc]  # bound now
            for key in keys
        ]
        assert [[row] for row in rows] == singly
        together = read(storage, lambda s: s.get(THINGS, keys, lock=False))
        assert sorted(rows) == together

    @pytest.mark.parametrize("size", [1, 1000], ids=["single", "together"])
    def test_replaced_values_come_back_exactly(
        self, storage: Storage, size: int
    ) -> None:
        """
        A replacement keeps values as exactly as an insertion.
        """
        keep(storage, THINGS, [thing(f"{i:02}") for i in range(len(TEXTS))])
        rows = [
            thing(
                f"{i:02}",
                note=text,
                order=NUMBERS[i % len(NUMBERS)],
                seen_at=None if i % 2 else TIMES[i % len(TIMES)],
                document=JSON_TEXTS[i % len(JSON_TEXTS)],
            )
            for i, text in enumerate(TEXTS)
        ]
        for start in range(0, len(rows), size):
            batch = rows[start : start + size]
            write(storage, lambda s, b=batch: s.replace(THINGS, b, expected=None))  # type: ignore[misc]  # bound now

        assert rows == kept(storage, THINGS)

    def test_get_skips_what_is_missing(self, storage: Storage) -> None:
        """
        `get` gives the rows that exist, once each, sorted by key.
        """
        keep(storage, THINGS, [thing("b"), thing("a"), thing("a", seller_id="r")])

        wanted: list[Key] = [("s", "b"), ("s", "x"), ("r", "a"), ("s", "a"), ("s", "b")]
        for lock in (False, True):
            found = write(
                storage,
                lambda s, lock=lock: s.get(THINGS, wanted, lock=lock),  # type: ignore[misc]  # bound now
            )
            assert [thing("a", seller_id="r"), thing("a"), thing("b")] == found
            assert [] == write(
                storage,
                lambda s, lock=lock: s.get(THINGS, [], lock=lock),  # type: ignore[misc]  # bound now
            )
            missing = write(
                storage,
                lambda s, lock=lock: s.get(THINGS, [("s", "x")], lock=lock),  # type: ignore[misc]  # bound now
            )
            assert [] == missing

    @pytest.mark.parametrize("count", [2, 3, 255, 256, 257, 700])
    def test_get_takes_any_number_of_keys(self, storage: Storage, count: int) -> None:
        """
        `get` answers for any number of keys in one call.
        """
        rows = [thing(f"{i:04}") for i in range(count)]
        keep(storage, THINGS, rows)

        found = read(
            storage, lambda s: s.get(THINGS, keys_of(THINGS, rows)[::-1], lock=False)
        )
        assert rows == found

    def test_keys_may_be_numbers_and_times(self, storage: Storage) -> None:
        """
        Numbers and times sort as numbers within keys, not as texts.
        """
        rows: list[Row] = [
            ("p", number, at) for number in (-10, -9, 9, 10) for at in (-1, 0, 2, 10)
        ]
        keep(storage, VISITS, rows[::-1])

        for lock in (False, True):
            assert rows == write(
                storage,
                lambda s, lock=lock: s.get(VISITS, rows, lock=lock),  # type: ignore[misc]  # bound now
            )
        assert rows == kept(storage, VISITS)
        page = read(
            storage,
            lambda s: s.page(
                BY_NUMBER, (9,), after=(0, "p"), until=9, limit=5, descending=False
            ),
        )
        assert [("p", 9, 2)] == page

    @pytest.mark.parametrize("lock", [False, True])
    def test_find_sorts_by_prefix_then_index(
        self, storage: Storage, *, lock: bool
    ) -> None:
        """
        `find` gives all rows of the prefixes, by prefix, then order, then key.
        """
        rows = [
            thing("5", group="a", order=1),
            thing("4", group="a", order=2),
            thing("1", group="b", order=-3),
            thing("3", group="b", order=-3),
            thing("2", group="b", order=0),
        ]
        keep(storage, THINGS, [*rows[::-1], thing("9", group="c")])

        prefixes: list[Key] = [("s", "b"), ("s", "x"), ("s", "a"), ("s", "b")]
        assert rows == write(storage, lambda s: s.find(BY_GROUP, prefixes, lock=lock))
        one = write(storage, lambda s: s.find(BY_GROUP, [("s", "b")], lock=lock))
        assert rows[2:] == one
        assert [] == write(storage, lambda s: s.find(BY_GROUP, [], lock=lock))

    @pytest.mark.parametrize("lock", [False, True])
    def test_find_without_equal_columns_gives_all(
        self, storage: Storage, *, lock: bool
    ) -> None:
        """
        The empty prefix of an index that only sorts finds every row.
        """
        rows = [thing("b", made_at=-5), thing("a", made_at=3)]
        keep(storage, THINGS, rows[::-1])

        assert rows == write(storage, lambda s: s.find(LATEST, [()], lock=lock))

    def test_find_by_unique_index(self, storage: Storage) -> None:
        """
        A unique index is a way in like any other.
        """
        keep(storage, CODES, [("s", "1", "x"), ("s", "2", "y"), ("r", "1", "x")])

        found = read(
            storage,
            lambda s: s.find(BY_CODE, [("s", "y"), ("r", "x")], lock=False),
        )
        assert [("r", "1", "x"), ("s", "2", "y")] == found

    @pytest.mark.parametrize("descending", [False, True])
    def test_pages_cover_everything_once(
        self, storage: Storage, *, descending: bool
    ) -> None:
        """
        Walking page by page visits each row of the prefix once, in index order.
        """
        times = [7, -2, 7, 0, 7, -2, 3]
        rows = [thing(f"{i}", made_at=at) for i, at in enumerate(times)]
        keep(storage, THINGS, [*rows, thing("x", seller_id="r")])

        seen: list[Row] = []
        after: Key | None = None
        while page := self._page(storage, after=after, descending=descending):
            assert len(page) <= 2
            seen += page
            made_at, thing_id = page[-1][4], page[-1][1]
            after = (made_at, thing_id)

        order = sorted(rows, key=lambda row: (row[4], row[1]), reverse=descending)
        assert order == seen

    @staticmethod
    def _page(
        storage: Storage,
        *,
        after: Key | None = None,
        until: Value = None,
        limit: int = 2,
        descending: bool = False,
    ) -> list[Row]:
        return read(
            storage,
            lambda session: session.page(
                BY_TIME,
                ("s",),
                after=after,
                until=until,
                limit=limit,
                descending=descending,
            ),
        )

    def test_page_stops_at_until(self, storage: Storage) -> None:
        """
        *until* is the last value wanted: greatest going up, least going down.
        """
        rows = [thing(f"{i}", made_at=i) for i in range(-2, 3)]
        keep(storage, THINGS, rows)

        assert rows[:3] == self._page(storage, until=0, limit=9)
        assert rows[2:] == self._page(storage, until=0, limit=9, descending=True)[::-1]
        assert [rows[2]] == self._page(storage, after=(-1, "-1"), until=0, limit=9)
        down = self._page(storage, after=(1, "1"), until=0, limit=9, descending=True)
        assert [rows[2]] == down
        assert [] == self._page(storage, after=(1, "1"), until=0, limit=9)

    def test_page_starts_behind_a_row_that_is_gone(self, storage: Storage) -> None:
        """
        *after* is a place, not a row: it may have been deleted since.
        """
        keep(storage, THINGS, [thing("a", made_at=1), thing("c", made_at=3)])

        assert [thing("c", made_at=3)] == self._page(storage, after=(2, "b"))
        down = self._page(storage, after=(2, "b"), descending=True)
        assert [thing("a", made_at=1)] == down

    def test_page_of_texts_goes_by_code_point(self, storage: Storage) -> None:
        """
        Texts are bounded and sorted by code point, whatever language they are in.
        """
        rows = [thing(text) for text in TEXTS]
        keep(storage, THINGS, rows[::-1])

        for place, text in enumerate(TEXTS):
            behind = read(
                storage,
                lambda s, text=text: s.page(  # type: ignore[misc]  # bound now
                    OF_SELLER,
                    ("s",),
                    after=(text,),
                    until=None,
                    limit=100,
                    descending=False,
                ),
            )
            assert rows[place + 1 :] == behind

    def test_page_of_a_limit_of_zero_is_empty(self, storage: Storage) -> None:
        """
        Nothing is asked for, nothing is given.
        """
        keep(storage, THINGS, [thing("a")])

        assert [] == self._page(storage, limit=0)

    def test_totals_add_up_per_group(self, storage: Storage) -> None:
        """
        `totals` sums a column, or counts rows, per value of the *by* columns.
        """
        rows = [
            thing("1", group="a", quantity=3),
            thing("2", group="a", quantity=4, order=1),
            thing("3", group="b", quantity=0),
            thing("4", group="a", quantity=9, seller_id="r"),
        ]
        keep(storage, THINGS, rows)

        def totals(prefix: Key, by: list[str], column: str) -> dict[Key, int]:
            return read(
                storage, lambda s: s.totals(BY_GROUP, prefix, by=by, column=column)
            )

        assert {("a",): 7, ("b",): 0} == totals(("s",), ["group"], "quantity")
        assert {("a",): 2, ("b",): 1} == totals(("s",), ["group"], "")
        by_two = totals((), ["seller_id", "group"], "")
        assert {("r", "a"): 1, ("s", "a"): 2, ("s", "b"): 1} == by_two
        assert {(0,): 3, (1,): 4} == totals(("s", "a"), ["order"], "quantity")
        assert {(): 16} == totals((), [], "quantity")
        assert {(): 0} == totals(("s", "b"), [], "quantity")
        assert {} == totals(("x",), [], "quantity")
        assert {} == totals(("x",), [], "")
        assert {} == totals(("x",), ["group"], "")

    def test_totals_group_by_times_and_none(self, storage: Storage) -> None:
        """
        Groups are named by values as rows hold them: times as microseconds, None.
        """
        rows = [thing("1", seen_at=-7), thing("2"), thing("3", seen_at=-7)]
        keep(storage, THINGS, rows)

        counts = read(
            storage, lambda s: s.totals(OF_SELLER, ("s",), by=["seen_at"], column="")
        )
        assert {(-7,): 2, (None,): 1} == counts

    def test_reads_see_the_own_writes(self, storage: Storage) -> None:
        """
        Within a transaction, everything read includes what it has written.
        """
        keep(storage, THINGS, [thing("a"), thing("gone")])

        def check(session: Session) -> None:
            new, old = thing("b", group="g", quantity=2), thing("a", group="g")
            session.insert(THINGS, [new])
            session.replace(THINGS, [old], expected=[1])
            session.add(THINGS, [(("s", "a"), {"quantity": 5})])
            session.delete(THINGS, [("s", "gone")])
            now = [changed(THINGS, old, quantity=5), new]
            assert now == session.get(THINGS, keys_of(THINGS, now), lock=False)
            assert now == session.find(BY_GROUP, [("s", "g")], lock=True)
            page = session.page(
                BY_TIME, ("s",), after=None, until=None, limit=9, descending=False
            )
            assert now == page
            sums = session.totals(BY_GROUP, ("s",), by=["group"], column="quantity")
            assert {("g",): 7} == sums

        write(storage, check)
