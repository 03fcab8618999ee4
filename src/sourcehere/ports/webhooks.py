"""
What a store platform implements to tell us of changes by itself.
"""

import enum
from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from ..domain.kernel.values import frozen


class Topic(enum.StrEnum):
    """
    What a shop tells by itself.
    """

    ORDER_CHANGED = "order_changed"  # placed, edited, paid, deleted
    ORDER_CANCELLED = "order_cancelled"
    APP_REMOVED = "app_removed"  # our credentials may be worth nothing any more
    OTHER = "other"  # nothing that is followed here


@frozen
class WebhookEvent:
    """
    One thing that a shop told: a hint, which leads to asking it.

    Attributes:
        event_id: Unique within the shop for what happened, however often it is told;
            1 to 200 characters. Where the platform's id is not unique by itself, put
            the topic before it.

        orders: The shop's keys of the orders that it is about. Empty for a change of
            nobody knows which: then the shop is read soon.
    """

    event_id: str
    topic: Topic
    orders: tuple[str, ...] = ()


@runtime_checkable
class SupportsSubscriptions(Protocol):
    """
    A shop that can be told by its API whom to tell of changes.
    """

    def subscribe(self, url: str, /) -> None:
        """
        Let the shop tell *url* of every change that is followed.

        Told again it changes nothing, and puts right what was taken away or disabled
        meanwhile. What the shop tells other addresses stays.

        Raises:
            ProviderError: If the shop refuses, or does not answer.
        """
        ...

    def unsubscribe(self, url: str, /) -> None:
        """
        Let the shop tell *url* nothing any more.

        Raises:
            ProviderError: If the shop refuses, or does not answer.
        """
        ...


@runtime_checkable
class SupportsWebhooks(Protocol):
    """
    A shop that tells of changes by itself, signed.
    """

    def verify(
        self, body: bytes, headers: Mapping[str, str], /
    ) -> Sequence[WebhookEvent]:
        """
        Check the signature of what was received, and return what it tells. Pure: asks
        nobody, keeps nothing.

        None for what has no content, such as a ping.

        Args:
            body: Exactly as it came: a signature is of these bytes.

            headers: By their names in lower case.

        Raises:
            SignatureError: If the signature is missing or wrong.

            ProtocolError: If it is right, and the content makes no sense.
        """
        ...
