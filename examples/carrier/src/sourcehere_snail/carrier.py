"""
What Snail Post charges, and what it does not carry.
"""

import attrs

from sourcehere.domain.freight.model import (
    FreightAnswer,
    FreightOption,
    FreightRequest,
    LeftOut,
)
from sourcehere.domain.kernel.money import Money

from .config import SnailConfig

METHOD = "snail"
GRAMS_MAX = 2_000


@attrs.frozen
class SnailPost:
    """
    Prices parcels by the kilogram begun.
    """

    config: SnailConfig

    is_pure = True  # it computes, and waits for nobody

    def methods(self) -> tuple[str, ...]:
        """
        List the one method there is, so that no other can be chosen.
        """
        return (METHOD,)

    def quote(self, request: FreightRequest, /) -> FreightAnswer:
        """
        Offer the one way there is, or say why not.
        """
        reason = self._reason_against(request)
        if reason is not None:
            return FreightAnswer((), (reason,))
        kilograms = -(-request.weight_grams // 1_000)
        price = Money(self.config.price_minor * kilograms, self.config.currency)
        option = FreightOption(
            METHOD, "Snail Post", price, 20, 40, request.weight_grams
        )
        return FreightAnswer((option,), ())

    def _reason_against(self, request: FreightRequest) -> LeftOut | None:
        if request.currency != self.config.currency:
            words = f"the contract is in {self.config.currency}"
            return LeftOut(METHOD, "other_currency", words)
        if request.country not in self.config.countries:
            words = f"snails do not crawl to {request.country}"
            return LeftOut(METHOD, "country_not_served", words)
        if request.weight_grams > GRAMS_MAX:
            words = f"{request.weight_grams} g are more than a snail carries"
            return LeftOut(METHOD, "too_heavy", words)
        return None
