"""
Instants are kept as whole microseconds, exactly.
"""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere import InvalidInputError, Settings
from sourcehere.domain.kernel.clock import (
    NEVER,
    ManualClock,
    SystemClock,
    day_at,
    end_of_day,
    from_micros,
    so_long_before,
    start_of_day,
    to_micros,
)

instants = st.datetimes(timezones=st.just(UTC))
offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
far_from_the_edges = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1))  # noqa: DTZ001 - the zone is added


class TestMicroseconds:
    @given(instants)
    def test_an_instant_survives_the_round_trip(self, instant):
        """
        Counting microseconds and back gives the same instant, in UTC.
        """
        back = from_micros(to_micros(instant))

        assert instant == back
        assert timedelta(0) == back.utcoffset()

    @given(st.integers(to_micros(datetime.min.replace(tzinfo=UTC)), to_micros(NEVER)))
    def test_a_count_survives_the_round_trip(self, micros):
        """
        Every count within the calendar is kept exactly.
        """
        assert micros == to_micros(from_micros(micros))

    @given(far_from_the_edges, offsets)
    def test_zones_do_not_matter(self, naive, zone):
        """
        The same instant in another zone has the same count.
        """
        there = naive.replace(tzinfo=zone)

        assert to_micros(there) == to_micros(there.astimezone(UTC))

    def test_a_time_without_zone_is_a_programming_error(self):
        """
        A naive time names no instant and is refused.
        """
        with pytest.raises(TypeError):
            to_micros(datetime(2026, 3, 1))  # noqa: DTZ001 - the very mistake


class TestClocks:
    def test_a_manual_clock_moves_only_when_told(self):
        """
        A manual clock stands still until it is advanced.
        """
        noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
        clock = ManualClock(noon)

        assert noon == clock.now() == clock.now()
        clock.advance(timedelta(hours=1))
        assert datetime(2026, 3, 1, 13, tzinfo=UTC) == clock.now()

    def test_the_wall_clock_is_aware(self):
        """
        The system clock tells UTC.
        """
        assert timedelta(0) == SystemClock().now().utcoffset()


class TestDays:
    @pytest.mark.parametrize(
        ("zone", "begins", "ends"),
        [
            ("Asia/Shanghai", (3, 1, 16), (3, 2, 16)),
            ("UTC", (3, 2, 0), (3, 3, 0)),
            ("America/New_York", (3, 2, 5), (3, 3, 5)),
        ],
    )
    def test_a_day_is_a_zone_s(self, zone, begins, ends):
        """
        A day begins at its midnight and ends at the next one.
        """
        day = date(2026, 3, 2)

        assert datetime(2026, *begins, tzinfo=UTC) == start_of_day(day, zone)
        assert datetime(2026, *ends, tzinfo=UTC) == end_of_day(day, zone)

    def test_a_day_on_which_clocks_change_is_shorter(self):
        """
        The day is as long as people there have it: 23 hours.
        """
        day, zone = date(2026, 3, 8), "America/New_York"

        assert timedelta(hours=23) == end_of_day(day, zone) - start_of_day(day, zone)

    def test_friday_evening_is_saturday_in_china(self):
        """
        Which day it is depends on where.
        """
        friday = datetime(2026, 3, 6, 17, tzinfo=UTC)

        assert date(2026, 3, 7) == day_at(friday, "Asia/Shanghai")
        assert date(2026, 3, 6) == day_at(friday, "Europe/London")

    @pytest.mark.parametrize("name", ["Moon/Base", "", "../../etc/passwd", None, 8])
    def test_a_zone_there_is_not_is_refused(self, name):
        """
        A platform's zone is an IANA name, or nothing is opened.
        """
        with pytest.raises(InvalidInputError) as ei:
            Settings(zone=name)
        assert ("zone", name) == (ei.value.field, ei.value.value)


class TestSoLongBefore:
    @pytest.mark.parametrize(
        ("span", "then"),
        [
            (timedelta(hours=1), datetime(2026, 3, 6, 16, tzinfo=UTC)),
            (timedelta(0), datetime(2026, 3, 6, 17, tzinfo=UTC)),
            (timedelta(days=800_000), datetime(1, 1, 1, tzinfo=UTC)),
            (timedelta.max, datetime(1, 1, 1, tzinfo=UTC)),
        ],
    )
    def test_no_time_is_too_long(self, span, then):
        """
        What is before all that a calendar has is the earliest instant.
        """
        assert then == so_long_before(datetime(2026, 3, 6, 17, tzinfo=UTC), span)
