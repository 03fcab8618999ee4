"""
An order that is too heavy or too large for one parcel can be paid, parcel by parcel.
"""

import attrs
import pytest

from sourcehere import (
    Blocker,
    CommandRefusedError,
    Money,
    NewProduct,
    NewVariant,
    Price,
)
from sourcehere.domain.kernel.parcels import PlannedParcel
from sourcehere.face.records.planned import ParcelPlan
from sourcehere.ports.errors import ConfigError
from sourcehere.testing.factories import (
    SELLER,
    STAFF,
    nothing_moves,
    open_bench,
    snapshot,
)
from sourcehere.testing.fake_carrier import (
    FakeCarrier,
    FakeCarriers,
    answering,
    option,
)
from sourcehere.testing.rows import dump
from sourcehere.unit.tables.wallet import ORDER_PLANS

# The first kilogram 10.00, each further one 4.00.
POST = {
    "code": "post",
    "name": "Post",
    "days_min": 5,
    "days_max": 9,
    "maximum_grams": 22_000,
    "zones": [
        {
            "countries": ["*"],
            "breaks": [
                {
                    "up_to_grams": None,
                    "first_grams": 1_000,
                    "first_price": 1_000,
                    "additional_grams": 1_000,
                    "additional_price": 400,
                }
            ],
        }
    ],
}


def card(bench, **changes):
    """
    Let there be one method only.
    """
    config = {"currency": "USD", "methods": [{**POST, **changes}]}
    bench.app.freight.change("card", config=config, by=STAFF)


def sell(bench, sku, grams, sides=(0, 0, 0), *attributes):
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
        attributes=attributes,
    )
    new = NewProduct(title=sku, variants=(variant,))
    bench.app.catalog.add_many([new], by=STAFF)
    bench.connect(bench.rule(sku))


@pytest.fixture
def heavy(bench):
    """
    A bench that sells stones of 13 kg, and sends 22 kg at most.
    """
    card(bench)
    sell(bench, "STONE", 13_000)
    return bench


ONE = ParcelPlan(
    quantities={"1.1": 1},
    weight_grams=13_000,
    chargeable_grams=13_000,
    freight=Money(5_800, "USD"),
)


def test_two_of_thirteen_kilograms_are_payable(heavy):
    """
    The freight is the sum of two parcels; the ways, the offer and the order say which.
    """
    (order_id,) = heavy.sync(snapshot(STONE=2))
    shop = heavy.sh.seller("demo")
    (mode,) = shop.checkouts.modes(order_id).modes
    offer = shop.checkouts.open([order_id])
    (offered,) = offer.orders
    before = heavy.balance()

    assert ((ONE, ONE), Money(11_600, "USD")) == (mode.parcels, mode.freight)
    assert ((ONE, ONE), Money(11_600, "USD")) == (offered.parcels, offered.freight)
    shop.checkouts.pay(offer)
    assert 11_600 + 200 == before - heavy.balance()
    assert (ONE, ONE) == shop.orders.details(order_id).planned_parcels
    at_desk = heavy.sh.staff("ann").seller("demo").orders.details(order_id)
    assert (ONE, ONE) == at_desk.planned_parcels


def test_who_ships_may_pack_otherwise(heavy):
    """
    What was planned is no promise of how it is packed; it stays to be seen.
    """
    order_id = heavy.accepted(STONE=3)
    planned = heavy.sh.seller("demo").orders.details(order_id).planned_parcels
    heavy.ship(order_id, "T1", i1_1=2)
    heavy.ship(order_id, "T2")
    found = heavy.sh.seller("demo").orders.details(order_id)

    assert [{"1.1": 1}] * 3 == [parcel.quantities for parcel in planned]
    assert planned == found.planned_parcels
    assert [2, 1] == [parcel.items[0].quantity for parcel in found.parcels]
    assert "shipped" == found.order.state


def test_an_order_of_one_parcel_plans_none(heavy):
    """
    Nothing is said where one is enough, nor before it is paid.
    """
    one, two = heavy.sync(snapshot("1", STONE=1), snapshot("2", STONE=2))
    shop = heavy.sh.seller("demo")
    heavy.pay(one)

    assert () == shop.orders.details(one).planned_parcels
    assert () == shop.orders.details(two).planned_parcels


