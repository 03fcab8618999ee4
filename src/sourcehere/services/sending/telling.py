"""
What is owed to the shop about a parcel, and what is not any more.
"""

import attrs

from ...domain.effects.machine import UNKNOWN, WAITING, MessageChart
from ...domain.effects.model import Channel, OutboxMessage
from ...domain.orders.kinds import KINDS
from ...domain.orders.order import Order
from ...domain.shipments.model import Parcel
from ...unit.messages import push_message
from ...unit.seller_unit import SellerUnit
from ...unit.tables.effects import ATTEMPTS_OF, OUTBOX, OUTBOX_LANE


def tell_store(unit: SellerUnit, order: Order, parcel: Parcel) -> None:
    """
    Queue a message that tells the shop a parcel's tracking; other kinds of order have
    no shop.
    """
    if not KINDS[order.kind].tells_shop:
        return
    message = push_message(
        unit.seller_id, order, parcel, now=unit.now, traceparent=unit.traceparent
    )
    unit.insert(OUTBOX, message)


def supersede(unit: SellerUnit, order: Order, parcel_id: str) -> None:
    """
    Drop the pushes of a parcel that wait: a newer one says all that they would.

    One that may have arrived is sent again under its key, at once: the newer one can
    take its place only under the shop's own name for it.
    """
    found: list[OutboxMessage] = [
        message
        for message in unit.find(
            OUTBOX_LANE, [(Channel.STORE.value, order.order_id)], lock=True
        )
        if message.subject == parcel_id
        and MessageChart.allows(message.state, "supersede")
    ]
    tried = [(m.message_id,) for m in found if m.state == WAITING and m.epoch]
    attempts = unit.find(ATTEMPTS_OF, tried, lock=True)
    unknown = {a.message_id for a in attempts if a.state == UNKNOWN}
    unit.put(
        OUTBOX,
        *(
            attrs.evolve(m, next_at=unit.now)
            if m.message_id in unknown
            else attrs.evolve(m, state=MessageChart.after(m.state, "supersede"))
            for m in found
        ),
    )
