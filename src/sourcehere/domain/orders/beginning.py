"""
How an order begins: a shop tells of it, a seller writes it down and places it, or a
dispute ends with sending units again.
"""

from datetime import datetime

import attrs

from ..kernel.actor import Actor
from . import events as e
from .guarded import GuardedOrder


class Beginning(GuardedOrder):
    """
    An order begins.
    """

    __slots__ = ()

    def import_from_store(self, facts: e.OrderImported, *, pay_by: datetime) -> None:
        """
        Record a shop's order; its state follows from whether it is paired.
        """
        is_paired = all(line.items for line in facts.lines)
        state = self.after("import_paired" if is_paired else "import_unpaired")
        self.record(
            attrs.evolve(facts, state=state, pay_by=pay_by if is_paired else None)
        )

    def create(self, facts: e.OrderCreated) -> None:
        """
        Create a manual or cloud-warehouse order as a draft.
        """
        self.record(attrs.evolve(facts, state=self.after("create")))

    def reship(self, facts: e.ReshipCreated) -> None:
        """
        Create an order that sends disputed units again: nothing of it is to be paid.
        """
        self.record(attrs.evolve(facts, state=self.after("reship")))

    def place(self, *, by: Actor, at: datetime, pay_by: datetime) -> None:
        """
        Place the draft: from now on it waits for payment.

        Raises:
            CommandRefusedError: If it is no draft, or *by* is not the seller.
        """
        self.require("place", by=by)
        state = self.after("place")
        self.record(e.OrderPlaced(state=state, pay_by=pay_by, by=by, occurred_at=at))

    def begin_part(self, facts: e.OrderPartedOff) -> None:
        """
        Create a part from lines that left another part; they wait for pairing.
        """
        self.record(attrs.evolve(facts, state=self.after("import_unpaired")))
