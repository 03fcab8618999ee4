"""
Which of the port's errors tells of a fault of the database.
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


def told_as(fault: Fault, *, url: str, seconds: float, cause: str) -> SourceHereError:
    """
    Return the error that tells of *fault*.

    Args:
        seconds: How long a call waits.

        cause: What the driver said, without any password.
    """
    if fault in (Fault.LOST_RACE, Fault.LOCKED):
        return BusyError(url=url, seconds=seconds, cause=cause)
    return _UNAVAILABLE.get(fault, StorageUnavailableError)(url=url, cause=cause)
