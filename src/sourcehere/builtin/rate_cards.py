"""
The freight provider `rate_cards`: prices from a card in its configuration.
"""

from ..domain.freight.model import FreightAnswer, FreightRequest
from ..domain.freight.rates import RateCard, quote


class RateCardProvider:
    """
    Prices consignments by one rate card; the same request always costs the same.

    Its configuration is the card itself.
    """

    is_pure = True

    def __init__(self, card: RateCard) -> None:
        self.card = card

    def quote(self, request: FreightRequest, /) -> FreightAnswer:
        """
        List every way to send *request*, and why each other method is left out.

        Raises:
            InvalidInputError: If weight or volume is negative.
        """
        return quote(self.card, request)

    def methods(self) -> tuple[str, ...]:
        """
        List the codes of the card's methods.
        """
        return tuple(method.code for method in self.card.methods)
