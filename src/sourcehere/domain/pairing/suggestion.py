"""
What may supply a store variant, and why: for a person, or a rule, to decide.
"""

from collections.abc import Mapping

import attrs

from ..kernel.ids import ProductId, VariantId
from ..kernel.values import frozen

# Best first. What rests on titles alone comes last, whoever likes it.
REASONS = ("same_sku", "same_barcode", "same_options", "some_options", "similar_title")


@frozen
class StoreVariant:
    """
    A variant of a shop's product that wants a platform variant.

    Attributes:
        title: Of the product and the variant, such as `Mug - Blue`; may have options.

        options: Option name -> value, where the shop says them apart.
    """

    sku: str
    title: str = ""
    options: Mapping[str, str] = attrs.field(factory=dict)
    barcode: str = ""


@frozen
class Opinion:
    """
    What a plugin thinks of a suggestion: 0 (never) to 100 (certainly), and why.
    """

    plugin: str
    points: int
    words: str


@frozen
class Suggestion:
    """
    A platform variant that may supply a store variant, and why.

    Attributes:
        reason: `same_sku`, `same_barcode`, `same_options` (each option in which the
            product's variants differ is the same), `some_options` (some are, the others
            are not said) or `similar_title`.

        alike: How alike the titles are, in percent; only to rank.

        needs_person: Whether it must not be connected unseen: it rests on titles, not
            all options are said, or another candidate is as good.

        opinions: Of plugins, highest first; only where several variants are suggested.
    """

    sku: str
    variant_id: VariantId
    product_id: ProductId
    reason: str
    words: str
    opinions: tuple[Opinion, ...] = ()
    alike: int = 0
    needs_person: bool = False

    @property
    def points(self) -> int:
        """
        The highest opinion; -1 where there is none.
        """
        return max((opinion.points for opinion in self.opinions), default=-1)
