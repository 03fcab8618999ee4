"""
Telling Vendure what left in a parcel.

Vendure's mutations take no key. A parcel is known by its number and its units instead:
what an order has already is not told again, only finished. What has the number and
other units, or is another parcel's already, is another box, since carriers give several
of one order one number. A
fulfilment is made first and shipped then, and its number and carrier cannot be changed:
to put them right the old one is cancelled.
"""

import contextlib
from collections import Counter
from typing import Any

import attrs

from sourcehere.ports.errors import DeclinedError
from sourcehere.ports.platforms import Fulfilment, ParcelNotice
from sourcehere_http.locks import KeyedLocks

from .client import PROVIDER, Client
from .config import VendureConfig
from .notes import NumberNotes
from .orders import is_name
from .refunds import units_of
from .snapshots import CANCELLED, NOT_SENT

_PREFIX = "fulfilment/"
_SHIPPED = "Shipped"

_LOCKS = KeyedLocks()


@attrs.frozen
class Teller:
    """
    Tells one shop of parcels.
    """

    client: Client
    config: VendureConfig
    notes: NumberNotes

    def tell(self, parcel: Fulfilment) -> str:
        """
        Tell what left, once; return which fulfilment has its number.
        """
        with _LOCKS.of(self.config.url, parcel.external_id):
            order = self._look(parcel.external_id)
            found = told_of(order, parcel)
            made = None
            if not found:
                self._cancel_earlier(order, parcel)
                made = self._create(parcel)
                # Another process may have told it in the same moment.
                again = self._look(parcel.external_id)
                found = _of_parcel(again, parcel) or [made]
            self._take_back(found, made)
            self._finish(found[0])
            self.notes.forget(order, parcel.replaces_reference)
            return _reference(found[0])

    def note(self, notice: ParcelNotice) -> str:
        """
        Note a number that completes no unit; once per key.
        """
        with _LOCKS.of(self.config.url, notice.external_id):
            order = self._look(notice.external_id)
            reference = self.notes.find(order, notice) or self.notes.write(
                order, notice
            )
            self._cancel_earlier(order, notice)
            if notice.replaces_reference != reference:
                self.notes.forget(order, notice.replaces_reference)
            return reference

    def find(self, notice: ParcelNotice) -> str | None:
        """
        Return what a notice is called in the shop; None where it was not taken, or not
        brought to its end.
        """
        order = self._look(notice.external_id)
        if not isinstance(notice, Fulfilment):
            return self.notes.find(order, notice)
        found = told_of(order, notice)
        if not found or found[0]["state"] in NOT_SENT:
            return None
        return _reference(found[0])

    def _look(self, external_id: str) -> dict[str, Any]:
        """
        Read what was told of an order, with all of its notes.

        Raises:
            DeclinedError: If there is no such order.
        """
        told = None
        if is_name(external_id):
            told = self.client.ask("told", id=external_id)["order"]
        if not isinstance(told, dict):
            detail = f"there is no order {external_id}"
            raise DeclinedError(provider=PROVIDER, detail=detail)
        return self.notes.whole(told)

    def _cancel_earlier(self, order: dict[str, Any], notice: ParcelNotice) -> None:
        """
        Cancel the fulfilment in whose place this notice comes.
        """
        for one in _live(order):
            if _reference(one) == notice.replaces_reference:
                self._move(one, CANCELLED)

    def _create(self, parcel: Fulfilment) -> dict[str, Any]:
        arguments = {"method": parcel.carrier, "trackingCode": parcel.tracking_number}
        given = {
            "lines": [
                {"orderLineId": name, "quantity": n}
                for name, n in _wanted(parcel).items()
            ],
            "handler": {
                "code": self.config.handler,
                "arguments": [{"name": n, "value": v} for n, v in arguments.items()],
            },
        }
        return self.client.change("fulfil", "addFulfillmentToOrder", input=given)

    def _take_back(
        self, found: list[dict[str, Any]], made: dict[str, Any] | None
    ) -> None:
        """
        Cancel what was made beside another one that comes before it: by us now, or once
        by anybody if the other one has left.
        """
        first, *others = found
        for one in others:
            is_ours = made is not None and one["id"] == made["id"]
            is_spare = one["state"] in NOT_SENT and first["state"] not in NOT_SENT
            if is_ours or is_spare:
                with contextlib.suppress(DeclinedError):  # whoever made it was faster
                    self._move(one, CANCELLED)

    def _finish(self, fulfilment: dict[str, Any]) -> None:
        """
        Let a fulfilment be shipped, or be gone if the shop does not ship it.
        """
        if fulfilment["state"] not in NOT_SENT:
            return
        try:
            self._move(fulfilment, _SHIPPED)
        except DeclinedError:
            self._move(fulfilment, CANCELLED)
            raise

    def _move(self, fulfilment: dict[str, Any], state: str) -> None:
        field = "transitionFulfillmentToState"
        self.client.change("transition", field, id=fulfilment["id"], state=state)


def told_of(order: dict[str, Any], parcel: Fulfilment) -> list[dict[str, Any]]:
    """
    Return the fulfilments that are as a parcel says: with its number and units, and not
    the one whose carrier it puts right.
    """
    return [
        one
        for one in _of_parcel(order, parcel)
        if not (
            _reference(one) == parcel.replaces_reference
            and one["method"] != parcel.carrier
        )
    ]


def _of_parcel(order: dict[str, Any], parcel: Fulfilment) -> list[dict[str, Any]]:
    """
    Return the fulfilments with a parcel's number that have just its units, else one
    that has them all, or begins them: those that left first, then the older ones.
    """
    wanted, number = _wanted(parcel), parcel.tracking_number
    found = [
        one
        for one in _live(order)
        if one["trackingCode"] == number and _reference(one) not in parcel.beside
    ]
    found.sort(key=lambda one: (one["state"] in NOT_SENT, _age(one)))
    if same := [one for one in found if units_of(one) == wanted]:
        return same
    mine = [one for one in found if units_of(one).keys() & wanted.keys()]
    total: Counter[str] = Counter()
    for one in mine:
        total += units_of(one)
    return mine[:1] if wanted <= total else []


def _wanted(parcel: Fulfilment) -> Counter[str]:
    wanted: Counter[str] = Counter()
    for line in parcel.lines:
        wanted[line.external_line_id] += line.quantity
    return wanted


def _live(order: dict[str, Any]) -> list[dict[str, Any]]:
    told = order["fulfillments"] or ()
    return [one for one in told if one["state"] != CANCELLED]


def _reference(fulfilment: dict[str, Any]) -> str:
    return f"{_PREFIX}{fulfilment['id']}"


def _age(fulfilment: dict[str, Any]) -> tuple[int, str]:
    name = str(fulfilment["id"])
    return len(name), name
