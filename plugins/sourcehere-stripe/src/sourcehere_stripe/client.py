"""
Stripe's own SDK, on the guarded client that all adapters share.

The SDK writes requests, reads answers and turns pages. It opens no connection: a base
URL leads to no private address, an answer has a time limit and a length, nothing is
tried twice, and neither the environment's proxies nor telemetry are used.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import httpx2
import stripe

from sourcehere.ports.context import Context
from sourcehere.ports.errors import UnknownOutcomeError
from sourcehere_http import Api

from .config import StripeConfig
from .failures import translated
from .names import PROVIDER

T = TypeVar("T")
N = TypeVar("N", bound=stripe.StripeObject)
API_VERSION = "2026-10-28.endive"  # what this SDK's types are of
PAGE_MAX = 100
_CONFLICT = 409  # another call with the same key is under way
_SENT = frozenset(
    {"authorization", "content-type", "idempotency-key", "stripe-version"}
)
_log = logging.getLogger("stripe")


class Client:
    """
    Asks one account; safe to share between threads.

    Args:
        transport: Instead of the network, for tests.
    """

    def __init__(
        self,
        config: StripeConfig,
        context: Context,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        _be_quiet()
        self._api = Api(
            provider=PROVIDER,
            base_url=config.base_url,
            context=context,
            transport=transport,
            timeout_s=config.timeout_s,
            statuses={_CONFLICT: UnknownOutcomeError},
        )
        self.v1 = stripe.StripeClient(
            config.api_key,
            http_client=_Line(self._api),
            stripe_version=API_VERSION,
            max_network_retries=0,
            base_addresses={"api": config.base_url},
        ).v1

    def write(self, doing: str, call: Callable[[], T]) -> T:
        """
        Return what *call* makes of Stripe's answer, for what moves money.

        Raises:
            DeclinedError: If Stripe refuses: nothing happened.
        """
        with translated(doing, is_write=True):
            return call()

    def read(self, doing: str, call: Callable[[], T]) -> T:
        """
        Return what *call* makes of Stripe's answer, for what only looks.

        Raises:
            ProtocolError: If Stripe refuses: that is not "there is none".
        """
        with translated(doing, is_write=False):
            return call()

    def close(self) -> None:
        """
        Close the connections.
        """
        self._api.close()


def every(page: "stripe.ListObject[N]") -> Iterator[N]:
    """
    Return all objects of a list that begins with *page*, in its order.

    Raises:
        ValueError: If a page is the one before once more: it would never end.
    """
    while True:
        yield from page.data
        if not page.has_more:
            return
        before, page = page, page.next_page()
        if page.data[0] == before.data[0]:
            msg = "a list that does not go on"
            raise ValueError(msg)


class _Line(stripe.HTTPClient):
    """
    Carries the SDK's requests, once each.
    """

    name = "sourcehere"

    def __init__(self, api: Api) -> None:
        super().__init__()
        self._api = api

    def request_with_retries(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        post_data: object = None,
        max_network_retries: int | None = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """
        Ask once. Failures of the line and of the server are raised as ours at once;
        the SDK sees answers and refusals.

        Of its headers those are left out that tell of this machine, and of the answer's
        all: it prints one of them.
        """
        del max_network_retries, _usage
        reply = self._api.send(
            method.upper(),
            url,
            content=str(post_data).encode() if post_data else None,
            headers={n: v for n, v in headers.items() if n.lower() in _SENT},
        )
        return reply.body.decode("utf-8", "replace"), reply.status, {}


def _be_quiet() -> None:
    """
    Let the SDK log no bodies, which have the payer's data, unless an operator set its
    logger's level; and keep no id of this machine in the home of whoever runs it.
    """
    if _log.level == logging.NOTSET:
        _log.setLevel(logging.WARNING)
    stripe.enable_telemetry = False
