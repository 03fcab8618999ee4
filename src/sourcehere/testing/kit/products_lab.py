"""
A shop that sells things, to try on how an adapter lists them, with a back door that the
adapter knows nothing of.
"""

from collections.abc import Mapping
from typing import Protocol

import attrs

from ...domain.kernel.values import frozen
from ...ports.platforms import SupportsProducts
from .faults import FaultLine


@frozen(kw_only=True)
class ShopVariant:
    """
    What a merchant enters of a variant of a product.

    Attributes:
        sku: Empty where the merchant gave it none.

        options: Option name -> value; empty for the only variant of a product.
    """

    sku: str
    options: Mapping[str, str] = attrs.field(factory=dict)
    barcode: str = ""


@frozen(kw_only=True)
class ShopProduct:
    """
    A product as its merchant enters it.

    Attributes:
        variants: One or more; each of several has options.

        is_sold: Whether customers can buy it; a draft, and what is in the archive,
            cannot be bought.
    """

    title: str
    variants: tuple[ShopVariant, ...]
    is_sold: bool = True


@frozen(kw_only=True)
class ProductIds:
    """
    By what the adapter has to list a product: the shop's own ids.

    Attributes:
        variant_ids: In the order of the product's variants.
    """

    product_id: str
    variant_ids: tuple[str, ...]


class ProductsLab(Protocol):
    """
    A shop that sells things, from behind: nothing here goes through the adapter.

    Attributes:
        line: Every request of the adapter asks it (`meet`) what it meets.
    """

    line: FaultLine

    def connect(self) -> SupportsProducts:
        """
        Make a new adapter for the shop, as another process would.
        """
        ...

    def add(self, product: ShopProduct, /) -> ProductIds:
        """
        Let the merchant add a product, behind those that are there.
        """
        ...

    def change(self, ids: ProductIds, product: ShopProduct, /) -> None:
        """
        Let a product be as *product* says from now on; its variants keep their places
        and their ids.
        """
        ...

    def remove(self, ids: ProductIds, /) -> None:
        """
        Let the merchant delete a product with all its variants.
        """
        ...
