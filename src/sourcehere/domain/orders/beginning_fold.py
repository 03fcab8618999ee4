"""
What events do to an order that begins, and to one that enters a state.
"""

from datetime import datetime
from typing import Any

from ..kernel.clock import NEVER
from . import events as e
from .kinds import OrderKind
from .line_fold import write_lines
from .machine import COUNTING_STATES, SENDING_STATES
from .model import OrderData

# What was promised is promised still when some of it has been done.
_GOING_ON = (SENDING_STATES, COUNTING_STATES)
_Begins = e.OrderImported | e.OrderPartedOff | e.OrderCreated | e.ReshipCreated


def enter(order: OrderData, event: Any) -> None:
    """
    Let *order* be in the state that *event* says; a promise for another one is over.
    """
    if event.state != order.state:
        if order.promised_by != NEVER and not _is_promised_in(order, event.state):
            order.promised_by = NEVER
        order.state = event.state
        order.entered_at = event.occurred_at


def _is_promised_in(order: OrderData, state: str) -> bool:
    return any(order.state in going and state in going for going in _GOING_ON)


def imported(order: OrderData, event: e.OrderImported) -> None:
    """
    Begin as a shop's order.
    """
    order.pay_by = event.pay_by
    _begin_at_store(order, event)


def parted_off(order: OrderData, event: e.OrderPartedOff) -> None:
    """
    Begin as a part of a shop's order.
    """
    order.contact_version = event.contact_version
    order.method = event.method
    _begin_at_store(order, event)


def _begin_at_store(
    order: OrderData, event: e.OrderImported | e.OrderPartedOff
) -> None:
    order.kind = OrderKind.STORE.value
    order.store_id = event.store_id
    order.external_id = event.external_id
    order.part = event.part
    _begin(order, event, placed_at=event.placed_at)


def created(order: OrderData, event: e.OrderCreated) -> None:
    """
    Begin as a draft that the seller wrote.
    """
    order.kind = event.kind
    order.warehouse = event.warehouse
    order.draws_on_stock = event.draws_on_stock
    _begin_here(order, event)


def reshipped(order: OrderData, event: e.ReshipCreated) -> None:
    """
    Begin as a reship: nothing of it is charged, and no stock of the seller serves it.
    """
    order.kind = OrderKind.MANUAL.value
    order.draws_on_stock = False
    order.method = event.method
    order.origin_order_id = event.origin_order_id
    _begin_here(order, event)
    order.promised_by = event.promised_by


def _begin_here(order: OrderData, event: e.OrderCreated | e.ReshipCreated) -> None:
    order.external_id = order.order_id
    _begin(order, event, placed_at=event.occurred_at)


def _begin(order: OrderData, event: _Begins, *, placed_at: datetime) -> None:
    order.number = event.number
    order.currency = event.currency
    order.contact_id = event.contact_id
    order.country = event.country
    order.created_at = event.occurred_at
    order.placed_at = placed_at
    write_lines(order, event.lines)
    enter(order, event)
