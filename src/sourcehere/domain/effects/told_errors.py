"""
What can be wrong with what is kept of what a shop was told.
"""

from ..kernel.errors import StateError

_SHOWN = 80


class UnreadableLinesError(StateError):
    """
    An attempt that does not say how many units of which lines it told the shop, as
    somebody changed it in the database: the audit names it. Nothing is decided about
    its order until it is put right.

    Attributes:
        message_id, number: The attempt.

        stored: What it says instead.
    """

    def __init__(self, *, message_id: str, number: int, stored: str) -> None:
        shown = repr(stored[:_SHOWN]) + ("..." if len(stored) > _SHOWN else "")
        super().__init__(
            f"attempt {message_id}/{number}: {shown} is not how many units of which"
            " lines it told the shop; put back what the database said"
        )
        self.message_id = message_id
        self.number = number
        self.stored = stored
