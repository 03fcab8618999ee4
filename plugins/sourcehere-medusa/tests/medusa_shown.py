"""
An order as Medusa's Admin API shows it.
"""

from datetime import UTC
from decimal import Decimal

ADDRESS = {
    "first_name": "Ann",
    "last_name": "Lee",
    "company": None,
    "address_1": "1 High Street",
    "address_2": "Flat 2",
    "city": "Leeds",
    "province": "Yorkshire",
    "postal_code": "LS1 1AA",
    "phone": "+44 113 496 0000",
}


def shown(order) -> dict:
    """
    Return all that can be asked for of an order.
    """
    told = order.order
    items = [
        _item(line, wanted)
        for line, wanted in zip(order.lines, told.lines, strict=True)
        if wanted.quantity  # one that was edited to nothing is not told any more
    ]
    total = sum(Decimal(str(item["total"])) for item in items)
    at = told.placed_at.astimezone(UTC)
    return {
        "id": order.id,
        "display_id": order.number,
        "custom_display_id": None,
        "is_draft_order": False,
        "sales_channel_id": "sc_1",
        "status": "canceled" if told.is_cancelled else "pending",
        "canceled_at": order.updated_at if told.is_cancelled else None,
        "currency_code": told.lines[0].price.currency.lower(),
        "email": "ann@mail.example",
        "created_at": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z",
        "updated_at": order.updated_at,
        "total": _number(total),
        "metadata": order.metadata or None,
        "shipping_address": {**ADDRESS, "country_code": told.country.lower()},
        "items": items,
        "payment_collections": [_collection(order, total)],
        "fulfillments": order.fulfilments,
        **order.more,
    }


def _item(line, wanted) -> dict:
    price = _price(wanted.price)
    total = price * wanted.quantity
    return {
        "id": line["id"],
        "title": line.get("title", f"Product {wanted.sku}"),
        "variant_title": line.get("variant_title"),
        "variant_sku": line["sku"],
        "variant_id": f"variant_{line['sku']}",
        "product_id": f"prod_{line['sku']}",
        "requires_shipping": line.get("requires_shipping", True),
        "quantity": wanted.quantity,
        "unit_price": _number(price),
        "total": line.get("total", _number(total)),
        "detail": {
            "quantity": wanted.quantity,
            "fulfilled_quantity": line["packed"],
            "shipped_quantity": line["sent"],
            "delivered_quantity": line.get("delivered", 0),
            "return_requested_quantity": 0,
            "return_received_quantity": line.get("returned", 0),
            "return_dismissed_quantity": line.get("dismissed", 0),
            "written_off_quantity": line.get("written_off", 0),
        },
    }


def _collection(order, total: Decimal) -> dict:
    told = order.order
    status = "completed" if told.is_paid else "authorized"
    captured = _number(total) if told.is_paid else 0
    return {
        "id": f"pay_col_{order.number:06}",
        "status": "canceled" if told.is_cancelled else status,
        "amount": _number(total),
        "captured_amount": captured,
        "refunded_amount": captured if told.is_cancelled else 0,
        "updated_at": order.paid_at,
        "payments": [{"id": f"pay_{order.number:06}", "updated_at": order.paid_at}],
    }


def _price(price) -> Decimal:
    return Decimal(str(price).split(" ", 1)[0].replace(",", ""))


def _number(amount: Decimal) -> float | int:
    """
    Return a number as JavaScript writes it: the shortest that is the same.
    """
    return int(amount) if amount == int(amount) else float(amount)
