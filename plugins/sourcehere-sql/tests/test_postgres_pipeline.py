"""
What is sent without waiting: prepared statements, refusals, large answers.
"""

import contextlib
import sys

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from sourcehere.ports.storage import Get, RowExistsError, StorageUnavailableError
from sourcehere.testing.storage_base import keep, kept
from sourcehere.testing.storage_tables import TABLES, THINGS, thing
from sourcehere_sql import SqlOptions, SqlStorage
from sourcehere_sql.wire import Micros

A = ("s", "a")
ORDER = THINGS.position["order"]
PREPARED = "SELECT count(*) FROM pg_prepared_statements"
MANY = 450  # more than are prepared


@pytest.fixture
def storage(postgres_url):
    """
    Return one with one thing in it, all on one connection.
    """
    with contextlib.closing(SqlStorage(postgres_url, tables=TABLES)) as made:
        made.create_tables()
        keep(made, THINGS, [thing("a", quantity=1)])
        yield made


def prepared(storage):
    """
    Return how many statements the connection has prepared.
    """
    ((count,),) = storage.transact(lambda s: s.select(PREPARED, ()), read_only=True)
    return count


def test_what_is_asked_again_is_prepared_once(storage):
    """
    The second time it is; what is asked once costs the server no memory.
    """

    def ask():
        text = 'SELECT "quantity" + %s FROM "sourcehere"."thing"'
        return storage.transact(lambda s: s.select(text, (7,)), read_only=True)

    for _ in range(3):
        prepared(storage)
    before = prepared(storage)
    counts = []
    for _ in range(4):
        assert [(8,)] == ask()
        counts.append(prepared(storage) - before)

    assert [0, 1, 1, 1] == counts


def test_only_so_many_are_prepared(storage):
    """
    The rest is asked all the same.
    """

    def work(session):
        return [
            session.select(f"SELECT %s + {number}", (1,))
            for _ in range(2)
            for number in range(MANY)
        ]

    found = storage.transact(work, read_only=True)

    assert [[(1 + number,)] for number in range(MANY)] * 2 == found
    assert 400 >= prepared(storage) > 300


def test_the_same_words_for_other_kinds_of_values(storage):
    """
    A time where a number was is a statement of its own.
    """
    text = "SELECT pg_catalog.pg_typeof(%s)::text"

    def ask(value):
        return storage.transact(lambda s: s.select(text, (value,)), read_only=True)

    for _ in range(3):
        assert [("bigint",)] == ask(7)
        assert [("timestamp with time zone",)] == ask(Micros(7))


def test_behind_a_refusal_nothing_was_prepared(storage):
    """
    A statement that is sent for the second time behind one that fails is prepared when
    it is sent again.
    """

    def work(session, refused):
        if refused:
            session.insert(THINGS, [thing("a")])
        session.add(THINGS, [(A, {"quantity": 1})])
        session.delete(THINGS, [("s", "none")])

    storage.transact(lambda s: work(s, refused=False), read_only=False)
    for _ in range(2):
        with pytest.raises(RowExistsError):
            storage.transact(lambda s: work(s, refused=True), read_only=False)
    for _ in range(2):
        storage.transact(lambda s: work(s, refused=False), read_only=False)

    assert [thing("a", quantity=4)] == kept(storage, THINGS)


def test_large_answers_that_nobody_takes_yet_hold_up_no_large_writes(storage):
    """
    The server sends what was asked while it is sent what is to be written, and both are
    more than the network takes at once.
    """
    note = "x" * 1_000_000
    large = [thing(f"b{number}", note=note) for number in range(8)]
    keep(storage, THINGS, large)
    more = [thing(f"c{number}", note=note) for number in range(8)]

    def work(session):
        keys = [row[:2] for row in large]
        answers = [session.ask(Get(THINGS, tuple(keys))) for _ in range(3)]
        for row in more:
            session.insert(THINGS, [row])
        return [answer() for answer in answers]

    assert [large] * 3 == storage.transact(work, read_only=False)
    assert [thing("a", quantity=1), *large, *more] == kept(storage, THINGS)


def test_what_cannot_be_sent_is_told_and_nothing_is_written(storage):
    """
    What stands before it in the same transaction is taken back.
    """

    def work(session):
        session.insert(THINGS, [thing("b")])
        session.insert(THINGS, [thing("c", note="a\x00b")])

    with pytest.raises(psycopg.DataError, match="NUL"):
        storage.transact(work, read_only=False)

    assert [thing("a", quantity=1)] == kept(storage, THINGS)


def test_answers_nobody_asked_for_are_of_no_harm(storage):
    """
    A question whose answer is not waited for ends with its transaction.
    """

    def work(session):
        session.ask(Get(THINGS, (A,)))
        session.add(THINGS, [(A, {"quantity": 1})])

    for _ in range(3):
        storage.transact(work, read_only=False)

    assert [thing("a", quantity=4)] == kept(storage, THINGS)


AFTER_THE_END = {
    "get": lambda s: s.get(THINGS, [A], lock=False),
    "get, locked": lambda s: s.get(THINGS, [A], lock=True),
    "ask": lambda s: s.ask(Get(THINGS, (A,)))(),
    "insert": lambda s: s.insert(THINGS, [thing("b")]),
    "add": lambda s: s.add(THINGS, [(A, {"quantity": 1})]),
    "delete": lambda s: s.delete(THINGS, [A]),
}


