"""
When an order of a checkout arrives: as it is sent, and from the other source.
"""

from datetime import date, timedelta

import pytest

from sourcehere.builtin.memory import MemoryStorage
from sourcehere.domain.freight.handling import Source
from sourcehere.testing.factories import SELLER, STAFF, open_bench, snapshot
from sourcehere.testing.fake_carrier import (
    FakeCarrier,
    FakeCarriers,
    answering,
    option,
)
from sourcehere.unit.tables import TABLES

CUPS, LAMPS = {"CUP": 2}, {"CUP": 2, "LAMP": 1}


@pytest.fixture
def storage():
    """
    Memory alone: when an order arrives does not depend on it.
    """
    return MemoryStorage(TABLES)


def arrivals(bench, **units):
    """
    Check an order out; return (source, country, method, freight, earliest, latest).
    """
    order_ids = bench.sync(snapshot("9", **units))
    (plan,) = bench.app.checkouts.checkout("demo", order_ids, by=SELLER).plans
    return [
        (
            one.source,
            one.country,
            one.method,
            one.freight_minor,
            one.earliest,
            one.latest,
        )
        for one in plan.arrivals
    ]


def by_source(bench, **units):
    """
    Return the sources and countries only.
    """
    return [(source, country) for source, country, *_ in arrivals(bench, **units)]


class TestAtHome:
    def test_from_stock_and_sourced_directly(self, paired):
        """
        Both come from China by one method; from stock it is faster.
        """
        paired.stocked(CUP=3)

        assert [
            ("cloud", "CN", "std", 550, date(2026, 3, 10), date(2026, 3, 17)),
            ("direct", "CN", "std", 550, date(2026, 3, 12), date(2026, 3, 20)),
        ] == arrivals(paired, **CUPS)

    @pytest.mark.parametrize(
        ("units", "source"),
        [
            ({"LAMP": 1}, "direct"),
            ({"CUP": 3}, "cloud"),
            ({"CUP": 4}, "partly"),
            ({"CUP": 1, "LAMP": 1}, "partly"),
            ({"LAMP": 1, "CUP": 1}, "partly"),
        ],
    )
    def test_where_it_comes_from(self, paired, units, source):
        """
        From stock, where all of it is there; partly, where a unit is.
        """
        paired.stocked(CUP=3)
        other = "direct" if source == "cloud" else "cloud"

        assert [(source, "CN"), (other, "CN")] == by_source(paired, **units)

    def test_where_no_warehouse_delivers(self, bench):
        """
        There is no other source.
        """
        bench.app.cloud.add_warehouse(
            "CN1", name="Yiwu", country="CN", serves=("GB",), by=STAFF
        )
        bench.connect(bench.rule("CUP"))

        assert [("direct", "CN")] == by_source(bench, **CUPS)

    def test_where_a_warehouse_delivers_by_name(self, bench):
        """
        To the countries it names, of which the order's is one.
        """
        bench.app.cloud.add_warehouse(
            "CN1", name="Yiwu", country="CN", serves=("GB", "US"), by=STAFF
        )
        bench.connect(bench.rule("CUP"))

        assert [("direct", "CN"), ("cloud", "CN")] == by_source(bench, **CUPS)

    def test_another_day_is_another_arrival(self, paired):
        """
        What was counted yesterday is counted anew.
        """
        before = arrivals(paired, CUP=1)
        paired.clock.advance(timedelta(days=7))
        after = arrivals(paired, CUP=1)

        for (*_, earliest, latest), (*_, sooner, later) in zip(
            before, after, strict=True
        ):
            assert timedelta(days=7) <= sooner - earliest
            assert timedelta(days=7) <= later - latest


class TestAbroad:
    @pytest.fixture
    def acme(self):
        """
        A carrier that is cheaper and faster from the country of the stock.
        """

        def answer(request):
            is_near = request.origin == "US"
            days = {"days_min": 1, "days_max": 2} if is_near else {}
            return answering(option("van", 300 if is_near else 900, **days))

        return FakeCarrier(answer=answer)

    @pytest.fixture
    def abroad(self, storage, acme):
        """
        A bench whose stock is in the United States, and that carrier alone.
        """
        made = open_bench(storage=storage, plugins=[FakeCarriers(acme=acme)])
        made.app.freight.move("card", "disconnect", by=STAFF)
        made.app.freight.connect(
            "acme", provider="fake_carrier", config={"carrier": "acme"}, by=STAFF
        )
        made.app.cloud.add_warehouse(
            "CN1", name="Yiwu", country="CN", serves=("GB",), by=STAFF
        )
        made.app.cloud.add_warehouse("US1", name="Dover", country="US", by=STAFF)
        for sku in ("CUP", "LAMP"):
            made.connect(made.rule(sku))
        return made

    def test_each_source_has_its_own_way(self, abroad, acme):
        """
        The carrier is asked from where the stock is, and from the origin.
        """
        assert [("direct", "CN", "van", 900), ("cloud", "US", "van", 300)] == [
            one[:4] for one in arrivals(abroad, **CUPS)
        ]
        assert ["CN", "US"] == [request.origin for request in acme.asked]

    def test_every_way_is_estimated_so(self, abroad):
        """
        Where ways are listed, each has its arrival from the other source, too.
        """
        (order_id,) = abroad.sync(snapshot("9", **CUPS))
        (mode,) = abroad.app.modes.modes("demo", order_id).modes

        assert [("direct", "CN", 900), ("cloud", "US", 300)] == [
            (one.source, one.country, one.freight_minor) for one in mode.arrivals
        ]

    def test_from_stock_abroad(self, abroad, acme):
        """
        The other way round, once all of it is there.
        """
        abroad.stocked("US1", CUP=3)
        acme.asked.clear()

        assert [("cloud", "US", "van", 300), ("direct", "CN", "van", 900)] == [
            one[:4] for one in arrivals(abroad, **CUPS)
        ]
        assert ["US", "CN"] == [request.origin for request in acme.asked]

    def test_what_the_other_source_cannot_send(self, abroad, acme):
        """
        Where no carrier takes it from there, there is no other source.
        """
        answer = acme.answer
        acme.answer = lambda r: answering() if r.origin == "US" else answer(r)

        assert [("direct", "CN")] == by_source(abroad, **LAMPS)


class TestAsked:
    def test_today_or_another_day(self, bench):
        """
        Of a warehouse's country, or the origin's if none is named.
        """
        estimate = bench.app.freight.estimate
        days = {"days_min": 8, "days_max": 14}
        monday = date(2026, 3, 2)

        for source in Source:
            assert estimate(**days, source=source) == estimate(
                **days, source=source, country="CN", paid_on=monday
            )
        later = estimate(**days, source=Source.CLOUD, paid_on=date(2026, 4, 6))
        assert later.earliest > estimate(**days, source=Source.CLOUD).earliest

    def test_both_are_compared(self, bench):
        """
        Each as it is estimated by itself.
        """
        service = bench.app.freight
        days = {"days_min": 8, "days_max": 14, "paid_on": date(2026, 4, 6)}
        found = service.compare(**days, country="US")

        assert (
            service.estimate(**days, source=Source.CLOUD, country="US"),
            service.estimate(**days, source=Source.DIRECT, country="US"),
        ) == (found.cloud, found.direct)
        today = service.compare(days_min=8, days_max=14)
        assert service.estimate(days_min=8, days_max=14, source=Source.CLOUD) == (
            today.cloud
        )
