"""
In which parcels an order is planned to travel, where they are several.
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

        leaves_from: The cloud warehouse, where an order is split by where its goods
            are; empty for the platform's own, where goods are brought that are sourced
            directly, and where all of the order leaves from one place.

        method, connection, days_min, days_max: How a parcel of a split order travels;
            empty and 0 where all of the order travels alike.
    """

    quantities: Mapping[str, int]
    weight_grams: int
    chargeable_grams: int
    freight: Money
    leaves_from: str = ""
    method: str = ""
    connection: str = ""
    days_min: int = 0
    days_max: int = 0


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
            leaves_from=parcel.leaves_from,
            method=parcel.method,
            connection=parcel.connection,
            days_min=parcel.days_min,
            days_max=parcel.days_max,
        )
        for parcel in planned
    )
