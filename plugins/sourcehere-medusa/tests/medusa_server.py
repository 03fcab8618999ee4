"""
A shop on Medusa in memory, as the real one answered: lists by offset, equal times in no
certain order, an order that stays as it was when it is paid, metadata that is merged,
fulfilments that cannot be cancelled once they are shipped.
"""

import base64
import json
import re
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import attrs
import httpx2
from medusa_fields import chosen
from medusa_shown import shown

from sourcehere.testing.kit import ShopOrder

KEY = "sk_0123"
_START = datetime(2026, 3, 2, 12, tzinfo=UTC)
_AT_ONCE = 3  # changes have the same time
_PAID = "2026-03-02T11:00:00.000Z"  # long before the first change of an order
# A basket whose customer went away.
_BASKET = {"id": "pay_basket", "updated_at": "2026-03-02T12:00:00.000Z"}
_FIXED = re.compile(r"\[\$(gte|gt|lt|lte)\]$")


@attrs.define(kw_only=True)
class Order:
    """
    An order, as the shop keeps it.
    """

    id: str
    number: int
    order: ShopOrder
    lines: list[dict]
    updated_at: str = ""
    paid_at: str = _PAID  # when its payment changed last
    metadata: dict = attrs.field(factory=dict)
    fulfilments: list[dict] = attrs.field(factory=list)
    more: dict = attrs.field(factory=dict)  # what a test wants to be told otherwise


