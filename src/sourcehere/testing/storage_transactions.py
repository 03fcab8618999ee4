"""
The storage contract: transactions, and many threads at once.
"""
# ruff: noqa: SIM300, PLR2004 - tests that ship: expected values first, and exact

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from sourcehere.ports.storage import Claim, Key, RowExistsError, Session, Storage

from .storage_base import StorageCase, keep, kept, read, write
from .storage_tables import (
    CODES,
    MESSAGES,
    THINGS,
    changed,
    keys_of,
    message,
    number_of,
    thing,
    value_of,
)

T = TypeVar("T")
_THREADS = 6


class _StopError(Exception):
    """
    Raised by work that gives up.
    """


class TransactionContract(StorageCase):
    """
    All of a transaction is kept, or none of it.
    """

    def test_work_gives_its_answer(self, storage: Storage) -> None:
        """
        `transact` returns what the work returned.
        """
        assert 42 == read(storage, lambda _: 42)
        assert "done" == write(storage, lambda _: "done")

    def test_an_error_takes_everything_back(self, storage: Storage) -> None:
        """
        Work that raises leaves no trace, in any table, and its error comes through.
        """
        keep(storage, THINGS, [thing("a"), thing("b")])
        keep(storage, MESSAGES, [message("m")])
        error = _StopError()

        def fail(session: Session) -> None:
            session.insert(THINGS, [thing("c")])
            session.insert_new(CODES, [("s", "1", "x")])
            session.replace(THINGS, [thing("a", order=5)], expected=None)
            session.add(THINGS, [(("s", "a"), {"quantity": 1})])
            session.delete(THINGS, [("s", "b"), ("s", "c")])
            session.claim(MESSAGES, Claim("w", now=1, lease_until=2, limit=1))
            raise error

        with pytest.raises(_StopError) as ei:
            write(storage, fail)

        assert error is ei.value
        assert [thing("a"), thing("b")] == kept(storage, THINGS)
        assert [] == kept(storage, CODES)
        assert [message("m")] == kept(storage, MESSAGES)

    def test_a_refusal_takes_everything_back(self, storage: Storage) -> None:
        """
        A refused row takes the earlier writes of its transaction with it.
        """
        keep(storage, CODES, [("s", "1", "x")])

        def fail(session: Session) -> None:
            session.insert(THINGS, [thing("a")])
            session.insert(CODES, [("s", "2", "y"), ("s", "3", "x")])

        with pytest.raises(RowExistsError):
            write(storage, fail)

        assert [] == kept(storage, THINGS)
        assert [("s", "1", "x")] == kept(storage, CODES)

    def test_it_works_on_after_an_error(self, storage: Storage) -> None:
        """
        The next transaction is not concerned by the last one's failure.
        """
        for _ in range(30):  # more than any pool holds
            with contextlib.suppress(RowExistsError):
                keep(storage, CODES, [("s", "1", "x"), ("s", "1", "x")])

        keep(storage, CODES, [("s", "1", "x")])
        assert [("s", "1", "x")] == kept(storage, CODES)

    def test_a_reader_writes_nothing(self, storage: Storage) -> None:
        """
        Writing in a read-only transaction is a caller's bug: some error, nothing kept.
        """
        keep(storage, THINGS, [thing("a")])

        with contextlib.suppress(Exception):
            read(storage, lambda s: s.insert(THINGS, [thing("b")]))
        with contextlib.suppress(Exception):
            read(storage, lambda s: s.add(THINGS, [(("s", "a"), {"quantity": 1})]))

        assert [thing("a")] == kept(storage, THINGS)

    def test_url_says_where(self, storage: Storage) -> None:
        """
        A storage has a URL to show.
        """
        assert "://" in storage.url or storage.url.startswith("sqlite:")

    def test_closing_twice_does_nothing(self, storage: Storage) -> None:
        """
        A storage may be closed again.
        """
        storage.close()
        storage.close()


def _together(work: Callable[[int], T]) -> list[T]:
    """
    Run *work* in several threads that start at the same moment.
    """
    start = threading.Barrier(_THREADS)

    def run(number: int) -> T:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(run, range(_THREADS)))


