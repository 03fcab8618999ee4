"""
What has to be known to connect a shop on Vendure.
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
        msg = "should be the Admin API's address, as https://shop.example/admin-api"
        raise ValueError(msg)


def _is_date(_: object, __: object, value: str) -> None:
    if value:
        date.fromisoformat(value)


@attrs.frozen(kw_only=True)
class VendureConfig:
    """
    One shop on Vendure.

    Attributes:
        url: Where its Admin API is.

        username, password: Of an administrator who may read and update orders, and
            read the catalogue; give the password as `{"$env": "VENDURE_PASSWORD"}`.

        channel_token: Of the channel whose orders are read; empty for the default one.

        decimals: How many decimals the shop keeps amounts in, whatever the currency: 2
            unless its `MoneyStrategy` says otherwise.

        handler: The code of the fulfilment handler that parcels are told to; it has to
            take `method` and `trackingCode`.

        orders_since: A date; orders placed before it are not read. Empty for all.
    """

    url: str = attrs.field(converter=_without_slash, validator=_is_url)
    username: str
    password: str = attrs.field(repr=False, metadata={"secret": True})
    channel_token: str = attrs.field(default="", repr=False, metadata={"secret": True})
    decimals: int = attrs.field(
        default=2, validator=[attrs.validators.ge(0), attrs.validators.le(6)]
    )
    handler: str = "manual-fulfillment"
    orders_since: str = attrs.field(default="", validator=_is_date)
