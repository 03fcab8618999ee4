"""
Commands for things of any sellers: seller by seller, reported in the order asked.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from ...app import App
from ...domain.kernel.errors import NotFoundError, SourceHereError
from ...domain.kernel.ids import SellerId
from ..results import Report

I = TypeVar("I")  # noqa: E741 - an item
T = TypeVar("T")


class Done(Protocol):
    """
    What a service reports of many items.
    """

    @property
    def done(self) -> Mapping[str, str]:
        """
        Item -> result.
        """
        ...

    @property
    def failed(self) -> Mapping[str, SourceHereError]:
        """
        Item -> why.
        """
        ...


def across(
    app: App,
    items: Mapping[str, tuple[str, I]],
    act: Callable[[SellerId, Sequence[I]], Done],
    convert: Callable[[str, str], T],
) -> Report[T]:
    """
    Do something to *items*, seller by seller.

    Args:
        items: By name: the order that each belongs to, and itself.

        convert: Makes the answer of a name and of what was done.
    """
    sellers = app.order_search.sellers_of(
        list(dict.fromkeys(order for order, _ in items.values()))
    )
    done: dict[str, T] = {}
    failed: dict[str, SourceHereError] = {
        name: NotFoundError(kind="order", id=order)
        for name, (order, _) in items.items()
        if order not in sellers
    }
    for seller_id in dict.fromkeys(sellers.values()):
        mine = [one for order, one in items.values() if sellers.get(order) == seller_id]
        report = act(seller_id, mine)
        done.update((n, convert(n, made)) for n, made in report.done.items())
        failed.update(report.failed)
    return Report(
        {name: done[name] for name in items if name in done},
        {name: failed[name] for name in items if name in failed},
    )
