"""
A carrier of which only karrio is known: `karrio-generic`, which prices by a sheet and
draws its labels without asking anybody.
"""

import attrs
import pytest
from karrio_lab import KarrioLab, buy, service

from sourcehere import Money
from sourcehere.ports.errors import DeclinedError, ProtocolError
from sourcehere.ports.labels import PDF, ZPL
from sourcehere.testing.kit import FreightContract

LIMITS = ((1.0, 7.35, 735), (2.0, 9.1, 910))  # below kilograms, a fraction, cents
SHEET = {
    "display_name": "Dock Post",
    "custom_carrier_name": "dock_post",
    "services": [
        {
            "service_name": "Standard",
            "service_code": "dock_standard",
            "currency": "USD",
            "domicile": True,
            "transit_days": 3,
            "weight_unit": "KG",
            "zones": [
                {"label": f"to {most}", "rate": rate, "max_weight": most}
                for most, rate, _ in LIMITS
            ],
        }
    ],
}


class GenericLab(KarrioLab):
    """
    A sheet of prices, counted by hand.
    """

    def __init__(self, **changes) -> None:
        offered = service("prio", service="dock_standard", carrier="Dock Post")
        super().__init__(
            carrier="generic",
            secrets={},
            settings=SHEET,
            services=(offered,),
            grams_step=10,
            **changes,
        )

    def prices(self, request, /):
        """
        Return what the sheet says.
        """
        if request.country != "US" or request.currency != "USD":
            return {}
        weighed = -(-request.weight_grams // 10) * 10
        for most, _, cents in LIMITS:
            if weighed < most * 1_000:
                return {"prio": Money(cents, "USD")}
        return {}


class TestGeneric(FreightContract):
    """
    The contract of freight.
    """

    faults = ()

    def make_lab(self):
        """
        Make a carrier.
        """
        return GenericLab()


@pytest.fixture
def lab():
    """
    Return a carrier whose labels cost what was quoted.
    """
    made = GenericLab(price_from_quote=True)
    yield made
    made.close()


def test_a_label_costs_what_was_quoted(lab):
    """
    Where the carrier tells no price with it; its number is its reference.
    """
    for kind, media_type in (("PDF", PDF), ("ZPL", ZPL)):
        carrier = lab.connect(label_format=kind)
        sold = buy(lab, carrier)
        assert (Money(735, "USD"), "Dock Post") == (sold.price, sold.carrier)
        assert sold.reference == sold.tracking_number
        assert media_type == carrier.label_file(sold.reference).media_type


def test_what_is_not_quoted_is_not_sold(lab):
    """
    The price is known before, or there is none.
    """
    heavy = attrs.evolve(lab.served(grams=2_001))
    with pytest.raises(DeclinedError):
        buy(lab, consignment=heavy)
    assert not list(lab.folder.rglob("*.pdf"))


def test_a_label_whose_price_nobody_tells_is_named(lab):
    """
    It is sold: a person finds it by its number.
    """
    with pytest.raises(ProtocolError, match="is sold, and its price is not told"):
        buy(lab, lab.connect(price_from_quote=False))


def test_what_the_carrier_cannot_do_is_declined(lab):
    """
    It voids nothing, and knows of no parcel.
    """
    carrier = lab.connect()
    with pytest.raises(DeclinedError, match="not supported"):
        carrier.void_label("abc", idempotency_key="v")
    (answer,) = carrier.track([lab.announced()])
    assert isinstance(answer, DeclinedError)
    carrier.check()
    assert not lab.server.requests
