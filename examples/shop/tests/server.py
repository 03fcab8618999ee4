"""
Corner in memory: what its documentation says, for the tests.

Addresses and names are an example. Change `_answer` and `_shown` to those of Corner,
with its limits: how many orders it lists at a time, and how fine its times are.
"""

import json
import threading
from datetime import datetime, timedelta, timezone
from urllib.parse import unquote

import attrs
import httpx2

from sourcehere.testing.kit import ShopLine, ShopOrder, ToldParcel

TOKEN = "token-4711"
PAGE_MAX = 50
_ZONE = timezone(timedelta(hours=2))  # of the times that it tells
_START = datetime(2026, 3, 2, 14, tzinfo=_ZONE)
_A_SECOND = 3  # so many changes have the same time


@attrs.define
class Kept:
    """
    An order, as the shop keeps it.

    Attributes:
        parcels: Key -> what was told under it.
    """

    order: ShopOrder
    changed_at: datetime
    parcels: dict[str, dict] = attrs.field(factory=dict)


class CornerServer:
    """
    One shop.
    """

    def __init__(self) -> None:
        self._orders: dict[str, Kept] = {}
        self._changes = 0
        self._lock = threading.Lock()

    # The back door, by which a lab places orders and looks at parcels.

    def place(self, order: ShopOrder) -> str:
        """
        Let a customer order; ids have zeros in front, as some shops' have.
        """
        name = f"{1_000 + len(self._orders):08}"
        self._orders[name] = Kept(order, self._now())
        return name

    def change(self, name: str, order: ShopOrder) -> None:
        """
        Let an order be otherwise.
        """
        kept = self._orders[name]
        kept.order, kept.changed_at = order, self._now()

    def parcels(self, name: str) -> list[ToldParcel]:
        """
        Return the parcels of an order that count.
        """
        kept = self._orders[name]
        return [
            ToldParcel(
                tracking_number=told["number"],
                units={
                    kept.order.lines[int(line)].sku: units
                    for line, units in told["units"].items()
                },
                carrier=told["carrier"],
            )
            for told in _live(kept)
        ]

    def _now(self) -> datetime:
        """
        Return the time of a change, in whole seconds.
        """
        self._changes += 1
        return _START + timedelta(seconds=self._changes // _A_SECOND)

    # The API.

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        """
        Answer a request.
        """
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _json({"message": "the token is refused"}, status=401)
        path = request.url.raw_path.decode().partition("?")[0]
        with self._lock:
            return self._answer(request, [unquote(p) for p in path.split("/")[1:]])

    def _answer(self, request: httpx2.Request, path: list[str]) -> httpx2.Response:
        match (request.method, path):
            case ("GET", ["orders"]):
                return self._listed(request.url.params)
            case ("GET", ["orders", name]) if name in self._orders:
                return _json(self._shown(name))
            case ("PUT", ["orders", name, "parcels", key]) if name in self._orders:
                self._orders[name].parcels.setdefault(key, json.loads(request.content))
                return _json({"reference": key})
        return _json({"message": "there is no such thing"}, status=404)

    def _listed(self, params: httpx2.QueryParams) -> httpx2.Response:
        since = params.get("changed_since", "")
        names = [
            name
            for name, kept in self._orders.items()
            if not since or kept.changed_at >= datetime.fromisoformat(since)
        ]
        names.sort(key=lambda name: (self._orders[name].changed_at, name))
        offset = int(params.get("offset", "0"))
        end = offset + min(int(params["limit"]), PAGE_MAX)
        shown = [self._shown(name) for name in names[offset:end]]
        return _json({"orders": shown, "has_more": end < len(names)})

    def _shown(self, name: str) -> dict:
        """
        Return an order as the API tells it.
        """
        kept = self._orders[name]
        order = kept.order
        sent = [told["units"] for told in _live(kept)]
        return {
            "id": name,
            "number": f"#{int(name)}",
            "placed_at": order.placed_at.astimezone(_ZONE).isoformat(),
            "changed_at": kept.changed_at.isoformat(),
            "status": "cancelled" if order.is_cancelled else "open",
            "is_paid": order.is_paid,
            "ship_to": {"name": "Ann Ames", "country": order.country},
            "lines": [
                _line(str(place), line, sum(units.get(str(place), 0) for units in sent))
                for place, line in enumerate(order.lines)
            ],
        }


def _live(kept: Kept) -> list[dict]:
    gone = {told["instead_of"] for told in kept.parcels.values()}
    return [told for key, told in kept.parcels.items() if key not in gone]


def _line(name: str, line: ShopLine, sent: int) -> dict:
    return {
        "id": name,
        "sku": line.sku,
        "title": f"A {line.sku}",
        "quantity": line.quantity,
        "quantity_sent": sent,
        "price": line.price.decimal_text,
        "currency": line.price.currency,
    }


def _json(told: object, status: int = 200) -> httpx2.Response:
    return httpx2.Response(status, json=told)
