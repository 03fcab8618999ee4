"""
What the platform sells and how it travels, in most tests.
"""

from collections.abc import Mapping

from ..domain.catalog.model import NewVariant, Price
from ..domain.kernel.money import Money
from ..services.platform.catalog import NewProduct

# SKU -> (weight, prices, concession in basis points, minimum of a cloud order).
GOODS: Mapping[str, tuple[int, Mapping[int, int], int, int]] = {
    "CUP": (300, {1: 500, 10: 450}, 1_000, 3),
    "HAT": (100, {1: 325}, 500, 1),
    "LAMP": (900, {1: 1_999, 5: 1_799}, 0, 1),
}

RATE_CARD: Mapping[str, object] = {
    "currency": "USD",
    "methods": [
        {
            "code": "std",
            "name": "Standard",
            "days_min": 8,
            "days_max": 14,
            "required_fields": ["country", "name"],
            "zones": [
                {
                    "countries": ["US", "GB"],
                    "breaks": [
                        {
                            "up_to_grams": 20_000,
                            "first_grams": 500,
                            "first_price": 400,
                            "additional_grams": 500,
                            "additional_price": 150,
                        }
                    ],
                },
                {
                    "countries": ["AU"],
                    "breaks": [
                        {
                            "up_to_grams": 20_000,
                            "first_grams": 500,
                            "first_price": 900,
                            "additional_grams": 500,
                            "additional_price": 400,
                        }
                    ],
                },
            ],
        },
        {
            "code": "express",
            "name": "Express",
            "days_min": 3,
            "days_max": 5,
            "maximum_parcels": 1,
            "zones": [
                {
                    "countries": ["US"],
                    "breaks": [
                        {
                            "up_to_grams": 5_000,
                            "first_grams": 5_000,
                            "first_price": 3_000,
                        }
                    ],
                }
            ],
        },
    ],
}


def product(sku: str) -> NewProduct:
    """
    Make the platform's product of one of the `GOODS`.
    """
    weight, prices, points, least = GOODS[sku]
    variant = NewVariant(
        sku=sku,
        title=sku.title(),
        weight_grams=weight,
        prices=tuple(Price(Money(m, "USD"), q) for q, m in prices.items()),
        concession_points=points,
        quantity_min=least,
    )
    return NewProduct(title=f"A {sku.lower()}", variants=(variant,))
