"""
An order as the REST API tells it, as a snapshot.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sourcehere.domain.kernel.address import UNKNOWN_COUNTRY, Address
from sourcehere.domain.kernel.countries import country_code, is_country
from sourcehere.domain.kernel.money import Money
from sourcehere.domain.stores.model import (
    SnapshotLine,
    StoreOrderSnapshot,
)

from .parcels import refunded_of, sent_of, whole

# Not placed yet: a basket on its way through the checkout.
DRAFTS = frozenset({"checkout-draft", "auto-draft"})
_CANCELLED = frozenset({"cancelled", "trash"})
_PAID = frozenset({"processing", "completed", "refunded"})


def read_order(
    told: dict[str, Any], refunds: Sequence[dict[str, Any]]
) -> StoreOrderSnapshot:
    """
    Make a snapshot of an order.

    Args:
        refunds: Those of the order, as `/orders/ID/refunds` lists them.

    Raises:
        LookupError, TypeError, ValueError, AttributeError, ArithmeticError,
            CallerError: If it makes no sense.
    """
    sent, refunded = sent_of(told), refunded_of(refunds)
    lines = tuple(
        _line(line, told["currency"], sent, refunded) for line in told["line_items"]
    )
    status = told["status"]
    return StoreOrderSnapshot(
        external_id=str(told["id"]),
        number=str(told["number"]),
        placed_at=time_of(told["date_created_gmt"]),
        address=_address(told),
        lines=lines,
        paid_at_store=bool(told["date_paid_gmt"]) or status in _PAID,
        cancelled=status in _CANCELLED,
        doubts=tuple(_doubts(told, lines)),
        changed_at=time_of(told["date_modified_gmt"]),
    )


def time_of(text: str) -> datetime:
    """
    Read a time in GMT, which WooCommerce writes without saying so.
    """
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _line(
    told: dict[str, Any], currency: str, sent: Counter[str], refunded: Counter[str]
) -> SnapshotLine:
    name, quantity = str(told["id"]), whole(told["quantity"])
    left = max(quantity - sent[name], 0)
    variation = told["variation_id"] or told["product_id"]
    return SnapshotLine(
        external_line_id=name,
        sku=(told["sku"] or "").strip(),
        title=told["name"],
        quantity=quantity,
        unit_price=_price(told["price"], currency),
        quantity_fulfilled=sent[name],
        quantity_refunded=min(refunded[name], left),
        external_variant_id=str(variation or ""),
        external_product_id=str(told["product_id"] or ""),
    )


def _doubts(told: dict[str, Any], lines: Sequence[SnapshotLine]) -> Iterator[str]:
    if told["status"] == "refunded" and any(line.quantity_wanted for line in lines):
        yield "it is refunded, and its lines are not"


def _price(told: object, currency: str) -> Money:
    """
    Read a price: a JSON number, exact, or a text.
    """
    text = format(told, "f") if isinstance(told, Decimal) else str(told)
    return Money.parse(text[:40], currency)


def _address(told: dict[str, Any]) -> Address:
    """
    Return where the parcel goes; the billing address where there is no other.
    """
    billing, shipping = told["billing"], told["shipping"]
    given = shipping if shipping.get("country") else billing
    country = country_code(given.get("country") or "")
    name = f"{given.get('first_name') or ''} {given.get('last_name') or ''}"
    streets = (given.get("address_1"), given.get("address_2"))
    return Address(
        country if is_country(country) else UNKNOWN_COUNTRY,
        name=name.strip(),
        company=given.get("company") or "",
        street=", ".join(part for part in streets if part),
        city=given.get("city") or "",
        region=given.get("state") or "",
        postal_code=given.get("postcode") or "",
        phone=given.get("phone") or billing.get("phone") or "",
        email=billing.get("email") or "",
    )
