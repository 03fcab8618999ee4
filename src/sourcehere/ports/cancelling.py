"""
What a store platform implements to have its orders cancelled from here.
"""

from typing import Protocol, runtime_checkable

from ..domain.stores.cancelling import ShopCancelReason


@runtime_checkable
class SupportsCancel(Protocol):
    """
    A shop in which an order can be cancelled.
    """

    def cancel_order(self, external_id: str, /, *, reason: ShopCancelReason) -> None:
        """
        Cancel a whole order in the shop; one that is cancelled already stays so, and is
        no error. Asked again it is the same.

        What its customer paid is not given back by it: that is the shop's own business.

        Raises:
            DeclinedError: If the shop has no such order, or does not cancel it, say
                since something was sent.

            ProviderError: Which kind says whether anything happened.
        """
        ...
