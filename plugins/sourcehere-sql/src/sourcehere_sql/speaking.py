"""
How one PostgreSQL transaction speaks with its server: what is asked and answered when.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import NoReturn

import psycopg
from psycopg.pq import TransactionStatus

from sourcehere.ports.storage import Key, Row

from .answer import Answer
from .backend import HastyError
from .lock_limit import Connection, LockLimit
from .piping import Pipe
from .reading import ReadingSession
from .wire import RowCursor

# What the work is told of its own write, and not of what it did behind that.
_OF_A_WRITE = (
    psycopg.errors.UniqueViolation,
    psycopg.errors.DivisionByZero,
    psycopg.errors.PipelineAborted,
)


class SpeakingSession(ReadingSession):
    """
    Sends statements by a pipe or one by one, and waits for locks as long as it may.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        read_only: bool,
        at: str,
        waiting: LockLimit | None = None,
        pipe: Pipe | None = None,
    ) -> None:
        """
        Work in the transaction of *connection*.

        Args:
            waiting: How long for locks; as its owner says if not given.

            pipe: Where writes go whose answers are looked at later; not given, each is
                looked at before the next one.
        """
        super().__init__(read_only=read_only, at=at)
        self._connection = connection
        self._waiting = waiting
        self._pipe = pipe
        self._is_asking = False
        self._asked: Answer | None = None
        self._is_over = False

    def close(self) -> None:
        """
        Leave the connection as it was, which may be another transaction's from now on.
        """
        self._is_over = True
        if self._pipe is not None:
            self._pipe.close()

    @property
    def broken(self) -> bool:
        """
        Whether a statement failed: the server would turn a COMMIT into a rollback.
        """
        status = self._connection.info.transaction_status
        is_aborted = self._pipe is not None and self._pipe.is_aborted
        return is_aborted or status is TransactionStatus.INERROR

    def commit(self) -> None:
        """
        Commit the transaction, if all that was written is done.
        """
        if self._pipe is None:
            self._connection.commit()
        else:
            self._pipe.commit()

    def require_whole(self) -> None:
        """
        Make sure that the connection lives, whatever is to be said on it.
        """
        if self._pipe is not None:
            self._pipe.settle()
        super().require_whole()

    def is_hasty(self, error: Exception) -> bool:
        """
        Tell whether *error* may be due to a write whose answer nobody has looked at.
        """
        if self._pipe is None or isinstance(error, HastyError):
            return False
        if isinstance(error, psycopg.Error):
            if isinstance(error, psycopg.errors.LockNotAvailable):
                return self._waiting is not None and self._waiting.is_shared
            return self._pipe.sent > 0 and isinstance(error, _OF_A_WRITE)
        return self._pipe.drop()

    def _sent(self, read: Callable[[], object]) -> Answer | None:
        """
        Send what *read* asks, and return where its answer comes; None if it asks
        nothing.
        """
        self._is_asking, self._asked = True, None
        try:
            read()
        finally:
            self._is_asking = False
        return self._asked

    def select(self, text: str, parameters: Sequence[object]) -> list[Row]:
        """
        Run a query and fetch everything.
        """
        return self._rows(text, parameters)

    @property
    def _is_paced(self) -> bool:
        """
        Whether locks of one statement share a limit; a host's transaction has its own.
        """
        return self._waiting is not None

    def _rows(
        self, text: str, values: Sequence[object], *, paced: bool = False
    ) -> list[Row]:
        given = self._given(values, paced=paced)
        if self._pipe is None:
            with self._noticed():
                return self._executed(text, given).fetchall()
        asked = self._pipe.ask(text, given)
        if self._is_asking:
            self._asked = asked
            return []
        with self._noticed():
            return self._pipe.rows(asked)

    def _answered(self, pipe: Pipe, asked: Answer) -> list[Row]:
        """
        Wait for an answer; what was heard already may be had after the transaction.
        """
        if asked.result is not None:
            return pipe.rows(asked)  # nothing is waited for, and nothing said
        if self._is_over:
            _refuse_end()
        with self._noticed():
            return pipe.rows(asked)

    def _executed(self, text: str, values: Sequence[object]) -> RowCursor:
        """
        Run a statement by itself.
        """
        # Not `connection.cursor()`: a host may have made that give another kind.
        return RowCursor(self._connection).execute(text, values)

    def _write(
        self, text: str, values: Sequence[object], *, paced: bool, waits: bool
    ) -> None:
        """
        Write something.

        Args:
            waits: Whether others may hold what it needs.
        """
        given = self._given(values, paced=paced, waits=waits)
        if self._pipe is not None:
            self._pipe.send(text, given)
            return
        with self._noticed():
            self._executed(text, given)

    def _change(
        self, text: str, values: Sequence[object], keys: list[Key], *, paced: bool
    ) -> list[Key]:
        """
        Change the rows of *keys*; list those left alone, as far as that is known yet.
        """
        given = self._given(values, paced=paced, waits=True)
        if self._pipe is not None:
            self._pipe.send_counted(text, given, len(keys))
            return []
        with self._noticed():
            cursor = self._executed(text, given)
            if len(keys) == 1:
                return [] if cursor.rowcount else keys
            done = set(cursor.fetchall())
        return [key for key in keys if key not in done]

    def _given(
        self, values: Sequence[object], *, paced: bool, waits: bool = False
    ) -> Sequence[object]:
        """
        Make sure that the next statement waits no longer than it may.

        Returns:
            Its *values*, behind the limit where it is *paced*.
        """
        if self._is_over:
            _refuse_end()
        limit = self._waiting
        if limit is None:
            return values
        if waits and self._pipe is not None:
            # With another that has no answer yet, it is waited for together.
            limit.is_shared |= self._pipe.is_waiting
            self._pipe.is_waiting = True
        left = limit.tell()
        return (left, *values) if paced else values

    def _noticed(self) -> AbstractContextManager[None]:
        return nullcontext() if self._waiting is None else self._waiting


def _refuse_end() -> NoReturn:
    """
    Refuse what is said after the transaction has ended.

    Raises:
        psycopg.InterfaceError: Always.
    """
    msg = (
        "this transaction has ended; use its session in the work only, and"
        " return rows from there"
    )
    raise psycopg.InterfaceError(msg)
