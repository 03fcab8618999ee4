"""
Our parcels as they are kept beside an order: one piece of metadata each.

WooCommerce has no parcels of its own. What we told is the shop's record of it: a
parcel's piece has its number, its units by line, and the keys under which it was told,
so that a key told again changes nothing.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import attrs

from sourcehere.ports.platforms import Fulfilment, ParcelNotice
from sourcehere_http.shapes import OddValueError

PREFIX = "sourcehere_parcel_"


@attrs.frozen
class KeptParcel:
    """
    A parcel that the shop was told of.

    Attributes:
        name: Of its piece of metadata; what we call the shop's reference.

        keys: Under which it was told, the last one last.

        units: Line -> units; empty for a number only.
    """

    name: str
    keys: tuple[str, ...]
    number: str
    carrier: str
    units: dict[str, int]

    def as_text(self) -> str:
        """
        Write it as it is kept.
        """
        told = {
            "number": self.number,
            "carrier": self.carrier,
            "units": self.units,
            "keys": self.keys,
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True)


def name_of(parcel_id: str) -> str:
    """
    Return under which name a parcel is kept.
    """
    return PREFIX + hashlib.sha256(parcel_id.encode()).hexdigest()[:24]


def kept_of(notice: ParcelNotice, before: KeptParcel | None) -> KeptParcel:
    """
    Return a parcel as it is told now.
    """
    lines = notice.lines if isinstance(notice, Fulfilment) else ()
    units: Counter[str] = Counter()
    for line in lines:
        units[line.external_line_id] += line.quantity
    return KeptParcel(
        name=name_of(notice.parcel_id),
        keys=(*(before.keys if before else ()), notice.idempotency_key),
        number=notice.tracking_number,
        carrier=notice.carrier,
        units=dict(units),
    )


def parcels_of(order: dict[str, Any]) -> dict[str, KeptParcel]:
    """
    Return an order's parcels by name; what somebody else wrote there is none.
    """
    return {parcel.name: parcel for parcel in _read(order)}


def _read(order: dict[str, Any]) -> Iterator[KeptParcel]:
    for piece in order["meta_data"]:
        name, value = str(piece["key"]), piece["value"]
        if not name.startswith(PREFIX) or not isinstance(value, str) or not value:
            continue
        try:
            told = json.loads(value)
            yield KeptParcel(
                name=name,
                keys=tuple(str(key) for key in told["keys"]),
                number=str(told["number"]),
                carrier=str(told["carrier"]),
                units={str(line): int(n) for line, n in told["units"].items()},
            )
        except (ValueError, LookupError, TypeError, AttributeError):
            continue


def sent_of(order: dict[str, Any]) -> Counter[str]:
    """
    Return line -> units that were sent; all of them in an order that the merchant
    completed.
    """
    sent: Counter[str] = Counter()
    for parcel in parcels_of(order).values():
        sent.update(parcel.units)
    if order["status"] == "completed":
        for line in order["line_items"]:
            name = str(line["id"])
            sent[name] = max(sent[name], whole(line["quantity"]))
    return sent


def whole(told: object) -> int:
    """
    Read a number of units: plugins for goods by the metre let a shop sell 1.5.

    Raises:
        OddValueError, ArithmeticError: If it is not whole, or none.
    """
    number = Decimal(str(told))
    if number != int(number):
        msg = "a number of units is not whole"
        raise OddValueError(msg)
    return int(number)


def refunded_of(refunds: Sequence[dict[str, Any]]) -> Counter[str]:
    """
    Return line -> units that were refunded; refunds count them below zero.
    """
    units: Counter[str] = Counter()
    for refund in refunds:
        for line in refund["line_items"]:
            for piece in line["meta_data"]:
                if piece["key"] == "_refunded_item_id":
                    units[str(piece["value"])] += abs(whole(line["quantity"]))
    return units
