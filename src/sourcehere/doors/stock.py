"""
What a store platform says to being told stock.
"""

from .answers import Answerer
from .items import items_of


def checked_told(told: Answerer, answers: object, count: int) -> list[Exception | None]:
    """
    Return what became of *count* levels: None for one that is told, else the error.

    Raises:
        ProtocolError: If there is not one answer for each.
    """
    found = items_of(told, "answers", answers, Exception)
    if len(found) != count:
        told.refuse("answers", len(found), f"{count} answers, one for each level")
    for answer in found:
        if answer is not None and not isinstance(answer, Exception):
            told.refuse("answers", answer, "None, or an exception")
    return list(found)
