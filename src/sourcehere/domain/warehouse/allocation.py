"""
Which lots serve which items.

A policy is pure: it reads the stock it is shown and answers; the caller takes the
picks off the snapshot, so that a list of orders is planned one after the other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import attrs

from ..kernel.ids import ItemId, LotId, VariantId, WarehouseId
from ..kernel.values import frozen
from .model import Lot, Warehouse


@frozen
class Demand:
    """
    Units of a variant that one item of an order needs.
    """

    item_id: ItemId
    variant_id: VariantId
    quantity: int


@frozen
class LotPick:
    """
    Units of a lot for an item.
    """

    item_id: ItemId
    lot_id: LotId
    quantity: int


@frozen
class AllocationPlan:
    """
    What stock serves, and why nothing else does.

    Attributes:
        picks: In the order of the demands, oldest lot first; each lot once an item.

        warehouse_id: The one warehouse that serves, where every lot picked is, and
            whose fee is due; empty where none does.

        reasons: Item -> why it is not served from stock in full.
    """

    picks: tuple[LotPick, ...]
    warehouse_id: str
    reasons: Mapping[str, str]


NOTHING = AllocationPlan((), "", {})
_NO_SHELVES: Mapping[str, Sequence["LotLevel"]] = {}


@attrs.define
class LotLevel:
    """
    A lot in a snapshot; `available` falls as plans take from it.
    """

    lot_id: LotId
    variant_id: VariantId
    warehouse_id: WarehouseId
    available: int
    unit_minor: int
    arrived_at: datetime


class StockSnapshot:
    """
    A seller's available lots at one moment, consumed plan by plan.
    """

    def __init__(self, lots: Iterable[Lot], warehouses: Iterable[Warehouse]) -> None:
        """
        Arrange *lots*, given oldest first, by variant and warehouse.
        """
        self.warehouses = sorted(warehouses, key=lambda w: (w.priority, w.warehouse_id))
        self._warehouses = {str(w.warehouse_id): w for w in self.warehouses}
        self._lots: dict[LotId, LotLevel] = {}
        self._shelves: dict[str, dict[str, list[LotLevel]]] = {}
        for lot in lots:
            if lot.available > 0:
                self._shelve(lot)

    def _shelve(self, lot: Lot) -> None:
        level = LotLevel(
            lot.lot_id,
            lot.variant_id,
            lot.warehouse_id,
            lot.available,
            lot.unit_minor,
            lot.arrived_at,
        )
        self._lots[lot.lot_id] = level
        shelves = self._shelves.setdefault(lot.variant_id, {})
        shelves.setdefault(lot.warehouse_id, []).append(level)

    def lot(self, lot_id: LotId) -> LotLevel | None:
        """
        Return a lot, wherever it is; None where there is none of that id.
        """
        return self._lots.get(lot_id)

    def shelf(self, warehouse_id: str, variant_id: str) -> Sequence[LotLevel]:
        """
        List the lots of a variant in a warehouse, oldest first.
        """
        return self.shelves_of(variant_id).get(warehouse_id, ())

    def shelves_of(self, variant_id: str) -> Mapping[str, Sequence[LotLevel]]:
        """
        Return every warehouse that has lots of a variant, with these, oldest first;
        they may be used up by plans.
        """
        return self._shelves.get(variant_id, _NO_SHELVES)

    def warehouse(self, warehouse_id: str) -> Warehouse | None:
        """
        Return a warehouse; None where there is none of that id.
        """
        return self._warehouses.get(warehouse_id)

    @property
    def is_empty(self) -> bool:
        """
        Whether there was nothing to begin with.
        """
        return not self._lots

    def take(self, picks: Iterable[LotPick]) -> None:
        """
        Consume *picks*, so that the next plan sees what is left.
        """
        for pick in picks:
            level = self._lots[pick.lot_id]
            assert level.available >= pick.quantity
            level.available -= pick.quantity


def flaws_of(
    plan: object,
    demands: Sequence[Demand],
    stock: StockSnapshot,
    *,
    country: str = "",
) -> Iterator[str]:
    """
    List what is wrong with a policy's answer.

    Every pick takes units of the item's own variant from a lot in the one warehouse of
    the plan, each lot once an item, and no more than are wanted and available.

    Args:
        country: Where it goes, which the warehouse has to deliver to; empty if that
            does not matter.
    """
    if not isinstance(plan, AllocationPlan):
        yield f"{type(plan).__name__} is no AllocationPlan"
        return
    wanted = {demand.item_id: demand for demand in demands}
    seen: set[tuple[str, str]] = set()
    of_item: dict[ItemId, int] = {}
    of_lot: dict[LotId, int] = {}
    for pick in plan.picks:
        if (pick.item_id, pick.lot_id) in seen:
            yield f"lot {pick.lot_id} is picked twice for item {pick.item_id}"
        seen.add((pick.item_id, pick.lot_id))
        of_item[pick.item_id] = of_item.get(pick.item_id, 0) + pick.quantity
        of_lot[pick.lot_id] = of_lot.get(pick.lot_id, 0) + pick.quantity
        yield from _flaws_of_pick(pick, plan, wanted, stock)
    for item_id, quantity in of_item.items():
        if item_id in wanted and quantity > wanted[item_id].quantity:
            yield f"item {item_id} wants {wanted[item_id].quantity} units only"
    for lot_id, quantity in of_lot.items():
        level = stock.lot(lot_id)
        if level is not None and quantity > level.available:
            yield f"lot {lot_id} has {level.available} units only"
    serving = stock.warehouse(plan.warehouse_id)
    if country and plan.picks and serving and not serving.delivers_to(country):
        yield f"warehouse {plan.warehouse_id} does not deliver to {country}"


def _flaws_of_pick(
    pick: LotPick,
    plan: AllocationPlan,
    wanted: Mapping[ItemId, Demand],
    stock: StockSnapshot,
) -> Iterator[str]:
    demand, level = wanted.get(pick.item_id), stock.lot(pick.lot_id)
    if pick.quantity <= 0:
        yield f"{pick.quantity} units of lot {pick.lot_id} are picked"
    if demand is None:
        yield f"the order has no item {pick.item_id}"
    if level is None:
        yield f"there is no lot {pick.lot_id} in stock"
        return
    if demand is not None and level.variant_id != demand.variant_id:
        yield f"lot {pick.lot_id} is of another variant than item {pick.item_id}"
    if level.warehouse_id != plan.warehouse_id:
        yield (
            f"lot {pick.lot_id} is in {level.warehouse_id}, the plan's warehouse is"
            f" {plan.warehouse_id!r}"
        )


def fill_available(
    demands: Sequence[Demand], stock: StockSnapshot, *, country: str
) -> AllocationPlan:
    """
    Serve from one warehouse what it has; the rest is sourced directly.

    1. Of the warehouses that deliver to *country*, take the one that has most of the
       units asked for. Of those that have as many, the first by priority; of equals in
       that, too, the one with the oldest lot.
    2. Demand by demand, take its lots first in, first out.
    3. Demands of one variant share the shelf, so bundles never take a unit twice.

    Pure: *stock* is not changed.
    """
    if stock.is_empty:
        return NOTHING
    chosen = _fullest(demands, stock, country)
    if not chosen:
        return NOTHING
    left: dict[LotId, int] = {}
    picks: list[LotPick] = []
    reasons: dict[str, str] = {}
    for demand in demands:
        wanted = demand.quantity
        for level in stock.shelf(chosen, demand.variant_id):
            quantity = min(left.get(level.lot_id, level.available), wanted)
            if quantity > 0:
                picks.append(LotPick(demand.item_id, level.lot_id, quantity))
                left[level.lot_id] = left.get(level.lot_id, level.available) - quantity
                wanted -= quantity
            if not wanted:
                break
        if wanted:
            reasons[demand.item_id] = f"{wanted} units are not in {chosen}"
    return AllocationPlan(tuple(picks), chosen, reasons)


def _fullest(demands: Sequence[Demand], stock: StockSnapshot, country: str) -> str:
    """
    Return the warehouse that serves most of *demands*; empty where none serves any.
    """
    wanted: dict[str, int] = {}
    for demand in demands:
        name = demand.variant_id
        wanted[name] = wanted.get(name, 0) + demand.quantity
    units: dict[str, int] = {}
    for variant_id, quantity in wanted.items():
        for place, shelf in stock.shelves_of(variant_id).items():
            has = sum([level.available for level in shelf])
            if has:
                units[place] = units.get(place, 0) + min(has, quantity)
    best: list[Warehouse] = []
    most = 0
    for place, number in units.items():
        warehouse = stock.warehouse(place)
        if number < most or warehouse is None or not warehouse.delivers_to(country):
            continue
        if number > most:
            best, most = [], number
        best.append(warehouse)
    if len(best) > 1:
        first = min([warehouse.priority for warehouse in best])
        best = [warehouse for warehouse in best if warehouse.priority == first]
    if len(best) > 1:
        best.sort(key=lambda w: _oldest(stock, w.warehouse_id, wanted))
    return best[0].warehouse_id if best else ""


def _oldest(
    stock: StockSnapshot, warehouse_id: str, variants: Iterable[str]
) -> tuple[datetime, str]:
    return min(
        (level.arrived_at, level.lot_id)
        for variant_id in variants
        for level in stock.shelf(warehouse_id, variant_id)
        if level.available
    )
