"""
A parcel before anybody packs it: what freight was priced for.
"""

import attrs

from .values import frozen


@frozen(kw_only=True)
class PlannedParcel:
    """
    One of several parcels that an order is planned to travel in.

    Attributes:
        quantities: Item -> units of it in this parcel.

        weight_grams: Of its goods.

        chargeable_grams: What its price is for.

        freight_minor: What it costs to send, in minor units; those of all parcels add
            up to the freight.

        leaves_from: The cloud warehouse, where an order is split by where its goods
            are; empty for the platform's own, where goods are brought that are sourced
            directly, and where all of the order leaves from one place.

        method, connection, days_min, days_max: How a parcel of a split order travels;
            empty and 0 where all of the order travels alike.
    """

    quantities: dict[str, int] = attrs.field(hash=False)
    weight_grams: int
    chargeable_grams: int
    freight_minor: int
    leaves_from: str = ""
    method: str = ""
    connection: str = ""
    days_min: int = 0
    days_max: int = 0
