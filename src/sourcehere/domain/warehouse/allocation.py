"""
Which lots serve which items.

A policy is pure: it reads the stock it is shown and answers; the caller takes the
picks off the snapshot, so that a list of orders is planned one after the other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import attrs

from ..kernel.ids import ItemId, LotId, VariantId, WarehouseId
from ..kernel.values import frozen
from ..kernel.words import counted
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
        picks: In the order of the demands, warehouse by warehouse, oldest lot first;
            each lot once an item.

        warehouses: Those that serve, where every lot picked is, and whose fees are due:
            one, unless the order is split.

        reasons: Item -> why it is not served from stock in full.

        is_split: Whether a parcel of its own leaves from each place. Otherwise what is
            sourced directly is packed with the lots, in the one warehouse.

        is_refused: Whether an order that stock does not serve is not to be paid at all,
            for the *reasons*; otherwise what is not picked is sourced directly.
    """

    picks: tuple[LotPick, ...]
    warehouses: tuple[str, ...]
    reasons: Mapping[str, str]
    is_split: bool = False
    is_refused: bool = False


NOTHING = AllocationPlan((), (), {})
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

    def place_of(self, lot_id: LotId) -> WarehouseId:
        """
        Return the warehouse of a lot that is in the snapshot.
        """
        return self._lots[lot_id].warehouse_id

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
    return _fill(demands, stock, country, most=1)


def split_available(
    demands: Sequence[Demand], stock: StockSnapshot, *, country: str
) -> AllocationPlan:
    """
    Serve from the warehouse that has most, what it lacks from the next that has most of
    it, and so on, each by a parcel of its own; only what no warehouse has is sourced
    directly.

    Each warehouse is taken as `fill_available` takes its one.

    Pure: *stock* is not changed.
    """
    plan = _fill(demands, stock, country, most=len(stock.warehouses))
    return attrs.evolve(plan, is_split=True) if plan.picks else plan


def fill_all(
    demands: Sequence[Demand], stock: StockSnapshot, *, country: str
) -> AllocationPlan:
    """
    Serve everything from one warehouse that has it all, or nothing from any: then all
    is sourced directly, and no stock waits for the rest of its order.

    Pure: *stock* is not changed.
    """
    plan = fill_available(demands, stock, country=country)
    if plan.picks and not plan.reasons:
        return plan
    words = "no warehouse that delivers there has all of the order"
    return AllocationPlan((), (), {demand.item_id: words for demand in demands})


def fill_or_kill(
    demands: Sequence[Demand], stock: StockSnapshot, *, country: str
) -> AllocationPlan:
    """
    Serve everything from one warehouse that has it all, or refuse the order: nothing
    is sourced directly.

    Pure: *stock* is not changed.
    """
    plan = fill_all(demands, stock, country=country)
    return plan if plan.picks else attrs.evolve(plan, is_refused=True)


def _fill(
    demands: Sequence[Demand], stock: StockSnapshot, country: str, *, most: int
) -> AllocationPlan:
    if stock.is_empty:
        return NOTHING
    left = list(demands)
    chosen: list[str] = []
    picks: dict[ItemId, list[LotPick]] = {demand.item_id: [] for demand in demands}
    while left and len(chosen) < most:
        place = _fullest(left, stock, country, but=chosen)
        if not place:
            break
        chosen.append(place)
        left = _pick(left, stock, place, picks)
    if not chosen:
        return NOTHING
    names = ", ".join(chosen)
    return AllocationPlan(
        tuple([pick for of_item in picks.values() for pick in of_item]),
        tuple(chosen),
        {d.item_id: f"{counted(d.quantity, 'unit')} not in {names}" for d in left},
    )


def _pick(
    demands: Sequence[Demand],
    stock: StockSnapshot,
    place: str,
    picks: Mapping[ItemId, list[LotPick]],
) -> list[Demand]:
    """
    Add what a warehouse has of *demands* to *picks*, and return what it lacks.
    """
    lacking: list[Demand] = []
    taken: dict[LotId, int] = {}
    for demand in demands:
        wanted = demand.quantity
        for level in stock.shelf(place, demand.variant_id):
            free = level.available - taken.get(level.lot_id, 0)
            quantity = min(free, wanted)
            if quantity > 0:
                picks[demand.item_id].append(
                    LotPick(demand.item_id, level.lot_id, quantity)
                )
                taken[level.lot_id] = taken.get(level.lot_id, 0) + quantity
                wanted -= quantity
            if not wanted:
                break
        if wanted:
            lacking.append(attrs.evolve(demand, quantity=wanted))
    return lacking


def _fullest(
    demands: Sequence[Demand],
    stock: StockSnapshot,
    country: str,
    *,
    but: Collection[str],
) -> str:
    """
    Return the warehouse, none of *but*, that serves most of *demands*; empty where none
    serves any.
    """
    wanted: dict[str, int] = {}
    for demand in demands:
        name = demand.variant_id
        wanted[name] = wanted.get(name, 0) + demand.quantity
    units: dict[str, int] = {}
    for variant_id, quantity in wanted.items():
        for place, shelf in stock.shelves_of(variant_id).items():
            has = sum([level.available for level in shelf])
            if has and place not in but:
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
