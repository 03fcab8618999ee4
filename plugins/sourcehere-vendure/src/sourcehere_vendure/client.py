"""
Asks the Admin API, and says what went wrong as the ports do.

Somebody is logged in with the first question. The session is kept in memory only; one
that ended is begun anew, once per question.
"""

import threading
from collections.abc import Mapping
from typing import Any

import httpx2

from sourcehere.ports.context import Context
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ProviderError,
    UnauthorizedError,
    UnknownOutcomeError,
)
from sourcehere_http import Api, Reply

from .config import VendureConfig
from .documents import document

PROVIDER = "vendure"
PAGE_MAX = 100  # Vendure's own limit for the Admin API is 1,000

_REFUSED = frozenset({"FORBIDDEN", "UNAUTHORIZED", "CHANNEL_NOT_FOUND"})
# Said before anything is done, or with all of it taken back.
_DECLINED = frozenset({"USER_INPUT_ERROR", "ENTITY_NOT_FOUND", "ILLEGAL_OPERATION"})
_MISUNDERSTOOD = frozenset(
    {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "BAD_USER_INPUT"}
)


class ForbiddenError(UnauthorizedError):
    """
    Vendure does not know the session, or it permits too little.
    """


class Client:
    """
    One shop's Admin API; safe to share between threads.
    """

    def __init__(
        self,
        config: VendureConfig,
        context: Context,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        given = {"vendure-token": config.channel_token} if config.channel_token else {}
        self._config = config
        self._api = Api(
            provider=PROVIDER,
            base_url=config.url,
            context=context,
            headers=given,
            transport=transport,
        )
        self._session = ""
        self._lock = threading.Lock()

    def ask(self, name: str, **variables: object) -> dict[str, Any]:
        """
        Run the document *name*, and return its `data`.

        Raises:
            ProviderError: If Vendure did not run it, or not all of it.
        """
        known = self._session
        session = known or self._login("")
        try:
            return self._run(name, variables, session)
        except ForbiddenError:
            if not known:
                raise
            return self._run(name, variables, self._login(known))

    def change(self, name: str, field: str, **variables: object) -> dict[str, Any]:
        """
        Run the mutation *field* of the document *name*, and return what it gives.

        Raises:
            DeclinedError: If Vendure says what is wrong with it: nothing happened.

            ProviderError: As `ask` does.
        """
        given = self.ask(name, **variables).get(field)
        if not isinstance(given, dict):
            raise ProtocolError(provider=PROVIDER, detail=f"{field} says nothing")
        if given.get("errorCode"):
            words = given.get("transitionError") or given.get("message")
            detail = f"{field}: {given['errorCode']}: {words}"
            raise DeclinedError(provider=PROVIDER, detail=detail[:500])
        return given

    def close(self) -> None:
        """
        Close the connections.
        """
        self._api.close()

    def _login(self, ended: str) -> str:
        """
        Return a session other than the one that *ended*.
        """
        with self._lock:
            if self._session != ended:
                return self._session  # another thread was here first
            self._session = ""
            given = {
                "username": self._config.username,
                "password": self._config.password,
            }
            reply = self._send("login", given, "")
            told = _data(reply).get("login")
            if not isinstance(told, dict):
                raise ProtocolError(provider=PROVIDER, detail="login says nothing")
            if told.get("errorCode"):
                detail = f"login: {told['errorCode']}: {told.get('message')}"
                raise UnauthorizedError(provider=PROVIDER, detail=detail[:500])
            session = reply.headers.get("vendure-auth-token", "")
            if not session:
                detail = "no session came with the login: tokenMethod lacks 'bearer'"
                raise UnauthorizedError(provider=PROVIDER, detail=detail)
            self._session = session
            return session

    def _run(
        self, name: str, variables: Mapping[str, object], session: str
    ) -> dict[str, Any]:
        return _data(self._send(name, variables, session))

    def _send(self, name: str, variables: Mapping[str, object], session: str) -> Reply:
        asked = {"query": document(name), "variables": variables}
        headers = {"Authorization": f"Bearer {session}"} if session else {}
        return self._api.send("POST", "", json=asked, headers=headers)


def _data(reply: Reply) -> dict[str, Any]:
    """
    Return what an answer says. Errors come with status 200, or 400 if nothing was run.
    """
    if reply.is_missing:
        reply.refuse("there is no Admin API of Vendure at this address")
    told = reply.json()
    if not isinstance(told, dict):
        raise ProtocolError(provider=PROVIDER, detail="the answer is no object")
    if told.get("errors"):
        raise _failure(told["errors"])
    data = reply.needed("asking").json().get("data")
    if not isinstance(data, dict):
        raise ProtocolError(provider=PROVIDER, detail="the answer has no data")
    return data


def _failure(errors: object) -> ProviderError:
    """
    Return what the `errors` of an answer mean.
    """
    if not isinstance(errors, list) or not all(isinstance(e, dict) for e in errors):
        return ProtocolError(provider=PROVIDER, detail=f"errors: {errors!r:.200}")
    words = "; ".join(str(error.get("message", "")) for error in errors)[:500]
    codes = {(error.get("extensions") or {}).get("code", "") for error in errors}
    if codes & _REFUSED:
        return ForbiddenError(provider=PROVIDER, detail=words)
    if codes <= _DECLINED:
        return DeclinedError(provider=PROVIDER, detail=words)
    if codes & _MISUNDERSTOOD:
        return ProtocolError(provider=PROVIDER, detail=words)
    return UnknownOutcomeError(provider=PROVIDER, detail=words)
