"""
An offer says when each order arrives, and when it would from the other source.
"""

import sys
from datetime import UTC, date, datetime, timedelta

import attrs
import pytest

import sourcehere
from sourcehere import (
    CommandRefusedError,
    InvalidInputError,
    Money,
    Settings,
    ShipBy,
)
from sourcehere.builtin.calendars import WeekdayCalendar
from sourcehere.domain.freight.estimate import DaysSaved
from sourcehere.domain.freight.handling import Handling, Source, WorkingDayRange
from sourcehere.domain.freight.model import DeliveryEstimate
from sourcehere.face.plain import to_dict
from sourcehere.face.records.money import Arrival
from sourcehere.ports.errors import DeclinedError
from sourcehere.testing.factories import STAFF, open_bench, snapshot
from sourcehere.testing.fake_carrier import (
    FakeCarrier,
    FakeCarriers,
    answering,
    option,
)

SATURDAY = datetime(2026, 3, 6, 17, tzinfo=UTC)  # in China
STD = {"method": "std", "freight": Money(400, "USD")}
CLOUD = Arrival(
    source=Source.CLOUD,
    country="CN",
    estimate=DeliveryEstimate(date(2026, 3, 17), date(2026, 3, 24), provisional=False),
    **STD,
)
DIRECT = Arrival(
    source=Source.DIRECT,
    country="CN",
    estimate=DeliveryEstimate(date(2026, 3, 19), date(2026, 3, 27), provisional=False),
    **STD,
)


def audited(bench):
    """
    Lend a bench, which is clean when the test ends.
    """
    bench.clock.at = SATURDAY
    bench.connect(bench.rule("CUP"))
    yield bench
    assert () == bench.app.audit.run(replay=True).violations


@pytest.fixture
def bench(storage):
    """
    Return a bench on a Saturday in China.
    """
    yield from audited(open_bench(storage=storage))


@pytest.fixture
def carrier():
    """
    Return a carrier that is faster and cheaper from the United States.
    """

    def answer(request):
        if request.origin == "US":
            return answering(option("local", 100, days_min=2, days_max=4))
        return answering(option("post", 200, days_min=10, days_max=20))

    return FakeCarrier(answer=answer)


@pytest.fixture
def abroad(storage, carrier):
    """
    Return a bench whose only carrier is *carrier*, with a warehouse in the US that is
    asked first.
    """
    bench = open_bench(storage=storage, plugins=[FakeCarriers(acme=carrier)])
    freight = bench.app.freight
    freight.connect(
        "acme", provider="fake_carrier", config={"carrier": "acme"}, by=STAFF
    )
    freight.move("card", "disconnect", by=STAFF)
    bench.app.cloud.add_warehouse(
        "US1", name="Dover", country="US", by=STAFF, priority=0
    )
    yield from audited(bench)


def offered(bench, **units):
    """
    Check one order of the shop out, and return what is offered for it.
    """
    (order_id,) = bench.sync(snapshot(**units))
    (order,) = bench.sh.seller("demo").checkouts.open([order_id]).orders
    return order


