"""
An order with everything around it.
"""

from ...domain.kernel.actor import Actor
from ...domain.kernel.values import frozen
from ...domain.orders.views import OrderView
from ...domain.shipments.model import Parcel
from ...services.ordering.reading import OrderSheet
from ...services.ordering.story import TimelineEntry
from .disputes import DisputeView, dispute_of
from .goodwill import GoodwillView, goodwill_of
from .money import RefundView, refund_of
from .payments import PaymentAttemptView, view_of_attempt
from .planned import ParcelPlan, parcel_plans_of


@frozen(kw_only=True)
class OrderDetails:
    """
    Everything about an order at one moment: what a page about it shows.

    Attributes:
        planned_parcels: Those that freight was paid for, where they are several; what
            was sent is in *parcels*, and may be packed otherwise.

        payment: The payment by card that is to pay it still: it waits for its payer, or
            nobody knows yet; None where none is.

        goodwill: What staff gave for it beside refunds, oldest first.

        timeline: Its story, oldest first, in words.

        allowed: The commands that whoever asked can do now: the buttons.
    """

    order: OrderView
    planned_parcels: tuple[ParcelPlan, ...]
    payment: PaymentAttemptView | None
    parcels: tuple[Parcel, ...]
    refunds: tuple[RefundView, ...]
    goodwill: tuple[GoodwillView, ...]
    disputes: tuple[DisputeView, ...]
    timeline: tuple[TimelineEntry, ...]
    allowed: tuple[str, ...]


def details_of(sheet: OrderSheet, by: Actor) -> OrderDetails:
    """
    Return *sheet* as it may be shown to *by*.
    """
    payment = sheet.payment
    return OrderDetails(
        order=sheet.order,
        planned_parcels=parcel_plans_of(sheet.planned, sheet.order.currency),
        payment=None if payment is None else view_of_attempt(payment, by),
        parcels=sheet.parcels,
        refunds=tuple(refund_of(one, sheet.order.order_id) for one in sheet.refunds),
        goodwill=tuple(goodwill_of(given) for given in sheet.goodwill),
        disputes=tuple(dispute_of(dispute) for dispute in sheet.disputes),
        timeline=sheet.timeline,
        allowed=sheet.allowed,
    )
