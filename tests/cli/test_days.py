"""
Days at a shell: one without a time is a whole day in the platform's zone.
"""

import json

import pytest

from sourcehere import InvalidInputError, Promises, Settings
from sourcehere.cli import main, opening
from sourcehere.cli.errors import UsageError
from sourcehere.cli.reading import read_instant, read_until
from sourcehere.domain.kernel.clock import SystemClock, day_at

OFFER = "quotes offer shop CUP --sku MUG --price 2.10 --title Cup --valid-until"
ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("said", "until", "since"),
    [
        ("2030-12-31", "2030-12-31T16:00:00+00:00", "2030-12-30T16:00:00+00:00"),
        ("20301231", "2030-12-31T16:00:00+00:00", "2030-12-30T16:00:00+00:00"),
        ("2030-12-31T18:00", "2030-12-31T18:00:00+00:00", "2030-12-31T18:00:00+00:00"),
        (
            "2030-12-31T18:00+08:00",
            "2030-12-31T10:00:00+00:00",
            "2030-12-31T10:00:00+00:00",
        ),
    ],
)
def test_a_day_is_whole_and_a_time_is_a_time(said, until, since):
    """
    What lasts until a day lasts until its end; what happened on it began with it.
    """
    assert until == read_until(said, ZONE).isoformat()
    assert since == read_instant(said, ZONE).isoformat()


@pytest.mark.parametrize("said", ["tomorrow", "2030-13-01", "9999-12-31", "0001-01-01"])
@pytest.mark.parametrize("read", [read_until, read_instant])
def test_what_is_no_day_is_refused(said, read):
    """
    Words, and days that no order lives to see, are no days.
    """
    with pytest.raises(UsageError, match="is no day"):
        read(said, ZONE)


def test_today_is_in_time(shop):
    """
    A quote until today, as it is in the platform's zone, is taken.
    """
    today = day_at(SystemClock().now(), ZONE)
    shop.ok(f"{OFFER} {today}")
    (found,) = shop.listed("quotes list")

    assert f"{today}T16:00:00Z" == found["quote"]["valid_until"]


def test_the_environment_names_the_zone(tmp_path, monkeypatch, capsys):
    """
    SOURCEHERE_ZONE is the platform's zone; one there is not is a wrong use.
    """
    monkeypatch.chdir(tmp_path)
    assert "Asia/Shanghai" == opening.settings_here().zone
    monkeypatch.setenv("SOURCEHERE_ZONE", "Europe/London")
    assert "Europe/London" == opening.settings_here().zone
    monkeypatch.setenv("SOURCEHERE_ZONE", "Moon/Base")
    with pytest.raises(InvalidInputError):
        opening.settings_here()

    assert 2 == main(["sellers", "list", "--json"])
    assert "Moon/Base" in json.loads(capsys.readouterr().err)["error"]["message"]


def test_the_environment_promises(tmp_path, monkeypatch, capsys):
    """
    SOURCEHERE_PROMISES says within how many days the platform does what waits for it;
    what is no promise is a wrong use.
    """
    monkeypatch.chdir(tmp_path)
    assert Settings().promises == opening.settings_here().promises
    monkeypatch.setenv("SOURCEHERE_PROMISES", "ship_days=2 quote_days=0")
    assert Promises(ship_days=2, receive_days=14, quote_days=0, dispute_days=3) == (
        opening.settings_here().promises
    )
    for wrong in ("ship=2", "ship_days", "ship_days=-1", "ship_days=²"):
        monkeypatch.setenv("SOURCEHERE_PROMISES", f"quote_days=1 {wrong}")
        with pytest.raises(InvalidInputError) as ei:
            opening.settings_here()
        assert ("SOURCEHERE_PROMISES", wrong) == (ei.value.field, ei.value.value)

    assert 2 == main(["sellers", "list", "--json"])
    assert "SOURCEHERE_PROMISES" in capsys.readouterr().err
