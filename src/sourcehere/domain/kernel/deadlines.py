"""
What a deadline is: the name it is stored by, and the command a clock fires for it.
"""

from datetime import datetime

from .values import frozen


@frozen(kw_only=True)
class Deadline:
    """
    One row of a table of deadlines: what happens by itself, and when it may.

    Attributes:
        name: What is stored beside the instant; the field that holds it, where there is
            one.

        whose: `order`, `quote`, `dispute` or `checkout`.

        command: What the clock asks it to do.

        what: What lists of deadlines call that, as `expire_order`.

        states: Where it runs.

        is_inclusive: Whether its own instant is still in time.
    """

    name: str
    whose: str
    command: str
    what: str
    states: frozenset[str]
    is_inclusive: bool = False

    def has_passed(self, instant: datetime, at: datetime) -> bool:
        """
        Tell whether the deadline has passed at *at*.
        """
        return at > instant if self.is_inclusive else at >= instant
