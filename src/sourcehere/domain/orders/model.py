"""
What an order is: its facts, and what follows from them.
"""

from collections.abc import Mapping
from datetime import datetime

import attrs

from ..kernel.clock import NEVER
from ..kernel.events import Event
from ..kernel.ids import (
    CheckoutId,
    ContactId,
    ItemId,
    OrderId,
    SellerId,
    StoreId,
)
from ..kernel.money import Money
from .deadlines import next_deadline
from .desk_queues import SENDING_QUEUES, DeskQueue, late_as, queue_of, waits_for
from .holds import Hold, HoldReason
from .kinds import CHARTS
from .lines import Item, Line, units_of
from .machine import PAID_STATES
from .marks import DisputeMark, LabelMark, ParcelMark
from .tabs import TAB_OF_STATE, Tab

# Every row written asks for its tab, and a member's value is slow to ask for.
_ABNORMAL = Tab.ABNORMAL.value
_COUNTING = frozenset({DeskQueue.RECEIVE.value})
_TAB_NAMES = {state: tab.value for state, tab in TAB_OF_STATE.items()}


@attrs.define
class OrderData:
    """
    An order of any kind. It changes only by events; `version` counts them.

    Attributes:
        number: What people call it.

        external_id, part: The shop's key, and which part of the shop's order this is;
            an order not from a shop has its own id here.

        currency: The seller's settlement currency; every `_minor` is in it.

        contact_id: Where it goes; the address itself is with contacts.

        warehouse: Where a cloud-warehouse order goes.

        origin_order_id: Of a reship: the order whose units it sends again, free of
            charge. Each of its lines names an item of that order as its
            `external_line_id`.

        method: The shipping method chosen or paid.

        placed_at: When it was placed: in its shop, or here, where a draft counts from
            when it was made.

        paid_at: When it was paid; NEVER until then.

        entered_at: When it entered its state.

        pay_by: When it expires unpaid.

        deliver_by: When it counts as delivered if nobody says otherwise.

        promised_by: Until when the platform promised to send it, or to have it counted;
            NEVER where it promised nothing, or has nothing more to do.
    """

    seller_id: SellerId
    order_id: OrderId
    kind: str
    state: str = "new"
    version: int = 0
    store_id: StoreId = StoreId("")
    external_id: str = ""
    part: int = 1
    number: str = ""
    currency: str = ""
    contact_id: ContactId = ContactId("")
    contact_version: int = 1
    country: str = ""
    warehouse: str = ""
    draws_on_stock: bool = True
    origin_order_id: OrderId = OrderId("")
    method: str = ""
    checkout_id: CheckoutId = CheckoutId("")
    goods_minor: int = 0
    freight_minor: int = 0
    handling_minor: int = 0
    captured_minor: int = 0
    refunded_minor: int = 0
    freight_refunded_minor: int = 0
    units_refunded: int = 0
    cancel_reason: str = ""
    created_at: datetime = NEVER
    placed_at: datetime = NEVER
    paid_at: datetime = NEVER
    entered_at: datetime = NEVER
    pay_by: datetime | None = None
    deliver_by: datetime | None = None
    promised_by: datetime = NEVER
    accepted_at: datetime | None = None
    holds: tuple[Hold, ...] = ()
    parcels: tuple[ParcelMark, ...] = ()
    disputes: tuple[DisputeMark, ...] = ()
    labels: tuple[LabelMark, ...] = ()
    lines: list[Line] = attrs.field(factory=list)
    items: dict[ItemId, Item] = attrs.field(factory=dict)
    pending: list[Event] = attrs.field(factory=list, repr=False, eq=False)

    def after(self, event: str) -> str:
        """
        Return the state that chart event *event* leads to.

        Raises:
            TransitionRefusedError: If there is no such move.
        """
        return CHARTS[self.kind].after(self.state, event)

    def can(self, event: str) -> bool:
        """
        Tell whether the chart has *event* from this state.
        """
        return (self.state, event) in CHARTS[self.kind].table

    @property
    def is_abnormal(self) -> bool:
        """
        Whether an open hold blocks something.
        """
        return bool(self.holds) and any(hold.is_blocking for hold in self.holds)

    @property
    def tab(self) -> str:
        """
        The tab it is found in, beside ALL.
        """
        return _ABNORMAL if self.is_abnormal else _TAB_NAMES[self.state]

    @property
    def in_refunds(self) -> bool:
        """
        Whether it is in the Refunds tab too: something refunded, or a dispute open.
        """
        return bool(self.refunded_minor or self.units_refunded or self.disputes)

    @property
    def queue(self) -> str:
        """
        The staff's queue that it is in; empty for none.
        """
        return queue_of(self)

    @property
    def waits_for(self) -> str:
        """
        Whose turn it is while it is Abnormal; else empty.
        """
        return waits_for(self)

    @property
    def ship_by(self) -> datetime | None:
        """
        When it is late with leaving; None if nothing is promised, or it is not in a
        queue of what has to leave.
        """
        return self._promise_in(SENDING_QUEUES)

    @property
    def receive_by(self) -> datetime | None:
        """
        When it is late with being counted; None if nothing is promised, or no warehouse
        waits for it.
        """
        return self._promise_in(_COUNTING)

    def _promise_in(self, queues: frozenset[str]) -> datetime | None:
        if self.promised_by == NEVER or queue_of(self) not in queues:
            return None
        return self.promised_by

    @property
    def stall_by(self) -> datetime | None:
        """
        When the first of its parcels counts as stalled; None if none will.
        """
        awaited = [p.stall_by for p in self.parcels if p.stall_by and p.is_awaited]
        return min(awaited, default=None)

    @property
    def deadline(self) -> datetime:
        """
        When something happens by itself; NEVER where nothing will.
        """
        return next_deadline(self)[0]

    @property
    def deadline_name(self) -> str:
        """
        Which of the deadlines that is, by its name; empty where nothing will happen.
        """
        return next_deadline(self)[1]

    @property
    def is_reship(self) -> bool:
        """
        Whether it sends units of another order again, free of charge.
        """
        return bool(self.origin_order_id)

    @property
    def is_paid(self) -> bool:
        """
        Whether its state says that money was captured.
        """
        return self.state in PAID_STATES

    @property
    def due_minor(self) -> int:
        """
        What it costs in all, as paid.
        """
        return self.goods_minor + self.freight_minor + self.handling_minor

    def money(self, minor: int) -> Money:
        """
        Return *minor* units of the settlement currency.
        """
        return Money(minor, self.currency)

    @property
    def is_fully_paired(self) -> bool:
        """
        Whether every line has platform variants.
        """
        return all(line.is_paired for line in self.lines)

    @property
    def is_everything_sent(self) -> bool:
        """
        Whether no unit is left to send.
        """
        return all(item.quantity_left == 0 for item in self.items.values())

    def lacks(self, variant_id: str) -> bool:
        """
        Tell whether units of a variant have to be bought before everything has left.
        """
        return late_as(self) == HoldReason.SHIP_LATE and any(
            item.variant_id == variant_id and item.quantity_to_buy
            for item in self.items.values()
        )

    @property
    def parcel_ids(self) -> frozenset[str]:
        """
        The parcels that count.
        """
        return frozenset(p.parcel_id for p in self.parcels if not p.replaced_by)

    @property
    def is_every_parcel_delivered(self) -> bool:
        """
        Whether every parcel that counts was delivered; false without parcels.
        """
        live = [p for p in self.parcels if not p.replaced_by]
        return bool(live) and all(p.is_delivered for p in live)

    def quantity_disputed(self, item_id: str, *, unsent: bool | None = None) -> int:
        """
        Count the units of an item that open disputes are about.

        Args:
            unsent: Count only disputes about units that had not left, or that had.
        """
        return sum(
            item.quantity
            for dispute in self.disputes
            if unsent in (None, dispute.is_about_unsent)
            for item in dispute.items
            if item.item_id == item_id
        )

    def quantity_sent_disputed(self, item_id: ItemId) -> int:
        """
        Count the units of an item that have left and that open disputes are about,
        those among them that left in spite of one.
        """
        left = self.items[item_id].quantity_left
        in_spite = max(self.quantity_disputed(item_id, unsent=True) - left, 0)
        return self.quantity_disputed(item_id, unsent=False) + in_spite

    def quantity_in_labels(self, item_id: str) -> int:
        """
        Count the units of an item that labels are being bought for.
        """
        return sum(
            item.quantity
            for label in self.labels
            for item in label.items
            if item.item_id == item_id
        )

    def items_of(self, line: int) -> list[Item]:
        """
        List the items of *line*.
        """
        return [item for item in self.items.values() if item.line == line]

    def units_complete(self, line: Line, extra: Mapping[ItemId, int]) -> int:
        """
        Count the store units of *line* that are complete with *extra* units sent.
        """
        return units_of(line, self.items_of(line.line), extra)

    def units_taken_out(self, line: Line) -> int:
        """
        Count the store units of *line* that can never be complete any more.
        """
        parts = self.items_of(line.line)
        possible = (
            (item.quantity - item.quantity_cancelled) * line.quantity // item.quantity
            for item in parts
        )
        return line.quantity - min(possible, default=line.quantity)
