"""
What an order has of our parcels: its fulfilments, and numbers beside it.

A fulfilment has its number in a label once it is shipped. Until then, and for what a
label does not have, it is in the fulfilment's metadata: the number, the carrier, a mark
of the parcel, and one of each key that it was told under. A number that completes no
unit is a piece of the order's metadata, with the same marks of keys.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from sourcehere.ports.platforms import ParcelNotice

FIELDS = "id,status,metadata,*fulfillments,*fulfillments.labels"
PREFIX = "sourcehere_parcel_"
_MARK = "sourcehere_parcel"
_KEYS = "sourcehere_keys"

Told = dict[str, Any]


def number_of(fulfilment: Told) -> str:
    """
    Return a fulfilment's number; empty for none.
    """
    for label in fulfilment["labels"] or ():
        return str(label["tracking_number"])
    return str(_metadata(fulfilment).get("tracking_number") or "")


def marked(notice: ParcelNotice, before: Told | None = None) -> dict[str, str]:
    """
    Return the metadata of a parcel's fulfilment.

    Args:
        before: The fulfilment as it is, if the notice takes the place of what it says.
    """
    return {
        "tracking_number": notice.tracking_number,
        "carrier": notice.carrier,
        _MARK: _digest(notice.parcel_id),
        _KEYS: _with_key(_metadata(before or {}).get(_KEYS), notice),
    }


def of_notice(order: Told, notice: ParcelNotice) -> list[Told]:
    """
    Return the fulfilments that count and are this notice's parcel, told with its number
    or once under its key: those that were shipped first, then the older ones. One that
    somebody made in the shop has no mark.
    """
    key, known = _digest(notice.idempotency_key), {"", _digest(notice.parcel_id)}
    found = [
        one
        for one in live(order)
        if key in _keys(_metadata(one).get(_KEYS))
        or (
            number_of(one) == notice.tracking_number
            and str(_metadata(one).get(_MARK) or "") in known
            and not _is_put_right(one, notice)
        )
    ]
    return sorted(found, key=lambda one: (not is_shipped(one), str(one["id"])))


def _is_put_right(one: Told, notice: ParcelNotice) -> bool:
    """
    Tell whether the notice says of this fulfilment that its carrier is another.
    """
    is_named = one["id"] == notice.replaces_reference
    return is_named and _metadata(one).get("carrier") != notice.carrier


def earlier(order: Told, notice: ParcelNotice) -> Told | None:
    """
    Return the fulfilment in whose place this notice comes.
    """
    marks = {_digest(name) for name in (notice.parcel_id, *notice.replaces)}
    for one in live(order):
        is_named = one["id"] == notice.replaces_reference
        if is_named or _metadata(one).get(_MARK) in marks:
            return one
    return None


def live(order: Told) -> list[Told]:
    """
    Return the fulfilments that are not cancelled.
    """
    return [one for one in order["fulfillments"] or () if not one["canceled_at"]]


def is_shipped(fulfilment: Told) -> bool:
    """
    Tell whether a fulfilment has left.
    """
    return bool(fulfilment["shipped_at"] or fulfilment["delivered_at"])


def note_name(parcel_id: str) -> str:
    """
    Return under which name a number is kept beside its order.
    """
    return PREFIX + _digest(parcel_id)


def note_of(order: Told, notice: ParcelNotice) -> dict[str, str]:
    """
    Return a number as it is kept, over what is kept of its parcel.
    """
    return {
        "tracking_number": notice.tracking_number,
        "carrier": notice.carrier,
        "keys": _with_key(_kept(order, notice).get("keys"), notice),
    }


def has_note(order: Told, notice: ParcelNotice) -> bool:
    """
    Tell whether a number was kept under the notice's key.
    """
    return _digest(notice.idempotency_key) in _keys(_kept(order, notice).get("keys"))


def kept_notes(order: Told, notice: ParcelNotice) -> set[str]:
    """
    Return the names of the numbers that are kept of this parcel, and of those in whose
    place it was sent.
    """
    names = _names((notice.parcel_id, *notice.replaces))
    if notice.replaces_reference.startswith(PREFIX):
        names.add(notice.replaces_reference)
    return names & _metadata(order).keys()


def _names(parcel_ids: Iterable[str]) -> set[str]:
    return {note_name(parcel_id) for parcel_id in parcel_ids}


def _kept(order: Told, notice: ParcelNotice) -> dict[str, Any]:
    """
    Return what is kept of the notice's parcel beside the order; empty for nothing.
    """
    kept = _metadata(order).get(note_name(notice.parcel_id))
    return kept if isinstance(kept, dict) else {}


def _metadata(told: Told) -> dict[str, Any]:
    return told.get("metadata") or {}


def _keys(kept: object) -> list[str]:
    return kept.split() if isinstance(kept, str) else []


def _with_key(kept: object, notice: ParcelNotice) -> str:
    return " ".join([*_keys(kept), _digest(notice.idempotency_key)])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
