"""
Why units cannot be disputed now: the order, the policy, windows and stock, all asked.
"""

from collections.abc import Sequence

from ...domain.disputes.policy import (
    POLICY,
    CountedFrom,
    DisputeReason,
    Remedy,
    policy_blockers,
)
from ...domain.disputes.windows import window_blockers
from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import Blocker, CommandRefusedError
from ...domain.kernel.words import counted
from ...domain.orders.guards import Ask
from ...domain.orders.order import Order
from ...unit.seller_unit import SellerUnit
from .again import again_blockers
from .cloud_refunds import disputable
from .dispute_refunds import NewDispute, is_received
from .reshipping import reship_blockers, reships_of, waiting_blockers
from .windows import read_claimable


def of_all_unsent(order: Order) -> NewDispute:
    """
    Return the dispute that is opened where an order shall be cancelled that the
    warehouse has accepted.
    """
    return NewDispute(
        order_id=order.order_id,
        reason=DisputeReason.CANCEL,
        quantities={
            item.item_id: item.quantity_left
            for item in order.items.values()
            if item.quantity_left
        },
    )


def require_disputable(
    unit: SellerUnit,
    order: Order,
    new: NewDispute,
    *,
    by: Actor,
    command: str = "open_dispute",
) -> None:
    """
    Refuse a dispute that the order or the policy forbids.

    Args:
        command: What was asked for.

    Raises:
        CommandRefusedError: With every blocker.
    """
    found = opening_blockers(unit, order, new, by=by, lock=True)
    if found:
        raise CommandRefusedError(
            kind="order",
            id=order.order_id,
            command=command,
            blockers=found,
        )


def opening_blockers(
    unit: SellerUnit, order: Order, new: NewDispute, *, by: Actor, lock: bool
) -> tuple[Blocker, ...]:
    """
    Return every reason why *by* cannot open the dispute now; empty if it can.

    Args:
        lock: Whether the stock it depends on stays as it is until the commit.
    """
    row = POLICY[new.reason]
    # Where the state is wrong already, where the units are says nothing new.
    is_state_right = order.state in row.states
    unsent = row.is_about_unsent if is_state_right else None
    ask = Ask(quantities=new.quantities, unsent=unsent)
    found = [
        *order.blockers("open_dispute", by=by, ask=ask),
        *policy_blockers(
            new.reason,
            remedy=new.remedy,
            state=order.state,
            entered_at=order.entered_at,
            at=unit.now,
            evidence=frozenset(new.evidence),
        ),
    ]
    if is_state_right and row.counted_from is CountedFrom.PARCEL:
        reships = reships_of(unit, order.order_id)
        claimable = read_claimable(unit, order, reships, new.reason)
        found.extend(window_blockers(new.quantities, claimable, new.reason))
        found.extend(waiting_blockers(new.quantities, claimable, reships))
    if not found:
        found.extend(again_blockers(unit, order, new))
        if new.remedy is Remedy.RESHIP:
            found.extend(reship_blockers(unit, order, new.reason))
        if is_received(order):
            found.extend(_cloud_blockers(unit, order, new, lock=lock))
    return tuple(found)


def _cloud_blockers(
    unit: SellerUnit, order: Order, new: NewDispute, *, lock: bool
) -> Sequence[Blocker]:
    found: list[Blocker] = []
    is_lost = new.reason == DisputeReason.NOT_RECEIVED
    for name, quantity in new.quantities.items():
        most = disputable(unit, order, name, is_lost=is_lost, lock=lock)
        if quantity > most:
            words = (
                f"item {name}: {counted(quantity, 'unit')} asked, but only {most}"
                f" {'are on their way or arrived' if is_lost else 'arrived'} and are"
                " neither bound to customers' orders nor in an open dispute"
            )
            facts: dict[str, str | int] = {"item": name, "most": most}
            found.append(Blocker("units_allocated", words, facts))
    return found
