"""
Shops are told whom to tell of their changes.
"""

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
from sourcehere.testing.factories import dump

URL = "https://host.example/hooks/demo/shop"


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
        with pytest.raises(SubscriptionsUnsupportedError, match="own settings") as ei:
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
