"""
Signs of life of workers: written after each round, read by whoever looks after them.
"""

from collections.abc import Mapping
from datetime import timedelta

from ...domain.effects.model import WorkerBeat
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.effects import WORKERS
from ..base.service import Service

# An instant is read before it is written, and locks may be waited for meanwhile.
_CLOSE = timedelta(seconds=30)


class Workers(Service):
    """
    Keeps what workers say of themselves.
    """

    def beat(self, told: WorkerBeat) -> Mapping[str, timedelta]:
        """
        Keep the last sign of life of a worker.

        Returns:
            How far the clocks of other workers are ahead of its own, by name, where
            that is more than a write can take.
        """

        def work(unit: PlatformUnit) -> dict[str, timedelta]:
            unit.get(WORKERS, told.worker, lock=True)
            unit.put(WORKERS, told)
            others = unit.peek_each(WORKERS.primary)
            ahead = {other.worker: other.seen_at - told.seen_at for other in others}
            return {name: by for name, by in ahead.items() if by > _CLOSE}

        return self._units.platform(work)

    def all(self) -> tuple[WorkerBeat, ...]:
        """
        List the workers of the last week, by name.
        """
        return self._units.platform(
            lambda unit: tuple(unit.each(WORKERS.primary)), read_only=True
        )
