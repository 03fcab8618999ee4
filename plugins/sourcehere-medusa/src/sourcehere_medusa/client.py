"""
Asks the Admin API of one shop.
"""

from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Any
from urllib.parse import urlencode

import attrs
import httpx2

from sourcehere.ports.context import Context
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    UnknownOutcomeError,
)
from sourcehere_http import Api, Reply

from .config import MedusaConfig

PROVIDER = "medusa"
PAGE_MAX = 100
# Another request has the same thing in its hands; Medusa says to try again.
_CONFLICT = 409

Params = Mapping[str, str | Sequence[str]]


@attrs.frozen
class Listed:
    """
    A part of a list.

    Attributes:
        count: How many the whole list has.
    """

    items: list[dict[str, Any]]
    count: int


class Client:
    """
    One shop's `/admin`; safe to share between threads.
    """

    def __init__(
        self,
        config: MedusaConfig,
        context: Context,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._api = Api(
            provider=PROVIDER,
            base_url=f"{config.url}/admin",
            context=context,
            auth=(config.key, ""),
            transport=transport,
        )

    def ask(
        self, path: str, field: str, params: Params, *, why: str
    ) -> dict[str, Any] | None:
        """
        Read *field* of what is at *path*; None where there is no such thing.

        Raises:
            DeclinedError: If the shop refuses *why* otherwise, or has no Admin API.
        """
        reply = self._send("GET", path, params, None)
        if reply.is_missing:
            _check_api(reply)
            return None
        found: dict[str, Any] = _needed(reply, field, dict, why)
        return found

    def page(self, path: str, field: str, params: Params, *, why: str) -> Listed:
        """
        Read a part of a list, and how long the list is.
        """
        reply = self._send("GET", path, params, None)
        if reply.is_missing:
            _check_api(reply)
        items = _needed(reply, field, list, why)
        count = reply.json().get("count")
        if not isinstance(count, int) or not all(isinstance(x, dict) for x in items):
            raise ProtocolError(provider=PROVIDER, detail=f"{path} is no list")
        return Listed(items, count)

    def send(
        self, path: str, body: object, field: str, params: Params, *, why: str
    ) -> None:
        """
        Write at *path*; the answer has to have *field*.

        Raises:
            DeclinedError: If the shop refuses: nothing happened.
        """
        reply = self._send("POST", path, params, body)
        _needed(reply, field, dict | list, why)

    def close(self) -> None:
        """
        Close the connections.
        """
        self._api.close()

    def _send(self, method: str, path: str, params: Params, body: object) -> Reply:
        query = f"?{urlencode(params, doseq=True)}" if params else ""
        reply = self._api.send(method, f"{path}{query}", json=body)
        if reply.status == _CONFLICT:
            detail = f"{method} {path}: it is busy with the same"
            raise UnknownOutcomeError(provider=PROVIDER, detail=detail)
        return reply


def _needed(reply: Reply, field: str, kind: type | UnionType, why: str) -> Any:
    told = reply.needed(why).json()
    found = told.get(field) if isinstance(told, dict) else None
    if not isinstance(found, kind):
        detail = f"{why}: the answer has no {field}"
        raise ProtocolError(provider=PROVIDER, detail=detail)
    return found


def _check_api(reply: Reply) -> None:
    """
    Tell something that is missing from a server without an API.
    """
    try:
        told = reply.json()
    except ProtocolError as error:
        detail = "there is no Admin API of Medusa at this address"
        raise DeclinedError(provider=PROVIDER, detail=detail) from error
    if not isinstance(told, dict) or told.get("type") != "not_found":
        reply.refuse("there is no Admin API of Medusa at this address")
