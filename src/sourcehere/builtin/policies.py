"""
The allocation policies `fill_available`, from one warehouse, and `split_available`.
"""

from collections.abc import Sequence

from ..domain.warehouse.allocation import (
    AllocationPlan,
    Demand,
    StockSnapshot,
    fill_available,
    split_available,
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


class SplitAvailable:
    """
    Serves an order from as many warehouses as it takes, each by a parcel of its own.
    """

    def plan(
        self, demands: Sequence[Demand], stock: StockSnapshot, /, *, country: str
    ) -> AllocationPlan:
        """
        Pick from the warehouse that has most, then from the next; what is nowhere is
        sourced directly.
        """
        return split_available(demands, stock, country=country)
