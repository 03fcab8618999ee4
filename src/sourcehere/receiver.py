"""
Receives webhooks over HTTP: an ASGI application, served alone or mounted in another.

    receiver = WebhookReceiver(sh)          # any ASGI server runs it
    app.mount("/hooks", receiver)           # FastAPI, Starlette

The last two parts of a URL's path name the seller and the shop: `/hooks/demo/site`.
For a carrier that tells where parcels are, they are `-` and the freight connection:
`/hooks/-/post`. For a payment gateway they are `payments` and its name, behind a `-`:
`/hooks/-/payments/cards`.
"""

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from .domain.kernel.errors import CallerError, NotFoundError, SourceHereError
from .domain.stores.errors import StoreRestsError, WebhookTooLargeError
from .face.core import SourceHere
from .ports.errors import ProtocolError, SignatureError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

CARRIERS = "-"  # in a path, in place of a seller: no seller's id begins so
PAYMENTS = "payments"
_GATEWAYS = f"{CARRIERS}/{PAYMENTS}"
_READ_S = 10.0  # within which a body has to be here
_LOG = logging.getLogger("sourcehere.receiver")
# The first that fits says how an error is answered.
_ANSWERS: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (SignatureError, HTTPStatus.UNAUTHORIZED),
    (NotFoundError, HTTPStatus.GONE),
    (StoreRestsError, HTTPStatus.GONE),
    (WebhookTooLargeError, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (CallerError, HTTPStatus.BAD_REQUEST),
    (ProtocolError, HTTPStatus.BAD_REQUEST),  # telling it again will not help
    # The database is away: it is told again.
    (SourceHereError, HTTPStatus.SERVICE_UNAVAILABLE),
)


class WebhookReceiver:
    """
    Checks and keeps what shops post, and answers at once; workers follow it.

    Safe from what is posted: a body is read up to `Settings.webhook_max` and no
    further, its signature is checked before anything in it is looked at, and answers
    say nothing but their status.

    Args:
        sh: The open order core; it stays the caller's to close.

        answer_within: When the database takes longer, the shop is told to come again.

        at_once: How many are kept side by side.

        waiting_max: How many wait for that; more are told to come again, and so is
            whoever has waited for too long: what was not begun by then is dropped.
            Bodies that still come, however slowly, do not count: together they may be
            as long as those who wait.
    """

    def __init__(
        self,
        sh: SourceHere,
        *,
        answer_within: timedelta = timedelta(seconds=4),
        at_once: int = 4,
        waiting_max: int = 100,
    ) -> None:
        self._sh = sh
        self._seconds = answer_within.total_seconds()
        self._most = at_once + waiting_max
        # Of bodies that are being read: those who send one slowly are no reason to
        # refuse others, until what they have sent is as much as may wait.
        self._bytes_most = self._most * sh.settings.webhook_max
        self._bytes = 0
        self._pool = ThreadPoolExecutor(at_once, "sourcehere-receiver")
        self._count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Serve one connection, as ASGI has it.
        """
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            status = await self._status(scope, receive)
            await _answer(send, status)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})

    def close(self) -> None:
        """
        End the threads; what is being kept is kept first.
        """
        self._pool.shutdown()

    async def _status(self, scope: Scope, receive: Receive) -> HTTPStatus:
        """
        Return how a request is answered.
        """
        if scope["method"] != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED
        names = _names(scope["path"])
        if len(names) != 2:  # noqa: PLR2004 - seller and shop
            return HTTPStatus.NOT_FOUND
        if self._count >= self._most:
            return HTTPStatus.SERVICE_UNAVAILABLE
        headers = _headers(scope)
        parts: list[bytes] = []
        try:
            reading = self._read(headers, receive, parts)
            refused = await asyncio.wait_for(reading, _READ_S)
            if refused is not None:
                return refused
            return await self._taken(names, headers, b"".join(parts))
        except TimeoutError:
            return HTTPStatus.REQUEST_TIMEOUT
        finally:
            self._bytes -= sum(map(len, parts))

    async def _read(
        self, headers: dict[str, str], receive: Receive, parts: list[bytes]
    ) -> HTTPStatus | None:
        """
        Add what comes of a body to *parts*; say why where no more of it is read.
        """
        most = self._sh.settings.webhook_max
        told = headers.get("content-length", "")
        if told.isdecimal() and int(told) > most:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        length, has_more = 0, True
        while has_more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return HTTPStatus.UNAUTHORIZED  # of half a body no signature is right
            parts.append(message.get("body", b""))
            length += len(parts[-1])
            self._bytes += len(parts[-1])
            if length > most:
                return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            if self._bytes > self._bytes_most:
                return HTTPStatus.SERVICE_UNAVAILABLE
            has_more = message.get("more_body", False)
        return None

    async def _taken(
        self, names: list[str], headers: dict[str, str], body: bytes
    ) -> HTTPStatus:
        """
        Keep a body that is here, unless too many wait for that.
        """
        if self._count >= self._most:
            return HTTPStatus.SERVICE_UNAVAILABLE
        self._count += 1
        try:
            return await self._kept(names[0], names[1], headers, body)
        finally:
            self._count -= 1

    async def _kept(
        self, seller_id: str, store_id: str, headers: dict[str, str], body: bytes
    ) -> HTTPStatus:
        def keep() -> HTTPStatus:
            return self._keep(seller_id, store_id, headers, body)

        # In what the request is known by, such as the host's span of it.
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._pool, context.run, keep)
        try:
            return await asyncio.wait_for(asyncio.shield(work), self._seconds)
        except TimeoutError:
            _LOG.warning("not kept in time: %s/%s", seller_id, store_id)
            return HTTPStatus.SERVICE_UNAVAILABLE
        finally:
            work.cancel()  # what has not begun: nobody waits for it any more

    def _keep(
        self, seller_id: str, store_id: str, headers: dict[str, str], body: bytes
    ) -> HTTPStatus:
        try:
            if seller_id == _GATEWAYS:
                self._sh.attempts.receive(store_id, headers=headers, body=body)
            elif seller_id == CARRIERS:
                self._sh.tracking.receive(store_id, headers=headers, body=body)
            else:
                self._sh.inbox.receive(seller_id, store_id, headers=headers, body=body)
        except SourceHereError as error:
            status = next(s for kind, s in _ANSWERS if isinstance(error, kind))
            words = type(error).__name__
            _LOG.info("refused: %s/%s %d %s", seller_id, store_id, status, words)
            return status
        except Exception:  # noqa: BLE001 - logged whole, and the shop gets an answer
            _LOG.exception("not kept: %s/%s", seller_id, store_id)
            return HTTPStatus.INTERNAL_SERVER_ERROR
        return HTTPStatus.OK


def _names(path: str) -> list[str]:
    """
    Return whose connection a path names, and which.
    """
    *before, last = [part for part in path.split("/") if part] or [""]
    if before[-2:] == [CARRIERS, PAYMENTS]:
        return [_GATEWAYS, last]
    return [*before[-1:], last]


def _headers(scope: Scope) -> dict[str, str]:
    """
    Return the headers; one that is there twice is both, as RFC 9110 has it.
    """
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


async def _answer(send: Send, status: HTTPStatus) -> None:
    body = status.phrase.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append((b"allow", b"POST"))
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", b"30"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Receive, send: Send) -> None:
    """
    Say that there is nothing to start and nothing to stop.
    """
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        else:
            await send({"type": "lifespan.shutdown.complete"})
            return
