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
from psycopg.pq import PipelineStatus

from . import postgres_statements as sql
from .forking import keep_inherited
from .lock_limit import Connection
from .wire import RowCursor

# A writer asks for no right to write: on a standby, or where the administrator lets
# transactions only read, that would fail, or have its way.
_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
_BEGIN_TO_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Pipe:
    """
    Sends statements, and looks at their answers when it is asked to.

    Attributes:
        sent: How many writes were sent.

        is_answered: Whether every write has its answer.

        is_heard: Whether anything was answered: the connection lives. Where it has died
            while it was idle, the work may be done on another, which cannot be known
            any more once COMMIT was sent.

        is_waiting: Whether one that may wait for a lock has no answer yet.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        read_only: bool,
        limits: tuple[str, Sequence[object]] | None = None,
    ) -> None:
        """
        Begin a transaction on *connection*, without waiting for that, either.

        Args:
            limits: The statement, with its values, that sets the transaction's limits;
                None where the connection has them.
        """
        self.sent = 0
        self.is_waiting = False
        self._process = os.getpid()
        self._connection = connection
        self._others = RowCursor(connection)
        # The driver would wait for its own BEGIN.
        connection.autocommit = True
        self._entered = connection.pipeline()
        self._pipeline = self._entered.__enter__()
        self._is_open = True
        self.is_answered = True
        self.is_heard = False
        try:
            self._others.execute(_BEGIN_TO_READ if read_only else _BEGIN)
            if limits is not None:
                self._others.execute(*limits)
        except BaseException:
            self.close()
            raise

    def send(self, text: str, values: Sequence[object]) -> None:
        """
        Send a write that is done if it does not fail.
        """
        self.sent += 1
        self.is_answered = False
        self._others.execute(text, values)

    def send_counted(self, text: str, values: Sequence[object], count: int) -> None:
        """
        Send a write that is done if it changes *count* rows; *text* tells each of them.
        """
        self.send(sql.of_all(text), (*values, count))

    def answered(self) -> None:
        """
        Keep that an answer was had, and so everything that was sent before.
        """
        self.is_answered = self.is_heard = True
        self.is_waiting = False

    @property
    def is_aborted(self) -> bool:
        """
        Whether a statement failed, so that those behind it were not done.
        """
        status = self._connection.pgconn.pipeline_status
        return bool(status == PipelineStatus.ABORTED)

    def settle(self) -> None:
        """
        Wait for all answers.

        Raises:
            psycopg.Error: If a write failed.
        """
        if not self.is_answered:
            self._send_all()
            self._pipeline.sync()
            self.answered()

    def commit(self) -> None:
        """
        Commit what was sent, if all of it is done, and go back to waiting for each
        answer.

        Raises:
            psycopg.Error: If a write or the commit failed, or nobody knows.
        """
        self._send_all()
        self._others.execute("COMMIT")
        self._leave()
        if self._others.statusmessage != "COMMIT":
            raise psycopg.errors.InFailedSqlTransaction

    def _send_all(self) -> None:
        if self._connection.pgconn.flush():
            # There is more than the network took at once. Before it has sent the rest
            # the driver would wait, for ever, but not for a question's answer.
            self._others.execute("SELECT")
            self._others.fetchall()

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
        if not self._is_mine:
            keep_inherited(self)  # the parent is in the middle of something
            return
        self._others.close()
        with suppress(psycopg.Error):  # what is refused now is rolled back
            self._leave()
        with suppress(psycopg.Error):  # it is lost: whoever has it finds out
            self._connection.rollback()
            self._connection.autocommit = False

    @property
    def _is_mine(self) -> bool:
        """
        Whether this is no forked child, for whom it is not to speak to the server.
        """
        return os.getpid() == self._process

    def _leave(self) -> None:
        if self._is_open:
            self._is_open = False
            self._entered.__exit__(None, None, None)
