"""
An order as the Admin API tells it, as a snapshot.

Amounts are decimals of major units, whatever the currency; numbers of units are
decimals, too, and have to be whole.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
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

# `total` has Medusa compute those of items as well.
FIELDS = (
    "id,display_id,custom_display_id,status,currency_code,email,total,created_at,"
    "updated_at,canceled_at,*items,*items.detail,*shipping_address,*billing_address,"
    "*payment_collections,payment_collections.payments.updated_at,"
    "fulfillments.updated_at"
)
CANCELLED = "canceled"  # of an order, and of a payment collection
_MICRO = Decimal("0.000001")  # more decimals than any currency has


def read_order(
    told: dict[str, Any],
) -> tuple[StoreOrderSnapshot, tuple[Charge, ...]]:
    """
    Make a snapshot of an order, and of what in it needs no sending, such as a gift
    card.

    Raises:
        LookupError, TypeError, ValueError, AttributeError, ArithmeticError,
            CallerError: If it makes no sense.
    """
    currency = str(told["currency_code"]).upper()
    ships = [item for item in told["items"] if item["requires_shipping"]]
    others = [item for item in told["items"] if not item["requires_shipping"]]
    lines = tuple(_line(item, currency) for item in ships)
    is_cancelled = told["status"] == CANCELLED or bool(told["canceled_at"])
    order = StoreOrderSnapshot(
        external_id=str(told["id"]),
        number=str(told["custom_display_id"] or told["display_id"]),
        placed_at=_time(told["created_at"]),
        address=_address(told),
        lines=lines,
        paid_at_store=_is_paid(told, currency),
        cancelled=is_cancelled,
        doubts=() if is_cancelled else tuple(_doubts(told, lines)),
        changed_at=max(_changes(told)),
    )
    return order, tuple(_charge(order.external_id, item, currency) for item in others)


def _line(told: dict[str, Any], currency: str) -> SnapshotLine:
    detail = told["detail"]
    quantity = _whole(detail["quantity"])
    # What is handed over in a shop is delivered, and was never shipped.
    sent = max(_whole(detail["shipped_quantity"]), _whole(detail["delivered_quantity"]))
    # What came back damaged, and what a claim is about, was sent before.
    gone = max(_whole(detail["written_off_quantity"]) - sent, 0)
    return SnapshotLine(
        external_line_id=str(told["id"]),
        sku=(told["variant_sku"] or "").strip(),
        title=_title(told),
        quantity=quantity,
        unit_price=_price(told, currency),
        quantity_fulfilled=sent,
        quantity_refunded=min(gone, max(quantity - sent, 0)),
        external_variant_id=str(told["variant_id"] or ""),
        external_product_id=str(told["product_id"] or ""),
    )


def _charge(external_id: str, told: dict[str, Any], currency: str) -> Charge:
    amount = _price(told, currency) * _whole(told["detail"]["quantity"])
    return Charge(
        row=0,
        external_id=external_id,
        code=told["variant_sku"] or _title(told),
        currency=amount.currency,
        amount_minor=amount.minor,
        amount_text=str(amount),
    )


def _title(told: dict[str, Any]) -> str:
    title, variant = told["title"], told["variant_title"]
    return f"{title} - {variant}" if variant and variant != title else str(title)


def _price(told: dict[str, Any], currency: str) -> Money:
    """
    Return what the customer paid for a unit, discounts and taxes included.

    `total` is of the units that were not given back.
    """
    detail = told["detail"]
    returned = _whole(detail["return_received_quantity"])
    returned += _whole(detail["return_dismissed_quantity"])
    kept = _whole(detail["quantity"]) - returned
    amount = _exact(told["total"]) / kept if kept > 0 else _exact(told["unit_price"])
    return _money(amount, currency)


def _money(amount: Decimal, currency: str) -> Money:
    return Money.parse(format(amount.quantize(_MICRO), "f"), currency)


def _is_paid(told: dict[str, Any], currency: str) -> bool:
    """
    Tell whether the shop has the money: what is authorized only is none yet. What was
    given back had been paid.
    """
    asked = _collections(told)
    if not asked:
        return _exact(told["total"]) == 0
    wanted = _sum(asked, "amount")
    return _money(_sum(asked, "captured_amount"), currency) >= _money(wanted, currency)


def _collections(told: dict[str, Any]) -> list[dict[str, Any]]:
    """
    Return what was to be paid. With a cancelled order all of it is cancelled.
    """
    asked = told["payment_collections"] or ()
    is_gone = bool(told["canceled_at"])
    return [one for one in asked if is_gone or one["status"] != CANCELLED]


def _sum(collections: Sequence[dict[str, Any]], field: str) -> Decimal:
    return sum((_exact(one[field] or 0) for one in collections), Decimal(0))


def _doubts(told: dict[str, Any], lines: Sequence[SnapshotLine]) -> Iterator[str]:
    asked = _collections(told)
    returned = _sum(asked, "refunded_amount")
    is_refunded = 0 < returned >= _sum(asked, "captured_amount")
    if is_refunded and any(line.quantity_wanted for line in lines):
        yield "it is refunded, and its lines are not"


def _changes(told: dict[str, Any]) -> Iterator[datetime]:
    """
    Return when what an order is made of changed: its own time stays when it is paid.
    """
    yield _time(told["updated_at"])
    for collection in told["payment_collections"] or ():
        yield _time(collection["updated_at"])
        for payment in collection.get("payments") or ():
            yield _time(payment["updated_at"])
    for fulfilment in told["fulfillments"] or ():
        yield _time(fulfilment["updated_at"])


def _exact(told: object) -> Decimal:
    if isinstance(told, bool) or not isinstance(told, int | Decimal):
        msg = "an amount or a number of units is no number"
        raise OddValueError(msg)
    return Decimal(told)


def _whole(told: object) -> int:
    number = _exact(told)
    if number != int(number):
        msg = "a number of units is not whole"
        raise OddValueError(msg)
    return int(number)


def _time(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _address(told: dict[str, Any]) -> Address:
    """
    Return where the parcel goes; the billing address where there is no other.
    """
    # What an order does not have is null, or not told at all.
    billing = told.get("billing_address") or {}
    shipping = told.get("shipping_address") or {}
    given = shipping if shipping.get("country_code") else billing
    country = country_code((given.get("country_code") or "").upper())
    name = f"{given.get('first_name') or ''} {given.get('last_name') or ''}"
    streets = (given.get("address_1"), given.get("address_2"))
    return Address(
        country if is_country(country) else UNKNOWN_COUNTRY,
        name=name.strip(),
        company=given.get("company") or "",
        street=", ".join(part for part in streets if part),
        city=given.get("city") or "",
        region=given.get("province") or "",
        postal_code=given.get("postal_code") or "",
        phone=given.get("phone") or billing.get("phone") or "",
        email=told["email"] or "",
    )
