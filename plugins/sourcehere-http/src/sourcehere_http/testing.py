"""
For the tests of adapters: a line that breaks when it is told to.
"""

import posixpath
import time
from collections.abc import Callable

import httpx2

from sourcehere.testing.kit import FaultLine, WireFault
from sourcehere.testing.kit.faults import SHAPES

RETRY_AFTER_S = 7
_A_MOMENT_S = 0.001
_STATUS = {WireFault.DOWN: 503, WireFault.THROTTLED: 429, WireFault.UNAUTHORIZED: 401}


class LabServerError(AssertionError):
    """
    The server in memory failed by itself, which says nothing of the adapter.
    """


class BreakingTransport(httpx2.BaseTransport):
    """
    Passes requests on, and lets each meet what the line says.

    Each takes a moment, and a path leads where servers let it lead: what two threads do
    to each other, and an id that is a part of a path, is seen as on the network.

    Args:
        line: The lab's.

        inner: Where requests go: a server in memory (`httpx2.MockTransport`), or the
            network.

        refusal: Answers a request in the server's own way for `DOWN`, `THROTTLED` and
            `UNAUTHORIZED`; a plain status if not given.
    """

    def __init__(
        self,
        line: FaultLine,
        inner: httpx2.BaseTransport,
        refusal: Callable[[WireFault], httpx2.Response] | None = None,
    ) -> None:
        self._line = line
        self._inner = inner
        self._refusal = refusal or _refused

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """
        Pass on, or break.

        Raises:
            httpx2.TransportError: If the line breaks.

            LabServerError: If the server in memory raises something of its own.
        """
        fault = self._line.meet()
        if fault is WireFault.BEFORE:
            msg = "broken before"
            raise httpx2.ConnectError(msg, request=request)
        if fault in _STATUS:
            return self._refusal(fault)
        response = self._served(request)
        if fault is None:
            return response
        body = response.read()
        response.close()
        if fault is WireFault.GARBAGE:
            return httpx2.Response(200, text="<html>Please try again later</html>")
        if fault in SHAPES:
            headers = {"Content-Type": "application/json"}
            return httpx2.Response(200, headers=headers, text=SHAPES[fault])
        if fault is WireFault.TRUNCATED:
            return httpx2.Response(response.status_code, content=body[: len(body) // 2])
        msg = "broken behind"
        raise httpx2.ReadError(msg, request=request)

    def _served(self, request: httpx2.Request) -> httpx2.Response:
        time.sleep(_A_MOMENT_S)  # so that threads that should wait for each other meet
        try:
            return self._inner.handle_request(_as_it_arrives(request))
        except (httpx2.HTTPError, AssertionError):
            raise
        except Exception as error:
            asked = f"{request.method} {request.url.raw_path.decode()}"
            msg = f"the lab's own server failed at {asked}: {error!r}"
            raise LabServerError(msg) from error

    def close(self) -> None:
        """
        Close what is behind it.
        """
        self._inner.close()


def _as_it_arrives(request: httpx2.Request) -> httpx2.Request:
    """
    Return a request as the servers in between pass it on: `/orders/../customers` is
    `/customers`.
    """
    path, mark, query = request.url.raw_path.decode("ascii").partition("?")
    if "/." not in path and "//" not in path:
        return request
    plain = posixpath.normpath(path)
    return httpx2.Request(
        request.method,
        request.url.copy_with(raw_path=f"{plain}{mark}{query}".encode()),
        headers=request.headers,
        content=request.read(),
    )


def _refused(fault: WireFault) -> httpx2.Response:
    after = {"Retry-After": str(RETRY_AFTER_S)}
    headers = after if fault is WireFault.THROTTLED else {}
    return httpx2.Response(_STATUS[fault], headers=headers, json={"message": "no"})
