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
    """

    quantities: dict[str, int] = attrs.field(hash=False)
    weight_grams: int
    chargeable_grams: int
    freight_minor: int
