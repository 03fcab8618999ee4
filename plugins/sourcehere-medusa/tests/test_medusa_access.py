"""
Who may read and tell, and what a shop has to have.
"""

import httpx2
import pytest
from medusa_lab import MedusaLab
from medusa_server import KEY

from sourcehere.ports.errors import DeclinedError, UnauthorizedError
from sourcehere.ports.stock import SupportsStockPush
from sourcehere_medusa import MedusaConfig


def test_a_shop_that_has_all_passes():
    """
    By looking only.
    """
    lab = MedusaLab(location="sloc_1")
    shop = lab.connect()
    shop.check()
    assert {"GET"} == {one.partition(" ")[0] for one in lab.server.requests}
    assert isinstance(shop, SupportsStockPush)


def test_what_the_key_does_not_permit_is_named():
    """
    All of it at once, and what it is for.
    """
    lab = MedusaLab()
    lab.server.forbidden = {"/payments", "/stock-locations"}
    with pytest.raises(UnauthorizedError) as ei:
        lab.connect().check()
    assert "GET /admin/payments (to see which orders are paid)" in str(ei.value)
    assert "GET /admin/stock-locations" in str(ei.value)
    assert "/admin/orders" not in str(ei.value)


def test_a_wrong_key_is_refused():
    """
    A person must act.
    """
    with pytest.raises(UnauthorizedError, match="401"):
        MedusaLab(key="sk_wrong").connect().check()


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"location": "sloc_9"}, "no stock location sloc_9"),
        ({"sales_channel": "sc_9"}, "no sales channel sc_9"),
    ],
)
def test_what_is_configured_has_to_be_there(config, words):
    """
    It is named.
    """
    with pytest.raises(UnauthorizedError, match=words):
        MedusaLab(**config).connect().check()


def test_another_server_has_no_api():
    """
    An order is not gone because of it.
    """
    lab = MedusaLab()
    nowhere = httpx2.MockTransport(lambda _: httpx2.Response(404, text="<p>Nothing"))
    shop = lab.connect(nowhere)
    for ask in (shop.check, lambda: shop.fetch_order("order_1")):
        with pytest.raises(DeclinedError, match="no Admin API of Medusa"):
            ask()


@pytest.mark.parametrize(
    "url",
    ["https://shop.example", "https://shop.example/", "https://shop.example/admin/"],
)
def test_the_address_is_that_of_the_server(url):
    """
    With or without the path of its Admin API.
    """
    assert "https://shop.example" == MedusaConfig(url=url, key=KEY).url


@pytest.mark.parametrize(
    "config",
    [
        {"url": "shop.example"},
        {"url": "https://user@shop.example"},
        {"url": "https://shop.example?a=b"},
        {"key": "pk_0123"},
        {"orders_since": "yesterday"},
    ],
)
def test_a_configuration_that_cannot_be_is_refused(config):
    """
    Before anything is asked.
    """
    with pytest.raises(ValueError, match=r"address|secret API key|isoformat"):
        MedusaConfig(**{"url": "https://shop.example", "key": KEY, **config})


def test_the_key_is_not_shown():
    """
    Nowhere that a configuration is printed.
    """
    assert "sk_0123" not in repr(MedusaConfig(url="https://shop.example", key=KEY))
