"""
The seller's local stock: received from manual orders, counted, sold, and given to
orders of shops.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ...domain.kernel.actor import Actor
from ...domain.kernel.checks import LINE_UNITS_MAX
from ...domain.kernel.errors import Blocker, CommandRefusedError, InvalidInputError
from ...domain.kernel.ids import ItemId, OrderId, SellerId, VariantId, new_id
from ...domain.kernel.words import counted
from ...domain.local_stock.model import (
    LocalMovement,
    LocalMovementKind,
    LocalStock,
    TooLittleLocalStockError,
)
from ...domain.orders.order import Order
from ...unit.seller_unit import SellerUnit
from ...unit.tables.catalog import VARIANTS
from ...unit.tables.local_stock import (
    LOCAL_MOVEMENTS,
    LOCAL_MOVEMENTS_OF_ORDER,
    LOCAL_STOCK,
)
from ..base.bulk import BulkReport
from ..base.commands import Given
from ..base.service import Service

_NO_ORDER, _NO_ITEM = OrderId(""), ItemId("")


class LocalStocks(Service):
    """
    Moves and counts the goods at the seller's own place.
    """

    def get(self, seller_id: str, variant_id: str) -> LocalStock:
        """
        Return the units of one variant.

        Raises:
            NotFoundError: If there never were any.
        """
        return self._read(
            SellerId(seller_id), lambda unit: unit.need(LOCAL_STOCK, variant_id)
        )

    def receive(
        self, seller_id: str, order_id: str, *, by: Actor, command_id: str = ""
    ) -> int:
        """
        Take in what arrived of a manual order: the units that left in parcels, are not
        refunded, and were not taken in before.

        Returns:
            How many units came.

        Raises:
            CommandRefusedError: If it is no manual order, or nothing of it has left.
        """

        def work(unit: SellerUnit) -> int:
            order = unit.orders.one(order_id)
            order.require("receive_locally", by=by)
            known = _moved(unit, order_id, LocalMovementKind.RECEIVED)
            came = {
                item.item_id: item.quantity_kept - known.get(item.item_id, 0)
                for item in order.items.values()
            }
            shelf = _Shelf(unit, by, (i.variant_id for i in order.items.values()))
            for name, quantity in came.items():
                if quantity > 0:
                    shelf.move_item(order, name, LocalMovementKind.RECEIVED, quantity)
            shelf.write()
            return sum(max(quantity, 0) for quantity in came.values())

        given = Given(command_id, "receive_locally", order_id)
        return self._once(SellerId(seller_id), given, work, int)

    def count(
        self,
        seller_id: str,
        variant_id: str,
        on_hand: int,
        *,
        by: Actor,
        note: str = "",
        command_id: str = "",
    ) -> LocalStock:
        """
        Set the units of a variant to what somebody counted; the movement is the
        difference.

        Raises:
            NotFoundError: If the platform has no such variant.

            InvalidInputError: If *on_hand* is below zero or too large.
        """
        _require_units("on_hand", on_hand, least=0)

        def work(unit: SellerUnit) -> LocalStock:
            unit.need(VARIANTS, variant_id)
            variant = VariantId(variant_id)
            shelf = _Shelf(unit, by, [variant])
            change = on_hand - shelf.on_hand(variant)
            shelf.move(variant, LocalMovementKind.COUNTED, change, note=note)
            (now,) = shelf.write()
            return now

        given = Given(command_id, "count_locally", (variant_id, on_hand, note))
        return self._once(SellerId(seller_id), given, work, LocalStock)

    def sell(
        self,
        seller_id: str,
        variant_id: str,
        quantity: int,
        *,
        by: Actor,
        note: str = "",
        command_id: str = "",
    ) -> LocalStock:
        """
        Take units of a variant out, since the seller sold them by hand.

        Raises:
            NotFoundError: If the platform has no such variant.

            TooLittleLocalStockError: If there are not as many.

            InvalidInputError: If *quantity* is not positive.
        """
        _require_units("quantity", quantity, least=1)

        def work(unit: SellerUnit) -> LocalStock:
            unit.need(VARIANTS, variant_id)
            variant = VariantId(variant_id)
            shelf = _Shelf(unit, by, [variant])
            on_hand = shelf.on_hand(variant)
            if quantity > on_hand:
                raise TooLittleLocalStockError(
                    variant_id=variant_id, on_hand=on_hand, asked=quantity
                )
            shelf.move(variant, LocalMovementKind.SOLD, -quantity, note=note)
            (now,) = shelf.write()
            return now

        given = Given(command_id, "sell_locally", (variant_id, quantity, note))
        return self._once(SellerId(seller_id), given, work, LocalStock)

    def serve(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Serve unpaid orders of shops from the local stock: each takes all its units, and
        ends here.

        Returns:
            Order -> its state; a refused order is reported and the rest go on.
        """

        def work(
            unit: SellerUnit, items: Sequence[tuple[str, str]]
        ) -> Mapping[str, str]:
            orders = unit.orders.load([order_id for order_id, _ in items])
            wanted = (i.variant_id for o in orders for i in o.items.values())
            shelf = _Shelf(unit, by, wanted)
            for order in orders:
                order.serve_from_local_stock(by=by, at=unit.now)
                shelf.require(order)
                for item in order.items.values():
                    shelf.move_item(
                        order, item.item_id, LocalMovementKind.SERVED, -item.quantity
                    )
            shelf.write()
            return {order.order_id: order.state for order in orders}

        items = [(order_id, "") for order_id in dict.fromkeys(order_ids)]
        given = Given(command_id, "serve_from_local_stock", ())
        return self._each(SellerId(seller_id), given, items, work, str)

    def why_not_served(self, seller_id: str, order_id: str) -> tuple[Blocker, ...]:
        """
        Return each variant of which the local stock has too few units for an order.

        Raises:
            NotFoundError: If there is no such order.
        """

        def work(unit: SellerUnit) -> tuple[Blocker, ...]:
            order = unit.orders.one(order_id, lock=False)
            wanted = [item.variant_id for item in order.items.values()]
            rows = unit.many(LOCAL_STOCK, [(name,) for name in sorted(set(wanted))])
            return _lacking(order, {row.variant_id: row.on_hand for row in rows})

        return self._read(SellerId(seller_id), work)

    def put_back(
        self, seller_id: str, order_id: str, *, by: Actor, command_id: str = ""
    ) -> str:
        """
        Put the units of an order that was served from the local stock back; the order
        stays cancelled.

        Returns:
            The order's state.

        Raises:
            CommandRefusedError: If it was not served from there, or is put back
                already.
        """

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            order.put_back(by=by, at=unit.now)
            shelf = _Shelf(unit, by, (i.variant_id for i in order.items.values()))
            for name, took in _moved(unit, order_id, LocalMovementKind.SERVED).items():
                shelf.move_item(order, name, LocalMovementKind.PUT_BACK, -took)
            shelf.write()
            return order.state

        given = Given(command_id, "put_back", order_id)
        return self._once(SellerId(seller_id), given, work, str)


