"""
The commands of orders that take one step, and money back before anything left.
"""

from collections.abc import Callable, Mapping, Sequence

from ...domain.kernel.actor import Actor
from ...domain.kernel.errors import Blocker
from ...domain.kernel.ids import ItemId, SellerId
from ...domain.orders.lines import ItemQuantity
from ...domain.orders.order import Order
from ...unit.seller_unit import SellerUnit
from ...unit.tables.stores import STORE_ORDERS
from ..base.bulk import BulkReport
from ..base.commands import Given
from ..base.methods import MethodCheck
from ..intake.differing import follow_refund
from ..intake.parting import lock_records, lock_stores, part_off
from ..intake.taking_over import take_over_additions, why_not_taken_over
from ..pairing.lookup import recognize
from ..refunds.refunding import Reason
from ..refunds.settling import end_and_refund, settle_unsent
from .readdressing import Readdressing


class Orders(Readdressing):
    """
    Finds, lists and counts orders, and takes the commands of one step.
    """

    def _step_by_step(
        self,
        seller_id: str,
        name: str,
        order_ids: Sequence[str],
        step: Callable[[SellerUnit, Order], object],
        command_id: str,
    ) -> BulkReport[str]:
        def work(
            unit: SellerUnit, items: Sequence[tuple[str, str]]
        ) -> Mapping[str, str]:
            orders = unit.orders.load([order_id for order_id, _ in items])
            for order in orders:
                step(unit, order)
            return {order.order_id: order.state for order in orders}

        items = [(order_id, "") for order_id in dict.fromkeys(order_ids)]
        given = Given(command_id, name, ())
        return self._each(SellerId(seller_id), given, items, work, str)

    def ignore(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Set unrecognized orders aside; a refused one is reported and the rest go on.
        """

        def step(unit: SellerUnit, order: Order) -> None:
            order.ignore(by=by, at=unit.now)

        return self._step_by_step(seller_id, "ignore", order_ids, step, command_id)

    def restore(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Take ignored orders up again; what is paired meanwhile is recognized at once.
        """

        def step(unit: SellerUnit, order: Order) -> None:
            order.restore(by=by, at=unit.now)
            recognize(unit, [order], by=by, pay_within=self._settings.pay_within)

        return self._step_by_step(seller_id, "restore", order_ids, step, command_id)

    def confirm(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Take orders as the shop told them, although something was in doubt: they can be
        paid. What is told anew and is in doubt again is held again.
        """

        def step(unit: SellerUnit, order: Order) -> None:
            order.confirm(by=by, at=unit.now)

        return self._step_by_step(seller_id, "confirm", order_ids, step, command_id)

    def process_paired_lines(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Let the paired lines of unrecognized orders be paid; the others become a second
        part of the same store order, unrecognized, each order in one commit.

        Returns:
            Order -> the id of the part that still waits for pairing.
        """

        def work(
            unit: SellerUnit, items: Sequence[tuple[str, str]]
        ) -> Mapping[str, str]:
            names = [order_id for order_id, _ in items]
            records = lock_records(unit, names)
            done: dict[str, str] = {}
            for order in unit.orders.load(names):
                order.require("process_paired_lines", by=by)
                key = (order.store_id, order.external_id)
                records[key] = part_off(
                    unit,
                    order,
                    records[key],
                    by=by,
                    pay_within=self._settings.pay_within,
                )
                done[order.order_id] = records[key].parts[-1]
            return done

        items = [(order_id, "") for order_id in dict.fromkeys(order_ids)]
        given = Given(command_id, "process_paired_lines", ())
        return self._each(SellerId(seller_id), given, items, work, str)

    def take_over(
        self, seller_id: str, order_id: str, *, by: Actor, command_id: str = ""
    ) -> str:
        """
        Supply what the shop added to an order that is paid: the units become the next
        part of the shop's order, to be paid by itself.

        Returns:
            The part's id.

        Raises:
            CommandRefusedError: If the shop changed nothing, or added nothing that is
                ours.
        """

        def work(unit: SellerUnit) -> str:
            lock_stores(unit, [order_id])
            records = lock_records(unit, [order_id])
            order = unit.orders.one(order_id)
            order.require("take_over", by=by)
            part = take_over_additions(
                unit,
                order,
                records[order.store_id, order.external_id],
                by=by,
                pay_within=self._settings.pay_within,
            )
            return part.order_id

        given = Given(command_id, "take_over", order_id)
        return self._once(SellerId(seller_id), given, work, str)

    def why_not_taken_over(self, seller_id: str, order_id: str) -> tuple[Blocker, ...]:
        """
        Return why nothing of what the shop wants otherwise can be taken over; for an
        order of which the shop wants something else than we supply.
        """

        def work(unit: SellerUnit) -> tuple[Blocker, ...]:
            order = unit.orders.one(order_id, lock=False)
            record = unit.need(STORE_ORDERS, order.store_id, order.external_id)
            return why_not_taken_over(
                unit, order, record, pay_within=self._settings.pay_within
            )

        return self._read(SellerId(seller_id), work)

    def cancel(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Cancel orders that are not paid; a refused one is reported and the rest go on.
        """

        def step(unit: SellerUnit, order: Order) -> None:
            order.cancel(by=by, at=unit.now)

        return self._step_by_step(seller_id, "cancel", order_ids, step, command_id)

    def choose_shipping(
        self,
        seller_id: str,
        order_ids: Sequence[str],
        method: str,
        *,
        by: Actor,
        command_id: str = "",
    ) -> BulkReport[str]:
        """
        Choose the shipping method that the next checkout prices; empty for the
        cheapest. A method that no connection has, or a short code that several have, is
        refused for each order.
        """
        methods = MethodCheck(self._ports.providers)

        def step(unit: SellerUnit, order: Order) -> None:
            methods.require(unit, method)
            order.choose_shipping(method, by=by, at=unit.now)

        return self._step_by_step(
            seller_id, "choose_shipping", order_ids, step, command_id
        )

    # Money back before anything left.

    def refund_units(
        self,
        seller_id: str,
        order_id: str,
        quantities: Mapping[str, int],
        *,
        by: Actor,
        command_id: str = "",
    ) -> str:
        """
        Take units out of a paid order before they leave, and refund them, as staff.

        An order none of whose units are left to send, and of which nothing was sent,
        ends by it, freight refunded. What its shop does not want any more holds it no
        longer.

        Returns:
            The order's state.

        Raises:
            CommandRefusedError: If units have left, or are refunded or disputed.
        """

        def work(unit: SellerUnit) -> str:
            records = lock_records(unit, [order_id])
            order = unit.orders.one(order_id)
            units = {ItemId(name): q for name, q in quantities.items()}
            order.cancel_units(units, by=by, at=unit.now)
            gone = [ItemQuantity(name, q) for name, q in units.items()]
            settle_unsent(unit, order, gone, Reason("units", by))
            follow_refund(unit, order, records, by=by)
            return order.state

        request = (order_id, sorted(quantities.items()))
        given = Given(command_id, "refund_units", request)
        return self._once(SellerId(seller_id), given, work, str)

    def refund_all(
        self, seller_id: str, order_id: str, *, by: Actor, command_id: str = ""
    ) -> str:
        """
        End a paid order before anything left, everything refunded, as staff. What its
        shop does not want any more holds nothing any longer.

        Returns:
            The order's state.

        Raises:
            CommandRefusedError: If something has left, or *by* is not staff.
        """

        def work(unit: SellerUnit) -> str:
            records = lock_records(unit, [order_id])
            order = unit.orders.one(order_id)
            end_and_refund(unit, order, command="refund_all", by=by)
            follow_refund(unit, order, records, by=by)
            return order.state

        given = Given(command_id, "refund_all", order_id)
        return self._once(SellerId(seller_id), given, work, str)

    def give_up(
        self, seller_id: str, order_id: str, *, by: Actor, command_id: str = ""
    ) -> str:
        """
        End a shipped order of which everything was lost and refunded, as staff.

        Raises:
            CommandRefusedError: If units are not refunded, or a dispute is open.
        """

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            order.give_up(by=by, at=unit.now)
            return order.state

        return self._once(
            SellerId(seller_id), Given(command_id, "give_up", order_id), work, str
        )
