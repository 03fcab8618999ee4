"""
Which HTTP status an error has.
"""

from sourcehere import (
    CommandRefusedError,
    CounterpartyError,
    ForbiddenError,
    NotFoundError,
    SourceHereError,
    StateError,
)


def status_of(error: SourceHereError) -> int:
    """
    Return the status for an error, by its family.
    """
    if isinstance(error, NotFoundError):
        return 404
    if isinstance(error, ForbiddenError):
        return 403
    if isinstance(error, CommandRefusedError) and "role_not_allowed" in error.codes:
        return 403
    if isinstance(error, StateError):
        return 409
    return 503 if isinstance(error, CounterpartyError) else 400