class TestOffer:
    @pytest.mark.parametrize(
        ("stocked", "arrival", "other"),
        [
            (0, DIRECT, CLOUD),
            (3, attrs.evolve(DIRECT, source=Source.PARTLY), CLOUD),
            (5, CLOUD, DIRECT),
        ],
    )
    def test_both_sources_are_shown(self, bench, stocked, arrival, other):
        """
        Of five cups none, some or all are in stock. What is sent is first, by its
        slowest part; beside it is the other source; the cloud saves 2 to 3 days.
        """
        if stocked:
            bench.stocked(CUP=stocked)
        order = offered(bench, CUP=5)
        arrival, other = (
            attrs.evolve(one, freight=order.freight) for one in (arrival, other)
        )

        assert (arrival, other) == (order.arrival, order.other_arrival)
        assert DaysSaved(2, 3) == order.days_saved

    def test_as_data(self, bench):
        """
        Days are ISO texts, and what is saved is two numbers.
        """
        told = to_dict(offered(bench, CUP=1))

        assert {
            "source": "direct",
            "country": "CN",
            "method": "std",
            "freight": {"amount": "4.00", "currency": "USD", "minor": 400},
            "estimate": {
                "earliest": "2026-03-19",
                "latest": "2026-03-27",
                "provisional": False,
            },
        } == told["arrival"]
        assert "cloud" == told["other_arrival"]["source"]
        assert {"earliest": 2, "latest": 3} == told["days_saved"]

    def test_a_list_is_planned_one_after_the_other(self, bench):
        """
        The first order takes the stock; the second is told what stock would gain.
        """
        bench.stocked(CUP=3)
        ids = bench.sync(snapshot("1", CUP=3), snapshot("2", CUP=3))
        first, second = bench.sh.seller("demo").checkouts.open(ids).orders

        assert Source.CLOUD == first.arrival.source
        assert Source.DIRECT == second.arrival.source
        assert first.days_saved == second.days_saved == DaysSaved(2, 3)

    def test_nothing_goes_to_a_customer(self, bench):
        """
        An order for stock arrives at no customer.
        """
        desk = bench.sh.seller("demo")
        bulk = desk.drafts.cloud("CN1", bench.wanted(CUP=3))
        desk.drafts.place(bulk.order_id)
        (order,) = desk.checkouts.open([bulk.order_id]).orders

        assert (None, None, None) == (
            order.arrival,
            order.other_arrival,
            order.days_saved,
        )

    def test_no_warehouse_delivers_there(self, bench):
        """
        Where no cloud warehouse delivers to, there is one source.
        """
        bench.app.cloud.add_warehouse(
            "CN1", name="Yiwu", country="CN", by=STAFF, serves=("FR",)
        )
        order = offered(bench, CUP=1)

        assert (DIRECT, None, None) == (
            order.arrival,
            order.other_arrival,
            order.days_saved,
        )

    def test_a_command_that_comes_again_says_the_same(self, bench):
        """
        The days are those of the checkout: two days later the same command has the
        same answer, and a new one counts from then.
        """
        (order_id,) = bench.sync(snapshot(CUP=1))
        desk = bench.sh.seller("demo").checkouts
        first = desk.open([order_id], command_id="once")
        bench.clock.advance(timedelta(days=3))

        assert first == desk.open([order_id], command_id="once")
        (later,) = desk.open([order_id]).orders
        assert date(2026, 3, 20) == later.arrival.estimate.earliest

    def test_without_the_library_of_holidays(self, bench, monkeypatch):
        """
        A checkout needs no calendar: it says nothing of days, and the order is paid.
        """
        monkeypatch.setitem(sys.modules, "holidays", None)
        (order_id,) = bench.sync(snapshot(CUP=1))
        desk = bench.sh.seller("demo").checkouts
        offer = desk.open([order_id])

        (order,) = offer.orders
        assert (None, None, None) == (
            order.arrival,
            order.other_arrival,
            order.days_saved,
        )
        assert offer.total == desk.pay(offer).total


class TestAbroad:
    def test_stock_abroad_has_its_own_way(self, abroad, carrier):
        """
        What is sourced directly would come from the US in days of the US: packed on
        Monday or Tuesday, 2 to 4 days on the way, for that freight.
        """
        order = offered(abroad, CUP=1)

        assert Source.DIRECT == order.arrival.source
        assert (date(2026, 3, 21), date(2026, 4, 2)) == (
            order.arrival.estimate.earliest,
            order.arrival.estimate.latest,
        )
        assert (
            Arrival(
                source=Source.CLOUD,
                country="US",
                method="local",
                freight=Money(100, "USD"),
                estimate=DeliveryEstimate(
                    date(2026, 3, 11), date(2026, 3, 14), provisional=True
                ),
            )
            == order.other_arrival
        )
        assert DaysSaved(10, 19) == order.days_saved
        assert Money(200, "USD") == order.freight
        assert ["CN", "US"] == [request.origin for request in carrier.asked]

    def test_the_rule_of_the_shop_holds_there_too(self, abroad, carrier):
        """
        From the other source the order travels as the rule of its shop says, not by
        what is cheapest there.
        """

        def answer(request):
            if request.origin == "US":
                return answering(
                    option("local", 100, days_min=2, days_max=4),
                    option("courier", 900, days_min=1, days_max=1),
                )
            return answering(option("post", 200, days_min=10, days_max=20))

        carrier.answer = answer
        abroad.sh.seller("demo").stores.change("shop", ship_by=ShipBy.FASTEST)

        assert "courier" == offered(abroad, CUP=1).other_arrival.method

    def test_each_mode_is_compared_with_itself(self, abroad, carrier):
        """
        A mode's other source is by the same method; none where that goes from one
        origin only.
        """

        def answer(request):
            if request.origin == "US":
                return answering(
                    option("local", 100, days_min=2, days_max=4),
                    option("courier", 900, days_min=1, days_max=1),
                )
            return answering(
                option("post", 200, days_min=10, days_max=20),
                option("courier", 800, days_min=2, days_max=3),
            )

        carrier.answer = answer
        (order_id,) = abroad.sync(snapshot(CUP=1))
        post, courier = abroad.sh.seller("demo").checkouts.modes(order_id).modes

        assert ("post", None) == (post.method, post.other_arrival)
        assert ("courier", "courier", Money(900, "USD")) == (
            courier.method,
            courier.other_arrival.method,
            courier.other_arrival.freight,
        )

    def test_from_stock_abroad(self, abroad, carrier):
        """
        What is in stock there is offered so, and direct goods are beside it.
        """
        abroad.stocked("US1", CUP=3)
        order = offered(abroad, CUP=3)

        assert (Source.CLOUD, "US", "local") == (
            order.arrival.source,
            order.arrival.country,
            order.arrival.method,
        )
        assert (Source.DIRECT, "CN", "post") == (
            order.other_arrival.source,
            order.other_arrival.country,
            order.other_arrival.method,
        )
        assert DaysSaved(10, 19) == order.days_saved
        assert ["US", "CN"] == [request.origin for request in carrier.asked]

    def test_partly_from_abroad(self, abroad):
        """
        What draws partly on it goes with what is sourced directly, and as late.
        """
        abroad.stocked("US1", CUP=3)
        order = offered(abroad, CUP=5)

        assert (Source.PARTLY, "US", "post") == (
            order.arrival.source,
            order.arrival.country,
            order.arrival.method,
        )
        assert (date(2026, 3, 21), date(2026, 4, 2), True) == (
            order.arrival.estimate.earliest,
            order.arrival.estimate.latest,
            order.arrival.estimate.provisional,
        )
        assert "local" == order.other_arrival.method

    @pytest.mark.parametrize("fails", [True, False])
    def test_no_way_from_there(self, abroad, carrier, fails):
        """
        A carrier that fails, or has no way, from the other source costs no order.
        """

        def answer(request):
            if request.origin == "US":
                if fails:
                    raise DeclinedError(provider="acme", detail="not from there")
                return answering()
            return answering(option("post", 200, days_min=10, days_max=20))

        carrier.answer = answer
        ids = abroad.sync(*[snapshot(str(n), CUP=n) for n in range(1, 6)])
        orders = abroad.sh.seller("demo").checkouts.open(ids).orders

        assert 5 == len(orders)
        assert {None} == {order.other_arrival for order in orders}
        assert {Source.DIRECT} == {order.arrival.source for order in orders}

    def test_a_chosen_method_is_chosen_there_too(self, abroad):
        """
        The post does not go from there, so an order that chose it has one source.
        """
        (order_id,) = abroad.sync(snapshot(CUP=1))
        desk = abroad.sh.seller("demo")
        desk.orders.choose_shipping([order_id], "post")
        (order,) = desk.checkouts.open([order_id]).orders

        assert ("post", None) == (order.arrival.method, order.other_arrival)
        abroad.stocked("US1", CUP=3)
        with pytest.raises(CommandRefusedError, match="post cannot be used"):
            desk.checkouts.open([order_id])


