"""
Who asks for something to be done.
"""

import enum

from .values import frozen


class Role(enum.StrEnum):
    """
    The parts people and programs play; every rule speaks of roles, never of names.
    """

    SELLER = "seller"
    STAFF = "staff"
    CUSTOMER = "customer"
    STORE = "store"
    CARRIER = "carrier"
    SYSTEM = "system"


@frozen
class Actor:
    """
    Who asks for a command or reports a fact.

    Attributes:
        role: What they are to the platform.

        id: Which one; the host application's own identifier, no personal data.
    """

    role: Role
    id: str = ""

    def __str__(self) -> str:
        return f"{self.role}:{self.id}" if self.id else str(self.role)


SYSTEM = Actor(Role.SYSTEM)
