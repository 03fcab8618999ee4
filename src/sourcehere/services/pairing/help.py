"""
Calls for pairing help: a seller asks, staff connect on the seller's behalf.
"""

import attrs

from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.errors import Blocker, CommandRefusedError
from ...domain.kernel.ids import SellerId, new_id
from ...domain.pairing.model import HelpRequest, HelpState
from ...unit.seller_unit import SellerUnit
from ...unit.tables.pairing import HELP_REQUESTS
from ..base.commands import Given
from ..base.service import Service


class Helping(Service):
    """
    Takes calls for help, and closes them.
    """

    def ask_for_help(
        self,
        seller_id: str,
        order_id: str,
        line: int,
        *,
        by: Actor,
        command_id: str = "",
    ) -> str:
        """
        Ask staff to pair a line whose options do not match.

        Returns:
            The help request's id.

        Raises:
            CommandRefusedError: If the order is paid, or has ended.

            InvalidInputError: If it has no such line.
        """

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            order.require("connect_sku", by=by)
            order.line_of(line)
            help_id = new_id()
            unit.insert(
                HELP_REQUESTS,
                HelpRequest(
                    seller_id=unit.seller_id,
                    help_id=help_id,
                    order_id=order_id,
                    line=line,
                    state=HelpState.OPEN.value,
                    asked_at=unit.now,
                    done_at=None,
                ),
            )
            return help_id

        return self._once(
            SellerId(seller_id),
            Given(command_id, "ask_for_help", (order_id, line)),
            work,
            str,
        )

    def finish_help(
        self, seller_id: str, help_id: str, *, by: Actor, command_id: str = ""
    ) -> None:
        """
        Close a help request, as staff, once the line is connected.

        Raises:
            NotFoundError: If there is none.
        """
        if by.role != Role.STAFF:
            words = f"finish_help is for staff, not for {by.role}"
            raise CommandRefusedError(
                kind="help request",
                id=help_id,
                command="finish_help",
                blockers=[Blocker("role_not_allowed", words, {"role": by.role})],
            )

        def work(unit: SellerUnit) -> None:
            known = unit.need(HELP_REQUESTS, help_id, lock=True)
            unit.put(
                HELP_REQUESTS,
                attrs.evolve(known, state=HelpState.DONE.value, done_at=unit.now),
            )

        self._once(
            SellerId(seller_id),
            Given(command_id, "finish_help", help_id),
            work,
            type(None),
        )
