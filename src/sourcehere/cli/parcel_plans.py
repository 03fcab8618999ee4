"""
Showing the parcels that freight is priced for, where they are several.
"""

from collections.abc import Callable, Mapping, Sequence

from ..face.records.planned import ParcelPlan
from .output import Table, table

_Shown = Mapping[str, Callable[[tuple[int, ParcelPlan]], object]]
_SPLIT: _Shown = {
    "from": lambda p: _place(p[1]),
    "by": lambda p: p[1].method,
    "days": lambda p: f"{p[1].days_min} to {p[1].days_max}",
}


def parcel_prices(parcels: Sequence[ParcelPlan]) -> str:
    """
    Show how many there are and what each costs, such as `2: 12.00 + 9.00 USD`; of a
    split order, where each leaves from.
    """
    if not parcels:
        return ""
    if _is_split(parcels):
        told = [f"{parcel.freight} from {_place(parcel)}" for parcel in parcels]
        return f"{len(parcels)}: {' + '.join(told)}"
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
            **(_SPLIT if _is_split(parcels) else {}),
        },
        title="Planned parcels",
    )


def _is_split(parcels: Sequence[ParcelPlan]) -> bool:
    return any(parcel.method for parcel in parcels)


def _place(parcel: ParcelPlan) -> str:
    return parcel.leaves_from or "the platform's own warehouse"
