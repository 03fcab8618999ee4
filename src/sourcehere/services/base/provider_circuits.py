"""
How the platform's connections answered lately, and which of them rest.
"""

from ...domain.effects.circuits import Circuit, fresh_circuit
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.effects import CIRCUITS
from .circuits import judged
from .ports import Ports


class ProviderCircuits:
    """
    The circuits of connections of one kind.
    """

    def __init__(self, ports: Ports, kind: str) -> None:
        self._kind = kind
        self._units = ports.units
        self._settings = ports.settings

    def rests(self, connection: str) -> bool:
        """
        Tell whether a connection rests, and is not asked.
        """

        def work(unit: PlatformUnit) -> bool:
            circuit = unit.get(CIRCUITS, f"{self._kind}:{connection}")
            return circuit is not None and circuit.next_at > unit.now

        return self._units.platform(work, read_only=True)

    def judge(self, connection: str, error: Exception | None) -> None:
        """
        Keep how a connection answered: with *error*, or well.
        """
        name = f"{self._kind}:{connection}"

        def work(unit: PlatformUnit) -> None:
            known = unit.get(CIRCUITS, name, lock=True)
            if known is None and error is None:
                return
            before: Circuit = known or fresh_circuit(name, unit.now)
            after = judged(before, error, rest=self._settings.retry_after, now=unit.now)
            if after != known:
                unit.put(CIRCUITS, after)

        self._units.platform(work)
