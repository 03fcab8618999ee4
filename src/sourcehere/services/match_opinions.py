"""
What plugins think of matches: asked only where facts leave a choice, to rank it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import attrs

from ..catalog.model import Variant
from ..pairing.suggestion import Opinion, Suggestion
from ..ports.hooks import Hooks, MatchCandidate, MatchListing


def ranked(
    found: Sequence[Suggestion],
    variants: Mapping[str, Variant],
    hooks: Hooks,
    *,
    store_id: str,
) -> tuple[Suggestion, ...]:
    """
    Put the highest opinion first among the suggestions for one SKU; keep their order
    where opinions are equal, or nobody has any.
    """
    if not hooks.scores_matches:
        return tuple(found)
    chosen = {(one.sku, one.variant_id) for one in found}
    choices = Counter(sku for sku, _ in chosen)
    heard = [
        _with_opinions(one, variants[one.variant_id], hooks, store_id)
        if choices[one.sku] > 1
        else one
        for one in found
    ]
    return tuple(sorted(heard, key=lambda one: (one.sku, -one.points)))


def _with_opinions(
    one: Suggestion, variant: Variant, hooks: Hooks, store_id: str
) -> Suggestion:
    listing = MatchListing(store_id=store_id, sku=one.sku, title="", options={})
    candidate = MatchCandidate(
        variant_id=variant.variant_id,
        sku=variant.sku,
        title=variant.title,
        options=variant.options,
    )
    opinions = [
        Opinion(plugin, score.points, score.words)
        for plugin, score in hooks.scores(listing, candidate).items()
    ]
    opinions.sort(key=lambda opinion: (-opinion.points, opinion.plugin))
    return attrs.evolve(one, opinions=tuple(opinions))
