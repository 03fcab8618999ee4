"""
What whoever's turn it is can do about a hold, as far as its order has come.

`holds.py` says it of each reason. Here is where that would be refused, such as another
address for an order of which something has left.
"""

from collections.abc import Callable

import attrs

from ..kernel.values import frozen
from .holds import (
    HOLDS,
    PARCEL_TROUBLES,
    Hold,
    HoldReason,
    HoldView,
    is_about_address,
    is_about_fewer,
    who_acts,
)
from .machine import PARTIALLY_SHIPPED, SHIPPED
from .model import OrderData


@frozen
class _Case:
    """
    When something else can be done than the row of a reason says.

    Attributes:
        todo, then_todo: As `HoldRow` has them.
    """

    applies: Callable[[OrderData, Hold], bool]
    todo: str
    then_todo: str = ""


def what_to_do(order: OrderData, hold: Hold) -> str:
    """
    Return what whoever's turn it is can do about one of the holds of *order*.
    """
    reason = HoldReason(hold.reason)
    row = HOLDS[reason]
    cases = (
        *(_OF_PARCELS if reason in PARCEL_TROUBLES else ()),
        *_CASES.get(reason, ()),
    )
    case = next((c for c in cases if c.applies(order, hold)), row)
    is_handed_on = row.then is not None and who_acts(hold) == row.then
    return case.then_todo if is_handed_on else case.todo


def shown_hold(order: OrderData, hold: Hold) -> HoldView:
    """
    Return *hold* with whose turn it is, and what there is to do.
    """
    told = {f.name: getattr(hold, f.name) for f in attrs.fields(Hold)}
    facts = {"who": who_acts(hold), "what_to_do": what_to_do(order, hold)}
    return HoldView(**told | facts)


def _is_draft(order: OrderData, _hold: Hold) -> bool:
    return order.state == "draft"


def _is_ignored(order: OrderData, _hold: Hold) -> bool:
    return order.state == "ignored"


def _is_unpaid(order: OrderData, _hold: Hold) -> bool:
    return not order.is_paid


def _has_partly_left(order: OrderData, _hold: Hold) -> bool:
    return order.state == PARTIALLY_SHIPPED


def _is_all_refunded(order: OrderData, _hold: Hold) -> bool:
    items = order.items.values()
    return order.state == SHIPPED and all(
        item.quantity_refunded >= item.quantity for item in items
    )


def _is_elsewhere(_order: OrderData, hold: Hold) -> bool:
    return is_about_address(hold)


def _is_elsewhere_and_partly_left(order: OrderData, hold: Hold) -> bool:
    return is_about_address(hold) and _has_partly_left(order, hold)


def _is_of_fewer(_order: OrderData, hold: Hold) -> bool:
    return is_about_fewer(hold)


def _is_reship(order: OrderData, _hold: Hold) -> bool:
    return order.is_reship


def _is_reship_in_work(order: OrderData, _hold: Hold) -> bool:
    return order.is_reship and order.accepted_at is not None


_ASK_AGAIN = "ask the seller again"
_WAIT = "wait until it can be bought again"
_WITH_FIRST = "with the order that it sends again"

_GIVE_UP = "all of it is refunded: staff give the order up as lost, or release the hold"
_OF_PARCELS = (_Case(_is_all_refunded, _GIVE_UP, _GIVE_UP),)

# The first case that applies counts; where none does, the reason's row.
_CASES: dict[HoldReason, tuple[_Case, ...]] = {
    HoldReason.STORE_UNPAID: (
        _Case(
            _has_partly_left,
            "wait until the shop says that its customer has paid, or dispute what has"
            " not left as not wanted",
        ),
    ),
    HoldReason.STORE_CHANGED: (
        _Case(
            _is_elsewhere_and_partly_left,
            "ask staff to send what is left to where the rest went, or to refund it:"
            " an order of which something has left keeps its address",
            "ask the seller, then release the hold to send what is left to where the"
            " rest went, or refund it",
        ),
        _Case(
            _is_elsewhere,
            "correct the address to where the shop sends it now, which has to be in the"
            " same country, or ask staff to refund it, or to send it to where it was"
            " paid for",
            "ask the seller, then correct the address, which has to be in the same"
            " country, refund it, or release the hold to send it to where it was paid"
            " for",
        ),
        _Case(
            _is_of_fewer,
            "ask staff to refund what the shop does not want any more, or to send what"
            " was paid",
            HOLDS[HoldReason.STORE_CHANGED].then_todo,
        ),
    ),
    HoldReason.ADDRESS: (
        _Case(
            _is_draft,
            "place the order, then correct the address, which ends the hold",
            _ASK_AGAIN,
        ),
        _Case(
            _is_ignored,
            "restore the order, then correct the address, which ends the hold; or"
            " cancel it",
            _ASK_AGAIN,
        ),
        _Case(_is_unpaid, HOLDS[HoldReason.ADDRESS].todo, _ASK_AGAIN),
        _Case(
            _has_partly_left,
            "tell staff how to address what is left, or ask them to refund it: an order"
            " of which something has left keeps its address",
            "ask the seller again, then release the hold to send what is left, or"
            " refund it",
        ),
    ),
    HoldReason.PARCEL_DAMAGED: (
        _Case(
            _is_reship,
            HOLDS[HoldReason.PARCEL_DAMAGED].todo,
            f"{HOLDS[HoldReason.PARCEL_DAMAGED].then_todo}, {_WITH_FIRST}",
        ),
    ),
    HoldReason.NOT_CARRIED: (
        _Case(
            _is_reship,
            HOLDS[HoldReason.NOT_CARRIED].todo,
            f"{HOLDS[HoldReason.NOT_CARRIED].then_todo}, {_WITH_FIRST}",
        ),
    ),
    HoldReason.SHIP_LATE: (
        _Case(
            _is_reship_in_work,
            "send what is left, or refund it, which ends the order",
        ),
        _Case(
            _has_partly_left,
            "send what is left, or refund it; the seller may dispute it as not wanted",
        ),
    ),
    HoldReason.OUT_OF_STOCK: (
        _Case(
            _is_reship_in_work,
            f"{_WAIT}, or ask staff to send the rest without it",
            HOLDS[HoldReason.OUT_OF_STOCK].then_todo,
        ),
        _Case(
            _is_reship,
            f"{_WAIT}, or cancel it",
            HOLDS[HoldReason.OUT_OF_STOCK].then_todo,
        ),
    ),
}
