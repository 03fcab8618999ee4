"""
In which parcels an order is planned to travel, where one is not enough.
"""

from collections.abc import Iterable, Mapping

from ...domain.kernel.money import Money
from ...domain.kernel.parcels import PlannedParcel
from ...domain.kernel.values import frozen


@frozen(kw_only=True)
class ParcelPlan:
    """
    One of several parcels that freight is priced for. Who ships may pack otherwise.

    Attributes:
        quantities: Item -> units of it in this parcel.

        weight_grams: Of its goods.

        chargeable_grams: What its price is for.

        freight: What it costs to send.
    """

    quantities: Mapping[str, int]
    weight_grams: int
    chargeable_grams: int
    freight: Money


def parcel_plans_of(
    planned: Iterable[PlannedParcel], currency: str
) -> tuple[ParcelPlan, ...]:
    """
    Return *planned* with its amounts as money.
    """
    return tuple(
        ParcelPlan(
            quantities=parcel.quantities,
            weight_grams=parcel.weight_grams,
            chargeable_grams=parcel.chargeable_grams,
            freight=Money(parcel.freight_minor, currency),
        )
        for parcel in planned
    )
