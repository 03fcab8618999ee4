"""
Deleting what shops said, and what workers said of themselves, once it was kept for long
enough.
"""

import json
from collections.abc import Callable, Iterable
from datetime import timedelta

import attrs

from ...domain.contacts.model import ERASED
from ...domain.effects.machine import DISCARDED, DONE
from ...domain.kernel.clock import to_micros
from ...domain.stores.told import How, ToldName
from ...ports.storage import Key
from ...unit.base import Unit
from ...unit.tables.effects import CIRCUITS, INBOX, INBOX_BY_STATE, WORKERS
from ...unit.tables.stores import (
    TOLD,
    TOLD_NAMES,
    TOLD_NAMES_OF,
    TOLD_TO_FORGET,
)
from ..base.commands import Given
from ..base.service import Service

_AT_ONCE = 50  # each may be long
_NAMES_AT_ONCE = 1_000  # of what was told: a page of a shop may be about so many itself
# A shop tells again what was not answered, for some days at most.
_INBOX_KEPT = timedelta(days=30)
_TROUBLE_KEPT = timedelta(days=30)
# Who calls workers as containers or processes are called has new ones all the time.
_WORKERS_KEPT = timedelta(days=7)


class Forgetting(Service):
    """
    Deletes what is older than it is to be kept, batch by batch.
    """

    def forget(
        self, *, stop: Callable[[], bool] | None = None, command_id: str = ""
    ) -> int:
        """
        Delete what shops said whose time is over, what of the inbox is done for a
        month, and workers that nobody saw for a week; and what connections said last
        that are in trouble for a month. Safe to repeat, to kill, and
        beside other workers.

        Args:
            stop: Asked between two batches: whether to end here.

        Returns:
            How many of what shops said were deleted.
        """
        given = Given(command_id, "forget_told", ())
        return self._once_over_for_platform(given, lambda: self._forget(stop), int)

    def _forget(self, stop: Callable[[], bool] | None) -> int:
        count = 0
        for batch in (
            self._forget_told,
            self._forget_events,
            self._forget_troubles,
            self._forget_workers,
        ):
            more = True
            while more and not (stop is not None and stop()):
                gone, more = self._units.outside(batch)
                count += gone
        self._watch.count("intake.told.forgotten", count)
        return count

    def _forget_told(self, unit: Unit) -> tuple[int, bool]:
        found = unit.page_of_columns(
            TOLD_TO_FORGET,
            "seller_id",
            "store_id",
            "told_id",
            "how",
            "asked",
            until=to_micros(unit.now),
            limit=_AT_ONCE,
        )
        names: list[ToldName] = []
        gone: list[Key] = []
        events: list[Key] = []
        for seller_id, store_id, told_id, how, asked in found:
            if len(names) >= _NAMES_AT_ONCE:
                break
            names += unit.find(TOLD_NAMES_OF, [(seller_id, store_id, told_id)])
            gone.append((seller_id, store_id, told_id))
            if how == How.WEBHOOK:
                ids = json.loads(str(asked))
                events += [(seller_id, store_id, name) for name in ids]
        self._forget_failures(unit, events)
        unit.delete(TOLD_NAMES, [TOLD_NAMES.key_of(name) for name in names])
        unit.delete(TOLD, gone)
        return len(gone), len(gone) == _AT_ONCE or len(gone) < len(found)

    def _forget_failures(self, unit: Unit, events: Iterable[Key]) -> None:
        """
        Blank why webhooks could not be followed: by what is deleted now they would have
        been found when their buyers are forgotten.
        """
        failed = [
            event
            for event in unit.many(INBOX, events, lock=True)
            if event.error not in ("", ERASED)
        ]
        unit.put(INBOX, *(attrs.evolve(event, error=ERASED) for event in failed))

    def _forget_events(self, unit: Unit) -> tuple[int, bool]:
        until = to_micros(unit.now - _INBOX_KEPT)
        pages = [
            unit.page(INBOX_BY_STATE, state, until=until, limit=_AT_ONCE)
            for state in (DONE, DISCARDED)
        ]
        unit.delete(INBOX, [INBOX.key_of(event) for page in pages for event in page])
        return 0, any(len(page) == _AT_ONCE for page in pages)

    def _forget_troubles(self, unit: Unit) -> tuple[int, bool]:
        """
        Blank what connections said last that answer no more: of whom it was is not
        known, so it is found by its age.
        """
        until = unit.now - _TROUBLE_KEPT
        old = [
            (circuit.connection,)
            for circuit in unit.peek_each(CIRCUITS.primary)
            if circuit.changed_at < until and circuit.error not in ("", ERASED)
        ]
        # Read once more under a lock: one of them may have answered.
        again = unit.many(CIRCUITS, old, lock=True)
        silent = [one for one in again if one.changed_at < until]
        unit.put(CIRCUITS, *(attrs.evolve(one, error=ERASED) for one in silent))
        return 0, False

    def _forget_workers(self, unit: Unit) -> tuple[int, bool]:
        until = unit.now - _WORKERS_KEPT
        beats = unit.peek_each(WORKERS.primary)
        old = [beat.worker for beat in beats if beat.seen_at < until][:_AT_ONCE]
        # Read once more under a lock: one of them may be back.
        again = [unit.get(WORKERS, name, lock=True) for name in old]
        gone = [(beat.worker,) for beat in again if beat and beat.seen_at < until]
        unit.delete(WORKERS, gone)
        return 0, len(gone) == _AT_ONCE
