"""
Orders as readers see them: plain facts that nobody can change.

A list shows an `OrderHeader`; who asks for one order gets an `OrderView`. The `Order`
itself, which takes commands, lives inside a unit of work only.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..kernel.clock import NEVER
from ..kernel.ids import (
    CheckoutId,
    ConnectionId,
    ContactId,
    ItemId,
    OrderId,
    SellerId,
    StoreId,
    VariantId,
)
from ..kernel.money import Money
from ..kernel.values import frozen
from .holds import HoldView
from .holds_advice import shown_hold
from .lines import Item, Line
from .marks import DisputeMark, ParcelMark
from .model import OrderData
from .tabs import LABELS, Tab


@frozen(kw_only=True)
class OrderHeader:
    """
    An order in a list or a queue: everything but its lines, parcels and disputes.

    Attributes:
        state: What the chart stores, such as `awaiting_payment`.

        status: What a person sees: the state's label, or Abnormal while it is held.

        tab: Where the list shows it, beside ALL.

        in_refunds: Whether the Refunds tab shows it too.

        number: What people call it.

        external_id, part: The shop's key, and which part of the shop's order this is.

        origin_order_id: Of a reship: the order whose units it sends again, free of
            charge; empty for any other.

        units: Store units of all lines.

        due: What it costs in all: goods, freight and handling, as paid.

        placed_at: When it was placed: in its shop, or here, where a draft counts from
            when it was made; paid_at: when it was paid, None until then.

        cancel_reason: Why it is cancelled, such as `expired` or `rejected`; empty
            where it is not. cancel_detail: what was typed to say why.

        pay_by: When it expires unpaid; deliver_by: when it counts as delivered.

        promised_by: Until when the platform promised to send it, or to have it counted
            in a cloud warehouse; None where it promised nothing or has nothing to do.

        deadline, deadline_name: What happens next by itself, and when; empty and never
            where nothing does.
    """

    seller_id: SellerId
    order_id: OrderId
    kind: str
    state: str
    status: str
    tab: Tab
    in_refunds: bool
    version: int
    number: str
    store_id: StoreId
    external_id: str
    part: int
    country: str
    warehouse: str
    draws_on_stock: bool
    origin_order_id: OrderId
    method: str
    currency: str
    goods: Money
    freight: Money
    handling: Money
    due: Money
    captured: Money
    refunded: Money
    freight_refunded: Money
    checkout_id: CheckoutId
    contact_id: ContactId
    contact_version: int
    cancel_reason: str
    cancel_detail: str
    created_at: datetime
    placed_at: datetime
    paid_at: datetime | None
    entered_at: datetime
    pay_by: datetime | None
    deliver_by: datetime | None
    promised_by: datetime | None
    deadline: datetime
    deadline_name: str
    accepted_at: datetime | None
    holds: tuple[HoldView, ...]
    units: int

    @property
    def is_abnormal(self) -> bool:
        """
        Whether an open hold blocks something.
        """
        return self.tab == Tab.ABNORMAL


@frozen(kw_only=True)
class ItemView:
    """
    Platform units of one variant that a line needs, and what became of them.

    Attributes:
        unit_price: Of a unit sourced directly; zero until the order is paid.

        quantity_returned: Units that left, came back, and are the seller's stock again.

        quantity_left: Units still to be sent.

        quantity_outstanding: Of a cloud-warehouse order: units no receipt has settled.
    """

    item_id: ItemId
    line: int
    variant_id: VariantId
    quantity: int
    unit_price: Money
    refunded: Money
    quantity_from_lots: int
    quantity_shipped: int
    quantity_cancelled: int
    quantity_refunded: int
    quantity_returned: int
    quantity_good: int
    quantity_damaged: int
    quantity_missing: int
    quantity_written_off: int
    quantity_left: int
    quantity_outstanding: int


@frozen(kw_only=True)
class LineView:
    """
    One line of an order: store units, and the items that supply them.

    Attributes:
        sold_price: What the shop's customer paid for a unit; None where nobody said.

        items: Empty while the line is not paired.

        is_set_apart: Whether it waits for a SKU connection: what its connection paired
            was taken away for this order alone.

        external_variant_id, external_product_id: The shop's own ids of what was bought;
            empty where it has none.
    """

    line: int
    external_line_id: str
    sku: str
    title: str
    quantity: int
    sold_price: Money | None
    connection_id: ConnectionId
    connection_version: int
    is_paired: bool
    is_set_apart: bool
    external_variant_id: str
    external_product_id: str
    items: tuple[ItemView, ...]


@frozen(kw_only=True)
class OrderView(OrderHeader):
    """
    One order with its lines, and the parcels and open disputes it knows of.
    """

    lines: tuple[LineView, ...]
    parcels: tuple[ParcelMark, ...]
    disputes: tuple[DisputeMark, ...]

    @property
    def items(self) -> Mapping[ItemId, ItemView]:
        """
        Every item of every line, by its id.
        """
        return {item.item_id: item for line in self.lines for item in line.items}


def header_of(order: OrderData, units: int) -> OrderHeader:
    """
    Return what a list shows of *order*, which may have been read without its lines.

    Args:
        units: The store units of its lines.
    """
    return OrderHeader(**_facts(order), units=units)


def view_of(order: OrderData) -> OrderView:
    """
    Return everything a reader may know of *order*.
    """
    items: dict[int, list[Item]] = {}
    for item in order.items.values():
        items.setdefault(item.line, []).append(item)
    return OrderView(
        **_facts(order),
        units=sum(line.quantity for line in order.lines),
        lines=tuple(
            _line(order, line, items.get(line.line, [])) for line in order.lines
        ),
        parcels=order.parcels,
        disputes=order.disputes,
    )


def status_of(order: OrderData) -> str:
    """
    Return what a person sees as the order's status.
    """
    return LABELS[Tab.ABNORMAL if order.is_abnormal else order.state]


def _facts(order: OrderData) -> dict[str, Any]:
    money = order.money
    return {
        "seller_id": order.seller_id,
        "order_id": order.order_id,
        "kind": order.kind,
        "state": order.state,
        "status": status_of(order),
        "tab": Tab(order.tab),
        "in_refunds": order.in_refunds,
        "version": order.version,
        "number": order.number,
        "store_id": order.store_id,
        "external_id": order.external_id,
        "part": order.part,
        "country": order.country,
        "warehouse": order.warehouse,
        "draws_on_stock": order.draws_on_stock,
        "origin_order_id": order.origin_order_id,
        "method": order.method,
        "currency": order.currency,
        "goods": money(order.goods_minor),
        "freight": money(order.freight_minor),
        "handling": money(order.handling_minor),
        "due": money(order.due_minor),
        "captured": money(order.captured_minor),
        "refunded": money(order.refunded_minor),
        "freight_refunded": money(order.freight_refunded_minor),
        "checkout_id": order.checkout_id,
        "contact_id": order.contact_id,
        "contact_version": order.contact_version,
        "cancel_reason": order.cancel_reason,
        "cancel_detail": "",
        "created_at": order.created_at,
        "placed_at": order.placed_at,
        "paid_at": None if order.paid_at == NEVER else order.paid_at,
        "entered_at": order.entered_at,
        "pay_by": order.pay_by,
        "deliver_by": order.deliver_by,
        "promised_by": None if order.promised_by == NEVER else order.promised_by,
        "deadline": order.deadline,
        "deadline_name": order.deadline_name,
        "accepted_at": order.accepted_at,
        "holds": tuple(shown_hold(order, hold) for hold in order.holds),
    }


def _line(order: OrderData, line: Line, items: list[Item]) -> LineView:
    sold = Money(line.sold_minor, line.sold_currency) if line.sold_currency else None
    return LineView(
        line=line.line,
        external_line_id=line.external_line_id,
        sku=line.sku,
        title=line.title,
        quantity=line.quantity,
        sold_price=sold,
        connection_id=line.connection_id,
        connection_version=line.connection_version,
        is_paired=line.is_paired,
        is_set_apart=line.is_set_apart,
        external_variant_id=line.external_variant_id,
        external_product_id=line.external_product_id,
        items=tuple(_item(order, item) for item in items),
    )


def _item(order: OrderData, item: Item) -> ItemView:
    return ItemView(
        item_id=item.item_id,
        line=item.line,
        variant_id=item.variant_id,
        quantity=item.quantity,
        unit_price=order.money(item.unit_minor),
        refunded=order.money(item.refunded_minor),
        quantity_from_lots=item.quantity_from_lots,
        quantity_shipped=item.quantity_shipped,
        quantity_cancelled=item.quantity_cancelled,
        quantity_refunded=item.quantity_refunded,
        quantity_returned=item.quantity_returned,
        quantity_good=item.quantity_good,
        quantity_damaged=item.quantity_damaged,
        quantity_missing=item.quantity_missing,
        quantity_written_off=item.quantity_written_off,
        quantity_left=item.quantity_left,
        quantity_outstanding=item.quantity_outstanding,
    )
