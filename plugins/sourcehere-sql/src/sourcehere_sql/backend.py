"""
What the storage asks of a database's driver, and how it takes the driver's errors.
"""

import enum
from contextlib import AbstractContextManager
from typing import Any, Protocol

import sqlalchemy as sa

from sourcehere.ports.storage import Session

from .turns import Patience


class Fault(enum.Enum):
    """
    What an error of the driver means for the transaction.
    """

    LOST_RACE = "lost race"  # rolled back; may well succeed when run again
    LOCKED = "locked"  # rolled back; others held what it needs for too long
    DISCONNECTED = "disconnected"  # not committed; another connection may work
    UNAVAILABLE = "unavailable"  # not committed; the database is away, or broken
    FULL = "full"  # not committed; there is no room on its disk
    READ_ONLY = "read-only"  # nothing can be written
    FORBIDDEN = "forbidden"  # a right is missing: to write, or to read even
    NO_TABLE = "no table"  # a table or column of ours is not there
    TOO_LARGE = "too large"  # a value that the database cannot keep
    POOLED = "pooled"  # what was prepared is another connection's: a pooler's
    OTHER = "other"  # a broken promise or a wrong statement: our bug


class HastyError(Exception):
    """
    What was written in haste was refused: the work is to be done again with care.
    """


class OpenSession(Session, Protocol):
    """
    A session as the storage holds it.
    """

    def require_whole(self) -> None:
        """
        Refuse to commit what is left of work that swallowed an error of its session.
        """
        ...

    def is_hasty(self, error: Exception) -> bool:
        """
        Tell whether *error*, by which the work ended, may be due to a refused write
        whose answer nobody has looked at; looks at them all.
        """
        ...

    def commit(self) -> None:
        """
        Commit the transaction.
        """
        ...

    def close(self) -> None:
        """
        Return the cursor to the driver.
        """
        ...


class Backend(Protocol):
    """
    One kind of database. A *connection* is the driver's own.
    """

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """
        The driver's exceptions.
        """
        ...

    def make_engine(self) -> sa.Engine:
        """
        Make the connection pool; connects to nothing yet.
        """
        ...

    def look(self) -> sa.Engine | None:
        """
        Make connections that change nothing; None if there is no database yet.
        """
        ...

    def turn(
        self, *, read_only: bool, patience: Patience
    ) -> AbstractContextManager[None]:
        """
        Wait until this process may begin a transaction, as long as there is *patience*.
        """
        ...

    def begin(
        self,
        pooled: sa.PoolProxiedConnection,
        *,
        read_only: bool,
        patience: Patience,
        careful: bool,
    ) -> OpenSession:
        """
        Begin a transaction, which waits for locks as long as there is *patience*.

        Args:
            careful: Whether the answer to each write is looked at before the next one.
        """
        ...

    def stays_open(self, pooled: sa.PoolProxiedConnection) -> bool:
        """
        Tell whether a connection may be used again without asking its pool.
        """
        ...

    def part(self, pooled: sa.PoolProxiedConnection) -> None:
        """
        Make a connection ready to be closed, in a moment.
        """
        ...

    def prepare_join(self, connection: Any, *, read_only: bool) -> None:
        """
        Make sure that the host's transaction has begun for the driver too.
        """
        ...

    def join(self, connection: Any, *, read_only: bool) -> OpenSession:
        """
        Make a session within a host's transaction.
        """
        ...

    def is_open(self, connection: Any) -> bool:
        """
        Tell whether the transaction can still be rolled back: it is not committed.
        """
        ...

    def end_silent(self, connection: Any, error: BaseException) -> None:
        """
        End the transactions of workers that stand still, if *error* is that locks were
        waited for in vain, and the database does not end them by itself.
        """
        ...

    def judge(self, error: Exception) -> Fault:
        """
        Tell what the driver's *error* means.
        """
        ...
