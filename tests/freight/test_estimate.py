"""
When parcels arrive: working days of the origin, then days on the way.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere.builtin.calendars import ChineseCalendar, WeekdayCalendar
from sourcehere.domain.freight.estimate import (
    DaysSaved,
    Source,
    days_saved,
    estimate_delivery,
    handling_days,
    working_days_after,
)
from sourcehere.domain.freight.model import DeliveryEstimate

WEEKDAYS = WeekdayCalendar()
CHINA = ChineseCalendar()


class Until:
    """
    A calendar of weekdays that is published up to a year.
    """

    def __init__(self, year: int) -> None:
        self.year = year

    def is_working_day(self, day: date, /) -> bool:
        """
        Tell whether *day* is a weekday.
        """
        return WEEKDAYS.is_working_day(day)

    def is_published(self, year: int, /) -> bool:
        """
        Tell whether *year* is not after the last published one.
        """
        return year <= self.year


class Never(Until):
    """
    A calendar in which nobody works.
    """

    def is_working_day(self, day: date, /) -> bool:  # noqa: ARG002 - no day is one
        """
        Deny.
        """
        return False


def estimate(paid_on: date, source: Source, *, calendar=WEEKDAYS) -> DeliveryEstimate:
    """
    Estimate a method of 7 to 12 days.
    """
    return estimate_delivery(
        paid_on=paid_on, source=source, days_min=7, days_max=12, calendar=calendar
    )


@pytest.mark.parametrize(
    ("paid_on", "source", "leaves"),
    [
        (date(2026, 3, 2), Source.CLOUD, (date(2026, 3, 2), date(2026, 3, 3))),
        (date(2026, 3, 2), Source.DIRECT, (date(2026, 3, 4), date(2026, 3, 6))),
        (date(2026, 3, 6), Source.CLOUD, (date(2026, 3, 6), date(2026, 3, 9))),
        (date(2026, 3, 6), Source.DIRECT, (date(2026, 3, 10), date(2026, 3, 12))),
        (date(2026, 3, 7), Source.CLOUD, (date(2026, 3, 9), date(2026, 3, 9))),
        (date(2026, 3, 7), Source.DIRECT, (date(2026, 3, 10), date(2026, 3, 12))),
    ],
)
def test_weekends_do_not_count_until_it_leaves(paid_on, source, leaves):
    """
    Cloud stock leaves within 1 working day, direct goods within 2 to 4; on the way
    every day counts.
    """
    first, last = leaves

    assert estimate(paid_on, source) == DeliveryEstimate(
        first + timedelta(days=7), last + timedelta(days=12), provisional=False
    )


class TestChineseNewYear:
    """
    The holiday of 15 to 23 February 2026, made up for on Saturdays the 14th and 28th.
    """

    def test_make_up_saturday_counts(self):
        """
        Paid on Friday the 13th, cloud stock still leaves on the Saturday.
        """
        assert estimate(
            date(2026, 2, 13), Source.CLOUD, calendar=CHINA
        ) == DeliveryEstimate(date(2026, 2, 20), date(2026, 2, 26), provisional=False)

    def test_direct_goods_wait_for_the_end_of_the_holiday(self):
        """
        Paid on Friday the 13th, the second working day is the 24th, the fourth the
        26th; the cloud warehouse saves 11 to 12 days.
        """
        direct = estimate(date(2026, 2, 13), Source.DIRECT, calendar=CHINA)
        cloud = estimate(date(2026, 2, 13), Source.CLOUD, calendar=CHINA)

        assert direct == DeliveryEstimate(
            date(2026, 3, 3), date(2026, 3, 10), provisional=False
        )
        assert DaysSaved(earliest=11, latest=12) == days_saved(
            cloud=cloud, direct=direct
        )

    def test_paid_during_the_holiday(self):
        """
        Paid on the 17th, direct goods count from the 24th, Saturday the 28th included.
        """
        direct = estimate(date(2026, 2, 17), Source.DIRECT, calendar=CHINA)

        assert direct == DeliveryEstimate(
            date(2026, 2, 25) + timedelta(days=7),
            date(2026, 2, 27) + timedelta(days=12),
            provisional=False,
        )
        assert date(2026, 2, 28) == working_days_after(
            date(2026, 2, 17), 5, calendar=CHINA
        )


class TestProvisional:
    @pytest.mark.parametrize(
        ("paid_on", "source", "provisional"),
        [
            (date(2026, 12, 30), Source.CLOUD, False),
            (date(2026, 12, 30), Source.DIRECT, True),
            (date(2026, 12, 31), Source.CLOUD, True),
            (date(2027, 1, 4), Source.CLOUD, True),
        ],
    )
    def test_only_counted_years_matter(self, paid_on, source, provisional):
        """
        An estimate is provisional as soon as a working day is counted in a year that
        is not published; days on the way need no calendar.
        """
        assert (
            provisional is estimate(paid_on, source, calendar=Until(2026)).provisional
        )


class TestWorkingDays:
    def test_nobody_works(self):
        """
        A calendar without working days is a broken one, not an endless search.
        """
        with pytest.raises(ValueError, match="no working day"):
            working_days_after(date(2026, 1, 1), 0, calendar=Never(2026))

    def test_handling(self):
        """
        Direct goods need 2 to 3 working days more than cloud stock.
        """
        assert (0, 1) == handling_days(Source.CLOUD)
        assert (2, 4) == handling_days(Source.DIRECT)

    @given(day=st.dates(date(2024, 1, 1), date(2026, 12, 1)), count=st.integers(0, 9))
    def test_exactly_that_many_days_are_worked(self, day, count):
        """
        From the day after up to the answer there are *count* working days.
        """
        after = working_days_after(day, count, calendar=CHINA)
        span = [day + timedelta(days=i) for i in range(1, (after - day).days + 1)]
        worked = sum(map(CHINA.is_working_day, span))

        assert CHINA.is_working_day(after)
        starts_working = CHINA.is_working_day(day)
        assert worked == (count if starts_working else max(count, 1))

    @given(day=st.dates(date(2024, 1, 1), date(2026, 12, 1)))
    def test_cloud_is_never_later(self, day):
        """
        Stock in the cloud warehouse saves at least two days, either way.
        """
        saved = days_saved(
            cloud=estimate(day, Source.CLOUD, calendar=CHINA),
            direct=estimate(day, Source.DIRECT, calendar=CHINA),
        )

        assert saved.latest >= 3
        assert saved.earliest >= (2 if CHINA.is_working_day(day) else 1)
