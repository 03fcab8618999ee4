"""
One-legged OAuth 1.0a with HMAC-SHA256 (RFC 5849), as WooCommerce wants it behind http.
"""

import base64
import hmac
import secrets
from collections.abc import Generator, Mapping
from datetime import datetime
from urllib.parse import quote

import httpx2

from sourcehere.ports.context import Context


class OAuth(httpx2.Auth):
    """
    Signs each request; the secret is never sent.
    """

    def __init__(self, key: str, secret: str, context: Context) -> None:
        self._key, self._secret, self._context = key, secret, context

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        """
        Add the signature to the query.
        """
        params = dict(request.url.params.items())
        params |= oauth_params(self._key, self._context.clock.now())
        bare = str(request.url.copy_with(query=None))
        params["oauth_signature"] = signature(
            request.method, bare, params, self._secret
        )
        request.url = request.url.copy_with(params=params)
        yield request


def oauth_params(key: str, now: datetime) -> dict[str, str]:
    """
    Return what is sent beside a request's own parameters.
    """
    return {
        "oauth_consumer_key": key,
        "oauth_nonce": secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(int(now.timestamp())),
    }


def signature(method: str, url: str, params: Mapping[str, str], secret: str) -> str:
    """
    Sign a request: method, URL without its query, and all parameters in their order.
    """
    pairs = sorted((_escape(name), _escape(value)) for name, value in params.items())
    said = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join((method.upper(), _escape(url), _escape(said)))
    made = hmac.digest(f"{secret}&".encode(), base.encode(), "sha256")
    return base64.b64encode(made).decode()


def _escape(text: str) -> str:
    return quote(text, safe="-._~")
