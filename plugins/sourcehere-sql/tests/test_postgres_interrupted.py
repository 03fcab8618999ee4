"""
Calls that are interrupted between what is sent and what is answered: no answer is ever
taken for that of another question.
"""

import contextlib
import gc
import itertools

import pytest

from sourcehere.ports.storage import Get
from sourcehere.ports.waiting import one_call
from sourcehere.testing.storage_base import keep
from sourcehere.testing.storage_tables import TABLES, THINGS, thing
from sourcehere_sql import (
    SqlOptions,
    SqlStorage,
    at_hand,
    lock_limit,
    pipeline,
    piping,
    postgres_backend,
)

from .interruptions import InterruptedWorkError, interrupted_at

A, B = ("s", "a"), ("s", "b")
BOTH = [thing("a", quantity=1), thing("b", quantity=2)]


@pytest.fixture
def storage(postgres_url):
    """
    Return one with two things in it, which has prepared some of what is asked here.
    """
    with contextlib.closing(SqlStorage(postgres_url, tables=TABLES)) as made:
        made.create_tables()
        keep(made, THINGS, BOTH)
        yield made


def read(session):
    """
    Ask two questions at once, and one more.
    """
    asked = [session.ask(Get(THINGS, (key,))) for key in (A, B)]
    found = [answer() for answer in asked]
    return [*found, session.get(THINGS, [A], lock=False)]


def write(session):
    """
    Write before a question and behind it.
    """
    session.add(THINGS, [(A, {"order": 1})])
    session.get(THINGS, [B], lock=False)
    session.add(THINGS, [(B, {"order": 1})])


def orders(storage):
    """
    Return what `write` has counted, once the server has ended what was interrupted.
    """
    found = storage.transact(
        lambda s: s.get(THINGS, [A, B], lock=True), read_only=False
    )
    return [row[3] for row in found]


def points(storage, work, *modules, read_only):
    """
    Interrupt *work* at one line of *modules* after the other; say each time where it
    was.
    """
    for number in itertools.count(1):
        with (
            contextlib.suppress(InterruptedWorkError),
            interrupted_at(number, *modules) as where,
        ):
            storage.transact(work, read_only=read_only)
        if not where:
            return
        yield where[0]


def test_after_an_interrupted_reader_answers_are_right(storage):
    """
    Wherever it was.
    """
    for where in points(storage, read, pipeline, piping, read_only=True):
        for _ in range(2):
            found = storage.transact(read, read_only=True)
            assert [BOTH[:1], BOTH[1:], BOTH[:1]] == found, where


@pytest.mark.parametrize("ends", ["taken", "kept"])
def test_what_an_interruption_drops_is_ready_for_anybody(storage, ends):
    """
    A connection that was just taken from those at hand, or was about to be kept there,
    comes to the pool, which lends it to those who know of no pipeline.
    """
    is_taken = ends == "taken"
    gc.freeze()  # what there is before is not looked through at each point
    if is_taken:
        storage.transact(read, read_only=True)
    for where in points(storage, read, at_hand, postgres_backend, read_only=True):
        gc.collect()
        with storage.engine.connect() as connection:
            one = connection.exec_driver_sql("SELECT 1").scalar_one()
        assert 1 == one, where
        storage.close()  # the pool has no other one to lend
        if is_taken:
            storage.transact(read, read_only=True)


def test_an_interrupted_writer_has_written_all_or_nothing(storage):
    """
    And the next one is told the truth.
    """
    before = orders(storage)
    for where in points(storage, write, pipeline, piping, read_only=False):
        after = orders(storage)
        assert after in (before, [order + 1 for order in before]), where
        storage.transact(write, read_only=False)
        before = orders(storage)
        assert before == [order + 1 for order in after], where


def test_work_that_goes_on_after_an_interruption_is_not_answered_wrongly(storage):
    """
    Who swallows it is told that the connection is lost, or is answered rightly.
    """

    def work(session):
        with contextlib.suppress(InterruptedWorkError):
            session.get(THINGS, [A], lock=False)
        return session.get(THINGS, [B], lock=False)

    for number in itertools.count(1):
        with interrupted_at(number, pipeline, piping) as where:
            try:
                found = storage.transact(work, read_only=True)
            except InterruptedWorkError:
                found = BOTH[1:]
        assert BOTH[1:] == found, where
        if not where:
            break


def test_work_that_goes_on_after_an_interruption_waits_no_longer_for_locks(
    postgres_url,
):
    """
    Whatever it was told by then of what the call has left.
    """

    def limit(session):
        text = "SELECT (current_setting('lock_timeout')::interval <= '1s')::text"
        return session.select(text, ())

    def work(session):
        with contextlib.suppress(InterruptedWorkError):
            limit(session)
        return limit(session)

    options = SqlOptions(busy_seconds=5)
    made = SqlStorage(postgres_url, tables=TABLES, options=options)
    with contextlib.closing(made):
        for number in itertools.count(1):
            with interrupted_at(number, lock_limit) as where, one_call() as waited:
                waited.spend(4)
                try:
                    found = made.transact(work, read_only=True)
                except InterruptedWorkError:
                    continue  # before or behind the work
            assert [("true",)] == found, where
            if not where:
                break


def test_what_was_left_in_the_middle_of_something_is_not_used_on(storage):
    """
    A connection that came back to the pool within a transaction is closed.
    """
    storage.close()
    pooled = storage.engine.raw_connection()
    left = pooled.driver_connection
    left.execute("SELECT 1")
    pooled.close()

    storage.transact(write, read_only=False)

    assert left.closed
    assert [1, 1] == orders(storage)
