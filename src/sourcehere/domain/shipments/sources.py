"""
Who may say that a parcel is with the customer: one table of roles and sources.
"""

import enum

from ..kernel.actor import Role
from ..kernel.values import frozen


class Word(enum.StrEnum):
    """
    How a source is heard.
    """

    FACT = "fact"  # tells tracking facts, which are never refused
    TIMER = "timer"  # a deadline that passes; it can be held up
    NONE = "none"  # tells us nothing: somebody else has to say it


@frozen(kw_only=True)
class Source:
    """
    One source, and whether its word counts.

    Attributes:
        role: As whom it acts here.

        why: Why it may, or who has to say it instead.
    """

    name: str
    role: Role
    word: Word
    why: str


DELIVERED_SOURCES: tuple[Source, ...] = (
    Source(
        name="carrier",
        role=Role.CARRIER,
        word=Word.FACT,
        why="it handed the parcel over",
    ),
    Source(
        name="staff",
        role=Role.STAFF,
        word=Word.FACT,
        why="they read it at the carrier's, or asked whoever says so",
    ),
    Source(
        name="host",
        role=Role.SYSTEM,
        word=Word.FACT,
        why="the program that asks carriers passes on what they say",
    ),
    Source(
        name="timer",
        role=Role.SYSTEM,
        word=Word.TIMER,
        why="nobody said otherwise for long enough",
    ),
    Source(
        name="customer",
        role=Role.CUSTOMER,
        word=Word.NONE,
        why="speaks to the seller, who tells staff",
    ),
    Source(
        name="seller",
        role=Role.SELLER,
        word=Word.NONE,
        why="hears it from their customer, and tells staff",
    ),
    Source(
        name="shop",
        role=Role.STORE,
        word=Word.NONE,
        why="knows of a parcel only what it was told by us",
    ),
)

# The roles that may tell tracking facts, "delivered" among them.
TELLERS = frozenset(s.role for s in DELIVERED_SOURCES if s.word is Word.FACT)
