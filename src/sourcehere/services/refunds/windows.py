"""
What left when, and what disputes had of it: reading what dispute windows depend on.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import attrs

from ...domain.disputes.machine import RESOLVED
from ...domain.disputes.model import Dispute
from ...domain.disputes.policy import POLICY, DisputeReason
from ...domain.disputes.windows import (
    Claim,
    Claimable,
    SentTogether,
    claimable_units,
)
from ...domain.kernel.clock import NEVER
from ...domain.orders.kinds import KINDS
from ...domain.orders.order import Order
from ...unit.seller_unit import SellerUnit
from ...unit.tables.disputes import DISPUTES_OF
from ...unit.tables.shipments import PARCELS_OF
from ...unit.tables.warehouse import RECEIPTS_OF
from .reshipping import origin_item, units_again


def read_claimable(
    unit: SellerUnit, order: Order, reships: Sequence[Order], reason: DisputeReason
) -> Mapping[str, Claimable]:
    """
    Count the units of *order* that may be disputed for *reason* now, or not any more.

    Args:
        reships: What sends units of it again: these count from when they left again.
    """
    if KINDS[order.kind].ends_in_stock:
        sent = _counted(unit, order)
    else:
        sent = [*_sent(unit, order), *_sent_again(unit, reships)]
    claims = _claims(order, unit.find(DISPUTES_OF, [(order.order_id,)]), reships)
    return claimable_units(sent, claims, reason=reason, at=unit.now)


def _claims(
    order: Order, disputes: Iterable[Dispute], reships: Sequence[Order]
) -> list[Claim]:
    """
    List what disputes took of the units that left.
    """
    again = {str(reship.order_id): units_again(reship) for reship in reships}
    found: list[Claim] = []
    rest = {
        str(name): i.quantity_refunded - i.quantity_cancelled - i.quantity_written_off
        for name, i in order.items.items()
    }
    written_off = {str(n): i.quantity_written_off for n, i in order.items.items()}
    for dispute in disputes:
        is_settled = dispute.state == RESOLVED
        if POLICY[DisputeReason(dispute.reason)].is_about_unsent:
            continue
        if not (dispute.is_open or is_settled):
            continue
        units = {one.item_id: one.quantity for one in dispute.units}
        if dispute.reship_order_id:
            units = again.get(dispute.reship_order_id, Counter())
        elif is_settled:
            if dispute.reason == DisputeReason.NOT_RECEIVED:
                _take_off(units, written_off)
            for name, quantity in units.items():
                rest[name] -= quantity
        found.append(_claim(dispute, units))
    # What was to be cancelled, left all the same and was refunded; and what came back.
    for name, item in order.items.items():
        rest[str(name)] = max(rest[str(name)], 0) + item.quantity_returned
    left_anyway = {name: quantity for name, quantity in rest.items() if quantity > 0}
    last = Claim(reason=DisputeReason.CANCEL, opened_at=NEVER, quantities=left_anyway)
    return [*found, last]


def _sent(unit: SellerUnit, order: Order) -> list[SentTogether]:
    return [
        SentTogether(
            sent_at=parcel.shipped_at,
            counts_from=max(
                parcel.shipped_at, parcel.delivered_at or parcel.shipped_at
            ),
            quantities={units.item_id: units.quantity for units in parcel.items},
        )
        for parcel in unit.find(PARCELS_OF, [(order.order_id,)])
        if not parcel.replaced_by
    ]


def _sent_again(unit: SellerUnit, reships: Iterable[Order]) -> list[SentTogether]:
    """
    List what left again, by the items of the origin.
    """
    return [
        attrs.evolve(
            parcel,
            quantities={
                origin_item(reship, name): units
                for name, units in parcel.quantities.items()
            },
        )
        for reship in reships
        for parcel in _sent(unit, reship)
    ]


def _counted(unit: SellerUnit, order: Order) -> list[SentTogether]:
    """
    List what a cloud warehouse counted, each time, and what it waits for.
    """
    found = [
        SentTogether(
            sent_at=receipt.counted_at,
            counts_from=receipt.counted_at,
            quantities={
                name: good + damaged + missing
                for name, good, damaged, missing, _ in receipt.lines
            },
        )
        for receipt in unit.find(RECEIPTS_OF, [(order.order_id,)])
    ]
    coming = {str(name): i.quantity_outstanding for name, i in order.items.items()}
    rest = SentTogether(
        sent_at=order.created_at, counts_from=order.entered_at, quantities=coming
    )
    return [*found, rest]


def _take_off(units: dict[str, int], written_off: dict[str, int]) -> None:
    """
    Take units that were lost on their way to a warehouse off what a dispute took of
    those that came.
    """
    for name, quantity in units.items():
        lost = min(quantity, written_off[name])
        written_off[name] -= lost
        units[name] -= lost


def _claim(dispute: Dispute, units: Mapping[str, int]) -> Claim:
    assert dispute.opened_at is not None
    return Claim(
        reason=DisputeReason(dispute.reason),
        opened_at=dispute.opened_at,
        quantities=units,
    )
