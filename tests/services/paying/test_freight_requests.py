"""
What a carrier is told of an order: where it goes and what is in it, never to whom.
"""

import attrs
import pytest

from sourcehere import (
    CommandRefusedError,
    FreightRequest,
    Money,
    NewProduct,
    NewVariant,
    Price,
)
from sourcehere.domain.freight.model import FreightParcel, FreightUnits
from sourcehere.domain.kernel.address import Address
from sourcehere.testing.factories import (
    SELLER,
    STAFF,
    nothing_moves,
    open_bench,
    snapshot,
)
from sourcehere.testing.fake_carrier import FakeCarrier, FakeCarriers
from sourcehere.testing.rows import dump
from sourcehere.unit.tables.catalog import VARIANTS

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
    assert () == bench.app.audit.run(replay=True).violations


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
            origin="CN",
            weight_grams=600,
            fields_given=fields,
            parcels=(FreightParcel(weight_grams=600),),
            units=(FreightUnits(name="1.1", quantity=2, weight_grams=300),),
            currency="USD",
        )
    ] == requests
    shown = repr(requests)
    for personal in ("Ann", "Lee & Co", "Main St", "555", "ann@", "C7"):
        assert personal not in shown


def test_goods_from_the_cloud_leave_from_there(asked):
    """
    Sourced goods leave from where they are bought; what is packed of both in another
    country leaves from where nobody knows.
    """
    bench, requests = asked
    bench.app.cloud.add_warehouse("US1", name="Newark", country="US", by=STAFF)
    bench.stocked("US1", CUP=4)
    orders = bench.sync(*[snapshot(str(n), CUP=u) for n, u in ((1, 3), (2, 2), (3, 1))])
    bench.app.checkouts.checkout("demo", orders, by=SELLER)

    asked = [(r.units[0].quantity, r.origin) for r in requests]
    assert {(3, "US"), (2, ""), (1, "CN")} <= set(asked)
    assert [(3, "US"), (2, ""), (1, "CN")] == asked[:3]


def sell(bench, sku, grams, sides):
    """
    Put a variant of a size into the catalogue, and connect the shop's.
    """
    length, width, height = sides
    variant = NewVariant(
        sku=sku,
        weight_grams=grams,
        length_mm=length,
        width_mm=width,
        height_mm=height,
        prices=(Price(Money(100, "USD")),),
    )
    new = NewProduct(title=sku, variants=(variant,))
    (listing,) = bench.app.catalog.add_many([new], by=STAFF)
    bench.variants[sku] = listing.variants[0].variant_id
    bench.connect(bench.rule(sku))


@pytest.mark.parametrize(
    ("units", "parcel"),
    [
        ({"BOX": 1}, FreightParcel(500, 300, 200, 100)),
        ({"BOX": 2}, FreightParcel(1000, 300, 200, 200)),
        ({"BOX": 4}, FreightParcel(2000, 400, 300, 200)),
        ({"PEN": 3}, FreightParcel(60, 150, 30, 10)),
        ({"BOX": 1, "PEN": 3}, FreightParcel(560, 300, 200, 130)),
        # A variant of no size, of two sides, and beside one that has all.
        ({"CUP": 2}, FreightParcel(600, 0, 0, 0)),
        ({"FLAT": 1}, FreightParcel(5, 0, 0, 0)),
        ({"BOX": 1, "CUP": 1}, FreightParcel(800, 0, 0, 0)),
    ],
)
def test_a_checkout_tells_of_one_box(asked, units, parcel):
    """
    It holds everything laid flat on one another; no side is known where one of a
    variant is not.
    """
    bench, requests = asked
    sell(bench, "BOX", 500, (200, 100, 300))
    sell(bench, "PEN", 20, (10, 150, 10))
    sell(bench, "FLAT", 5, (100, 100, 0))
    bench.app.checkouts.checkout("demo", bench.sync(snapshot(**units)), by=SELLER)

    assert [(parcel,)] == [request.parcels for request in requests]


def test_an_offer_notices_another_shape(asked):
    """
    As heavy, as large and as dear, but longer: nobody agreed to that.
    """
    bench, _ = asked
    sell(bench, "BOX", 500, (300, 200, 100))
    (order_id,) = bench.sync(snapshot(BOX=1))
    offer = bench.sh.seller("demo").checkouts.open([order_id])
    rows = dump(bench.app.storage)["variant"]
    (row,) = [row for row in rows if row[0] == bench.variants["BOX"]]
    known = VARIANTS.from_row(row)
    longer = attrs.evolve(known, length_mm=600, width_mm=100)

    def change(session):
        session.replace(VARIANTS.table, [VARIANTS.to_row(longer)], expected=None)

    bench.app.storage.transact(change, read_only=False)
    with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
        bench.sh.seller("demo").checkouts.pay(offer)
    (blocker,) = ei.value.blockers
    assert "of another size" in blocker.words


def test_parcels_may_be_told():
    """
    Who has packed can say what the boxes are.
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
