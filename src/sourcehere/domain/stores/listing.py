"""
What a shop sells, as it says itself, before anyone has ordered it.
"""

from collections.abc import Mapping

import attrs

from ..kernel.store_variants import keys_of_line
from ..kernel.values import frozen


@frozen(kw_only=True)
class ListedVariant:
    """
    A variant of a product that a shop sells.

    Attributes:
        sku: Verbatim; it may be empty where there is an `external_variant_id`.

        title: Of the product and the variant, such as `Mug - Blue`.

        options: Option name -> value.

        external_variant_id, external_product_id: The shop's own ids; empty where it has
            none.
    """

    sku: str
    title: str
    options: Mapping[str, str] = attrs.field(factory=dict)
    barcode: str = ""
    external_variant_id: str = ""
    external_product_id: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """
        By what it may be connected, the most exact first.
        """
        return keys_of_line(
            self.sku, self.external_variant_id, self.external_product_id
        )
