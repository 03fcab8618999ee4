"""
An order that is served from several warehouses: a parcel from each, with its price.
"""

from datetime import timedelta

import pytest

from sourcehere import (
    Blocker,
    CommandRefusedError,
    FreightUnavailableError,
    Money,
    NewParcel,
    NotFoundError,
    Price,
    SpendGuardError,
)
from sourcehere.domain.freight.model import FreightAnswer, LeftOut
from sourcehere.face.records.planned import ParcelPlan
from sourcehere.ports.errors import UnknownProviderError
from sourcehere.testing.factories import (
    HOME,
    NOON,
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

# What it costs, and how long it takes, by where it leaves from.
AIR = {"days_min": 5, "days_max": 9}
PRICES = {
    "US": (
        option("ground", 400, days_min=2, days_max=3),
        option("air", 900, days_min=1, days_max=2),
    ),
    "": (option("post", 1_000, **AIR),),
    "CN": (option("air", 700, **AIR), option("sea", 300, days_min=20, days_max=30)),
}


@pytest.fixture
def acme():
    """
    A carrier with other methods and prices from each country.
    """
    return FakeCarrier(answer=lambda request: answering(*PRICES[request.origin]))


@pytest.fixture
def carriers(acme):
    """
    The carriers there are, by name.
    """
    return FakeCarriers(acme=acme)


@pytest.fixture
def split(storage, carriers):
    """
    A bench with five CUPs in the US and three in China, of a seller whose orders are
    split; clean when the test ends.
    """
    made = open_bench(storage=storage, plugins=[carriers], connected=["CUP", "HAT"])
    made.app.freight.connect(
        "acme", provider="fake_carrier", config={"carrier": "acme"}, by=STAFF
    )
    made.app.freight.move("card", "disconnect", by=STAFF)
    made.app.cloud.add_warehouse(
        "US1",
        name="Newark",
        country="US",
        handling_minor={"USD": 20},
        by=STAFF,
    )
    made.stocked("US1", CUP=5)
    made.stocked("CN1", CUP=3)
    made.sh.staff("ann").sellers.allocate_by("demo", "split_available")
    yield made
    assert () == made.app.audit.run(replay=True).violations


def plan(freight, leaves_from, method, days, grams, **quantities):
    """
    Say what is planned, items as `i1_1=2`.
    """
    return ParcelPlan(
        quantities={n[1:].replace("_", "."): q for n, q in quantities.items()},
        weight_grams=grams,
        chargeable_grams=300,
        freight=Money(freight, "USD"),
        leaves_from=leaves_from,
        method=method,
        connection="acme",
        days_min=days[0],
        days_max=days[1],
    )


def quote(bench, freight):
    """
    Let staff promise freight by air for a unit of SOCK, supplied by cups; accept it.
    """
    desk = bench.sh.staff("ann").seller("demo")
    quotes = bench.sh.seller("demo").quotes
    name = quotes.ask_for(store_id="shop", sku="SOCK").request_id
    desk.quotes.answer(
        name,
        variant_id=bench.variants["CUP"],
        prices=(Price(Money(400, "USD")),),
        valid_until=NOON + timedelta(days=7),
        method="air",
        freight=freight,
    )
    quotes.accept(name)


def leave(bench, order_id, number, **said):
    """
    Send a parcel, as staff.
    """
    desk = bench.sh.staff("ann").seller("demo")
    return desk.shipping.ship(order_id, carrier="post", tracking_number=number, **said)


def stock_of(bench):
    """
    Return on hand and allocated, by warehouse.
    """
    return {
        view.warehouse_id: (view.on_hand, view.allocated)
        for view in bench.app.cloud.stock("demo")
    }


def test_each_parcel_has_its_price(split, acme):
    """
    Nine are wanted: five leave from the US, three from China with the one that is
    bought; the offer says what each costs, and by when all is there.
    """
    (order_id,) = split.sync(snapshot(CUP=9))
    shop = split.sh.seller("demo")
    offer = shop.checkouts.open([order_id])
    (offered,) = offer.orders

    assert (
        plan(400, "US1", "ground", (2, 3), 1_500, i1_1=5),
        plan(300, "CN1", "sea", (20, 30), 1_200, i1_1=4),
    ) == offered.parcels
    assert [5, 4, 9] == [
        sum(unit.quantity for unit in request.units) for request in acme.asked
    ]
    assert ["US", "CN", "US"] == [request.origin for request in acme.asked]
    assert (Money(500, "USD"), Money(700, "USD"), Money(160, "USD")) == (
        offered.goods,
        offered.freight,
        offered.handling,
    )
    assert ((20, 30), "partly") == (
        (offered.days_min, offered.days_max),
        offered.arrival.source,
    )
    assert {"1.1": "1 unit not in US1, CN1"} == offered.reasons
    assert 600 == offered.chargeable_grams
    before = split.balance()
    shop.checkouts.pay(offer)
    assert 1_360 == before - split.balance()
    assert {"US1": (5, 5), "CN1": (3, 3)} == stock_of(split)
    details = shop.orders.details(order_id)
    assert offered.parcels == details.planned_parcels


def test_the_last_parcel_says_when_it_is_there(split):
    """
    Eight are all in stock; a sea parcel comes later than one by land, and an estimate
    of the other source is for everything in one.
    """
    (order_id,) = split.sync(snapshot(CUP=8))
    shop = split.sh.seller("demo")
    (split_offer,) = shop.checkouts.open([order_id]).orders
    split.sh.staff("ann").sellers.allocate_by("demo", "")
    (from_us,) = shop.checkouts.open([order_id]).orders

    assert "cloud" == split_offer.arrival.source
    assert split_offer.arrival.estimate.latest > from_us.arrival.estimate.latest
    assert (Money(700, "USD"), Money(300, "USD")) == (
        split_offer.arrival.freight,
        split_offer.other_arrival.freight,
    )


class TestMethods:
    def test_a_method_is_taken_where_there_is_one(self, split):
        """
        Each way is priced from both places; what has no such method goes as the rule of
        the shop says.
        """
        (order_id,) = split.sync(snapshot(CUP=8))
        modes = split.sh.seller("demo").checkouts.modes(order_id).modes

        assert [
            ("ground", 700, [("US1", "ground", 400), ("CN1", "sea", 300)]),
            ("sea", 700, [("US1", "ground", 400), ("CN1", "sea", 300)]),
            ("air", 1_600, [("US1", "air", 900), ("CN1", "air", 700)]),
        ] == [
            (
                mode.method,
                mode.freight.minor,
                [(p.leaves_from, p.method, p.freight.minor) for p in mode.parcels],
            )
            for mode in modes
        ]
        assert [(20, 30), (20, 30), (5, 9)] == [(m.days_min, m.days_max) for m in modes]

    def test_what_is_wanted_is_paid(self, split):
        """
        The method that the seller chose, from both.
        """
        (order_id,) = split.sync(snapshot(CUP=8))
        shop = split.sh.seller("demo")
        shop.orders.choose_shipping([order_id], "air")
        offer = shop.checkouts.open([order_id])

        assert ("air", Money(1_600, "USD")) == (
            offer.orders[0].method,
            offer.orders[0].freight,
        )
        assert {order_id: offer.total} == shop.checkouts.pay(offer).paid

    def test_where_one_cannot_go_the_order_cannot(self, split, acme):
        """
        The reason says from where.
        """

        def answer(request):
            if request.origin == "CN":
                out = LeftOut("sea", "restricted", "carries no cups")
                return FreightAnswer((), (out,))
            return answering(*PRICES[request.origin])

        acme.answer = answer
        (order_id,) = split.sync(snapshot(CUP=8))
        shop = split.sh.seller("demo")
        found = shop.checkouts.modes(order_id)
        words = "from CN1: carries no cups"

        assert () == found.modes
        assert [("sea", "restricted", words)] == [
            (out.method, out.code, out.words) for out in found.left_out
        ]
        with nothing_moves(split), pytest.raises(CommandRefusedError) as ei:
            shop.checkouts.open([order_id])
        told = f"no method can be used: sea: {words}"
        assert (Blocker("no_freight_option", told),) == tuple(ei.value.blockers)

    def test_what_was_promised_is_shared_by_the_parcels(self, split):
        """
        A quote's freight is for the order; each parcel has a share, as it would have
        cost. What was promised by a method that nothing takes is not charged.
        """
        quote(split, Money(100, "USD"))
        (order_id,) = split.sync(snapshot(SOCK=8))
        modes = split.sh.seller("demo").checkouts.modes(order_id).modes

        assert [("ground", 700), ("sea", 700), ("air", 800)] == [
            (mode.method, mode.freight.minor) for mode in modes
        ]
        assert [450, 350] == [parcel.freight.minor for parcel in modes[2].parcels]

    def test_parcels_that_cost_nothing_share_alike(self, split, acme):
        """
        What was promised is still for both.
        """
        acme.answer = answering(option("air", 0))
        quote(split, Money(9, "USD"))
        (order_id,) = split.sync(snapshot(SOCK=8))
        (mode,) = split.sh.seller("demo").checkouts.modes(order_id).modes

        assert [36, 36] == [parcel.freight.minor for parcel in mode.parcels]

    def test_each_place_is_asked_for_the_same_address(self, split, acme):
        """
        What carriers may know of it, and no more.
        """
        orders = split.sync(snapshot("1", address=HOME, CUP=8))
        split.sh.seller("demo").checkouts.modes(orders[0])

        assert {("US", "19901", "", "Dover")} == {
            (r.country, r.postal_code, r.region, r.city) for r in acme.asked
        }
        assert 1 == len({r.fields_given for r in acme.asked})
        assert "postal_code" in acme.asked[0].fields_given

    @pytest.fixture
    def van(self, split, carriers):
        """
        Another carrier, which has an air of its own, from China only.
        """
        made = FakeCarrier(
            answer=lambda request: (
                answering(option("air", 100, **AIR), option("van", 250))
                if request.origin == "CN"
                else answering()
            )
        )
        carriers.carriers["van"] = made
        split.app.freight.connect(
            "van", provider="fake_carrier", config={"carrier": "van"}, by=STAFF
        )
        return made

    @pytest.mark.usefixtures("van")
    def test_codes_name_the_carrier_where_several_have_one(self, split):
        """
        Of the way, and of each parcel.
        """
        (order_id,) = split.sync(snapshot(CUP=8))
        modes = split.sh.seller("demo").checkouts.modes(order_id).modes

        assert {
            "ground": [("acme", "ground", 400), ("van", "van:air", 100)],
            "sea": [("acme", "ground", 400), ("acme", "sea", 300)],
            "acme:air": [("acme", "acme:air", 900), ("acme", "acme:air", 700)],
            "van:air": [("acme", "ground", 400), ("van", "van:air", 100)],
            "van": [("acme", "ground", 400), ("van", "van", 250)],
        } == {
            mode.method: [
                (p.connection, p.method, p.freight.minor) for p in mode.parcels
            ]
            for mode in modes
        }

    def test_a_carrier_that_is_down_is_no_obstacle_where_another_goes(
        self, split, acme, van
    ):
        """
        Where it was the only one, that is told.
        """
        (order_id,) = split.sync(snapshot(CUP=8))
        shop = split.sh.seller("demo")
        van.answer = RuntimeError("broken")
        assert [700] == [
            o.freight.minor for o in shop.checkouts.open([order_id]).orders
        ]
        acme.answer = RuntimeError("broken")
        with nothing_moves(split), pytest.raises(FreightUnavailableError) as ei:
            shop.checkouts.open([order_id])
        assert {"acme", "van"} == set(ei.value.errors)


class TestPaying:
    def test_stock_elsewhere_is_not_what_was_agreed(self, split):
        """
        As many units for as much, from another place: that is another freight.
        """
        (order_id,) = split.sync(snapshot("1", CUP=3))
        shop = split.sh.seller("demo")
        offer = shop.checkouts.open([order_id])
        split.paid("2", CUP=5)

        with nothing_moves(split), pytest.raises(CommandRefusedError) as ei:
            shop.checkouts.pay(offer)
        words = (
            "what is sent has changed since (from other warehouses); check out again"
        )
        assert (Blocker("goods_outdated", words),) == tuple(ei.value.blockers)
        again = shop.checkouts.open([order_id])
        assert ("sea", Money(300, "USD")) == (
            again.orders[0].method,
            again.orders[0].freight,
        )
        shop.checkouts.pay(again)
        assert {"US1": (5, 5), "CN1": (3, 3)} == stock_of(split)

    def test_another_policy_in_between_is_noticed(self, split):
        """
        An offer for two parcels is not paid for one.
        """
        (order_id,) = split.sync(snapshot("1", CUP=8))
        shop = split.sh.seller("demo")
        offer = shop.checkouts.open([order_id])
        split.sh.staff("ann").sellers.allocate_by("demo", "fill_available")
        with nothing_moves(split), pytest.raises(SpendGuardError) as ei:
            shop.checkouts.pay(offer)
        assert {order_id: (860, 2_300)} == ei.value.differences


class TestLeaving:
    @pytest.fixture
    def order_id(self, split):
        """
        Ten cups: five are in the US, three in China, where two are packed with them.
        """
        return split.accepted(CUP=10)

    def test_somebody_has_to_say_from_where(self, split, order_id):
        """
        Nothing moves until then.
        """
        words = "its units are in CN1 and US1: say which of them the parcel leaves from"
        facts = {"warehouses": "CN1 and US1"}
        for said in ({}, {"quantities": {"1.1": 1}}):
            with nothing_moves(split), pytest.raises(CommandRefusedError) as ei:
                leave(split, order_id, "T1", **said)
            assert (Blocker("warehouse_needed", words, facts),) == tuple(
                ei.value.blockers
            )

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({}, "warehouse_needed"),
            ({"leaves_from": "US1", "quantities": {"1.1": 8}}, "not_in_warehouse"),
        ],
    )
    def test_what_else_keeps_it_is_told_too(self, split, said, code):
        """
        Of an order that is held and that nobody has accepted both are said beside the
        place, so that nobody has to find out one by one.
        """
        order_id = split.paid(CUP=10)
        split.app.orders.hold("demo", order_id, detail="recall", by=STAFF)

        with nothing_moves(split), pytest.raises(CommandRefusedError) as ei:
            leave(split, order_id, "T1", **said)
        assert ("on_hold", "not_accepted", code) == ei.value.codes

    def test_what_is_wrong_with_the_units_is_told_too(self, split, order_id):
        """
        An item that the order does not have, beside one that is elsewhere, and more
        than is left to send.
        """
        wrong = {"9.9": 1, "1.1": 100}
        with nothing_moves(split), pytest.raises(CommandRefusedError) as ei:
            leave(split, order_id, "T1", leaves_from="US1", quantities=wrong)
        codes = ("unknown_item", "too_many_units", "not_in_warehouse")
        assert codes == ei.value.codes

    def test_each_parcel_takes_the_lots_of_its_place(self, split, order_id):
        """
        All that is left to leave from there; the last one needs no word.
        """
        leave(split, order_id, "T1", leaves_from="US1")
        assert {"US1": (0, 0), "CN1": (3, 3)} == stock_of(split)
        leave(split, order_id, "T2")
        assert {"US1": (0, 0), "CN1": (0, 0)} == stock_of(split)
        found = split.sh.seller("demo").orders.details(order_id)

        assert [{"1.1": 5}, {"1.1": 5}] == [
            {item.item_id: item.quantity for item in parcel.items}
            for parcel in found.parcels
        ]
        assert "shipped" == found.order.state

    def test_no_more_leaves_than_is_there(self, split, order_id):
        """
        Units in lots elsewhere stay there; those that are bought may leave from
        anywhere.
        """
        words = "7 of item 1.1 can leave from US1, not 8"
        facts = {"item": "1.1", "warehouse": "US1", "there": 7, "wanted": 8}
        with nothing_moves(split), pytest.raises(CommandRefusedError) as ei:
            leave(split, order_id, "T1", leaves_from="US1", quantities={"1.1": 8})
        assert (Blocker("not_in_warehouse", words, facts),) == tuple(ei.value.blockers)
        leave(split, order_id, "T1", leaves_from="US1", quantities={"1.1": 7})
        leave(split, order_id, "T2", leaves_from="CN1")
        assert {"US1": (0, 0), "CN1": (0, 0)} == stock_of(split)

    def test_what_is_bought_may_leave_alone(self, split, order_id):
        """
        From the platform's own warehouse, which has no lots.
        """
        leave(split, order_id, "T1", leaves_from="", quantities={"1.1": 2})
        assert {"US1": (5, 5), "CN1": (3, 3)} == stock_of(split)
        words = "0 of item 1.1 can leave from the platform's own warehouse, not 1"
        with nothing_moves(split), pytest.raises(CommandRefusedError, match=words):
            leave(split, order_id, "T2", leaves_from="", quantities={"1.1": 1})
        with nothing_moves(split), pytest.raises(CommandRefusedError) as ei:
            leave(split, order_id, "T2", leaves_from="")
        assert ["nothing_there"] == [b.code for b in ei.value.blockers]
        leave(split, order_id, "T2", leaves_from="CN1")
        leave(split, order_id, "T3", leaves_from="US1")
        assert {"US1": (0, 0), "CN1": (0, 0)} == stock_of(split)

    def test_a_warehouse_that_is_none_is_named(self, split, order_id):
        """
        Nothing moves.
        """
        with nothing_moves(split), pytest.raises(NotFoundError, match="XX1"):
            leave(split, order_id, "T1", leaves_from="XX1")

    def test_many_parcels_say_it_too(self, split, order_id):
        """
        Of one order from two places, in one call.
        """
        desk = split.sh.staff("ann").seller("demo").shipping
        report = desk.ship_many(
            [
                NewParcel(
                    order_id=order_id,
                    carrier="post",
                    tracking_number=number,
                    leaves_from=place,
                )
                for number, place in (("T1", "US1"), ("T2", "CN1"))
            ]
        )
        assert ({}, 2) == (report.failed, len(report.done))
        assert {"US1": (0, 0), "CN1": (0, 0)} == stock_of(split)

    def test_refunded_units_leave_their_lots(self, split, order_id):
        """
        What is refunded is on the shelf again, and leaves from nowhere.
        """
        desk = split.sh.staff("ann").seller("demo")
        leave(split, order_id, "T1", leaves_from="US1")
        desk.shipping.short_ship_rest(order_id)
        assert {"US1": (0, 0), "CN1": (3, 0)} == stock_of(split)


def test_one_warehouse_needs_no_word(split):
    """
    Whoever names another one than that with the lots is refused; an order without stock
    may leave from anywhere.
    """
    served = split.accepted("1", CUP=2)
    bought = split.accepted("2", HAT=1)
    with nothing_moves(split), pytest.raises(CommandRefusedError) as ei:
        leave(split, served, "T1", leaves_from="CN1", quantities={"1.1": 1})
    assert ["not_in_warehouse"] == [b.code for b in ei.value.blockers]
    leave(split, served, "T1")
    leave(split, bought, "T2", leaves_from="CN1")
    assert {"US1": (3, 0), "CN1": (3, 0)} == stock_of(split)


def test_a_policy_that_nobody_offers_is_refused(split):
    """
    When it is said, not at the next checkout.
    """
    desk = split.sh.staff("ann").sellers
    with nothing_moves(split), pytest.raises(UnknownProviderError, match="halves"):
        desk.allocate_by("demo", "halves")
    assert "split_available" == desk.get("demo").allocation_policy
