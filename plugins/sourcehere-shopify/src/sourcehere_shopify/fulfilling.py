"""
Telling Shopify what left in a parcel.

Shopify's mutations take no key. A parcel is known by its tracking number and its units
instead: whatever the order's fulfilments have already is not told again, and where two
callers told it in the same moment the older fulfilment stays and the other is
cancelled. Who puts only the carrier right names the fulfilment that has the number.
"""

from collections.abc import Sequence
from typing import Any

import attrs

from sourcehere.ports.platforms import Fulfilment
from sourcehere_http.locks import KeyedLocks

from .client import Client
from .config import ShopifyConfig
from .fulfilment_orders import FulfilmentOrders
from .ids import no_such_order, order_gid
from .notes import NumberNotes, is_note
from .rest import Rest
from .told_parcels import (
    begun_of,
    first_like,
    live,
    reference_of,
    told_of,
    units_in,
    wanted_of,
)

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
                return reference_of(found)
            earlier = self._earlier(order, parcel)
            if earlier and units_in(earlier) == wanted_of(parcel):
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
        return Rest(self.client).of_look(told["order"])

    def _earlier(self, order: Any, parcel: Fulfilment) -> list[Any]:
        """
        Return the fulfilments in whose place this one comes.
        """
        reference = parcel.replaces_reference
        if is_note(reference):
            NumberNotes(self.client).forget(reference)
            return []
        names = reference.split()
        return [one for one in live(order) if one["id"] in names]

    def _correct(self, earlier: Sequence[Any], parcel: Fulfilment) -> str:
        for one in earlier:
            self.client.change(
                "tracking",
                "fulfillmentTrackingInfoUpdate",
                id=one["id"],
                tracking=_tracking(parcel),
                notify=self.config.notifies_customers,
            )
        return reference_of(earlier)

    def _create(self, order: Any, parcel: Fulfilment) -> str:
        """
        Make a fulfilment for each location that its units are assigned to, and for as
        many lines as Shopify takes at once; those that were made before a crash stay.
        """
        orders = FulfilmentOrders(self.client, self.config)
        begun = begun_of(order, parcel)
        left = wanted_of(parcel) - units_in(begun)
        if orders.ready(order, left):
            order = self.look(parcel.external_id)
        made = []
        for items in orders.to_make(order, left):
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
        if len(made) == 1 and not begun:
            return self._alone(made[0], parcel)
        return reference_of([*begun, *made])

    def _alone(self, made: Any, parcel: Fulfilment) -> str:
        """
        Cancel the fulfilment that was made if another process told the same before it.
        """
        order = Rest(self.client).of_made(made["order"])
        first = first_like(order, parcel) or made
        if first["id"] != made["id"]:
            self.client.change("cancel_fulfilment", "fulfillmentCancel", id=made["id"])
        return str(first["id"])


def key_reference(order: Any, parcel: Fulfilment) -> str | None:
    """
    Return what a parcel is called in an order; None where it was not told.
    """
    found = told_of(order, parcel)
    return reference_of(found) if found else None


def _tracking(parcel: Fulfilment) -> dict[str, str]:
    return {"company": parcel.carrier, "number": parcel.tracking_number}
