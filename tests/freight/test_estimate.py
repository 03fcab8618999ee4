"""
When parcels arrive: working days of each step's country, then days on the way.
"""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere import InvalidInputError
from sourcehere.builtin.calendars import (
    ChineseCalendar,
    CountryCalendars,
    WeekdayCalendar,
)
from sourcehere.domain.freight.estimate import (
    DaysSaved,
    compare,
    estimate_delivery,
    working_days_after,
)
from sourcehere.domain.freight.handling import (
    Handling,
    Source,
    Step,
    WorkingDayRange,
    routes_of,
)
from sourcehere.domain.freight.model import DeliveryEstimate

WEEKDAYS = WeekdayCalendar()
CHINA = ChineseCalendar()
USUAL = Handling()


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


def estimate(
    paid_on: date,
    source: Source,
    *,
    calendar=WEEKDAYS,
    calendars=None,
    warehouse="",
    handling=USUAL,
) -> DeliveryEstimate:
    """
    Estimate a method of 7 to 12 days from China, whose calendar is given.
    """
    return estimate_delivery(
        paid_on=paid_on,
        source=source,
        days_min=7,
        days_max=12,
        calendars=calendars or CountryCalendars({"CN": calendar}),
        handling=handling,
        origin="CN",
        warehouse=warehouse,
    )


def saved_on(paid_on: date, **given) -> DaysSaved:
    """
    Return what the cloud warehouse saves on a day by the Chinese calendar.
    """
    cloud, direct = (
        estimate(paid_on, source, calendar=CHINA, **given)
        for source in (Source.CLOUD, Source.DIRECT)
    )
    return compare(cloud=cloud, direct=direct).days_saved


def every_day(first: int, last: int) -> list[date]:
    """
    List every day from a year to another.
    """
    start = date(first, 1, 1)
    count = (date(last, 12, 31) - start).days + 1
    return [start + timedelta(days=i) for i in range(count)]


