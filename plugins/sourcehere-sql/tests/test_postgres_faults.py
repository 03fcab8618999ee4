"""
Lost races, lost connections, lost answers: what PostgreSQL can do to a transaction.
"""

import contextlib
import os
import signal
import socket
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import sqlalchemy as sa

from sourcehere.ports.storage import (
    BusyError,
    Claim,
    CommitUnknownError,
    Get,
    RowExistsError,
    StorageFullError,
    StorageUnavailableError,
    TablesMissingError,
)
from sourcehere.testing.storage_base import keep, kept
from sourcehere.testing.storage_tables import MESSAGES, TABLES, THINGS, message, thing
from sourcehere_sql import SqlOptions, SqlStorage

A, B = ("s", "a"), ("s", "b")
_BREAKS_AT_COMMIT = """
    CREATE FUNCTION sourcehere.break() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER breaks AFTER INSERT ON sourcehere.thing
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sourcehere.break()
"""


@pytest.fixture
def storage(postgres_url):
    """
    Return a storage that soon gives up waiting, and notices deadlocks at once.
    """
    made = SqlStorage(
        f"{postgres_url}&options=-c%20deadlock_timeout%3D10ms",
        tables=TABLES,
        options=SqlOptions(busy_seconds=0.05, statement_seconds=0.2),
    )
    made.create_tables()
    yield made
    made.close()


def _kill(session, outside):
    """
    End the session's connection from the server's side, and wait until it is gone.
    """
    pid = session._connection.info.backend_pid
    outside.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))


def _end_others(outside):
    """
    End every connection but that one.
    """
    outside.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def test_a_lost_connection_is_replaced(storage, outside):
    """
    Work whose connection broke before COMMIT runs again on a new one, once.
    """
    runs = []

    def work(session):
        runs.append(len(runs))
        session.insert(THINGS, [thing("a", order=len(runs))])
        if len(runs) == 1:
            _kill(session, outside)
        session.insert(THINGS, [thing("b")])

    storage.transact(work, read_only=False)

    assert [0, 1] == runs
    assert [thing("a", order=2), thing("b")] == kept(storage, THINGS)


def test_connections_that_died_in_the_pool_do_no_harm(storage, outside):
    """
    After a restart of the server the next call is served as if nothing had been.
    """
    keep(storage, THINGS, [thing("a")])
    _end_others(outside)

    assert [thing("a")] == kept(storage, THINGS)


UNHEARD = {
    "nothing": lambda _: None,
    "a question": lambda s: s.ask(Get(THINGS, (A,))),
    "a write": lambda s: s.add(THINGS, [(A, {"order": 1})]),
}


@pytest.mark.parametrize(
    ("what", "read_only"),
    [
        ("nothing", False),
        ("nothing", True),
        ("a question", False),
        ("a question", True),
        ("a write", False),
    ],
)
def test_a_connection_that_died_idle_leaves_no_doubt(storage, outside, what, read_only):
    """
    Work that has heard nothing when it ends is done on another connection, whatever it
    has said.
    """
    keep(storage, THINGS, [thing("a", order=0)])
    _end_others(outside)

    result = storage.transact(UNHEARD[what], read_only=read_only)

    after = [thing("a", order=1 if what == "a write" else 0)]
    assert after == kept(storage, THINGS)
    if what == "a question":
        assert after == result()


def test_a_connection_that_ends_behind_commit_is_told(postgres_url, outside):
    """
    COMMIT is on its way behind a write that waits for a lock when the server ends the
    connection: nobody here can know that it did not come so far.
    """
    runs = []

    def work(session):
        runs.append(session._connection.info.backend_pid)
        (row,) = session.get(THINGS, [A], lock=False)
        session.replace(THINGS, [thing("a", order=2)], expected=[row])

    with (
        contextlib.closing(SqlStorage(postgres_url, tables=TABLES)) as storage,
        ThreadPoolExecutor(1) as beside,
        psycopg.connect(postgres_url.replace("+psycopg", "")) as holder,
    ):
        storage.create_tables()
        keep(storage, THINGS, [thing("a")])
        holder.execute("SELECT FROM sourcehere.thing FOR UPDATE")
        done = beside.submit(storage.transact, work, read_only=False)
        _wait_for_a_lock(outside)
        outside.execute("SELECT pg_terminate_backend(%s, 5000)", (runs[0],))
        holder.rollback()

        with pytest.raises(CommitUnknownError):
            done.result(timeout=20)
        assert 1 == len(runs)
        assert [thing("a")] == kept(storage, THINGS)
        storage.transact(work, read_only=False)
        assert [thing("a", order=2)] == kept(storage, THINGS)


