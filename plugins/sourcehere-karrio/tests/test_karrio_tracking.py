"""
Events become facts.
"""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import attrs
import httpx2
import pytest
from karrio_lab import SHIPPED_AT, KarrioLab

from sourcehere import IncidentReason, TrackingStatus
from sourcehere.ports.errors import DeclinedError, ProtocolError, UnauthorizedError
from sourcehere.testing.kit import Scan
from sourcehere_karrio.sdk import load
from sourcehere_karrio.tracking import happened_at
from sourcehere_karrio.tracking_words import REASONS, STATUSES

AT = SHIPPED_AT + timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def lab():
    """
    Return an account.
    """
    made = KarrioLab()
    yield made
    made.close()


def event(**fields):
    """
    Return an event as karrio tells it.
    """
    plain = dict.fromkeys(("timestamp", "date", "time", "code", "reason", "location"))
    return SimpleNamespace(**{**plain, "status": "in_transit", **fields})


def test_every_word_of_karrio_s_has_one_of_ours():
    """
    Of statuses and of reasons: a release with a new one turns this red.
    """
    units = load().lib.units
    assert set(STATUSES) == {one.name for one in units.TrackingStatus}
    assert set(REASONS) == {one.name for one in units.TrackingIncidentReason}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"timestamp": "2026-03-02T10:00:05.000Z"}, (10, 0, 5)),
        ({"timestamp": "2026-03-02T10:00:05"}, (10, 0, 5)),
        ({"date": "2026-03-02", "time": "14:05 PM"}, (14, 5, 0)),
        ({"date": "2026-03-02", "time": "02:05 PM"}, (14, 5, 0)),
        ({"date": "2026-03-02", "time": "12:05 AM"}, (0, 5, 0)),
        ({"date": "2026-03-02", "time": "10:20:30"}, (10, 20, 30)),
        ({"date": "2026-03-02", "time": "noon"}, (0, 0, 0)),
        ({"date": "2026-03-02"}, (0, 0, 0)),
    ],
)
def test_times_are_of_the_carrier_s_clock(told, expected):
    """
    karrio writes Z behind whatever it showed.
    """
    hour, minute, second = expected
    at = datetime(2026, 3, 2, hour, minute, second, tzinfo=BERLIN)
    assert at == happened_at(event(**told), BERLIN)


@pytest.mark.parametrize(
    "told", ["2026-03-02T18:00:05+08:00", "2026-03-02T05:00:05.000-0500"]
)
def test_a_time_with_an_offset_keeps_it(told):
    """
    Of a package that hands on what the carrier wrote: then nobody needs a zone.
    """
    at = datetime(2026, 3, 2, 10, 0, 5, tzinfo=UTC)
    assert at == happened_at(event(timestamp=told), BERLIN)


@pytest.mark.parametrize("told", [{}, {"date": "yesterday"}, {"timestamp": "soon"}])
def test_a_time_that_cannot_be_read_is_none(told):
    """
    Nobody guesses when.
    """
    assert happened_at(event(**told), BERLIN) is None


def test_a_zone_moves_every_time(lab):
    """
    The same clock, an hour earlier.
    """
    number = lab.announced()
    lab.happens(number, Scan(status=TrackingStatus.IN_TRANSIT, happened_at=AT))
    (facts,) = lab.connect(zone="Europe/Berlin").track([number])
    assert [AT - timedelta(hours=1)] == [fact.happened_at for fact in facts]


def test_what_says_nothing_is_left_out(lab):
    """
    EasyPost's `unknown`, an event without a word, and one without a time.
    """
    number = lab.announced()
    lab.happens(number, Scan(status=TrackingStatus.DELIVERED, happened_at=AT))
    scans = lab.server.trackers[number.tracking_number]
    scans += [{**scans[0], "status": word} for word in ("unknown", None)]
    scans.append({**scans[0], "datetime": None})
    carrier = lab.connect()
    (facts,) = carrier.track([number])
    assert [TrackingStatus.DELIVERED] == [fact.status for fact in facts]
    assert carrier._tracking._fact(event(date="never")) is None


