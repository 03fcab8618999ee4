"""
What we keep of each order of a shop: facts about it are routed and compared by this.
"""

from datetime import datetime

from ..kernel.ids import ContactId, HoldId, OrderId, SellerId, StoreId
from ..kernel.values import light
from .demand import Difference, ToldLine


@light(kw_only=True)
class StoreOrderRecord:
    """
    What we keep per order of a shop.

    Attributes:
        fingerprint: Digest of the last snapshot; an equal one changes nothing.

        version: Of the snapshot told last; an older one changes nothing. 0 where the
            shop has no versions.

        paid_at_store, cancelled: As the shop told last.

        rows_rejected: How much of what it told last was in doubt.

        parts: Our orders made of it, the first is the main one.

        replaced: Those parts whose lines came back in another part.

        lines: What the shop told last of each line.

        differences: Of which it wants something else than we supply, and nobody has
            decided yet; the hold *hold_id* says so.

        seen_at: When the shop told of it last, to within a day where nothing changed.

        is_missing: Whether it was held because a whole list of the shop's orders did
            not have it, and was not told since.
    """

    seller_id: SellerId
    store_id: StoreId
    external_id: str
    fingerprint: str
    version: int
    paid_at_store: bool
    cancelled: bool
    rows_rejected: int
    contact_id: ContactId
    parts: tuple[OrderId, ...]
    replaced: tuple[OrderId, ...] = ()
    lines: tuple[ToldLine, ...] = ()
    differences: tuple[Difference, ...] = ()
    hold_id: HoldId = HoldId("")
    seen_at: datetime
    is_missing: bool = False