def _wait_for_a_lock(outside):
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    until = time.monotonic() + 20
    while outside.execute(waiting).fetchone() == (0,):
        assert time.monotonic() < until, "nobody waits for a lock"
        time.sleep(0.01)


@pytest.mark.parametrize("writes", [1, 3])
def test_a_write_larger_than_the_network_takes_at_once(postgres_url, writes):
    """
    A commit of megabytes is sent to its end before its answers are waited for.
    """
    note = "x" * 1_000_000
    rows = [thing(f"{number:02}", note=note) for number in range(6 * writes)]

    def work(session):
        for start in range(0, len(rows), 6):
            session.insert(THINGS, rows[start : start + 6])

    with contextlib.closing(SqlStorage(postgres_url, tables=TABLES)) as storage:
        storage.create_tables()
        storage.transact(work, read_only=False)

        assert rows == kept(storage, THINGS)


def test_a_connection_that_is_lost_again_is_unavailable(storage, outside):
    """
    A second loss in a row is reported; nothing has been committed.
    """

    def work(session):
        session.insert(THINGS, [thing("a")])
        _kill(session, outside)
        session.insert(THINGS, [thing("b")])

    with pytest.raises(StorageUnavailableError):
        storage.transact(work, read_only=False)

    assert [] == kept(storage, THINGS)


def test_a_lost_answer_to_commit_is_unknown(storage, outside):
    """
    A connection that breaks at COMMIT is never guessed about, nor run again.
    """
    runs = []
    outside.execute(_BREAKS_AT_COMMIT)

    def work(session):
        runs.append(1)
        session.insert(THINGS, [thing("a")])

    with pytest.raises(CommitUnknownError) as ei:
        storage.transact(work, read_only=False)

    assert storage.url == ei.value.url
    assert [1] == runs


STOPS_BEHIND = {
    "a locked read": lambda s: s.get(THINGS, [A], lock=True),
    "a write": lambda s: s.add(THINGS, [(A, {"order": 1})]),
    "a write behind a read": lambda s: [
        s.get(THINGS, [A], lock=False),
        s.add(THINGS, [(A, {"order": 1})]),
        s.get(THINGS, [B], lock=False),
    ],
}


@pytest.fixture
def standing_still(postgres_url):
    """
    Return what lets somebody lock and then stand still within a transaction: what they
    do, and how often, while *meanwhile* runs; its result, and theirs.
    """
    goes_on, stands = threading.Event(), threading.Event()

    def run(what, meanwhile):
        def work(session):
            runs.append(1)
            STOPS_BEHIND[what](session)
            session.get(THINGS, [B], lock=False)  # what was sent is done
            stands.set()
            assert goes_on.wait(20)
            session.add(THINGS, [(A, {"order": 100})])

        runs = []
        with (
            contextlib.closing(SqlStorage(postgres_url, tables=TABLES)) as other,
            ThreadPoolExecutor(1) as beside,
        ):
            done = beside.submit(other.transact, work, read_only=False)
            try:
                assert stands.wait(20)
                result = meanwhile()
            finally:
                goes_on.set()
            done.result(timeout=20)
        return result, len(runs)

    return run


def _add(storage):
    storage.transact(lambda s: s.add(THINGS, [(A, {"order": 1})]), read_only=False)


