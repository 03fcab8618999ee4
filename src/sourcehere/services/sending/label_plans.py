"""
What is to be bought, kept before anybody is asked; and how it is put to the carrier.
"""

from collections.abc import Mapping

from ...domain.effects.labels import Label, LabelItem
from ...domain.effects.machine import PLANNED
from ...domain.freight.codes import MethodKey
from ...domain.kernel.actor import Actor
from ...domain.kernel.address import Address
from ...domain.kernel.ids import ItemId, LabelId, new_id
from ...domain.kernel.values import frozen
from ...domain.orders.order import Order
from ...ports.labels import LabelRequest
from ...unit.seller_unit import SellerUnit
from ...unit.tables.catalog import VARIANTS
from ...unit.tables.contacts import CONTACTS
from ...unit.tables.shipments import LABELS
from ...unit.tables.warehouse import LOTS, WAREHOUSES
from ..base.consignments import freight_request
from ..base.settings import Settings
from .leaving import Bindings, Leaving, ask_for_bound, leaving


@frozen(kw_only=True)
class NewLabel:
    """
    A label as staff want it.

    Attributes:
        quantities: Item -> units in the parcel; None for everything that is left, or is
            left to leave from there.

        leaves_from: The cloud warehouse that it leaves from, as `NewParcel` has it.
    """

    order_id: str
    method: str
    quantities: Mapping[str, int] | None = None
    leaves_from: str | None = None


def plan_label(
    unit: SellerUnit, new: NewLabel, key: MethodKey, settings: Settings, *, by: Actor
) -> Label:
    """
    Keep what is to be bought, and bind its units; the carrier is asked afterwards, for
    as long as `Settings.lease` by nobody else.

    Raises:
        CommandRefusedError: If the order cannot leave now, more than is left is named,
            or a label is being bought for the units already.

        NotFoundError: If there is no such order or warehouse.
    """
    order = unit.orders.one(new.order_id)
    wanted = None
    if new.quantities is not None:
        wanted = {ItemId(name): units for name, units in new.quantities.items()}
    sent = leaving(
        unit,
        Bindings(ask_for_bound(unit, [order.order_id])),
        order,
        wanted,
        new.leaves_from,
        by=by,
        origin=settings.origin,
    )
    label_id = LabelId(new_id())
    order.open_label(label_id, sent.quantities, by=by, at=unit.now)
    label = Label(
        seller_id=unit.seller_id,
        label_id=label_id,
        order_id=order.order_id,
        connection=key[0],
        method=key[1],
        contact_id=order.contact_id,
        contact_version=order.contact_version,
        leaves_from=new.leaves_from,
        origin=_origin(unit, new, sent, settings),
        items=tuple(LabelItem(n, q) for n, q in sent.quantities.items()),
        weight_grams=_weight(unit, order, sent.quantities),
        key=label_id,
        state=PLANNED,
        sends=0,
        epoch=0,
        next_at=unit.now,
        bought_by=by.id,
        planned_at=unit.now,
        changed_at=unit.now,
        traceparent=unit.traceparent,
    ).asked(now=unit.now, within=settings.lease)
    unit.insert(LABELS, label)
    return label


def request_of(unit: SellerUnit, label: Label) -> LabelRequest:
    """
    Return what the carrier is asked for, from what was kept.

    Raises:
        NotFoundError: If the address or a variant is gone.
    """
    order = unit.orders.one(label.order_id, lock=False)
    address: Address = unit.need(
        CONTACTS, label.contact_id, label.contact_version
    ).address
    parts = [
        (
            item.item_id,
            unit.need(VARIANTS, order.items[ItemId(item.item_id)].variant_id),
            item.quantity,
        )
        for item in label.items
    ]
    return LabelRequest(
        method=label.method,
        number=order.number,
        to=address,
        consignment=freight_request(order, parts, address, origin=label.origin),
    )


def _origin(unit: SellerUnit, new: NewLabel, sent: Leaving, settings: Settings) -> str:
    place = new.leaves_from or ""
    if new.leaves_from is None and sent.taken:
        (lot,) = unit.peek(LOTS, [(sent.taken[0][0].lot_id,)])
        place = lot.warehouse_id
    return unit.need(WAREHOUSES, place).country if place else settings.origin


def _weight(unit: SellerUnit, order: Order, quantities: Mapping[ItemId, int]) -> int:
    return sum(
        unit.need(VARIANTS, order.items[name].variant_id).weight_grams * units
        for name, units in quantities.items()
    )
