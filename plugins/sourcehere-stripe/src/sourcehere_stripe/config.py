"""
What has to be known to connect an account at Stripe.
"""

from urllib.parse import urlsplit

import attrs

LIVE = "https://api.stripe.com"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _without_slash(text: str) -> str:
    return text.strip().rstrip("/")


def _is_base(_: object, __: object, value: str) -> None:
    parts = urlsplit(value)
    is_plain = not (parts.query or parts.fragment or parts.username)
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in _LOOPBACK
    )
    if not (is_safe and parts.hostname and is_plain):
        msg = f"should be {LIVE}, or where a test server is"
        raise ValueError(msg)


def _is_page(_: object, __: object, value: str) -> None:
    parts = urlsplit(value)
    if value and not (parts.scheme in {"https", "http"} and parts.hostname):
        msg = "should be a page's address, such as https://shop.example/paid"
        raise ValueError(msg)


def _is_key(_: object, __: object, value: str) -> None:
    if not value.startswith(("sk_", "rk_")):
        msg = "should be a secret or a restricted key, which begins with sk_ or rk_"
        raise ValueError(msg)


@attrs.frozen(kw_only=True)
class StripeConfig:
    """
    One account at Stripe.

    Attributes:
        api_key: A restricted key; give it as `{"$env": "STRIPE_KEY"}`.

        webhook_secret: Of the webhook endpoint (`whsec_...`); empty for none.

        webhook_secret_old: The secret before, for as long as Stripe signs with both.

        return_url: The page that payers come back to from their bank (3-D Secure).
            Without it, a card whose bank asks for that is declined.

        looks_back_days: How old an operation may be that is looked up by its reference.
            An authorization is captured within 31 days at most.

        timeout_s: How long an answer is waited for.

        base_url: Where the API is: Stripe, or a test server. Behind `http` only on this
            machine.
    """

    api_key: str = attrs.field(repr=False, metadata={"secret": True}, validator=_is_key)
    webhook_secret: str = attrs.field(default="", repr=False, metadata={"secret": True})
    webhook_secret_old: str = attrs.field(
        default="", repr=False, metadata={"secret": True}
    )
    return_url: str = attrs.field(default="", validator=_is_page)
    looks_back_days: int = attrs.field(default=35, validator=attrs.validators.ge(1))
    timeout_s: float = attrs.field(default=30.0, validator=attrs.validators.gt(0))
    base_url: str = attrs.field(
        default=LIVE, converter=_without_slash, validator=_is_base
    )
