"""
The warehouse's work: accept, pick, ship, ship short.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import ItemId, ParcelId, SellerId, new_id
from ...domain.kernel.values import frozen
from ...domain.orders.kinds import KINDS
from ...domain.orders.lines import Item, units_of
from ...domain.orders.order import Order
from ...domain.shipments.model import Parcel, ParcelItem, StoreUnits, TrackingStatus
from ...unit.seller_unit import SellerUnit
from ...unit.tables.shipments import PARCELS
from ..base.bulk import BulkReport
from ..base.commands import Given
from ..base.settings import Settings
from ..intake.differing import follow_refund
from ..intake.parting import lock_records
from ..refunds.refunding import Reason
from ..refunds.settling import settle_unsent
from .correcting import Correcting, require_tracking
from .leaving import Bindings, ask_for_bound, leaving
from .telling import tell_store


@frozen(kw_only=True)
class NewParcel:
    """
    A parcel as the warehouse reports it.

    Attributes:
        quantities: Item -> units in it; None for everything that is left, or is left
            to leave from there.

        leaves_from: The cloud warehouse that it leaves from; empty for the platform's
            own, where goods are brought that are sourced directly. None where the units
            can leave from one place only, which is so unless the order was split.
    """

    order_id: str
    carrier: str
    tracking_number: str
    quantities: Mapping[str, int] | None = None
    leaves_from: str | None = None


class Shipping(Correcting):
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
            CommandRefusedError: If the order cannot leave now, more than is left is
                named, or its units are in several warehouses and nobody says which.

            NotFoundError: If there is no such warehouse.
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
        require_named_once([name for name, _ in items])

        def work(
            unit: SellerUnit, part: Sequence[tuple[str, NewParcel]]
        ) -> dict[str, str]:
            orders = sorted({p.order_id for _, p in part})
            unit.orders.ask_for(orders)
            bound = ask_for_bound(unit, orders)
            unit.orders.load(orders)
            bindings, settings = Bindings(bound), self._settings
            return {
                name: send_parcel(unit, bindings, parcel, settings, by=by)
                for name, parcel in part
            }

        given = Given(command_id, "ship", ())
        return self._each(SellerId(seller_id), given, items, work, str)

    def short_ship_rest(
        self, seller_id: str, order_id: str, *, by: Actor, command_id: str = ""
    ) -> str:
        """
        Refund what is left of a partly shipped order, and send no more of it. Its
        freight comes back too where everything that was sent is refunded. What its shop
        does not want any more holds it no longer.

        Returns:
            The order's state.

        Raises:
            CommandRefusedError: If nothing has left yet, or nothing is left.
        """

        def work(unit: SellerUnit) -> str:
            records = lock_records(unit, [order_id])
            order = unit.orders.one(order_id)
            short = order.short_ship_rest(by=by, at=unit.now)
            settle_unsent(unit, order, short, Reason("short", by))
            follow_refund(unit, order, records, by=by)
            return order.state

        return self._once(
            SellerId(seller_id),
            Given(command_id, "short_ship_rest", order_id),
            work,
            str,
        )


def require_named_once(names: Sequence[str]) -> None:
    """
    Accept parcels of which no two have one carrier and tracking number: a number that a
    sheet repeats is more often copied by mistake than one box of several orders.

    Args:
        names: Each parcel's `carrier/tracking number`.

    Raises:
        InvalidInputError: If two have the same; it names those.
    """
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise InvalidInputError(
            field="parcels",
            value=", ".join(repeated),
            expected="one parcel per carrier and tracking number",
        )


def send_parcel(
    unit: SellerUnit,
    bindings: Bindings,
    new: NewParcel,
    settings: Settings,
    *,
    by: Actor,
) -> ParcelId:
    """
    Send one parcel within a unit, and owe its tracking to the shop.

    Args:
        bindings: Of its order, and of those whose parcels leave with it.

    Raises:
        CommandRefusedError: If the order cannot leave now, more than is left is named,
            or its units are in several warehouses and nobody says which.

        NotFoundError: If there is no such warehouse.
    """
    require_tracking(new.carrier, new.tracking_number)
    order = unit.orders.one(new.order_id)
    wanted = None
    if new.quantities is not None:
        wanted = {ItemId(name): units for name, units in new.quantities.items()}
    sent = leaving(
        unit, bindings, order, wanted, new.leaves_from, by=by, origin=settings.origin
    )
    quantities = sent.quantities
    parcel_id = ParcelId(new_id())
    store_units = _complete_units(order, quantities)
    order.ship(
        parcel_id,
        quantities,
        by=by,
        at=unit.now,
        deliver_by=unit.now + settings.deliver_after,
        stall_by=unit.now + settings.stalled_after,
    )
    for allocation, units in sent.taken:
        unit.stock.ship(allocation, units)
    bindings.take(sent)
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