def test_an_offer_made_before_parcels_were_told_is_paid(heavy):
    """
    What is stored of it does not know the word; it is paid for what it says.
    """
    (order_id,) = heavy.sync(snapshot(STONE=2))
    shop = heavy.sh.seller("demo")
    offer = shop.checkouts.open([order_id])
    table = ORDER_PLANS.table
    place = [column.name for column in table.columns].index("contents")
    (row,) = dump(heavy.app.storage)[table.name]
    assert '"parcels":[{' in row[place]
    text = row[place][: row[place].index(',"parcels"')] + "}"
    old = (*row[:place], text, *row[place + 1 :])

    def change(session):
        session.replace(table, [old], expected=None)

    heavy.app.storage.transact(change, read_only=False)
    shop.checkouts.pay(offer)
    assert () == shop.orders.details(order_id).planned_parcels
    assert Money(11_600, "USD") == shop.orders.get(order_id).freight


def test_one_that_is_too_heavy_alone_is_named(bench):
    """
    Nothing is divided: the method is left out, and the checkout says why.
    """
    card(bench)
    sell(bench, "ROCK", 22_001)
    (order_id,) = bench.sync(snapshot(ROCK=2))
    found = bench.sh.seller("demo").checkouts.modes(order_id)
    words = "a unit of 1.1: 22001 g, carries up to 22000 g"

    assert [("post", "too_heavy", words)] == [
        (out.method, out.code, out.words) for out in found.left_out
    ]
    assert {"actual_grams": 22_001, "limit_grams": 22_000, "item": "1.1"} == (
        found.left_out[0].facts
    )
    with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
        bench.app.checkouts.checkout("demo", [order_id], by=SELLER)
    told = f"no method can be used: post: {words}"
    assert (Blocker("no_freight_option", told),) == tuple(ei.value.blockers)


def test_what_was_agreed_is_paid_though_the_card_changed(heavy):
    """
    The parcels are those of the offer.
    """
    (order_id,) = heavy.sync(snapshot(STONE=2))
    shop = heavy.sh.seller("demo")
    offer = shop.checkouts.open([order_id])
    card(heavy, maximum_grams=30_000)

    assert {order_id: offer.total} == shop.checkouts.pay(offer).paid
    assert (ONE, ONE) == shop.orders.details(order_id).planned_parcels


@pytest.mark.parametrize(
    ("limits", "sides", "code", "words"),
    [
        ({"maximum_longest_mm": 600}, (601, 20, 20), "too_large", "601 mm long"),
        ({"maximum_girth_mm": 600}, (520, 21, 20), "too_large", "602 mm of length"),
        ({"maximum_second_mm": 20}, (20, 300, 21), "too_large", "21 mm on the second"),
        ({"maximum_volume_mm3": 999}, (10, 10, 10), "too_large", "1000 mm3"),
        ({"maximum_longest_mm": 600}, (0, 0, 0), "size_unknown", "the size is not"),
    ],
)
def test_sizes_are_limits_too(bench, limits, sides, code, words):
    """
    By what the catalogue says of a variant; what nobody measured is not promised where
    size matters.
    """
    sell(bench, "POLE", 900, sides)
    card(bench, **limits)
    (order_id,) = bench.sync(snapshot(POLE=1))
    (out,) = bench.sh.seller("demo").checkouts.modes(order_id).left_out

    assert ("post", code) == (out.method, out.code)
    assert out.words.startswith(words)
    card(bench)
    assert [] == list(bench.sh.seller("demo").checkouts.modes(order_id).left_out)


def test_too_large_together_is_split(bench):
    """
    Two crates that are no parcel together are two.
    """
    sell(bench, "CRATE", 900, (500, 400, 400))
    card(bench, maximum_longest_mm=700)
    (order_id,) = bench.sync(snapshot(CRATE=2))
    shop = bench.sh.seller("demo")
    offer = shop.checkouts.open([order_id])

    assert [{"1.1": 1}, {"1.1": 1}] == [p.quantities for p in offer.orders[0].parcels]
    assert Money(2_000, "USD") == offer.orders[0].freight


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"maximum_longest_mm": 5, "maximum_second_mm": 6}, "maximum_second_mm"),
        ({"maximum_parcels": 0}, "maximum_parcels"),
        ({"maximum_girth_mm": "long"}, "maximum_girth_mm"),
    ],
)
def test_a_card_whose_limits_make_no_sense_is_refused(bench, changes, field):
    """
    The former one stays, and the place is named.
    """
    with nothing_moves(bench), pytest.raises(ConfigError) as ei:
        card(bench, **changes)
    assert field in str(ei.value)