class MedusaServer:
    """
    One shop.

    Attributes:
        requests: Method and path of what was asked.

        forbidden: Paths that the key does not permit.
    """

    def __init__(self):
        self.orders: dict[str, Order] = {}
        self.variants: dict[str, dict] = {}
        self.levels: dict[tuple[str, str], dict] = {}
        self.locations = ["sloc_1"]
        self.requests: list[str] = []
        self.forbidden: set[str] = set()
        self._changes = self._ids = 0
        self._lock = threading.RLock()

    # From behind.

    def place(self, order: ShopOrder) -> str:
        lines = [
            {"id": self.new_id("ordli"), "sku": line.sku, "sent": 0, "packed": 0}
            for line in order.lines
        ]
        name = self.new_id("order")
        made = Order(id=name, number=len(self.orders) + 1, order=order, lines=lines)
        self.orders[name] = made
        made.updated_at = self.now()
        return name

    def change(self, name: str, order: ShopOrder) -> None:
        """
        Let an order be otherwise; that it is paid does not count as a change of it.
        """
        made, before = self.orders[name], self.orders[name].order
        made.order = order
        if order.is_paid != before.is_paid:
            made.paid_at = self.now()
        if attrs.evolve(order, is_paid=before.is_paid) != before:
            made.updated_at = self.now()

    def now(self) -> str:
        """
        Return the time of the next change.
        """
        self._changes += 1
        at = _START + timedelta(milliseconds=self._changes // _AT_ONCE)
        return text(at)

    def new_id(self, kind: str) -> str:
        self._ids += 1
        return f"{kind}_{self._ids:06}"

    # From outside.

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        """
        Answer as `/admin` does.
        """
        with self._lock:
            parts = urlsplit(str(request.url))
            params = parse_qs(parts.query, keep_blank_values=True)
            path = parts.path.removeprefix("/admin")
            self.requests.append(f"{request.method} {path}")
            known = base64.b64encode(f"{KEY}:".encode()).decode()
            if request.headers.get("authorization") != f"Basic {known}":
                return httpx2.Response(401, json={"message": "Unauthorized"})
            if path in self.forbidden:
                return _refused(403, "forbidden", "Forbidden")
            body = json.loads(request.content) if request.content else {}
            names = path.strip("/").split("/")
            try:
                return self._answer(request.method, names, params, body)
            except RefusedError as error:
                return _refused(error.status, error.kind, str(error))

    def _answer(self, method, parts, params, body):  # noqa: C901, PLR0911 - a table
        match (method, parts):
            case ("GET", ["orders"]):
                told = [shown(one) for one in self.orders.values()]
                return _listed("orders", told, params)
            case ("GET", ["payments"]):
                told = [*map(_payment, self.orders.values()), _BASKET]
                return _listed("payments", told, params)
            case ("GET", ["product-variants"]):
                return _listed("variants", list(self.variants.values()), params)
            case ("GET", ["stock-locations"]):
                told = [{"id": name} for name in self.locations]
                return _listed("stock_locations", told, params)
            case ("GET", [("stock-locations" | "sales-channels") as kind, name]):
                if name not in self.locations:
                    raise RefusedError(404, "not_found", f"{name} was not found")
                field = kind.removesuffix("s").replace("-", "_")
                return httpx2.Response(200, json={field: {"id": name}})
            case ("POST", ["inventory-items", "location-levels", "batch"]):
                return self._stock(body)
            case ("POST", ["workflows-executions", name, "run"]):
                return self._run(name, body["input"])
            case (_, ["orders", name, *_]) if name not in self.orders:
                raise RefusedError(404, "not_found", f"Order id not found: {name}")
            case ("GET", ["orders", name]):
                return self._one(name, params)
            case ("POST", ["orders", name, *rest]):
                self._write(self.orders[name], rest, body)
                return self._one(name, params)
        return httpx2.Response(404, text=f"<pre>Cannot {method} {parts}</pre>")

    def _one(self, name, params) -> httpx2.Response:
        told = chosen(shown(self.orders[name]), params["fields"][0])
        return httpx2.Response(200, json={"order": told})

    def _write(self, order: Order, rest, body) -> None:
        if order.order.is_cancelled:
            words = f"Order with id {order.id} has been canceled."
            raise RefusedError(400, "invalid_data", words)
        match rest:
            case []:
                order.metadata |= body["metadata"]
                order.metadata = {n: v for n, v in order.metadata.items() if v != ""}
            case ["cancel"]:
                if any(not one["canceled_at"] for one in order.fulfilments):
                    words = "All fulfillments must be canceled before canceling"
                    raise RefusedError(400, "not_allowed", words)
                order.order = attrs.evolve(order.order, is_cancelled=True)
            case ["fulfillments"]:
                self._fulfil(order, body)
            case ["fulfillments", name, what]:
                found = [one for one in order.fulfilments if one["id"] == name]
                self._move(order, found[0], what, body)
        order.updated_at = self.now()

    def _fulfil(self, order: Order, body) -> None:
        for item in body["items"]:
            self._pack(order, item["id"], item["quantity"])
        made = {
            "id": self.new_id("ful"),
            "metadata": body.get("metadata"),
            "labels": [],
            "shipped_at": None,
            "delivered_at": None,
            "canceled_at": None,
            "updated_at": self.now(),
            "location_id": body.get("location_id"),
            "no_notification": body["no_notification"],
            "units": {item["id"]: item["quantity"] for item in body["items"]},
        }
        order.fulfilments.append(made)

    def _pack(self, order: Order, name, quantity) -> None:
        for line, wanted in zip(order.lines, order.order.lines, strict=True):
            if line["id"] == name:
                line["packed"] += quantity
                if line["packed"] > wanted.quantity:
                    line["packed"] -= quantity
                    words = f"Cannot fulfill more items than what was ordered: {name}"
                    raise RefusedError(400, "invalid_data", words)
                return
        words = f"Items with ids {name} does not exist in order"
        raise RefusedError(400, "invalid_data", words)

    def _move(self, order: Order, one, what, body) -> None:
        if one["shipped_at"]:
            words = (
                "Shipment has already been created"
                if what == "shipments"
                else "The fulfillment has already been shipped."
            )
            raise RefusedError(400, "not_allowed", words)
        if one["canceled_at"]:
            words = "The fulfillment is already canceled"
            raise RefusedError(400, "not_allowed", words)
        lines = {line["id"]: line for line in order.lines}
        one["updated_at"] = self.now()
        if what == "cancel":
            one["canceled_at"] = one["updated_at"]
            for name, quantity in one["units"].items():
                lines[name]["packed"] -= quantity
            return
        one["shipped_at"], one["labels"] = one["updated_at"], body["labels"]
        for name, quantity in one["units"].items():
            lines[name]["sent"] += quantity

    def _run(self, name, given) -> httpx2.Response:
        if name != "update-fulfillment-workflow":
            raise RefusedError(
                404, "not_found", f'Workflow with id "{name}" not found.'
            )
        every = [one for order in self.orders.values() for one in order.fulfilments]
        (one,) = [one for one in every if one["id"] == given["id"]]
        one["labels"] = given["labels"]
        one["metadata"] = {**(one["metadata"] or {}), **given["metadata"]}
        one["updated_at"] = self.now()
        done = {"hasFinished": True, "hasFailed": False}
        return httpx2.Response(200, json={"acknowledgement": done})

    def _stock(self, body) -> httpx2.Response:
        for one in body["update"]:
            place = one["inventory_item_id"], one["location_id"]
            if place not in self.levels:
                words = f"Item {place[0]} is not stocked at location {place[1]}"
                raise RefusedError(404, "not_found", words)
        for one in body["create"]:
            place = one["inventory_item_id"], one["location_id"]
            if place in self.levels:
                raise RefusedError(400, "invalid_data", "already exists.")
            made = {"location_id": place[1], "reserved_quantity": 0}
            self.levels[place] = made
            for variant in self.variants.values():
                for item in variant["inventory_items"]:
                    if item["inventory_item_id"] == place[0]:
                        item["inventory"]["location_levels"].append(made)
        for one in (*body["create"], *body["update"]):
            level = self.levels[one["inventory_item_id"], one["location_id"]]
            level["stocked_quantity"] = one["stocked_quantity"]
        told = {"created": body["create"], "updated": body["update"], "deleted": []}
        return httpx2.Response(200, json=told)


class RefusedError(Exception):
    """
    Medusa says no.
    """

    def __init__(self, status: int, kind: str, words: str) -> None:
        super().__init__(words)
        self.status, self.kind = status, kind


def text(at: datetime) -> str:
    """
    Tell a time as Medusa does.
    """
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def _payment(order: Order) -> dict:
    return {
        "id": f"pay_{order.number:06}",
        "updated_at": order.paid_at,
        "payment_collection": {"order": {"id": order.id}},
    }


def _listed(field, items, params) -> httpx2.Response:
    found = [one for one in items if _is_wanted(one, params)]
    order = params.get("order", ["id"])[0]
    name = order.removeprefix("-")
    start, count = int(params.get("offset", ["0"])[0]), int(params["limit"][0])
    # What has the same time stands otherwise in each part of a list.
    found.sort(key=lambda one: one["id"], reverse=(start + count) % 2 == 0)
    found.sort(key=lambda one: one[name], reverse=order != name)
    part = found[start : start + count]
    told = [chosen(one, params["fields"][0]) for one in part]
    body = {field: told, "count": len(found), "offset": start, "limit": count}
    return httpx2.Response(200, json=body)


def _is_wanted(one, params) -> bool:
    for name, values in params.items():
        if name == "id[]":
            if one["id"] not in values:
                return False
        elif name == "sales_channel_id[]":
            if one["sales_channel_id"] not in values:
                return False
        elif found := _FIXED.search(name):
            had, wanted = one[name[: found.start()]], values[0]
            is_so = {
                "gte": had >= wanted,
                "gt": had > wanted,
                "lt": had < wanted,
                "lte": had <= wanted,
            }
            if not is_so[found[1]]:
                return False
    return True


def _refused(status: int, kind: str, message: str) -> httpx2.Response:
    return httpx2.Response(status, json={"type": kind, "message": message})
