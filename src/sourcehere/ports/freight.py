"""
What a carrier or a rate card implements.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from ..domain.freight.model import FreightAnswer, FreightRequest


class FreightProvider(Protocol):
    """
    Prices consignments.

    It is called from several threads, also at the same time: other connections are
    asked meanwhile, and what does not answer within `Settings.freight_within` is left
    out. The call itself is not stopped, so give your own requests a shorter time limit.

    A provider that computes, without waiting for anybody, may say so by the attribute
    `is_pure = True`; it is called on the caller's own thread, without a time limit,
    also while a host's transaction is open.

    What it answers is checked: an option that makes no sense is left out with a reason
    that names the field, and the whole answer if there are more than 500 options, more
    reasons, or more parcels of one.
    """

    def quote(self, request: FreightRequest, /) -> FreightAnswer:
        """
        List every way to send *request*, and why each other method is left out.

        Called outside any transaction. Deterministic answers let a price be checked.

        Raises:
            ProviderError: If the provider cannot answer.
        """
        ...


@runtime_checkable
class SupportsMethods(Protocol):
    """
    A freight provider that can tell its methods without a consignment.

    A method that no connection has can then be refused as soon as somebody chooses it.
    """

    def methods(self) -> Sequence[str]:
        """
        List the codes of all methods; pure, no I/O: it is called within transactions.
        """
        ...