class TestSettings:
    def test_steps_are_the_platforms(self, storage):
        """
        Who buys in 1 to 2 days, brings in 4 to 5 and packs the next day says so.
        """
        handling = Handling(
            buy=WorkingDayRange(1, 2),
            bring=WorkingDayRange(4, 5),
            pack=WorkingDayRange(1, 1),
        )
        bench = open_bench(storage=storage, settings=Settings(handling=handling))
        (lent,) = [next(audited(bench))]
        order = offered(lent, CUP=1)

        assert (date(2026, 3, 25), date(2026, 4, 2)) == (
            order.arrival.estimate.earliest,
            order.arrival.estimate.latest,
        )
        assert DaysSaved(7, 9) == order.days_saved

    def test_an_origin_whose_holidays_are_not_known(self):
        """
        Goods from Vietnam are counted by weekdays, and that is provisional.
        """
        bench = open_bench(settings=Settings(origin="VN"))
        bench.clock.at = SATURDAY
        found = bench.sh.staff("ann").freight.compare(days_min=8, days_max=14)

        assert (True, True) == (found.cloud.provisional, found.direct.provisional)
        assert DaysSaved(2, 3) == found.days_saved

    def test_calendars_by_country(self):
        """
        A calendar for the warehouse's country is used for it; the origin keeps its own.
        """
        with sourcehere.open(
            load_entry_points=False, calendars={"US": WeekdayCalendar()}
        ) as sh:
            found = sh.staff("ann").freight.compare(
                days_min=1, days_max=1, country="US", paid_on=date(2026, 2, 17)
            )

        assert (
            DeliveryEstimate(date(2026, 2, 18), date(2026, 2, 19), provisional=False)
            == found.cloud
        )
        assert (
            DeliveryEstimate(date(2026, 2, 27), date(2026, 3, 1), provisional=False)
            == found.direct
        )

    def test_no_country(self):
        """
        An origin, a warehouse or a calendar of no country is refused.
        """
        with pytest.raises(InvalidInputError) as ei:
            Settings(origin="China")
        assert ("origin", "China") == (ei.value.field, ei.value.value)
        with pytest.raises(InvalidInputError) as ei:
            sourcehere.open(load_entry_points=False, calendars={"X": WeekdayCalendar()})
        assert ("calendars", "X") == (ei.value.field, ei.value.value)
        freight = open_bench().sh.staff("ann").freight
        with pytest.raises(InvalidInputError) as ei:
            freight.compare(days_min=1, days_max=2, country="Utopia")
        assert ("country", "Utopia") == (ei.value.field, ei.value.value)
