"""
A parcel's number without a unit: half of a bundle left.

A fulfilment has units. The number becomes a note of the order that its customer may
read, with a mark of the key, so that it is written once.
"""

import hashlib
from typing import Any

import attrs

from sourcehere.ports.errors import ProtocolError
from sourcehere.ports.platforms import ParcelNotice

from .client import PROVIDER, Client

_PREFIX = "note/"


@attrs.frozen
class NumberNotes:
    """
    Notes numbers beside orders.

    Where an order is asked for, it is one as the document `told` tells it.
    """

    client: Client

    def find(self, order: dict[str, Any], notice: ParcelNotice) -> str | None:
        """
        Return what a number's note is called; None where there is none.
        """
        words = _words(notice)
        for entry in order["history"]["items"]:
            if (entry["data"] or {}).get("note") == words:
                return _reference(entry)
        return None

    def write(self, notice: ParcelNotice) -> str:
        """
        Write a note, and return what it is called.
        """
        note = {"id": notice.external_id, "note": _words(notice), "isPublic": True}
        order = self.client.change("note", "addNoteToOrder", input=note)
        found = self.find(order, notice)
        if found is None:
            detail = "the note that was written is not told"
            raise ProtocolError(provider=PROVIDER, detail=detail)
        return found

    def forget(self, order: dict[str, Any], reference: str) -> None:
        """
        Take a note away that another notice takes the place of.
        """
        for entry in order["history"]["items"]:
            if _reference(entry) == reference:
                self.client.change("forget_note", "deleteOrderNote", id=entry["id"])


def _reference(entry: dict[str, Any]) -> str:
    return f"{_PREFIX}{entry['id']}"


def _words(notice: ParcelNotice) -> str:
    mark = hashlib.sha256(notice.idempotency_key.encode()).hexdigest()[:12]
    return f"Shipped with {notice.carrier}: {notice.tracking_number} [{mark}]"
