"""
The journal of what a shop said, kept for a while so that it can be shown later.

It holds whatever the shop tells, names and addresses of its customers too: it has
tables of its own, and nothing of it goes into events, messages, errors or logs.
"""

import enum
from datetime import datetime

import attrs

from ..kernel.ids import SellerId, StoreId
from ..kernel.values import frozen

AS_THE_PLATFORM_SAYS = -1
TOLD_DAYS_MAX = 3_660


class How(enum.StrEnum):
    """
    How it came that a shop said something.
    """

    PAGE = "page"  # its orders were pulled
    FETCH = "fetch"  # it was asked about single orders
    WEBHOOK = "webhook"  # it said so by itself


@frozen(kw_only=True)
class Told:
    """
    Something that a shop said; personal data, never shown in a `repr`.

    Attributes:
        how: `page`, `fetch` or `webhook`.

        asked: The cursor that was asked with, or the orders; of a webhook, the ids of
            its events.

        digest: Of answer and raw.

        answer: What the plugin made of it, as JSON; times are microseconds since 1970.

        raw: What came over the wire, if the plugin says it; the body of a webhook.

        size: Characters of both before they were cut; bytes of what came as bytes.

        is_cut: Whether one of them was longer than is kept.

        times: How often it was said; more than once where nothing else was between.

        told_at, last_at: When it was said first and last.

        forget_at: When it is deleted.
    """

    seller_id: SellerId
    store_id: StoreId
    told_id: str
    how: str
    asked: tuple[str, ...]
    digest: str
    answer: str = attrs.field(repr=False)
    raw: str = attrs.field(repr=False)
    size: int
    is_cut: bool
    times: int
    told_at: datetime
    last_at: datetime
    forget_at: datetime


@frozen(kw_only=True)
class ToldName:
    """
    An order that something was said of: the shop's key of it, or its number.
    """

    seller_id: SellerId
    store_id: StoreId
    told_id: str
    name: str
