"""
The warehouse's work: accept, pick, ship, ship short, correct tracking.
"""

from collections.abc import Mapping, Sequence

import attrs

from ...domain.effects.machine import MessageChart
from ...domain.effects.model import Channel, MessageKind, OutboxMessage
from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import ItemId, ParcelId, SellerId, new_id
from ...domain.orders.kinds import KINDS
from ...domain.orders.lines import Item, units_of
from ...domain.orders.order import Order
from ...domain.shipments.model import Parcel, ParcelItem, StoreUnits, TrackingStatus
from ...unit.seller_unit import SellerUnit
from ...unit.tables.effects import OUTBOX, OUTBOX_LANE
from ...unit.tables.shipments import PARCELS
from ...unit.tables.warehouse import ALLOCATIONS_OF
from ..base.bulk import BulkReport
from ..base.commands import Given
from ..base.service import Service
from ..refunds.refunding import Reason, book_refund, release_unsent


@attrs.frozen(kw_only=True)
class NewParcel:
    """
    A parcel as the warehouse reports it.

    Attributes:
        quantities: Item -> units in it; None for everything that is left.
    """

    order_id: str
    carrier: str
    tracking_number: str
    quantities: Mapping[str, int] | None = None


class Shipping(Service):
    """
    Sends what is paid.
    """

    def accept(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Accept paid orders in the warehouse: they enter the pick queue.

        Returns:
            Order -> its state; a refused order is reported and the rest go on.
        """

        def work(unit: SellerUnit, items: Sequence[tuple[str, str]]) -> dict[str, str]:
            orders = unit.orders.headers([name for name, _ in items])
            for order in orders:
                order.accept(by=by, at=unit.now)
            return {order.order_id: order.state for order in orders}

        items = [(name, "") for name in dict.fromkeys(order_ids)]
        given = Given(command_id, "accept", ())
        return self._each(SellerId(seller_id), given, items, work, str)

    def ship(
        self, seller_id: str, parcel: NewParcel, *, by: Actor, command_id: str = ""
    ) -> str:
        """
        Send one parcel.

        Returns:
            The parcel's id.

        Raises:
            CommandRefusedError: If the order cannot leave now, or more than is left is
                named.
        """
        report = self.ship_many(seller_id, [parcel], by=by, command_id=command_id)
        for error in report.failed.values():
            raise error
        return next(iter(report.done.values()))

    def ship_many(
        self,
        seller_id: str,
        parcels: Sequence[NewParcel],
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Send parcels, a hundred a commit; each parcel's tracking is owed to the shop.

        Returns:
            `carrier/tracking number` -> the parcel's id.
        """
        items = [(f"{p.carrier}/{p.tracking_number}", p) for p in parcels]
        if len({name for name, _ in items}) != len(items):
            raise InvalidInputError(
                field="parcels",
                value=len(items),
                expected="one parcel per carrier and tracking number",
            )

        def work(
            unit: SellerUnit, part: Sequence[tuple[str, NewParcel]]
        ) -> dict[str, str]:
            unit.orders.load(sorted({p.order_id for _, p in part}))
            return {name: self._ship(unit, parcel, by=by) for name, parcel in part}

        given = Given(command_id, "ship", ())
        return self._each(SellerId(seller_id), given, items, work, str)

    def _ship(self, unit: SellerUnit, new: NewParcel, *, by: Actor) -> str:
        _require_tracking(new.carrier, new.tracking_number)
        order = unit.orders.one(new.order_id)
        quantities = {
            ItemId(name): quantity
            for name, quantity in (
                {q.item_id: q.quantity for q in order.what_is_left()}
                if new.quantities is None
                else new.quantities
            ).items()
        }
        parcel_id = ParcelId(new_id())
        store_units = _complete_units(order, quantities)
        order.ship(
            parcel_id,
            quantities,
            by=by,
            at=unit.now,
            deliver_by=unit.now + self._settings.deliver_after,
        )
        _consume(unit, order, quantities)
        parcel = Parcel(
            seller_id=unit.seller_id,
            parcel_id=parcel_id,
            order_id=order.order_id,
            carrier=new.carrier,
            tracking_number=new.tracking_number,
            revision=0,
            status=TrackingStatus.PENDING.value,
            replaced_by="",
            items=tuple(ParcelItem(n, q) for n, q in quantities.items()),
            store_units=store_units,
            shipped_at=unit.now,
            delivered_at=None,
        )
        unit.insert(PARCELS, parcel)
        tell_store(unit, order, parcel)
        return parcel_id

    def short_ship_rest(
        self, seller_id: str, order_id: str, *, by: Actor, command_id: str = ""
    ) -> str:
        """
        Refund what is left of a partly shipped order, and send no more of it.

        Returns:
            The order's state.

        Raises:
            CommandRefusedError: If nothing has left yet, or nothing is left.
        """

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            short = order.short_ship_rest(by=by, at=unit.now)
            parts = release_unsent(unit, order, short)
            if parts:
                book_refund(
                    unit, order, parts, freight_minor=0, why=Reason("short", by)
                )
            return order.state

        return self._once(
            SellerId(seller_id),
            Given(command_id, "short_ship_rest", order_id),
            work,
            str,
        )

    def correct_tracking(
        self,
        seller_id: str,
        order_id: str,
        parcel_id: str,
        *,
        carrier: str,
        tracking_number: str,
        by: Actor,
        command_id: str = "",
    ) -> None:
        """
        Correct a parcel's tracking number, and tell the shop anew.

        A push of the same parcel that still waits is superseded.

        Raises:
            CommandRefusedError: If the order has no such live parcel.

            InvalidInputError: If the carrier or the number is empty.
        """
        _require_tracking(carrier, tracking_number)

        def work(unit: SellerUnit) -> None:
            order = unit.orders.one(order_id)
            revision = order.correct_tracking(ParcelId(parcel_id), by=by, at=unit.now)
            parcel = attrs.evolve(
                unit.need(PARCELS, parcel_id, lock=True),
                carrier=carrier,
                tracking_number=tracking_number,
                revision=revision,
            )
            unit.put(PARCELS, parcel)
            _supersede(unit, order, parcel_id)
            tell_store(unit, order, parcel)

        self._once(
            SellerId(seller_id),
            Given(
                command_id,
                "correct_tracking",
                (order_id, parcel_id, carrier, tracking_number),
            ),
            work,
            type(None),
        )

    def void_parcel(
        self,
        seller_id: str,
        order_id: str,
        parcel_id: str,
        *,
        carrier: str,
        tracking_number: str,
        by: Actor,
        command_id: str = "",
    ) -> str:
        """
        Replace a parcel by another; its units stay shipped, the shop is told anew.

        Returns:
            The replacement's id.

        Raises:
            CommandRefusedError: If the order has no such live parcel.

            InvalidInputError: If the carrier or the number is empty.
        """
        _require_tracking(carrier, tracking_number)

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            replacement = ParcelId(new_id())
            order.void_parcel(
                ParcelId(parcel_id), replacement=replacement, by=by, at=unit.now
            )
            old = unit.need(PARCELS, parcel_id, lock=True)
            new = attrs.evolve(
                old,
                parcel_id=replacement,
                carrier=carrier,
                tracking_number=tracking_number,
                revision=0,
                status=TrackingStatus.PENDING.value,
                delivered_at=None,
            )
            unit.put(PARCELS, attrs.evolve(old, replaced_by=replacement))
            unit.insert(PARCELS, new)
            _supersede(unit, order, parcel_id)
            tell_store(unit, order, new)
            return replacement

        return self._once(
            SellerId(seller_id),
            Given(
                command_id,
                "void_parcel",
                (order_id, parcel_id, carrier, tracking_number),
            ),
            work,
            str,
        )


def _require_tracking(carrier: str, tracking_number: str) -> None:
    for name, text in (("carrier", carrier), ("tracking_number", tracking_number)):
        if not text.strip():
            raise InvalidInputError(field=name, value=text, expected="not empty")


def _complete_units(
    order: Order, quantities: Mapping[ItemId, int]
) -> tuple[StoreUnits, ...]:
    """
    Count the store units that become complete with *quantities*, line by line.
    """
    if not KINDS[order.kind].tells_shop:
        return ()
    parts: dict[int, list[Item]] = {}
    for item in order.items.values():
        parts.setdefault(item.line, []).append(item)
    touched = {order.items[name].line for name in quantities if name in order.items}
    found: list[StoreUnits] = []
    for number in sorted(touched):
        line, items = order.lines[number - 1], parts[number]
        units = units_of(line, items, quantities) - units_of(line, items, {})
        if units:
            found.append(StoreUnits(line.external_line_id, units))
    return tuple(found)


def _consume(unit: SellerUnit, order: Order, quantities: Mapping[ItemId, int]) -> None:
    """
    Take what leaves out of the lots bound to it, oldest first; the rest is direct.
    """
    drawing = {n: q for n, q in quantities.items() if order.items[n].quantity_from_lots}
    if not drawing:
        return
    for allocation in unit.find(ALLOCATIONS_OF, [(order.order_id,)], lock=True):
        wanted = drawing.get(allocation.item_id, 0)
        units = min(wanted, allocation.quantity_bound)
        if not units:
            continue
        drawing[allocation.item_id] = wanted - units
        unit.stock.ship(allocation, units)


def tell_store(unit: SellerUnit, order: Order, parcel: Parcel) -> None:
    """
    Queue a message that tells the shop a parcel's tracking; other kinds of order have
    no shop.
    """
    if not KINDS[order.kind].tells_shop:
        return
    key = f"{parcel.parcel_id}:{order.order_id}:{parcel.revision}"
    unit.tell(
        Channel.STORE,
        MessageKind.PUSH_TRACKING,
        lane=order.order_id,
        position=order.version,
        subject=parcel.parcel_id,
        key=key,
        # What a key stands for never changes, whatever is corrected while it is sent.
        payload={
            "store_id": order.store_id,
            "revision": parcel.revision,
            "carrier": parcel.carrier,
            "tracking_number": parcel.tracking_number,
        },
    )


def _supersede(unit: SellerUnit, order: Order, parcel_id: str) -> None:
    waiting: list[OutboxMessage] = [
        message
        for message in unit.find(
            OUTBOX_LANE, [(Channel.STORE.value, order.order_id)], lock=True
        )
        if message.subject == parcel_id
        and MessageChart.allows(message.state, "supersede")
    ]
    unit.put(
        OUTBOX,
        *(
            attrs.evolve(m, state=MessageChart.after(m.state, "supersede"))
            for m in waiting
        ),
    )
