"""
What can be wrong with a connection to a shop.
"""

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


class WebhooksUnsupportedError(CallerError):
    """
    A shop whose platform tells nothing by itself: it is read by its interval.

    Attributes:
        platform: The name of its provider.
    """

    def __init__(self, *, store_id: str, platform: str) -> None:
        super().__init__(f"store {store_id}: the platform {platform} has no webhooks")
        self.store_id = store_id
        self.platform = platform


class StockUnsupportedError(CallerError):
    """
    A shop whose platform cannot be told how much there is to sell.

    Attributes:
        platform: The name of its provider.
    """

    def __init__(self, *, store_id: str, platform: str) -> None:
        super().__init__(
            f"store {store_id}: the platform {platform} cannot be told stock"
        )
        self.store_id = store_id
        self.platform = platform


class CancelUnsupportedError(CallerError):
    """
    A shop whose platform does not cancel orders for others: people do so in the shop.

    Attributes:
        platform: The name of its provider.
    """

    def __init__(self, *, store_id: str, platform: str) -> None:
        words = f"the platform {platform} does not cancel orders for others"
        super().__init__(f"store {store_id}: {words}; cancel it in the shop itself")
        self.store_id = store_id
        self.platform = platform


class SentAlreadyError(StateError):
    """
    An order of which something was sent from here: its shop is not to cancel it.

    Attributes:
        order_ids: Our orders whose parcels have left.
    """

    def __init__(self, external_id: str, order_ids: tuple[str, ...]) -> None:
        which = ", ".join(order_ids)
        super().__init__(f"order {external_id}: parcels of {which} have left")
        self.external_id = external_id
        self.order_ids = order_ids


class SubscriptionsUnsupportedError(CallerError):
    """
    A shop whose platform cannot be told where to send webhooks: people enter the
    address in the shop's own pages, if it has webhooks at all.

    Attributes:
        platform: The name of its provider.
    """

    def __init__(self, *, store_id: str, platform: str) -> None:
        words = f"the platform {platform} cannot be told where to send webhooks"
        advice = "enter the address in the shop's own settings"
        super().__init__(f"store {store_id}: {words}; {advice}")
        self.store_id = store_id
        self.platform = platform


class ProductsUnsupportedError(CallerError):
    """
    A shop whose platform does not tell what it sells: its products are known once they
    are ordered.

    Attributes:
        platform: The name of its provider.
    """

    def __init__(self, *, store_id: str, platform: str) -> None:
        words = f"the platform {platform} does not tell its products"
        super().__init__(f"store {store_id}: {words}")
        self.store_id = store_id
        self.platform = platform


class NamesUnsupportedError(CallerError):
    """
    A shop whose platform does not list its orders, so that nobody can tell which are
    missing; `stores.reconcile` asks such a shop one by one.

    Attributes:
        platform: The name of its provider.
    """

    def __init__(self, *, store_id: str, platform: str) -> None:
        words = f"the platform {platform} does not list its orders"
        super().__init__(f"store {store_id}: {words}")
        self.store_id = store_id
        self.platform = platform


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
