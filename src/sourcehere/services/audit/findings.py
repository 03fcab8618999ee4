"""
What an audit counts and finds.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import attrs

from ...domain.kernel.values import frozen

T = TypeVar("T")
Mark = tuple[int, dict[str, int]]


@frozen
class Violation:
    """
    One thing that is not as it must be.

    Attributes:
        invariant: Its stable name.

        subject: What it is about: an order, a lot, an account ...

        words: What is wrong, for people.

        seller_id: Whose it is; empty for what belongs to the platform.

        facts: The same for programs: what is stored, what follows from the rest, which
            row is missing.
    """

    invariant: str
    subject: str
    words: str
    seller_id: str = ""
    facts: dict[str, object] = attrs.field(factory=dict)


@frozen
class AuditReport:
    """
    What was checked, and what was found.

    Attributes:
        checked: Invariant -> how many things were looked at.
    """

    checked: dict[str, int]
    violations: tuple[Violation, ...]

    @property
    def is_clean(self) -> bool:
        """
        Whether nothing was found.
        """
        return not self.violations


class Findings:
    """
    Counts what is checked of one seller, and keeps what is violated.
    """

    def __init__(self, seller_id: str = "") -> None:
        self.seller_id = seller_id
        self.checked: dict[str, int] = {}
        self.violations: list[Violation] = []

    def looked(self, invariant: str, count: int = 1) -> None:
        """
        Count that so many things were held against *invariant*.
        """
        self.checked[invariant] = self.checked.get(invariant, 0) + count

    def found(
        self, invariant: str, subject: str, words: str, /, **facts: object
    ) -> None:
        """
        Keep that *invariant* does not hold for *subject*.
        """
        told = {name: plain(value) for name, value in facts.items()}
        self.violations.append(
            Violation(invariant, subject, words, self.seller_id, told)
        )

    def differs(
        self, invariant: str, subject: str, *, stored: object, computed: object
    ) -> None:
        """
        Keep that what is stored is not what follows from the rest.
        """
        words = f"stored {stored}, computed {computed}"
        self.found(invariant, subject, words, stored=stored, computed=computed)

    def check(
        self, invariant: str, subject: str, *, holds: bool, words: str, **facts: object
    ) -> None:
        """
        Count one look at *invariant*, and keep *words* where it does not hold.
        """
        self.looked(invariant)
        if not holds:
            self.found(invariant, subject, words, **facts)

    def equal(
        self, invariant: str, subject: str, *, stored: object, computed: object
    ) -> None:
        """
        Check that what is stored is what follows from the rest.
        """
        self.looked(invariant)
        if stored != computed:
            self.differs(invariant, subject, stored=stored, computed=computed)

    def mark(self) -> Mark:
        """
        Return where the findings stand now, to come back to.
        """
        return len(self.violations), dict(self.checked)

    def back_to(self, mark: Mark) -> None:
        """
        Forget what was found since *mark*.
        """
        del self.violations[mark[0] :]
        self.checked = mark[1]


def plain(value: object) -> object:
    """
    Return *value* as data that JSON has; what it has not becomes a text.
    """
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Mapping):
        return {_name(key): plain(of) for key, of in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(str(one) for one in value)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return str(value)


def _name(key: object) -> str:
    if isinstance(key, tuple):
        return "/".join(str(part) for part in key)
    return str(key)


def grouped(items: Iterable[T], name: str) -> dict[str, list[T]]:
    """
    Arrange *items* by the value of an attribute.
    """
    groups: dict[str, list[T]] = {}
    for item in items:
        groups.setdefault(str(getattr(item, name)), []).append(item)
    return groups


def total(amounts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """
    Add up counts by name.
    """
    sums: dict[str, int] = {}
    for one in amounts:
        for name, count in one.items():
            sums[name] = sums.get(name, 0) + count
    return dict(sorted(sums.items()))


Facts = dict[str, Any]
