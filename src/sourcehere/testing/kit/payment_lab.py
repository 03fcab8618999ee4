"""
A gateway to try an adapter on, with a back door that the adapter knows nothing of.
"""

from collections.abc import Mapping
from typing import Protocol

from ...domain.kernel.money import Money
from ...domain.kernel.values import frozen
from ...ports.payments import PaymentProvider
from .faults import FaultLine


@frozen(kw_only=True)
class CardState:
    """
    What the payer's bank shows of a card.

    Attributes:
        reserved: Authorized, and neither taken nor released.

        taken: Captured, less what was returned.
    """

    reserved: Money
    taken: Money


class PaymentLab(Protocol):
    """
    A gateway, from behind: nothing here goes through the adapter.

    Attributes:
        line: Every request of the adapter asks it (`meet`) what it meets.
    """

    line: FaultLine

    def connect(self) -> PaymentProvider:
        """
        Make a new adapter for the account, as another process would.
        """
        ...

    def card(self, *, declines: bool = False) -> str:
        """
        Return the token of a card nobody used before; of one that its bank declines, if
        *declines*.
        """
        ...

    def shown(self, source: str, currency: str, /) -> CardState:
        """
        Return what the bank shows of a card.
        """
        ...

    def operations(self) -> Mapping[str, int]:
        """
        Return how many operations the gateway keeps, by the reference that we gave.
        """
        ...