def parcel(minor, **quantities):
    """
    Make what a carrier plans: items as `i1_1=2`.
    """
    return PlannedParcel(
        quantities={n[1:].replace("_", "."): q for n, q in quantities.items()},
        weight_grams=300,
        chargeable_grams=400,
        freight_minor=minor,
    )


class TestCarriers:
    @pytest.fixture
    def acme(self):
        """
        Return a carrier to tell what to answer.
        """
        return FakeCarrier()

    @pytest.fixture
    def told(self, storage, acme):
        """
        A bench with that carrier only; clean when the test ends.
        """
        made = open_bench(
            storage=storage, plugins=[FakeCarriers(acme=acme)], connected=["CUP", "HAT"]
        )
        made.app.freight.connect(
            "acme", provider="fake_carrier", config={"carrier": "acme"}, by=STAFF
        )
        made.app.freight.move("card", "disconnect", by=STAFF)
        yield made
        assert () == made.app.audit.run(replay=True).violations

    def test_they_are_told_the_units_and_may_split_them(self, told, acme):
        """
        A carrier of a plugin answers with the parcels of its own.
        """
        acme.answer = answering(
            option(
                "van", 700, parcels=(parcel(300, i1_1=2), parcel(400, i1_1=1, i2_1=1))
            )
        )
        (order_id,) = told.sync(snapshot(CUP=3, HAT=1))
        shop = told.sh.seller("demo")
        offer = shop.checkouts.open([order_id])
        shop.checkouts.pay(offer)

        assert [("1.1", 3, 300), ("2.1", 1, 100)] == [
            (unit.name, unit.quantity, unit.weight_grams)
            for unit in acme.asked[0].units
        ]
        assert [({"1.1": 2}, 300), ({"1.1": 1, "2.1": 1}, 400)] == [
            (p.quantities, p.freight.minor)
            for p in shop.orders.details(order_id).planned_parcels
        ]

    @pytest.mark.parametrize(
        ("parcels", "words"),
        [
            (
                (parcel(300, i1_1=1), parcel(399, i1_1=1)),
                "options[0].parcels: '6.99 USD' is not parcels whose prices add up to",
            ),
            (
                (parcel(300, i1_1=1), parcel(400, i1_1=2)),
                "options[0].parcels: \"{'1.1': 3}\" is not parcels that hold {'1.1'",
            ),
            (
                (parcel(300, i1_1=1), parcel(400, i2_1=1)),
                "options[0].parcels: \"{'1.1': 1, '2.1': 1}\" is not parcels",
            ),
            (
                (parcel(300, i1_1=2), None),
                "options[0].parcels[1]: None is not a PlannedParcel",
            ),
            (
                (attrs.evolve(parcel(700, i1_1=2), quantities=5),),
                "options[0].parcels[0].quantities: 5 is not a mapping",
            ),
            (
                (parcel(-1, i1_1=1), parcel(701, i1_1=1)),
                "options[0].parcels[0].freight_minor: -1 is not 0 or more",
            ),
            (
                (parcel(350, i1_1=1.5), parcel(350, i1_1=0.5)),
                "options[0].parcels[0].quantities: '1.5' is not a whole number",
            ),
            ("parcels", "options[0].parcels: 'parcels' is not a tuple"),
        ],
    )
    def test_parcels_that_do_not_add_up_are_left_out(self, told, acme, parcels, words):
        """
        The option is not offered, with the reason.
        """
        acme.answer = answering(option("van", 700, parcels=parcels), option("good", 70))
        (order_id,) = told.sync(snapshot(CUP=2))
        found = told.sh.seller("demo").checkouts.modes(order_id)

        assert ["good"] == [mode.method for mode in found.modes]
        (out,) = found.left_out
        assert ("van", "bad_answer") == (out.method, out.code)
        assert out.words.startswith(words)
