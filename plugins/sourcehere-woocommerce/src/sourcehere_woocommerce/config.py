"""
What has to be known to connect a shop on WooCommerce.
"""

from datetime import date
from urllib.parse import urlsplit

import attrs


def _without_slash(text: str) -> str:
    return text.strip().rstrip("/")


def _is_url(_: object, __: object, value: str) -> None:
    parts = urlsplit(value)
    is_plain = not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in {"https", "http"} or not parts.hostname or not is_plain:
        msg = "should be the shop's address, such as https://shop.example"
        raise ValueError(msg)


def _is_date(_: object, __: object, value: str) -> None:
    if value:
        date.fromisoformat(value)


@attrs.frozen(kw_only=True)
class WooConfig:
    """
    One shop on WooCommerce.

    Attributes:
        url: Where its home page is. Behind `http` requests are signed (OAuth 1.0a),
            since the keys would be readable on their way.

        key, secret: Of a REST API key that may read and write (WooCommerce, Settings,
            Advanced, REST API); give them as `{"$env": "WOO_KEY"}`.

        webhook_secret: What the shop signs webhooks with; empty for none.

        tells_customers: Whether a note with the parcel's number is mailed to the
            customer.

        completes: Whether an order is completed in the shop once all of it has left.

        number_meta, carrier_meta: Under which names the last parcel's number and its
            carrier are kept beside the order, for a theme or a tracking plugin that
            reads them; empty for none.

        orders_since: A date; orders placed before it are not read. Empty for all.
    """

    url: str = attrs.field(converter=_without_slash, validator=_is_url)
    key: str = attrs.field(repr=False, metadata={"secret": True})
    secret: str = attrs.field(repr=False, metadata={"secret": True})
    webhook_secret: str = attrs.field(default="", repr=False, metadata={"secret": True})
    tells_customers: bool = True
    completes: bool = True
    number_meta: str = ""
    carrier_meta: str = ""
    orders_since: str = attrs.field(default="", validator=_is_date)

    @property
    def is_encrypted(self) -> bool:
        """
        Whether the keys can be sent as they are.
        """
        return self.url.startswith("https://")
