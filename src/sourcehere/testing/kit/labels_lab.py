"""
A carrier that sells labels, with a back door that the adapter knows nothing of.
"""

from collections.abc import Sequence
from typing import Protocol

from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...ports.labels import LabelRequest, SupportsLabels
from .faults import FaultLine


@frozen(kw_only=True)
class BookedLabel:
    """
    A label in the carrier's books: it is paid for, unless it is void.
    """

    reference: str
    tracking_number: str
    price: Money
    is_void: bool


class LabelsLab(Protocol):
    """
    A carrier, from behind: nothing here goes through the adapter.

    Attributes:
        line: Every request of the adapter asks it (`meet`) what it meets.
    """

    line: FaultLine

    def connect(self) -> SupportsLabels:
        """
        Make a new adapter for the carrier.
        """
        ...

    def sellable(self, *, grams: int) -> LabelRequest:
        """
        Return a parcel of that weight that the carrier sells a label for.
        """
        ...

    def unsellable(self) -> LabelRequest:
        """
        Return a parcel that the carrier does not take.
        """
        ...

    def books(self) -> Sequence[BookedLabel]:
        """
        List every label that was ever sold.
        """
        ...

    def use(self, reference: str, /) -> None:
        """
        Let the parcel of a label be handed in: it cannot be voided any more.
        """
        ...
