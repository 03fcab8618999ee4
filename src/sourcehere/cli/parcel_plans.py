"""
Showing the parcels that freight is priced for, where they are several.
"""

from collections.abc import Sequence

from ..face.records.planned import ParcelPlan
from .output import Table, table


def parcel_prices(parcels: Sequence[ParcelPlan]) -> str:
    """
    Show how many there are and what each costs, such as `2: 12.00 + 9.00 USD`.
    """
    if not parcels:
        return ""
    amounts = [str(parcel.freight).split()[0] for parcel in parcels]
    currency = parcels[0].freight.currency
    return f"{len(parcels)}: {' + '.join(amounts)} {currency}"


def planned_parcels(parcels: Sequence[ParcelPlan]) -> Table:
    """
    Show what is planned to be in each.
    """
    return table(
        list(enumerate(parcels, start=1)),
        {
            "parcel": lambda p: p[0],
            "items": lambda p: [f"{n}={q}" for n, q in p[1].quantities.items()],
            "grams": lambda p: p[1].weight_grams,
            "charged grams": lambda p: p[1].chargeable_grams,
            "freight": lambda p: p[1].freight,
        },
        title="Planned parcels",
    )