@pytest.mark.parametrize(
    ("code", "status", "ours"),
    [
        ("pre_transit", "on_hold", TrackingStatus.PENDING),
        ("return_to_sender", "delivery_failed", TrackingStatus.RETURN_TO_SENDER),
        ("X1", "picked_up", TrackingStatus.PICKED_UP),
        ("X1", "on_hold", TrackingStatus.IN_TRANSIT),
        ("X1", None, TrackingStatus.IN_TRANSIT),
        (None, "delivery_delayed", TrackingStatus.DELAYED),
    ],
)
def test_the_carrier_s_own_word_comes_first(lab, code, status, ours):
    """
    Then karrio's, then the one that says least.
    """
    told = event(timestamp="2026-03-02T10:00:00Z", code=code, status=status)
    fact = lab.connect()._tracking._fact(told)
    assert ours is fact.status


def test_why_it_does_not_go_on_is_told(lab):
    """
    In our words, with its place; its key tells it from what else happened then.
    """
    told = event(
        timestamp="2026-03-02T10:00:00Z",
        location=" Graz,\nAT",
        reason="consignee_not_home",
        status="delivery_failed",
    )
    fact = lab.connect()._tracking._fact(told)
    assert IncidentReason.RECIPIENT_ABSENT is fact.incident
    assert "Graz, AT" == fact.place
    assert "2026-03-02T10:00:00+00:00 delivery_failed Graz, AT" == fact.key
    long = lab.connect()._tracking._fact(
        event(timestamp="2026-03-02T10:00:00Z", location="x" * 300)
    )
    assert 64 == len(long.key)


def test_a_number_is_asked_for_at_its_carrier(lab):
    """
    By the name that the API has for it, whatever case staff wrote.
    """
    number = lab.announced()
    lab.happens(number, Scan(status=TrackingStatus.DELIVERED, happened_at=AT))
    written = attrs.evolve(number, carrier=" usps")
    (facts,) = lab.connect().track([written])
    assert facts
    (answer,) = lab.connect(carriers={"USPS": "UPSDAP"}).track([number])
    assert isinstance(answer, DeclinedError)
    (answer,) = lab.connect(carriers={}).track([number])
    assert isinstance(answer, DeclinedError)  # EasyPost wants to be told whose it is


def test_a_number_may_be_written_in_groups_and_in_any_case(lab):
    """
    As it stands on a receipt; the carrier tells it in its own way.
    """
    lab.server.trackers["RR123456789GB"] = []
    known = attrs.evolve(lab.announced(), tracking_number="RR123456789GB")
    lab.happens(known, Scan(status=TrackingStatus.DELIVERED, happened_at=AT))
    for written in ("RR 123 456 789 GB", " RR123456789GB\n"):
        (facts,) = lab.connect().track([attrs.evolve(known, tracking_number=written)])
        assert [TrackingStatus.DELIVERED] == [fact.status for fact in facts]
    told = {
        "tracking_code": "RR123456789GB",
        "status": "delivered",
        "tracking_details": [],
    }
    lab.server.own["/trackers"] = httpx2.Response(200, json=told)
    lower = attrs.evolve(known, tracking_number="rr123456789gb")
    assert [[]] == lab.connect().track([lower])


def test_a_number_that_is_another_s_is_no_answer(lab):
    """
    Nor is none at all.
    """
    told = {"tracking_code": "OTHER", "status": "delivered", "tracking_details": []}
    lab.server.own["/trackers"] = httpx2.Response(200, json=told)
    with pytest.raises(ProtocolError, match="neither this number nor a reason"):
        lab.connect().track([lab.announced()])


def test_who_is_refused_is_told_once(lab):
    """
    Not of each number.
    """
    carrier = lab.connect(secrets={"api_key": "wrong"})
    with pytest.raises(UnauthorizedError):
        carrier.track([lab.announced(), lab.announced()])
    assert [] == lab.connect().track([])
