"""
What an allocation policy implements.
"""

from collections.abc import Sequence
from typing import Protocol

from ..domain.warehouse.allocation import AllocationPlan, Demand, StockSnapshot


class AllocationPolicy(Protocol):
    """
    Decides which lots serve which items of one order.
    """

    def plan(
        self, demands: Sequence[Demand], stock: StockSnapshot, /, *, country: str
    ) -> AllocationPlan:
        """
        Pick lots for *demands*; what is not picked is sourced directly, unless the plan
        refuses the order: then it is not priced, and whoever checks it out is told the
        plan's reasons. Where there is no stock at all, it is asked, too.

        Pure: *stock* is not changed. All picks are in the plan's warehouses, which
        deliver to *country* and are one unless the plan is split, of the item's own
        variant, and no more than wanted and available. Each answer is checked; a wrong
        one is a `ProtocolError`, and the order is not priced.
        """
        ...
