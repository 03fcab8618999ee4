"""
Which of the port's errors tells of a fault of the database, and in which words.
"""

from sourcehere.domain.kernel.errors import SourceHereError
from sourcehere.ports.storage import (
    BusyError,
    StorageFullError,
    StorageReadOnlyError,
    StorageUnavailableError,
    TablesMissingError,
)

from .backend import Fault

_UNAVAILABLE: dict[Fault, type[StorageUnavailableError]] = {
    Fault.FULL: StorageFullError,
    Fault.READ_ONLY: StorageReadOnlyError,
    Fault.NO_TABLE: TablesMissingError,
}
_POOLED = (
    "connections seem to be given to others between transactions, by a pooler such as"
    " PgBouncer: say pooler=true in the URL"
)


def told_as(
    fault: Fault, *, url: str, seconds: float, cause: str, read_only: bool = True
) -> SourceHereError:
    """
    Return the error that tells of *fault*.

    Args:
        read_only: Whether the transaction only reads. If not, a right that is missing
            is the one to write.

        seconds: How long a call waits.

        cause: What the driver said, without any password.
    """
    if fault in (Fault.LOST_RACE, Fault.LOCKED):
        return BusyError(url=url, seconds=seconds, cause=cause)
    if fault is Fault.POOLED:
        cause = f"{cause}; {_POOLED}"
    if fault is Fault.FORBIDDEN and not read_only:
        fault = Fault.READ_ONLY
    return _UNAVAILABLE.get(fault, StorageUnavailableError)(url=url, cause=cause)


def words_of(error: Exception) -> str:
    """
    Return what the database says is wrong, in one line, and without what it was working
    on: PostgreSQL may be set to add the values of a statement, which are names and
    addresses.
    """
    said = getattr(error, "diag", None)
    words: str = getattr(said, "message_primary", None) or str(error)
    return " ".join(words.split())
