"""
Taking over what a shop wants more of an order that is paid here.
"""

from collections.abc import Sequence
from datetime import timedelta

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import Blocker, CommandRefusedError
from ...domain.kernel.ids import HoldId
from ...domain.orders.order import Order
from ...domain.stores.demand import Difference
from ...domain.stores.record import StoreOrderRecord
from ...unit.seller_unit import SellerUnit
from ...unit.tables.contacts import CONTACT_VERSIONS
from ...unit.tables.stores import STORE_ORDERS, STORES
from ..pairing.lookup import connected_skus
from .writing import NewPart, OrderWriter, WantedLine


def take_over_additions(
    unit: SellerUnit,
    order: Order,
    record: StoreOrderRecord,
    *,
    by: Actor,
    pay_within: timedelta,
) -> Order:
    """
    Make the units that the shop added the next part of its order, to be paid by itself.

    The hold is released, unless the shop also wants fewer units of something, or
    another variant: that stays for staff to refund or to send all the same.

    Raises:
        CommandRefusedError: If the shop changed nothing, or added nothing.
    """
    order.take_over(by=by)
    added = [one for one in record.differences if one.units > 0]
    is_ours = any(hold.hold_id == record.hold_id for hold in order.holds)
    if not added or not is_ours:
        raise CommandRefusedError(
            kind="order",
            id=order.order_id,
            command="take_over",
            blockers=[Blocker("nothing_added", "the shop added no units to it")],
        )
    part = _write(unit, order, record, added, pay_within=pay_within)
    left = tuple(
        attrs.evolve(one, units=min(one.units, 0))
        for one in record.differences
        if one.units < 0 or one.other_variant
    )
    if not left:
        order.release_hold_of_store(record.hold_id, by=by, at=unit.now)
    unit.put(
        STORE_ORDERS,
        attrs.evolve(
            record,
            parts=(*record.parts, part.order_id),
            differences=left,
            hold_id=record.hold_id if left else HoldId(""),
        ),
    )
    return part


def _write(
    unit: SellerUnit,
    order: Order,
    record: StoreOrderRecord,
    added: Sequence[Difference],
    *,
    pay_within: timedelta,
) -> Order:
    store = unit.need(STORES, record.store_id)
    wanted = [
        WantedLine(
            one.external_line_id,
            one.sku,
            one.title,
            one.units,
            one.sold_minor,
            one.sold_currency,
            one.external_variant_id,
            one.external_product_id,
        )
        for one in added
    ]
    connected = connected_skus(
        unit, ((store.store_id, key) for line in wanted for key in line.keys)
    )
    newest = unit.find(CONTACT_VERSIONS, [(record.contact_id,)])[-1]
    return OrderWriter(unit, store, connected, pay_within=pay_within).write(
        NewPart(
            external_id=record.external_id,
            number=order.number,
            part=len(record.parts) + 1,
            placed_at=order.placed_at,
            contact_id=record.contact_id,
            contact_version=newest.version,
            country=newest.address.country,
            is_paid=record.paid_at_store,
        ),
        wanted,
    )