class _Shelf:
    """
    Some variants of the local stock, locked and changed in one commit.
    """

    def __init__(
        self, unit: SellerUnit, by: Actor, variant_ids: Iterable[VariantId]
    ) -> None:
        keys = [(name,) for name in sorted(set(variant_ids))]
        found = unit.many(LOCAL_STOCK, keys, lock=True)
        self._unit = unit
        self._by = by
        self._rows = {row.variant_id: row for row in found}
        self._moved: list[LocalMovement] = []

    def on_hand(self, variant_id: VariantId) -> int:
        """
        Return how many units of a variant there are.
        """
        row = self._rows.get(variant_id)
        return 0 if row is None else row.on_hand

    def require(self, order: Order) -> None:
        """
        Refuse to serve an order of which not everything is there.
        """
        on_hand = {name: row.on_hand for name, row in self._rows.items()}
        short = _lacking(order, on_hand)
        if short:
            raise CommandRefusedError(
                kind="order",
                id=order.order_id,
                command="serve_from_local_stock",
                blockers=short,
            )

    def move_item(
        self, order: Order, item_id: ItemId, kind: LocalMovementKind, quantity: int
    ) -> None:
        """
        Move units of an item of *order*.
        """
        variant = order.items[item_id].variant_id
        self.move(variant, kind, quantity, order_id=order.order_id, item_id=item_id)

    def move(
        self,
        variant_id: VariantId,
        kind: LocalMovementKind,
        quantity: int,
        *,
        order_id: OrderId = _NO_ORDER,
        item_id: ItemId = _NO_ITEM,
        note: str = "",
    ) -> None:
        """
        Add *quantity* units of a variant, or take them out where it is below zero.
        """
        now = self._unit.now
        on_hand = self.on_hand(variant_id) + quantity
        assert on_hand >= 0, "whoever moves has looked"
        self._rows[variant_id] = LocalStock(
            seller_id=self._unit.seller_id,
            variant_id=variant_id,
            on_hand=on_hand,
            changed_at=now,
        )
        self._moved.append(
            LocalMovement(
                seller_id=self._unit.seller_id,
                movement_id=new_id(),
                variant_id=variant_id,
                kind=kind,
                quantity=quantity,
                order_id=order_id,
                item_id=item_id,
                by=self._by,
                note=note,
                moved_at=now,
            )
        )

    def write(self) -> list[LocalStock]:
        """
        Write what was moved; return the variants that were.
        """
        moved = sorted({movement.variant_id for movement in self._moved})
        now = [self._rows[name] for name in moved]
        self._unit.put(LOCAL_STOCK, *now)
        self._unit.insert(LOCAL_MOVEMENTS, *self._moved)
        return now


def _lacking(order: Order, on_hand: Mapping[VariantId, int]) -> tuple[Blocker, ...]:
    """
    Name each variant of which fewer units are there than *order* has.
    """
    asked: Counter[VariantId] = Counter()
    for item in order.items.values():
        asked[item.variant_id] += item.quantity
    return tuple(
        Blocker(
            "too_little_local_stock",
            f"variant {name}: {counted(units, 'unit')} asked, {on_hand.get(name, 0)} in"
            " the local stock",
            {"variant": name, "asked": units, "on_hand": on_hand.get(name, 0)},
        )
        for name, units in asked.items()
        if units > on_hand.get(name, 0)
    )


def _moved(
    unit: SellerUnit, order_id: str, kind: LocalMovementKind
) -> dict[ItemId, int]:
    """
    Add up the units of each item of an order that were moved for one reason.
    """
    found: dict[ItemId, int] = {}
    for movement in unit.find(LOCAL_MOVEMENTS_OF_ORDER, [(order_id,)]):
        if movement.kind == kind:
            units = found.get(movement.item_id, 0) + movement.quantity
            found[movement.item_id] = units
    return found


def _require_units(field: str, value: int, *, least: int) -> None:
    if not least <= value <= LINE_UNITS_MAX:
        raise InvalidInputError(
            field=field, value=value, expected=f"{least} to {LINE_UNITS_MAX}"
        )
