"""
Asking a connection again at once, since a person has put something right.
"""

import attrs

from ...domain.effects.machine import WAITING
from ...unit.base import Unit
from ...unit.tables.effects import CIRCUITS, OUTBOX, OUTBOX_BY_STATE
from ...unit.units import Units


def wake(units: Units, connection: str) -> None:
    """
    Let *connection* be asked again now, with one message first, and all that waits for
    it be due.
    """

    def work(unit: Unit) -> None:
        circuit = unit.get(CIRCUITS, connection, lock=True)
        if circuit is not None and circuit.next_at > unit.now:
            unit.put(CIRCUITS, attrs.evolve(circuit, next_at=unit.now))
        late = [
            message
            for message in unit.each(OUTBOX_BY_STATE, WAITING)
            if message.connection == connection and message.next_at > unit.now
        ]
        unit.put(OUTBOX, *(attrs.evolve(m, next_at=unit.now) for m in late))

    units.outside(work)
