"""
An adapter that passes the contract of shops: how one is written, and what wrong ones
are made of.
"""

import json
from datetime import datetime
from typing import Any

from ...domain.kernel.address import Address
from ...domain.kernel.money import Money
from ...domain.stores.cancelling import ShopCancelReason
from ...domain.stores.model import SnapshotLine, StoreOrderSnapshot
from ...ports.errors import DeclinedError
from ...ports.platforms import Fulfilment, OrderPage, ParcelNotice
from .client import ServerClient
from .server import Answer, ShopServer

_MISSING, _CONFLICT = 404, 409


class ServerShop(ServerClient):
    """
    Speaks to a `ShopServer`; keeps nothing between two calls.
    """

    name = "server shop"

    def __init__(self, server: ShopServer) -> None:
        self._server = server

    def pull_orders(self, cursor: str, /, *, limit: int) -> OrderPage:
        """
        Read what changed after the last change that was read.
        """
        told = self._read(f"/orders/since/{cursor or 0}/{limit}", "orders")
        orders = tuple(self._order(one) for one in told["orders"])
        return OrderPage(orders, (), (), str(told["last"]), told["more"])

    def fetch_order(self, external_id: str, /) -> StoreOrderSnapshot | None:
        """
        Read one order; None where the server has none of that number.
        """
        if not external_id.isdigit():
            return None
        answer = self._send("GET", f"/orders/{external_id}")
        if answer.status == _MISSING:
            return None
        return self._order(self._object(answer, "id", "lines"))

    def push_fulfilment(self, fulfilment: Fulfilment, /) -> str:
        """
        Tell what left; the server keeps the key.
        """
        lines = {line.external_line_id: line.quantity for line in fulfilment.lines}
        return self._tell(fulfilment, lines)

    def push_tracking(self, notice: ParcelNotice, /) -> str:
        """
        Tell a number, with no line.
        """
        return self._tell(notice, {})

    def find_push(self, notice: ParcelNotice, /) -> str | None:
        """
        Look a key up.
        """
        answer = self._send("GET", f"/parcels/{notice.idempotency_key}")
        if answer.status == _MISSING:
            return None
        return self._reference(answer)

    def cancel_order(self, external_id: str, /, *, reason: ShopCancelReason) -> None:
        """
        Cancel an order; the server asks for no reason.
        """
        del reason
        answer = self._send("POST", f"/orders/{external_id}/cancel")
        if answer.status in (_MISSING, _CONFLICT):
            said = self._object(answer, "error")
            if answer.status == _CONFLICT and self._is_cancelled(said):
                return
            self._not_cancelled(external_id, said["error"])
        self._object(answer, "cancelled")

    def _is_cancelled(self, said: Any) -> bool:
        return bool(said["error"] == "cancelled")

    def _not_cancelled(self, external_id: str, words: str) -> None:
        detail = f"order {external_id}: {words}"
        raise DeclinedError(provider=self.name, detail=detail)

    def _tell(self, notice: ParcelNotice, lines: dict[str, int]) -> str:
        told = {
            "key": self._key(notice),
            "number": notice.tracking_number,
            "carrier": notice.carrier,
            "lines": lines,
            "instead_of": self._instead_of(notice),
        }
        path = f"/orders/{notice.external_id}/parcels"
        answer = self._send("POST", path, json.dumps(told))
        if answer.status == _MISSING:
            raise self._no_such_order(notice)
        return self._reference(answer)

    def _key(self, notice: ParcelNotice) -> str:
        return notice.idempotency_key

    def _instead_of(self, notice: ParcelNotice) -> list[str]:
        reference = notice.replaces_reference
        return [reference] if reference else []

    def _no_such_order(self, notice: ParcelNotice) -> Exception:
        detail = f"there is no order {notice.external_id}"
        return DeclinedError(provider=self.name, detail=detail)

    def _reference(self, answer: Answer) -> str:
        return str(self._object(answer, "reference")["reference"])

    def _read(self, path: str, *names: str) -> Any:
        return self._object(self._send("GET", path), *names)

    def _send(self, method: str, path: str, body: str = "") -> Answer:
        return self._asked(lambda: self._server.request(method, path, body))

    def _order(self, told: Any) -> StoreOrderSnapshot:
        return StoreOrderSnapshot(
            external_id=told["id"],
            number=told["name"],
            placed_at=self._time(told["created_at"]),
            address=Address(told["country"]),
            lines=tuple(self._line(line) for line in told["lines"]),
            paid_at_store=told["paid"],
            cancelled=told["cancelled"],
            version=told["changed"],
        )

    def _line(self, told: Any) -> SnapshotLine:
        return SnapshotLine(
            external_line_id=told["id"],
            sku=told["sku"],
            title=told["title"],
            quantity=told["quantity"],
            unit_price=self._money(told["price"], told["currency"]),
            quantity_fulfilled=told["sent"],
        )

    def _time(self, text: str) -> datetime:
        return datetime.fromisoformat(text)

    def _money(self, text: str, currency: str) -> Money:
        return Money.parse(text, currency)
