"""
What Stripe tells by itself: signed with HMAC-SHA256 over the time and the raw body.

Source: Stripe's documentation, "Verify webhook signatures manually". The SDK reads the
machine's clock and takes the body for a text; here the host's clock is asked, and every
byte counts.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from sourcehere.ports.errors import ProtocolError, SignatureError
from sourcehere_http import strict_json

from .config import StripeConfig
from .names import CAPTURE, PROVIDER, REFERENCE

TOLERANCE = timedelta(minutes=5)
_SCHEME = "v1"
_OURS = ("payment_intent.", "charge.", "refund.")  # `charge.dispute.` among them


def references(
    config: StripeConfig, body: bytes, headers: Mapping[str, str], *, now: datetime
) -> tuple[str, ...]:
    """
    Return the references of ours that a webhook is about, if Stripe signed it.

    They are in the metadata of the object that it tells of. A dispute has none of its
    charge's, so that nothing is looked up for it.

    Raises:
        SignatureError: If it is not signed with one of the endpoint's secrets, or was
            more than five minutes ago.

        ProtocolError: If the body is no event.
    """
    _check(config, body, headers.get("stripe-signature", ""), now)
    told = strict_json(body, provider=PROVIDER)
    try:
        if not told["type"].startswith(_OURS):
            return ()
        metadata = told["data"]["object"].get("metadata") or {}
        found = [metadata.get(name) for name in (REFERENCE, CAPTURE)]
    except (LookupError, TypeError, AttributeError) as error:
        detail = f"the body is no event: {type(error).__name__}"
        raise ProtocolError(provider=PROVIDER, detail=detail) from error
    return tuple(name for name in found if isinstance(name, str) and name)


def _check(config: StripeConfig, body: bytes, header: str, now: datetime) -> None:
    secrets = [s for s in (config.webhook_secret, config.webhook_secret_old) if s]
    if not secrets:
        _refuse("the connection has no webhook_secret to check signatures with")
    parts = [part.strip().partition("=")[::2] for part in header.split(",")]
    times = [value for name, value in parts if name == "t"]
    told = [value.encode() for name, value in parts if name == _SCHEME]
    if len(times) != 1 or not times[0].isascii() or not times[0].isdecimal():
        _refuse("there is no signature, or it does not say when it was made")
    # Each is compared with each, so that the time tells nothing.
    signed = times[0].encode() + b"." + body
    made = [hmac.digest(secret.encode(), signed, "sha256").hex() for secret in secrets]
    right = [hmac.compare_digest(m.encode(), t) for m in made for t in told]
    if not any(right):
        _refuse("the signature is wrong")
    if now.timestamp() - int(times[0]) > TOLERANCE.total_seconds():
        _refuse(f"it was signed more than {TOLERANCE.seconds // 60} minutes ago")


def _refuse(detail: str) -> None:
    raise SignatureError(provider=PROVIDER, detail=detail)
