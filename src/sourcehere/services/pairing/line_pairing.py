"""
Pairing one line of one order: for this order alone, or as its connection shall from now
on.
"""

from collections.abc import Iterable

from ...domain.kernel.actor import Actor
from ...domain.kernel.ids import SellerId, VariantId
from ...domain.kernel.values import frozen
from ...domain.orders.lines import LinePairing
from ...domain.orders.order import Order
from ...domain.pairing.supply import RuleItem
from ...unit.seller_unit import SellerUnit
from ...unit.tables.orders import ORDERS
from ..base.commands import Given
from ..base.ports import Ports
from ..base.service import Service
from .connecting import lock_store
from .correcting import connect_corrected, corrected_rule
from .following import Following
from .lines_wanted import units_wanted
from .lookup import connected_skus, match_of, pairing_of


@frozen
class Corrected:
    """
    What a line's correction made of its connection and of its order.

    Attributes:
        skus: As compared: whose lines follow.
    """

    connection_id: str
    store_id: str
    state: str
    skus: tuple[str, ...]


class PairingOfLines(Service):
    """
    Pairs lines of unpaid orders, one by one.
    """

    def __init__(self, ports: Ports) -> None:
        super().__init__(ports)
        self._following = Following(ports)

    def connect_sku(
        self,
        seller_id: str,
        order_id: str,
        line: int,
        items: Iterable[tuple[str, int]],
        *,
        by: Actor,
        command_id: str = "",
    ) -> str:
        """
        Pair one line of one order with (variant, units for the line); one that is
        paired already is paired anew.

        Returns:
            The order's state.

        Raises:
            CommandRefusedError: If the order is paid, or has ended.

            NotFoundError: If there is no such order or variant.

            InvalidInputError: If there is no such line, or a quantity is not possible.
        """
        wanted = tuple(items)

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            order.connect_sku(
                LinePairing(line, units_wanted(unit, wanted)),
                by=by,
                at=unit.now,
                pay_by=unit.now + self._settings.pay_within,
            )
            return order.state

        request = (order_id, line, tuple(_asked(wanted)))
        given = Given(command_id, "connect_sku", request)
        return self._once(SellerId(seller_id), given, work, str)

    def disconnect_line(
        self,
        seller_id: str,
        order_id: str,
        line: int,
        *,
        by: Actor,
        command_id: str = "",
    ) -> str:
        """
        Take away what a line is paired with, for this order alone; its connection stays
        for all other orders, and does not pair this line again.

        Returns:
            The order's state.

        Raises:
            CommandRefusedError: If the order is paid, or has ended.

            NotFoundError: If there is no such order.

            InvalidInputError: If there is no such line, or it is not paired.
        """

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            order.disconnect_line(line, by=by, at=unit.now)
            return order.state

        given = Given(command_id, "disconnect_line", (order_id, line))
        return self._once(SellerId(seller_id), given, work, str)

    def follow_connection(
        self,
        seller_id: str,
        order_id: str,
        line: int,
        *,
        by: Actor,
        command_id: str = "",
    ) -> str:
        """
        Let a line that was connected, or set apart, for its order alone follow its
        lasting connection again; it waits for pairing where it has none.

        Returns:
            The order's state.

        Raises:
            CommandRefusedError: If the order is paid, or has ended, or all its lines
                follow already.

            NotFoundError: If there is no such order.

            InvalidInputError: If there is no such line, or it follows already.
        """

        def work(unit: SellerUnit) -> str:
            order = order_behind_its_store(unit, order_id)
            order.require("follow_connection", by=by)
            ours = order.line_of(line)
            connected = connected_skus(unit, [(order.store_id, k) for k in ours.keys])
            match = match_of(connected, order.store_id, ours, order.country)
            order.follow_connection(
                line,
                None if match is None else pairing_of(order, ours, match),
                by=by,
                at=unit.now,
                pay_by=unit.now + self._settings.pay_within,
            )
            return order.state

        given = Given(command_id, "follow_connection", (order_id, line))
        return self._once(SellerId(seller_id), given, work, str)

    def correct(
        self,
        seller_id: str,
        order_id: str,
        line: int,
        items: Iterable[tuple[str, int]],
        *,
        by: Actor,
        command_id: str = "",
    ) -> Corrected:
        """
        Pair one line with (variant, units for the line), and every unpaid order like
        it: its lasting connection pairs so from now on. One is made if there is none.

        Lines that were connected for their order alone stay so; paid orders keep what
        they were paid with.

        Raises:
            CommandRefusedError: If the order is paid, or has ended.

            NotFoundError: If there is no such order or variant.

            InvalidInputError: If there is no such line, or the units are not the same
                for each of the line's units.
        """
        owner, wanted = SellerId(seller_id), tuple(items)
        pay_within = self._settings.pay_within

        def work(unit: SellerUnit) -> Corrected:
            order = order_behind_its_store(unit, order_id)
            order.require("connect_sku", by=by)
            rule = corrected_rule(unit, order, line, units_wanted(unit, wanted))
            ours = order.line_of(line)
            connection_id, skus = connect_corrected(unit, order, ours, rule, by=by)
            connected = connected_skus(unit, [(order.store_id, rule.key)])
            order.follow_connections(
                [pairing_of(order, ours, connected[order.store_id, rule.key])],
                [],
                by=by,
                at=unit.now,
                pay_by=unit.now + pay_within,
            )
            return Corrected(connection_id, order.store_id, order.state, tuple(skus))

        request = (order_id, line, tuple(_asked(wanted)))
        given = Given(command_id, "correct_connection", request)
        done = self._once(owner, given, work, Corrected)
        self._following.follow(seller_id, done.store_id, done.skus, by=by)
        return done


def _asked(items: Iterable[tuple[str, int]]) -> Iterable[RuleItem]:
    """
    Yield *items* as a command keeps them; a command of before has to be known again.
    """
    for name, quantity in items:
        yield RuleItem(VariantId(name), quantity)


def order_behind_its_store(unit: SellerUnit, order_id: str) -> Order:
    """
    Return an order; the shop it is from is locked before it, as an import does, so that
    no connection of the shop changes meanwhile.

    Raises:
        NotFoundError: If there is none.
    """
    for header in unit.peek(ORDERS, [(order_id,)]):
        if header.store_id:
            lock_store(unit, header.store_id)
    return unit.orders.one(order_id)
