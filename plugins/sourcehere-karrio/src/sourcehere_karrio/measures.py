"""
Weights and sides in karrio's units: whole grams and millimetres become decimals.
"""

from decimal import Decimal


def kilograms(grams: int, step: int = 1) -> float:
    """
    Return a weight as karrio takes it, rounded up to *step* grams: 1 230 g are 1.23.
    """
    return float(Decimal(-(-grams // step) * step) / 1_000)


def centimetres(millimetres: int) -> float:
    """
    Return a side as karrio takes it.
    """
    return float(Decimal(millimetres) / 10)
