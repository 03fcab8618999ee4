"""
Counts of the list's tabs: each commit adds what it changed, and reading sums it up.
"""

from collections.abc import Iterable

from ...domain.kernel.ids import SellerId, new_id
from ...domain.orders.tabs import Tab
from ..streams import Orders
from ..tables.orders import TabDelta

# One commit in so many asks for the deltas to be folded into one row.
FOLD_EVERY = 64
# A member's value is slow to ask for, and every order that moves asks.
_ALL, _REFUNDS = Tab.ALL.value, Tab.REFUNDS.value


def tab_deltas(seller_id: SellerId, orders: Orders) -> tuple[TabDelta, ...]:
    """
    Count how the tabs change by the new events of *orders*; usually one or two rows.
    """
    deltas: dict[tuple[str, str, str], int] = {}
    for name, order in orders.changed():
        before = orders.tabs_before.get(name)
        now = (order.tab, order.in_refunds)
        if before == now:
            continue
        orders.tabs_before[name] = now
        for tab, change in _changes(before, now):
            place = (order.kind, order.store_id, tab)
            deltas[place] = deltas.get(place, 0) + change
    if not any(deltas.values()):
        return ()
    delta_id = new_id()
    return tuple(
        TabDelta(
            seller_id=seller_id,
            delta_id=delta_id,
            kind=kind,
            store_id=store_id,
            tab=tab,
            delta=change,
        )
        for (kind, store_id, tab), change in deltas.items()
        if change
    )


def wants_folding(deltas: tuple[TabDelta, ...]) -> bool:
    """
    Tell whether this commit is the one in so many that asks for folding.
    """
    return bool(deltas) and int(deltas[0].delta_id[-4:], 16) % FOLD_EVERY == 0


def _changes(
    before: tuple[str, bool] | None, now: tuple[str, bool]
) -> Iterable[tuple[str, int]]:
    if before is None:
        yield _ALL, 1
    else:
        yield before[0], -1
        if before[1]:
            yield _REFUNDS, -1
    yield now[0], 1
    if now[1]:
        yield _REFUNDS, 1
