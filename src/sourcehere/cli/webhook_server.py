"""
The HTTP server under `sourcehere serve-webhooks`; it needs uvicorn.
"""

import asyncio
import socket
import sys

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ..receiver import WebhookReceiver
from .errors import UsageError

HEAD_S = 10.0  # within which a request has to begin


class HeadInTime(H11Protocol):
    """
    HTTP as uvicorn speaks it, to those who ask something: a connection on which no
    request is open, and none began since it was last looked at, is closed.

    Without that, whoever sends half of a request's head keeps a file of the process
    for good, until there are none left for shops.
    """

    _before: object = None  # what was asked when it was last looked at
    _next_look: asyncio.TimerHandle

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """
        Begin to look, every `HEAD_S` seconds.
        """
        super().connection_made(transport)
        self._next_look = self.loop.call_later(HEAD_S, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """
        Look no more, so that nothing of the connection is kept until then.
        """
        self._next_look.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        is_open = self.cycle is not None and not self.cycle.response_complete
        if not is_open and self.cycle is self._before:
            self.transport.close()
            return
        self._before = self.cycle
        self._next_look = self.loop.call_later(HEAD_S, self._look)


def serve(receiver: WebhookReceiver, *, host: str, port: int) -> None:
    """
    Serve *receiver* until interrupted, and say where; close it in the end.

    Raises:
        UsageError: If nobody can listen there.
    """
    config = configured(receiver, host=host, port=port)
    try:
        with listening(host=host, port=port, backlog=config.backlog) as listener:
            where, bound = listener.getsockname()[:2]
            print(f"receiving at http://{where}:{bound}/", file=sys.stderr, flush=True)  # noqa: T201 - said while it runs
            uvicorn.Server(config).run(sockets=[listener])
    finally:
        receiver.close()


def listening(*, host: str, port: int, backlog: int) -> socket.socket:
    """
    Return a socket that listens: from now on nobody is refused.

    uvicorn's own ends the process where it cannot, with words of its own.

    Raises:
        UsageError: If nobody can listen there, such as where somebody does already.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(backlog)
    except (OSError, OverflowError, UnicodeError) as error:
        listener.close()
        why = getattr(error, "strerror", None) or str(error)
        message = f"nobody can listen at --host {host} --port {port}: {why}"
        raise UsageError(message) from error
    listener.set_inheritable(True)
    return listener


def configured(receiver: WebhookReceiver, *, host: str, port: int) -> uvicorn.Config:
    """
    Return how *receiver* is served.
    """
    return uvicorn.Config(
        receiver,
        host=host,
        port=port,
        http=HeadInTime,
        ws="none",
        log_level="warning",
        lifespan="off",
    )
