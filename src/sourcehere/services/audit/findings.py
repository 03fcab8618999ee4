"""
What an audit counts and finds.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from ...domain.kernel.values import frozen
from ...unit.base import Unit

T = TypeVar("T")


@frozen
class Violation:
    """
    One thing that is not as it must be.

    Attributes:
        invariant: Its stable name.

        subject: What it is about: an order, a lot, an account ...
    """

    invariant: str
    subject: str
    words: str


class Findings:
    """
    Counts what is checked, and keeps what is violated.
    """

    def __init__(self) -> None:
        self.checked: dict[str, int] = {}
        self.violations: list[Violation] = []

    def check(self, invariant: str, subject: str, *, holds: bool, words: str) -> None:
        """
        Count one look at *invariant*, and keep *words* where it does not hold.
        """
        self.checked[invariant] = self.checked.get(invariant, 0) + 1
        if not holds:
            self.violations.append(Violation(invariant, subject, words))

    def equal(
        self, invariant: str, subject: str, *, stored: object, computed: object
    ) -> None:
        """
        Check that what is stored is what follows from the rest.
        """
        words = f"stored {stored}, computed {computed}"
        self.check(invariant, subject, holds=stored == computed, words=words)


Check = Callable[[Unit, str, Findings], None]


def grouped(items: Iterable[T], name: str) -> dict[str, list[T]]:
    """
    Arrange *items* by the value of an attribute.
    """
    groups: dict[str, list[T]] = {}
    for item in items:
        groups.setdefault(str(getattr(item, name)), []).append(item)
    return groups
