"""
What a carrier refused, in the words of the ports: one table.

| what happened | error |
|---|---|
| the line broke, 401, 403, 429, 5xx, a redirect | as `sourcehere_http.failures` says |
| a message that speaks of credentials | `UnauthorizedError` |
| a message that speaks of too many requests | `ThrottledError` |
| any other message without a result | a definite no |
| 400, 404, 409, 422 without a message | a definite no |
| karrio can make no request of it | a definite no: nothing was sent |
| 200, and neither a result nor a message | `ProtocolError` |
| 200, and karrio cannot read it | `ProtocolError` |

A definite no is a `DeclinedError` of labels and numbers; of quotes, methods are left
out with its words.

Where a label may have been sold before a later request of the same call failed, it is
`UnknownOutcomeError` whatever failed: who is throttled sends the same key again.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import attrs

from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ProviderError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)

from .names import PROVIDER

_PAUSE = timedelta(seconds=30)  # carriers do not say for how long in a message
_CODE_UNAUTHORIZED = re.compile(
    r"401|403|.*(unauthori|forbidden|authentication|api_?key|credential).*",
    re.IGNORECASE,
)
_UNAUTHORIZED = re.compile(
    r"\b(unauthori[sz]ed|authentication"
    r"|(invalid|wrong|incorrect) (api ?key|credentials?|password|token))\b",
    re.IGNORECASE,
)
_CODE_THROTTLED = re.compile(r"429|.*(rate_?limit|throttl).*", re.IGNORECASE)
_THROTTLED = re.compile(
    r"\b(too many requests|rate limit\w*|throttled)\b", re.IGNORECASE
)


@attrs.frozen
class Said:
    """
    A message of the carrier, or of karrio in its place.
    """

    code: str
    words: str

    def __str__(self) -> str:
        """
        Put both into one line.
        """
        return f"{self.code}: {self.words}" if self.code else self.words


def said(message: Any) -> Said:
    """
    Read a message of karrio's.
    """
    code, words = (str(part or "") for part in (message.code, message.message))
    return Said(" ".join(code.split()), " ".join(words.split()))


def failure_of(messages: Sequence[Said]) -> ProviderError | None:
    """
    Return what messages say of us rather than of the parcel; None where they do not.
    """
    for one in messages:
        if _CODE_THROTTLED.fullmatch(one.code) or _THROTTLED.search(one.words):
            detail = "it says that there are too many requests"
            return ThrottledError(provider=PROVIDER, detail=detail, retry_after=_PAUSE)
        if _CODE_UNAUTHORIZED.fullmatch(one.code) or _UNAUTHORIZED.search(one.words):
            detail = "it refuses the credentials"
            return UnauthorizedError(provider=PROVIDER, detail=detail)
    return None


def refused(doing: str, words: str) -> DeclinedError:
    """
    Say that the carrier says no.
    """
    return DeclinedError(provider=PROVIDER, detail=f"{doing}: {words}")


def unread(doing: str, words: str) -> ProtocolError:
    """
    Say that its answer makes no sense.
    """
    return ProtocolError(provider=PROVIDER, detail=f"{doing}: {words}")


def perhaps_done(error: ProviderError) -> ProviderError:
    """
    Say of a failure behind something that may have been done that nobody knows.
    """
    if isinstance(error, UnknownOutcomeError | ProtocolError):
        return error
    detail = f"it may be done, and then: {error.detail}"
    return UnknownOutcomeError(provider=PROVIDER, detail=detail)
