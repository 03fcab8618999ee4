"""
How an order ends without reaching anybody: cancelled, expired, refunded, lost.
"""

import enum
from collections.abc import Sequence
from datetime import datetime

from ..kernel.actor import Actor
from . import events as e
from .guarded import GuardedOrder
from .guards import Ask
from .holds import PARCEL_TROUBLES
from .machine import UNPAID_STATES


class CancelReason(enum.StrEnum):
    """
    Why an order is cancelled.
    """

    SELLER = "seller"  # the seller cancelled it before it was paid
    STORE = "store"  # the shop did
    EXPIRED = "expired"  # nobody paid it in time
    REFUNDED = "refunded"  # everything was refunded before it left
    REJECTED = "rejected"  # staff would not supply it; everything was refunded
    LOST = "lost"  # everything was lost on the way, and refunded
    NOT_OURS = "not_ours"  # the seller said that we supply none of it
    LOCAL_STOCK = "local_stock"  # the seller serves it from their own place


class Ending(GuardedOrder):
    """
    The order is cancelled.
    """

    __slots__ = ()

    def cancel(self, *, by: Actor, at: datetime) -> None:
        """
        Cancel the order before it is paid.

        Raises:
            CommandRefusedError: If it is paid, ended, or *by* is not the seller.
        """
        self.require("cancel", by=by)
        self._cancel("cancel", CancelReason.SELLER, by=by, at=at)

    def serve_from_local_stock(self, *, by: Actor, at: datetime) -> None:
        """
        End the order here, since the seller serves it; the caller takes the units out
        of the local stock in the same commit.

        Raises:
            CommandRefusedError: If it is paid, ended or held, or a line is not paired.
        """
        self.require("serve_from_local_stock", by=by)
        self._cancel("serve", CancelReason.LOCAL_STOCK, by=by, at=at)

    def put_back(self, *, by: Actor, at: datetime) -> None:
        """
        Call the order cancelled by the seller, no longer served from the local stock;
        the caller puts the units back in the same commit.

        Raises:
            CommandRefusedError: If it is not served from there.
        """
        self.require("put_back", by=by)
        self.record(e.OrderPutBack(by=by, occurred_at=at))

    def cancel_by_store(self, *, by: Actor, at: datetime) -> bool:
        """
        Follow the shop's cancellation where nothing is paid; a fact, never refused.

        Returns:
            Whether the order ended by it.
        """
        if not self.can("cancel"):
            return False
        self._cancel("cancel", CancelReason.STORE, by=by, at=at)
        return True

    def leave_out(
        self, lines: Sequence[int], *, by: Actor, at: datetime, pay_by: datetime
    ) -> bool:
        """
        Follow that we do not supply what *lines* are of: they leave an order that is
        not paid, which ends if they are all it has. A consequence, never refused.

        Returns:
            Whether anything changed.
        """
        if not lines or self.state not in UNPAID_STATES:
            return False
        if len(lines) == len(self.lines):
            self._cancel("cancel", CancelReason.NOT_OURS, by=by, at=at)
            return True
        self.record(e.LinesLeftOut(lines=tuple(lines), by=by, occurred_at=at))
        self.recognize_if_paired(by=by, at=at, pay_by=pay_by)
        return True

    def expire(self, *, by: Actor, at: datetime) -> None:
        """
        End an order nobody paid in time.

        Raises:
            CommandRefusedError: If it is not due, or does not wait for payment.
        """
        self.require("expire", by=by, ask=Ask(at=at))
        self._cancel("expire", CancelReason.EXPIRED, by=by, at=at)

    def _cancel(
        self, event: str, reason: CancelReason, *, by: Actor, at: datetime
    ) -> None:
        self.record(
            e.OrderCancelled(
                state=self.after(event), reason=reason.value, by=by, occurred_at=at
            )
        )

    def end_refunded(
        self,
        *,
        by: Actor,
        at: datetime,
        reason: CancelReason = CancelReason.REFUNDED,
    ) -> None:
        """
        End an order nothing of which is left to send and nothing was sent.
        """
        self.record(
            e.OrderCancelled(
                state=self.after("refund_all"),
                reason=reason.value,
                by=by,
                occurred_at=at,
            )
        )

    def give_up(self, *, by: Actor, at: datetime) -> None:
        """
        End an order everything of which was lost and refunded.

        Raises:
            CommandRefusedError: If units are not refunded, or a dispute is open.
        """
        self.require("give_up", by=by)
        self.release_parcel_holds(PARCEL_TROUBLES, by=by, at=at)
        self.record(
            e.OrderCancelled(
                state=self.after("give_up"),
                reason=CancelReason.LOST.value,
                by=by,
                occurred_at=at,
            )
        )
