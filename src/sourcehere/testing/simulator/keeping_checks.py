"""
What must be so of orders that sellers wrote, and of buyers whom they had forgotten.
"""

from collections.abc import Iterator

from ...domain.kernel.ids import OrderId
from ...unit.tables.contacts import CONTACTS
from ...unit.tables.orders import LINES, ORDERS
from ...unit.tables.shipments import LABELS
from ..rows import dump
from .world import World


def check_drafts(world: World) -> Iterator[str]:
    """
    What sellers wrote is there, as they wrote it: placed or cancelled, if they were
    told so.
    """
    rows = dump(world.storage, [ORDERS.table, LINES.table])
    orders = {o.order_id: o for o in map(ORDERS.from_row, rows[ORDERS.table.name])}
    units: dict[str, int] = {}
    for row in rows[LINES.table.name]:
        order_id = str(row[1])
        units[order_id] = units.get(order_id, 0) + LINES.from_row(row).quantity
    truth = world.truth
    for draft in truth.drafts.values():
        order = orders.get(OrderId(draft.order_id))
        if order is None or units.get(draft.order_id) != draft.units:
            found = units.get(draft.order_id)
            yield f"order {draft.order_id} was drafted with {draft.units}: {found}"
            continue
        is_over = (draft.seller, draft.order_id) in truth.given_up
        if is_over and order.state != "cancelled":
            yield f"order {draft.order_id} was cancelled, and is {order.state}"
        if draft.is_placed and order.state == "draft":
            yield f"order {draft.order_id} was placed, and is a draft"


def check_erased(world: World) -> Iterator[str]:
    """
    Nothing is kept of a buyer who was forgotten: no address, and no file of a label.
    """
    rows = dump(world.storage, [ORDERS.table, CONTACTS.table, LABELS.table])
    erased = world.truth.erased
    forgotten: dict[str, str] = {}
    for order in map(ORDERS.from_row, rows[ORDERS.table.name]):
        if (order.seller_id, order.order_id) in erased:
            forgotten[order.contact_id] = order.order_id
    for version in map(CONTACTS.from_row, rows[CONTACTS.table.name]):
        if version.contact_id in forgotten and version.address.street:
            yield f"the buyer of {forgotten[version.contact_id]} is known again"
    for label in map(LABELS.from_row, rows[LABELS.table.name]):
        if (label.seller_id, label.order_id) in erased and label.reference:
            post = world.posts[label.connection]
            if label.reference not in post.forgotten:
                yield f"the file of {label.reference} is kept, whose buyer is not"
