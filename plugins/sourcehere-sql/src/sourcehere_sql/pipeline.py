"""
libpq's pipeline of one PostgreSQL connection, without the driver's cursors.

A cursor looks for answers whenever it sends something, by a long way through the
driver. Here each statement is handed to libpq, which sends it while the work goes on,
and nothing looks for answers before one is needed. What is sent more than once is
prepared. docs/performance.md says what that saves.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import cache
from typing import NoReturn

import psycopg
from psycopg.abc import PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, Format, PipelineStatus
from psycopg.pq.abc import PGresult
from psycopg.waiting import WAIT_R, WAIT_RW, Wait

from sourcehere.ports.storage import Row

from .answer import Answer, Form, is_stale
from .lock_limit import Connection
from .wire import RowCursor

_MOST_PREPARED = 400
_DONE = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK, ExecStatus.PIPELINE_SYNC)


class Pipeline:
    """
    Sends statements on one connection, and hears their answers, in the same order.
    """

    def __init__(
        self, connection: Connection, *, prepares: bool, silent_seconds: float
    ) -> None:
        """
        Speak on *connection*.

        Args:
            prepares: Whether what is sent more than once is prepared on the server.

            silent_seconds: How long the server may say nothing while it is waited for.
        """
        self._connection = connection
        self._pgconn = connection.pgconn
        self._values = Transformer(RowCursor(connection))
        self._prepares = prepares
        self._silent_seconds = silent_seconds
        self._seen: set[Form] = set()
        self._names: dict[Form, bytes] = {}
        self._count = 0
        self._is_torn = False
        self._unheard: deque[Answer] = deque()
        self._is_left = False

    def enter(self) -> None:
        """
        Begin to send statements without waiting for their answers.

        Raises:
            psycopg.OperationalError: If the connection was left in the middle of
                something, or is lost.
        """
        is_left, self._is_left = self.is_left, False
        if is_left:  # it is entered, and what is to be heard comes first
            return
        self._unheard.clear()
        self._is_torn = False
        self._pgconn.enter_pipeline_mode()

    @property
    def is_entered(self) -> bool:
        """
        Whether statements are sent so.
        """
        return bool(self._pgconn.pipeline_status != PipelineStatus.OFF)

    @property
    def is_left(self) -> bool:
        """
        Whether the last transaction left answers for the next one to hear.
        """
        return self._is_left and self.is_entered

    @property
    def is_heard(self) -> bool:
        """
        Whether all that was sent is heard.
        """
        return not self._unheard

    @property
    def is_aborted(self) -> bool:
        """
        Whether a statement was heard to fail, so that those behind it are not done.
        """
        return bool(self._pgconn.pipeline_status == PipelineStatus.ABORTED)

    def send(self, text: str, values: Sequence[object]) -> Answer:
        """
        Send a statement with its values, as far as the network takes it at once; the
        rest follows when something is heard.

        Raises:
            psycopg.DataError: If a value cannot be sent; nothing was.

            psycopg.OperationalError: If the connection is lost.
        """
        given = types = formats = None
        form: Form = (text, ())
        if values:
            given = self._values.dump_sequence(values, (PyFormat.AUTO,) * len(values))
            types, formats = self._values.types, self._values.formats
            form = (text, types or ())
        answer = Answer()
        self._tear()
        name = self._names.get(form) or self._prepared(form)
        if name is None:
            self._pgconn.send_query_params(
                _numbered(text), given, types, formats, Format.BINARY
            )
        else:
            self._pgconn.send_query_prepared(name, given, formats, Format.BINARY)
        self._unheard.append(answer)
        self._is_torn = False
        self._pgconn.flush()  # the server works on it meanwhile
        return answer

    def _tear(self) -> None:
        """
        Begin what must not be interrupted: afterwards nobody would know which answer is
        whose. Who finds that it was closes the connection.

        Raises:
            psycopg.OperationalError: If it was.
        """
        if self._is_torn:
            self._connection.close()
            msg = "a call was interrupted in the middle of what it sent or heard"
            raise psycopg.OperationalError(msg)
        self._is_torn = True

    def _prepared(self, form: Form) -> bytes | None:
        """
        Prepare a statement that is sent for the second time.

        Returns:
            The name by which it is prepared; None if it is not.
        """
        if not self._prepares:
            return None
        if form not in self._seen:
            if len(self._seen) < _MOST_PREPARED:
                self._seen.add(form)
            return None
        self._count += 1
        name = b"sourcehere_%d" % self._count
        text, types = form
        self._pgconn.send_prepare(name, _numbered(text), types or None)
        self._unheard.append(Answer(form))
        self._names[form] = name
        return name

    def hear(self, answer: Answer | None = None) -> None:
        """
        Wait for *answer*, or for all that was sent.

        Raises:
            psycopg.Error: If that, or what was sent before it, failed.
        """
        if self._unheard and (answer is None or answer.result is None):
            last = self._unheard[-1] if answer is None else answer
            if not last.is_asked:
                self._pgconn.send_flush_request()
                self._note_asked()
            self._hear_until(answer)

    def _hear_until(self, answer: Answer | None) -> None:
        """
        Hear all to *answer*, or to the end; the network is asked if it is not here yet.
        """
        pgconn = self._pgconn
        if pgconn.flush():
            # There is more than the network took at once; the server may be waiting
            # for us to take its answers.
            self._connection.wait(self._waited_while(pgconn.flush, WAIT_RW))
        while self._unheard and (answer is None or answer.result is None):
            self._hear_one(self._unheard[0])

    def _note_asked(self) -> None:
        for answer in reversed(self._unheard):
            if answer.is_asked:
                return
            answer.is_asked = True

    def hear_what_came(self, *, within: float = 0) -> None:
        """
        Hear what is there already, or comes *within* some seconds.

        Raises:
            psycopg.Error: If something failed, or the server has ended the connection.
        """
        if self._connection.wait(_readable(), interval=within):
            self._pgconn.consume_input()
            while self._unheard and not self._pgconn.is_busy():
                self._hear_one(self._unheard[0])

    def rows(self, answer: Answer) -> list[Row]:
        """
        Return the rows of an answer that was heard, as often as they are wanted.

        Raises:
            psycopg.Error: If it failed, or was never heard.
        """
        result = answer.result
        if result is None or result.status not in _DONE:
            self._fail(result)
        self._values.set_pgresult(result)
        rows: list[Row] = self._values.load_rows(0, result.ntuples, tuple)
        self._values.set_pgresult(None)  # else it would be kept until the next one
        return rows

    def leave_unheard(self) -> bool:
        """
        Leave what was sent for the next transaction to hear, if nothing more is to be
        sent before. A failure is told then, as of a connection that is lost.

        Returns:
            Whether it is left; otherwise all of it is to be heard now.
        """
        self._sync()
        if self._pgconn.flush():
            return False
        for answer in self._unheard:
            answer.is_left = True
        self._is_left = True
        return True

    def finish(self) -> None:
        """
        Hear what was left for the next transaction, and go back to one statement at a
        time.

        Raises:
            psycopg.OperationalError: If the connection is lost.
        """
        if self.is_left:
            self.leave()

    def _sync(self) -> None:
        self._tear()
        self._pgconn.pipeline_sync()
        self._unheard.append(Answer())
        self._note_asked()
        self._is_torn = False

    def leave(self) -> None:
        """
        Hear all that was sent, and go back to one statement at a time.

        Raises:
            psycopg.Error: The first failure that was not heard yet; nothing is waited
                for any more.
        """
        self._sync()
        failed: psycopg.Error | None = None
        while self._unheard and not self._connection.closed:
            try:
                self._hear_until(None)
            except psycopg.Error as error:
                failed = failed or error
        if not self._connection.closed:
            self._pgconn.exit_pipeline_mode()
        if failed is not None:
            raise failed

    def _hear_one(self, answer: Answer) -> None:
        pgconn = self._pgconn
        if pgconn.is_busy():
            self._connection.wait(self._waited_while(pgconn.is_busy, WAIT_R))
        self._tear()
        result = heard = pgconn.get_result()
        while heard is not None and heard.status != ExecStatus.PIPELINE_SYNC:
            result = heard
            if pgconn.is_busy():
                self._connection.wait(self._waited_while(pgconn.is_busy, WAIT_R))
            heard = pgconn.get_result()  # None behind the last one
        self._unheard.popleft()
        answer.result = result
        is_done = result is not None and result.status in _DONE
        if answer.form is not None and not is_done:
            self._names.pop(answer.form, None)  # all may be forgotten already
        self._is_torn = False
        if answer.is_left and not is_done:
            self._connection.close()  # nobody knows any more what it was about
            msg = "the end of the transaction before failed"
            raise psycopg.OperationalError(msg)
        if not is_done:
            self._fail(result)

    def _waited_while(self, goes_on: Callable[[], object], state: Wait) -> PQGen[None]:
        moved_at = time.monotonic()
        while goes_on():
            if (yield state):
                self._pgconn.consume_input()
                moved_at = time.monotonic()
            elif time.monotonic() - moved_at > self._silent_seconds:
                self._give_up()

    def _give_up(self) -> NoReturn:
        """
        Close what is connected to a process that does nothing, though its system is
        there and confirms what is sent: its disk hangs, or it was suspended.
        """
        self._connection.close()
        msg = f"the server has said nothing for {self._silent_seconds:g} seconds"
        raise psycopg.OperationalError(msg)

    def _fail(self, result: PGresult | None) -> NoReturn:
        if result is None:
            msg = "the connection is lost"
            raise psycopg.OperationalError(msg)
        if result.status == ExecStatus.PIPELINE_ABORTED:
            msg = "what was sent before failed"
            raise psycopg.errors.PipelineAborted(msg)
        error = psycopg.errors.error_from_result(result, encoding="utf-8")
        if is_stale(error) or isinstance(error, psycopg.errors.InvalidSqlStatementName):
            self._names.clear()  # all is prepared anew, under other names
        raise psycopg.OperationalError(str(error)) if error.sqlstate is None else error


def _readable() -> PQGen[int]:
    return (yield WAIT_R)


@cache
def _numbered(text: str) -> bytes:
    """
    Return a statement as the server reads it: `$1` for the first `%s`.
    """
    first, *rest = text.split("%s")
    return "".join(
        (first, *(f"${place}{part}" for place, part in enumerate(rest, 1)))
    ).encode()
