"""
What an order remembers of the labels that are being bought for it.
"""

from collections.abc import Mapping
from datetime import datetime

from ..kernel.actor import Actor
from ..kernel.ids import ItemId, LabelId
from . import events as e
from .guarded import GuardedOrder
from .guards import Ask
from .lines import ItemQuantity


class Labelling(GuardedOrder):
    """
    A label is bought before its parcel leaves.
    """

    __slots__ = ()

    def open_label(
        self,
        label_id: LabelId,
        quantities: Mapping[ItemId, int],
        *,
        by: Actor,
        at: datetime,
    ) -> None:
        """
        Record that a label is being bought for *quantities*: nothing else may send or
        refund them until it is closed.

        Raises:
            CommandRefusedError: If they cannot leave now, as `ship` would say.
        """
        self.require("ship", by=by, ask=Ask(quantities=quantities))
        units = tuple(ItemQuantity(name, q) for name, q in quantities.items())
        self.record(
            e.LabelOpened(label_id=label_id, items=units, by=by, occurred_at=at)
        )

    def close_label(
        self, label_id: LabelId, outcome: str, *, by: Actor, at: datetime
    ) -> None:
        """
        Record what became of a label; a fact, never refused. One that is closed
        already, or unknown, changes nothing.
        """
        if any(mark.label_id == label_id for mark in self.labels):
            self.record(
                e.LabelClosed(label_id=label_id, outcome=outcome, by=by, occurred_at=at)
            )
