"""
EasyPost, as its API says: what karrio loses of it.

karrio 2026.1 does not pass on what a label cost, takes a refund that was rejected for
done, and calls a parcel that was announced, or that goes back, something else.
Source: docs.easypost.com (shipments, shipping refund, trackers).
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sourcehere import Money, TrackingStatus

from .amounts import exact
from .own import Bought, Own
from .wire import Exchange

_SHIPMENTS, _BUY = "/shipments", "/buy"
_VOID = frozenset({"submitted", "refunded"})
_NOT_VOID = frozenset({"rejected", "not_applicable"})
_STATUSES: dict[str, TrackingStatus | None] = {
    "unknown": None,
    "error": None,
    "pre_transit": TrackingStatus.PENDING,
    "in_transit": TrackingStatus.IN_TRANSIT,
    "out_for_delivery": TrackingStatus.OUT_FOR_DELIVERY,
    "available_for_pickup": TrackingStatus.READY_FOR_PICKUP,
    "delivered": TrackingStatus.DELIVERED,
    "return_to_sender": TrackingStatus.RETURN_TO_SENDER,
    "failure": TrackingStatus.DELIVERY_FAILED,
    "cancelled": TrackingStatus.CANCELLED,
}


class EasyPost(Own):
    """
    Makes a shipment, which costs nothing, and then buys one of its rates.
    """

    def acts(self, exchange: Exchange) -> bool:
        """
        Only what buys.
        """
        return super().acts(exchange) and exchange.path.endswith(_BUY)

    def bought(self, exchanges: Sequence[Exchange]) -> Bought | None:
        """
        Read the shipment that was bought: its price is a text there.
        """
        for exchange in exchanges:
            if self.acts(exchange):
                told = _object(exchange)
                name, number = _text(told["id"]), _text(told["tracking_code"])
                return Bought(
                    name, number, _price(told, f"label {name}, number {number}")
                )
        return None

    def refusal(self, exchanges: Sequence[Exchange]) -> str:
        """
        A shipment without a rate of the service cannot be bought; why is among its
        messages.
        """
        if len(exchanges) != 1 or not exchanges[0].path.endswith(_SHIPMENTS):
            return ""
        try:
            told = _object(exchanges[0])
            names = [rate["service"] for rate in told["rates"]]
            words = [str(one["message"]) for one in told.get("messages") or ()]
        except (ValueError, LookupError, TypeError):
            return ""
        if not isinstance(told.get("id"), str):
            return ""
        offered = ", ".join(map(str, names)) or "none"
        return "; ".join(words) or f"the service is not offered; offered: {offered}"

    def is_void(self, exchanges: Sequence[Exchange]) -> bool | None:
        """
        By the status of the refund.
        """
        last = exchanges[-1]
        status = _object(last)["refund_status"]
        if status not in _VOID | _NOT_VOID:
            msg = "a refund in no known state"
            raise ValueError(msg)
        return status in _VOID

    def statuses(self) -> dict[str, TrackingStatus | None]:
        """
        Return the statuses of a tracker.
        """
        return _STATUSES


def _price(told: dict[str, Any], called: str) -> Money:
    """
    Return what a label cost; a person finds it by what it is *called*.
    """
    try:
        rate = told["selected_rate"]
        return exact(rate["rate"], rate["currency"])
    except (ValueError, LookupError, TypeError) as error:
        msg = f"{called}, is sold, and its price cannot be read: {error}"
        raise ValueError(msg) from None


def _object(exchange: Exchange) -> dict[str, Any]:
    told = json.loads(exchange.body, parse_float=Decimal)
    if not isinstance(told, dict):
        msg = "no object"
        raise TypeError(msg)
    return told


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        msg = "no text"
        raise TypeError(msg)
    return value
