"""
Which days people work, by announcements known to be right.
"""

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest

from sourcehere.builtin.calendars import (
    CalendarUnavailableError,
    ChineseCalendar,
    CountryCalendars,
    WeekdayCalendar,
)
from sourcehere.domain.kernel.errors import CallerError, InvalidInputError
from sourcehere.ports.calendar import Calendar

CHINA = ChineseCalendar()


def rests(first: date, last: date) -> list[bool]:
    """
    Tell for each day from *first* to *last* whether people rest.
    """
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    return [not CHINA.is_working_day(day) for day in days]


class TestChineseCalendar:
    @pytest.mark.parametrize(
        ("first", "last"),
        [
            (date(2024, 2, 10), date(2024, 2, 17)),
            (date(2025, 1, 28), date(2025, 2, 4)),
            (date(2025, 10, 1), date(2025, 10, 8)),
            (date(2026, 1, 1), date(2026, 1, 3)),
            (date(2026, 2, 15), date(2026, 2, 23)),
            (date(2026, 5, 1), date(2026, 5, 5)),
            (date(2026, 10, 1), date(2026, 10, 7)),
        ],
    )
    def test_announced_holidays(self, first, last):
        """
        From the first to the last announced day nobody works, before and after they do.
        """
        around = rests(first - timedelta(days=1), last + timedelta(days=1))

        assert [False, *[True] * (len(around) - 2), False] == around

    @pytest.mark.parametrize(
        "day",
        [
            date(2024, 2, 4),
            date(2024, 2, 18),
            date(2025, 1, 26),
            date(2025, 2, 8),
            date(2026, 1, 4),
            date(2026, 2, 14),
            date(2026, 2, 28),
            date(2026, 5, 9),
            date(2026, 9, 20),
            date(2026, 10, 10),
        ],
    )
    def test_make_up_days(self, day):
        """
        Weekend days that are worked for a longer holiday count as working days.
        """
        assert day.weekday() >= 5
        assert CHINA.is_working_day(day)

    def test_around_chinese_new_year_2026(self):
        """
        From 13 February to 1 March exactly the announced days are worked.
        """
        days = [date(2026, 2, 13) + timedelta(days=i) for i in range(17)]

        assert [13, 14, 24, 25, 26, 27, 28] == [
            day.day for day in days if CHINA.is_working_day(day)
        ]

    @pytest.mark.parametrize(
        ("year", "published"),
        [(1999, False), (2023, True), (2024, True), (2026, True), (2090, False)],
    )
    def test_published_years(self, year, published):
        """
        A year is published when its announcement is in the library.
        """
        assert published is CHINA.is_published(year)

    def test_unpublished_years_have_festivals_only(self):
        """
        Later years are a guess: computed festivals, no make-up days.
        """
        assert not CHINA.is_working_day(date(2090, 10, 1))
        weekends = [date(2090, 1, 1) + timedelta(days=i) for i in range(365)]
        assert not any(CHINA.is_working_day(d) for d in weekends if d.weekday() >= 5)

    def test_without_the_library(self, monkeypatch):
        """
        Where the library is not installed, the error says how to install it.
        """
        monkeypatch.setitem(sys.modules, "holidays", None)
        with pytest.raises(CalendarUnavailableError) as ei:
            ChineseCalendar().is_working_day(date(2026, 1, 1))

        assert isinstance(ei.value, CallerError)
        assert "holidays" == ei.value.package
        assert "pip install 'sourcehere[calendar]'" in str(ei.value)

    @pytest.mark.slow
    def test_the_library_is_imported_when_asked(self):
        """
        Making a calendar costs nothing: the library comes with the first question.
        """
        program = (
            "import sys; from sourcehere.builtin.calendars import ChineseCalendar;"
            "ChineseCalendar(); sys.exit('holidays' in sys.modules)"
        )
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, check=False
        )
        assert 0 == done.returncode


class TestWeekdayCalendar:
    def test_monday_to_friday(self):
        """
        Five days of seven are worked, whatever feast they are.
        """
        week = [date(2026, 2, 16) + timedelta(days=i) for i in range(7)]

        assert [True] * 5 + [False] * 2 == [
            WeekdayCalendar().is_working_day(day) for day in week
        ]

    def test_always_published(self):
        """
        Weekdays need no announcement.
        """
        assert WeekdayCalendar().is_published(2090) is True


class TestCountryCalendars:
    def test_china_is_known(self):
        """
        Without anything given, China has its calendar, make-up days included.
        """
        china = CountryCalendars().of("CN")

        assert china.is_working_day(date(2026, 2, 14)) is True
        assert china.is_working_day(date(2026, 2, 17)) is False
        assert china.is_published(2026) is True

    def test_others_work_on_weekdays_and_nobody_knows(self):
        """
        Any other country works Monday to Friday, and no year of it is published.
        """
        found = CountryCalendars().of("US")

        assert found.is_working_day(date(2026, 12, 25)) is True
        assert found.is_working_day(date(2026, 12, 26)) is False
        assert found.is_published(2026) is False

    def test_what_is_given_goes_first(self):
        """
        A calendar of a country serves it, by whatever code people use for it.
        """
        given = WeekdayCalendar()
        calendars = CountryCalendars({"UK": given, "CN": given})

        assert given is calendars.of("GB")
        assert given is calendars.of("CN")

    def test_no_country(self):
        """
        A key that is no country is refused.
        """
        with pytest.raises(InvalidInputError) as ei:
            CountryCalendars({"China": WeekdayCalendar()})
        assert ("calendars", "China") == (ei.value.field, ei.value.value)


@pytest.mark.parametrize("calendar", [ChineseCalendar(), WeekdayCalendar()])
def test_is_a_calendar(calendar):
    """
    Both answer what the port asks.
    """
    asked: Calendar = calendar

    assert asked.is_working_day(date(2026, 3, 2)) is True
    assert asked.is_published(2026) is True
