"""
Goods bought for a cloud warehouse: they leave for it, by one carrier or several.
"""

from collections.abc import Mapping

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import SellerId, VariantId, WarehouseId
from ...domain.orders.events import ConsignmentSent
from ...domain.warehouse.model import StockLevel
from ...unit.seller_unit import SellerUnit
from ...unit.streams import events_of
from ...unit.tables.warehouse import STOCK_LEVELS
from ..base.commands import Given
from ..base.promising import promised, promises_to
from ..base.service import Service
from .correcting import require_tracking


class Dispatching(Service):
    """
    Sends what sellers bought in advance to the warehouse.
    """

    def dispatch(
        self, seller_id: str, order_id: str, *, by: Actor, command_id: str = ""
    ) -> str:
        """
        Send a paid cloud-warehouse order's goods to the warehouse: they are incoming.

        Returns:
            The order's state.

        Raises:
            CommandRefusedError: If it is not paid, or of another kind.
        """

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            days = promises_to(unit, self._settings).receive_days
            order.dispatch(by=by, at=unit.now, promised_by=promised(unit, days))
            incoming: dict[str, int] = {}
            for item in order.items.values():
                left = item.quantity_outstanding
                incoming[item.variant_id] = incoming.get(item.variant_id, 0) + left
            change_levels(unit, order.warehouse, incoming)
            return order.state

        given = Given(command_id, "dispatch", order_id)
        return self._once(SellerId(seller_id), given, work, str)

    def consign(
        self,
        seller_id: str,
        order_id: str,
        carrier: str,
        tracking_number: str,
        *,
        by: Actor,
        command_id: str = "",
    ) -> str:
        """
        Record that goods of an order left for the warehouse by a carrier. An order may
        have several; a carrier's number counts once.

        Returns:
            The order's state, which stays.

        Raises:
            CommandRefusedError: If it was never sent, or is of another kind.

            InvalidInputError: If there is no carrier or number, or a spreadsheet has
                rounded it.
        """
        require_tracking(carrier, tracking_number)

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            order.require("consign", by=by)
            told = events_of(unit.session, unit.seller_id, order_id)
            if (carrier, tracking_number) not in {
                (event.carrier, event.tracking_number)
                for event in told
                if isinstance(event, ConsignmentSent)
            }:
                order.consign(carrier, tracking_number, by=by, at=unit.now)
            return order.state

        given = Given(command_id, "consign", (order_id, carrier, tracking_number))
        return self._once(SellerId(seller_id), given, work, str)


def change_levels(unit: SellerUnit, warehouse: str, changes: Mapping[str, int]) -> None:
    """
    Change what is incoming per variant; a first change makes the row.
    """
    rows = [
        StockLevel(
            seller_id=unit.seller_id,
            warehouse_id=WarehouseId(warehouse),
            variant_id=VariantId(name),
            incoming=0,
            damaged=0,
        )
        for name in changes
    ]
    unit.insert_new(STOCK_LEVELS, rows)
    for name, change in changes.items():
        unit.add(STOCK_LEVELS, warehouse, name, incoming=change)