@pytest.mark.parametrize(
    ("paid_on", "source", "leaves"),
    [
        (date(2026, 3, 2), Source.CLOUD, (date(2026, 3, 2), date(2026, 3, 3))),
        (date(2026, 3, 2), Source.DIRECT, (date(2026, 3, 4), date(2026, 3, 6))),
        (date(2026, 3, 6), Source.CLOUD, (date(2026, 3, 6), date(2026, 3, 9))),
        (date(2026, 3, 6), Source.DIRECT, (date(2026, 3, 10), date(2026, 3, 12))),
        # A Saturday, and a Sunday: work begins on Monday, and counts from there.
        (date(2026, 3, 7), Source.CLOUD, (date(2026, 3, 9), date(2026, 3, 10))),
        (date(2026, 3, 7), Source.DIRECT, (date(2026, 3, 11), date(2026, 3, 13))),
        (date(2026, 3, 8), Source.CLOUD, (date(2026, 3, 9), date(2026, 3, 10))),
        (date(2026, 3, 8), Source.DIRECT, (date(2026, 3, 11), date(2026, 3, 13))),
        (date(2026, 3, 8), Source.PARTLY, (date(2026, 3, 11), date(2026, 3, 13))),
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
        assert DaysSaved(11, 12) == compare(cloud=cloud, direct=direct).days_saved

    def test_paid_during_the_holiday(self):
        """
        Paid on the 17th, direct goods count from the 24th, when work begins: the second
        working day behind it is the 26th, the fourth the make-up Saturday.
        """
        direct = estimate(date(2026, 2, 17), Source.DIRECT, calendar=CHINA)

        assert direct == DeliveryEstimate(
            date(2026, 2, 26) + timedelta(days=7),
            date(2026, 2, 28) + timedelta(days=12),
            provisional=False,
        )
        assert date(2026, 3, 2) == working_days_after(
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
        assert worked == (count if starts_working else count + 1)


class TestPromise:
    """
    "For products with sensitive delivery time, the use of Yuncang orders can shorten
    the delivery time of 2-3 days."
    """

    @pytest.mark.parametrize("year", range(2024, 2030))
    def test_two_to_three_working_days_on_every_date(self, year):
        """
        Whatever the day of payment, the cloud warehouse saves exactly 2 working days at
        the least and 3 at the most, so never fewer days than that; in years that are
        not published, too.
        """
        for day in every_day(year, year):
            cloud, direct = (
                estimate(day, source, calendar=CHINA)
                for source in (Source.CLOUD, Source.DIRECT)
            )
            for start, end, count in (
                (cloud.earliest, direct.earliest, 2),
                (cloud.latest, direct.latest, 3),
            ):
                transit = timedelta(days=7 if count == 2 else 12)
                gained = [
                    start - transit + timedelta(days=i)
                    for i in range(1, (end - start).days + 1)
                ]
                assert count == sum(map(CHINA.is_working_day, gained)), day
            saved = compare(cloud=cloud, direct=direct).days_saved
            assert saved.earliest >= 2, day
            assert saved.latest >= 3, day

    def test_in_days_it_is_often_more(self):
        """
        Of the 1,096 dates of three published years the earliest day of arrival is 2 or
        3 days sooner on 811, the latest 3 on 563; else a weekend or a holiday lies
        between, which direct goods wait for.
        """
        saved = [saved_on(day) for day in every_day(2024, 2026)]

        assert {
            2: 779, 3: 32, 4: 245, 5: 20, 7: 6, 9: 5, 10: 7, 11: 2,
        } == Counter(one.earliest for one in saved)  # fmt: skip
        assert {
            3: 563, 4: 69, 5: 383, 6: 44, 8: 13, 10: 9, 11: 11, 12: 4,
        } == Counter(one.latest for one in saved)  # fmt: skip
        assert 1096 == len(saved)

    @given(
        day=st.dates(date(2024, 1, 1), date(2029, 12, 1)),
        steps=st.lists(
            st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=3
        ),
    )
    def test_cloud_is_never_later(self, day, steps):
        """
        However long the steps take, stock in the origin's cloud warehouse is as early
        as direct goods at least, and what draws partly on it is as late as they are.
        """
        ranges = [WorkingDayRange(min(step), max(step)) for step in steps]
        handling = Handling(buy=ranges[0], bring=ranges[1], pack=ranges[2])
        saved = saved_on(day, handling=handling)
        direct, partly = (
            estimate(day, source, calendar=CHINA, handling=handling)
            for source in (Source.DIRECT, Source.PARTLY)
        )

        assert saved.earliest >= ranges[0].least + ranges[1].least
        assert saved.latest >= ranges[0].most + ranges[1].most
        assert direct == partly


class TestSteps:
    def test_what_the_text_says(self):
        """
        Cloud stock is packed; direct goods are bought, brought in 2 to 3 working days,
        and packed.
        """
        pack, bring = WorkingDayRange(0, 1), WorkingDayRange(2, 3)
        ((first,), direct) = routes_of(
            Source.PARTLY, USUAL, origin="CN", warehouse="US"
        )

        assert Step(pack, "US") == first
        assert (
            Step(WorkingDayRange(0, 0), "CN"),
            Step(bring, "CN"),
            Step(pack, "CN"),
        ) == direct

    @pytest.mark.parametrize(
        ("least", "most"), [(3, 2), (-1, 2), (0, 367), (1.5, 2), (True, 2), ("1", "2")]
    )
    def test_no_range(self, least, most):
        """
        Days are whole numbers from 0, the least first.
        """
        with pytest.raises(InvalidInputError) as ei:
            WorkingDayRange(least, most)
        assert (least, most) == ei.value.value


class TestWarehouseAbroad:
    """
    Stock in the United States, whose holidays nobody told us.
    """

    def test_it_packs_by_its_own_working_days(self):
        """
        Over Chinese New Year it packs on weekdays; it says that it is provisional, and
        what comes from China does not.
        """
        paid_on = date(2026, 2, 17)
        calendars = CountryCalendars()
        cloud = estimate(paid_on, Source.CLOUD, calendars=calendars, warehouse="US")
        direct = estimate(paid_on, Source.DIRECT, calendars=calendars, warehouse="US")

        assert (
            DeliveryEstimate(date(2026, 2, 24), date(2026, 3, 2), provisional=True)
            == cloud
        )
        assert (
            DeliveryEstimate(date(2026, 3, 5), date(2026, 3, 12), provisional=False)
            == direct
        )

    def test_a_calendar_that_is_given_is_not_provisional(self):
        """
        With the calendar of its country the holidays of its published years count.
        """
        calendars = CountryCalendars({"US": WEEKDAYS})
        found = estimate(
            date(2026, 2, 17), Source.CLOUD, calendars=calendars, warehouse="US"
        )

        assert found.provisional is False

    def test_partly_waits_for_the_slowest(self):
        """
        Over the country's own break its part is the slower one: nobody there works on
        the 6th, a Friday, nor in the week behind it.
        """

        class Break(Until):
            def is_working_day(self, day: date, /) -> bool:
                """
                Rest from the 6th to the 15th of March.
                """
                rests = date(2026, 3, 6) <= day <= date(2026, 3, 15)
                return not rests and super().is_working_day(day)

        calendars = CountryCalendars({"CN": WEEKDAYS, "US": Break(2026)})
        cloud, direct, partly = (
            estimate(date(2026, 3, 6), source, calendars=calendars, warehouse="US")
            for source in (Source.CLOUD, Source.DIRECT, Source.PARTLY)
        )

        assert (date(2026, 3, 23), date(2026, 3, 29)) == (cloud.earliest, cloud.latest)
        assert date(2026, 3, 24) == direct.latest
        assert cloud == partly
        assert DaysSaved(-6, -5) == compare(cloud=cloud, direct=direct).days_saved