@pytest.mark.parametrize("what", STOPS_BEHIND)
def test_who_stands_still_holds_up_nobody_for_ever(postgres_url, standing_still, what):
    """
    Who waits for the locks of a worker that stands still ends it, once it has said
    nothing for as long as a transaction may be idle; the worker does its work anew.
    """
    options = SqlOptions(busy_seconds=0.05, idle_seconds=0.5)
    storage = SqlStorage(postgres_url, tables=TABLES, options=options)
    storage.create_tables()
    keep(storage, THINGS, [thing("a", order=0)])

    def meanwhile():
        busy = 0
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                _add(storage)
            except BusyError:
                busy += 1
            else:
                return busy
        pytest.fail("the lock is held for ever")

    busy, runs = standing_still(what, meanwhile)

    assert busy >= 1
    assert 2 == runs
    own = 0 if what == "a locked read" else 1
    assert [thing("a", order=1 + own + 100)] == kept(storage, THINGS)
    storage.close()


@pytest.mark.parametrize(
    ("url", "idle"), [("", 60.0), ("&application_name=another", 0.5)]
)
def test_who_only_takes_long_is_left_alone(postgres_url, standing_still, url, idle):
    """
    Nobody is ended before that time, and nobody who is not one of ours.
    """
    options = SqlOptions(busy_seconds=0.6, idle_seconds=idle)
    storage = SqlStorage(f"{postgres_url}{url}", tables=TABLES, options=options)
    storage.create_tables()
    keep(storage, THINGS, [thing("a", order=0)])

    def meanwhile():
        for _ in range(2):
            with pytest.raises(BusyError):
                _add(storage)

    _, runs = standing_still("a locked read", meanwhile)

    assert 1 == runs
    assert [thing("a", order=100)] == kept(storage, THINGS)
    storage.close()


def test_a_reader_has_its_answer_before_commit(storage, outside):
    """
    Losing the connection after the last read changes nothing for the reader, who reads
    once.
    """
    keep(storage, THINGS, [thing("a")])
    runs = []

    def work(session):
        runs.append(1)
        rows = session.get(THINGS, [A], lock=False)
        # It takes a while: a next statement would be told that less is left to wait.
        session.select("SELECT pg_sleep(0.01)", ())
        _kill(session, outside)
        return rows

    assert [thing("a")] == storage.transact(work, read_only=True)
    assert [1] == runs


def test_an_error_that_the_work_swallowed_commits_nothing(storage):
    """
    Work that goes on after a failed statement is refused, and not told that nobody
    knows what became of it.
    """
    keep(storage, THINGS, [thing("a")])

    def work(session):
        rows = session.get(THINGS, [A], lock=True)
        session.replace(THINGS, rows, expected=None)
        with contextlib.suppress(psycopg.Error):
            session.select("SELECT 1 / 0", ())

    with pytest.raises(RuntimeError, match="caught an error"):
        storage.transact(work, read_only=False)
    with pytest.raises(RuntimeError, match="caught an error"):
        storage.transact(work_that_reads, read_only=True)

    assert [thing("a")] == kept(storage, THINGS)


def work_that_reads(session):
    """
    Read what cannot be, and go on.
    """
    with contextlib.suppress(psycopg.Error):
        session.select("SELECT 1 / 0", ())


def test_a_deadlock_is_run_again(storage):
    """
    Of two that wait for each other, one is run again, and both are done.
    """
    keep(storage, THINGS, [thing("a"), thing("b")])
    met = threading.Barrier(2)
    runs = []

    def change(first, second):
        def work(session):
            runs.append(first)
            session.add(THINGS, [(first, {"order": 1})])
            if runs.count(first) == 1:
                assert session.get(THINGS, [first], lock=True)
                met.wait()
            session.add(THINGS, [(second, {"order": 1})])

        storage.transact(work, read_only=False)

    patient = SqlOptions(busy_seconds=5)
    storage = SqlStorage(
        storage.address.full.render_as_string(hide_password=False),
        tables=TABLES,
        options=patient,
    )
    other = threading.Thread(target=change, args=(B, A))
    other.start()
    change(A, B)
    other.join()

    assert 3 == len(runs)
    assert [2, 2] == [row[3] for row in kept(storage, THINGS)]
    storage.close()


