"""
A parcel's number without a unit: half of a bundle left.

Shopify has fulfilments with units only, and one without lines would be one of all. The
number is noted beside the order, as a metafield of its parcel that people see in the
admin. It holds the keys that were told: an older one that comes late changes nothing.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import attrs

from sourcehere.ports.platforms import ParcelNotice
from sourcehere_http.locks import KeyedLocks

from .client import Client
from .ids import no_such_order, order_gid

NAMESPACE = "sourcehere"
_PREFIX = "note"
_LOCKS = KeyedLocks()


def is_note(reference: str) -> bool:
    """
    Tell whether a reference is that of a note.
    """
    return reference.startswith(f"{_PREFIX}:")


@attrs.frozen
class NumberNotes:
    """
    Notes numbers beside orders.
    """

    client: Client

    def note(self, notice: ParcelNotice) -> str:
        """
        Note a number once per parcel: another number of it takes the place.
        """
        owner, reference = order_gid(notice.external_id), _reference(notice)
        with _LOCKS.of(owner, notice.parcel_id):
            keys = self._keys(notice)
            if (key := _digest(notice.idempotency_key)) in keys:
                return reference
            value = {
                "carrier": notice.carrier,
                "number": notice.tracking_number,
                "keys": [*keys, key],
            }
            field = {
                "ownerId": owner,
                "namespace": NAMESPACE,
                "key": _name(notice),
                "type": "json",
                "value": json.dumps(value, ensure_ascii=False),
            }
            self.client.change("note_number", "metafieldsSet", metafields=[field])
        before = notice.replaces_reference
        if is_note(before) and before != reference:
            self.forget(before)
        return reference

    def find(self, notice: ParcelNotice) -> str | None:
        """
        Return what a number's note is called; None where its key was not noted.
        """
        has_key = _digest(notice.idempotency_key) in self._keys(notice)
        return _reference(notice) if has_key else None

    def forget(self, reference: str) -> None:
        """
        Take a note away that another notice takes the place of.
        """
        _, order, name = reference.split(":")
        field = {"ownerId": order_gid(order), "namespace": NAMESPACE, "key": name}
        self.client.change("forget_number", "metafieldsDelete", metafields=[field])

    def _keys(self, notice: ParcelNotice) -> Sequence[str]:
        """
        Return the keys under which the parcel's number was told; none without a note.

        Raises:
            DeclinedError: If there is no such order.
        """
        owner = order_gid(notice.external_id)
        told = self.client.ask("number", id=owner, key=_name(notice))["order"]
        if told is None:
            raise no_such_order(notice.external_id)
        return [] if told["metafield"] is None else _read_keys(told["metafield"])


def _read_keys(field: Any) -> Sequence[str]:
    """
    Return the keys of a note; none where somebody wrote something else there.
    """
    try:
        return [str(key) for key in json.loads(field["value"])["keys"]]
    except (KeyError, TypeError, ValueError):
        return []


def _reference(notice: ParcelNotice) -> str:
    return f"{_PREFIX}:{notice.external_id}:{_name(notice)}"


def _name(notice: ParcelNotice) -> str:
    return f"parcel_{_digest(notice.parcel_id)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
