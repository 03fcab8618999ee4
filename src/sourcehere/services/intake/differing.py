"""
What is said of a difference between what a shop wants and what we supply.
"""

import attrs

from ...domain.stores.demand import Difference
from ...domain.stores.model import SnapshotLine


def as_told(one: Difference, line: SnapshotLine | None) -> Difference:
    """
    Return a difference with what the shop tells of its line, if it tells it still.
    """
    if line is None:
        return one
    minor, currency = line.sold_for
    return attrs.evolve(
        one,
        sku=line.sku,
        title=line.title,
        sold_minor=minor,
        sold_currency=currency,
        external_variant_id=line.external_variant_id or one.external_variant_id,
        external_product_id=line.external_product_id or one.external_product_id,
    )


def words_of(one: Difference) -> str:
    """
    Return a difference in words: "CUP: the shop wants 2 more", "CUP: the shop wants
    variant 7, not 8, which was paid".
    """
    said = []
    if one.units:
        said.append(f"{abs(one.units)} {'more' if one.units > 0 else 'fewer'}")
    if one.other_variant:
        now = one.external_variant_id or one.external_product_id
        said.append(f"variant {now}, not {one.other_variant}, which was paid")
    return f"{one.sku or one.sku_key.strip()}: the shop wants {' and '.join(said)}"
