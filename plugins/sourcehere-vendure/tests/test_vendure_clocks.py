"""
A shop whose clock was wrong: on a list in memory, as a server's clock cannot be set.
"""

import json
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from sourcehere import ManualClock
from sourcehere.ports.context import Context
from sourcehere_vendure import VendureConfig, VendureShop

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Listing:
    """
    The Admin API, as far as orders are listed by their last change.

    Attributes:
        changes: The id of each order -> when it changed.
    """

    def __init__(self, **changes):
        self.changes = changes

    def answer(self, request):
        """
        Answer a request.
        """
        asked = json.loads(request.content)
        if "login" in asked["query"]:
            told = {"data": {"login": {"id": "1"}}}
            return httpx2.Response(200, json=told, headers={"vendure-auth-token": "t"})
        given = asked["variables"]
        after = given["filter"].get("updatedAt", {}).get("after", "")
        found = sorted((_text(at), name) for name, at in self.changes.items())
        items = [_order(name, at) for at, name in found if at > after]
        part = items[given["skip"] : given["skip"] + given["take"]]
        told = {"orders": {"totalItems": len(items), "items": part}}
        return httpx2.Response(200, json={"data": told})


def _text(at):
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"


def _order(name, at):
    return {
        "id": name,
        "code": name,
        "orderPlacedAt": _text(NOON),
        "updatedAt": at,
        "state": "PaymentSettled",
        "currencyCode": "USD",
        "lines": [],
        "fulfillments": [],
        "payments": [],
        "totalWithTax": 0,
        "billingAddress": None,
        "shippingAddress": None,
        "customer": None,
    }


@pytest.mark.parametrize("limit", [1, 2, 7])
@pytest.mark.parametrize("ahead", [1, 4])
def test_an_order_of_next_year_hides_no_other(limit, ahead):
    """
    It is read, and so is what changes after the clock was put right.
    """
    late = {f"z{n}": NOON + timedelta(days=365, seconds=n) for n in range(ahead)}
    early = {f"a{n}": NOON + timedelta(seconds=n) for n in range(5)}
    listing = Listing(**early, **late)
    shop = VendureShop(
        VendureConfig(url="https://shop.example/admin-api", username="a", password="b"),
        Context(ManualClock(NOON)),
        httpx2.MockTransport(listing.answer),
    )
    found, cursor = _read(shop, "", limit)
    assert {*early, *late} == found

    listing.changes["b1"] = NOON + timedelta(minutes=1)
    found, cursor = _read(shop, cursor, limit)
    assert "b1" in found
    listing.changes["a0"] = NOON + timedelta(minutes=2)
    found, _ = _read(shop, cursor, limit)
    assert "a0" in found


def _read(shop, cursor, limit):
    found = set()
    for _ in range(60):
        page = shop.pull_orders(cursor, limit=limit)
        found |= {order.external_id for order in page.orders}
        cursor = page.cursor
        if not page.has_more:
            return found, cursor
    pytest.fail("it does not end")
