"""
An order of any kind: what a seller wants supplied, from first word to last parcel.
"""

from .aftersales import CaredForOrder
from .recognition import RecognizingOrder
from .sending import SendingOrder


class Order(RecognizingOrder, SendingOrder, CaredForOrder):
    """
    An order of any kind, with everything that can happen to it.
    """

    __slots__ = ()
