"""
Before anything is written: plugins may object to what commands did to orders.
"""

from ...domain.kernel.errors import Blocker, CommandRefusedError
from ...domain.kernel.events import Event
from ...domain.orders.machine import NEW
from ...domain.orders.order import Order
from ...domain.orders.rules import command_of
from ...ports.hooks import Hooks, Transition
from ..streams import Orders


def ask_plugins(hooks: Hooks, orders: Orders) -> None:
    """
    Let plugins veto the commands behind the new events of *orders*.

    Raises:
        CommandRefusedError: With every veto, each naming its plugin.
    """
    for name, order in orders.changed():
        before = orders.states_before.get(name, NEW)
        for event in order.pending:
            after = getattr(event, "state", before)
            command = command_of(event)
            if command:
                _ask_about(hooks, order, command, before, after, event)
            before = after


def _ask_about(
    hooks: Hooks, order: Order, command: str, before: str, after: str, event: Event
) -> None:
    found = hooks.vetoes(
        Transition(
            seller_id=order.seller_id,
            order_id=order.order_id,
            kind=order.kind,
            command=command,
            state_before=before,
            state_after=after,
            by=event.by,
            at=event.occurred_at,
        )
    )
    if not found:
        return
    raise CommandRefusedError(
        kind="order",
        id=order.order_id,
        command=command,
        blockers=[
            Blocker(
                "vetoed",
                f"the plugin {one.plugin} objects: {one.veto.words}",
                {"plugin": one.plugin, "code": one.veto.code},
            )
            for one in found
        ],
    )
