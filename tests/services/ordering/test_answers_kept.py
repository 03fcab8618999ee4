"""
What is kept for ever of a command that was given an id says nothing of buyers.
"""

import json

import attrs
import pytest
from label_world import opened

from sourcehere import ShopCancelReason
from sourcehere.ports.errors import DeclinedError, UnknownOutcomeError
from sourcehere.testing import TrackingCarrier
from sourcehere.testing.factories import STAFF, dump, shop_lines, snapshot


def kept(bench):
    """
    Return what the answers of commands say.
    """
    rows = dump(bench.app.storage)
    said = [*rows["command"], *rows["platform_command"]]
    return json.dumps(said, default=str)


def named(external_id="1", **units):
    return attrs.evolve(snapshot(external_id), lines=shop_lines(units))


def test_what_a_shop_says_of_an_order_is_told_once(paired):
    """
    To whoever asks first; later it says how it failed.
    """
    paired.sync(named(CUP=1))
    paired.shop.cancel_errors = [DeclinedError(provider="fake", detail="Canary paid")]
    stores = paired.sh.seller("demo").stores

    def cancel():
        report = stores.cancel_orders(
            "shop", ["1"], reason=ShopCancelReason.CUSTOMER, command_id="c"
        )
        return report.not_cancelled

    assert {"1": "DeclinedError: fake: Canary paid"} == cancel()
    assert {"1": "DeclinedError: (not shown)"} == cancel()
    assert "Canary" not in kept(paired)


class TestCarriers:
    """
    What they say of parcels.
    """

    @pytest.fixture
    def post(self):
        """
        Return a carrier.
        """
        return TrackingCarrier()

    @pytest.fixture
    def bench(self, storage, violations, post):
        """
        Return a bench that asks it.
        """
        yield from opened(storage, violations, post=post)

    def test_what_a_carrier_says_of_a_parcel_is_told_once(self, bench, post):
        """
        What is not a carrier's is told again.
        """
        (order_id,) = bench.sync(named(CUP=1))
        bench.pay(order_id)
        bench.app.shipping.accept("demo", [order_id], by=STAFF)
        parcel_id = bench.ship(order_id, "T1")
        post.facts["T1"] = UnknownOutcomeError(provider="fake", detail="Canary moved")

        def ask():
            return bench.sh.tracking.ask(["T1"], command_id="c").failed

        assert {parcel_id: "UnknownOutcomeError: fake: Canary moved"} == ask()
        assert {parcel_id: "UnknownOutcomeError: (not shown)"} == ask()
        assert "Canary" not in kept(bench)


def test_why_a_shop_was_not_read_is_told_once(paired, monkeypatch):
    """
    Among what failed of many, too.
    """

    def refuses(*_, **__):
        raise DeclinedError(provider="fake", detail="Canary is odd")

    monkeypatch.setattr(type(paired.shop), "pull_orders", refuses)
    paired.sh.seller("demo").stores.change("shop", pull_every_s=60)

    def pull():
        (error,) = paired.app.pulling.pull(limit=5, command_id="c").failed.values()
        return str(error)

    assert "fake: Canary is odd" in pull()
    assert "demo/shop failed when this was first asked: fake: (not shown)" == pull()
    assert "Canary" not in kept(paired)
