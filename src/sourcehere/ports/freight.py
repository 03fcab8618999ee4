"""
What a carrier or a rate card implements.
"""

from typing import Protocol

from ..domain.freight.model import FreightAnswer, FreightRequest


class FreightProvider(Protocol):
    """
    Prices consignments.
    """

    def quote(self, request: FreightRequest, /) -> FreightAnswer:
        """
        List every way to send *request*, and why each other method is left out.

        Called outside any transaction. Deterministic answers let a price be checked.

        Raises:
            ProviderError: If the provider cannot answer.
        """
        ...
