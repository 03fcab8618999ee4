"""
Which of Shopify's fulfilment orders the units of a parcel belong to.

One that is scheduled is opened, one that was submitted to us is accepted, one that is
assigned elsewhere is moved to our location if there is one, and one on hold is released
if the configuration says so. Then a parcel's units are taken from them, in their order.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from sourcehere.ports.errors import DeclinedError

from .client import PROVIDER, Client
from .config import ShopifyConfig

LINES_MAX = 250  # Shopify takes no longer array
_OVER = frozenset({"CANCELLED", "CLOSED"})
# A fulfilment service was asked for it: Shopify moves it to no other location.
_SERVICED = frozenset(
    {"SUBMITTED", "ACCEPTED", "CANCELLATION_REQUESTED", "CANCELLATION_REJECTED"}
)
_Items = list[dict[str, object]]


@attrs.frozen
class FulfilmentOrders:
    """
    Finds and readies the fulfilment orders of one order.
    """

    client: Client
    config: ShopifyConfig

    def ready(self, order: Any, wanted: Counter[str]) -> bool:
        """
        Ready what the units of a parcel are in, once all of it can be.

        Args:
            wanted: Line -> units.

        Returns:
            Whether something was moved. Shopify may have put that into another
            fulfilment order, with what our location had already: the order has to be
            looked at again.

        Raises:
            DeclinedError: If an order on hold, or that a fulfilment service was asked
                for elsewhere, or too few units stand against it.
        """
        concerned = [one for one, _ in _taken(order, wanted)]
        for one in concerned:
            self._check(one)
        for one in concerned:
            self._ready(one)
        elsewhere = [one for one in concerned if self._is_elsewhere(one)]
        ours = self.config.location_gid
        for one in elsewhere:
            self.client.change(
                "move", "fulfillmentOrderMove", id=one["id"], location=ours
            )
        return bool(elsewhere)

    def to_make(self, order: Any, wanted: Counter[str]) -> list[_Items]:
        """
        Return what to fulfil, as `fulfillmentCreate` takes it: a fulfilment has units
        of one location, and of so many lines as Shopify takes at once.

        Args:
            wanted: Line -> units.

        Raises:
            DeclinedError: If there are too few units.
        """
        found: dict[str, list[tuple[str, _Items]]] = defaultdict(list)
        for one, items in _taken(order, wanted):
            found[_location(one)].append((one["id"], items))
        return [call for there in found.values() for call in _calls(there)]

    def _is_elsewhere(self, one: Any) -> bool:
        ours = self.config.location_gid
        return bool(ours) and _location(one) != ours

    def _check(self, one: Any) -> None:
        """
        Raise what stands against readying a fulfilment order.
        """
        if one["status"] == "ON_HOLD" and not self.config.releases_holds:
            holds = one["fulfillmentHolds"]
            words = "; ".join(
                hold["reasonNotes"] or hold["reason"].lower() for hold in holds
            )
            detail = f"the order is on hold in the shop: {words}"
            raise DeclinedError(provider=PROVIDER, detail=detail)
        if one["requestStatus"] in _SERVICED and self._is_elsewhere(one):
            detail = (
                f"a fulfilment service was asked for it ({one['requestStatus']}) at"
                " another location: cancel the request in the shop"
            )
            raise DeclinedError(provider=PROVIDER, detail=detail)

    def _ready(self, one: Any) -> None:
        name = one["id"]
        if one["status"] == "ON_HOLD":
            self.client.change("release", "fulfillmentOrderReleaseHold", id=name)
        if one["status"] == "SCHEDULED":
            self.client.change("open", "fulfillmentOrderOpen", id=name)
        if one["requestStatus"] == "SUBMITTED":
            self.client.change(
                "accept", "fulfillmentOrderAcceptFulfillmentRequest", id=name
            )


def _location(one: Any) -> str:
    return str((one["assignedLocation"]["location"] or {}).get("id", ""))


def _taken(order: Any, wanted: Counter[str]) -> list[tuple[Any, _Items]]:
    """
    Return the fulfilment orders that have what is wanted, and what to take of each.

    Raises:
        DeclinedError: If they have too little.
    """
    left = Counter(wanted)
    found = []
    for one in order["fulfillmentOrders"]["nodes"]:
        items = _take(one, left)
        if items:
            found.append((one, items))
    if +left:
        missing = ", ".join(f"{n} of {line}" for line, n in sorted((+left).items()))
        detail = f"the shop has no units left to fulfil: {missing}"
        raise DeclinedError(provider=PROVIDER, detail=detail)
    return found


def _calls(taken: Sequence[tuple[str, _Items]]) -> Iterator[_Items]:
    """
    Divide what was taken at one location into calls that Shopify takes.
    """
    call: _Items = []
    room = LINES_MAX
    for name, items in taken:
        left = items
        while left:
            part, left = left[:room], left[room:]
            call.append({"fulfillmentOrderId": name, "fulfillmentOrderLineItems": part})
            room -= len(part)
            if not room:
                yield call
                call, room = [], LINES_MAX
    if call:
        yield call


def _take(one: Any, left: Counter[str]) -> _Items:
    """
    Take what a fulfilment order has of what is wanted.
    """
    if one["status"] in _OVER:
        return []
    items: _Items = []
    for item in one["lineItems"]["nodes"]:
        line = item["lineItem"]["id"]
        units = min(left[line], item["remainingQuantity"])
        if units > 0:
            items.append({"id": item["id"], "quantity": units})
            left[line] -= units
    return items
