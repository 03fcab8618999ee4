"""
What staff put right after a parcel left: its number, or the whole parcel.
"""

from collections.abc import Sequence

import attrs

from ...domain.kernel.actor import Actor
from ...domain.kernel.checks import looks_damaged, require_trimmed
from ...domain.kernel.errors import (
    Blocker,
    CommandRefusedError,
    InvalidInputError,
)
from ...domain.kernel.ids import ItemId, ParcelId, SellerId, new_id
from ...domain.kernel.values import frozen
from ...domain.kernel.words import counted
from ...domain.orders.guards import Ask
from ...domain.orders.order import Order
from ...domain.shipments.model import Parcel, TrackingStatus
from ...unit.seller_unit import SellerUnit
from ...unit.tables.shipments import PARCELS
from ..base.bulk import BulkReport
from ..base.commands import Given
from ..base.service import Service
from .following import follow
from .telling import supersede, tell_store


@frozen(kw_only=True)
class TrackingCorrection:
    """
    The right carrier and tracking number of a parcel.
    """

    order_id: str
    parcel_id: str
    carrier: str
    tracking_number: str


class Correcting(Service):
    """
    Corrects numbers and replaces parcels.
    """

    def correct_tracking(
        self,
        seller_id: str,
        order_id: str,
        parcel_id: str,
        *,
        carrier: str,
        tracking_number: str,
        by: Actor,
        command_id: str = "",
    ) -> None:
        """
        Correct a parcel's tracking number, and tell the shop anew.

        What was said of the wrong number counts no more: the parcel is where the right
        one's facts say, and the delivery timer runs anew. An order that was fulfilled
        stays fulfilled. A push of the same parcel that still waits is superseded.

        Raises:
            CommandRefusedError: If the order has no such live parcel.

            InvalidInputError: If the carrier or the number is empty.
        """
        right = TrackingCorrection(
            order_id=order_id,
            parcel_id=parcel_id,
            carrier=carrier,
            tracking_number=tracking_number,
        )
        require_tracking(carrier, tracking_number)
        self._once(
            SellerId(seller_id),
            Given(
                command_id,
                "correct_tracking",
                (order_id, parcel_id, carrier, tracking_number),
            ),
            lambda unit: self._correct(unit, right, by=by),
            type(None),
        )

    def correct_tracking_many(
        self,
        seller_id: str,
        corrections: Sequence[TrackingCorrection],
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Correct tracking numbers, a hundred a commit, as `correct_tracking` does.

        Returns:
            Parcel -> its order; a refused one is reported and the rest go on.

        Raises:
            InvalidInputError: If a parcel is named twice.
        """
        items = [(one.parcel_id, one) for one in corrections]
        if len(dict(items)) != len(items):
            raise InvalidInputError(
                field="corrections", value=len(items), expected="each parcel once"
            )

        def work(
            unit: SellerUnit, part: Sequence[tuple[str, TrackingCorrection]]
        ) -> dict[str, str]:
            unit.orders.load(sorted({right.order_id for _, right in part}))
            for _, right in part:
                require_tracking(right.carrier, right.tracking_number)
                self._correct(unit, right, by=by)
            return {name: right.order_id for name, right in part}

        given = Given(command_id, "correct_tracking_many", ())
        return self._each(SellerId(seller_id), given, items, work, str)

    def _correct(
        self, unit: SellerUnit, right: TrackingCorrection, *, by: Actor
    ) -> None:
        order = unit.orders.one(right.order_id)
        revision = order.correct_tracking(
            ParcelId(right.parcel_id),
            by=by,
            at=unit.now,
            deliver_by=unit.now + self._settings.deliver_after,
        )
        parcel = attrs.evolve(
            unit.need(PARCELS, right.parcel_id, lock=True),
            carrier=right.carrier,
            tracking_number=right.tracking_number,
            revision=revision,
        )
        patience = self._settings.stalled_after
        (parcel,) = follow(unit, [parcel], by=by, patience=patience, is_told=True)
        unit.put(PARCELS, parcel)
        supersede(unit, order, right.parcel_id)
        tell_store(unit, order, parcel)

    def void_parcel(
        self,
        seller_id: str,
        order_id: str,
        parcel_id: str,
        *,
        carrier: str,
        tracking_number: str,
        by: Actor,
        command_id: str = "",
    ) -> str:
        """
        Replace a parcel by another; its units stay shipped, and the shop is told which
        parcel the new one replaces.

        Returns:
            The replacement's id.

        Raises:
            CommandRefusedError: If the order has no such live parcel, or its units are
                back in stock.

            InvalidInputError: If the carrier or the number is empty.
        """
        require_tracking(carrier, tracking_number)

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            order.require("void_parcel", by=by, ask=Ask(parcel_id=parcel_id))
            old = unit.need(PARCELS, parcel_id, lock=True)
            _require_out(order, old)
            replacement = ParcelId(new_id())
            order.void_parcel(
                ParcelId(parcel_id),
                replacement=replacement,
                by=by,
                at=unit.now,
                deliver_by=unit.now + self._settings.deliver_after,
                stall_by=unit.now + self._settings.stalled_after,
            )
            new = attrs.evolve(
                old,
                parcel_id=replacement,
                carrier=carrier,
                tracking_number=tracking_number,
                revision=0,
                status=TrackingStatus.PENDING.value,
                incident="",
                shipped_at=unit.now,
                delivered_at=None,
            )
            unit.put(PARCELS, attrs.evolve(old, replaced_by=replacement))
            unit.insert(PARCELS, new)
            supersede(unit, order, parcel_id)
            tell_store(unit, order, new)
            return replacement

        return self._once(
            SellerId(seller_id),
            Given(
                command_id,
                "void_parcel",
                (order_id, parcel_id, carrier, tracking_number),
            ),
            work,
            str,
        )


def require_tracking(carrier: str, tracking_number: str) -> None:
    """
    Refuse a parcel without carrier or number, or with one that a spreadsheet rounded:
    nobody could follow it. One with blanks around it is another one to us, and the same
    to carriers and shops.
    """
    for name, text in (("carrier", carrier), ("tracking_number", tracking_number)):
        if not text.strip():
            raise InvalidInputError(field=name, value=text, expected="some text")
        require_trimmed(name, text)
    if looks_damaged(tracking_number):
        raise InvalidInputError(
            field="tracking_number",
            value=tracking_number,
            expected="all its digits: a spreadsheet has rounded it",
        )


def _require_out(order: Order, parcel: Parcel) -> None:
    """
    Refuse to send a parcel's units again that are the seller's stock by now.
    """
    for packed in parcel.items:
        item = order.items[ItemId(packed.item_id)]
        out = item.quantity_shipped - item.quantity_returned
        if packed.quantity <= out:
            continue
        words = (
            f"item {packed.item_id}: the parcel has {counted(packed.quantity, 'unit')},"
            f" but of those that left only {out} are not back in stock; send what is by"
            " a manual order that draws on it"
        )
        facts: dict[str, str | int] = {
            "item": packed.item_id,
            "packed": packed.quantity,
            "left": out,
        }
        raise CommandRefusedError(
            kind="order",
            id=order.order_id,
            command="void_parcel",
            blockers=[Blocker("units_back", words, facts)],
        )
