"""
Accepting what was seen: terms that somebody changed meanwhile are refused.
"""

from .errors import Blocker, CommandRefusedError


def require_seen(
    *, kind: str, id: str, command: str, seen: int | None, terms: int
) -> None:
    """
    Refuse to accept terms that are newer than what was looked at.

    Args:
        seen: The version that was looked at; None for whatever the terms are now.

        terms: The version since which the terms are what they are.

    Raises:
        CommandRefusedError: If they were changed since.
    """
    if seen is None or seen >= terms:
        return
    words = f"version {seen} was seen, but what is offered is from version {terms}"
    facts: dict[str, str | int] = {"seen": seen, "version": terms}
    raise CommandRefusedError(
        kind=kind,
        id=id,
        command=command,
        blockers=[Blocker("changed_since_seen", f"{words}; look again", facts)],
    )
