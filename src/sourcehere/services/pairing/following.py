"""
How orders that are not paid follow a connection that was changed or ended.

The commit that changes a connection owes this as a job, so that a crash in between
loses nothing; until it is done, such an order cannot be paid (`pairing_outdated`).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import partial

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import OrderId, SellerId, StoreId
from ...domain.orders.lines import Line, LinePairing
from ...domain.orders.machine import UNPAID_STATES
from ...domain.orders.order import Order
from ...domain.orders.tabs import Tab
from ...domain.pairing.model import ConnectedSku
from ...unit.seller_unit import SellerUnit
from ...unit.tables.orders import LINES, LINES_OF, ORDERS_BY_STORE_TAB, ORDERS_BY_TAB
from ..base.service import Service
from .lookup import (
    Connected,
    connected_skus,
    is_in_step,
    items_for,
    match_of,
    pairing_of,
)

# Where orders that are not paid are found; there are few, whatever was sold before.
_TABS = tuple(
    tab.value
    for tab in (Tab.AWAITING_PAYMENT, Tab.UNRECOGNIZED, Tab.OTHER, Tab.ABNORMAL)
)


class Following(Service):
    """
    Lets unpaid orders follow their connections.
    """

    def follow(
        self,
        seller_id: str,
        store_id: str,
        skus: Collection[str],
        *,
        by: Actor,
        in_step_too: bool = False,
    ) -> int:
        """
        Pair anew, or let go, the lines of *skus*, as compared, of all unpaid orders.

        Args:
            in_step_too: Whether orders that are paired as they are connected are looked
                at as well: what can be bought is not what it was.

        Safe to do twice, and to kill: an order is brought in step in one commit, and
        one that is in step is left alone.

        Returns:
            How many orders went back to Unrecognized.
        """
        owner, store = SellerId(seller_id), StoreId(store_id)
        wanted = frozenset(skus)

        def look(unit: SellerUnit) -> list[OrderId]:
            found = out_of_step(unit, store, wanted, in_step_too=in_step_too)
            return [name for name in found if name not in tried]

        def work(unit: SellerUnit, *, part: Sequence[OrderId]) -> int:
            return self._follow(unit, unit.orders.load(part), wanted, by=by)

        count = 0
        tried: set[OrderId] = set()
        # As in `Pairing.try_waiting`: lines may have gone to a new part meanwhile.
        while found := self._read(owner, look):
            tried.update(found)
            for part in self._parts(found):
                count += self._units.seller(owner, partial(work, part=part))
        return count

    def let_go(self, seller_id: str, variant_id: str, *, by: Actor) -> int:
        """
        Take a variant nobody sells any more out of all unpaid orders.

        Returns:
            How many orders went back to Unrecognized.
        """
        owner = SellerId(seller_id)

        def candidates(unit: SellerUnit) -> list[OrderId]:
            return [
                order.order_id
                for tab in _TABS
                for order in unit.each(ORDERS_BY_TAB, tab)
                if order.state in UNPAID_STATES
            ]

        def lines(order: Order) -> list[int]:
            items = order.items.values()
            return sorted({i.line for i in items if i.variant_id == variant_id})

        count = 0
        for part in self._parts(self._read(owner, candidates)):

            def work(unit: SellerUnit, part: Sequence[OrderId] = part) -> int:
                return sum(
                    order.unrecognize(
                        lines(order), reason="variant_discontinued", by=by, at=unit.now
                    )
                    for order in unit.orders.load(part)
                )

            count += self._units.seller(owner, work)
        return count

    def _follow(
        self,
        unit: SellerUnit,
        orders: Iterable[Order],
        skus: AbstractSet[str],
        *,
        by: Actor,
    ) -> int:
        orders = [order for order in orders if order.state in UNPAID_STATES]
        connected = connected_skus(
            unit, ((o.store_id, k) for o in orders for n in o.lines for k in n.keys)
        )
        pay_by = unit.now + self._settings.pay_within
        return sum(
            order.follow_connections(
                *changes_of(order, connected, skus), by=by, at=unit.now, pay_by=pay_by
            )
            for order in orders
        )


def changes_of(
    order: Order, connected: Connected, skus: AbstractSet[str]
) -> tuple[list[LinePairing], list[int]]:
    """
    Return what is paired anew, and the lines that nothing pairs any more.
    """
    pairings: list[LinePairing] = []
    lost: list[int] = []
    for line in order.lines:
        match = match_of(connected, order.store_id, line, order.country)
        if skus.isdisjoint(line.keys) or (
            is_in_step(line, match) and _has_what_it_shall(order, line, match)
        ):
            continue
        if match is None:
            lost.append(line.line)
        else:
            pairings.append(pairing_of(order, line, match))
    return pairings, lost


def _has_what_it_shall(order: Order, line: Line, match: ConnectedSku | None) -> bool:
    """
    Tell whether a line that is in step has what its rule has for the order's country,
    and what can be bought: either may have changed since.
    """
    if match is None or line.is_on_its_own:
        return True
    if not match.rule.destinations and not match.rule.has_backups:
        return True
    has = [(item.variant_id, item.quantity) for item in order.items_of(line.line)]
    wanted = items_for(match, line.quantity, order.country)
    return has == [(item.variant_id, item.quantity) for item in wanted]


def follow_country(
    unit: SellerUnit, orders: Iterable[Order], *, by: Actor, pay_by: datetime
) -> None:
    """
    Let the lines of unpaid orders be what their rules have for the country that they go
    to now.
    """
    orders = [order for order in orders if order.state in UNPAID_STATES]
    connected = connected_skus(
        unit, ((o.store_id, k) for o in orders for n in o.lines for k in n.keys)
    )
    for order in orders:
        keys = {key for line in order.lines for key in line.keys}
        pairings, lost = changes_of(order, connected, keys)
        if pairings or lost:
            order.follow_connections(pairings, lost, by=by, at=unit.now, pay_by=pay_by)


def out_of_step(
    unit: SellerUnit,
    store_id: StoreId,
    skus: AbstractSet[str],
    instead: Connected | None = None,
    *,
    in_step_too: bool = False,
) -> Iterable[OrderId]:
    """
    Find the unpaid orders of a store that have a line to bring in step.

    Args:
        instead: What would pair some of *skus*, where something else does now.

        in_step_too: Whether those are wanted whose lines are in step.
    """
    for found in unpaid_lines(unit, store_id):
        asked = [one for one in found if not skus.isdisjoint(one[1].keys)]
        connected = connected_skus(
            unit, ((store_id, key) for _, line in asked for key in line.keys)
        )
        connected.update(instead or {})
        yield from dict.fromkeys(
            order.order_id
            for order, line in asked
            if in_step_too
            or not is_in_step(line, match_of(connected, store_id, line, order.country))
        )


def unpaid_lines(
    unit: SellerUnit, store_id: StoreId
) -> Iterator[list[tuple[Order, Line]]]:
    """
    Read the lines of all unpaid orders of a store, with their order, tab by tab.
    """
    for tab in _TABS:
        orders = {
            str(order.order_id): order
            for order in unit.each(ORDERS_BY_STORE_TAB, store_id, tab)
            if order.state in UNPAID_STATES
        }
        keys = [(unit.seller_id, name) for name in orders]
        rows = unit.session.find(LINES_OF.index, keys, lock=False) if keys else []
        yield [(orders[str(row[1])], LINES.from_row(row)) for row in rows]
