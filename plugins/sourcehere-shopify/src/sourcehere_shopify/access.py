"""
What an app has to be permitted for us to serve a shop, and which webhooks it gets.
"""

from collections.abc import Iterator

from sourcehere.ports.errors import UnauthorizedError

from .client import PROVIDER, Client

# Scope -> what it is for.
SCOPES = {
    "read_orders": "read orders",
    "write_orders": "note a parcel's number beside an order",
    "read_products": "list what the shop sells",
    "read_locations": "see where it is to be fulfilled",
    "read_merchant_managed_fulfillment_orders": "see what is to be fulfilled",
    "write_merchant_managed_fulfillment_orders": "tell parcels",
}
# Locations' names are for `read_locations` only, their ids for this as well.
_SEES_LOCATIONS = "read_inventory"
# `FULFILLMENTS_...` would want `read_fulfillments` as well, and tells nothing that an
# order's own topics do not.
TOPICS = (
    "ORDERS_CREATE",
    "ORDERS_UPDATED",
    "ORDERS_EDITED",
    "ORDERS_PAID",
    "ORDERS_CANCELLED",
    "ORDERS_FULFILLED",
    "ORDERS_PARTIALLY_FULFILLED",
    "ORDERS_DELETE",
    "REFUNDS_CREATE",
    "APP_UNINSTALLED",
)


def check_access(client: Client) -> None:
    """
    Try the token, and name the permissions that are missing.

    Raises:
        UnauthorizedError: If the token is refused, or a scope is missing.
    """
    told = client.ask("access")["currentAppInstallation"]["accessScopes"]
    had = {scope["handle"] for scope in told}
    # A permission to write is one to read.
    had |= {name.replace("write_", "read_", 1) for name in had}
    if _SEES_LOCATIONS in had:
        had.add("read_locations")
    missing = [f"{name} (to {why})" for name, why in SCOPES.items() if name not in had]
    if missing:
        detail = (
            f"the app lacks permissions: {', '.join(missing)}; add the scopes to the"
            " app, and install it again"
        )
        raise UnauthorizedError(provider=PROVIDER, detail=detail)


def subscribe(client: Client, url: str) -> None:
    """
    Let Shopify tell *url* of every topic that is followed; what it tells already stays,
    and so does what it tells others.
    """
    had = {topic for topic, uri, _ in _subscriptions(client) if uri == url}
    for topic in TOPICS:
        if topic not in had:
            client.change(
                "subscribe",
                "webhookSubscriptionCreate",
                topic=topic,
                subscription={"uri": url, "format": "JSON"},
            )


def unsubscribe(client: Client, url: str) -> None:
    """
    Let Shopify tell *url* nothing any more.
    """
    for _, uri, name in list(_subscriptions(client)):
        if uri == url:
            client.change("unsubscribe", "webhookSubscriptionDelete", id=name)


def _subscriptions(client: Client) -> Iterator[tuple[str, str, str]]:
    """
    Return topic, URL and id of everything that Shopify tells of this app's.
    """
    after, has_more = None, True
    while has_more:
        part = client.ask("subscriptions", after=after)["webhookSubscriptions"]
        for one in part["nodes"]:
            yield one["topic"], one["uri"], one["id"]
        has_more, after = part["pageInfo"]["hasNextPage"], part["pageInfo"]["endCursor"]