def test_a_lock_that_is_never_free_is_busy(storage, outside):
    """
    What somebody holds is waited for once, and then nothing has been done.
    """
    keep(storage, THINGS, [thing("a")])
    runs = []

    def work(session):
        runs.append(1)
        session.get(THINGS, [A], lock=True)

    with outside.transaction():
        outside.execute("SELECT FROM sourcehere.thing FOR UPDATE")
        with pytest.raises(BusyError) as ei:
            storage.transact(work, read_only=False)

    assert [1] == runs
    assert (storage.url, 0.05) == (ei.value.url, ei.value.seconds)


def test_a_statement_that_takes_too_long_is_unavailable(storage, outside):
    """
    A statement is stopped at its limit, and its transaction with it.
    """

    def work(session):
        session.insert(THINGS, [thing("a")])
        session.select("SELECT pg_sleep(60)", ())

    with pytest.raises(StorageUnavailableError):
        storage.transact(work, read_only=False)

    assert [] == kept(storage, THINGS)
    assert 0 == outside.execute("SELECT count(*) FROM sourcehere.thing").fetchone()[0]


def test_readers_see_one_moment(storage, postgres_url):
    """
    A read-only transaction does not see what others commit meanwhile.
    """
    keep(storage, THINGS, [thing("a")])
    other = SqlStorage(postgres_url, tables=TABLES)

    def look(session):
        before = session.get(THINGS, [A, B], lock=False)
        keep(other, THINGS, [thing("b")])
        return before, session.get(THINGS, [A, B], lock=False)

    before, after = storage.transact(look, read_only=True)
    other.close()
    assert [thing("a")] == before == after


def test_claims_do_not_wait_for_each_other(storage, outside):
    """
    A message that somebody else is just taking is passed by, others are taken.
    """
    keep(storage, MESSAGES, [message("a"), message("b")])
    request = Claim("w", now=0, lease_until=1, limit=2)

    with outside.transaction():
        outside.execute(
            "SELECT FROM sourcehere.message WHERE message_id = 'a' FOR UPDATE"
        )
        taken = storage.transact(lambda s: s.claim(MESSAGES, request), read_only=False)

    assert [B] == [MESSAGES.key_of(row) for row in taken]


def test_times_are_timestamps(storage, outside):
    """
    In the database a time is a timestamp with time zone, to the microsecond.
    """
    keep(storage, THINGS, [thing("a", made_at=-1, seen_at=1_700_000_000_123_457)])

    row = outside.execute(
        "SELECT to_char(made_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),"
        " to_char(seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
        " FROM sourcehere.thing"
    ).fetchone()
    assert ("1969-12-31 23:59:59.999999", "2023-11-14 22:13:20.123457") == row


def test_work_that_swallows_a_refusal_is_not_committed(storage):
    """
    The server would make the COMMIT a rollback and not say so: it is refused instead.
    """

    def work(session):
        session.insert(THINGS, [thing("a")])
        with contextlib.suppress(RowExistsError):
            session.insert(THINGS, [thing("a")])

    with pytest.raises(RuntimeError):
        storage.transact(work, read_only=False)

    assert [] == kept(storage, THINGS)


@contextlib.contextmanager
def by_tcp(postgres_url):
    """
    Serve a server's socket by TCP; yield the URL that leads there.
    """
    url = sa.make_url(postgres_url)
    path = f"{url.query['host']}/.s.PGSQL.{url.query.get('port', '5432')}"

    def pass_on(source, target):
        while said := source.recv(1 << 16):
            target.sendall(said)
        target.shutdown(socket.SHUT_WR)

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            client, _ = listening.accept()
            with client, socket.socket(socket.AF_UNIX) as server:
                server.connect(path)
                back = threading.Thread(target=pass_on, args=(server, client))
                back.start()
                pass_on(client, server)
                back.join()

        thread = threading.Thread(target=serve)
        thread.start()
        port = listening.getsockname()[1]
        yield url.set(host="127.0.0.1", port=port, query={}).render_as_string(
            hide_password=False
        )
        thread.join()


