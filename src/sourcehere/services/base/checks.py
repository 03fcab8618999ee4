"""
What is refused before any work begins.
"""

from datetime import datetime

from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.errors import (
    CommandRefusedError,
    InvalidInputError,
    wrong_role,
)


def require_staff(by: Actor, command: str) -> None:
    """
    Refuse anybody but staff.

    Raises:
        CommandRefusedError: If *by* is not staff.
    """
    if by.role != Role.STAFF:
        raise CommandRefusedError(
            kind="platform",
            id="",
            command=command,
            blockers=[wrong_role(command, by, roles=[Role.STAFF])],
        )


def require_zone(field: str, at: datetime) -> None:
    """
    Refuse a time that does not say whose clock it is told by.

    Raises:
        InvalidInputError: If *at* has no time zone; it names *field*.
    """
    if at.utcoffset() is None:
        raise InvalidInputError(
            field=field, value=at.isoformat(), expected="a time with its zone"
        )
