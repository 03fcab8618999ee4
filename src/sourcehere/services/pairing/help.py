"""
Calls for pairing help: a seller asks, staff connect on the seller's behalf.
"""

from ...domain.kernel.actor import Actor, Role
from ...domain.kernel.errors import (
    Blocker,
    CommandRefusedError,
    InvalidInputError,
    wrong_role,
)
from ...domain.kernel.ids import SellerId, new_id
from ...domain.pairing.model import HelpOutcome, HelpRequest, HelpState
from ...domain.talk.model import Subject
from ...unit.commit.helping import ended
from ...unit.seller_unit import SellerUnit
from ...unit.tables.pairing import HELP_OF, HELP_REQUESTS
from ..base.commands import Given
from ..base.service import Service
from ..base.talking import write_message


class Helping(Service):
    """
    Takes calls for help, and closes them.
    """

    def ask_for_help(
        self,
        seller_id: str,
        order_id: str,
        line: int,
        text: str,
        *,
        by: Actor,
        command_id: str = "",
    ) -> str:
        """
        Ask staff to pair a line whose options do not match.

        Args:
            text: What does not match; the first message of the call's conversation.

        Returns:
            The help request's id.

        Raises:
            CommandRefusedError: If the order is paid, or has ended, or a call about the
                line is open.

            InvalidInputError: If it has no such line, or the text has no words.
        """
        if not text.strip():
            expected = "what does not match, in words"
            raise InvalidInputError(field="text", value=text, expected=expected)

        def work(unit: SellerUnit) -> str:
            order = unit.orders.one(order_id)
            order.require("connect_sku", by=by)
            order.line_of(line)
            _require_none_open(unit, order_id, line)
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
                ),
            )
            write_message(unit, Subject.HELP, help_id, text, by=by)
            return help_id

        return self._once(
            SellerId(seller_id),
            Given(command_id, "ask_for_help", (order_id, line, text)),
            work,
            str,
        )

    def finish_help(
        self,
        seller_id: str,
        help_id: str,
        *,
        by: Actor,
        text: str = "",
        command_id: str = "",
    ) -> None:
        """
        Close a call for help, as staff: it is answered, or cannot be helped. One that
        ended when its line was paired stays as it is.

        Args:
            text: What is said with it, in the call's conversation.

        Raises:
            CommandRefusedError: If *by* is not staff.

            NotFoundError: If there is none.
        """
        if by.role != Role.STAFF:
            raise CommandRefusedError(
                kind="help request",
                id=help_id,
                command="finish_help",
                blockers=[wrong_role("finish_help", by, roles=[Role.STAFF])],
            )

        def work(unit: SellerUnit) -> None:
            known = unit.need(HELP_REQUESTS, help_id, lock=True)
            if text.strip():
                write_message(unit, Subject.HELP, help_id, text, by=by)
            if known.state == HelpState.OPEN:
                unit.put(HELP_REQUESTS, ended(known, HelpOutcome.CLOSED, unit))

        self._once(
            SellerId(seller_id),
            Given(command_id, "finish_help", (help_id, text)),
            work,
            type(None),
        )


def _require_none_open(unit: SellerUnit, order_id: str, line: int) -> None:
    """
    Refuse a second call about one line; the order is locked.
    """
    for call in unit.find(HELP_OF, [(order_id,)]):
        if call.state == HelpState.OPEN and call.line == line:
            words = f"staff are asked already: help request {call.help_id}"
            raise CommandRefusedError(
                kind="order",
                id=order_id,
                command="ask_for_help",
                blockers=[Blocker("help_asked", words, {"help": call.help_id})],
            )
