"""
Signs of life of workers: written after each round, read by whoever looks after them.
"""

from collections.abc import Mapping
from datetime import timedelta

import attrs

from ...domain.effects.model import WorkerBeat
from ...unit.platform_unit import PlatformUnit
from ...unit.tables.effects import WORKERS
from ..base.service import Service
from .set_back import make_due

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
            that is more than a write can take; and how far its own clock was, if it was
            set back since its last sign.
        """
        # Its clock may have been set back since it started.
        started_at = min(told.started_at, told.seen_at, told.stopped_at or told.seen_at)

        def work(unit: PlatformUnit) -> dict[str, timedelta]:
            seen = {
                beat.worker: beat.seen_at for beat in unit.peek_each(WORKERS.primary)
            }
            unit.get(WORKERS, told.worker, lock=True)
            unit.put(WORKERS, attrs.evolve(told, started_at=started_at))
            ahead = {name: at - told.seen_at for name, at in seen.items()}
            return {name: by for name, by in ahead.items() if by > _CLOSE}

        return self._units.platform(work)

    def make_due(self) -> None:
        """
        Let all that waits for times that a clock told before it was set back be due.
        """
        make_due(self._units)

    def all(self) -> tuple[WorkerBeat, ...]:
        """
        List the workers of the last week, by name.
        """
        return self._units.platform(
            lambda unit: tuple(unit.each(WORKERS.primary)), read_only=True
        )
