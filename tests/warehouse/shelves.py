"""
Warehouses, lots and demands for tests of allocation.
"""

from datetime import timedelta

import attrs
from hypothesis import strategies as st

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


VARIANTS = st.sampled_from(["cup", "hat", "pin"])


def shelved_in(*places):
    """
    Draw lots, oldest first, in any of *places*.
    """
    told = st.tuples(
        st.sampled_from(places), VARIANTS, st.integers(0, 6), st.integers(0, 3)
    )
    return st.lists(told, max_size=12).map(_lots)


def _lots(shelved):
    lots = [
        attrs.evolve(
            lot(f"l{number}", units, variant_id=variant, place=place),
            arrived_at=NOON + timedelta(days=age),
        )
        for number, (place, variant, units, age) in enumerate(shelved)
    ]
    return sorted(lots, key=lambda one: (one.arrived_at, one.lot_id))


def demanded():
    """
    Draw what an order needs, an item a line.
    """
    told = st.tuples(VARIANTS, st.integers(1, 8))
    return st.lists(told, min_size=1, max_size=5).map(
        lambda wanted: [
            Demand(f"{number}.1", variant, quantity)
            for number, (variant, quantity) in enumerate(wanted, start=1)
        ]
    )
