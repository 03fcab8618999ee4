"""
Telling Shopify what left in a parcel.

Shopify's mutations take no key. A parcel is known by its tracking number instead:
whatever the order's fulfilments have already is not told again, and where two callers
told it in the same moment the older fulfilment stays and the other is cancelled. Who
puts only the carrier right names the fulfilment that has the number.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import attrs

from sourcehere.ports.platforms import Fulfilment, ParcelNotice
from sourcehere_http.locks import KeyedLocks

from .client import Client
from .config import ShopifyConfig
from .fulfilment_orders import FulfilmentOrders
from .ids import no_such_order, order_gid
from .notes import NumberNotes, is_note
from .snapshots import LIVE, units_of

_LOCKS = KeyedLocks()


@attrs.frozen
class Fulfiller:
    """
    Tells one shop of parcels.
    """

    client: Client
    config: ShopifyConfig

    def tell(self, parcel: Fulfilment) -> str:
        """
        Tell what left, once; return the ids of the fulfilments with its number.
        """
        with _LOCKS.of(self.config.shop, parcel.external_id):
            order = self.look(parcel.external_id)
            if found := told_of(order, parcel):
                return _reference(found)
            earlier = self._earlier(order, parcel)
            if earlier and _units(earlier) == _wanted(parcel):
                return self._correct(earlier, parcel)
            for old in earlier:
                self.client.change(
                    "cancel_fulfilment", "fulfillmentCancel", id=old["id"]
                )
            if earlier:
                order = self.look(parcel.external_id)
            return self._create(order, parcel)

    def look(self, external_id: str) -> Any:
        """
        Read what an order has, and what of it can be fulfilled.

        Raises:
            DeclinedError: If there is no such order.
        """
        told = self.client.ask("to_fulfil", id=order_gid(external_id))
        if told["order"] is None:
            raise no_such_order(external_id)
        return told["order"]

    def _earlier(self, order: Any, parcel: Fulfilment) -> list[Any]:
        """
        Return the fulfilments in whose place this one comes.
        """
        reference = parcel.replaces_reference
        if is_note(reference):
            NumberNotes(self.client).forget(reference)
            return []
        names = reference.split()
        return [one for one in _live(order) if one["id"] in names]

    def _correct(self, earlier: Sequence[Any], parcel: Fulfilment) -> str:
        for one in earlier:
            self.client.change(
                "tracking",
                "fulfillmentTrackingInfoUpdate",
                id=one["id"],
                tracking=_tracking(parcel),
                notify=self.config.notifies_customers,
            )
        return _reference(earlier)

    def _create(self, order: Any, parcel: Fulfilment) -> str:
        """
        Make a fulfilment for each location that its units are assigned to.
        """
        orders = FulfilmentOrders(self.client, self.config)
        made = []
        for items in orders.by_location(order, _wanted(parcel)):
            given = self.client.change(
                "fulfil",
                "fulfillmentCreate",
                fulfillment={
                    "lineItemsByFulfillmentOrder": items,
                    "notifyCustomer": self.config.notifies_customers,
                    "trackingInfo": _tracking(parcel),
                },
            )
            made.append(given["fulfillment"])
        if len(made) == 1:
            return self._alone(made[0], parcel)
        return _reference(made)

    def _alone(self, made: Any, parcel: Fulfilment) -> str:
        """
        Cancel the fulfilment that was made if another process told the same before it.
        """
        same = with_number(made["order"], parcel.tracking_number)
        first = min([*same, made], key=_age)
        if first["id"] != made["id"]:
            self.client.change("cancel_fulfilment", "fulfillmentCancel", id=made["id"])
        return str(first["id"])


def with_number(order: Any, number: str) -> list[Any]:
    """
    Return the fulfilments that count and have a tracking number.
    """
    return [
        one
        for one in _live(order)
        if any(info["number"] == number for info in one["trackingInfo"])
    ]


def told_of(order: Any, notice: ParcelNotice) -> list[Any]:
    """
    Return the fulfilments that are as a notice says: with its number, and not those
    whose carrier it puts right.
    """
    found = with_number(order, notice.tracking_number)
    earlier = notice.replaces_reference.split()
    companies = {info["company"] for one in found for info in one["trackingInfo"]}
    is_right = notice.carrier in companies or not any(x["id"] in earlier for x in found)
    return found if is_right else []


def key_reference(order: Any, notice: ParcelNotice) -> str | None:
    """
    Return what a parcel is called in an order; None where it was not told.
    """
    found = told_of(order, notice)
    return _reference(found) if found else None


def _live(order: Any) -> list[Any]:
    return [one for one in order["fulfillments"] if one["status"] == LIVE]


def _reference(found: Sequence[Any]) -> str:
    return " ".join(one["id"] for one in sorted(found, key=_age))


def _age(fulfilment: Any) -> tuple[int, str]:
    name = fulfilment["id"].rpartition("/")[2]
    return len(name), name


def _units(fulfilments: Sequence[Any]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in fulfilments:
        total += units_of(one)
    return total


def _wanted(parcel: Fulfilment) -> Counter[str]:
    wanted: Counter[str] = Counter()
    for line in parcel.lines:
        wanted[f"gid://shopify/LineItem/{line.external_line_id}"] += line.quantity
    return wanted


def _tracking(parcel: Fulfilment) -> dict[str, str]:
    return {"company": parcel.carrier, "number": parcel.tracking_number}
