"""
What nearly all values are, looked at many at once: only the others need a closer look.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

_FLAGS = frozenset({bool})

Read = Callable[[Any], tuple[Any, ...]]
Look = tuple[Read, Callable[[Iterable[Any]], bool]]
"""
What reads the fields of a record that are alike, and what tells whether they are usual.
"""


def looks_at(
    texts: Sequence[str],
    wholes: Sequence[str],
    flags: Sequence[str],
    *,
    length: int,
    size: int,
) -> list[Look]:
    """
    Return what reads the fields of a record that are alike, each with what tells
    whether all of them are usual.

    Args:
        length: Characters of all texts together.

        size: The largest whole number.
    """
    kinds: tuple[tuple[Sequence[str], Callable[[Iterable[Any]], bool]], ...] = (
        (texts, partial(are_plain, most=length)),
        (wholes, partial(are_small, most=size)),
        (flags, are_flags),
    )
    return [(reading(names), is_usual) for names, is_usual in kinds if names]


def reading(names: Sequence[str]) -> Read:
    """
    Make a function that returns the fields *names* of a record.
    """
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple([getattr(record, name) for name in names])


def are_plain(texts: Iterable[Any], *, most: int) -> bool:
    """
    Tell whether all are texts without anything that is looked at more closely, short
    enough all together.
    """
    try:
        joined = "".join(texts)
    except TypeError:
        return False
    return len(joined) <= most and joined.isprintable()


def are_small(numbers: Iterable[Any], *, most: int) -> bool:
    """
    Tell whether all are whole numbers from -*most* to *most*.
    """
    for number in numbers:
        if type(number) is not int or not -most <= number <= most:
            return False
    return True


def are_flags(flags: Iterable[Any]) -> bool:
    """
    Tell whether all are True or False.
    """
    return _FLAGS.issuperset(map(type, flags))
