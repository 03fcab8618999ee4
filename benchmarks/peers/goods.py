"""
What both sides sell, have in stock, and are asked for.
"""

from datetime import UTC, datetime

from sourcehere import Address, Money
from sourcehere.domain.stores.model import SnapshotLine, StoreOrderSnapshot

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
FREIGHT = 7_00
LINES, VARIANTS = 3, 60
# (SKU, price in minor units, grams)
GOODS = [(f"SKU{n}", 2_00 + n, 100 + n) for n in range(VARIANTS)]
CARD = {
    "currency": "USD",
    "methods": [
        {
            "code": "std",
            "name": "Standard",
            "days_min": 5,
            "days_max": 9,
            "zones": [
                {
                    "countries": ["*"],
                    "breaks": [
                        {
                            "first_grams": 500,
                            "first_price": 5_00,
                            "additional_grams": 500,
                            "additional_price": 1_00,
                            "up_to_grams": None,
                        }
                    ],
                }
            ],
        }
    ],
}


def freight_of(grams):
    """
    Return what the rate card says, in minor units.
    """
    further = max(grams - 500, 0)
    return 5_00 + 1_00 * -(-further // 500)


def lots_for(orders):
    """
    Return the units of each lot that a variant has: three, of which some stay.
    """
    units = orders * LINES * 2 // VARIANTS + 1
    return [units // 3 + 1, units // 3 + 1, units // 3 + 1]


def orders_of(count):
    """
    Make the orders of customers: three lines, of one to three units.
    """
    return tuple(_order(n) for n in range(count))


def _order(number):
    address = Address(
        name=f"First{number % 97} Last{number % 1009}",
        street=f"{number} High Street",
        city="Leeds",
        postal_code="LS1 1AA",
        country="GB",
        email=f"buyer{number}@mail.example",
    )
    lines = tuple(
        SnapshotLine(
            external_line_id=f"{number}-{place}",
            sku=f"SKU{(number * LINES + place) % VARIANTS}",
            title=f"Thing {place}",
            quantity=1 + (number + place) % 3,
            unit_price=Money(9_99, "USD"),
        )
        for place in range(LINES)
    )
    return StoreOrderSnapshot(
        external_id=str(number),
        number=f"#{number}",
        placed_at=NOW,
        address=address,
        lines=lines,
        paid_at_store=True,
    )
