"""
A day without a time: it lasts until its end in the platform's zone.
"""

from datetime import UTC, date, datetime

import pytest

from sourcehere import InvalidInputError, Money, Price, Settings
from sourcehere.domain.freight.handling import Source
from sourcehere.testing.factories import open_bench, snapshot


def open_at(at, zone="Asia/Shanghai"):
    """
    Open a bench at an instant, in a zone.
    """
    bench = open_bench(settings=Settings(zone=zone))
    bench.clock.at = at
    return bench


def offered_until(bench, until):
    """
    Quote for a cup until a day or an instant; return until when it holds.
    """
    desk = bench.sh.staff("ann").seller("demo").quotes
    made = desk.offer(
        "shop",
        "CUP",
        variant_id=bench.variants["CUP"],
        prices=(Price(Money(100, "USD")),),
        valid_until=until,
    )
    return desk.get(made.request_id).quote.valid_until


class TestUntil:
    @pytest.mark.parametrize(
        ("zone", "ends"),
        [
            ("Asia/Shanghai", datetime(2026, 3, 2, 16, tzinfo=UTC)),
            ("Europe/London", datetime(2026, 3, 3, tzinfo=UTC)),
        ],
    )
    def test_a_quote_until_today_lasts_today(self, zone, ends):
        """
        At noon a quote until today is no quote of the past: it holds until midnight.
        """
        bench = open_at(datetime(2026, 3, 2, 12, tzinfo=UTC), zone)

        assert ends == offered_until(bench, date(2026, 3, 2))

    def test_a_day_that_is_over_there_is_refused(self):
        """
        At 17:00 UTC it is tomorrow in Shanghai.
        """
        bench = open_at(datetime(2026, 3, 2, 17, tzinfo=UTC))

        with pytest.raises(InvalidInputError) as ei:
            offered_until(bench, date(2026, 3, 2))
        assert "valid_until" == ei.value.field

    def test_a_time_is_that_time(self):
        """
        A time with its zone is taken as it is; one without is refused.
        """
        at = datetime(2026, 3, 2, 12, tzinfo=UTC)
        bench = open_at(at)
        until = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)

        assert until == offered_until(bench, until)
        with pytest.raises(InvalidInputError, match="a time with its zone"):
            offered_until(bench, datetime(2026, 3, 2, 12, 30))  # noqa: DTZ001

    def test_a_hold_until_today_lasts_today(self):
        """
        A hold of staff ends at midnight in the platform's zone.
        """
        bench = open_at(datetime(2026, 3, 2, 12, tzinfo=UTC))
        (order_id,) = bench.sync(snapshot(CUP=1))
        desk = bench.sh.staff("ann").seller("demo").orders
        desk.hold(order_id, detail="count first", until=date(2026, 3, 2))
        (hold,) = desk.get(order_id).holds

        assert datetime(2026, 3, 2, 16, tzinfo=UTC) == hold.deadline


class TestPaidOn:
    @pytest.mark.parametrize(
        ("zone", "source", "earliest", "latest"),
        [
            # Saturday in China: work begins on Monday.
            ("Asia/Shanghai", Source.CLOUD, date(2026, 3, 17), date(2026, 3, 24)),
            ("Asia/Shanghai", Source.DIRECT, date(2026, 3, 19), date(2026, 3, 27)),
            # Friday still: it leaves on Friday, or on Monday.
            ("Europe/London", Source.CLOUD, date(2026, 3, 14), date(2026, 3, 23)),
            ("Europe/London", Source.DIRECT, date(2026, 3, 18), date(2026, 3, 26)),
        ],
    )
    def test_it_is_the_day_at_the_origin(self, zone, source, earliest, latest):
        """
        Friday 17:00 UTC is Saturday in China, and nobody packs on Saturdays.
        """
        bench = open_at(datetime(2026, 3, 6, 17, tzinfo=UTC), zone)
        found = bench.sh.staff("ann").freight.estimate(
            days_min=8, days_max=14, source=source
        )

        assert (earliest, latest) == (found.earliest, found.latest)

    def test_a_day_that_is_said_is_that_day(self):
        """
        Who names the day of payment names the origin's; an instant is no day.
        """
        bench = open_at(datetime(2026, 3, 6, 17, tzinfo=UTC))
        freight = bench.sh.staff("ann").freight
        found = freight.estimate(
            days_min=8, days_max=14, source=Source.CLOUD, paid_on=date(2026, 3, 6)
        )

        assert date(2026, 3, 14) == found.earliest
        with pytest.raises(InvalidInputError, match="paid_on"):
            freight.estimate(
                days_min=8,
                days_max=14,
                source=Source.CLOUD,
                paid_on=bench.clock.now(),
            )
