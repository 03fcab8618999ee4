"""
Asks the REST API of one shop.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx2

from sourcehere.ports.context import Context
from sourcehere.ports.errors import ProtocolError
from sourcehere_http import Api, Reply
from sourcehere_http.shapes import read_shape

from .config import WooConfig
from .oauth import OAuth

PROVIDER = "woocommerce"
PAGE_MAX = 100
_PAGES_MAX = 1_000


class Client:
    """
    One shop's `/wp-json/wc/v3`.
    """

    def __init__(
        self,
        config: WooConfig,
        context: Context,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        auth: httpx2.Auth | tuple[str, str] = (config.key, config.secret)
        if not config.is_encrypted:
            auth = OAuth(config.key, config.secret, context)
        self._api = Api(
            provider=PROVIDER,
            base_url=f"{config.url}/wp-json/wc/v3",
            context=context,
            auth=auth,
            transport=transport,
        )

    def ask(
        self, path: str, params: Mapping[str, str] | None = None, *, why: str
    ) -> Any | None:
        """
        Read what is at *path*; None where there is no such thing.

        Raises:
            DeclinedError: If the shop refuses *why* otherwise.

            ProtocolError: If it answers with nothing: that is not "no such thing".
        """
        reply = self._api.send("GET", path, params=params)
        if reply.is_missing:
            self._check_api(reply)
            return None
        found = reply.needed(why).json()
        if found is None:
            raise ProtocolError(provider=PROVIDER, detail=f"{path} is null")
        return found

    def page(self, path: str, params: Mapping[str, str], *, why: str) -> "Listed":
        """
        Read a part of a list, and how long the list is.
        """
        reply = self._api.send("GET", path, params=params).needed(why)
        found, total = reply.json(), _total(reply)
        if not isinstance(found, list) or total is None:
            raise ProtocolError(provider=PROVIDER, detail=f"{path} is no list")
        return Listed(found, total)

    def statuses(self) -> list[str]:
        """
        Return the statuses that orders can be listed by, those of plugins among them;
        none where WordPress does not say.

        It is asked for what `/orders` takes, by `_method`: many hosts refuse `OPTIONS`.
        """
        wanted = {"_method": "OPTIONS", "per_page": "1"}
        reply = self._api.send("GET", "/orders", params=wanted)
        told = reply.needed("asking for statuses").json()
        if isinstance(told, list) and _total(reply) is not None:
            return []  # orders: something in front took `_method` away
        return read_shape(PROVIDER, _statuses, told, what="what orders are listed by")

    def notes(self, external_id: str) -> list[dict[str, Any]]:
        """
        Read the notes of an order: WooCommerce lists them whole, whatever page is asked
        for, and tells no total.
        """
        path = f"/orders/{external_id}/notes"
        found = self._api.send("GET", path).needed("reading notes").json()
        if not isinstance(found, list):
            raise ProtocolError(provider=PROVIDER, detail=f"{path} is no list")
        return found

    def all(
        self, path: str, given: Mapping[str, str] | None = None, *, why: str
    ) -> Iterator[Any]:
        """
        Read a whole list.

        Raises:
            ProtocolError: If it does not end: a part is never told as if it were all.
        """
        for number in range(1, _PAGES_MAX):
            params = {"per_page": str(PAGE_MAX), "page": str(number), **(given or {})}
            listed = self.page(path, params, why=why)
            yield from listed.items
            if number * PAGE_MAX >= listed.total:
                return
        count = (_PAGES_MAX - 1) * PAGE_MAX
        detail = f"{path}: it has more than {count} entries, and no end"
        raise ProtocolError(provider=PROVIDER, detail=detail)

    def send(self, method: str, path: str, body: object, *, why: str) -> Any:
        """
        Write at *path*, and return what is there now.

        Raises:
            DeclinedError: If the shop refuses: nothing happened.
        """
        reply = self._api.send(method, path, json=body)
        return reply.needed(why).json()

    def close(self) -> None:
        """
        Close the connections.
        """
        self._api.close()

    def _check_api(self, reply: Reply) -> None:
        """
        Tell an order that is none from a shop without an API.
        """
        told = reply.json()
        if not isinstance(told, dict) or told.get("code") == "rest_no_route":
            reply.refuse("there is no WooCommerce REST API at this address")


def _total(reply: Reply) -> int | None:
    """
    Return how long a list is of which a part was told; None where it is none.
    """
    total = reply.headers.get("x-wp-total", "")
    return int(total) if total.isdecimal() else None


def _statuses(told: Any) -> list[str]:
    """
    Return what the endpoints that list orders take as a status; a plugin may have added
    one of its own, which takes none.
    """
    found: dict[str, None] = {}
    for one in told["endpoints"]:
        if "GET" in one["methods"]:
            names = _in(one, "args", "status", "items", "enum")
            found |= dict.fromkeys(map(str, names))
    return list(found)


def _in(told: Any, *names: str) -> Any:
    """
    Return what is at the end of a path; nothing where it breaks off. PHP tells an empty
    object as a list.
    """
    for name in names:
        told = told.get(name, {}) if isinstance(told, dict) else {}
    return told


class Listed:
    """
    A part of a list.

    Attributes:
        total: How many the whole list has.
    """

    def __init__(self, items: list[Any], total: int) -> None:
        self.items, self.total = items, total
