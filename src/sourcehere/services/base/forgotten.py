"""
Of which orders and webhooks nobody keeps what is said any more, since their buyers were
forgotten.
"""

from collections.abc import Iterable

from ...domain.effects.inbox import InboxEvent
from ...domain.effects.model import OutboxMessage
from ...domain.orders.machine import ENDED_STATES
from ...ports.storage import Key
from ...unit.base import Unit
from ...unit.seller_unit import SellerUnit
from ...unit.tables.contacts import CONTACT_VERSIONS, CONTACTS
from ...unit.tables.effects import OUTBOX
from ...unit.tables.orders import ORDERS
from ...unit.tables.stores import STORE_ORDERS


def forgotten_among(unit: Unit, messages: Iterable[OutboxMessage]) -> frozenset[Key]:
    """
    Return the keys of those *messages* of orders whose buyers were forgotten.

    The messages are locked first: whoever forgets a buyer has locked them too, so that
    one of the two sees what the other did.
    """
    lanes: dict[Key, Key] = {
        OUTBOX.key_of(one): (one.seller_id, one.lane) for one in messages
    }
    if not lanes:
        return frozenset()
    unit.session.get(OUTBOX.table, sorted(lanes), lock=True)
    orders = unit.many(ORDERS, sorted(set(lanes.values())))
    to_whom: dict[Key, Key] = {
        (one.seller_id, one.order_id): (
            one.seller_id,
            one.contact_id,
            one.contact_version,
        )
        for one in orders
        if one.state in ENDED_STATES and one.contact_id
    }
    versions = unit.many(CONTACTS, sorted(set(to_whom.values())))
    gone = {CONTACTS.key_of(one) for one in versions if one.erased_at is not None}
    return frozenset(key for key, lane in lanes.items() if to_whom.get(lane) in gone)


def is_of_forgotten(unit: SellerUnit, event: InboxEvent) -> bool:
    """
    Tell whether a webhook names an order whose buyer was forgotten.
    """
    names = [(event.store_id, name) for name in event.orders]
    contacts = {one.contact_id for one in unit.many(STORE_ORDERS, names)}
    versions = unit.find(CONTACT_VERSIONS, [(name,) for name in sorted(contacts)])
    return any(one.erased_at is not None for one in versions)
