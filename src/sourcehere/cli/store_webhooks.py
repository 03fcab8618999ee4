"""
`sourcehere stores subscribe` and `unsubscribe`.
"""

from .context import Ctx
from .output import Result


def subscribe(store: str, /, *, url: str, ctx: Ctx) -> Result:
    """
    Let a shop tell an address of ours of its changes; again, to put right what its
    platform took away meanwhile.

    Args:
        store: Which shop.

        url: Where `sourcehere serve-webhooks`, or the host, receives them.
    """
    ctx.shop.stores.subscribe(store, url=url)
    told = {"store_id": store, "url": url, "subscribed": True}
    return Result(told, (f"store {store} tells {url}",))


def unsubscribe(store: str, /, *, url: str, ctx: Ctx) -> Result:
    """
    Let a shop tell an address nothing any more.

    Args:
        store: Which shop.

        url: The address.
    """
    ctx.shop.stores.unsubscribe(store, url=url)
    told = {"store_id": store, "url": url, "subscribed": False}
    return Result(told, (f"store {store} tells {url} nothing any more",))
