"""
The platform's own rows: how products are found, and what makes no sense of circuits and
workers.
"""

import attrs

from ...domain.kernel.skus import comparison_key
from ...unit.tables.catalog import (
    PRODUCT_WORDS,
    VARIANTS,
    VARIANTS_BY_SKU,
    ProductWord,
)
from ...unit.tables.effects import CIRCUITS, WORKERS
from ..audit.findings import Violation
from .draft import Draft


def find_by_word(draft: Draft, violation: Violation) -> None:
    """
    Let a product be found by a word of its own.
    """
    word = str(violation.facts["word"])
    draft.put(PRODUCT_WORDS, ProductWord(word=word, product_id=violation.subject))


def find_by_sku(draft: Draft, violation: Violation) -> None:
    """
    Let a variant be found by its SKU, unless another one is.
    """
    variant = draft.one(VARIANTS, violation.subject)
    if variant is None:
        return
    key = comparison_key(variant.sku)
    others = draft.unit.find(VARIANTS_BY_SKU, [(key,)])
    if not others:
        draft.put(VARIANTS, attrs.evolve(variant, sku_key=key))


def forget_circuit(draft: Draft, violation: Violation) -> None:
    """
    Forget how a connection answered: it is asked again at once.
    """
    draft.remove(CIRCUITS, violation.subject)


def forget_worker(draft: Draft, violation: Violation) -> None:
    """
    Forget what a worker said of itself: one that runs says it anew.
    """
    draft.remove(WORKERS, violation.subject)
