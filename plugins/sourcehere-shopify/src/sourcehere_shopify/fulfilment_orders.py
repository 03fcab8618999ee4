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
_Items = list[dict[str, object]]


@attrs.frozen
class FulfilmentOrders:
    """
    Finds and readies the fulfilment orders of one order.
    """

    client: Client
    config: ShopifyConfig

    def to_make(self, order: Any, wanted: Counter[str]) -> list[_Items]:
        """
        Return what to fulfil, as `fulfillmentCreate` takes it: a fulfilment has units
        of one location, and of so many lines as Shopify takes at once.

        Args:
            wanted: Line -> units.

        Raises:
            DeclinedError: If an order on hold, or too few units, stand against it.
        """
        left = Counter(wanted)
        taken: dict[str, list[tuple[str, _Items]]] = defaultdict(list)
        for one in order["fulfillmentOrders"]["nodes"]:
            items = _take(one, left)
            if items:
                self._ready(one)
                taken[self._location(one)].append((one["id"], items))
        if +left:
            missing = ", ".join(f"{n} of {line}" for line, n in sorted((+left).items()))
            detail = f"the shop has no units left to fulfil: {missing}"
            raise DeclinedError(provider=PROVIDER, detail=detail)
        return [call for there in taken.values() for call in _calls(there)]

    def _location(self, one: Any) -> str:
        ours = self.config.location_gid
        return ours or str((one["assignedLocation"]["location"] or {}).get("id", ""))

    def _ready(self, one: Any) -> None:
        name = one["id"]
        if one["status"] == "ON_HOLD":
            self._release(one)
        if one["status"] == "SCHEDULED":
            self.client.change("open", "fulfillmentOrderOpen", id=name)
        if one["requestStatus"] == "SUBMITTED":
            self.client.change(
                "accept", "fulfillmentOrderAcceptFulfillmentRequest", id=name
            )
        ours = self.config.location_gid
        location = (one["assignedLocation"]["location"] or {}).get("id")
        if ours and location != ours:
            self.client.change("move", "fulfillmentOrderMove", id=name, location=ours)

    def _release(self, one: Any) -> None:
        if not self.config.releases_holds:
            holds = one["fulfillmentHolds"]
            words = "; ".join(
                hold["reasonNotes"] or hold["reason"].lower() for hold in holds
            )
            detail = f"the order is on hold in the shop: {words}"
            raise DeclinedError(provider=PROVIDER, detail=detail)
        self.client.change("release", "fulfillmentOrderReleaseHold", id=one["id"])


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
