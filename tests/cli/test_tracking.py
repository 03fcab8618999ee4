"""
Carriers are asked where parcels are from the command line.
"""

from datetime import UTC, datetime

import pytest

from sourcehere import TrackingStatus
from sourcehere.testing import FakeCarriers
from sourcehere.testing.fake_carrier import TrackingCarrier, carrier_fact


@pytest.fixture
def post():
    """
    Return a carrier that is asked about parcels of `post`.
    """
    return TrackingCarrier(known=("post",))


@pytest.fixture
def plugins(post):
    """
    Offer it.
    """
    return [FakeCarriers(post=post)]


@pytest.fixture
def asking(paid):
    """
    The shop with order 1002 on its way, and that carrier connected.
    """
    paid.ok("orders accept 1002")
    paid.ok("orders ship 1002 1.1=1 --carrier post --tracking T1")
    paid.write("post.json", '{"carrier": "post"}')
    paid.ok("freight connect post --provider fake_carrier --config post.json")
    return paid


def test_a_parcel_is_asked_about_now(asking, post):
    """
    Also when all were asked about just now.
    """
    now = datetime.now(UTC)
    post.facts["T1"] = [carrier_fact(TrackingStatus.IN_TRANSIT, now)]
    assert 1 == asking.json("tracking run")["asked"]
    post.facts["T1"].append(carrier_fact(TrackingStatus.OUT_FOR_DELIVERY, now))
    assert 0 == asking.json("tracking run")["asked"]
    report = asking.json("tracking ask T1")

    assert (1, 1, {}) == (report["asked"], report["facts_new"], report["failed"])
    assert [["T1"], ["T1"]] == post.tracked


def test_what_nobody_was_asked_about_is_a_problem(asking, post):
    """
    A carrier that nobody is asked about ends with 1; no parcel, and no number, with 2.
    """
    asking.ok("orders ship 1002 --carrier dove --tracking T2")
    said = asking("tracking ask T2")
    assert 1 == said.code
    assert "T2: no freight connection knows parcels of dove" in said.out
    assert "T9" in asking.refused("tracking ask T1 T9", 2)
    assert "at least one" in asking.refused("tracking ask", 2)
    assert [] == post.tracked
