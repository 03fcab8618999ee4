"""
What the carrier is told of a parcel, and what is declared of it.
"""

import attrs
import pytest
from karrio_lab import KarrioLab, buy

from sourcehere.domain.freight.model import FreightParcel, FreightUnits
from sourcehere.ports.errors import DeclinedError
from sourcehere_karrio.config import Customs

CUPS = Customs(description="cups", unit_value="1.10", hs_code="691110", made_in="CN")


@pytest.fixture
def lab():
    """
    Return an account.
    """
    made = KarrioLab()
    yield made
    made.close()


def abroad(lab, country="GB", **changes):
    """
    Return what is to be sent to another country.
    """
    units = (FreightUnits(name="1.1", quantity=3, weight_grams=100),)
    request = lab.sellable(grams=300)
    consignment = attrs.evolve(
        request.consignment, country=country, units=units, **changes
    )
    to = attrs.evolve(request.to, country=country)
    return {"to": to, "consignment": consignment}


def test_the_carrier_gets_who_and_what(lab):
    """
    An address of two lines, grams as ounces, our key as the reference.
    """
    boxed = attrs.evolve(
        lab.served(grams=300),
        parcels=(FreightParcel(300, 105, 250, 40),),
    )
    buy(lab, key="key-1", consignment=boxed)
    (shipment,) = lab.server.shipments.values()
    asked = shipment.asked
    assert "key-1" == asked["reference"]
    assert ("1 High St", "Flat 2") == tuple(
        asked["to_address"][name] for name in ("street1", "street2")
    )
    assert ("Boston", "MA", "02110") == tuple(
        asked["to_address"][name] for name in ("city", "state", "zip")
    )
    assert ("1 Dock Rd", "US") == tuple(
        asked["from_address"][name] for name in ("street1", "country")
    )
    assert [9.84, 4.13, 1.57] == [
        round(asked["parcel"][side], 2) for side in ("length", "width", "height")
    ]
    assert 300 == shipment.grams
    assert "customs_info" not in asked


def test_units_are_declared_at_a_border(lab):
    """
    Each kind with its number, its weight and what is known of all.
    """
    buy(lab, lab.connect(customs=CUPS), **abroad(lab))
    (shipment,) = lab.server.shipments.values()
    (item,) = shipment.asked["customs_info"]["customs_items"]
    assert (3, 1.1, "USD", "CN", "691110", "cups") == tuple(
        item[name]
        for name in (
            "quantity",
            "value",
            "currency",
            "origin_country",
            "hs_tariff_number",
            "description",
        )
    )
    assert 3.53 == item["weight"]  # ounces, of one unit
    assert "Sam Sender" == shipment.asked["customs_info"]["customs_signer"]


@pytest.mark.parametrize(
    ("changes", "goods", "words"),
    [
        ({}, {}, "what is declared"),
        ({"customs": CUPS}, {"units": ()}, "units are not known"),
        ({"customs": CUPS}, {"origin": "CN"}, "leaves from CN"),
    ],
)
def test_what_cannot_be_declared_is_not_sold(lab, changes, goods, words):
    """
    Nobody is asked.
    """
    request = abroad(lab)
    request["consignment"] = attrs.evolve(request["consignment"], **goods)
    with pytest.raises(DeclinedError, match=words):
        buy(lab, lab.connect(**changes), **request)
    assert not lab.server.requests


def test_within_a_customs_union_nothing_is_declared(lab):
    """
    From France to Germany.
    """
    origin = attrs.evolve(lab._config.origin, country="FR")
    request = abroad(lab, "DE", origin="FR")
    buy(lab, lab.connect(origin=origin, customs=CUPS), **request)
    assert "customs_info" not in lab.server.shipments["shp_0001"].asked
