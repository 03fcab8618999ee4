"""
Cloud warehouses: dispatch, receive in parts, write off, "My Cloud Warehouse".
"""

from collections.abc import Mapping, Sequence

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import (
    HoldId,
    ItemId,
    LotId,
    SellerId,
    VariantId,
    WarehouseId,
    new_id,
)
from ...domain.kernel.values import frozen
from ...domain.orders.holds import HoldReason
from ...domain.orders.lines import Item, ItemCount
from ...domain.orders.order import Order
from ...domain.wallet.model import RefundedItem
from ...domain.warehouse.model import (
    EVERYWHERE,
    Lot,
    Receipt,
    StockView,
    Warehouse,
)
from ...unit.platform_unit import PlatformUnit
from ...unit.seller_unit import SellerUnit
from ...unit.tables.warehouse import (
    LOTS_OF,
    RECEIPTS,
    STOCK_LEVELS,
    STOCK_LEVELS_OF,
    WAREHOUSES,
)
from ..base.checks import require_staff
from ..base.commands import Given
from ..refunds.refunding import Reason, book_refund
from .counting import Counting
from .dispatching import Dispatching, change_levels
from .restocking import Restocking


@frozen
class Count:
    """
    What a warehouse counted of one item.
    """

    good: int = 0
    damaged: int = 0
    missing: int = 0


