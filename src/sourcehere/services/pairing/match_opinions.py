"""
What plugins think of matches: asked only where facts leave a choice, to rank it.
"""

from collections.abc import Mapping, Sequence

import attrs

from ...domain.pairing.agreement import Candidate
from ...domain.pairing.suggestion import Opinion, StoreVariant, Suggestion
from ...ports.hooks import Hooks, MatchCandidate, MatchListing


def ranked(
    found: Sequence[Suggestion],
    candidates: Mapping[str, Candidate],
    listing: StoreVariant,
    hooks: Hooks,
    *,
    store_id: str,
) -> tuple[Suggestion, ...]:
    """
    Put the highest opinion first among the suggestions for one store variant; keep
    their order where opinions are equal, or nobody has any.

    What rests on titles alone stays behind what facts speak for, whatever the opinion.
    """
    if not hooks.scores_matches or len({one.variant_id for one in found}) < 2:  # noqa: PLR2004 - no choice
        return tuple(found)
    told = MatchListing(
        store_id=store_id,
        sku=listing.sku,
        title=listing.title,
        options=listing.options,
    )
    heard = [
        _with_opinions(one, told, candidates[one.variant_id], hooks) for one in found
    ]
    return tuple(
        sorted(heard, key=lambda one: (one.reason == "similar_title", -one.points))
    )


def _with_opinions(
    one: Suggestion, listing: MatchListing, variant: Candidate, hooks: Hooks
) -> Suggestion:
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
