"""
Reading orders: those that changed, and those whose payments did.

Medusa does not count an order as changed when it is paid. So payments are read by their
last change as well, at the beginning of each reading, and bring their orders.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from sourcehere.domain.kernel.clock import Clock
from sourcehere.domain.stores.model import Charge, Reject, StoreOrderSnapshot
from sourcehere.ports.errors import ProtocolError
from sourcehere.ports.platforms import OrderPage
from sourcehere_http.shapes import UNREADABLE, id_told, read_shape, set_aside

from .client import PAGE_MAX, PROVIDER, Client
from .config import MedusaConfig
from .feed import Feed, Place, earlier
from .snapshots import FIELDS, read_order

_NAME = re.compile("[A-Za-z0-9_-]{1,64}")
_WHY = "reading orders"
_IDS_MAX = 20  # in one question: Medusa takes a longer list for something else


@attrs.frozen(kw_only=True)
class _Cursor:
    """
    Where reading goes on.

    Attributes:
        is_behind_payments: Whether payments were read to their end, and orders are not
            yet.
    """

    orders: Place
    payments: Place
    is_behind_payments: bool = False

    def as_text(self) -> str:
        return json.dumps(attrs.asdict(self), sort_keys=True)


class OrderReader:
    """
    Reads the orders of one shop.
    """

    def __init__(self, client: Client, config: MedusaConfig, clock: Clock) -> None:
        self._client = client
        self._params: Mapping[str, str | Sequence[str]] = {
            "fields": FIELDS,
            **(
                {"sales_channel_id[]": config.sales_channel}
                if config.sales_channel
                else {}
            ),
            **(
                {"created_at[$gte]": f"{config.orders_since}T00:00:00.000Z"}
                if config.orders_since
                else {}
            ),
        }
        self._orders = Feed(client, "/orders", "orders", self._params, _WHY, clock)
        fields = {"fields": "id,updated_at,payment_collection.order.id"}
        self._payments = Feed(
            client, "/payments", "payments", fields, "reading payments", clock
        )

    def page(self, cursor: str, limit: int) -> OrderPage:
        """
        Read at most *limit* orders from *cursor* on.
        """
        limit = min(limit, PAGE_MAX)
        place = _read_cursor(cursor) if cursor else self._begin()
        told: dict[str, dict[str, Any]] = {}
        has_more = True
        if not place.is_behind_payments:
            part = self._payments.read(place.payments, limit)
            told = self._of_payments(part.items)
            place = attrs.evolve(
                place, payments=part.following, is_behind_payments=not part.has_more
            )
        room = limit - len(told)
        if place.is_behind_payments and room:
            part = self._orders.read(place.orders, room)
            told |= {str(one["id"]): one for one in part.items}
            has_more = part.has_more
            place = attrs.evolve(
                place, orders=part.following, is_behind_payments=has_more
            )
        return _page(told.values(), place.as_text(), has_more=has_more)

    def one(self, external_id: str) -> StoreOrderSnapshot | None:
        """
        Read one order; None where the shop has none of that id.
        """
        told = self.told(external_id, FIELDS)
        if told is None:
            return None
        what = f"order {external_id}"
        order, _ = read_shape(PROVIDER, read_order, told, what=what)
        return order

    def told(self, external_id: str, fields: str) -> dict[str, Any] | None:
        """
        Return *fields* of an order as the API tells it; None where there is none, or a
        draft of the merchant's only.
        """
        if not _NAME.fullmatch(external_id):
            return None
        wanted = {"fields": f"is_draft_order,{fields}"}
        found = self._client.ask(f"/orders/{external_id}", "order", wanted, why=_WHY)
        return None if found is None or found.get("is_draft_order") else found

    def _begin(self) -> _Cursor:
        """
        Return where a shop begins. All payments from before are in its orders.
        """
        since = earlier(self._payments.newest())
        return _Cursor(orders=Place(), payments=Place(since=since))

    def _of_payments(
        self, payments: Iterable[Mapping[str, Any]]
    ) -> dict[str, dict[str, Any]]:
        """
        Read the orders that payments are for; a payment in a cart has none yet.
        """
        found = (
            ((one.get("payment_collection") or {}).get("order") or {}).get("id")
            for one in payments
        )
        names = list(dict.fromkeys(str(name) for name in found if name))
        told: dict[str, dict[str, Any]] = {}
        for start in range(0, len(names), _IDS_MAX):
            some = names[start : start + _IDS_MAX]
            wanted = {**self._params, "id[]": some, "limit": str(len(some))}
            listed = self._client.page("/orders", "orders", wanted, why=_WHY)
            told |= {str(one["id"]): one for one in listed.items}
        return told


def _page(told: Iterable[dict[str, Any]], cursor: str, *, has_more: bool) -> OrderPage:
    orders: list[StoreOrderSnapshot] = []
    rejects: list[Reject] = []
    charges: list[Charge] = []
    for one in told:
        try:
            order, others = read_order(one)
        except UNREADABLE as error:
            rejects.append(set_aside(id_told(one), error))
            continue
        charges.extend(others)
        if order.lines or not others:
            orders.append(order)
    return OrderPage(tuple(orders), tuple(rejects), tuple(charges), cursor, has_more)


def _read_cursor(cursor: str) -> _Cursor:
    try:
        told = json.loads(cursor)
        return _Cursor(
            orders=Place(**told["orders"]),
            payments=Place(**told["payments"]),
            is_behind_payments=told["is_behind_payments"],
        )
    except (ValueError, TypeError, LookupError) as error:
        detail = "the cursor is none of ours: read the shop from its beginning"
        raise ProtocolError(provider=PROVIDER, detail=detail) from error
