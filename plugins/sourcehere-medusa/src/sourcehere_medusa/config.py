"""
What has to be known to connect a shop on Medusa.
"""

from datetime import date
from urllib.parse import urlsplit

import attrs


def _without_slash(text: str) -> str:
    return text.strip().rstrip("/").removesuffix("/admin")


def _is_url(_: object, __: object, value: str) -> None:
    parts = urlsplit(value)
    is_plain = not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in {"https", "http"} or not parts.hostname or not is_plain:
        msg = "should be the Medusa server's address, such as https://shop.example"
        raise ValueError(msg)


def _is_secret_key(_: object, __: object, value: str) -> None:
    if value.startswith("pk_"):
        msg = "should be a secret API key (sk_...): a publishable one reads no orders"
        raise ValueError(msg)


def _is_date(_: object, __: object, value: str) -> None:
    if value:
        date.fromisoformat(value)


@attrs.frozen(kw_only=True)
class MedusaConfig:
    """
    One shop on Medusa.

    Attributes:
        url: Where its server is. Behind `http` the key could be read on its way.

        key: A secret API key (Settings, Secret API Keys); give it as
            `{"$env": "MEDUSA_KEY"}`.

        sales_channel: The id of the only sales channel whose orders are read; empty for
            all.

        location: The id of the stock location that parcels leave from, and whose stock
            is told. Empty: Medusa chooses for parcels, and stock is told of the only
            location there is.

        tells_customers: Whether Medusa may notify a customer of a parcel, if it does so
            at all.

        orders_since: A date; orders placed before it are not read. Empty for all.
    """

    url: str = attrs.field(converter=_without_slash, validator=_is_url)
    key: str = attrs.field(
        repr=False, metadata={"secret": True}, validator=_is_secret_key
    )
    sales_channel: str = ""
    location: str = ""
    tells_customers: bool = True
    orders_since: str = attrs.field(default="", validator=_is_date)
