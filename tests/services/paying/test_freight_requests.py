"""
What a carrier is told of an order: where it goes and what is in it, never to whom.
"""

import attrs
import pytest

from sourcehere import FreightRequest
from sourcehere.domain.freight.model import FreightParcel
from sourcehere.domain.kernel.address import Address
from sourcehere.testing.factories import SELLER, STAFF, open_bench, snapshot
from sourcehere.testing.fake_carrier import FakeCarrier, FakeCarriers

HOME = Address(
    "US",
    name="Ann Lee",
    company="Lee & Co",
    street="1 Main St",
    city="Dover",
    region="DE",
    postal_code="19901",
    phone="555",
    email="ann@example.com",
    customer="C7",
)


@pytest.fixture
def asked(storage):
    """
    Return a bench, and what its carrier is asked.
    """
    acme = FakeCarrier()
    bench = open_bench(storage=storage, plugins=[FakeCarriers(acme=acme)])
    bench.app.freight.connect(
        "acme", provider="fake_carrier", config={"carrier": "acme"}, by=STAFF
    )
    bench.connect(bench.rule("CUP"))
    yield bench, acme.asked
    assert () == bench.app.audit.run().violations


def test_a_checkout_says_what_it_knows(asked):
    """
    The place in full, what it weighs, and the fields that are filled in.
    """
    bench, requests = asked
    bench.app.checkouts.checkout(
        "demo", bench.sync(snapshot(address=HOME, CUP=2)), by=SELLER
    )

    fields = frozenset(f.name for f in attrs.fields(Address))
    assert [
        FreightRequest(
            country="US",
            postal_code="19901",
            region="DE",
            city="Dover",
            weight_grams=600,
            fields_given=fields,
            currency="USD",
        )
    ] == requests
    shown = repr(requests)
    for personal in ("Ann", "Lee & Co", "Main St", "555", "ann@", "C7"):
        assert personal not in shown


def test_goods_from_the_cloud_leave_from_there(asked):
    """
    The origin is the warehouse's country where all goods come from it, else unknown.
    """
    bench, requests = asked
    bench.stocked(CUP=4)
    orders = bench.sync(snapshot("1", CUP=3), snapshot("2", CUP=2))
    bench.app.checkouts.checkout("demo", orders, by=SELLER)

    assert ["CN", ""] == [request.origin for request in requests]


def test_parcels_may_be_told():
    """
    Who has packed can say so; a checkout has not, so the field is empty there.
    """
    parcel = FreightParcel(weight_grams=500, length_mm=300, width_mm=200, height_mm=100)
    acme = FakeCarrier()
    bench = open_bench(plugins=[FakeCarriers(acme=acme)])
    bench.app.freight.connect(
        "acme", provider="fake_carrier", config={"carrier": "acme"}, by=STAFF
    )
    request = FreightRequest(
        country="US", weight_grams=500, parcels=(parcel,), currency="USD"
    )
    bench.sh.staff("ann").freight.quote(request)

    assert [(parcel,)] == [request.parcels for request in acme.asked]
