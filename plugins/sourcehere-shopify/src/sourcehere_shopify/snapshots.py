"""
An order as the Admin API tells it, as a snapshot.

Units of a line: `unfulfilledQuantity` are to be sent, those in fulfilments that count
are sent, and what is left of the ordered ones was refunded, or edited away.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sourcehere.domain.kernel.address import UNKNOWN_COUNTRY, Address
from sourcehere.domain.kernel.countries import country_code, is_country
from sourcehere.domain.kernel.money import Money
from sourcehere.domain.stores.model import (
    Charge,
    SnapshotLine,
    StoreOrderSnapshot,
)
from sourcehere_http.shapes import OddValueError

UNPAID = frozenset({"PENDING", "AUTHORIZED", "PARTIALLY_PAID", "EXPIRED", None})
LIVE = "SUCCESS"  # of a fulfilment; any other is none


def read_order(told: dict[str, Any]) -> tuple[StoreOrderSnapshot, tuple[Charge, ...]]:
    """
    Make a snapshot of an order that was read whole, and of what in it needs no sending,
    such as a gift card.

    Raises:
        LookupError, TypeError, ValueError, CallerError: If it makes no sense.
    """
    lines = told["lineItems"]["nodes"]
    ships = [line for line in lines if line["requiresShipping"]]
    sent, refunded = _sent(told), _refunded(told)
    order = StoreOrderSnapshot(
        external_id=str(told["legacyResourceId"]),
        number=told["name"],
        placed_at=_time(told["createdAt"]),
        address=_address(told),
        lines=tuple(_line(line, sent, refunded) for line in ships),
        paid_at_store=told["displayFinancialStatus"] not in UNPAID,
        cancelled=bool(told["cancelledAt"])
        or told["displayFinancialStatus"] == "VOIDED",
        doubts=tuple(_doubts(told, ships)),
        changed_at=_time(told["updatedAt"]),
    )
    others = (line for line in lines if not line["requiresShipping"])
    return order, tuple(_charge(order.external_id, line) for line in others)


def _charge(external_id: str, line: dict[str, Any]) -> Charge:
    amount = _price(line) * line["quantity"]
    return Charge(
        row=0,
        external_id=external_id,
        code=line["sku"] or line["name"],
        currency=amount.currency,
        amount_minor=amount.minor,
        amount_text=str(amount),
    )


def _line(
    told: dict[str, Any], sent: Counter[str], refunded: Counter[str]
) -> SnapshotLine:
    name = told["id"]
    gone = told["quantity"] - told["unfulfilledQuantity"] - sent[name]
    refunded_units = min(max(gone, 0), refunded[name])
    return SnapshotLine(
        external_line_id=_number(name),
        sku=(told["sku"] or "").strip(),
        title=told["name"],
        quantity=told["unfulfilledQuantity"] + sent[name] + refunded_units,
        unit_price=_price(told),
        quantity_fulfilled=sent[name],
        quantity_refunded=refunded_units,
        external_variant_id=_number((told["variant"] or {}).get("id", "")),
        external_product_id=_number((told["product"] or {}).get("id", "")),
    )


def units_of(fulfilment: dict[str, Any]) -> Counter[str]:
    """
    Return line -> units of a fulfilment.
    """
    units: Counter[str] = Counter()
    for item in fulfilment["fulfillmentLineItems"]["nodes"]:
        units[item["lineItem"]["id"]] += item["quantity"]
    return units


def _sent(told: dict[str, Any]) -> Counter[str]:
    sent: Counter[str] = Counter()
    for fulfilment in told["fulfillments"]:
        if fulfilment["status"] == LIVE:
            sent += units_of(fulfilment)
    return sent


def _refunded(told: dict[str, Any]) -> Counter[str]:
    """
    Return line -> units that were refunded, those of returned goods not counted: they
    were sent.
    """
    units: Counter[str] = Counter()
    for refund in told["refunds"]:
        for item in refund["refundLineItems"]["nodes"]:
            if item["restockType"] != "RETURN":
                units[item["lineItem"]["id"]] += item["quantity"]
    return units


def _doubts(told: dict[str, Any], lines: list[dict[str, Any]]) -> Iterator[str]:
    if told["test"]:
        yield "it is a test order"
    wanted = sum(line["unfulfilledQuantity"] for line in lines)
    if told["displayFinancialStatus"] == "REFUNDED" and wanted:
        yield "it is refunded, and not cancelled"


def _price(line: dict[str, Any]) -> Money:
    money = line["originalUnitPriceSet"]["shopMoney"]
    return Money.parse(money["amount"], money["currencyCode"])


def _time(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        msg = "a time is without a zone"
        raise OddValueError(msg)
    return found


def _number(gid: str) -> str:
    """
    Return the last part of `gid://shopify/LineItem/123`.
    """
    return gid.rpartition("/")[2]


def _address(told: dict[str, Any]) -> Address:
    given = told["shippingAddress"] or {}
    country = country_code(given.get("countryCodeV2") or "")
    streets = (given.get("address1"), given.get("address2"))
    return Address(
        country if is_country(country) else UNKNOWN_COUNTRY,
        name=given.get("name") or "",
        company=given.get("company") or "",
        street=", ".join(part for part in streets if part),
        city=given.get("city") or "",
        region=given.get("provinceCode") or "",
        postal_code=given.get("zip") or "",
        phone=given.get("phone") or told["phone"] or "",
        email=told["email"] or "",
    )