@pytest.mark.parametrize(
    ("said", "options", "limits"),
    [
        ("", SqlOptions(), (30, 10, 3, 60_000)),
        ("", SqlOptions(statement_seconds=0.5), (1, 1, 3, 500)),
        ("", SqlOptions(statement_seconds=86_400), (32_767, 14_400, 3, 86_400_000)),
        ("?keepalives_idle=7&tcp_user_timeout=0", SqlOptions(), (7, 10, 3, 0)),
    ],
)
def test_a_server_that_falls_silent_is_given_up(postgres_url, said, options, limits):
    """
    After as long as a statement may take; the system would wait for two hours.
    """
    with by_tcp(postgres_url) as url:
        storage = SqlStorage(f"{url}{said}", tables=TABLES, options=options)
        pooled = storage.engine.raw_connection()
        number = os.dup(pooled.driver_connection.pgconn.socket)
        with socket.socket(fileno=number) as connected:
            names = ("KEEPIDLE", "KEEPINTVL", "KEEPCNT", "USER_TIMEOUT")
            kept_by = [getattr(socket, f"TCP_{name}") for name in names]
            set_so = [connected.getsockopt(socket.IPPROTO_TCP, n) for n in kept_by]
            assert connected.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        pooled.close()
        storage.close()

    assert limits == tuple(set_so)


@pytest.fixture
def suspend(outside):
    """
    Return what suspends the server's process of a session until the test ends, or so
    long that whoever waits for it has failed.
    """
    suspended = []

    def stop(session):
        pid = session._connection.info.backend_pid
        os.kill(pid, signal.SIGSTOP)
        going_on = threading.Timer(20, os.kill, (pid, signal.SIGCONT))
        going_on.start()
        suspended.append((pid, going_on))

    yield stop
    for pid, going_on in suspended:
        going_on.cancel()
        os.kill(pid, signal.SIGCONT)
        outside.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))


def test_a_server_that_does_nothing_is_given_up(storage, suspend):
    """
    The system confirms what is sent to a process that hangs; its work is done on
    another connection once it was waited for twice as long as a statement may take.
    """
    keep(storage, THINGS, [thing("a")])
    runs = []

    def work(session):
        runs.append(session)
        session.get(THINGS, [B], lock=False)
        if len(runs) == 1:
            suspend(session)
        return session.get(THINGS, [A], lock=True)

    assert [thing("a")] == storage.transact(work, read_only=False)
    assert 2 == len(runs)


def test_a_server_that_says_nothing_to_commit_leaves_it_unknown(storage, suspend):
    """
    Nobody knows what it will do when it goes on.
    """

    def work(session):
        session.insert(THINGS, [thing("a")])
        session.get(THINGS, [A], lock=False)
        suspend(session)

    with pytest.raises(CommitUnknownError):
        storage.transact(work, read_only=False)


def test_an_interruption_is_told_while_a_lost_connection_is_let_go(storage, outside):
    """
    And nothing else, of a connection that is let go once only.
    """

    def interrupt(*_):
        raise KeyboardInterrupt

    outside.execute(_BREAKS_AT_COMMIT)
    sa.event.listen(storage.engine, "checkin", interrupt, once=True)

    with pytest.raises(KeyboardInterrupt):
        keep(storage, THINGS, [thing("a")])

    assert [] == kept(storage, THINGS)


def test_a_server_that_takes_nothing_is_given_up(storage, suspend):
    """
    More is to be sent than the network takes while nobody reads it.
    """
    runs = []

    def work(session):
        runs.append(session)
        session.get(THINGS, [A], lock=False)
        if len(runs) == 1:
            suspend(session)
        session.insert(THINGS, [thing("a", note="x" * 1_000_000)])
        session.get(THINGS, [B], lock=False)

    storage.transact(work, read_only=False)

    assert 2 == len(runs)


def test_what_is_wrong_is_told_in_one_line():
    """
    libpq adds a question in a line of its own, and each address that it tried.
    """
    storage = SqlStorage("postgresql+psycopg://localhost:1/shop", tables=TABLES)

    with pytest.raises(StorageUnavailableError) as ei:
        kept(storage, THINGS)

    told = "Connection refused Is the server running on that host and accepting"
    assert told in ei.value.cause
    assert ei.value.cause.isprintable()


