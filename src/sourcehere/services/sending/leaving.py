"""
What leaves in a parcel, and out of which lots: those of the place it leaves from.
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import Blocker, CommandRefusedError
from ...domain.kernel.ids import ItemId, LotId, OrderId
from ...domain.kernel.values import frozen
from ...domain.orders.guards import Ask
from ...domain.orders.order import Order
from ...domain.warehouse.consignments import packs_direct
from ...domain.warehouse.model import Allocation, Lot
from ...ports.storage import Key
from ...unit.reading import Asked
from ...unit.seller_unit import SellerUnit
from ...unit.tables.warehouse import ALLOCATIONS_OF, LOTS, WAREHOUSES


@frozen
class Leaving:
    """
    What is in a parcel.

    Attributes:
        taken: Of which allocations, and how many units; the rest is sourced directly.
    """

    quantities: dict[ItemId, int]
    taken: tuple[tuple[Allocation, int], ...]


@attrs.define
class _Bound:
    """
    The lots that are bound to an order.

    Attributes:
        every: All of them, the oldest first, also those that left.

        waiting: Those of which units have not left.

        places: Lot -> its warehouse.

        left, free: Item -> units that are left, and of these, what comes from no lot.
    """

    every: Sequence[Allocation]
    waiting: Sequence[Allocation]
    places: Mapping[LotId, str]
    left: Mapping[ItemId, int]
    free: Mapping[ItemId, int]

    def place_of(self, allocation: Allocation) -> str:
        return self.places.get(allocation.lot_id, "")

    def at(self, place: str) -> list[Allocation]:
        return [one for one in self.waiting if self.place_of(one) == place]


Bound = tuple[Asked[Allocation], Asked[Lot]]


def ask_for_bound(unit: SellerUnit, order_ids: Iterable[str]) -> Bound:
    """
    Begin to read, under lock, what is bound to orders, which are locked before, and
    where the lots of that are.
    """
    names: list[Key] = [(name,) for name in sorted(order_ids)]
    bound = unit.ask_by(ALLOCATIONS_OF, names, lock=True)
    return bound, unit.ask_to_peek_named(LOTS, bound)


class Bindings:
    """
    The lots that are bound to orders, and where these are, read once for many orders
    whose parcels leave in one commit.
    """

    def __init__(self, bound: Bound) -> None:
        """
        Take what is bound to the orders (`ask_for_bound`).
        """
        allocations, lots = bound
        self._bound: dict[OrderId, list[Allocation]] = {}
        for one in allocations.all():
            self._bound.setdefault(one.order_id, []).append(one)
        self._places = {lot.lot_id: lot.warehouse_id for lot in lots.all()}

    def of(self, order: Order) -> "_Bound":
        """
        Return what is bound to one of the orders now.
        """
        left = {q.item_id: q.quantity for q in order.what_is_left()}
        if not _is_bound(order):
            return _Bound((), (), {}, left, left)
        every = self._bound.get(order.order_id, [])
        waiting = [one for one in every if one.quantity_bound]
        in_lots = _units(waiting)
        free = {name: units - in_lots.get(name, 0) for name, units in left.items()}
        return _Bound(tuple(every), waiting, self._places, left, free)

    def take(self, sent: Leaving) -> None:
        """
        Keep that units left, for the next parcel of the same order.
        """
        for taken, units in sent.taken:
            every = self._bound[taken.order_id]
            shipped = taken.quantity_shipped + units
            every[every.index(taken)] = attrs.evolve(taken, quantity_shipped=shipped)


def _is_bound(order: Order) -> bool:
    return any(item.quantity_from_lots for item in order.items.values())


def leaving(
    unit: SellerUnit,
    bindings: Bindings,
    order: Order,
    wanted: Mapping[ItemId, int] | None,
    leaves_from: str | None,
    *,
    by: Actor,
    origin: str,
) -> Leaving:
    """
    Return what leaves in one parcel.

    Args:
        bindings: Of this order, and of those whose parcels leave with it.

        wanted: Item -> units; None for everything that is left to leave from there.

        leaves_from: The cloud warehouse; empty for the platform's own, where goods are
            brought that are sourced directly; None where it is the only one that these
            units can leave from.

        origin: The country where goods are bought that are sourced directly.

    Raises:
        CommandRefusedError: If the units are in several warehouses and nobody says
            which, or not so many are there; what else keeps the order is told, too.

        NotFoundError: If there is no such warehouse.
    """
    if leaves_from:
        unit.need(WAREHOUSES, leaves_from)
    bound = bindings.of(order)
    place = leaves_from
    if place is None:
        place = _only_place(order, bound, wanted, by=by)
    here = bound.at(place)
    is_all_here = len(here) == len(bound.waiting)
    if wanted is not None:
        _require_there(order, bound, here, wanted, place, by=by)
        return Leaving(dict(wanted), _taken(here, wanted))
    if is_all_here:
        return Leaving(dict(bound.left), _taken(here, bound.left))
    quantities = _units(here)
    if place == _packing(unit, bound, origin):
        for item_id, free in bound.free.items():
            quantities[item_id] = quantities.get(item_id, 0) + free
    ordered = {name: quantities[name] for name in bound.left if quantities.get(name)}
    if not ordered:
        words = f"nothing is left to leave from {_named(place)}"
        _refuse(order, Blocker("nothing_there", words, {"warehouse": place}), by=by)
    return Leaving(ordered, _taken(here, ordered))


def _units(allocations: Sequence[Allocation]) -> dict[ItemId, int]:
    found: dict[ItemId, int] = {}
    for one in allocations:
        found[one.item_id] = found.get(one.item_id, 0) + one.quantity_bound
    return found


def _only_place(
    order: Order, bound: _Bound, wanted: Mapping[ItemId, int] | None, *, by: Actor
) -> str:
    """
    Return where the wanted units of lots are; empty if there are none.
    """
    meant = [
        one for one in bound.waiting if wanted is None or wanted.get(one.item_id, 0)
    ]
    places = sorted({bound.place_of(one) for one in meant})
    if len(places) > 1:
        names = " and ".join(places)
        words = f"its units are in {names}: say which of them the parcel leaves from"
        needed = Blocker("warehouse_needed", words, {"warehouses": names})
        _refuse(order, needed, wanted, by=by)
    return places[0] if places else ""


def _require_there(
    order: Order,
    bound: _Bound,
    here: Sequence[Allocation],
    wanted: Mapping[ItemId, int],
    place: str,
    *,
    by: Actor,
) -> None:
    """
    Refuse units that are bound to lots elsewhere.
    """
    if len(here) == len(bound.waiting):
        return  # the order itself knows how many are left
    there = _units(here)
    for item_id, quantity in wanted.items():
        most = there.get(item_id, 0) + bound.free.get(item_id, 0)
        if item_id in order.items and quantity > most:
            words = f"{most} of item {item_id} can leave from {_named(place)}"
            words = f"{words}, not {quantity}"
            facts: dict[str, str | int] = {
                "item": item_id,
                "warehouse": place,
                "there": most,
                "wanted": quantity,
            }
            _refuse(order, Blocker("not_in_warehouse", words, facts), wanted, by=by)


def _taken(
    here: Sequence[Allocation], quantities: Mapping[ItemId, int]
) -> tuple[tuple[Allocation, int], ...]:
    """
    Take what leaves out of the lots, oldest first; the rest is direct.
    """
    wanted = dict(quantities)
    taken: list[tuple[Allocation, int]] = []
    for one in here:
        units = min(wanted.get(one.item_id, 0), one.quantity_bound)
        if units > 0:
            wanted[one.item_id] -= units
            taken.append((one, units))
    return tuple(taken)


def _packing(unit: SellerUnit, bound: _Bound, origin: str) -> str:
    """
    Return where goods are packed that are sourced directly, as the offer said.
    """
    names = dict.fromkeys(bound.place_of(one) for one in bound.every)
    found = unit.shared(WAREHOUSES, [(name,) for name in names])
    return packs_direct(found, origin=origin)


def _named(place: str) -> str:
    return place or "the platform's own warehouse"


def _refuse(
    order: Order,
    blocker: Blocker,
    wanted: Mapping[ItemId, int] | None = None,
    *,
    by: Actor,
) -> None:
    ask = Ask(quantities=wanted)
    raise CommandRefusedError(
        kind="order",
        id=order.order_id,
        command="ship",
        blockers=[*order.blockers("ship", by=by, ask=ask), blocker],
    )
