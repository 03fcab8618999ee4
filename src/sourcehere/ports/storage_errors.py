"""
What can go wrong with a storage as such.
"""

from ..domain.kernel.errors import (
    AlreadyExistsError,
    CallerError,
    CounterpartyError,
    StateError,
)


class RowExistsError(AlreadyExistsError):
    """
    An inserted row whose key, or unique index, is taken.
    """


class HostsTransactionError(CallerError):
    """
    Somebody outside was to be asked within a host's transaction. It may yet be rolled
    back: what was done there would be known to nobody. And its locks would be held for
    as long as the answer takes.

    Attributes:
        action: What was asked for.
    """

    def __init__(self, *, action: str) -> None:
        super().__init__(
            f"{action} asks somebody outside, which is not done within a transaction"
            " of the host's: call it at the order core itself, before the transaction"
            " begins or after its commit"
        )
        self.action = action


class StorageUnavailableError(CounterpartyError):
    """
    The database does not answer, or cannot do what it is asked.
    """

    def __init__(self, *, url: str, cause: str) -> None:
        super().__init__(f"storage {url}: {cause}")
        self.url = url
        self.cause = cause

    @property
    def kept_words(self) -> str:
        """
        Not where it is, which concerns no seller.
        """
        return "the storage did not answer, or could not do what it was asked"


class StorageFullError(StorageUnavailableError):
    """
    The disk of the database is full: nothing was written.
    """

    def __init__(self, *, url: str, cause: str) -> None:
        super().__init__(url=url, cause=f"the disk is full: {cause}")


class StorageReadOnlyError(StorageUnavailableError):
    """
    The database can be read, but not written: a file, mount or role without the right
    to write, or a standby.
    """

    def __init__(self, *, url: str, cause: str) -> None:
        super().__init__(url=url, cause=f"it can only be read: {cause}")


class TablesMissingError(StorageUnavailableError):
    """
    The database answers, but a table or column of ours is not there.
    """

    def __init__(self, *, url: str, cause: str) -> None:
        super().__init__(
            url=url,
            cause=f"{cause}; `sourcehere db upgrade` makes the tables of an empty or"
            " older database, and what somebody dropped comes back from a backup",
        )


class BusyError(CounterpartyError):
    """
    Others hold what a call needs, for longer than it waits; nothing was done.

    Attributes:
        seconds: How long a call waits for locks, races and reconnecting together.
    """

    def __init__(self, *, url: str, seconds: float, cause: str) -> None:
        super().__init__(
            f"storage {url}: busy for more than {seconds:g} seconds: {cause};"
            " try again later"
        )
        self.url = url
        self.seconds = seconds
        self.cause = cause

    @property
    def kept_words(self) -> str:
        """
        Not where it is, which concerns no seller.
        """
        return f"the storage was busy for more than {self.seconds:g} seconds"


class CommitUnknownError(CounterpartyError):
    """
    The connection broke while committing: it may have happened.

    Repeat the command with the same command id: it is done once.
    """

    def __init__(self, *, url: str) -> None:
        super().__init__(
            f"storage {url}: the answer to COMMIT was lost;"
            " repeat the command with the same command id"
        )
        self.url = url

    @property
    def kept_words(self) -> str:
        """
        Not where it is, which concerns no seller.
        """
        return "the answer to COMMIT was lost"


class NotEmptyError(StateError):
    """
    A database that keeps something, where a copy of another one was to begin: nothing
    was copied.

    Attributes:
        table: One that has rows.
    """

    def __init__(self, *, url: str, table: str) -> None:
        super().__init__(
            f"storage {url}: there are rows in {table}, and a copy begins with an empty"
            " database; name another one"
        )
        self.url = url
        self.table = table


class SchemaVersionError(StateError):
    """
    A database that is newer than this release, or was made before the first one with
    other tables; or one that is older and not to be upgraded.
    """

    def __init__(self, *, url: str, found: str, expected: str, advice: str) -> None:
        super().__init__(
            f"storage {url}: schema {found}, this release needs {expected}; {advice}"
        )
        self.url = url
        self.found = found
        self.expected = expected
        self.advice = advice