def test_a_short_password_is_no_part_of_words():
    """
    It is blanked where it stands alone, and the words around it can be read.
    """
    storage = SqlStorage("postgresql+psycopg://ann:re@127.0.0.1:1/shop", tables=TABLES)
    with pytest.raises(StorageUnavailableError) as ei:
        storage.create_tables()
    assert "refused" in ei.value.cause
    told = storage.address.without_secrets('password "re" is required')
    assert 'password "***" is required' == told


def test_a_password_is_never_told():
    """
    Neither URL, repr, error nor traceback has the password in it.
    """
    url = "postgresql+psycopg://ann:hunter2@127.0.0.1:1/shop?sslpassword=hunter3"
    storage = SqlStorage(url, tables=TABLES)

    with pytest.raises(StorageUnavailableError) as ei:
        keep(storage, THINGS, [thing("a")])

    told = "".join(traceback.format_exception(ei.value))
    for text in (storage.url, repr(storage), repr(storage.address), told):
        assert "hunter" not in text
    assert "postgresql+psycopg://ann@127.0.0.1:1/shop" == storage.url


def test_what_was_written_is_never_told(postgres_url, outside):
    """
    A server that tells the values of a statement that failed is not repeated, by a
    storage of its own nor by one within a host's transaction.
    """
    told = "%20".join(
        f"-c%20{said}"
        for said in ("log_parameter_max_length_on_error%3D-1", "lock_timeout%3D50ms")
    )
    url = f"{postgres_url}&options={told}"
    storage = SqlStorage(url, tables=TABLES, options=SqlOptions(busy_seconds=0.05))
    storage.create_tables()
    keep(storage, THINGS, [thing("ann-lee")])
    host = psycopg.connect(url.replace("+psycopg", ""))
    ours, theirs = storage, SqlStorage.joined(host)

    with outside.transaction():
        outside.execute("SELECT FROM sourcehere.thing FOR UPDATE")
        for used in (ours, theirs):
            with pytest.raises(BusyError) as ei:
                used.transact(
                    lambda s: s.get(THINGS, [("s", "ann-lee")], lock=True),
                    read_only=False,
                )

            assert "canceling statement due to lock timeout" == ei.value.cause
    host.close()
    storage.close()


FULL = """
CREATE FUNCTION sourcehere.full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE 'could not extend file: No space left' USING ERRCODE = '53100'; END $$
"""
EACH = {
    "at once": "CREATE TRIGGER full_disk AFTER INSERT ON sourcehere.thing"
    " FOR EACH ROW EXECUTE FUNCTION sourcehere.full_disk()",
    "at commit": "CREATE CONSTRAINT TRIGGER full_disk AFTER INSERT ON sourcehere.thing"
    " DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION sourcehere.full_disk()",
}


@pytest.mark.parametrize("when", EACH)
def test_a_full_disk_is_called_full(storage, outside, when):
    """
    What does not fit is refused as such, in the work or by COMMIT; nothing of it is
    kept, and once there is room the next transaction is done.
    """
    outside.execute(FULL)
    outside.execute(EACH[when])

    with pytest.raises(StorageFullError) as ei:
        keep(storage, THINGS, [thing("a")])

    assert storage.url == ei.value.url
    assert "No space left" in ei.value.cause
    assert [] == kept(storage, THINGS)
    outside.execute("DROP TRIGGER full_disk ON sourcehere.thing")
    keep(storage, THINGS, [thing("a")])
    assert [thing("a")] == kept(storage, THINGS)


MISSING = {
    "thing": "DROP TABLE sourcehere.thing",
    "seen_at": "ALTER TABLE sourcehere.thing DROP seen_at",
}


@pytest.mark.parametrize("name", MISSING)
def test_what_is_missing_is_named(storage, outside, name):
    """
    A table or column that somebody dropped is told, with what to do, by who reads and
    who writes.
    """
    outside.execute(MISSING[name])

    for use in (kept, lambda *where: keep(*where, [thing("a")])):
        with pytest.raises(TablesMissingError) as ei:
            use(storage, THINGS)

        assert storage.url == ei.value.url
        assert "does not exist" in ei.value.cause
        assert name in ei.value.cause
        assert "sourcehere db upgrade" in str(ei.value)
