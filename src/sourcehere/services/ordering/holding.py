"""
How people stop an order and let it go on, and what they note.
"""

from datetime import datetime

from ...domain.contacts.model import Note
from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import HoldId, SellerId, new_id
from ...domain.orders.holds import HoldReason
from ...unit.seller_unit import SellerUnit
from ...unit.tables.contacts import NOTES
from ...unit.words import write_words
from ..base.checks import require_zone
from ..base.commands import Given
from .reading import OrderReading


class OrderHolding(OrderReading):
    """
    Takes holds and notes.
    """

    def hold(
        self,
        seller_id: str,
        order_id: str,
        *,
        detail: str,
        by: Actor,
        command_id: str = "",
        reason: HoldReason = HoldReason.STAFF,
        until: datetime | None = None,
    ) -> str:
        """
        Place a hold on an order, as staff; the text is kept apart from its events.

        Args:
            reason: `STAFF`; or `ADDRESS`, where the parcel cannot be addressed: that
                hold ends by itself when the seller or the shop gives another address;
                or `OUT_OF_STOCK`, where units cannot be bought: that one ends by itself
                when everything has left or is refunded.

            until: When it is released by itself; only for reasons whose row in
                `orders/deadlines.py` says so.

        Returns:
            The hold's id, to release it by.

        Raises:
            CommandRefusedError: If it has ended, or *by* is not staff.

            InvalidInputError: If *reason* is one that only facts give, or *until* is
                over or has no time zone.
        """

        def work(unit: SellerUnit) -> str:
            require_to_come(until, unit.now)
            hold_id = HoldId(new_id())
            order = unit.orders.one(order_id)
            order.place_hold(
                hold_id,
                reason=reason,
                by=by,
                at=unit.now,
                deadline=until,
            )
            write_words(unit, order_id, hold_id, detail, by=by)
            return hold_id

        return self._once(
            SellerId(seller_id),
            Given(command_id, "hold", (order_id, detail, reason.value, until)),
            work,
            str,
        )

    def release_hold(
        self,
        seller_id: str,
        order_id: str,
        hold_id: str,
        *,
        by: Actor,
        command_id: str = "",
    ) -> None:
        """
        Release a hold, as staff: what it blocked can be done again.

        Raises:
            CommandRefusedError: If no such hold is open, or *by* is not staff.
        """

        def work(unit: SellerUnit) -> None:
            order = unit.orders.one(order_id)
            order.release_hold(HoldId(hold_id), by=by, at=unit.now)

        self._once(
            SellerId(seller_id),
            Given(command_id, "release_hold", (order_id, hold_id)),
            work,
            type(None),
        )

    def note(
        self,
        seller_id: str,
        order_id: str,
        text: str,
        *,
        by: Actor,
        command_id: str = "",
        for_staff: bool = False,
    ) -> str:
        """
        Write something about an order; the text is kept apart from its events.

        Returns:
            The note's id.

        Raises:
            CommandRefusedError: If *by* is neither the seller nor staff.
        """

        def work(unit: SellerUnit) -> str:
            note_id = new_id()
            order = unit.orders.one(order_id)
            order.add_note(note_id, by=by, at=unit.now)
            unit.insert(
                NOTES,
                Note(
                    seller_id=unit.seller_id,
                    note_id=note_id,
                    subject_id=order_id,
                    by=by,
                    text=text,
                    written_at=unit.now,
                    for_staff=for_staff,
                ),
            )
            return note_id

        return self._once(
            SellerId(seller_id),
            Given(command_id, "note", (order_id, text, for_staff)),
            work,
            str,
        )


def require_to_come(until: datetime | None, now: datetime) -> None:
    """
    Refuse an end that is over, or of which nobody knows when it is.

    Raises:
        InvalidInputError: If *until* is not behind *now*, or has no time zone.
    """
    if until is None:
        return
    require_zone("until", until)
    if until <= now:
        raise InvalidInputError(
            field="until", value=until.isoformat(), expected="a time to come"
        )
