"""
A shop on Shopify in memory: it executes our documents against Shopify's schema.

What a resolver does not answer is null, and null where the schema forbids it fails the
query, as it would there. Behaviour is written after Shopify's documentation: lists by
`updated_at` with cursors that name a place, fulfilment orders with what remains,
costs, throttling, search by time.
"""

import base64
import json
import math
import re
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import attrs
import httpx2
from graphql import GraphQLError, graphql_sync
from shopify_bulk import HOST, Bulk
from shopify_products import Products
from shopify_schemas import schema
from shopify_stock import Stock

from sourcehere.testing.kit import ShopOrder

TOKEN = "shpat_0123"
SCOPES = [
    "write_orders",
    "read_products",
    "read_locations",
    "write_merchant_managed_fulfillment_orders",
]
_START = datetime(2026, 3, 2, 12, tzinfo=UTC)
_A_SECOND = 3  # changes have the same time
INPUT_MAX = 250  # items of any array that is given
_SCOPE = re.compile(r"\b(?:read|write)_\w+")
EVERY = 10**9  # bulk operations take lists whole
# How far what was asked of a fulfilment service has come.
SERVICED = frozenset(
    {"SUBMITTED", "ACCEPTED", "CANCELLATION_REQUESTED", "CANCELLATION_REJECTED"}
)


@attrs.define
class Line:
    """
    A line: how many were ever ordered, and how many are wanted now.
    """

    id: int
    sku: str
    quantity: int
    current: int
    price: str
    currency: str
    ships: bool = True


@attrs.define
class Made:
    """
    A fulfilment.
    """

    id: int
    number: str
    company: str
    units: dict[int, int]
    location: str
    status: str = "SUCCESS"
    notified: bool = False


@attrs.define
class Order:
    """
    An order, as the shop keeps it.
    """

    id: int
    order: ShopOrder
    lines: list[Line]
    updated: datetime
    place: int
    made: list[Made] = attrs.field(factory=list)
    refunds: list[tuple[dict[int, int], str]] = attrs.field(factory=list)
    notes: dict[str, str] = attrs.field(factory=dict)
    status: str = "OPEN"
    request: str = "UNSUBMITTED"
    locations: dict[int, str] = attrs.field(factory=dict)
    moves: int = 0  # how often fulfilment orders were made anew
    financial: str = ""
    cancel_reason: str = ""
    test: bool = False

    def sent(self) -> Counter:
        total: Counter = Counter()
        for one in self.made:
            if one.status == "SUCCESS":
                total.update(one.units)
        return total

    def left(self, line: Line) -> int:
        return max(line.current - self.sent()[line.id], 0)


