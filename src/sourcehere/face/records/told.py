"""
What shops said, as it may be shown to their sellers and to staff.
"""

from datetime import datetime

from ...domain.kernel.ids import StoreId
from ...domain.kernel.values import frozen
from ...domain.stores.told import Told


@frozen(kw_only=True)
class ToldView:
    """
    Something that a shop said: personal data of its customers.

    Attributes:
        how: `page` (its orders were pulled), `fetch` (it was asked about single orders)
            or `webhook` (it said so by itself).

        asked: The cursor it was asked with, or the orders; of a webhook, the ids of its
            events.

        answer: What the plugin made of it, as JSON; times are microseconds since 1970.

        raw: What came over the wire, if the plugin says it; the body of a webhook.

        size: Characters of both before they were cut; bytes of what came as bytes.

        is_cut: Whether one of them was longer than is kept.

        digest: The same for what says the same.

        times: How often it was said; more than once where nothing else was between.

        told_at, last_at: When it was said first and last.

        forget_at: When it is deleted.
    """

    store_id: StoreId
    told_id: str
    how: str
    asked: tuple[str, ...]
    answer: str
    raw: str
    size: int
    is_cut: bool
    digest: str
    times: int
    told_at: datetime
    last_at: datetime
    forget_at: datetime


def told_of(told: Told) -> ToldView:
    """
    Return *told* as it is shown.
    """
    return ToldView(
        store_id=told.store_id,
        told_id=told.told_id,
        how=told.how,
        asked=told.asked,
        answer=told.answer,
        raw=told.raw,
        size=told.size,
        is_cut=told.is_cut,
        digest=told.digest,
        times=told.times,
        told_at=told.told_at,
        last_at=told.last_at,
        forget_at=told.forget_at,
    )
