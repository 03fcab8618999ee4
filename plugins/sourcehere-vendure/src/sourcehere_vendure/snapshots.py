"""
An order as the Admin API tells it, as a snapshot.
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sourcehere.domain.kernel.address import UNKNOWN_COUNTRY, Address
from sourcehere.domain.kernel.countries import country_code, is_country
from sourcehere.domain.kernel.money import Money
from sourcehere.domain.stores.model import (
    SnapshotLine,
    StoreOrderSnapshot,
)
from sourcehere_http.shapes import OddValueError

from .refunds import refunded_of, time_of, units_of

CANCELLED = "Cancelled"
NOT_SENT = frozenset({"Created", "Pending"})  # of a fulfilment that is not cancelled
_PAID = frozenset(
    {
        "PaymentSettled",
        "PartiallyShipped",
        "Shipped",
        "PartiallyDelivered",
        "Delivered",
    }
)
_AMENDED = frozenset({"Modifying", "ArrangingAdditionalPayment"})


def read_order(
    told: dict[str, Any], decimals: int, cancelled: Counter[str]
) -> StoreOrderSnapshot:
    """
    Make a snapshot of an order.

    Args:
        decimals: How many the shop keeps amounts in.

        cancelled: Line -> units that were cancelled, of an order with refunds.

    Raises:
        LookupError, TypeError, ValueError, AttributeError, CallerError: If it makes no
            sense.
    """
    sent, gone = _sent(told), refunded_of(told)
    for line in told["lines"]:
        gone[str(line["id"])] -= _taken_off(line, cancelled)
    lines = tuple(
        _line(line, told["currencyCode"], decimals, sent, gone)
        for line in told["lines"]
    )
    return StoreOrderSnapshot(
        external_id=str(told["id"]),
        number=str(told["code"]),
        placed_at=time_of(told["orderPlacedAt"]),
        address=_address(told),
        lines=lines,
        paid_at_store=_is_paid(told),
        cancelled=told["state"] == CANCELLED,
        doubts=tuple(_doubts(told)),
        changed_at=time_of(told["updatedAt"]),
    )


def _line(
    told: dict[str, Any],
    currency: str,
    decimals: int,
    sent: Counter[str],
    gone: Counter[str],
) -> SnapshotLine:
    name, quantity = str(told["id"]), int(told["quantity"])
    left = max(quantity - sent[name], 0)
    variant = told["productVariant"]
    return SnapshotLine(
        external_line_id=name,
        sku=(variant["sku"] or "").strip(),
        title=variant["name"],
        quantity=quantity,
        unit_price=_price(told["proratedUnitPriceWithTax"], currency, decimals),
        quantity_fulfilled=sent[name],
        quantity_refunded=min(max(gone[name], 0), left),
        external_variant_id=str(variant["id"]),
        external_product_id=str(variant["productId"]),
    )


def _taken_off(told: dict[str, Any], cancelled: Counter[str]) -> int:
    """
    Return how many units of a line were cancelled: they are taken off its quantity, and
    mostly refunded, too.

    The history says so. Less than was ordered at first are there without one, as where
    ids are written otherwise in it; what was added later does not count as ordered.
    """
    fewer = int(told["orderPlacedQuantity"]) - int(told["quantity"])
    return max(cancelled[str(told["id"])], fewer, 0)


def _sent(told: dict[str, Any]) -> Counter[str]:
    """
    Return line -> units that have left.
    """
    units: Counter[str] = Counter()
    for fulfilment in told["fulfillments"] or ():
        if fulfilment["state"] not in {CANCELLED, *NOT_SENT}:
            units += units_of(fulfilment)
    return units


def _is_paid(told: dict[str, Any]) -> bool:
    """
    Tell whether an order is paid: by its state, or by its payments where a cancelled
    one, or a state of the shop's own, does not say.
    """
    if told["state"] in _PAID:
        return True
    settled = [p["amount"] for p in told["payments"] or () if p["state"] == "Settled"]
    return bool(settled) and sum(settled) >= told["totalWithTax"]


def _doubts(told: dict[str, Any]) -> Iterator[str]:
    if told["state"] in _AMENDED:
        yield "it is being amended in the shop"


def _price(told: object, currency: str, decimals: int) -> Money:
    if isinstance(told, bool) or not isinstance(told, int):
        msg = "an amount is no whole number"
        raise OddValueError(msg)
    return Money.parse(format(Decimal(told).scaleb(-decimals), "f"), currency)


def _address(told: dict[str, Any]) -> Address:
    """
    Return where the parcel goes; the billing address where there is no other.
    """
    billing, shipping = told["billingAddress"] or {}, told["shippingAddress"] or {}
    customer = told["customer"] or {}
    given = shipping if shipping.get("countryCode") else billing
    country = country_code(given.get("countryCode") or "")
    streets = (given.get("streetLine1"), given.get("streetLine2"))
    return Address(
        country if is_country(country) else UNKNOWN_COUNTRY,
        name=(given.get("fullName") or "").strip(),
        company=given.get("company") or "",
        street=", ".join(part for part in streets if part),
        city=given.get("city") or "",
        region=given.get("province") or "",
        postal_code=given.get("postalCode") or "",
        phone=given.get("phoneNumber") or customer.get("phoneNumber") or "",
        email=customer.get("emailAddress") or "",
    )
