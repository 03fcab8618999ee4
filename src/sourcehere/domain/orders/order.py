"""
An order of any kind: what a seller wants supplied, from first word to last parcel.
"""

from .beginning import Beginning
from .destination import Destination
from .disputing import Disputing
from .holding import Holding
from .labelling import Labelling
from .pairing import Pairing
from .receiving import Receiving
from .refunding import Refunding
from .sending import Sending


class Order(
    Beginning,
    Pairing,
    Destination,
    Sending,
    Labelling,
    Receiving,
    Holding,
    Disputing,
    Refunding,  # and ending
):
    """
    An order of any kind, with every chapter of its life.
    """

    __slots__ = ()
