"""
Telling Medusa what left in a parcel: a fulfilment, which is then shipped.

The Admin API takes no keys: they are written beside what is made. What an order has
already is asked for first, and is not told again, only finished. A fulfilment that is
shipped cannot be cancelled: to put its number right its label is replaced, by the
workflow that makes labels.
"""

import contextlib
from collections import Counter

import attrs

from sourcehere.ports.errors import DeclinedError, ProtocolError
from sourcehere.ports.platforms import Fulfilment, ParcelNotice
from sourcehere_http.locks import KeyedLocks

from .client import PROVIDER, Client
from .config import MedusaConfig
from .orders import OrderReader
from .parcels import (
    FIELDS,
    Told,
    earlier,
    has_note,
    is_shipped,
    kept_notes,
    marked,
    note_name,
    note_of,
    of_notice,
)

_CORRECT = "/workflows-executions/update-fulfillment-workflow/run"
_LOCKS = KeyedLocks()


@attrs.frozen
class Teller:
    """
    Tells one shop of parcels.
    """

    client: Client
    config: MedusaConfig
    orders: OrderReader

    def tell(self, parcel: Fulfilment) -> str:
        """
        Tell what left, once; return which fulfilment has its number.
        """
        with _LOCKS.of(self.config.url, parcel.external_id):
            order = self._look(parcel.external_id)
            before = {str(one["id"]) for one in order["fulfillments"] or ()}
            found = of_notice(order, parcel)
            if not found:
                if not self._correct(order, parcel):
                    self._create(parcel)
                # Another process may have told it in the same moment.
                found = self._found(parcel)
            first, *others = found
            has_left = is_shipped(first)
            spare = [one for one in others if has_left or one["id"] not in before]
            self._take_back(parcel, spare)
            self._finish(parcel, first)
            self._forget(order, parcel, keep="")
            return str(first["id"])

    def note(self, notice: ParcelNotice) -> str:
        """
        Keep a number that completes no unit; once per key.
        """
        with _LOCKS.of(self.config.url, notice.external_id):
            order = self._look(notice.external_id)
            found = of_notice(order, notice)
            if found or self._correct(order, notice):
                # Its units were sent, and nothing takes that back.
                return str((found or self._found(notice))[0]["id"])
            name = note_name(notice.parcel_id)
            if not has_note(order, notice):
                self._write(notice.external_id, {name: note_of(order, notice)})
            self._forget(order, notice, keep=name)
            return name

    def find(self, notice: ParcelNotice) -> str | None:
        """
        Return what a notice is called in the shop; None where it was not taken, or not
        brought to its end.
        """
        order = self._look(notice.external_id)
        found = of_notice(order, notice)
        if found and is_shipped(found[0]):
            return str(found[0]["id"])
        if not isinstance(notice, Fulfilment) and has_note(order, notice):
            return note_name(notice.parcel_id)
        return None

    def _look(self, external_id: str) -> Told:
        """
        Read what was told of an order.

        Raises:
            DeclinedError: If there is no such order.
        """
        told = self.orders.told(external_id, FIELDS)
        if told is None:
            detail = f"there is no order {external_id}"
            raise DeclinedError(provider=PROVIDER, detail=detail)
        return told

    def _found(self, notice: ParcelNotice) -> list[Told]:
        """
        Return the fulfilments of a notice that was told just now.
        """
        found = of_notice(self._look(notice.external_id), notice)
        if not found:
            detail = f"{notice.tracking_number} was told, and no fulfilment has it"
            raise ProtocolError(provider=PROVIDER, detail=detail)
        return found

    def _correct(self, order: Told, notice: ParcelNotice) -> bool:
        """
        Put the notice's number into the label of the fulfilment in whose place it
        comes. One that was not shipped yet is cancelled instead.

        Returns:
            Whether a fulfilment has the number now.
        """
        known = earlier(order, notice)
        if known is None:
            return False
        if not is_shipped(known):
            self._cancel(notice, known)
            return False
        changed = {
            "id": known["id"],
            "labels": [_label(notice)],
            "metadata": marked(notice, known),
        }
        why = "putting a number right"
        self.client.send(_CORRECT, {"input": changed}, "acknowledgement", {}, why=why)
        return True

    def _create(self, parcel: Fulfilment) -> None:
        units: Counter[str] = Counter()
        for line in parcel.lines:
            units[line.external_line_id] += line.quantity
        body: dict[str, object] = {
            "items": [{"id": name, "quantity": n} for name, n in units.items()],
            "metadata": marked(parcel),
            "no_notification": not self.config.tells_customers,
        }
        if self.config.location:
            body["location_id"] = self.config.location
        self._post(parcel, "fulfillments", body, why="telling a parcel")

    def _take_back(self, notice: ParcelNotice, spare: list[Told]) -> None:
        """
        Cancel what was made beside another one that comes before it: now, or once by
        anybody if the other one has left.
        """
        for one in spare:
            if not is_shipped(one):
                with contextlib.suppress(DeclinedError):  # whoever made it was faster
                    self._cancel(notice, one)

    def _finish(self, parcel: Fulfilment, fulfilment: Told) -> None:
        """
        Ship a fulfilment, or cancel it if the shop does not ship it.
        """
        if is_shipped(fulfilment):
            return
        body = {
            "items": [
                {"id": line.external_line_id, "quantity": line.quantity}
                for line in parcel.lines
            ],
            "labels": [_label(parcel)],
            "no_notification": not self.config.tells_customers,
        }
        path = f"fulfillments/{fulfilment['id']}/shipments"
        try:
            self._post(parcel, path, body, why="shipping a parcel")
        except DeclinedError:
            # Another process may have shipped it in the same moment.
            if is_shipped(self._found(parcel)[0]):
                return
            self._cancel(parcel, fulfilment)
            raise

    def _cancel(self, notice: ParcelNotice, fulfilment: Told) -> None:
        path = f"fulfillments/{fulfilment['id']}/cancel"
        self._post(notice, path, {}, why="cancelling a fulfilment")

    def _forget(self, order: Told, notice: ParcelNotice, *, keep: str) -> None:
        """
        Take the numbers away that another notice takes the place of.
        """
        gone = kept_notes(order, notice) - {keep}
        if gone:
            # An empty text takes a piece away.
            self._write(notice.external_id, dict.fromkeys(sorted(gone), ""))

    def _write(self, external_id: str, pieces: dict[str, object]) -> None:
        path, wanted = f"/orders/{external_id}", {"fields": "id"}
        body = {"metadata": pieces}
        self.client.send(path, body, "order", wanted, why="keeping a number")

    def _post(self, notice: ParcelNotice, path: str, body: object, *, why: str) -> None:
        whole, wanted = f"/orders/{notice.external_id}/{path}", {"fields": "id"}
        self.client.send(whole, body, "order", wanted, why=why)


def _label(notice: ParcelNotice) -> dict[str, str]:
    number = notice.tracking_number
    return {"tracking_number": number, "tracking_url": "", "label_url": ""}
