"""
What a clock that was set back leaves behind: times to wait for that were told by it
before, and are further ahead than anybody meant. All of it is due at once.

To be asked too early does no harm: whatever is due is looked at again, and sent with
the key that it has.
"""

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from ...domain.effects.labels import LabelStage
from ...domain.effects.machine import WAITING
from ...domain.effects.payment_stages import PaymentStage
from ...domain.kernel.clock import to_micros
from ...ports.storage import Key, Value
from ...unit.base import Unit
from ...unit.records import Way
from ...unit.tables.effects import CIRCUITS, INBOX_BY_STATE, OUTBOX_BY_STATE
from ...unit.tables.payments import PAYMENTS_BY_STAGE
from ...unit.tables.shipments import LABELS_BY_STAGE, TRACKING_WALKS
from ...unit.tables.stores import STORES_TO_PULL
from ...unit.units import Units

_AT_ONCE = 200  # rows of a commit
# What is sent just now is left to whoever sends it, and so is what is merely looked at
# again, such as payments that banks may take back.
_WAITING: Sequence[tuple[Way[Any], Value]] = (
    (OUTBOX_BY_STATE, WAITING),
    (INBOX_BY_STATE, WAITING),
    (STORES_TO_PULL, 1),
    *(
        (PAYMENTS_BY_STAGE, stage.value)
        for stage in (PaymentStage.PLANNED, PaymentStage.UNKNOWN, PaymentStage.PENDING)
    ),
    *(
        (LABELS_BY_STAGE, stage.value)
        for stage in (
            LabelStage.PLANNED,
            LabelStage.UNKNOWN,
            LabelStage.STRAY,
            LabelStage.VOIDING,
        )
    ),
)


def make_due(units: Units) -> None:
    """
    Let all that waits be due now, in small commits; safe to repeat, and to kill.
    """
    units.outside(_end_rests)
    for way, kind in _WAITING:
        while units.outside(_hasten(way, kind)) == _AT_ONCE:
            pass


def _end_rests(unit: Unit) -> None:
    """
    Let connections that rest be asked, and carriers whose walk began in the future.
    """
    resting = [c for c in unit.each(CIRCUITS.primary) if c.next_at > unit.now]
    unit.put(CIRCUITS, *(attrs.evolve(c, next_at=unit.now) for c in resting))
    walks = [w for w in unit.each(TRACKING_WALKS.primary) if w.began_at > unit.now]
    unit.put(TRACKING_WALKS, *(attrs.evolve(w, due_at=unit.now) for w in walks))


def _hasten(way: Way[Any], kind: Value) -> Callable[[Unit], int]:
    """
    Return what makes some that wait due, and says how many.
    """
    field, *rest = way.index.sort_columns

    def work(unit: Unit) -> int:
        later: Key = (to_micros(unit.now) + 1, *("" for _ in rest))
        found = unit.page(way, kind, after=later, limit=_AT_ONCE)
        hastened = [attrs.evolve(one, **{field: unit.now}) for one in found]
        unit.put(way.records, *hastened)
        return len(found)

    return work