class ConcurrencyContract(StorageCase):
    """
    Many threads on one storage lose nothing and do nothing twice.
    """

    def test_the_last_piece_is_sold_once(self, storage: Storage) -> None:
        """
        However many take from a counter at once, it gives what it had and no more.
        """
        keep(storage, THINGS, [thing("a", quantity=20, quantity_max=20)])

        def take(_: int) -> int:
            change: list[tuple[Key, dict[str, int]]] = [(("s", "a"), {"quantity": -1})]
            left = [write(storage, lambda s: s.add(THINGS, change)) for _ in range(5)]
            return left.count([])

        assert 20 == sum(_together(take))
        assert 0 == value_of(THINGS, kept(storage, THINGS)[0], "quantity")

    def test_a_message_is_claimed_once(self, storage: Storage) -> None:
        """
        However many claim at once, each message has one taker, and none is forgotten.
        """
        rows = [message(f"{i:02}") for i in range(40)]
        keep(storage, MESSAGES, rows)

        def take(number: int) -> list[Key]:
            request = Claim(f"w{number}", now=0, lease_until=9, limit=3)
            taken: list[Key] = []
            while found := write(storage, lambda s: s.claim(MESSAGES, request)):
                taken += keys_of(MESSAGES, found)
            return taken

        taken = [key for keys in _together(take) for key in keys]
        assert keys_of(MESSAGES, rows) == sorted(taken)

    def test_one_version_has_one_successor(self, storage: Storage) -> None:
        """
        Of many replacements of one version, exactly one is done.
        """
        keep(storage, THINGS, [thing("a"), thing("b")])

        def change(number: int) -> list[Key]:
            rows = [thing(i, version=2, order=number) for i in "ab"]
            return write(storage, lambda s: s.replace(THINGS, rows, expected=[1, 1]))

        left = _together(change)
        both: list[Key] = [("s", "a"), ("s", "b")]
        assert 1 == left.count([])
        assert _THREADS - 1 == sum(sorted(keys) == both for keys in left)
        winner = left.index([])
        orders = [value_of(THINGS, row, "order") for row in kept(storage, THINGS)]
        assert [winner, winner] == orders

    def test_locked_rows_are_not_changed_between(self, storage: Storage) -> None:
        """
        What was read under a lock is still so when it is written: no lost update.
        """
        keep(storage, THINGS, [thing("a"), thing("b")])
        keys: list[Key] = [("s", "b"), ("s", "a")]

        def change(_: int) -> None:
            def work(session: Session) -> None:
                rows = [
                    changed(
                        THINGS, row, order=int(value_of(THINGS, row, "order") or 0) + 1
                    )
                    for row in session.get(THINGS, keys, lock=True)
                ]
                session.replace(THINGS, rows, expected=None)

            for _ in range(5):
                write(storage, work)

        _together(change)
        orders = [value_of(THINGS, row, "order") for row in kept(storage, THINGS)]
        assert [5 * _THREADS] * 2 == orders

    def test_what_was_read_is_not_written_over(self, storage: Storage) -> None:
        """
        What is written against the row that was read, without any lock, is lost only
        where the storage says so: then it is read and written again.
        """
        keep(storage, THINGS, [thing("a"), thing("b")])
        keys: list[Key] = [("s", "a"), ("s", "b")]

        def work(session: Session) -> list[Key]:
            rows = session.get(THINGS, keys, lock=False)
            new = [
                changed(THINGS, row, order=number_of(THINGS, row, "order") + 1)
                for row in rows
            ]
            # One by one, so that others come between.
            return [
                key
                for row, read in zip(new, rows, strict=True)
                for key in session.replace(THINGS, [row], expected=[read])
            ]

        def change(_: int) -> int:
            return sum(2 - len(write(storage, work)) for _ in range(10))

        done = sum(_together(change))
        orders = [number_of(THINGS, row, "order") for row in kept(storage, THINGS)]
        assert done == sum(orders)
        assert 2 <= done <= 20 * _THREADS

    def test_a_new_key_has_one_inserter(self, storage: Storage) -> None:
        """
        Of many that insert the same new rows, each row is added by exactly one.
        """

        def add(number: int) -> int:
            ids = "abc" if number % 2 else "cba"
            rows = [thing(i, order=number) for i in ids]
            return len(write(storage, lambda s: s.insert_new(THINGS, rows)))

        assert 3 == sum(_together(add))
        assert 3 == len(kept(storage, THINGS))

    def test_a_taken_key_is_refused_to_all_but_one(self, storage: Storage) -> None:
        """
        Of many that insert one key, one is served and the others are told.
        """

        def add(number: int) -> bool:
            try:
                keep(storage, THINGS, [thing("a", order=number)])
            except RowExistsError:
                return False
            return True

        assert 1 == _together(add).count(True)
