"""
A client of one HTTP API, whose failures are those of the ports.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

import httpx2

from sourcehere.ports.context import Context
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ProviderError,
    UnauthorizedError,
    UnknownOutcomeError,
)

from .failures import NONE_OF_ITS_OWN, failure_of
from .guarded import GuardedTransport, PrivateAddressError, UnknownHostError
from .quiet import unlogged
from .reply import Reply

BODY_MAX = 32 * 2**20
TIMEOUT_S = 20.0
_SCHEMES = ("https", "http")
_SPACE = re.compile(r"\s")
_NO_PARTS = frozenset({"", ".", ".."})


class Api:
    """
    Asks one API; safe to share between threads.

    It asks once: a failed call is tried again by whoever knows what it meant. It
    follows no redirects, and reads at most 32 MiB.

    Args:
        provider: Whom errors name.

        base_url: What paths are put behind.

        context: Whose clock and logger are used, and which private hosts may be asked.

        auth: As `httpx2.Client` takes it.

        transport: Instead of the network, for tests.

        statuses: What statuses mean to this API alone, before what they mean
            everywhere: status -> error, such as `402: UnauthorizedError` for a shop
            whose plan has ended.
    """

    def __init__(
        self,
        *,
        provider: str,
        base_url: str,
        context: Context,
        headers: Mapping[str, str] | None = None,
        auth: httpx2.Auth | tuple[str, str] | None = None,
        transport: httpx2.BaseTransport | None = None,
        timeout_s: float = TIMEOUT_S,
        statuses: Mapping[int, type[ProviderError]] = NONE_OF_ITS_OWN,
    ) -> None:
        self.provider = provider
        self._context = context
        self._statuses = dict(statuses)
        self._base = base_url.rstrip("/")
        self._client = httpx2.Client(
            headers={"User-Agent": "sourcehere", **(headers or {})},
            auth=auth,
            timeout=timeout_s,
            follow_redirects=False,
            trust_env=False,
            transport=transport or GuardedTransport(context.private_hosts),
        )

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """
        Ask, and return the answer: a success, or a refusal that the adapter reads.

        Args:
            path: Behind the base, such as `/orders`; or a whole URL.

        Raises:
            UnknownOutcomeError: If the line broke, or the server failed.

            ThrottledError, UnauthorizedError: If it said so; nothing happened. The
                second also where the address is no URL, or may not be asked.

            ProtocolError: If it answered with a redirect, or with more than is read.
        """
        url = path if "://" in path else f"{self._base}{path}"
        shown = _shown(path)
        if not _is_url(url):
            raise _no_url(self.provider, url, is_whole="://" in path)
        request = {"params": params, "json": json, "content": content}
        given = {name: value for name, value in request.items() if value is not None}
        try:
            with (
                unlogged(),
                self._client.stream(
                    method,
                    url,
                    headers=headers,
                    **given,  # type: ignore[arg-type]  # each as `stream` takes it
                ) as response,
            ):
                body = self._read(response)
        except PrivateAddressError as error:
            raise UnauthorizedError(
                provider=self.provider, detail=str(error)
            ) from error
        except httpx2.InvalidURL as error:
            raise _no_url(self.provider, url, is_whole="://" in path) from error
        except UnknownHostError as error:
            detail = f"{method} {shown}: {error}"
            raise UnknownOutcomeError(provider=self.provider, detail=detail) from error
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            detail = f"{method} {shown}: {type(error).__name__}"
            raise UnknownOutcomeError(provider=self.provider, detail=detail) from error
        known = {name.lower(): value for name, value in response.headers.items()}
        self._context.logger.debug("%s %s: %s", method, shown, response.status_code)
        failure = failure_of(
            self.provider,
            response.status_code,
            known,
            now=self._context.clock.now(),
            own=self._statuses,
        )
        if failure is not None:
            raise failure
        return Reply(self.provider, response.status_code, known, body)

    def path(self, *parts: str) -> str:
        """
        Return a path of parts, such as `orders` and an id; whatever is in one of them
        leads to no other place of the API.

        Raises:
            DeclinedError: If a part cannot be one: it is empty, or dots.
        """
        for part in parts:
            if part in _NO_PARTS:
                detail = f"{part!r} is no id"
                raise DeclinedError(provider=self.provider, detail=detail)
        return "".join(f"/{quote(part, safe='')}" for part in parts)

    def _read(self, response: httpx2.Response) -> bytes:
        parts, length = [], 0
        for part in response.iter_bytes():
            parts.append(part)
            length += len(part)
            if length > BODY_MAX:
                detail = f"the answer is longer than {BODY_MAX} bytes"
                raise ProtocolError(provider=self.provider, detail=detail)
        return b"".join(parts)

    def close(self) -> None:
        """
        Close the connections; may be called twice.
        """
        self._client.close()


def _is_url(text: str) -> bool:
    """
    Tell whether somebody can be asked at *text*: not where a scheme is missing, say.
    """
    try:
        parts = urlsplit(text)
        has_place = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and has_place and not _SPACE.search(parts.netloc)


def _shown(path: str) -> str:
    """
    Return what errors and logs show of what was asked: of a whole URL, such as one that
    an API told, the place alone, since the rest may be what lets somebody in.
    """
    if "://" not in path:
        return path.partition("?")[0]
    scheme, _, rest = path.partition("://")
    place = re.split("[/?#]", rest, maxsplit=1)[0]
    return f"{scheme}://{place.rpartition('@')[2]}"


def _no_url(provider: str, url: str, *, is_whole: bool) -> UnauthorizedError:
    """
    Return the error for what a configuration has, or an API told; whoever typed it
    finds it by what is left without the credentials that may be in it. They may have
    any character where it is no URL, so all in front of the last `@` is left out.

    Args:
        is_whole: Whether it was told by an API: then the place alone is shown.
    """
    scheme, colon, rest = url.partition("://")
    behind = (rest if colon else url).rpartition("@")[2]
    kept = re.split("[/?#]" if is_whole else "[?#]", behind, maxsplit=1)[0]
    shown = f"{scheme}{colon}{kept}" if colon else kept
    return UnauthorizedError(provider=provider, detail=f"{shown!r} is no URL")