@pytest.mark.parametrize("is_careful", [False, True])
@pytest.mark.parametrize("what", AFTER_THE_END)
def test_a_session_is_of_no_use_after_its_transaction(storage, what, is_careful):
    """
    It is refused; its connection may be another transaction's by now, and a statement
    would be committed by itself.
    """
    sessions = []

    def work(session):
        sessions.append(session)
        session.insert(THINGS, [thing("a" if is_careful else "c")])

    with contextlib.suppress(RowExistsError):
        storage.transact(work, read_only=False)
    before = kept(storage, THINGS)

    with pytest.raises(psycopg.InterfaceError, match="has ended"):
        AFTER_THE_END[what](sessions[-1])

    assert (2 if is_careful else 1) == len(sessions)
    assert before == kept(storage, THINGS)


def test_what_was_prepared_outlives_a_change_of_the_schema(storage, postgres_url):
    """
    Whether somebody adds a column, or changes the type of one, in which case the server
    refuses what was prepared before; readers and writers go on.
    """
    changes = [
        'ALTER COLUMN "order" TYPE numeric',
        'ALTER COLUMN "order" TYPE bigint',
        "ADD COLUMN more text",
        "DROP COLUMN more",
    ]

    def work(session):
        session.add(THINGS, [(A, {"order": 1})])
        return session.get(THINGS, [A], lock=True)

    with psycopg.connect(
        postgres_url.replace("+psycopg", ""), autocommit=True
    ) as other:
        for change in ["ADD CHECK (true)", *changes]:
            other.execute(f'ALTER TABLE sourcehere."thing" {change}')
            for _ in range(3):
                (before,) = kept(storage, THINGS)
                (after,) = storage.transact(work, read_only=False)
                assert before[ORDER] + 1 == after[ORDER]


def test_what_somebody_let_go_of_is_prepared_anew(storage):
    """
    Who finds it gone is told of it, once.
    """
    for _ in range(3):
        kept(storage, THINGS)
    let_go = storage.at_hand.kept() or storage.at_hand.lent()
    let_go[1].info["sourcehere_pipeline"].finish()
    let_go[1].driver_connection.pgconn.exec_(b"DEALLOCATE ALL")
    storage.at_hand.give_back(*let_go)

    with pytest.raises(StorageUnavailableError, match="pooler"):
        kept(storage, THINGS)
    for _ in range(3):
        assert [thing("a", quantity=1)] == kept(storage, THINGS)


def test_an_answer_may_be_had_again_and_after_the_end(storage):
    """
    It is the same each time, and a failure is told each time.
    """
    answers = []

    def work(session):
        answers.append(session.ask(Get(THINGS, (A,))))
        with contextlib.suppress(psycopg.errors.DivisionByZero):
            session.select("SELECT 1 / 0", ())
        answers.append(session.ask(Get(THINGS, (A,))))
        for _ in range(2):
            with pytest.raises(psycopg.errors.PipelineAborted):
                answers[1]()

    with pytest.raises(RuntimeError, match="caught an error"):
        storage.transact(work, read_only=True)

    for _ in range(2):
        assert [thing("a", quantity=1)] == answers[0]()
        with pytest.raises(psycopg.errors.PipelineAborted):
            answers[1]()


def test_who_goes_on_after_an_error_is_told_so_and_not_of_a_lost_connection(storage):
    """
    The work is not done again, nor is the storage called away: it is at fault itself.
    """
    runs = []

    def work(session):
        runs.append(1)
        with contextlib.suppress(psycopg.errors.DivisionByZero):
            session.select("SELECT 1 / 0", ())
        session.get(THINGS, [A], lock=False)

    with pytest.raises(psycopg.errors.PipelineAborted, match="before failed"):
        storage.transact(work, read_only=True)

    assert [1] == runs


def test_a_large_answer_is_let_go_of(storage):
    """
    What is at hand for the next transaction keeps nothing of the one before.
    """
    held = []

    def work(session):
        asked = session._pipe.ask("SELECT pg_catalog.repeat('x', 1000000)", ())
        assert 1_000_000 == len(session._pipe.rows(asked)[0][0])
        held.append(sys.getrefcount(asked.result))

    storage.transact(work, read_only=True)

    assert [2] == held  # the answer's own, and that of counting


@pytest.mark.parametrize("read_only", [False, True])
def test_an_answer_that_is_here_tells_the_server_no_limit(postgres_url, read_only):
    """
    After its transaction the connection is for others, however long was waited before.
    """
    options = SqlOptions(busy_seconds=1)  # of which a hundredth is noticed

    def work(session):
        answer = session.ask(Get(THINGS, (A,)))
        session.select("SELECT pg_catalog.pg_sleep(0.1)::text", ())
        return answer

    storage = SqlStorage(postgres_url, tables=TABLES, options=options)
    with contextlib.closing(storage):
        storage.create_tables()
        keep(storage, THINGS, [thing("a", quantity=1)])

        answer = storage.transact(work, read_only=read_only)

        assert [thing("a", quantity=1)] == answer()
        pool, pooled = storage.at_hand.kept() or storage.at_hand.lent()
        pooled.info["sourcehere_pipeline"].finish()
        status = pooled.driver_connection.info.transaction_status
        storage.at_hand.give_back(pool, pooled)
        assert TransactionStatus.IDLE == status
