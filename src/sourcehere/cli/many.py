"""
Commands about many orders: what nobody knows is reported, and the rest is done.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from ..face.results import Report
from .context import Context
from .references import find_each, find_orders

T = TypeVar("T")


def for_each(
    ctx: Context, names: Sequence[str], do: Callable[[list[str]], Report[T]]
) -> Report[T]:
    """
    Do something with the orders that *names* mean, and report the names that mean none
    beside what failed.

    Raises:
        NotFoundError: If a single order is named, and the seller has none of that
            number.

        UsageError: If nothing is named, or several orders have the number of a single
            one.
    """
    if len(set(names)) <= 1:
        return do(find_orders(ctx, names))
    found, unknown = find_each(ctx, names)
    known = [found[name] for name in names if name in found]
    report = do(known) if known else Report(done={}, failed={})
    return Report(done=report.done, failed={**unknown, **report.failed})
