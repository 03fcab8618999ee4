"""
A carrier to try an adapter on, with a back door that the adapter knows nothing of.
"""

from typing import Protocol

from ...domain.freight.model import FreightRequest
from ...domain.kernel.money import Money
from ...ports.freight import FreightProvider
from .faults import FaultLine


class FreightLab(Protocol):
    """
    A carrier, from behind: nothing here goes through the adapter.

    Attributes:
        line: Every request of the adapter asks it (`meet`) what it meets.
    """

    line: FaultLine

    def connect(self) -> FreightProvider:
        """
        Make a new adapter for the carrier.
        """
        ...

    def served(self, *, grams: int) -> FreightRequest:
        """
        Return a consignment of *grams* that at least one method takes.
        """
        ...

    def unserved(self) -> FreightRequest:
        """
        Return one that no method takes, such as to a country where it does not go.
        """
        ...

    def prices(self, request: FreightRequest, /) -> dict[str, Money]:
        """
        Return method -> price, as the carrier's own counter says, in the currency that
        is asked for.
        """
        ...
