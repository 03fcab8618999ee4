"""
The items of an answer, whatever collection a plugin put them into.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from ..domain.kernel.checks import without_text
from .answers import Answerer

ITEMS_MAX = 1_000_000  # of any answer; what has no end would take all memory


def items_of(
    told: Answerer, field: str, items: object, kind: type[Any]
) -> Sequence[Any]:
    """
    Return the items of an answer; *kind* is for the error alone.

    Raises:
        ProtocolError: If it is no collection, or has no end.
    """
    if isinstance(items, (str, bytes)) or not isinstance(items, Iterable):
        told.refuse(field, without_text(items), f"a collection of {kind.__name__}")
    found = told.ask(lambda: tuple(islice(items, ITEMS_MAX + 1)))
    if len(found) > ITEMS_MAX:
        told.refuse(field, items, f"a collection of at most {ITEMS_MAX:,}")
    return found
