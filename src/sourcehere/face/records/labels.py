"""
Labels, as staff see them.
"""

from datetime import datetime

from ...domain.effects.labels import DUE_STAGES, Label, LabelStage
from ...domain.freight.codes import full_code
from ...domain.kernel.ids import LabelId, OrderId, ParcelId, SellerId
from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen


@frozen(kw_only=True)
class LabelView:
    """
    A label, and what became of buying it.

    Attributes:
        state: What became of it.

        parcel_id: The parcel that left with it; empty where none did.

        method: In full, such as `card:std`.

        quantities: Item -> units that it is for.

        price: What the carrier takes for it, in the carrier's currency: the platform's
            cost, and none of the seller's; None while it is not bought.

        reference: The carrier's own name for it; empty while it is not bought.

        key: What was sent to the carrier with every call, for the carrier's support.

        sends: Calls to buy it.

        is_asked_again: Whether workers ask about it, at `next_at`.

        error: What the last call said, if it did not do what was wanted.
    """

    seller_id: SellerId
    label_id: LabelId
    order_id: OrderId
    parcel_id: ParcelId
    state: LabelStage
    method: str
    carrier: str
    tracking_number: str
    price: Money | None
    reference: str
    key: str
    quantities: dict[str, int]
    weight_grams: int
    sends: int
    error: str
    is_asked_again: bool
    planned_at: datetime
    changed_at: datetime
    next_at: datetime


def view_of_label(label: Label) -> LabelView:
    """
    Return *label* as it is shown.
    """
    return LabelView(
        seller_id=label.seller_id,
        label_id=label.label_id,
        order_id=label.order_id,
        parcel_id=label.parcel_id,
        state=label.stage,
        method=full_code(label.connection, label.method),
        carrier=label.carrier,
        tracking_number=label.tracking_number,
        price=label.price,
        reference=label.reference,
        key=label.key,
        quantities={item.item_id: item.quantity for item in label.items},
        weight_grams=label.weight_grams,
        sends=label.sends,
        error=label.error,
        is_asked_again=label.stage in DUE_STAGES,
        planned_at=label.planned_at,
        changed_at=label.changed_at,
        next_at=label.next_at,
    )
