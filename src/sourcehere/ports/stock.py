"""
What a store platform implements to be told how much there is to sell.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from ..domain.kernel.values import frozen


@frozen(kw_only=True)
class ShopStock:
    """
    How many units of a variant the shop may sell from now on.

    Attributes:
        sku: Verbatim, as the shop lists it.

        external_variant_id, external_product_id: The shop's own ids, as it lists them.

        quantity: Units, 0 or more.
    """

    sku: str
    external_variant_id: str
    external_product_id: str
    quantity: int


@runtime_checkable
class SupportsStockPush(Protocol):
    """
    A shop that can be told how much there is to sell of each variant.
    """

    def push_stock(self, levels: Sequence[ShopStock], /) -> "list[Exception | None]":
        """
        Let the shop sell as many units of each variant as *levels* say, up to a hundred
        at a time: whatever it had before, and told again it stays so.

        Returns:
            In the order of *levels*: None for a variant that is told, else the
            `ProviderError`; a `DeclinedError` where the shop has no such variant, or
            does not count its units.

        Raises:
            ProviderError: If it answers for none of them; some may be told.
        """
        ...
