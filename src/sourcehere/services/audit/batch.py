"""
Orders with all that belongs to them, some at a time.

What belongs to them are plain tuples, in the order of the fields of the named ones
below: there are many, and Python's collector of garbage looks at a named tuple again
and again, at a plain one once. The columns by which rows are found and sorted are among
them, for these are read anyway.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import attrs

from ...domain.effects.model import Channel
from ...ports.storage import Key
from ...unit.records import Records
from ...unit.tables.effects import ATTEMPTS_OF, OUTBOX_LANE, SENDS_OF
from ...unit.tables.orders import BUYER_WORDS, ITEMS, LINES, ORDERS
from ...unit.tables.shipments import PARCELS_OF, TRACKING_OF
from ...unit.tables.stores import STORE_ORDERS
from ...unit.tables.wallet import PLANS_OF
from ...unit.tables.warehouse import ALLOCATIONS
from ..base.batches import batches
from .joining import Beside, Grouped
from .rows import by_first, each_plain, each_row, found_under, got, plain_under
from .scope import Scope

# Each has some twenty rows. So many stay near the processor, and are gone before
# Python's collector of garbage has looked at them twice.
_TOGETHER = 128


class OrderRow(NamedTuple):
    """
    What is looked at of an order.
    """

    order_id: str
    kind: str
    state: str
    version: int
    store_id: str
    external_id: str
    part: int
    currency: str
    contact_id: str
    contact_version: int
    warehouse: str
    origin_order_id: str
    method: str
    checkout_id: str
    goods_minor: int
    freight_minor: int
    handling_minor: int
    captured_minor: int
    refunded_minor: int
    freight_refunded_minor: int
    parcels: str
    tab: str
    in_refunds: int
    cancel_reason: str
    holds: str
    promised_by: int
    units_refunded: int
    disputes: str
    labels: str
    queue: str
    waits_for: str
    deadline: int
    deadline_name: str


class LineRow(NamedTuple):
    """
    What is looked at of a line.
    """

    order_id: str
    line: int
    external_line_id: str
    sku: str
    quantity: int
    is_paired: int
    is_set_apart: int
    external_variant_id: str
    external_product_id: str
    sku_key: str
    is_waiting: int
    seller_id: str


class ItemRow(NamedTuple):
    """
    What is looked at of an item.
    """

    order_id: str
    item_id: str
    line: int
    variant_id: str
    quantity: int
    unit_minor: int
    quantity_from_lots: int
    quantity_shipped: int
    quantity_cancelled: int
    quantity_refunded: int
    quantity_returned: int
    seller_id: str


class WordRow(NamedTuple):
    """
    One word by which the buyer of an order is found.
    """

    order_id: str
    word: str
    seller_id: str


class ParcelRow(NamedTuple):
    """
    What is looked at of a parcel.
    """

    order_id: str
    parcel_id: str
    carrier: str
    tracking_number: str
    revision: int
    status: str
    replaced_by: str
    items: str
    delivered_at: int | None
    seller_id: str
    incident: str
    store_units: str


class TrackingRow(NamedTuple):
    """
    What is looked at of a tracking event.
    """

    parcel_id: str
    status: str
    happened_at: int
    carrier: str
    tracking_number: str
    seller_id: str
    key: str
    incident: str


class AllocationRow(NamedTuple):
    """
    What is looked at of an allocation.
    """

    order_id: str
    item_id: str
    lot_id: str
    quantity: int
    quantity_shipped: int
    quantity_released: int
    quantity_refunded: int
    quantity_returned: int
    seller_id: str

    @property
    def quantity_bound(self) -> int:
        """
        Units still waiting to be shipped.
        """
        return self.quantity - self.quantity_shipped - self.quantity_released


class RecordRow(NamedTuple):
    """
    What is looked at of what a shop told of an order.
    """

    store_id: str
    external_id: str
    cancelled: int
    contact_id: str
    parts: str
    replaced: str
    lines: str
    differences: str


class PlanRow(NamedTuple):
    """
    What is looked at of an order of a checkout.
    """

    checkout_id: str
    order_id: str
    goods_minor: int
    freight_minor: int
    handling_minor: int
    method: str
    items: str
    picks: str
    contents: str


class MessageRow(NamedTuple):
    """
    What is looked at of a message.
    """

    lane: str
    message_id: str
    connection: str
    position: int
    subject: str
    key: str
    payload: str
    state: str
    epoch: int
    error: str
    seller_id: str
    channel: str


class AttemptRow(NamedTuple):
    """
    What is looked at of an attempt.
    """

    message_id: str
    number: int
    key: str
    state: str
    sends: int
    changed_at: int
    seller_id: str
    lines: str


class SendRow(NamedTuple):
    """
    What is looked at of a call.
    """

    message_id: str
    number: int
    send: int
    key: str
    sent_at: int
    state: str
    seller_id: str


Plans = dict[tuple[str, str], PlanRow]


@attrs.frozen(kw_only=True)
class OrderBatch:
    """
    Some orders, and what belongs to them: order -> rows, unless said otherwise.

    Attributes:
        lines, items, words: Rows of `LineRow`, `ItemRow` and `WordRow`.

        parcels, messages, allocations: Rows of `ParcelRow`, `MessageRow` and
            `AllocationRow`.

        records: (store, the shop's id) -> what the shop told.

        plans: (checkout, order) -> what was offered.

        tracking: Parcel -> rows of `TrackingRow`.

        attempts, sends: Message -> rows of `AttemptRow` and `SendRow`.
    """

    orders: Sequence[OrderRow]
    lines: Grouped
    items: Grouped
    words: Grouped
    parcels: Grouped
    tracking: Grouped
    allocations: Grouped
    records: dict[tuple[str, str], RecordRow]
    plans: Plans
    messages: Grouped
    attempts: Grouped
    sends: Grouped

    def one_by_one(self) -> "Iterator[OrderBatch]":
        """
        Split the batch into its orders.
        """
        return (attrs.evolve(self, orders=[order]) for order in self.orders)


def order_batches(scope: Scope) -> Iterator[OrderBatch]:
    """
    Read a seller's orders, by their ids.
    """
    plans: Plans = {}
    beside = _Beside(scope)
    rows = each_row(scope.unit, ORDERS, scope.seller_id, OrderRow)
    for orders in batches(rows, size=_TOGETHER):
        plans = _plans(scope, orders, plans)
        yield _batch(scope, orders, plans, beside)


class _Beside:
    """
    The tables whose keys begin with the order: read from end to end, once.
    """

    def __init__(self, scope: Scope) -> None:
        def rows(records: Records[Any], shape: type[Any]) -> Beside:
            fields = shape._fields
            return Beside(each_plain(scope.unit, records, scope.seller_id, fields))

        self.lines = rows(LINES, LineRow)
        self.items = rows(ITEMS, ItemRow)
        self.words = rows(BUYER_WORDS, WordRow)
        self.allocations = rows(ALLOCATIONS, AllocationRow)


def _plans(scope: Scope, orders: Sequence[OrderRow], before: Plans) -> Plans:
    """
    Read the plans of the checkouts that paid *orders*; a checkout of many orders pays
    the next ones too, and is not read again.
    """
    paid_by = {order.checkout_id for order in orders if order.checkout_id}
    plans = {place: plan for place, plan in before.items() if place[0] in paid_by}
    unread = sorted(paid_by.difference(name for name, _ in plans))
    keys: list[Key] = [(scope.seller_id, name) for name in unread]
    for plan in found_under(scope.unit, PLANS_OF, keys, PlanRow):
        plans[plan.checkout_id, plan.order_id] = plan
    return plans


def _batch(
    scope: Scope, orders: Sequence[OrderRow], plans: Plans, beside: _Beside
) -> OrderBatch:
    unit, seller_id = scope.unit, scope.seller_id
    names = [order.order_id for order in orders]
    keys: list[Key] = [(seller_id, name) for name in names]
    shops = sorted({(seller_id, o.store_id, o.external_id) for o in orders})
    records = got(unit, STORE_ORDERS, shops, RecordRow)
    parcels = plain_under(unit, PARCELS_OF, keys, ParcelRow._fields)
    boxes: list[Key] = [(seller_id, parcel[1]) for parcel in parcels]
    tracking = plain_under(unit, TRACKING_OF, boxes, TrackingRow._fields)
    lanes: list[Key] = [(seller_id, Channel.STORE.value, name) for name in names]
    messages = plain_under(unit, OUTBOX_LANE, lanes, MessageRow._fields)
    told: list[Key] = [(seller_id, message[1]) for message in messages]
    attempts = plain_under(unit, ATTEMPTS_OF, told, AttemptRow._fields)
    sends = plain_under(unit, SENDS_OF, told, SendRow._fields)
    batch = OrderBatch(
        orders=orders,
        lines=beside.lines.take(names),
        items=beside.items.take(names),
        words=beside.words.take(names),
        allocations=beside.allocations.take(names),
        parcels=by_first(parcels),
        tracking=by_first(tracking),
        records={(record.store_id, record.external_id): record for record in records},
        plans=plans,
        messages=by_first(messages),
        attempts=by_first(attempts),
        sends=by_first(sends),
    )
    for name, groups in (
        ("order_line", batch.lines),
        ("order_item", batch.items),
        ("order_buyer", batch.words),
        ("allocation", batch.allocations),
    ):
        scope.saw(name, sum(map(len, groups.values())))
    for name, rows in (
        ("parcel", parcels),
        ("tracking_event", tracking),
        ("outbox_message", messages),
        ("attempt", attempts),
        ("send", sends),
    ):
        scope.saw(name, len(rows))
    return batch