class CloudWarehouses(Dispatching, Counting, Restocking):
    """
    Keeps warehouses and sellers' stock in them.
    """

    def add_warehouse(
        self,
        warehouse_id: str,
        *,
        country: str,
        by: Actor,
        name: str = "",
        serves: Sequence[str] | None = None,
        priority: int | None = None,
        handling_minor: Mapping[str, int] | None = None,
        command_id: str = "",
    ) -> Warehouse:
        """
        Add a warehouse, or change what is said of it; what is not said stays as it is.

        Args:
            handling_minor: Currency -> fee per unit that leaves from stock.
        """
        require_staff(by, "add_warehouse")

        def work(unit: PlatformUnit) -> str:
            known = unit.get(WAREHOUSES, warehouse_id, lock=True)
            was = known or Warehouse(
                warehouse_id=WarehouseId(warehouse_id),
                name=warehouse_id,
                country=country,
                serves=(EVERYWHERE,),
                priority=1,
                handling_minor={},
            )
            made = attrs.evolve(
                was,
                name=name or was.name,
                country=country,
                serves=was.serves if serves is None else tuple(serves),
                priority=was.priority if priority is None else priority,
                handling_minor=(
                    was.handling_minor
                    if handling_minor is None
                    else dict(handling_minor)
                ),
            )
            unit.put(WAREHOUSES, made)
            return warehouse_id

        fees = None if handling_minor is None else sorted(handling_minor.items())
        said = None if serves is None else tuple(serves)
        request = (warehouse_id, name, country, said, priority, fees)
        given = Given(command_id, "add_warehouse", request)
        self._once_for_platform(given, work, str)
        return self._units.platform(
            lambda unit: unit.need(WAREHOUSES, warehouse_id), read_only=True
        )

    def warehouses(self) -> tuple[Warehouse, ...]:
        """
        List all warehouses, by id.
        """
        return self._units.platform(
            lambda unit: tuple(unit.each(WAREHOUSES.primary)), read_only=True
        )

    def receive(
        self,
        seller_id: str,
        order_id: str,
        counts: Mapping[str, Count],
        *,
        by: Actor,
        command_id: str = "",
    ) -> str:
        """
        Record what a warehouse counted; good units become lots.

        Units beyond what was sent, or that turn up once everything is settled, are
        never a lot: they open a hold for staff.

        Args:
            counts: Item -> what was counted of it.

        Returns:
            The order's state.

        Raises:
            CommandRefusedError: If nothing was ever on its way.

            InvalidInputError: If a count is negative, or an item unknown.
        """

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            order.require("receive", by=by)
            self._receive(unit, order, counts, by=by)
            return order.state

        request = (order_id, sorted((n, attrs.astuple(c)) for n, c in counts.items()))
        given = Given(command_id, "receive", request)
        return self._once(SellerId(seller_id), given, work, str)

    def _receive(
        self,
        unit: SellerUnit,
        order: Order,
        counts: Mapping[str, Count],
        *,
        by: Actor,
    ) -> None:
        _check_counts(order, counts)
        receipt_id = new_id()
        settled: list[ItemCount] = []
        excess: dict[str, int] = {}
        rows: list[tuple[str, int, int, int, int]] = []
        for name, count in sorted(counts.items()):
            item = order.items[ItemId(name)]
            within, over = _within(item, count)
            settled.append(within)
            if over:
                excess[name] = over
            rows.append((name, within.good, within.damaged, within.missing, over))
            self._shelve(unit, order, item, within)
        order.receive(receipt_id, settled, by=by, at=unit.now)
        unit.insert(
            RECEIPTS,
            Receipt(
                seller_id=unit.seller_id,
                receipt_id=receipt_id,
                order_id=order.order_id,
                warehouse_id=WarehouseId(order.warehouse),
                lines=tuple(rows),
                counted_at=unit.now,
            ),
        )
        if excess:
            detail = ", ".join(f"item {n}: {q} more" for n, q in excess.items())
            order.hold(
                HoldId(new_id()),
                HoldReason.OVER_RECEIPT,
                detail=detail,
                by=by,
                at=unit.now,
            )

    def _shelve(
        self, unit: SellerUnit, order: Order, item: Item, count: ItemCount
    ) -> None:
        unit.add(
            STOCK_LEVELS,
            order.warehouse,
            item.variant_id,
            incoming=-count.settled,
            damaged=count.damaged,
        )
        if not count.good:
            return
        lot = Lot(
            seller_id=unit.seller_id,
            lot_id=LotId(new_id()),
            warehouse_id=WarehouseId(order.warehouse),
            variant_id=item.variant_id,
            order_id=order.order_id,
            item_id=item.item_id,
            quantity_received=count.good,
            on_hand=count.good,
            allocated=0,
            unit_minor=item.unit_minor,
            currency=order.currency,
            arrived_at=unit.now,
        )
        unit.stock.receive(lot)

    def write_off_rest(
        self, seller_id: str, order_id: str, *, by: Actor, command_id: str = ""
    ) -> str:
        """
        Settle what never came, and refund it.

        Returns:
            The order's state.

        Raises:
            CommandRefusedError: If nothing is outstanding, or it is held.
        """

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            gone = order.write_off_rest(by=by, at=unit.now)
            never_came: dict[str, int] = {}
            for units in gone:
                name = order.items[units.item_id].variant_id
                never_came[name] = never_came.get(name, 0) - units.quantity
            change_levels(unit, order.warehouse, never_came)
            parts = tuple(
                RefundedItem(
                    units.item_id,
                    units.quantity,
                    units.quantity * order.items[units.item_id].unit_minor,
                    order.order_id,
                    units.item_id,
                )
                for units in gone
            )
            book_refund(
                unit, order, parts, freight_minor=0, why=Reason("written_off", by)
            )
            return order.state

        return self._once(
            SellerId(seller_id),
            Given(command_id, "write_off_rest", order_id),
            work,
            str,
        )

    def stock(self, seller_id: str) -> tuple[StockView, ...]:
        """
        Show "My Cloud Warehouse": what is incoming, on hand, allocated and available.
        """

        def work(unit: SellerUnit) -> tuple[StockView, ...]:
            sums: dict[tuple[str, str], list[int]] = {}
            for level in unit.each(STOCK_LEVELS_OF):
                place = (level.warehouse_id, level.variant_id)
                sums[place] = [level.incoming, 0, 0, level.damaged]
            for lot in unit.each(LOTS_OF):
                place = (lot.warehouse_id, lot.variant_id)
                row = sums.setdefault(place, [0, 0, 0, 0])
                row[1] += lot.on_hand
                row[2] += lot.allocated
            return tuple(
                StockView(
                    warehouse_id=WarehouseId(place[0]),
                    variant_id=VariantId(place[1]),
                    incoming=row[0],
                    on_hand=row[1],
                    allocated=row[2],
                    available=row[1] - row[2],
                    damaged=row[3],
                )
                for place, row in sorted(sums.items())
            )

        return self._read(SellerId(seller_id), work)

    def lots(self, seller_id: str) -> tuple[Lot, ...]:
        """
        List every lot of a seller, oldest first.
        """
        return self._read(SellerId(seller_id), lambda unit: tuple(unit.each(LOTS_OF)))


def _check_counts(order: Order, counts: Mapping[str, Count]) -> None:
    if not counts:
        raise InvalidInputError(field="counts", value=counts, expected="an item")
    for name, count in counts.items():
        if name not in order.items:
            known = ", ".join(sorted(order.items))
            raise InvalidInputError(field="counts", value=name, expected=known)
        parts = attrs.astuple(count)
        if min(parts) < 0 or sum(parts) == 0:
            raise InvalidInputError(
                field=f"counts: {name}", value=parts, expected="zero or more, not all 0"
            )


def _within(item: Item, count: Count) -> tuple[ItemCount, int]:
    """
    Cap a count by what is outstanding; return what is beyond it.
    """
    left = item.quantity_outstanding
    good = min(count.good, left)
    damaged = min(count.damaged, left - good)
    missing = min(count.missing, left - good - damaged)
    over = count.good + count.damaged - good - damaged
    return ItemCount(item.item_id, good, damaged, missing), over
