"""
Telling a shop what left in a parcel: metadata, a status, and a note to the customer.

The metadata and the status are written in one request, under a name that is the
parcel's, so that telling it twice writes the same. The note is written behind it, and
looked for before it is written again.
"""

from collections import Counter
from typing import Any

import attrs

from sourcehere.ports.errors import DeclinedError
from sourcehere.ports.platforms import ParcelNotice
from sourcehere_http.locks import KeyedLocks

from .client import PROVIDER, Client
from .config import WooConfig
from .orders import WooOrders
from .parcels import (
    PREFIX,
    KeptParcel,
    kept_of,
    name_of,
    parcels_of,
    refunded_of,
    whole,
)

_OPEN = frozenset({"processing", "on-hold", "pending"})

_LOCKS = KeyedLocks()


@attrs.frozen
class Teller:
    """
    Tells one shop of parcels.
    """

    client: Client
    config: WooConfig
    orders: WooOrders

    def tell(self, notice: ParcelNotice) -> str:
        """
        Keep a parcel beside its order, once per key; return its name there.

        Raises:
            DeclinedError: If there is no such order.
        """
        with _LOCKS.of(self.config.url, notice.external_id):
            order = self.orders.told(notice.external_id)
            if order is None:
                detail = f"there is no order {notice.external_id}"
                raise DeclinedError(provider=PROVIDER, detail=detail)
            known = parcels_of(order).get(name_of(notice.parcel_id))
            if known is not None and notice.idempotency_key in known.keys:
                self._note(notice, is_new=False)
                return known.name
            kept = kept_of(notice, known)
            self._write(order, notice, kept)
            self._note(notice, is_new=True)
            return kept.name

    def find(self, notice: ParcelNotice) -> str | None:
        """
        Return what a parcel is called in the shop; None if its key was not taken.
        """
        order = self.orders.told(notice.external_id)
        known = parcels_of(order or {"meta_data": []}).get(name_of(notice.parcel_id))
        if known is None or notice.idempotency_key not in known.keys:
            return None
        return known.name

    def _write(
        self, order: dict[str, Any], notice: ParcelNotice, kept: KeptParcel
    ) -> None:
        """
        Write the parcel, take away those it stands for, and complete the order if all
        of it has left.
        """
        gone = _replaced(order, notice) - {kept.name}
        # A value of null takes a piece away.
        pieces = [{"key": name, "value": None} for name in sorted(gone)]
        pieces.append({"key": kept.name, "value": kept.as_text()})
        if self.config.number_meta:
            pieces.append({"key": self.config.number_meta, "value": kept.number})
        if self.config.carrier_meta:
            pieces.append({"key": self.config.carrier_meta, "value": kept.carrier})
        body: dict[str, object] = {"meta_data": _with_ids(order, pieces)}
        if self.config.completes and self._is_whole(order, kept, gone):
            body["status"] = "completed"
        path = f"/orders/{notice.external_id}"
        self.client.send("PUT", path, body, why="telling a parcel")

    def _is_whole(
        self, order: dict[str, Any], kept: KeptParcel, gone: set[str]
    ) -> bool:
        """
        Tell whether every unit of an order has left with this parcel, those left out
        that were refunded.
        """
        if order["status"] not in _OPEN or not kept.units:
            return False
        over = Counter(kept.units)
        for name, parcel in parcels_of(order).items():
            if name not in gone and name != kept.name:
                over.update(parcel.units)
        over += refunded_of(self.orders.refunds(order))
        return all(
            over[str(line["id"])] >= whole(line["quantity"])
            for line in order["line_items"]
        )

    def _note(self, notice: ParcelNotice, *, is_new: bool) -> None:
        """
        Write the note that the customer is mailed, unless it was written.
        """
        if not self.config.tells_customers:
            return
        path = f"/orders/{notice.external_id}/notes"
        words = f"Shipped with {notice.carrier}: {notice.tracking_number}"
        if not is_new:
            known = self.client.notes(notice.external_id)
            if any(note["note"] == words for note in known):
                return
        note = {"note": words, "customer_note": True}
        self.client.send("POST", path, note, why="writing a note")


def _replaced(order: dict[str, Any], notice: ParcelNotice) -> set[str]:
    """
    Return the names of the parcels in whose place this one was sent.
    """
    names = {name_of(parcel_id) for parcel_id in notice.replaces}
    if notice.replaces_reference.startswith(PREFIX):
        names.add(notice.replaces_reference)
    return names & parcels_of(order).keys()


def _with_ids(
    order: dict[str, Any], pieces: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """
    Name the pieces that are there already by their ids, so that they are written over.
    """
    ids = {piece["key"]: piece["id"] for piece in order["meta_data"]}
    return [
        piece | ({"id": ids[piece["key"]]} if piece["key"] in ids else {})
        for piece in pieces
    ]
