"""
What must hold of an order's lines before a command, as `guards.py` has it of all else.
"""

from ..kernel.errors import Blocker
from .guards import Ask
from .model import OrderData


def something_paired(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse where no line is paired.
    """
    if any(line.is_paired for line in order.lines):
        return None
    return Blocker("nothing_paired", "no line is paired; connect one first")


def something_on_its_own(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse where every line follows its connection.
    """
    if any(line.is_on_its_own for line in order.lines):
        return None
    words = "no line is connected, or set apart, for this order alone"
    return Blocker("nothing_on_its_own", words)


def something_unpaired(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse where no line waits.
    """
    if any(not line.is_paired for line in order.lines):
        return None
    return Blocker("everything_paired", "every line is paired; nothing is left to part")


def everything_paired(order: OrderData, _ask: Ask) -> Blocker | None:
    """
    Refuse while a line is not paired: nobody knows which units it needs.
    """
    waiting = [line.line for line in order.lines if not line.is_paired]
    if not waiting:
        return None
    words = f"line {waiting[0]} is not paired; pair every line first"
    return Blocker("line_unpaired", words, {"line": waiting[0]})
