"""
A shop on WooCommerce in memory, as it behaves: lists by page and by offset, whole
seconds without a zone, metadata by key, notes, refunds below zero, webhooks that are
disabled, keys by header or by signature.
"""

import base64
import hashlib
import hmac
import json
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlsplit

import attrs
import httpx2

from sourcehere.testing.kit import ShopOrder

KEY, SECRET = "ck_0123", "cs_4567"
_START = datetime(2026, 3, 2, 12)  # noqa: DTZ001 - GMT, and it does not say so
_A_SECOND = 3  # changes have the same time
# What WooCommerce has by itself. The first two are for its checkout and its admin.
STATUSES = (
    "auto-draft",
    "checkout-draft",
    "pending",
    "processing",
    "on-hold",
    "completed",
    "cancelled",
    "refunded",
    "failed",
)


@attrs.define
class Order:
    """
    An order, as the shop keeps it.
    """

    id: int
    order: ShopOrder
    lines: list[dict]
    modified: datetime = _START
    status: str = ""
    meta: dict[int, tuple[str, object]] = attrs.field(factory=dict)
    notes: list[dict] = attrs.field(factory=list)
    refunds: list[dict] = attrs.field(factory=list)


class WooServer:
    """
    One shop.

    Attributes:
        requests: Method and path of what was asked.

        can_write: Whether the key may.

        forgotten: The orders that do not say when they changed.

        own: Statuses of plugins.

        unsearched: Those that plugins keep out of search: no `any` means them.

        has_method: Whether it is told of `_method`: what is in front may take it away.
    """

    def __init__(self, url="https://shop.example"):
        self.url = url
        self.orders: dict[int, Order] = {}
        self.products: list[dict] = []
        self.variations: dict[int, list[dict]] = {}
        self.webhooks: dict[int, dict] = {}
        self.requests: list[str] = []
        self.can_write = True
        self.forgotten: set[int] = set()
        self.own: list[str] = []
        self.unsearched = {"auto-draft", "checkout-draft"}
        self.has_method = True
        self._changes = 0
        self._ids = 100
        self._nonces: set[str] = set()
        self._lock = threading.RLock()

    # From behind.

    def place(self, order: ShopOrder) -> int:
        name = self.new_id()
        lines = [
            {
                "id": self.new_id(),
                "name": line.sku.title(),
                "product_id": 7,
                "variation_id": 0,
                "quantity": line.quantity,
                "sku": line.sku,
                "price": float(line.price.decimal_text),
            }
            for line in order.lines
        ]
        self.orders[name] = made = Order(name, order, lines)
        self.touch(made)
        return name

    def change(self, name: int, order: ShopOrder) -> None:
        made = self.orders[name]
        made.order = order
        for line, wanted in zip(made.lines, order.lines, strict=True):
            line["quantity"] = wanted.quantity
        self.touch(made)

    def touch(self, order: Order) -> None:
        self._changes += 1
        order.modified = _START + timedelta(seconds=self._changes // _A_SECOND)

    def new_id(self) -> int:
        self._ids += 1
        return self._ids

    # From outside.

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        """
        Answer as `/wp-json/wc/v3` does.
        """
        with self._lock:
            parts = urlsplit(str(request.url))
            params = dict(parse_qsl(parts.query, keep_blank_values=True))
            if not self._is_known(request, params):
                return _refused(401, "woocommerce_rest_cannot_view", "no such key")
            path = parts.path.removeprefix("/wp-json/wc/v3")
            self.requests.append(f"{request.method} {path}")
            if request.method != "GET" and not self.can_write:
                return _refused(401, "woocommerce_rest_cannot_edit", "read only")
            body = json.loads(request.content) if request.content else {}
            return self._answer(
                request.method, path.strip("/").split("/"), params, body
            )

    def _is_known(self, request, params) -> bool:
        if self.url.startswith("https"):
            told = request.headers.get("authorization", "")
            return (
                told == f"Basic {base64.b64encode(f'{KEY}:{SECRET}'.encode()).decode()}"
            )
        assert "authorization" not in request.headers, "the secret goes over http"
        nonce, told = params["oauth_nonce"], params.pop("oauth_signature")
        pairs = sorted(
            (quote(n, safe="~"), quote(v, safe="~")) for n, v in params.items()
        )
        bare = str(request.url).partition("?")[0]
        said = quote("&".join(f"{n}={v}" for n, v in pairs), safe="~")
        base = f"{request.method}&{quote(bare, safe='~')}&{said}"
        made = hmac.new(f"{SECRET}&".encode(), base.encode(), hashlib.sha256).digest()
        is_fresh = nonce not in self._nonces
        self._nonces.add(nonce)
        return is_fresh and told == base64.b64encode(made).decode()

    def _answer(self, method, parts, params, body):  # noqa: C901, PLR0911, PLR0912 - a table
        match (method, parts):
            case ("GET", ["orders"]) if params.get("_method") == "OPTIONS":
                return self._options()
            case ("GET", ["orders"]):
                return self._list(params)
            case ("POST", ["orders", "batch"]):
                return httpx2.Response(200, json=body)
            case (_, ["orders", name, *_]) if int(name) not in self.orders:
                return _refused(
                    404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID."
                )
            case ("GET", ["orders", name]):
                return httpx2.Response(200, text=_json(self._shown(int(name))))
            case ("PUT", ["orders", name]):
                return self._put(self.orders[int(name)], body)
            case ("GET", ["orders", name, "notes"]):
                # All of them, the last one first, and no total.
                return httpx2.Response(200, json=self.orders[int(name)].notes[::-1])
            case ("POST", ["orders", name, "notes"]):
                self.orders[int(name)].notes.append({"id": self.new_id(), **body})
                return httpx2.Response(201, json=body)
            case ("GET", ["orders", name, "refunds"]):
                return _listed(self.orders[int(name)].refunds, params)
            case ("GET", ["products"]):
                return _listed(_sold(self.products, params), params)
            case ("GET", ["products", name, "variations"]):
                return _listed(_sold(self.variations[int(name)], params), params)
            case ("POST", ["products", "batch"]):
                return _batch(self.products, body)
            case ("POST", ["products", name, "variations", "batch"]):
                if int(name) not in self.variations:
                    return _refused(
                        404, "woocommerce_rest_product_invalid_id", "Invalid ID."
                    )
                return _batch(self.variations[int(name)], body)
            case ("GET", ["webhooks"]):
                return _listed(list(self.webhooks.values()), params)
            case ("POST", ["webhooks"]):
                name = self.new_id()
                self.webhooks[name] = {"id": name, **body}
                return httpx2.Response(201, json=self.webhooks[name])
            case ("PUT", ["webhooks", name]):
                self.webhooks[int(name)] |= body
                return httpx2.Response(200, json=self.webhooks[int(name)])
            case ("DELETE", ["webhooks", name]):
                return httpx2.Response(200, json=self.webhooks.pop(int(name)))
        return _refused(404, "rest_no_route", "No route was found")

    def _list(self, params):
        assert params["dates_are_gmt"] == "true"
        assert (params["orderby"], params["order"]) == ("modified", "asc")
        found = sorted(self.orders.values(), key=lambda one: (one.modified, -one.id))
        if since := params.get("modified_after"):
            found = [o for o in found if o.modified > datetime.fromisoformat(since)]
        if since := params.get("after"):
            placed = datetime.fromisoformat(since).replace(tzinfo=UTC)
            found = [one for one in found if one.order.placed_at > placed]
        assert 1 <= int(params["per_page"]) <= 100
        wanted = params["status"].split(",")
        if not set(wanted) <= set(self._statuses()):
            return _refused(400, "rest_invalid_param", "Invalid parameter(s): status")
        if "any" in wanted:
            # The trash is in no `any`, nor what plugins keep out of search
            # (`OrdersTableQuery::sanitize_status`, WooCommerce 11).
            wanted = set(self._statuses()) - {"trash", *self.unsearched}
        shown = [self._shown(one.id) for one in found]
        return _listed([one for one in shown if one["status"] in wanted], params)

    def _statuses(self) -> list[str]:
        """
        Return what a list can be asked for (`get_collection_params`, WooCommerce 11).
        """
        return ["any", "trash", *STATUSES, *self.own]

    def _options(self) -> httpx2.Response:
        """
        Tell what a route takes, as WordPress does (`rest_handle_options_request`): it
        goes by `_method` first (`WP_REST_Server::serve_request`, WordPress 6).
        """
        if not self.has_method:
            return _listed([self._shown(name) for name in self.orders], {})
        items = {"type": "string", "enum": self._statuses()}
        reading = {
            "methods": ["GET"],
            "args": {"status": {"type": "array", "items": items}},
        }
        writing = {"methods": ["POST"], "args": {"status": {"type": "string"}}}
        told = {"namespace": "wc/v3", "endpoints": [reading, writing], "schema": {}}
        return httpx2.Response(200, json=told)

    def _shown(self, name: int) -> dict:
        one = self.orders[name]
        told = one.order
        status = "processing" if told.is_paid else "pending"
        if told.is_cancelled:
            status = "cancelled"
        return {
            "id": one.id,
            "number": str(one.id),
            "status": one.status or status,
            "currency": told.lines[0].price.currency,
            "date_created_gmt": _text(told.placed_at),
            "date_modified_gmt": (
                None if name in self.forgotten else _text(one.modified)
            ),
            "date_paid_gmt": _text(told.placed_at) if told.is_paid else None,
            "billing": {"country": "US", "email": "ann@mail.example", "phone": "5"},
            "shipping": {
                "first_name": "Ann",
                "last_name": "Lee",
                "address_1": "1 Long Lane",
                "address_2": "",
                "city": "London",
                "state": "",
                "postcode": "N1 1AA",
                "country": told.country,
            },
            "line_items": one.lines,
            "refunds": [{"id": refund["id"]} for refund in one.refunds],
            "meta_data": [
                {"id": n, "key": key, "value": value}
                for n, (key, value) in one.meta.items()
            ],
        }

    def _put(self, order: Order, body) -> httpx2.Response:
        for piece in body.get("meta_data", []):
            known = [n for n, (key, _) in order.meta.items() if key == piece["key"]]
            name = piece.get("id") or (known[0] if known else self.new_id())
            if piece["value"] is None:
                order.meta.pop(name, None)
            else:
                order.meta[name] = (piece["key"], piece["value"])
        order.status = body.get("status", order.status)
        self.touch(order)
        return httpx2.Response(200, text=_json(self._shown(order.id)))


def _text(at: datetime) -> str:
    """
    Tell a time as WooCommerce does: GMT, whole seconds, and no word of it.
    """
    plain = at.astimezone(UTC) if at.tzinfo else at
    return plain.strftime("%Y-%m-%dT%H:%M:%S")


def _json(value) -> str:
    return json.dumps(value)


def _listed(items, params) -> httpx2.Response:
    count, page = int(params.get("per_page", 10)), int(params.get("page", 1))
    start = int(params.get("offset", (page - 1) * count))
    headers = {
        "X-WP-Total": str(len(items)),
        "X-WP-TotalPages": str(-(-len(items) // count)),
    }
    part = items[start : start + count]
    return httpx2.Response(200, headers=headers, text=_json(part))


def _sold(things, params) -> list[dict]:
    """
    List what is in the shop: of one status, or of any.
    """
    assert (params["orderby"], params["order"]) == ("id", "asc")
    status = params.get("status", "any")
    found = [one for one in things if status in ("any", one["status"])]
    return sorted(found, key=lambda one: one["id"])


def _refused(status: int, code: str, message: str) -> httpx2.Response:
    told = {"code": code, "message": message, "data": {"status": status}}
    return httpx2.Response(status, json=told)


def _batch(things, body):
    """
    Update some, each with its own outcome.
    """
    known = {one["id"]: one for one in things}
    done = []
    for change in body["update"]:
        one = known.get(change["id"])
        if one is None:
            error = {
                "code": "woocommerce_rest_product_invalid_id",
                "message": "Invalid ID.",
                "data": {"status": 400},
            }
            done.append({"id": change["id"], "error": error})
            continue
        one |= change
        done.append(dict(one))
    return httpx2.Response(200, json={"update": done})
