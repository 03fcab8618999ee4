"""
Why orders are held, in words of people: a SKU and a tracking number instead of ids.

What is stored names a variant and a parcel by its id, since either may get another SKU
or number; who reads it has to find the goods, or to ask the carrier.
"""

from collections.abc import Iterable, Mapping, Sequence

from ..domain.orders.holds import HoldReason, HoldView
from ..domain.orders.views import OrderHeader
from ..domain.shipments.model import Parcel
from .context import Context
from .references import is_id, skus_of

# Id -> what people call it.
Names = Mapping[str, str]
_PARCEL = "parcel "


def in_words(text: str, names: Names) -> str:
    """
    Return *text* with what people call each id in it.
    """
    for name, words in names.items():
        text = text.replace(name, words)
    return text


def names_of_parcels(parcels: Iterable[Parcel]) -> dict[str, str]:
    """
    Return what is to be told to a carrier to ask about parcels, by their ids.
    """
    return {p.parcel_id: f"{p.carrier} {p.tracking_number}" for p in parcels}


def names_in_holds(ctx: Context, orders: Sequence[OrderHeader]) -> dict[str, str]:
    """
    Return what the holds of orders of any sellers name by an id.
    """
    holds = [(order.seller_id, hold) for order in orders for hold in order.holds]
    lacking = {h.detail for _, h in holds if h.reason == HoldReason.OUT_OF_STOCK}
    parcels = {(owner, _stalled(h)) for owner, h in holds if _stalled(h)}
    return skus_of(ctx, filter(is_id, lacking)) | names_of_parcels(
        ctx.staff.seller(owner).parcels.get(name) for owner, name in sorted(parcels)
    )


def _stalled(hold: HoldView) -> str:
    """
    Return the parcel that a hold names by its id; empty where it names none.
    """
    if hold.reason != HoldReason.PARCEL_STALLED:
        return ""
    name = hold.detail.removeprefix(_PARCEL)
    return name if is_id(name) else ""
