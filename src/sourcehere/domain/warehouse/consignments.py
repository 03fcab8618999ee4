"""
Where the parcels of a split order leave from, and what is in each.
"""

from collections.abc import Iterable, Mapping, Sequence

from ..kernel.ids import ItemId
from ..kernel.values import frozen
from .allocation import AllocationPlan, Demand, StockSnapshot
from .model import Warehouse


@frozen
class Consignment:
    """
    What leaves from one place.

    Attributes:
        leaves_from: The cloud warehouse; empty for the platform's own, where goods are
            brought that are sourced directly.

        country: Where that is.

        from_lots, direct: Item -> units of it from lots, and sourced directly.
    """

    leaves_from: str
    country: str
    from_lots: Mapping[ItemId, int]
    direct: Mapping[ItemId, int]

    @property
    def quantities(self) -> dict[ItemId, int]:
        """
        Item -> all units of it, in the order of the items.
        """
        found = dict(self.from_lots)
        for item_id, quantity in self.direct.items():
            found[item_id] = found.get(item_id, 0) + quantity
        return found


def packs_direct(serving: Iterable[Warehouse], *, origin: str) -> str:
    """
    Return which warehouse of a split order packs the goods that are sourced directly.

    It is the first by priority in the country where they are bought, for they would
    have to cross a border to others. Empty for the platform's own, where there is none.

    Args:
        serving: The warehouses that the order is served from.
    """
    there = [(w.priority, w.warehouse_id) for w in serving if w.country == origin]
    return min(there)[1] if there else ""


def consignments_of(
    plan: AllocationPlan,
    demands: Sequence[Demand],
    stock: StockSnapshot,
    *,
    origin: str,
) -> tuple[Consignment, ...]:
    """
    Divide an order that is split by where its goods are; empty where one parcel, or
    what carriers make of it, holds everything.

    Args:
        origin: The country where goods are bought that are sourced directly.
    """
    if not plan.is_split:
        return ()
    lots: dict[str, dict[ItemId, int]] = {name: {} for name in plan.warehouses}
    left = {demand.item_id: demand.quantity for demand in demands}
    for pick in plan.picks:
        taken = lots[stock.place_of(pick.lot_id)]
        taken[pick.item_id] = taken.get(pick.item_id, 0) + pick.quantity
        left[pick.item_id] -= pick.quantity
    direct = {item_id: quantity for item_id, quantity in left.items() if quantity}
    serving = [w for name in lots if lots[name] and (w := stock.warehouse(name))]
    found = divided(lots, direct, serving, origin=origin)
    return found if len(found) > 1 else ()


def divided(
    lots: Mapping[str, Mapping[ItemId, int]],
    direct: Mapping[ItemId, int],
    serving: Sequence[Warehouse],
    *,
    origin: str,
) -> tuple[Consignment, ...]:
    """
    Divide units by where they leave from, those of one place, too; places that nothing
    leaves from are left out.

    Args:
        lots: Warehouse -> item -> units from its lots.

        direct: Item -> units that are sourced directly.

        serving: The warehouses that the order is served from, whatever is left in them.
    """
    packing = packs_direct(serving, origin=origin)
    found = [
        Consignment(
            w.warehouse_id,
            w.country,
            lots.get(w.warehouse_id, {}),
            direct if w.warehouse_id == packing else {},
        )
        for w in serving
    ]
    if direct and not packing:
        found.append(Consignment("", origin, {}, direct))
    return tuple(one for one in found if one.from_lots or one.direct)
