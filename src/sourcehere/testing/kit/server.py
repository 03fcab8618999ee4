"""
A shop's server in memory, which speaks JSON: what the kit tries itself on.
"""

import json
import threading
from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

import attrs

from ...domain.kernel.values import frozen
from ...ports.platforms import StorePlatform
from .faults import SHAPES, FaultLine, WireFault
from .store_lab import ShopOrder, ToldParcel

RETRY_AFTER_S = 7
_ID_DIGITS = 20  # with zeros in front: such an id is no number
_PAGE_MAX = 50
_A_SECOND = 4  # so many changes have the same time
_STATUS = {WireFault.DOWN: 503, WireFault.THROTTLED: 429, WireFault.UNAUTHORIZED: 401}


@frozen
class Answer:
    """
    What came over the wire.
    """

    status: int
    text: str
    headers: Mapping[str, str] = attrs.field(factory=dict)


_MISSING = Answer(404, '{"error": "there is no such thing"}')


@attrs.define
class _Order:
    order: ShopOrder
    changed: int


@attrs.define
class _Parcel:
    key: str
    order: str
    number: str
    carrier: str
    lines: dict[str, int]
    is_live: bool = True


class ShopServer:
    """
    Orders by number, changes by a counter, parcels by the key they were told under.

    It is as awkward as real ones are: numbers have zeros in front, pages are shorter
    than is asked for, and some changes share a second.
    """

    def __init__(self) -> None:
        self._orders: dict[str, _Order] = {}
        self._parcels: dict[str, _Parcel] = {}
        self._changes = 0
        self.line = FaultLine()
        self._lock = threading.Lock()

    # The back door.

    def place(self, order: ShopOrder, /) -> str:
        """
        Let a customer order.
        """
        name = f"{1_000 + len(self._orders):0{_ID_DIGITS}}"
        self._orders[name] = _Order(order, self._next_change())
        return name

    def change(self, external_id: str, order: ShopOrder, /) -> None:
        """
        Let an order be otherwise.
        """
        self._orders[external_id] = _Order(order, self._next_change())

    def parcels(self, external_id: str, /) -> list[ToldParcel]:
        """
        Return the parcels of an order that count.
        """
        lines = self._orders[external_id].order.lines
        return [
            ToldParcel(
                tracking_number=parcel.number,
                units={lines[int(n)].sku: units for n, units in parcel.lines.items()},
                carrier=parcel.carrier,
            )
            for parcel in self._parcels.values()
            if parcel.order == external_id and parcel.is_live
        ]

    def is_cancelled(self, external_id: str, /) -> bool:
        """
        Tell whether an order is cancelled.
        """
        return self._orders[external_id].order.is_cancelled

    # What adapters ask.

    def request(self, method: str, path: str, body: str = "") -> Answer:
        """
        Answer as a server does.

        Raises:
            ConnectionError: If the line breaks.
        """
        with self._lock:
            return through(self.line.meet(), lambda: self._answer(method, path, body))

    def _answer(self, method: str, path: str, body: str) -> Answer:
        match (method, path.strip("/").split("/")):
            case ("POST", ["orders", name, what]) if name in self._orders:
                is_parcel = what == "parcels"
                return (
                    self._take(name, json.loads(body))
                    if is_parcel
                    else self._cancel(name)
                )
            case ("GET", ["orders", *places]):
                return self._orders_at(*places)
            case ("GET", ["parcels", *key]) if "/".join(key) in self._parcels:
                return _json({"reference": _reference("/".join(key))})
        return _MISSING

    def _orders_at(self, *places: str) -> Answer:
        match places:
            case ["since", after, limit]:
                return self._page(int(after), int(limit))
            case ["behind", second, name, limit]:
                return self._seconds(int(second), name, int(limit))
            case ["from", offset, limit]:
                return self._places(int(offset), int(limit))
            case [name] if name in self._orders:
                return _json(self._shown(name))
        return _MISSING

    def _page(self, after: int, limit: int) -> Answer:
        newer = [n for n in self._by_change() if self._orders[n].changed > after]
        names = newer[: min(limit, _PAGE_MAX)]
        last = self._orders[names[-1]].changed if names else after
        shown = [self._shown(name) for name in names]
        more = len(newer) > len(names)
        return _json({"orders": shown, "last": last, "more": more})

    def _seconds(self, second: int, name: str, limit: int) -> Answer:
        places = {n: (o.changed // _A_SECOND, n) for n, o in self._orders.items()}
        newer = sorted(place for place in places.values() if place > (second, name))
        told = newer[:limit]
        shown = [self._shown(name) for _, name in told]
        last = list(told[-1] if told else (second, name))
        return _json({"orders": shown, "last": last, "more": len(newer) > limit})

    def _places(self, offset: int, limit: int) -> Answer:
        names = self._by_change()
        shown = [self._shown(name) for name in names[offset : offset + limit]]
        end = offset + len(shown)
        return _json({"orders": shown, "last": end, "more": end < len(names)})

    def _by_change(self) -> list[str]:
        return sorted(self._orders, key=lambda name: self._orders[name].changed)

    def _shown(self, name: str) -> dict[str, object]:
        order = self._orders[name].order
        sent: dict[str, int] = {}
        for parcel in self._parcels.values():
            if parcel.order == name and parcel.is_live:
                for line, units in parcel.lines.items():
                    sent[line] = sent.get(line, 0) + units
        return {
            "id": name,
            "name": f"#{name}",
            "changed": self._orders[name].changed,
            "created_at": order.placed_at.astimezone(UTC).isoformat(),
            "country": order.country,
            "paid": order.is_paid,
            "cancelled": order.is_cancelled,
            "lines": [
                {
                    "id": str(number),
                    "sku": line.sku,
                    "title": line.sku.title(),
                    "quantity": line.quantity,
                    "ordered": max(line.quantity, 1),
                    "sent": sent.get(str(number), 0),
                    "price": line.price.decimal_text,
                    "currency": line.price.currency,
                }
                for number, line in enumerate(order.lines)
            ],
        }

    def _cancel(self, name: str) -> Answer:
        order = self._orders[name].order
        if self.parcels(name):
            return Answer(409, '{"error": "sent"}')
        if order.is_cancelled:
            return Answer(409, '{"error": "cancelled"}')
        self.change(name, attrs.evolve(order, is_cancelled=True))
        return _json({"cancelled": True})

    def _take(self, name: str, told: dict[str, Any]) -> Answer:
        key = told["key"]
        if key not in self._parcels:
            for parcel in self._parcels.values():
                if _reference(parcel.key) in told["instead_of"]:
                    parcel.is_live = False
            self._parcels[key] = _Parcel(
                key, name, told["number"], told["carrier"], told["lines"]
            )
        return _json({"reference": _reference(key)})

    def _next_change(self) -> int:
        self._changes += 1
        return self._changes


class ServerLab(ShopServer):
    """
    The server with an adapter of a class of one's own.
    """

    def __init__(self, adapter: "Callable[[ShopServer], StorePlatform]") -> None:
        super().__init__()
        self._adapter = adapter

    def connect(self) -> StorePlatform:
        """
        Make a new adapter.
        """
        return self._adapter(self)


def _reference(key: str) -> str:
    return f"ref-{key}"


def _json(value: object) -> Answer:
    return Answer(200, json.dumps(value))


def through(fault: WireFault | None, serve: Callable[[], Answer]) -> Answer:
    """
    Serve a request on a line that may break on its way there, or back.

    Raises:
        ConnectionError: If it breaks.
    """
    if fault is WireFault.BEFORE:
        raise ConnectionResetError
    if fault in _STATUS:
        after = {"retry-after": str(RETRY_AFTER_S)}
        headers = after if fault is WireFault.THROTTLED else {}
        return Answer(_STATUS[fault], '{"error": "no"}', headers)
    answer = serve()
    if fault is WireFault.GARBAGE:
        return Answer(200, "<html>Please try again later</html>")
    if fault is not None and fault in SHAPES:
        return Answer(200, SHAPES[fault])
    if fault is WireFault.TRUNCATED:
        return Answer(answer.status, answer.text[: len(answer.text) // 2])
    if fault is WireFault.AFTER:
        raise ConnectionResetError
    return answer
