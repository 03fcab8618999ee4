"""
What becomes of an order's parcels: heard of, in trouble, put right, delivered.
"""

from datetime import datetime

from ..kernel.actor import Actor
from ..kernel.errors import CommandRefusedError
from ..kernel.ids import ParcelId
from ..kernel.values import light
from . import events as e
from .guarded import GuardedOrder
from .guards import Ask, not_due
from .holds import PARCEL_TROUBLES, SPEAKS_AGAINST_SILENCE, HoldReason
from .machine import ENDED_STATES
from .marks import ParcelMark


@light(kw_only=True)
class ParcelNews:
    """
    What is known of a parcel by now.

    Attributes:
        status: The carrier's word.

        incident: Why it does not go on, as the carrier says; empty if it does not.

        is_new: Whether one of these was another one before.

        trouble: What is the matter; None if nothing is.

        words: The parcel, as people call it.

        stall_by: When it counts as stalled if nothing else is heard.
    """

    status: str
    incident: str = ""
    is_new: bool
    is_delivered: bool
    trouble: HoldReason | None
    words: str
    stall_by: datetime


class Parcels(GuardedOrder):
    """
    Parcels are on their way, and arrive.
    """

    __slots__ = ()

    def track_parcel(
        self, parcel_id: ParcelId, news: ParcelNews, *, by: Actor, at: datetime
    ) -> None:
        """
        Follow what is known of a parcel; a fact, never refused.

        Trouble opens a hold while the order is going on, and the next word of the
        carrier ends it. When every parcel that counts has arrived and nothing is left
        to send, the order is delivered. A delivered order stays so, whatever is said
        later. A parcel that is unknown or replaced changes nothing.
        """
        mark = self._mark(parcel_id)
        if mark is None or mark.replaced_by:
            return
        if news.is_delivered:
            self._arrive(mark, by=by, at=at)
        else:
            self._follow(mark, news, by=by, at=at)

    def _arrive(self, mark: ParcelMark, *, by: Actor, at: datetime) -> None:
        if mark.is_delivered:
            return
        parcel_id = mark.parcel_id
        self.record(e.ParcelDelivered(parcel_id=parcel_id, by=by, occurred_at=at))
        self.release_parcel_holds(PARCEL_TROUBLES, parcel_id=parcel_id, by=by, at=at)
        self.deliver_when_complete(by=by, at=at)

    def _follow(
        self, mark: ParcelMark, news: ParcelNews, *, by: Actor, at: datetime
    ) -> None:
        is_going_on = self.state not in ENDED_STATES
        # What is in trouble is held already, with a deadline of its own.
        is_quiet = is_going_on and news.trouble is None
        stall_by = news.stall_by if is_quiet else None
        if not news.is_new and stall_by == mark.stall_by:
            return
        self.record(
            e.ParcelTracked(
                parcel_id=mark.parcel_id,
                status=news.status,
                incident=news.incident,
                stall_by=stall_by,
                by=by,
                occurred_at=at,
            )
        )
        # The same trouble, told again, neither ends nor begins anew.
        over = PARCEL_TROUBLES - (set() if news.is_new else {news.trouble})
        self.release_parcel_holds(over, parcel_id=mark.parcel_id, by=by, at=at)
        if news.is_new and is_going_on and news.trouble is not None:
            words = news.words
            self.hold_parcel(news.trouble, mark.parcel_id, detail=words, by=by, at=at)

    def stall_by_timer(self, *, by: Actor, at: datetime) -> None:
        """
        Hold the order for the parcels of which nothing was heard for too long.

        Raises:
            CommandRefusedError: If none is due.
        """
        due = [
            mark
            for mark in self.parcels
            if mark.is_awaited and mark.stall_by is not None and mark.stall_by <= at
        ]
        if not due:
            raise CommandRefusedError(
                kind="order",
                id=self.order_id,
                command="stall_by_timer",
                blockers=[not_due(self.stall_by)],
            )
        for mark in due:
            self.record(
                e.ParcelStalled(parcel_id=mark.parcel_id, by=by, occurred_at=at)
            )
            self.hold_parcel(
                HoldReason.PARCEL_STALLED,
                mark.parcel_id,
                detail=f"parcel {mark.parcel_id}",
                by=by,
                at=at,
                # A clock that runs late leads to the same end as one that does not.
                since=mark.stall_by,
            )

    def correct_tracking(
        self,
        parcel_id: ParcelId,
        *,
        by: Actor,
        at: datetime,
        deliver_by: datetime | None = None,
    ) -> int:
        """
        Record that a parcel has another tracking number; the delivery timer runs anew.

        What was the matter with the wrong number is over. The caller says what is known
        of the right one (`track_parcel`) in the same commit.

        Returns:
            The revision of what the shop is to be told.

        Raises:
            CommandRefusedError: If there is no such live parcel.
        """
        self.require("correct_tracking", by=by, ask=Ask(parcel_id=parcel_id))
        (mark,) = (p for p in self.parcels if p.parcel_id == parcel_id)
        revision = mark.revision + 1
        self.record(
            e.TrackingCorrected(
                parcel_id=parcel_id,
                revision=revision,
                deliver_by=self._unless_ended(deliver_by),
                by=by,
                occurred_at=at,
            )
        )
        self.release_parcel_holds(PARCEL_TROUBLES, parcel_id=parcel_id, by=by, at=at)
        return revision

    def void_parcel(
        self,
        parcel_id: ParcelId,
        *,
        replacement: ParcelId,
        by: Actor,
        at: datetime,
        deliver_by: datetime | None = None,
        stall_by: datetime | None = None,
    ) -> None:
        """
        Replace a parcel by another; its units stay shipped, the delivery timer runs
        anew, and what was the matter with it is over.

        Raises:
            CommandRefusedError: If there is no such live parcel.
        """
        self.require("void_parcel", by=by, ask=Ask(parcel_id=parcel_id))
        self.record(
            e.ParcelVoided(
                parcel_id=parcel_id,
                replacement=replacement,
                deliver_by=self._unless_ended(deliver_by),
                stall_by=self._unless_ended(stall_by),
                by=by,
                occurred_at=at,
            )
        )
        # The shop is told of the replacement instead.
        over = SPEAKS_AGAINST_SILENCE
        self.release_parcel_holds(over, parcel_id=parcel_id, by=by, at=at)

    def _unless_ended(self, instant: datetime | None) -> datetime | None:
        return None if self.state in ENDED_STATES else instant

    def deliver_when_complete(self, *, by: Actor, at: datetime) -> None:
        """
        Deliver the order if nothing is left to send and every parcel has arrived.
        """
        if self.can("deliver") and self.is_every_parcel_delivered:
            self.deliver("parcels", by=by, at=at)

    def deliver(self, cause: str, *, by: Actor, at: datetime) -> None:
        """
        Record that the customer has everything, because of *cause*.
        """
        self.record(
            e.OrderDelivered(
                state=self.after("deliver"), cause=cause, by=by, occurred_at=at
            )
        )

    def _mark(self, parcel_id: str) -> ParcelMark | None:
        return next((p for p in self.parcels if p.parcel_id == parcel_id), None)
