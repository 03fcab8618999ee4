"""
Asks the Admin API, and says what went wrong as the ports do.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx2

from sourcehere.ports.context import Context
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ProviderError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from sourcehere_http import Api

from .config import ShopifyConfig
from .documents import document

PROVIDER = "shopify"
_CLOSED = {402: "the shop is frozen", 404: "there is no such shop", 423: "it is locked"}
_PAUSE_MAX_S = 3_600.0


class TooCostlyError(ProviderError):
    """
    One query may cost more than Shopify allows: ask for less of it.
    """


class Client:
    """
    One shop's Admin API.
    """

    def __init__(
        self,
        config: ShopifyConfig,
        context: Context,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._api = Api(
            provider=PROVIDER,
            base_url=f"https://{config.shop}/admin/api/{config.api_version}",
            context=context,
            headers={"X-Shopify-Access-Token": config.token},
            transport=transport,
        )

    def ask(self, name: str, **variables: object) -> Any:
        """
        Run the document *name*, and return its `data`.

        Raises:
            ProviderError: If Shopify did not run it, or not all of it.
        """
        asked = {"query": document(name), "variables": variables}
        reply = self._api.send("POST", "/graphql.json", json=asked)
        if reply.status in _CLOSED:
            detail = f"{reply.status}: {_CLOSED[reply.status]}"
            raise UnauthorizedError(provider=PROVIDER, detail=detail)
        told = reply.needed(name).json()
        if not isinstance(told, dict):
            raise ProtocolError(provider=PROVIDER, detail="the answer is no object")
        if told.get("errors"):
            raise _failure(told)
        if not isinstance(told.get("data"), dict):
            raise ProtocolError(provider=PROVIDER, detail="the answer has no data")
        return told["data"]

    def change(self, name: str, field: str, **variables: object) -> Any:
        """
        Run the mutation *field* of the document *name*, and return what it gives.

        Raises:
            DeclinedError: If Shopify says what is wrong with it: nothing happened.

            ProviderError: As `ask` does.
        """
        given = self.ask(name, **variables)[field]
        if not isinstance(given, dict):
            detail = f"{field} says nothing"
            raise ProtocolError(provider=PROVIDER, detail=detail)
        if given["userErrors"]:
            raise DeclinedError(
                provider=PROVIDER, detail=f"{field}: {_words(given['userErrors'])}"
            )
        return given

    def close(self) -> None:
        """
        Close the connections.
        """
        self._api.close()


def _failure(told: Mapping[str, Any]) -> ProviderError:
    """
    Return what the `errors` of an answer mean; they come with status 200.
    """
    errors = told["errors"]
    if not isinstance(errors, list) or not all(isinstance(e, dict) for e in errors):
        return ProtocolError(provider=PROVIDER, detail=f"errors: {errors!r:.200}")
    words = _words(errors)
    codes = {(error.get("extensions") or {}).get("code", "") for error in errors}
    if "THROTTLED" in codes:
        return ThrottledError(provider=PROVIDER, detail=words, retry_after=_pause(told))
    if "ACCESS_DENIED" in codes:
        return UnauthorizedError(provider=PROVIDER, detail=words)
    if "MAX_COST_EXCEEDED" in codes:
        return TooCostlyError(provider=PROVIDER, detail=words)
    if "INTERNAL_SERVER_ERROR" in codes or "TIMEOUT" in codes:
        return UnknownOutcomeError(provider=PROVIDER, detail=words)
    return ProtocolError(provider=PROVIDER, detail=words)


def _pause(told: Mapping[str, Any]) -> timedelta:
    """
    Return how long the bucket needs until it holds what the query may cost.
    """
    try:
        cost = told["extensions"]["cost"]
        status = cost["throttleStatus"]
        missing = float(cost["requestedQueryCost"]) - float(
            status["currentlyAvailable"]
        )
        seconds = missing / float(status["restoreRate"])
    except (LookupError, TypeError, ValueError, ZeroDivisionError):
        seconds = 2.0
    return timedelta(seconds=min(max(seconds, 1.0), _PAUSE_MAX_S))


def _words(errors: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(str(error.get("message", "")) for error in errors)[:500]
