"""
Calls for pairing help end with what they were about: a line that is paired, an order
that is paid or ends.
"""

from collections.abc import Iterable, Iterator

import attrs

from ...domain.kernel.values import frozen
from ...domain.orders.events import LinesPaired
from ...domain.orders.machine import UNPAID_STATES
from ...domain.orders.order import Order
from ...domain.pairing.model import HelpOutcome, HelpRequest, HelpState
from ..base import Unit
from ..reading import Asked
from ..streams import Orders
from ..tables.pairing import HELP_OF, HELP_REQUESTS


@frozen
class Calls:
    """
    Calls that were asked for.

    Attributes:
        order_ids: The orders that they are about.
    """

    order_ids: frozenset[str] = frozenset()
    asked: Asked[HelpRequest] = Asked(list)


def ask_for_calls(unit: Unit, order_ids: Iterable[str]) -> Calls:
    """
    Begin to read the calls about orders, which will be settled.
    """
    names = frozenset(order_ids)
    return Calls(names, unit.ask_by(HELP_OF, [(name,) for name in sorted(names)]))


def end_help(unit: Unit, orders: Orders, known: Calls) -> None:
    """
    End the open calls about what the new events of *orders* settle.

    Args:
        known: Those that were asked for before.
    """
    settled = dict(_settled(orders))
    if not settled:
        return
    if not settled.keys() <= known.order_ids:
        known = ask_for_calls(unit, settled)
    for call in known.asked.all():
        if call.state != HelpState.OPEN or call.order_id not in settled:
            continue
        order, lines = settled[call.order_id]
        if order.state not in UNPAID_STATES:
            unit.put(HELP_REQUESTS, ended(call, HelpOutcome.ORDER, unit))
        elif call.line in lines:
            unit.put(HELP_REQUESTS, ended(call, HelpOutcome.PAIRED, unit))


def ended(call: HelpRequest, end: HelpOutcome, unit: Unit) -> HelpRequest:
    """
    Return an open call as it is from now on.
    """
    return attrs.evolve(
        call, state=HelpState.DONE.value, outcome=end.value, done_at=unit.now
    )


def _settled(orders: Orders) -> Iterator[tuple[str, tuple[Order, frozenset[int]]]]:
    """
    Go through the orders that waited when this unit read them, and do not any more or
    have lines that were paired.
    """
    for name, order in orders.changed():
        if orders.states_before.get(name) not in UNPAID_STATES:
            continue
        lines = frozenset(
            pairing.line
            for event in order.pending
            if isinstance(event, LinesPaired)
            for pairing in event.pairings
        )
        if lines or order.state not in UNPAID_STATES:
            yield name, (order, lines)
