"""
Units that were paid and cannot be bought: their orders are held until they can be.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import OrderId, SellerId
from ...ports.storage import Key, picker
from ...unit.platform_unit import PlatformUnit
from ...unit.seller_unit import SellerUnit
from ...unit.tables.catalog import VARIANTS
from ...unit.tables.orders import ITEMS_OF_VARIANT
from ..base.service import Service

_PAGE = 1_000


class Lacking(Service):
    """
    Follows what the supplier has.
    """

    def follow(self, variant_id: str, *, by: Actor) -> int:
        """
        Hold the paid orders of all sellers that no warehouse has accepted and that need
        units of a variant nobody can buy; let them go where it can be bought again.
        Safe to repeat.

        Returns:
            How many orders were looked at.
        """

        def find(unit: PlatformUnit) -> tuple[bool, dict[str, list[OrderId]]]:
            variant = unit.get(VARIANTS, variant_id)
            is_had = variant is not None and variant.is_available
            found: dict[str, list[OrderId]] = {}
            for seller_id, order_id in _unsent(unit, variant_id):
                found.setdefault(seller_id, []).append(OrderId(order_id))
            return is_had, found

        is_had, found = self._units.platform(find, read_only=True)

        def work(unit: SellerUnit, *, part: Sequence[OrderId]) -> None:
            for order in unit.orders.load(part):
                follow = order.end_lack if is_had else order.lack
                follow(variant_id, by=by, at=unit.now)

        for seller_id, orders in found.items():
            for part in self._parts(sorted(set(orders))):
                self._units.seller(SellerId(seller_id), partial(work, part=part))
        return sum(len(set(orders)) for orders in found.values())


def _unsent(unit: PlatformUnit, variant_id: str) -> Iterator[tuple[str, str]]:
    """
    Go through the (seller, order) of all items of a variant with units that have not
    left.
    """
    index = ITEMS_OF_VARIANT.index
    place = index.table.position
    after: Key | None = None
    while True:
        rows = unit.session.page(
            index, (variant_id,), after=after, until=None, limit=_PAGE, descending=False
        )
        for row in rows:
            gone = ("quantity_cancelled", "quantity_shipped")
            if int(str(row[place["quantity"]])) > sum(
                int(str(row[place[name]])) for name in gone
            ):
                yield str(row[place["seller_id"]]), str(row[place["order_id"]])
        if len(rows) < _PAGE:
            return
        after = picker(index.table, index.sort_columns)(rows[-1])
