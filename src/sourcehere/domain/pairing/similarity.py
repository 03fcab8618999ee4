"""
How alike two titles are, in percent: only to rank what options leave open.

With rapidfuzz installed (extra `matching`) it is its `token_set_ratio`, else the share
of words that both have. The order among candidates may differ by that; which there are
does not.
"""

from collections.abc import Callable
from functools import cache

Similarity = Callable[[str, str], int]


@cache
def title_similarity() -> Similarity:
    """
    Return the best measure there is here.
    """
    try:
        from rapidfuzz import fuzz  # noqa: PLC0415 - optional, and only for suggestions
    except ImportError:
        return words_in_common
    return lambda one, other: round(fuzz.token_set_ratio(one, other))


def words_in_common(one: str, other: str) -> int:
    """
    Return how many of the words of both texts are in both, in percent.
    """
    ours, theirs = set(one.split()), set(other.split())
    if not ours or not theirs:
        return 0
    return round(200 * len(ours & theirs) / (len(ours) + len(theirs)))