class ShopifyServer:
    """
    One shop.

    Attributes:
        requests: Names of the documents that were executed.

        available: Points in the bucket.

        cost_max: More than that is refused.

        refuses: Mutation -> the words with which it is refused.

        job_turns: How often it is asked for a job until that is done.
    """

    here = "gid://shopify/Location/1"

    def __init__(self, version: str = "2026-07") -> None:
        self.version = version
        self.orders: dict[int, Order] = {}
        self.subscriptions: dict[str, tuple[str, str]] = {}
        self.locations = [self.here]
        self.stock = Stock(self)
        self.products = Products(self)
        self.bulk = Bulk(self)
        self.refuses: dict[str, str] = {}
        self.job_turns = 0
        self.cancelling: list = []
        self.scopes = list(SCOPES)
        self.requests: list[str] = []
        self.available = 2_000.0
        self.cost_max = 1_000.0
        self._changes = 0
        self._ids = 1_000
        self._lock = threading.Lock()

    # From behind.

    def place(self, order: ShopOrder) -> int:
        name = self._next_id()
        lines = [
            Line(
                self._next_id(),
                line.sku,
                line.quantity,
                line.quantity,
                line.price.decimal_text,
                line.price.currency,
            )
            for line in order.lines
        ]
        self.orders[name] = made = Order(name, order, lines, _START, 0)
        self.touch(made)
        return name

    def change(self, name: int, order: ShopOrder) -> None:
        made = self.orders[name]
        made.order = order
        for line, wanted in zip(made.lines, order.lines, strict=True):
            line.current = wanted.quantity
            line.quantity = max(line.quantity, wanted.quantity)
        self.touch(made)

    def refund(self, name: int, units: dict[int, int], kind: str) -> None:
        """
        Refund units by line id; `CANCEL` takes them out of the order.
        """
        made = self.orders[name]
        made.refunds.append((units, kind))
        if kind != "RETURN":
            for line in made.lines:
                line.current -= units.get(line.id, 0)
        self.touch(made)

    def touch(self, order: Order) -> None:
        self._changes += 1
        order.place = self._changes
        seconds = timedelta(seconds=self._changes // _A_SECOND)
        order.updated = _START + seconds

    # From outside.

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        """
        Answer as `/admin/api/<version>/graphql.json` does.
        """
        if request.url.host == HOST:
            return self.bulk.file(request)
        assert request.url.path == f"/admin/api/{self.version}/graphql.json"
        assert request.method == "POST"
        if request.headers.get("x-shopify-access-token") != TOKEN:
            words = "[API] Invalid API key or access token"
            return httpx2.Response(401, json={"errors": words})
        asked = json.loads(request.content)
        if words := _too_long(asked["variables"]):
            return _failed("MAX_INPUT_SIZE_EXCEEDED", words)
        cost = _cost(asked["variables"])
        if cost > self.cost_max:
            return _failed("MAX_COST_EXCEEDED", "Query cost is too high")
        if cost > self.available:
            return self.throttled(cost)
        self.requests.append(asked["query"].split(maxsplit=2)[1].split("(")[0])
        with self._lock:
            done = self.run(asked["query"], asked["variables"])
        told = {"data": done.data, "extensions": self._extensions(cost)}
        if done.errors:
            failed = done.errors[0].original_error
            assert failed is None or isinstance(failed, GraphQLError), done.errors
            told["errors"] = [
                {"message": error.message, "extensions": error.extensions or {}}
                for error in done.errors
            ]
        return httpx2.Response(200, json=told)

    def throttled(self, cost: float = 50.0) -> httpx2.Response:
        """
        Answer that the bucket is empty: with status 200.
        """
        return _failed("THROTTLED", "Throttled", self._extensions(cost))

    def _extensions(self, cost: float) -> dict[str, object]:
        status = {
            "maximumAvailable": 2_000.0,
            "currentlyAvailable": min(self.available, 2_000.0),
            "restoreRate": 10.0,
        }
        return {"cost": {"requestedQueryCost": cost, "throttleStatus": status}}

    def _next_id(self) -> int:
        self._ids += 1
        return self._ids

    def new_id(self) -> int:
        return self._next_id()

    def run(self, query: str, variables=None):
        """
        Execute a document.
        """
        root = Resolvers(self).root()
        return graphql_sync(
            schema(self.version), query, root_value=root, variable_values=variables
        )

    def now(self) -> datetime:
        """
        Return when the last change was.
        """
        return _START + timedelta(seconds=self._changes // _A_SECOND)


class Resolvers:
    """
    What the fields of the schema give.
    """

    def __init__(self, server: ShopifyServer) -> None:
        self._server = server

    def root(self) -> dict[str, object]:
        return self._answers() | {
            name: lambda _info, words=words, **_: _refused(words, "")
            for name, words in self._server.refuses.items()
        }

    def _answers(self) -> dict[str, object]:
        return {
            "orders": self._orders,
            "order": lambda _i, **said: self._shown(self._order(said["id"])),
            "productVariants": self._server.products.page,
            "shop": {"name": "Lantern", "currencyCode": "USD"},
            "currentAppInstallation": {
                "accessScopes": [{"handle": name} for name in self._server.scopes]
            },
            "webhookSubscriptions": self._subscriptions,
            "webhookSubscriptionCreate": self._subscribe,
            "webhookSubscriptionDelete": self._unsubscribe,
            "fulfillmentCreate": self._create,
            "fulfillmentTrackingInfoUpdate": self._track,
            "fulfillmentCancel": self._cancel,
            "fulfillmentOrderOpen": self._open,
            "fulfillmentOrderReleaseHold": self._open,
            "fulfillmentOrderAcceptFulfillmentRequest": self._accept,
            "fulfillmentOrderMove": self._move,
            "metafieldsSet": self._set_notes,
            "metafieldsDelete": self._delete_notes,
            "orderCancel": self._cancel_order,
            "job": self._job,
            "locations": lambda _i, first, **_: _page(
                [{"id": x, "name": x} for x in self._server.locations], first, None
            ),
            "nodes": lambda _i, ids: [self._node(gid) for gid in ids],
            "fulfillment": lambda _i, **said: self._node(said["id"]),
            "fulfillmentOrder": lambda _i, **said: self._node(said["id"]),
            "refund": lambda _i, **said: self._node(said["id"]),
            "inventorySetQuantities": self._server.stock.set,
            "ordersCount": self._count,
            "bulkOperationRunQuery": self._server.bulk.begin,
            "node": lambda _i, **said: self._server.bulk.told(said["id"]),
        }

    def _order(self, gid: str) -> Order | None:
        return self._server.orders.get(_number(gid))

    # Lists.

    def _searched(self, query):
        found = sorted(self._server.orders.values(), key=_key)
        for part in (query or "").split(" AND "):
            if part:
                field, _, since = part.partition(":>=")
                since = datetime.fromisoformat(since.strip("'"))
                if since.tzinfo is None:
                    since = since.replace(tzinfo=UTC)
                found = [one for one in found if _time_of(one, field) >= since]
        return found

    def _count(self, _info, limit, query=None):
        count = len(self._searched(query))
        precision = "EXACT" if count < limit else "AT_LEAST"
        return {"count": min(count, limit), "precision": precision}

    def _orders(self, _info, first=EVERY, after=None, query=None, **_):
        found = self._searched(query)
        if after:
            last = tuple(json.loads(base64.b64decode(after)))
            found = [one for one in found if _cursor_key(one) > last]
        part = found[:first]
        if not part:
            return _page([], first, None)
        end = json.dumps(_cursor_key(part[-1])).encode()
        return {
            "nodes": [self._shown(one) for one in part],
            "edges": [{"node": self._shown(one)} for one in part],
            "pageInfo": {
                "hasNextPage": len(found) > first,
                "endCursor": base64.b64encode(end).decode(),
            },
        }

    def _subscriptions(self, _info, first, after=None, **_):
        nodes = [
            {"id": gid, "topic": topic, "uri": uri}
            for gid, (topic, uri) in self._server.subscriptions.items()
        ]
        return _page(nodes, first, after)

    # An order.

    def _shown(self, order: Order | None):
        if order is None:
            return None
        told = order.order
        paid = "PAID" if told.is_paid else "PENDING"
        return {
            "id": _gid("Order", order.id),
            "legacyResourceId": str(order.id),
            "name": f"#{order.id}",
            "createdAt": _text(told.placed_at),
            "updatedAt": _text(order.updated),
            "cancelledAt": _text(order.updated) if told.is_cancelled else None,
            "displayFinancialStatus": order.financial or paid,
            "test": order.test,
            "email": "ann@mail.example",
            "phone": None,
            "shippingAddress": {
                "name": "Ann Lee",
                "address1": "1 Long Lane",
                "address2": "Flat 2",
                "city": "London",
                "provinceCode": "ENG",
                "zip": "N1 1AA",
                "countryCodeV2": told.country,
            },
            "lineItems": lambda _i, first=EVERY, after=None, **_: _page(
                [self._line(order, line) for line in order.lines], first, after
            ),
            "fulfillments": lambda _i, first=EVERY, **_: [
                self._made(order, one) for one in order.made[:first]
            ],
            "refunds": lambda _i, first=EVERY: self._refunds(order)[:first],
            "fulfillmentOrders": lambda _i, first, after=None, **_: _page(
                self._to_fulfil(order), first, after
            ),
            "metafield": lambda _i, **said: (
                {"value": order.notes[said["key"]]}
                if said["key"] in order.notes
                else None
            ),
        }

    def _refunds(self, order: Order):
        """
        Those of an order; of each the lines.
        """
        return [
            {
                "__typename": "Refund",
                "id": f"gid://shopify/Refund/{order.id}-{n}",
                "refundLineItems": lambda _i, first, after=None, u=units, k=kind, **_: (
                    _page(
                        [
                            {
                                "quantity": n,
                                "restockType": k,
                                "lineItem": {"id": _gid("LineItem", line)},
                            }
                            for line, n in u.items()
                        ],
                        first,
                        after,
                    )
                ),
            }
            for n, (units, kind) in enumerate(order.refunds)
        ]

    def _node(self, gid: str):
        """
        Whatever has a name of its own.
        """
        match gid.split("/")[3]:
            case "Refund":
                kept = self._refunds(self._order(gid))
                return next(one for one in kept if one["id"] == gid)
            case "Fulfillment":
                return self._made(*self._find(gid))
            case "FulfillmentOrder":
                kept = self._to_fulfil(self._order(gid))
                return next(one for one in kept if one["id"] == gid)
            case "Order":
                return self._shown(self._order(gid))
        return self._server.stock.node(gid)

    def _line(self, order: Order, line: Line):
        return {
            "id": _gid("LineItem", line.id),
            "sku": line.sku,
            "name": line.sku.title(),
            "quantity": line.quantity,
            "currentQuantity": line.current,
            "unfulfilledQuantity": order.left(line),
            "requiresShipping": line.ships,
            "originalUnitPriceSet": {
                "shopMoney": {"amount": line.price, "currencyCode": line.currency}
            },
            "variant": {"id": _gid("ProductVariant", line.id)},
            "product": {"id": _gid("Product", line.id)},
        }

    def _made(self, order: Order, made: Made):
        return {
            "__typename": "Fulfillment",
            "id": _gid("Fulfillment", made.id),
            "status": made.status,
            "trackingInfo": [{"number": made.number, "company": made.company}],
            "order": lambda _i: self._shown(order),
            "fulfillmentLineItems": lambda _i, first, after=None, **_: _page(
                [
                    {"quantity": n, "lineItem": {"id": _gid("LineItem", line)}}
                    for line, n in made.units.items()
                ],
                first,
                after,
            ),
        }

    def _to_fulfil(self, order: Order):
        """
        One fulfilment order for each location.
        """
        places = sorted({self._location(order, line) for line in order.lines})
        made = f"-{order.moves}" if order.moves else ""
        return [
            {
                "id": f"gid://shopify/FulfillmentOrder/{order.id}-{n}{made}",
                "status": order.status,
                "requestStatus": order.request,
                "fulfillmentHolds": (
                    [{"reason": "OTHER", "reasonNotes": "asked for another size"}]
                    if order.status == "ON_HOLD"
                    else []
                ),
                "supportedActions": [{"action": "CREATE_FULFILLMENT"}],
                "assignedLocation": {
                    "location": lambda _i, place=place: self._seen(place)
                },
                "lineItems": lambda _i, first, after=None, place=place, **_: _page(
                    [
                        {
                            "id": _item_gid(order, line),
                            "remainingQuantity": order.left(line),
                            "lineItem": {"id": _gid("LineItem", line.id)},
                        }
                        for line in order.lines
                        if self._location(order, line) == place
                    ],
                    first,
                    after,
                ),
            }
            for n, place in enumerate(places)
        ]

    def _location(self, order: Order, line: Line) -> str:
        return order.locations.get(line.id, self._server.here)

    # Changes.

    def _create(self, _info, fulfillment):
        units: dict[int, int] = {}
        places = set()
        for part in fulfillment["lineItemsByFulfillmentOrder"]:
            order = self._server.orders[_number(part["fulfillmentOrderId"])]
            if order.status != "OPEN" or order.request == "SUBMITTED":
                return _refused(f"Fulfillment order is {order.status}", "fulfillment")
            known = [one["id"] for one in self._to_fulfil(order)]
            if part["fulfillmentOrderId"] not in known:
                return _refused("Fulfillment order does not exist.", "fulfillment")
            for item in part["fulfillmentOrderLineItems"]:
                line = next(x for x in order.lines if x.id == _number(item["id"]))
                if item["id"] != _item_gid(order, line):
                    return _refused(
                        "Invalid fulfillment order line item", "fulfillment"
                    )
                if item["quantity"] > order.left(line):
                    return _refused("Invalid quantity", "fulfillment")
                units[line.id] = item["quantity"]
                places.add(self._location(order, line))
        if len(places) > 1:
            return _refused("All must be at one location", "fulfillment")
        tracking = fulfillment["trackingInfo"]
        made = Made(
            self._server.new_id(),
            tracking["number"],
            tracking["company"],
            units,
            places.pop(),
            notified=fulfillment["notifyCustomer"],
        )
        order.made.append(made)
        self._server.touch(order)
        return {"fulfillment": self._made(order, made), "userErrors": []}

    def _track(self, _info, fulfillmentId, trackingInfoInput, **_):  # noqa: N803
        order, made = self._find(fulfillmentId)
        made.number = trackingInfoInput["number"]
        made.company = trackingInfoInput["company"]
        self._server.touch(order)
        return {"fulfillment": self._made(order, made), "userErrors": []}

    def _cancel(self, _info, id):
        order, made = self._find(id)
        made.status = "CANCELLED"
        order.moves += 1  # its units are in new fulfilment orders (`fulfillmentCancel`)
        self._server.touch(order)
        return {"fulfillment": self._made(order, made), "userErrors": []}

    def _find(self, gid: str) -> tuple[Order, Made]:
        return next(
            (order, made)
            for order in self._server.orders.values()
            for made in order.made
            if made.id == _number(gid)
        )

    def _open(self, _info, id):
        return self._step(id, "status", "OPEN")

    def _accept(self, _info, id):
        return self._step(id, "request", "ACCEPTED")

    def _step(self, gid: str, field: str, value: str):
        order = self._server.orders[_number(gid)]
        setattr(order, field, value)
        self._server.touch(order)
        return {"fulfillmentOrder": self._to_fulfil(order)[0], "userErrors": []}

    def _cancel_order(self, _info, orderId, reason, restock, refundMethod, **_):  # noqa: N803
        order = self._order(orderId)
        assert restock
        assert not refundMethod["originalPaymentMethodsRefund"]
        if order is None or order.order.is_cancelled:
            error = {"field": ["orderId"], "message": "Order has already been canceled"}
            return {"job": None, "orderCancelUserErrors": [error]}
        self._server.cancelling = [order, reason, self._server.job_turns]
        return {"job": self._job_now(), "orderCancelUserErrors": []}

    def _job(self, _info, id):
        del id
        return self._job_now()

    def _job_now(self):
        """
        Do the work of a job in its turn, and tell whether it is done.
        """
        order, reason, turns = self._server.cancelling
        if not turns and not order.order.is_cancelled:
            order.order = attrs.evolve(order.order, is_cancelled=True)
            order.cancel_reason = reason
            self._server.touch(order)
        self._server.cancelling[2] = max(turns - 1, 0)
        return {"id": "gid://shopify/Job/1", "done": order.order.is_cancelled}

    def _move(self, _info, id, newLocationId):  # noqa: N803
        """
        Move what was not fulfilled of a fulfilment order.

        Where something of it was, or the location has another one of the order, what is
        moved is in a new fulfilment order (`FulfillmentOrderMovePayload`, and "Second
        scenario" of `fulfillmentOrderMove`, 2026-07). What a fulfilment service was
        asked for cannot be moved.
        """
        order = self._server.orders[_number(id)]
        if order.request in SERVICED:
            field = "movedFulfillmentOrder"
            return _refused("Cannot change location while it is requested", field)
        places = sorted({self._location(order, line) for line in order.lines})
        place = places[_place_number(id)]
        moved = [x for x in order.lines if self._location(order, x) == place]
        if newLocationId in places or any(order.sent()[x.id] for x in moved):
            order.moves += 1
        order.locations |= {line.id: newLocationId for line in moved}
        places = sorted({self._location(order, line) for line in order.lines})
        shown = self._to_fulfil(order)[places.index(newLocationId)]
        return {"movedFulfillmentOrder": shown, "userErrors": []}

    def _set_notes(self, _info, metafields):
        for field in metafields:
            order = self._order(field["ownerId"])
            order.notes[field["key"]] = field["value"]
            self._server.touch(order)
        return {"metafields": [{"id": _gid("Metafield", 1)}], "userErrors": []}

    def _delete_notes(self, _info, metafields):
        for field in metafields:
            self._order(field["ownerId"]).notes.pop(field["key"], None)
        return {"deletedMetafields": [], "userErrors": []}

    def _subscribe(self, _info, topic, webhookSubscription):  # noqa: N803
        gid = _gid("WebhookSubscription", self._server.new_id())
        uri = webhookSubscription["uri"]
        if not self._may_follow(topic):
            return _refused("You do not have permission to subscribe to this topic", "")
        if (topic, uri) in self._server.subscriptions.values():
            return _refused("Address for this topic has already been taken", "")
        self._server.subscriptions[gid] = (topic, uri)
        return {"webhookSubscription": {"id": gid}, "userErrors": []}

    def _may_follow(self, topic: str) -> bool:
        """
        Tell whether the app has one of the scopes that the schema names for a topic.
        """
        topics = schema(self._server.version).type_map["WebhookSubscriptionTopic"]
        wanted = set(_SCOPE.findall(topics.values[topic].description))
        return not wanted or bool(wanted & self._had())

    def _had(self) -> set[str]:
        """
        Return the scopes of the app; who may write may read.
        """
        had = set(self._server.scopes)
        return had | {name.replace("write_", "read_", 1) for name in had}

    def _seen(self, place: str) -> dict[str, str]:
        """
        Show a location's id to those who may see it (shopify.dev, changelog, "Location
        ID queryable with inventory scopes", 2025-04).
        """
        if not self._had() & {"read_locations", "read_inventory"}:
            words = "Access denied for location field. Required: `read_locations`"
            raise GraphQLError(words, extensions={"code": "ACCESS_DENIED"})
        return {"id": place}

    def _unsubscribe(self, _info, id):
        del self._server.subscriptions[id]
        return {"deletedWebhookSubscriptionId": id, "userErrors": []}


def _gid(kind: str, number: int) -> str:
    return f"gid://shopify/{kind}/{number}"


def _number(gid: str) -> int:
    name = gid.rpartition("/")[2].partition("-")[0]
    return int(name)


def _place_number(gid: str) -> int:
    """
    Return which of an order's fulfilment orders a name is of.
    """
    return int(gid.rpartition("/")[2].split("-")[1])


def _item_gid(order: Order, line: Line) -> str:
    made = f"-{order.moves}" if order.moves else ""
    return f"gid://shopify/FulfillmentOrderLineItem/{line.id}{made}"


def _text(at: datetime) -> str:
    """
    Tell a time as Shopify does: whole seconds, with a Z.
    """
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _key(order: Order):
    return order.updated, order.id


def _cursor_key(order: Order):
    return (_text(order.updated), order.id)


def _time_of(order: Order, field: str) -> datetime:
    return order.updated if field == "updated_at" else order.order.placed_at


def _page(nodes, first, after):
    start = int(after or 0)
    part = nodes[start : start + first]
    end = start + len(part)
    return {
        "nodes": part,
        "edges": [{"node": one} for one in part],
        "pageInfo": {
            "hasNextPage": end < len(nodes),
            "endCursor": str(end) if part else None,
        },
    }


def _too_long(given: object) -> str:
    """
    Say that an array of the input has more than 250 items; empty where none has.
    """
    if isinstance(given, dict):
        given = list(given.values())
    elif isinstance(given, list) and len(given) > INPUT_MAX:
        return f"The input array size of {len(given)} is greater than the maximum"
    if not isinstance(given, list):
        return ""
    return next(filter(None, map(_too_long, given)), "")


def _refused(message: str, field: str):
    return {field or "none": None, "userErrors": [{"field": None, "message": message}]}


def _failed(code: str, message: str, extensions=None) -> httpx2.Response:
    error = {"message": message, "extensions": {"code": code}}
    told = {"errors": [error], "extensions": extensions or {}}
    return httpx2.Response(200, json=told)


def _cost(variables) -> float:
    """
    Estimate what a query may cost: it grows with the length of its list, not linearly.
    """
    return 10 + 8 * math.ceil(math.sqrt(variables.get("first", 1)))
