"""
What Stripe refused, in the words of the ports: one table.

| what happened | error |
|---|---|
| the line broke, 401, 403, 429, 5xx | as `sourcehere_http.failures` has it |
| 409: a call with the same key is under way | `UnknownOutcomeError` |
| 402 of what moves money: the payer's bank declines (`card_error`) | `DeclinedError` |
| 400, 404 of what moves money (`invalid_request_error`) | `DeclinedError` |
| 400, 402, 404 of what only looks | `ProtocolError` |
| 400: the key was used with other arguments (`idempotency_error`) | `ProtocolError` |
| an answer that is no JSON, or of another shape | `ProtocolError` |

A key that was used with other arguments is no refusal: under it something was done.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import stripe

from sourcehere.ports.errors import DeclinedError, ProtocolError, ProviderError
from sourcehere_http.shapes import UNREADABLE

from .names import PROVIDER

_SHOWN_MAX = 200
# The number of a card or an account, and an address, wherever a message repeats one.
_PERSONAL = re.compile(r"\d[\d -]{10,}\d|[^\s'\"]+@[^\s'\"]+")


@contextmanager
def translated(doing: str, *, is_write: bool) -> Iterator[None]:
    """
    Raise what the SDK raises as an error of the ports.

    The SDK's own error is not shown beside it: it holds the answer, and that has the
    payer's name.
    """
    try:
        yield
    except stripe.StripeError as error:
        raise _told(error, doing, is_write=is_write) from None
    except UNREADABLE as error:
        words = f"there is no {error}" if isinstance(error, KeyError) else ""
        detail = f"{doing}: the answer cannot be read: {words or type(error).__name__}"
        raise ProtocolError(provider=PROVIDER, detail=detail[:_SHOWN_MAX]) from None


def _told(error: stripe.StripeError, doing: str, *, is_write: bool) -> ProviderError:
    told, refusal = _facts(error), DeclinedError if is_write else ProtocolError
    if isinstance(error, stripe.CardError):
        reasons = [str(told.get(name) or "") for name in ("code", "decline_code")]
        words = ", ".join(reason for reason in reasons if reason)
        return refusal(provider=PROVIDER, detail=f"{doing}: {words}")
    if isinstance(error, stripe.IdempotencyError):
        detail = f"{doing}: the idempotency key was used for something else"
        return ProtocolError(provider=PROVIDER, detail=detail)
    if isinstance(error, stripe.InvalidRequestError):
        return refusal(provider=PROVIDER, detail=f"{doing}: {_words(told)}")
    detail = f"{doing}: {error.http_status}, which says nothing that can be read"
    return ProtocolError(provider=PROVIDER, detail=detail)


def _facts(error: stripe.StripeError) -> Mapping[str, Any]:
    body = error.json_body
    told = body.get("error") if isinstance(body, dict) else None
    return told if isinstance(told, dict) else {}


def _words(told: Mapping[str, Any]) -> str:
    """
    Return what Stripe says for people, without what may be somebody's.
    """
    text = " ".join(str(told.get("message") or told.get("code") or "").split())
    return _PERSONAL.sub("...", text)[:_SHOWN_MAX]
