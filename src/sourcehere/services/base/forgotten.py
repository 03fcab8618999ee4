"""
Of which orders and webhooks nobody keeps what is said any more, since their buyers were
forgotten.
"""

from collections.abc import Collection, Iterable
from typing import Any

from ...domain.effects.inbox import InboxEvent
from ...domain.effects.model import OutboxMessage
from ...domain.kernel.ids import OrderId
from ...domain.orders.machine import ENDED_STATES
from ...domain.orders.order import Order
from ...ports.storage import Key
from ...unit.base import Unit
from ...unit.records import Records
from ...unit.seller_unit import SellerUnit
from ...unit.tables.contacts import CONTACT_VERSIONS, CONTACTS
from ...unit.tables.disputes import DISPUTES
from ...unit.tables.effects import OUTBOX
from ...unit.tables.orders import ORDERS
from ...unit.tables.pairing import HELP_REQUESTS
from ...unit.tables.quotes import QUOTE_REQUESTS
from ...unit.tables.stores import STORE_ORDERS


def forgotten_among(unit: Unit, messages: Iterable[OutboxMessage]) -> frozenset[Key]:
    """
    Return the keys of those *messages* that are about orders whose buyers were
    forgotten, or about what belongs to such an order.

    The messages are locked first: whoever forgets a buyer has locked them too, so that
    one of the two sees what the other did.
    """
    # A conversation's stream is called by what it is about, behind a point.
    about: dict[Key, Key] = {
        OUTBOX.key_of(one): (one.seller_id, one.lane.rpartition(".")[2])
        for one in messages
    }
    if not about:
        return frozenset()
    unit.session.get(OUTBOX.table, sorted(about), lock=True)
    owners = _orders_of(unit, frozenset(about.values()))
    orders = unit.many(ORDERS, sorted(set(owners.values())))
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
    return frozenset(
        key for key, subject in about.items() if to_whom.get(owners[subject]) in gone
    )


def _orders_of(unit: Unit, subjects: Collection[Key]) -> dict[Key, Key]:
    """
    Return the order that each of *subjects* is, or belongs to.
    """
    names = sorted(subjects)
    owners: dict[Key, Key] = {name: name for name in names}
    kinds: tuple[Records[Any], ...] = (DISPUTES, QUOTE_REQUESTS, HELP_REQUESTS)
    for records in kinds:
        for one in unit.many(records, names):
            owners[records.key_of(one)] = (one.seller_id, one.order_id)
    return owners


def is_of_forgotten(unit: SellerUnit, event: InboxEvent) -> bool:
    """
    Tell whether a webhook names an order whose buyer was forgotten.
    """
    return bool(named_forgotten(unit, event.store_id, event.orders))


def named_forgotten(
    unit: SellerUnit, store_id: str, names: Iterable[str]
) -> frozenset[str]:
    """
    Return those of *names*, as a shop calls its orders, whose buyers were forgotten.
    """
    records = unit.peek(STORE_ORDERS, [(store_id, name) for name in names])
    contacts = {(one.contact_id,) for one in records}
    versions = unit.find(CONTACT_VERSIONS, sorted(contacts))
    gone = {one.contact_id for one in versions if one.erased_at is not None}
    return frozenset(one.external_id for one in records if one.contact_id in gone)


def of_forgotten(unit: SellerUnit, orders: Iterable[Order]) -> frozenset[OrderId]:
    """
    Return those of *orders* whose buyer was forgotten: they all are over.
    """
    over = [one for one in orders if one.state in ENDED_STATES and one.contact_id]
    named = {(one.contact_id, one.contact_version): one for one in over}
    versions = unit.peek(CONTACTS, sorted(named))
    gone = {(v.contact_id, v.version) for v in versions if v.erased_at is not None}
    return frozenset(
        one.order_id for one in over if (one.contact_id, one.contact_version) in gone
    )
