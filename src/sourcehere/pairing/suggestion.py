"""
What may supply a store variant, and why: for a person, or a rule, to decide.
"""

import attrs

from ..kernel.ids import ProductId, VariantId


@attrs.frozen
class Opinion:
    """
    What a plugin thinks of a suggestion: 0 (never) to 100 (certainly), and why.
    """

    plugin: str
    points: int
    words: str


@attrs.frozen
class Suggestion:
    """
    A platform variant that may supply a store variant, and why.

    Attributes:
        reason: `same_sku` or `same_barcode`.

        opinions: Of plugins, highest first; only where several variants are suggested.
    """

    sku: str
    variant_id: VariantId
    product_id: ProductId
    reason: str
    words: str
    opinions: tuple[Opinion, ...] = ()

    @property
    def points(self) -> int:
        """
        The highest opinion; -1 where there is none.
        """
        return max((opinion.points for opinion in self.opinions), default=-1)
