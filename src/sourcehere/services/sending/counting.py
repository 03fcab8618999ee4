"""
Counting the stock of a cloud warehouse: what is missing is lost, or refunded to the
seller, and what turns up again is found.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from ...domain.kernel.actor import Actor
from ...domain.kernel.checks import WHOLE_MAX
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import OrderId, SellerId, VariantId, WarehouseId, new_id
from ...domain.orders.kinds import KINDS
from ...domain.orders.order import Order
from ...domain.wallet.model import RefundedItem
from ...domain.warehouse.counts import StockCount, disputed, too_few, too_many
from ...domain.warehouse.model import Lot
from ...domain.warehouse.movements import MovementKind
from ...unit.seller_unit import SellerUnit
from ...unit.tables.catalog import VARIANTS
from ...unit.tables.warehouse import (
    LOTS_OF_VARIANT,
    MOVEMENTS_OF,
    STOCK_COUNTS,
    WAREHOUSES,
)
from ..base.checks import require_staff
from ..base.commands import Given
from ..base.service import Service
from ..refunds.cloud_refunds import disputable
from ..refunds.refunding import Reason, book_refund


class Counting(Service):
    """
    Counts what is in cloud warehouses.
    """

    def count(
        self,
        seller_id: str,
        warehouse_id: str,
        variant_id: str,
        on_hand: int,
        *,
        by: Actor,
        refunds: bool = False,
        note: str = "",
        command_id: str = "",
    ) -> StockCount:
        """
        Set the units of a variant in a warehouse to what was counted.

        Missing units are taken out of the newest lots; those that counts had lost come
        back to the lots that lost them, the oldest first.

        Args:
            refunds: Give the seller back what missing units cost, against the captures
                of the orders that bought them.

            note: Why there are more or fewer.

        Raises:
            CommandRefusedError: If fewer are counted than are bound to paid orders, or
                more than came and did not leave; or if units were to be refunded that
                an open dispute is about.

            NotFoundError: If there is no such warehouse or variant.

            InvalidInputError: If *on_hand* is below zero or too large.
        """
        require_staff(by, "count")
        # JSON callers may send 1.5, whatever the types say.
        if not isinstance(on_hand, int) or not 0 <= on_hand <= WHOLE_MAX:
            expected = f"a whole number from 0 to {WHOLE_MAX}"
            raise InvalidInputError(field="on_hand", value=on_hand, expected=expected)

        def work(unit: SellerUnit) -> str:
            unit.need(WAREHOUSES, warehouse_id)
            unit.need(VARIANTS, variant_id)
            shelf = _Shelf(unit, warehouse_id, variant_id, by, refunds=refunds)
            expected = shelf.on_hand
            refunded: Counter[str] = Counter()
            if on_hand > expected:
                shelf.find(on_hand)
            elif on_hand < expected:
                refunded = shelf.lose(on_hand)
            made = StockCount(
                seller_id=unit.seller_id,
                count_id=new_id(),
                warehouse_id=WarehouseId(warehouse_id),
                variant_id=VariantId(variant_id),
                expected=expected,
                counted=on_hand,
                units_refunded=refunded["units"],
                refunded_minor=refunded["minor"],
                currency=unit.seller.currency,
                by=by,
                note=note,
                counted_at=unit.now,
            )
            unit.insert(STOCK_COUNTS, made)
            return made.count_id

        request = (warehouse_id, variant_id, on_hand, refunds, note)
        given = Given(command_id, "count_stock", request)
        # The note stands with the count alone, and in no answer that is kept.
        made = self._once(SellerId(seller_id), given, work, str)
        return self._read(
            SellerId(seller_id), lambda unit: unit.need(STOCK_COUNTS, made)
        )


class _Shelf:
    """
    The lots of one variant in one warehouse, locked; where their units are refunded,
    behind the orders that bought them.
    """

    def __init__(
        self,
        unit: SellerUnit,
        warehouse_id: str,
        variant_id: str,
        by: Actor,
        *,
        refunds: bool,
    ) -> None:
        self._unit = unit
        self._place = (warehouse_id, variant_id)
        self._by = by
        self._refunds = refunds
        if refunds:  # orders are locked before lots, as everywhere
            unit.orders.load(_buyers(self._lots(lock=False)))
        self._here = self._lots()

    def _lots(self, *, lock: bool = True) -> list[Lot]:
        warehouse_id, variant_id = self._place
        found = self._unit.find(LOTS_OF_VARIANT, [(variant_id,)], lock=lock)
        return [lot for lot in found if lot.warehouse_id == warehouse_id]

    @property
    def on_hand(self) -> int:
        """
        The units that the books have.
        """
        return sum(lot.on_hand for lot in self._here)

    def find(self, counted: int) -> None:
        """
        Put units back that counts had lost.
        """
        lost = self._lost()
        more, most = counted - self.on_hand, self.on_hand + lost.total()
        if counted > most:
            raise too_many(*self._place, counted=counted, most=most)
        for lot, units in _spread(self._here, more, lambda lot: lost[lot.lot_id]):
            self._unit.stock.find(
                lot.lot_id, units, order_id=lot.order_id, item_id=lot.item_id
            )

    def lose(self, counted: int) -> Counter[str]:
        """
        Take missing units out; return how many were refunded, and their money.
        """
        less, bound = self.on_hand - counted, sum(lot.allocated for lot in self._here)
        if counted < bound:
            raise too_few(*self._place, counted=counted, bound=bound)
        newest_first = list(reversed(self._here))
        gone = list(_spread(newest_first, less, lambda lot: lot.available))
        if self._refunds:
            return self._refund(gone)
        for lot, units in gone:
            self._unit.stock.lose(
                lot.lot_id, units, order_id=lot.order_id, item_id=lot.item_id
            )
        return Counter()

    def _refund(self, gone: Iterable[tuple[Lot, int]]) -> Counter[str]:
        by_order: dict[OrderId, list[tuple[Lot, int]]] = {}
        for lot, units in gone:
            by_order.setdefault(lot.order_id, []).append((lot, units))
        why = Reason("lost_in_warehouse", self._by)
        refunded: Counter[str] = Counter()
        for order in self._unit.orders.load(sorted(by_order)):
            missing = by_order[order.order_id]
            is_bulk = KINDS[order.kind].ends_in_stock
            if is_bulk:
                self._require_undisputed(order, missing)
            parts = [
                self._remove(lot, units, is_bulk=is_bulk) for lot, units in missing
            ]
            book_refund(self._unit, order, parts, freight_minor=0, why=why)
            refunded["units"] += sum(units for _, units in missing)
            refunded["minor"] += sum(part.amount_minor for part in parts)
        return refunded

    def _require_undisputed(
        self, order: Order, missing: Iterable[tuple[Lot, int]]
    ) -> None:
        units: Counter[str] = Counter()
        for lot, quantity in missing:
            units[lot.item_id] += quantity
        for name, quantity in units.items():
            left = disputable(self._unit, order, name, is_lost=False, lock=True)
            if quantity > left:
                raise disputed(
                    *self._place, order.order_id, name, missing=quantity, left=left
                )

    def _remove(self, lot: Lot, units: int, *, is_bulk: bool) -> RefundedItem:
        self._unit.stock.remove(
            lot.lot_id, units, order_id=lot.order_id, item_id=lot.item_id
        )
        # Of an order that sent the units, they count as returned already.
        return RefundedItem(
            lot.item_id,
            units if is_bulk else 0,
            units * lot.unit_minor,
            lot.order_id,
            lot.item_id,
        )

    def _lost(self) -> Counter[str]:
        """
        Count the units of each lot that counts took out and did not put back.
        """
        found: Counter[str] = Counter()
        signs = {MovementKind.LOST.value: 1, MovementKind.FOUND.value: -1}
        for moved in self._unit.find(MOVEMENTS_OF, [(o.lot_id,) for o in self._here]):
            found[moved.lot_id] += signs.get(moved.kind, 0) * moved.quantity
        return +found


def _buyers(lots: Iterable[Lot]) -> list[OrderId]:
    return sorted({lot.order_id for lot in lots})


def _spread(
    lots: Sequence[Lot], units: int, most_of: Callable[[Lot], int]
) -> Iterator[tuple[Lot, int]]:
    """
    Take *units* from *lots* in their order, of each as much as there is.
    """
    for lot in lots:
        part = min(units, most_of(lot))
        if part:
            units -= part
            yield lot, part
