"""
What nearly all values are, looked at many at once: only the others need a closer look.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

_FLAGS = frozenset({bool})


def reading(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """
    Make a function that returns the fields *names* of a record.
    """
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple([getattr(record, name) for name in names])


def are_plain(texts: Sequence[Any], most: int) -> bool:
    """
    Tell whether all are texts without anything that is looked at more closely, short
    enough all together.
    """
    try:
        joined = "".join(texts)
    except TypeError:
        return False
    return len(joined) <= most and joined.isprintable()


def are_small(numbers: Iterable[Any], most: int) -> bool:
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
