"""
How far a connection has come with asking for every parcel that is on its way.
"""

from datetime import datetime, timedelta

import attrs

from ..kernel.ids import OrderId, SellerId
from ..kernel.values import frozen


@frozen(kw_only=True)
class TrackingWalk:
    """
    One connection's walk through the orders that have parcels on their way.

    Attributes:
        began_at: When it last began.

        due_at: When it goes on: the end of a rest, or the beginning of the next walk.

        stage: Which of the lists of such orders it is in, from 0.

        order_id, seller_id: The order that it has come to; empty at the beginning of a
            list.

        asked: Numbers that were asked for since it began.
    """

    connection: str
    began_at: datetime
    due_at: datetime
    stage: int = 0
    order_id: OrderId = OrderId("")
    seller_id: SellerId = SellerId("")
    asked: int = 0

    def begun(self, now: datetime) -> "TrackingWalk":
        """
        Return it as it goes on: one that has not begun begins now.
        """
        if self.order_id or self.stage:
            return self
        return attrs.evolve(self, began_at=now, asked=0)

    def past(self, order_id: OrderId, seller_id: SellerId) -> "TrackingWalk":
        """
        Return it behind an order.
        """
        return attrs.evolve(self, order_id=order_id, seller_id=seller_id)

    def in_next_stage(self, *, of: int, every: timedelta) -> "TrackingWalk":
        """
        Return it at the beginning of the next list; behind the last one it is over.

        Args:
            of: How many lists there are.

            every: From the beginning of a walk to that of the next one.
        """
        ahead = attrs.evolve(
            self, stage=self.stage + 1, order_id=OrderId(""), seller_id=SellerId("")
        )
        if ahead.stage < of:
            return ahead
        return attrs.evolve(ahead, stage=0, due_at=self.began_at + every)


def fresh_walk(connection: str, now: datetime) -> TrackingWalk:
    """
    Return the walk of a connection that was never asked: it is due.
    """
    return TrackingWalk(connection=connection, began_at=now, due_at=now)


@frozen(kw_only=True)
class TrackingHint:
    """
    A number of which a carrier said by itself that something happened: asked next.
    """

    connection: str
    tracking_number: str
    told_at: datetime
