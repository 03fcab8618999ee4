"""
What can be wrong with a connection to a shop.
"""

from typing import ClassVar

from ..kernel.errors import CallerError, StateError


class StoreRestsError(StateError):
    """
    A shop that is paused or disconnected: nothing is read from it or told to it.

    Attributes:
        state: `paused` or `disconnected`.

        why: What was said when it was paused; empty if nothing was.
    """

    def __init__(self, *, store_id: str, state: str, why: str) -> None:
        because = f" ({why})" if why else ""
        super().__init__(f"store {store_id} is {state}{because}")
        self.store_id = store_id
        self.state = state
        self.why = why

    @property
    def kept_words(self) -> str:
        """
        The same without why, which somebody typed.
        """
        return f"store {self.store_id} is {self.state}"


class PlatformLacksError(CallerError):
    """
    A shop whose platform cannot do what was asked of it.

    Attributes:
        platform: The name of its provider.
    """

    lacks: ClassVar[str]

    def __init__(self, *, store_id: str, platform: str) -> None:
        super().__init__(f"store {store_id}: the platform {platform} {self.lacks}")
        self.store_id = store_id
        self.platform = platform


class WebhooksUnsupportedError(PlatformLacksError):
    """
    A shop whose platform tells nothing by itself: it is read by its interval.
    """

    lacks = "has no webhooks"


class StockUnsupportedError(PlatformLacksError):
    """
    A shop whose platform cannot be told how much there is to sell.
    """

    lacks = "cannot be told stock"


class CancelUnsupportedError(PlatformLacksError):
    """
    A shop whose platform does not cancel orders for others: people do so in the shop.
    """

    lacks = "does not cancel orders for others; cancel it in the shop itself"


class SubscriptionsUnsupportedError(PlatformLacksError):
    """
    A shop whose platform cannot be told where to send webhooks: people enter the
    address in the shop's own pages, if it has webhooks at all.
    """

    lacks = (
        "cannot be told where to send webhooks; if it has any, enter the address in the"
        " shop's own settings"
    )


class ProductsUnsupportedError(PlatformLacksError):
    """
    A shop whose platform does not tell what it sells: its products are known once they
    are ordered.
    """

    lacks = "does not tell its products"


class NamesUnsupportedError(PlatformLacksError):
    """
    A shop whose platform does not list its orders, so that nobody can tell which are
    missing; `stores.reconcile` asks such a shop one by one.
    """

    lacks = "does not list its orders"


class PreviewUnsupportedError(CallerError):
    """
    A platform that does not tell what it would import before a shop is connected.

    Attributes:
        platform: The name of its provider.
    """

    def __init__(self, *, platform: str) -> None:
        super().__init__(f"the platform {platform} cannot be looked at beforehand")
        self.platform = platform


class WebhookTooLargeError(CallerError):
    """
    A webhook with a longer body, or more headers, than is taken; nothing is kept.

    Attributes:
        part: `body` or `headers`.

        size: Bytes of the body, or how many headers.

        most: How many there may be.
    """

    def __init__(self, *, part: str, size: int, most: int) -> None:
        unit = "bytes" if part == "body" else "headers"
        super().__init__(f"webhook: {size} {unit} are more than {most}")
        self.part = part
        self.size = size
        self.most = most
