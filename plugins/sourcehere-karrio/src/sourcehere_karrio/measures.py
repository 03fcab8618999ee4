"""
Weights and sides in karrio's units: whole grams and millimetres become decimals.
"""

from decimal import Decimal


def kilograms(grams: int) -> float:
    """
    Return a weight as karrio takes it: 1 230 g are 1.23, written so by all carriers.
    """
    return float(Decimal(grams) / 1_000)


def centimetres(millimetres: int) -> float:
    """
    Return a side as karrio takes it.
    """
    return float(Decimal(millimetres) / 10)
