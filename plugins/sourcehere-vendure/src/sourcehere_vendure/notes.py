"""
A parcel's number without a unit: half of a bundle left.

A fulfilment has units. The number becomes a note of the order that its customer may
read, with a mark of each key that it was told under. Another number of the parcel is
written over it, and an older key that comes late changes nothing.
"""

import hashlib
import re
from typing import Any

import attrs

from sourcehere.ports.errors import ProtocolError
from sourcehere.ports.platforms import ParcelNotice

from .client import PROVIDER, Client

_PREFIX = "note/"
_MARKS = re.compile(r" \[([0-9a-f ]+)\]$")


@attrs.frozen
class NumberNotes:
    """
    Notes numbers beside orders.

    Where an order is asked for, it is one as the document `told` tells it, made whole.
    """

    client: Client

    def whole(self, order: dict[str, Any]) -> dict[str, Any]:
        """
        Return an order with the notes behind its first hundred as well.
        """
        items, total = list(order["history"]["items"]), order["history"]["totalItems"]
        while len(items) < total:
            told = self.client.ask("notes", id=order["id"], skip=len(items))["order"]
            more = told["history"]["items"]
            if not more:  # some were deleted meanwhile
                break
            items += more
        return order | {"history": {"items": items}}

    def find(self, order: dict[str, Any], notice: ParcelNotice) -> str | None:
        """
        Return what the note is called that has the notice's key; None for none.
        """
        mark = _mark(notice)
        for entry in order["history"]["items"]:
            if mark in _marks(entry):
                return _reference(entry)
        return None

    def write(self, order: dict[str, Any], notice: ParcelNotice) -> str:
        """
        Write a note, over that in whose place it comes, and return what it is called.
        """
        for entry in order["history"]["items"]:
            if _reference(entry) == notice.replaces_reference and _marks(entry):
                words = _words(notice, *_marks(entry))
                note = {"noteId": entry["id"], "note": words, "isPublic": True}
                self.client.change("correct_note", "updateOrderNote", input=note)
                return _reference(entry)
        note = {"id": notice.external_id, "note": _words(notice), "isPublic": True}
        found = self.find(
            self.client.change("note", "addNoteToOrder", input=note), notice
        )
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


def _marks(entry: dict[str, Any]) -> list[str]:
    """
    Return the marks of a note; none of one that somebody else wrote.
    """
    found = _MARKS.search(str((entry["data"] or {}).get("note")))
    return found[1].split() if found else []


def _words(notice: ParcelNotice, *marks: str) -> str:
    known = " ".join([*marks, _mark(notice)])
    return f"Shipped with {notice.carrier}: {notice.tracking_number} [{known}]"


def _mark(notice: ParcelNotice) -> str:
    return hashlib.sha256(notice.idempotency_key.encode()).hexdigest()[:12]
