"""
What is wrong with the answer of an allocation policy.
"""

from collections.abc import Iterator, Mapping, Sequence

from ..kernel.ids import ItemId, LotId
from ..kernel.words import counted
from .allocation import AllocationPlan, Demand, LotPick, StockSnapshot


def flaws_of(
    plan: object,
    demands: Sequence[Demand],
    stock: StockSnapshot,
    *,
    country: str = "",
) -> Iterator[str]:
    """
    List what is wrong with a policy's answer.

    Every pick takes units of the item's own variant from a lot in a warehouse of the
    plan, each lot once an item, and no more than are wanted and available.

    Args:
        country: Where it goes, which the warehouses have to deliver to; empty if that
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
            yield (
                f"item {item_id} wants {counted(wanted[item_id].quantity, 'unit')} only"
            )
    for lot_id, quantity in of_lot.items():
        level = stock.lot(lot_id)
        if level is not None and quantity > level.available:
            yield f"lot {lot_id} has {counted(level.available, 'unit')} only"
    if plan.is_refused and plan.picks:
        yield "the order is refused, but lots are picked for it"
    yield from _flaws_of_places(plan, stock, country)


def _flaws_of_places(
    plan: AllocationPlan, stock: StockSnapshot, country: str
) -> Iterator[str]:
    names = ", ".join(plan.warehouses)
    if len(set(plan.warehouses)) != len(plan.warehouses):
        yield f"a warehouse is named twice: {names}"
    if len(plan.warehouses) > 1 and not plan.is_split:
        yield f"not split, but served from {names}"
    for name in plan.warehouses if country and plan.picks else ():
        serving = stock.warehouse(name)
        if serving and not serving.delivers_to(country):
            yield f"warehouse {name} does not deliver to {country}"


def _flaws_of_pick(
    pick: LotPick,
    plan: AllocationPlan,
    wanted: Mapping[ItemId, Demand],
    stock: StockSnapshot,
) -> Iterator[str]:
    demand, level = wanted.get(pick.item_id), stock.lot(pick.lot_id)
    if pick.quantity <= 0:
        yield f"{counted(pick.quantity, 'unit')} picked of lot {pick.lot_id}"
    if demand is None:
        yield f"the order has no item {pick.item_id}"
    if level is None:
        yield f"there is no lot {pick.lot_id} in stock"
        return
    if demand is not None and level.variant_id != demand.variant_id:
        yield f"lot {pick.lot_id} is of another variant than item {pick.item_id}"
    if level.warehouse_id not in plan.warehouses:
        named = ", ".join(plan.warehouses) or "nowhere"
        yield f"lot {pick.lot_id} is in {level.warehouse_id}, the plan's are in {named}"
