"""
The allocation policy `fill_available`: the warehouse that has most, oldest stock first.
"""

from collections.abc import Sequence

from ..domain.warehouse.allocation import (
    AllocationPlan,
    Demand,
    StockSnapshot,
    fill_available,
)


class FillAvailable:
    """
    Serves an order from the one warehouse that has most of it, as far as its stock
    goes.
    """

    def plan(
        self, demands: Sequence[Demand], stock: StockSnapshot, /, *, country: str
    ) -> AllocationPlan:
        """
        Pick lots first in, first out; what is not there is sourced directly.
        """
        return fill_available(demands, stock, country=country)
