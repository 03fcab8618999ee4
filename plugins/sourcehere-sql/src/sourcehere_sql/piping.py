"""
What one PostgreSQL transaction says, without waiting for each answer.

Between a client and a server there is a network, and a commit writes ten tables. So a
write is sent and the work goes on as if it had been done; what is read comes behind it
in the same round trip, and so does COMMIT, which the server does not come to where a
write failed. A write that changes fewer rows than it should is made to fail. Then the
transaction is rolled back and its work is done once more, this time looking at each
answer at once, so that it finds out itself which it was.
"""

import os
from collections.abc import Sequence
from contextlib import suppress

import psycopg
from psycopg.pq import TransactionStatus

from sourcehere.ports.storage import Row

from . import postgres_statements as sql
from .answer import Answer
from .forking import keep_inherited
from .lock_limit import Connection
from .pipeline import Pipeline

# A writer asks for no right to write: on a standby, or where the administrator lets
# transactions only read, that would fail, or have its way.
_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
_BEGIN_TO_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Pipe:
    """
    Sends statements, and looks at their answers when it is asked to.

    Attributes:
        sent: How many writes were sent.

        is_heard: Whether anything was answered: the connection lives. Where it has died
            while it was idle, the work may be done on another, which cannot be known
            any more once COMMIT was sent.

        is_waiting: Whether one that may wait for a lock has no answer yet.
    """

    def __init__(
        self,
        connection: Connection,
        pipeline: Pipeline,
        *,
        read_only: bool,
        limits: tuple[str, Sequence[object]] | None = None,
    ) -> None:
        """
        Begin a transaction on *connection*, without waiting for that, either.

        Args:
            pipeline: The connection's.

            limits: The statement, with its values, that sets the transaction's limits;
                None where the connection has them.
        """
        self.sent = 0
        self.is_waiting = False
        self._process = os.getpid()
        # PgBouncer lends its connection to another client as soon as the server is
        # ready once, in the middle of whatever was sent behind that.
        self._may_leave = read_only and limits is None
        self._is_over = False
        self._connection = connection
        self._pipeline = pipeline
        self.is_heard = False
        pipeline.enter()
        try:
            pipeline.send(_BEGIN_TO_READ if read_only else _BEGIN, ())
            if limits is not None:
                pipeline.send(*limits)
        except BaseException:
            self.close()
            raise

    def send(self, text: str, values: Sequence[object]) -> None:
        """
        Send a write that is done if it does not fail.
        """
        self.sent += 1
        self._pipeline.send(text, values)

    def send_counted(self, text: str, values: Sequence[object], count: int) -> None:
        """
        Send a write that is done if it changes *count* rows; *text* tells each of them.
        """
        self.send(sql.of_all(text), (*values, count))

    def ask(self, text: str, values: Sequence[object]) -> Answer:
        """
        Send what changes nothing that is kept; `rows` hears its answer.
        """
        return self._pipeline.send(text, values)

    def rows(self, answer: Answer) -> list[Row]:
        """
        Wait for the rows of *answer*, unless they came with those of another.

        Raises:
            psycopg.Error: If the question failed, or a write before it.
        """
        if answer.result is None:
            self._pipeline.hear(answer)
            # So everything that was sent before was heard, too.
            self._answered()
        return self._pipeline.rows(answer)

    def _answered(self) -> None:
        self.is_heard = True
        self.is_waiting = False

    @property
    def is_aborted(self) -> bool:
        """
        Whether a statement failed, so that those behind it were not done.
        """
        return self._pipeline.is_aborted

    def settle(self) -> None:
        """
        Find out that the connection lives: before COMMIT is sent, who is ended knows
        that nothing is committed.

        Raises:
            psycopg.Error: If it does not, or a write was heard to fail.
        """
        if self.is_heard:
            self._pipeline.hear_what_came()
        else:
            self._pipeline.hear()
            self._answered()

    def commit(self) -> None:
        """
        Commit what was sent, if all of it is done, and go back to waiting for each
        answer.

        Who has only read, and heard all of it, does not wait for the end: the next
        transaction hears of it. Behind a pooler it does.

        Raises:
            psycopg.Error: If a write or the commit failed, or nobody knows.
        """
        is_served = self._may_leave and self._pipeline.is_heard and not self.is_aborted
        committed = self._pipeline.send("COMMIT", ())
        if is_served and self._pipeline.leave_unheard():
            self._is_over = True
            return
        self._pipeline.leave()
        result = committed.result
        if result is None or result.command_status != b"COMMIT":
            raise psycopg.errors.InFailedSqlTransaction

    def drop(self) -> bool:
        """
        Wait for all answers if nobody has yet, whatever they are, and go back to
        waiting for each.

        Returns:
            Whether a write was refused, as far as the server could still tell.
        """
        if not self._is_mine:
            return False
        try:
            self._leave()
        except psycopg.Error:
            return not self._connection.closed
        return False

    def close(self) -> None:
        """
        Leave the connection as it was, with no transaction.
        """
        if self._is_over:
            return
        if not self._is_mine:
            keep_inherited(self)  # the parent is in the middle of something
            return
        with suppress(psycopg.Error):  # what is refused now is rolled back
            self._leave()
        if self._is_idle:
            return
        with suppress(psycopg.Error):  # it is lost, or nobody knows what is to come
            self._connection.rollback()
        if not self._is_idle:
            self._connection.close()  # whoever has it finds out

    @property
    def _is_idle(self) -> bool:
        """
        Whether the server is in no transaction, and has nothing to answer.
        """
        status = self._connection.pgconn.transaction_status
        return bool(status == TransactionStatus.IDLE)

    @property
    def _is_mine(self) -> bool:
        """
        Whether this is no forked child, for whom it is not to speak to the server.
        """
        return os.getpid() == self._process

    def _leave(self) -> None:
        if self._pipeline.is_entered:
            self._pipeline.leave()
