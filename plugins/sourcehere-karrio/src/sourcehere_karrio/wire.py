"""
karrio's requests, on the guarded client that all adapters share.

Carriers' packages write requests and read answers; one function of karrio's opens the
connections of all of them (`karrio.lib.request`), and what it opens them with is put
aside here, for calls of this adapter only. So a carrier's address has to be public and
behind https, certificates are checked, redirects are not followed, an answer has a time
limit and a length, and nothing is tried twice: karrio would send again what sells.
"""

import email.message
import io
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

import attrs
import httpx2

from sourcehere.ports.context import Context, NoLogger
from sourcehere.ports.errors import ProviderError, UnauthorizedError
from sourcehere_http import Api, Reply

from .names import PROVIDER

_FORM = "application/x-www-form-urlencoded"  # of a body, if nothing else is said


@attrs.frozen
class Exchange:
    """
    A request that was answered.
    """

    method: str
    path: str
    status: int
    body: bytes = attrs.field(repr=False)


class Line:
    """
    Opens connections to one carrier; safe to share between threads.
    """

    def __init__(
        self,
        context: Context,
        timeout_s: float,
        transport: httpx2.BaseTransport | None,
    ) -> None:
        self._private = frozenset(host.lower() for host in context.private_hosts)
        self._logger = context.logger
        # Its own log would name whole URLs, and some carriers have their keys in them.
        quiet = attrs.evolve(context, logger=NoLogger())
        self._api = Api(
            provider=PROVIDER,
            base_url="",
            context=quiet,
            transport=transport,
            timeout_s=timeout_s,
        )

    def send(self, request: urllib.request.Request) -> Reply:
        """
        Ask once.

        Raises:
            ProviderError: As `sourcehere_http.failures` has it; names the place alone.
        """
        method, url = request.get_method(), request.full_url
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if parts.scheme != "https" and host not in self._private:
            detail = f"{host} is not behind https"
            raise UnauthorizedError(provider=PROVIDER, detail=detail)
        headers = {"Content-Type": _FORM} if request.data else {}
        for name, value in request.header_items():
            headers[name.title()] = str(value)
        content: Any = request.data
        reply = self._api.send(method, url, content=content, headers=headers)
        self._logger.debug("%s %s: %s", method, host, reply.status)
        return reply

    def close(self) -> None:
        """
        Close the connections.
        """
        self._api.close()


class Call:
    """
    What one call of karrio's sends, in whatever threads.

    Attributes:
        exchanges: What was answered, in order; refusals are among them.

        failed: The first failure of the line; nothing is sent behind it.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._lock = threading.Lock()
        self._refusals: list[HTTPError] = []
        self.exchanges: list[Exchange] = []
        self.failed: ProviderError | None = None

    @contextmanager
    def is_made(self) -> Iterator[None]:
        """
        Let karrio's requests within go by this call.
        """
        token = _call.set(self)
        try:
            yield
        finally:
            _call.reset(token)
            for refusal in self._refusals:
                refusal.close()  # as a file, which karrio leaves open

    def open(self, request: urllib.request.Request) -> "_Opened":
        """
        Answer as `urllib.request.urlopen` does.

        Raises:
            HTTPError: If the carrier refuses; karrio reads why.

            ProviderError: If anything else is wrong, which karrio does not try again.
        """
        with self._lock:
            if self.failed is not None:
                raise self.failed
            try:
                reply = self._line.send(request)
            except ProviderError as error:
                self.failed = error
                raise
            path = urlsplit(request.full_url).path
            self.exchanges.append(
                Exchange(request.get_method(), path, reply.status, reply.body)
            )
        opened = _Opened(request.full_url, reply)
        if not reply.is_refusal:
            return opened
        refusal = HTTPError(opened.url, reply.status, "refused", opened.headers, opened)
        self._refusals.append(refusal)
        raise refusal


class _Opened(io.BytesIO):
    """
    An answer, as `urllib` has it.
    """

    def __init__(self, url: str, reply: Reply) -> None:
        super().__init__(reply.body)
        self.url, self.status, self.code = url, reply.status, reply.status
        self.headers = email.message.Message()
        for name, value in reply.headers.items():
            self.headers[name] = value


class _SameCallExecutor(ThreadPoolExecutor):
    """
    Threads that belong to the call that started them.
    """

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """
        Run *fn* within the context of who submits it.
        """
        return super().submit(copy_context().run, fn, *args, **kwargs)


_call: ContextVar[Call | None] = ContextVar("karrio_call", default=None)


def put_under(helpers: Any) -> None:
    """
    Let karrio's one function for requests open what a call of ours opens; calls of
    others in this process go on as before. May be done twice.

    Raises:
        AttributeError: If this karrio opens connections in another way.
    """
    if helpers.ThreadPoolExecutor is _SameCallExecutor:
        return
    for name in ("_urlopen_with_span", "urlopen"):
        setattr(helpers, name, _opens(getattr(helpers, name)))
    helpers.ThreadPoolExecutor = _SameCallExecutor


def _opens(otherwise: Any) -> Any:
    def opened(request: Any, *args: Any, **kwargs: Any) -> Any:
        call = _call.get()
        if call is None:
            return otherwise(request, *args, **kwargs)
        if isinstance(request, str):
            request = urllib.request.Request(request)  # noqa: S310 - the line looks
        return call.open(request)

    return opened
