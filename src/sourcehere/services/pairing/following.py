"""
How orders that are not paid follow a connection that was changed or ended.

The commit that changes a connection owes this as a job, so that a crash in between
loses nothing; until it is done, such an order cannot be paid (`pairing_outdated`).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import OrderId, SellerId, StoreId
from ...domain.orders.lines import Line, LinePairing
from ...domain.orders.machine import UNPAID_STATES
from ...domain.orders.order import Order
from ...domain.orders.tabs import Tab
from ...unit.seller_unit import SellerUnit
from ...unit.tables.orders import LINES, LINES_OF, ORDERS_BY_STORE_TAB, ORDERS_BY_TAB
from ..base.service import Service
from .lookup import Connected, connected_skus, is_in_step, match_of, pairing_of

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
        self, seller_id: str, store_id: str, skus: Collection[str], *, by: Actor
    ) -> int:
        """
        Pair anew, or let go, the lines of *skus*, as compared, of all unpaid orders.

        Safe to do twice, and to kill: an order is brought in step in one commit, and
        one that is in step is left alone.

        Returns:
            How many orders went back to Unrecognized.
        """
        owner, store = SellerId(seller_id), StoreId(store_id)
        wanted = frozenset(skus)

        def look(unit: SellerUnit) -> list[OrderId]:
            found = out_of_step(unit, store, wanted)
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
        match = match_of(connected, order.store_id, line)
        if skus.isdisjoint(line.keys) or is_in_step(line, match):
            continue
        if match is None:
            lost.append(line.line)
        else:
            pairings.append(pairing_of(line, match))
    return pairings, lost


def out_of_step(
    unit: SellerUnit,
    store_id: StoreId,
    skus: AbstractSet[str],
    instead: Connected | None = None,
) -> Iterable[OrderId]:
    """
    Find the unpaid orders of a store that have a line to bring in step.

    Args:
        instead: What would pair some of *skus*, where something else does now.
    """
    for found in unpaid_lines(unit, store_id):
        asked = [(name, n) for name, n in found if not skus.isdisjoint(n.keys)]
        connected = connected_skus(
            unit, ((store_id, key) for _, line in asked for key in line.keys)
        )
        connected.update(instead or {})
        yield from dict.fromkeys(
            name
            for name, line in asked
            if not is_in_step(line, match_of(connected, store_id, line))
        )


def unpaid_lines(
    unit: SellerUnit, store_id: StoreId
) -> Iterator[list[tuple[OrderId, Line]]]:
    """
    Read the lines of all unpaid orders of a store, with their order, tab by tab.
    """
    for tab in _TABS:
        names = [
            order.order_id
            for order in unit.each(ORDERS_BY_STORE_TAB, store_id, tab)
            if order.state in UNPAID_STATES
        ]
        keys = [(unit.seller_id, name) for name in names]
        rows = unit.session.find(LINES_OF.index, keys, lock=False) if keys else []
        yield [(OrderId(str(row[1])), LINES.from_row(row)) for row in rows]
