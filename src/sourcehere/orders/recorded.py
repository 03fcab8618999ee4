"""
How an order changes: a command is refused with every reason, or it becomes an event.
"""

from collections.abc import Iterable
from typing import Self

import attrs

from ..kernel.actor import Actor
from ..kernel.errors import Blocker, CommandRefusedError
from ..kernel.events import Event
from ..kernel.ids import OrderId, SellerId
from . import fold
from .model import OrderData
from .rules import COMMANDS, NOTHING_ASKED, Ask, blockers


@attrs.define(kw_only=True)
class RecordedOrder(OrderData):
    """
    An order that folds its own events, and answers what may be done.
    """

    @classmethod
    def replay(
        cls, seller_id: SellerId, order_id: OrderId, events: Iterable[Event]
    ) -> Self:
        """
        Give the order that *events*, from its first one on, make.
        """
        order = cls(seller_id=seller_id, order_id=order_id, kind="")
        for event in events:
            fold.apply(order, event)
        return order

    def record(self, event: Event) -> None:
        """
        Make *event* happen: fold it in, and keep it to be stored.
        """
        fold.apply(self, event)
        self.pending.append(event)

    def blockers(
        self, command: str, *, by: Actor, ask: Ask = NOTHING_ASKED
    ) -> tuple[Blocker, ...]:
        """
        Give every reason why *by* cannot do *command* now; none means go.
        """
        return blockers(self, command, by=by, ask=ask)

    def require(self, command: str, *, by: Actor, ask: Ask = NOTHING_ASKED) -> None:
        """
        Refuse *command* where anything blocks it.

        Raises:
            CommandRefusedError: With every blocker.
        """
        found = blockers(self, command, by=by, ask=ask)
        if found:
            raise CommandRefusedError(
                kind="order", id=self.order_id, command=command, blockers=found
            )

    def allowed(self, *, by: Actor) -> tuple[str, ...]:
        """
        List the commands that *by* can do now.
        """
        return tuple(c for c in COMMANDS if not blockers(self, c, by=by))
