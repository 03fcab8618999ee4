"""
What went wrong between us and an API, in the words of the ports: one table.

| what happened | error |
|---|---|
| the line broke, or no answer came in time | `UnknownOutcomeError` |
| 401, 403 | `UnauthorizedError` |
| 429, or 503 with a time to wait | `ThrottledError` |
| any other 5xx, and 408 | `UnknownOutcomeError` |
| a redirect, or an answer that is too long | `ProtocolError` |
| any other 4xx | none: the adapter knows what it means |

What a status means to one API alone comes before all of it.
"""

import email.utils
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from sourcehere.ports.errors import (
    ProtocolError,
    ProviderError,
    ThrottledError,
    UnauthorizedError,
    UnknownOutcomeError,
)

_DONE, _REFUSED, _FAILED = 2, 4, 5  # the first digit of a status
_UNAUTHORIZED: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "the credentials are refused",
    HTTPStatus.FORBIDDEN: "the credentials do not permit it",
}
NONE_OF_ITS_OWN: Mapping[int, type[ProviderError]] = {}
_PAUSE = timedelta(seconds=10)  # where an API does not say for how long
_PAUSE_MIN, _PAUSE_MAX = timedelta(seconds=1), timedelta(days=1)


def failure_of(
    provider: str,
    status: int,
    headers: Mapping[str, str],
    *,
    now: datetime,
    own: Mapping[int, type[ProviderError]] = NONE_OF_ITS_OWN,
) -> ProviderError | None:
    """
    Return what an answer's status means; None where the adapter has to read it.

    Args:
        own: What statuses mean to this API alone: status -> error.
    """
    if status in own:
        return _own_failure(own[status], provider, status, headers, now=now)
    if status in _UNAUTHORIZED:
        detail = f"{status}: {_UNAUTHORIZED[status]}"
        return UnauthorizedError(provider=provider, detail=detail)
    is_down = status == HTTPStatus.SERVICE_UNAVAILABLE
    if status == HTTPStatus.TOO_MANY_REQUESTS or (is_down and "retry-after" in headers):
        return _throttled(provider, status, headers, now=now)
    kind = status // 100
    if kind == _FAILED or status == HTTPStatus.REQUEST_TIMEOUT:
        return UnknownOutcomeError(provider=provider, detail=f"it answered {status}")
    if kind not in {_DONE, _REFUSED}:
        detail = f"it answered {status}, and redirects are not followed"
        return ProtocolError(provider=provider, detail=detail)
    return None


def _own_failure(
    kind: type[ProviderError],
    provider: str,
    status: int,
    headers: Mapping[str, str],
    *,
    now: datetime,
) -> ProviderError:
    if issubclass(kind, ThrottledError):
        return _throttled(provider, status, headers, now=now)
    return kind(provider=provider, detail=f"it answered {status}")


def _throttled(
    provider: str, status: int, headers: Mapping[str, str], *, now: datetime
) -> ThrottledError:
    pause = retry_after(headers.get("retry-after", ""), now=now)
    detail = f"{status}: asked to come back in {pause.total_seconds():g} s"
    return ThrottledError(provider=provider, detail=detail, retry_after=pause)


def retry_after(text: str, *, now: datetime) -> timedelta:
    """
    Read `Retry-After`: seconds, or a date (RFC 9110, 10.2.3); at least a second, at
    most a day, ten seconds where it says nothing that can be read.
    """
    try:
        pause = timedelta(seconds=float(text))
    except (ValueError, OverflowError):
        pause = _until(text, now)
    return min(max(pause, _PAUSE_MIN), _PAUSE_MAX)


def _until(text: str, now: datetime) -> timedelta:
    try:
        then = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return _PAUSE
    return (then if then.tzinfo else then.replace(tzinfo=UTC)) - now
