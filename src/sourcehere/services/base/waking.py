"""
Asking a connection again at once, since a person has put something right.
"""

import attrs

from ...domain.effects.machine import WAITING
from ...domain.kernel.clock import to_micros
from ...unit.base import Unit
from ...unit.tables.effects import CIRCUITS, OUTBOX, OUTBOX_BY_STATE
from ...unit.units import Units

_LOOKED_AT = ("connection", "next_at", "seller_id", "message_id")


def wake(units: Units, connection: str) -> None:
    """
    Let *connection* be asked again now, with one message first, and all that waits for
    it be due.
    """

    def work(unit: Unit) -> None:
        circuit = unit.get(CIRCUITS, connection, lock=True)
        if circuit is not None and circuit.next_at > unit.now:
            unit.put(CIRCUITS, attrs.evolve(circuit, next_at=unit.now))
        now = to_micros(unit.now)
        late = [
            (seller_id, message_id)
            for name, next_at, seller_id, message_id, *_ in unit.each_of_columns(
                OUTBOX_BY_STATE, WAITING, columns=_LOOKED_AT
            )
            if name == connection and next_at > now
        ]
        waiting = unit.many(OUTBOX, late, lock=True)
        unit.put(
            OUTBOX,
            *(attrs.evolve(m, next_at=unit.now) for m in waiting if m.state == WAITING),
        )

    units.outside(work)
