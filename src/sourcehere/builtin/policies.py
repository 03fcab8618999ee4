"""
The allocation policies that are built in: whether stock has to serve all of an order,
and from how many warehouses it may.
"""

from collections.abc import Sequence

from ..domain.warehouse.allocation import (
    AllocationPlan,
    Demand,
    StockSnapshot,
    fill_all,
    fill_available,
    fill_or_kill,
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


class FillAll:
    """
    Serves an order from the one warehouse that has all of it, or sources all of it.
    """

    def plan(
        self, demands: Sequence[Demand], stock: StockSnapshot, /, *, country: str
    ) -> AllocationPlan:
        """
        Pick lots first in, first out, or none.
        """
        return fill_all(demands, stock, country=country)


class FillOrKill:
    """
    Serves an order from the one warehouse that has all of it, or refuses it.
    """

    def plan(
        self, demands: Sequence[Demand], stock: StockSnapshot, /, *, country: str
    ) -> AllocationPlan:
        """
        Pick lots first in, first out; an order that is not all there cannot be paid.
        """
        return fill_or_kill(demands, stock, country=country)
