"""
Warehouses, lots and demands for tests of allocation.
"""

from sourcehere.domain.warehouse.allocation import Demand, StockSnapshot
from sourcehere.domain.warehouse.model import Lot, Warehouse
from sourcehere.testing.factories import NOON


def warehouse(name, *, priority=1, serves=("*",)):
    """
    Make a warehouse in China.
    """
    return Warehouse(
        warehouse_id=name,
        name=name.title(),
        country="CN",
        serves=serves,
        priority=priority,
        handling_minor={},
    )


def lot(name, units, *, variant_id="cup", place="CN1", allocated=0):
    """
    Make a lot of which *units* are available.
    """
    return Lot(
        seller_id="s",
        lot_id=name,
        variant_id=variant_id,
        warehouse_id=place,
        quantity_received=units + allocated,
        on_hand=units + allocated,
        allocated=allocated,
        unit_minor=450,
        currency="USD",
        arrived_at=NOON,
        order_id="o",
        item_id="1.1",
    )


def stock(*lots, warehouses=()):
    """
    Make a snapshot; one warehouse if nothing is said.
    """
    return StockSnapshot(lots, warehouses or [warehouse("CN1")])


def wanted(**units):
    """
    Demand units of a cup for items as `i1_1=2`.
    """
    return [Demand(name[1:].replace("_", "."), "cup", q) for name, q in units.items()]
