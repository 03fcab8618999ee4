"""
What is refused before any work begins.
"""

from datetime import datetime

from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.clock import AHEAD_MAX
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


def require_past(field: str, at: datetime, *, now: datetime) -> None:
    """
    Refuse a time at which nothing can have happened yet, but for zones that were left
    out and clocks that are wrong.

    Raises:
        InvalidInputError: If *at* is more than two days ahead; it names *field*.
    """
    if at > now + AHEAD_MAX:
        raise InvalidInputError(
            field=field,
            value=at.isoformat(),
            expected=f"a time that has come: it is {now.isoformat()} now",
        )
