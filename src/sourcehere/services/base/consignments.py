"""
How a consignment is described to carriers.
"""

from collections.abc import Iterable
from itertools import compress
from operator import attrgetter

import attrs

from ...domain.catalog.model import Variant
from ...domain.freight.model import (
    FreightParcel,
    FreightRequest,
    FreightUnits,
)
from ...domain.freight.packing import box_around
from ...domain.kernel.address import Address
from ...domain.orders.order import Order

_ADDRESS_FIELDS = tuple(f.name for f in attrs.fields(Address))
_read_address = attrgetter(*_ADDRESS_FIELDS)


def freight_request(
    order: Order,
    parts: Iterable[tuple[str, Variant, int]],
    address: Address,
    *,
    origin: str,
) -> FreightRequest:
    """
    Return what freight is asked for *parts*: the place, but not whose it is.

    Args:
        parts: Items, each with its variant and quantity.

        origin: Country it leaves from; empty where unknown.
    """
    units = tuple([_units(*part) for part in parts])
    weight_grams = sum([u.weight_grams * u.quantity for u in units])
    box = box_around([(u.sides_mm, u.quantity) for u in units])
    return FreightRequest(
        country=order.country,
        postal_code=address.postal_code,
        region=address.region,
        city=address.city,
        origin=origin,
        weight_grams=weight_grams,
        volume_mm3=sum([u.volume_mm3 * u.quantity for u in units]),
        attributes=frozenset([a for u in units for a in u.attributes]),
        fields_given=frozenset(compress(_ADDRESS_FIELDS, _read_address(address))),
        parcels=(FreightParcel(weight_grams, *box),),
        units=units,
        currency=order.currency,
    )


def _units(item_id: str, variant: Variant, quantity: int) -> FreightUnits:
    return FreightUnits(
        name=item_id,
        quantity=quantity,
        weight_grams=variant.weight_grams,
        volume_mm3=variant.volume_mm3,
        length_mm=variant.length_mm,
        width_mm=variant.width_mm,
        height_mm=variant.height_mm,
        attributes=frozenset(variant.attributes),
    )
