"""
Shops are told whom to tell of their changes.
"""

from datetime import timedelta

import pytest

import sourcehere
from sourcehere import (
    InvalidInputError,
    NotFoundError,
    StoreRestsError,
    SubscriptionsUnsupportedError,
)
from sourcehere.ports.errors import DeclinedError, ProtocolError
from sourcehere.testing import sample_shop
from sourcehere.testing.factories import dump, snapshot

URL = "https://host.example/hooks/demo/shop"
BY_HAND = "if it has any, enter the address in the shop's own settings"


@pytest.fixture
def demo():
    """
    Return the sample shop, which takes subscriptions.
    """
    return sample_shop()


def test_a_shop_tells_whom_it_is_told_to(demo):
    stores = demo.shop.stores
    stores.subscribe("shop", url=URL)
    stores.subscribe("shop", url=URL)
    assert demo.site.subscribers == {URL}
    stores.unsubscribe("shop", url=URL)
    assert demo.site.subscribers == set()


@pytest.mark.parametrize("url", ["", "host/hooks", "ftp://h", "https://" + "h" * 2_000])
def test_what_is_no_address_is_refused(demo, url):
    with pytest.raises(InvalidInputError) as ei:
        demo.shop.stores.subscribe("shop", url=url)
    assert ei.value.field == "url"
    assert demo.site.subscribers == set()


def test_a_shop_that_rests_is_told_nothing(demo):
    demo.shop.stores.pause("shop")
    with pytest.raises(StoreRestsError):
        demo.shop.stores.subscribe("shop", url=URL)
    with pytest.raises(NotFoundError):
        demo.shop.stores.subscribe("other", url=URL)


def test_a_platform_that_cannot_be_told_says_so(tmp_path):
    (tmp_path / "orders.csv").write_text("order_number,placed_at,sku,quantity\n")
    with sourcehere.open("memory://", folder=tmp_path) as sh:
        sh.staff("ann").sellers.register("demo", name="Demo", currency="USD")
        stores = sh.seller("demo").stores
        stores.connect("shop", platform="file", config={"path": "orders.csv"})
        with pytest.raises(SubscriptionsUnsupportedError, match=BY_HAND) as ei:
            stores.subscribe("shop", url=URL)
    assert (ei.value.store_id, ei.value.platform) == ("shop", "file")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (DeclinedError(provider="fake", detail="no such host"), DeclinedError),
        (RuntimeError("boom"), ProtocolError),
    ],
)
def test_a_shop_that_refuses_is_heard(demo, error, kind):
    def refuse(_url, /):
        raise error

    demo.site.subscribe = refuse
    before = dump(demo.sh._app.storage)
    with pytest.raises(kind):
        demo.shop.stores.subscribe("shop", url=URL)
    assert before == dump(demo.sh._app.storage)


class TestAgain:
    """
    Platforms take subscriptions away, or disable them, and tell nobody.
    """

    def test_workers_subscribe_again_once_a_day(self, demo):
        demo.shop.stores.subscribe("shop", url=URL)
        demo.site.subscribers = frozenset()
        worker = demo.sh.worker(name="w")
        demo.clock.advance(timedelta(hours=23, minutes=30))
        worker.round()
        assert demo.site.subscribers == set()
        demo.clock.advance(timedelta(minutes=30))
        worker.round()
        assert demo.site.subscribers == {URL}

    def test_what_was_ended_stays_so(self, demo):
        demo.shop.stores.subscribe("shop", url=URL)
        demo.shop.stores.unsubscribe("shop", url=URL)
        demo.clock.advance(timedelta(days=2))
        demo.sh.worker(name="w").round()
        assert demo.site.subscribers == set()

    def test_another_address_that_ends_is_another_address(self, demo):
        demo.shop.stores.subscribe("shop", url=URL)
        demo.shop.stores.unsubscribe("shop", url="https://elsewhere.example/")
        demo.site.subscribers = frozenset()
        demo.clock.advance(timedelta(days=1))
        demo.sh.worker(name="w").round()
        assert demo.site.subscribers == {URL}

    def test_a_shop_that_refuses_is_read_all_the_same(self, demo):
        demo.shop.stores.subscribe("shop", url=URL)

        def refuse(_url, /):
            raise DeclinedError(provider="fake", detail="full")

        demo.site.subscribe = refuse
        demo.clock.advance(timedelta(days=1))
        demo.site.put(snapshot("1", CUP=1))
        beat = demo.sh.worker(name="w").round()
        assert (1, 0, 0) == (beat.read, beat.unread, beat.failed)
        assert len(demo.shop.orders.list().items) == 1

        del demo.site.subscribe
        demo.site.subscribers = frozenset()
        demo.clock.advance(timedelta(minutes=15))
        demo.sh.worker(name="w").round()
        assert demo.site.subscribers == {URL}
