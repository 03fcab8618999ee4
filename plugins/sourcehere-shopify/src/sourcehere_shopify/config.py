"""
What has to be known to connect a shop on Shopify.
"""

import re
from datetime import date

import attrs

_SHOP = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")
_VERSION = re.compile(r"20\d\d-(01|04|07|10)")
_LOCATION = re.compile(r"(gid://shopify/Location/)?\d+")


def _shop(text: str) -> str:
    name = text.strip().lower()
    return name if "." in name else f"{name}.myshopify.com"


def _is_shop(_: object, __: object, value: str) -> None:
    if not _SHOP.fullmatch(value):
        msg = "should be the shop's own name, such as lantern.myshopify.com"
        raise ValueError(msg)


def _is_version(_: object, __: object, value: str) -> None:
    if not _VERSION.fullmatch(value):
        msg = "should be a released version, such as 2026-07"
        raise ValueError(msg)


def _is_location(_: object, __: object, value: str) -> None:
    if value and not _LOCATION.fullmatch(value):
        msg = "should be the number of a location, as its page in the admin has it"
        raise ValueError(msg)


def _is_date(_: object, __: object, value: str) -> None:
    if value:
        date.fromisoformat(value)


@attrs.frozen(kw_only=True)
class ShopifyConfig:
    """
    One shop on Shopify.

    Attributes:
        shop: Its own name: `lantern.myshopify.com`, or `lantern` alone.

        token: The Admin API access token of an app that is installed in the shop; give
            it as `{"$env": "SHOPIFY_TOKEN"}`.

        webhook_secret: The app's client secret, with which Shopify signs webhooks;
            empty for none.

        webhook_secret_old: The secret before, for the hour in which both are used.

        location: The number of the location from which orders are fulfilled here. What
            is assigned to another one is moved there; empty for wherever Shopify
            assigns an order. Stock is told of it, too; without it, of the only one.

        releases_holds: Whether a parcel that left ends a hold in the shop; otherwise it
            is not told while an order is on hold there.

        notifies_customers: Whether Shopify sends its mail about a parcel.

        orders_since: A date; orders placed before it are not read. Empty for all that
            the app may read.

        bulk_from: With how many orders the first reading is one of a file into which
            Shopify writes all of them (a bulk operation); 0 for never.

        api_version: Of the Admin API.
    """

    shop: str = attrs.field(converter=_shop, validator=_is_shop)
    token: str = attrs.field(repr=False, metadata={"secret": True})
    webhook_secret: str = attrs.field(default="", repr=False, metadata={"secret": True})
    webhook_secret_old: str = attrs.field(
        default="", repr=False, metadata={"secret": True}
    )
    location: str = attrs.field(default="", validator=_is_location)
    releases_holds: bool = False
    notifies_customers: bool = True
    orders_since: str = attrs.field(default="", validator=_is_date)
    bulk_from: int = attrs.field(default=5_000, validator=attrs.validators.ge(0))
    api_version: str = attrs.field(default="2026-07", validator=_is_version)

    @property
    def location_gid(self) -> str:
        """
        The location as the API names it; empty for none.
        """
        return _gid("Location", self.location) if self.location else ""


def _gid(kind: str, name: str) -> str:
    return name if name.startswith("gid://") else f"gid://shopify/{kind}/{name}"
