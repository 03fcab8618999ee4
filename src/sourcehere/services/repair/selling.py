"""
Shops, connections, parcels and tabs: what follows from something else is written anew.
"""

import attrs

from ...domain.kernel.ids import StoreId, new_id
from ...domain.pairing.model import ConnectedSku
from ...domain.shipments.model import TrackingStatus
from ...unit.tables.disputes import DISPUTES
from ...unit.tables.orders import ORDERS, ORDERS_BY_EXTERNAL, TAB_DELTAS, TabDelta
from ...unit.tables.pairing import CONNECTED_SKUS, CONNECTIONS, CONNECTIONS_OF
from ...unit.tables.payments import PAYMENTS
from ...unit.tables.quotes import QUOTE_REQUESTS
from ...unit.tables.shipments import LABELS, PARCELS, TRACKING_OF
from ...unit.tables.stores import STORE_ORDERS, STORES
from ...unit.tables.talk import CONVERSATIONS
from ..audit.findings import Violation
from .draft import Draft

_FOLLOWING = {
    r.table.name: r
    for r in (
        ORDERS,
        STORES,
        QUOTE_REQUESTS,
        DISPUTES,
        CONVERSATIONS,
        LABELS,
        PAYMENTS,
    )
}


def recompute(draft: Draft, violation: Violation) -> None:
    """
    Work the columns out anew that follow from the rest of their row.
    """
    table, _, name = violation.subject.partition(" ")
    records = _FOLLOWING[table]
    row = draft.row(records, draft.seller_id, name)
    if row is not None:
        draft.put_row(records, records.recompute(row))


def follow_connection(draft: Draft, violation: Violation) -> None:
    """
    Let a SKU be paired as the only connection says that holds for it, or not at all.
    """
    store_id, _, sku_key = violation.subject.partition("/")
    pairing = [
        (connection, rule)
        for connection in draft.all_of(CONNECTIONS_OF, store_id)
        if connection.is_active
        for rule in connection.rules
        if rule.key == sku_key
    ]
    if len(pairing) > 1:
        return
    if not pairing:
        draft.remove(CONNECTED_SKUS, draft.seller_id, store_id, sku_key)
        return
    ((connection, rule),) = pairing
    draft.rely(CONNECTIONS, connection.connection_id)
    draft.put(
        CONNECTED_SKUS,
        ConnectedSku(
            seller_id=draft.seller_id,
            store_id=StoreId(store_id),
            sku_key=sku_key,
            connection_id=connection.connection_id,
            connection_version=connection.version,
            method=connection.method,
            methods=connection.methods,
            rule=rule,
        ),
    )


def name_parts(draft: Draft, violation: Violation) -> None:
    """
    Let the record of a shop's order name our orders of it, which are numbered.
    """
    facts = violation.facts
    store_id = str(facts.get("store", ""))
    record = draft.mine(STORE_ORDERS, store_id, violation.subject)
    if record is None:
        return
    count = int(str(facts.get("orders", 0)))
    orders = [
        order
        for part in range(1, count + 1)
        for order in draft.all_of(ORDERS_BY_EXTERNAL, store_id, violation.subject, part)
    ]
    if not orders or len(orders) != count:
        return
    for order in orders:
        draft.rely(ORDERS, order.order_id)
    names = tuple(order.order_id for order in orders)
    draft.put(STORE_ORDERS, attrs.evolve(record, parts=names))


def follow_marks(draft: Draft, violation: Violation) -> None:
    """
    Return parcels to the order that knows them, with what replaces them.
    """
    order = draft.mine(ORDERS, violation.subject)
    if order is None:
        return
    for mark in order.parcels:
        parcel = draft.mine(PARCELS, mark.parcel_id)
        if parcel is None:
            continue
        other = draft.mine(ORDERS, parcel.order_id)
        is_theirs = other is not None and mark.parcel_id in other.parcel_ids
        if parcel.order_id == order.order_id or not is_theirs:
            draft.rely(ORDERS, order.order_id)
            draft.change(
                PARCELS,
                (mark.parcel_id,),
                order_id=order.order_id,
                replaced_by=mark.replaced_by,
            )


def follow_tracking(draft: Draft, violation: Violation) -> None:
    """
    Put a parcel where its tracking leaves it; one that was delivered stays so, since
    then something was said that is gone.
    """
    parcel = draft.mine(PARCELS, violation.subject)
    computed = violation.facts["computed"]
    assert isinstance(computed, list)
    status, delivered_at, incident = computed
    if parcel is None or not draft.all_of(TRACKING_OF, parcel.parcel_id):
        return
    delivered = TrackingStatus.DELIVERED.value
    if parcel.status == delivered and status != delivered:
        return
    now = {"status": status, "delivered_at": delivered_at, "incident": incident}
    draft.change(PARCELS, (parcel.parcel_id,), **now)


def count_tab(draft: Draft, violation: Violation) -> None:
    """
    Add what a count of a tab lacks.
    """
    kind, store_id, tab = violation.subject.split("/")
    stored, computed = violation.facts["stored"], violation.facts["computed"]
    assert isinstance(stored, int)
    assert isinstance(computed, int)
    draft.put(
        TAB_DELTAS,
        TabDelta(
            seller_id=draft.seller_id,
            delta_id=new_id(),
            kind=kind,
            store_id=store_id,
            tab=tab,
            delta=computed - stored,
        ),
    )
