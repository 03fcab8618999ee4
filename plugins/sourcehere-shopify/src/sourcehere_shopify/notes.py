"""
A parcel's number without a unit: half of a bundle left.

Shopify has fulfilments with units only, and one without lines would be one of all. The
number is noted beside the order, as a metafield that people see in the admin.
"""

import hashlib
import json

import attrs

from sourcehere.ports.errors import DeclinedError
from sourcehere.ports.platforms import ParcelNotice

from .client import PROVIDER, Client

NAMESPACE = "sourcehere"
_PREFIX = "note"


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
        owner = f"gid://shopify/Order/{notice.external_id}"
        if self.client.ask("number", id=owner, key=_key(notice))["order"] is None:
            detail = f"there is no order {notice.external_id}"
            raise DeclinedError(provider=PROVIDER, detail=detail)
        value = {"carrier": notice.carrier, "number": notice.tracking_number}
        field = {
            "ownerId": owner,
            "namespace": NAMESPACE,
            "key": _key(notice),
            "type": "json",
            "value": json.dumps(value, ensure_ascii=False),
        }
        self.client.change("note_number", "metafieldsSet", metafields=[field])
        return f"{_PREFIX}:{notice.external_id}:{_key(notice)}"

    def find(self, notice: ParcelNotice) -> str | None:
        """
        Return what a number's note is called; None where there is none.
        """
        owner = f"gid://shopify/Order/{notice.external_id}"
        told = self.client.ask("number", id=owner, key=_key(notice))["order"]
        if told is None or told["metafield"] is None:
            return None
        return f"{_PREFIX}:{notice.external_id}:{_key(notice)}"

    def forget(self, reference: str) -> None:
        """
        Take a note away, whose parcel is told with its units now.
        """
        _, order, key = reference.split(":")
        field = {
            "ownerId": f"gid://shopify/Order/{order}",
            "namespace": NAMESPACE,
            "key": key,
        }
        self.client.change("forget_number", "metafieldsDelete", metafields=[field])


def _key(notice: ParcelNotice) -> str:
    digest = hashlib.sha256(notice.idempotency_key.encode()).hexdigest()
    return f"parcel_{digest[:24]}"
