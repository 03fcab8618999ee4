"""
What staff do to many orders at a time, each refused or done by itself.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import InvalidInputError
from ...domain.kernel.ids import HoldId, SellerId, new_id
from ...domain.orders.holds import HoldReason
from ...domain.orders.order import Order
from ...unit.seller_unit import SellerUnit
from ...unit.words import REJECTED, write_words
from ..base.bulk import BulkReport
from ..base.commands import Given
from ..intake.differing import follow_refund
from ..intake.parting import lock_records
from ..refunds.settling import end_and_refund
from .holding import OrderHolding, require_to_come


class OrdersAtOnce(OrderHolding):
    """
    Rejects, holds and releases orders, many at a time.
    """

    def reject(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        reason: str,
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        End paid orders that the platform does not supply, before anything left, and
        refund everything to the wallet, as staff; the words are kept apart from events.
        What their shops do not want any more holds nothing any longer.

        Returns:
            Order -> its state; a refused order is reported and the rest go on.

        Raises:
            InvalidInputError: If no reason is given.
        """
        if not reason.strip():
            raise InvalidInputError(field="reason", value=reason, expected="words")

        def work(
            unit: SellerUnit, items: Sequence[tuple[str, object]]
        ) -> Mapping[str, str]:
            names = [order_id for order_id, _ in items]
            records = lock_records(unit, names)
            orders = unit.orders.load(names)
            for order in orders:
                end_and_refund(unit, order, command="reject", by=by)
                write_words(unit, order.order_id, REJECTED, reason, by=by)
                follow_refund(unit, order, records, by=by)
            return {order.order_id: order.state for order in orders}

        given = Given(command_id, "reject", reason)
        items = _items(order_ids, given)
        return self._each(SellerId(seller_id), given, items, work, str)

    def hold_many(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        *,
        detail: str,
        by: Actor,
        reason: HoldReason = HoldReason.STAFF,
        until: datetime | None = None,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Place a hold on each of some orders, as `hold` does.

        Returns:
            Order -> its hold; a refused order is reported and the rest go on.
        """

        def step(unit: SellerUnit, order: Order) -> str:
            require_to_come(until, unit.now)
            hold_id = HoldId(new_id())
            order.place_hold(hold_id, reason=reason, by=by, at=unit.now, deadline=until)
            write_words(unit, order.order_id, hold_id, detail, by=by)
            return hold_id

        given = Given(command_id, "hold_many", (detail, reason.value, until))
        items = _items(order_ids, given)
        return self._each(SellerId(seller_id), given, items, _work(step), str)

    def release_many(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        *,
        by: Actor,
        reason: HoldReason = HoldReason.STAFF,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Release every hold of one reason on each of some orders, as staff.

        Returns:
            Order -> its state; an order without such a hold is refused and reported.
        """

        def step(unit: SellerUnit, order: Order) -> str:
            order.release_every(reason, by=by, at=unit.now)
            return order.state

        given = Given(command_id, "release_many", reason.value)
        items = _items(order_ids, given)
        return self._each(SellerId(seller_id), given, items, _work(step), str)


def _items(order_ids: Sequence[str], given: Given) -> list[tuple[str, object]]:
    return [(order_id, given.request) for order_id in dict.fromkeys(order_ids)]


def _work(
    step: Callable[[SellerUnit, Order], str],
) -> Callable[[SellerUnit, Sequence[tuple[str, object]]], Mapping[str, str]]:
    """
    Return what does *step* to the orders of one commit, and reports what it returned.
    """

    def work(
        unit: SellerUnit, items: Sequence[tuple[str, object]]
    ) -> Mapping[str, str]:
        orders = unit.orders.load([order_id for order_id, _ in items])
        return {order.order_id: step(unit, order) for order in orders}

    return work
