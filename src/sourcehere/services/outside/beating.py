"""
Signs of life of workers: written after each round, read by whoever looks after them.
"""

from ...domain.effects.model import WorkerBeat
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.effects import WORKERS
from ..base.service import Service


class Workers(Service):
    """
    Keeps what workers say of themselves.
    """

    def beat(self, told: WorkerBeat) -> None:
        """
        Keep the last sign of life of a worker.
        """

        def work(unit: PlatformUnit) -> None:
            unit.get(WORKERS, told.worker, lock=True)
            unit.put(WORKERS, told)

        self._units.platform(work)

    def all(self) -> tuple[WorkerBeat, ...]:
        """
        List the workers of the last week, by name.
        """
        return self._units.platform(
            lambda unit: tuple(unit.each(WORKERS.primary)), read_only=True
        )
