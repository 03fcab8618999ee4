"""
Processes on one PostgreSQL database at once lose nothing of each other's.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from racing import CHANGES, PARCELS
from racing_payments import TOP_UPS

RACING = Path(__file__).with_name("racing.py")
# `nox -s torture` races more often.
ROUNDS = range(int(os.environ.get("SOURCEHERE_ROUNDS", "1")))


@pytest.fixture(params=ROUNDS)
def raced(made_postgres_url, tmp_path):
    """
    Return what runs a race of processes and tells what they left behind.
    """

    def run(scenario):
        done = subprocess.run(
            [sys.executable, str(RACING), made_postgres_url, str(tmp_path), scenario],
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert not done.stderr, done.stderr
        assert 0 == done.returncode
        return json.loads(done.stdout)

    return run


@pytest.mark.slow
class TestProcessRaces:
    def test_corrections_and_replacements_outlive_tracking(self, raced):
        """
        What staff put right stays, and what is delivered, whatever is heard meanwhile.
        """
        assert {
            "corrected": PARCELS // 3,
            "replaced": PARCELS // 3,
            "delivered": PARCELS // 3,
            "findings": [],
        } == raced("tracking")

    def test_a_parcel_is_pushed_under_one_key(self, raced):
        """
        However often what is being sent is taken back, each parcel has one key.
        """
        assert {
            "parcels": PARCELS * 3,
            "keys": 1,
            "waiting": 0,
            "findings": [],
        } == raced("recovering")

    def test_a_parcel_is_asked_about_once(self, raced):
        """
        However many workers ask a carrier, each parcel is asked about by one of them in
        a walk, and what is said of each is recorded.
        """
        assert {
            "parcels": PARCELS * 3,
            "times": 1,
            "fulfilled": PARCELS * 3,
            "findings": [],
        } == raced("asking")

    def test_an_order_has_one_label(self, raced):
        """
        However many buy for it, take it up or send it by hand, one key was sent for
        it, and one parcel left.
        """
        assert {
            "parcels": [1] * PARCELS,
            "keys": 1,
            "open": 0,
            "neither_or_both": 0,
            "findings": [],
        } == raced("labelling")

    def test_money_is_moved_once(self, raced):
        """
        However many charge by the same command, pay the same offers and return money:
        what the gateway moved is what is booked, and nothing is spent twice.
        """
        assert {
            "top_ups": TOP_UPS,
            "keys": 1,
            "open": 0,
            "difference": 0,
            "findings": [],
        } == raced("spending")

    def test_orders_are_as_the_shop_told_last(self, raced):
        """
        However many sync a shop, it is read on and never back, and orders end as the
        shop has them.
        """
        assert {
            "wrong": [],
            "cursor": CHANGES,
            "went_back": "",
            "findings": [],
        } == raced("syncing")
