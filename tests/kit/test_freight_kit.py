"""
The contract of carriers, on an adapter that keeps it, and on rate cards.
"""

import attrs

from sourcehere.builtin.rate_cards import RateCardProvider
from sourcehere.domain.freight.methods import Method, WeightBreak, Zone
from sourcehere.domain.freight.model import FreightRequest
from sourcehere.domain.freight.rates import RateCard
from sourcehere.domain.kernel.money import Money
from sourcehere.testing.kit import FreightContract
from sourcehere.testing.kit.carrier_server import CarrierServer, ServerCarrier


class TestServerCarrier(FreightContract):
    """
    The adapter of the server in memory.
    """

    def make_lab(self):
        """
        Make a server.
        """
        return CarrierServer(ServerCarrier)


@attrs.frozen
class CardLab:
    """
    A rate card of one price a begun half kilogram, counted here by hand.
    """

    def connect(self):
        """
        Make a provider.
        """
        steps = (WeightBreak(None, 500, 400, 500, 150),)
        zone = Zone(countries=("GB",), breaks=steps)
        method = Method(
            code="std", name="Standard", zones=(zone,), days_min=2, days_max=5
        )
        return RateCardProvider(RateCard("USD", (method,)))

    def served(self, *, grams):
        """
        Return a consignment to Great Britain.
        """
        return FreightRequest(country="GB", weight_grams=grams, currency="USD")

    def unserved(self):
        """
        Return one to France.
        """
        return FreightRequest(country="FR", weight_grams=700, currency="USD")

    def prices(self, request):
        """
        Count by hand, in dollars.
        """
        if request.currency != "USD":
            return {}
        steps = -(-max(request.weight_grams - 500, 0) // 500)
        return {"std": Money(400 + 150 * steps, "USD")}


class TestRateCards(FreightContract):
    """
    The provider that is built in; it only computes.
    """

    faults = ()

    def make_lab(self):
        """
        Make a card.
        """
        return CardLab()
