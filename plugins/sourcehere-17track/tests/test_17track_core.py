"""
Parcels on their way through the core, as a worker asks for them.
"""

from datetime import timedelta

import httpx2
import pytest
from track17_server import KEY, Track17Server

from sourcehere.plugins import hookimpl
from sourcehere.ports.providers import ProviderInfo
from sourcehere.testing import sample_shop
from sourcehere_17track import Track17, Track17Config

NUMBER = "RR123456789CN"


class Offered:
    """
    The plugin, in front of a server in memory.
    """

    def __init__(self, server):
        self._server = server

    @hookimpl
    def sourcehere_freight_providers(self):
        """
        Offer it.
        """
        return [ProviderInfo("17track_lab", Track17Config, self._make)]

    def _make(self, config, context):
        return Track17(config, context, httpx2.MockTransport(self._server.handle))


@pytest.fixture
def server():
    """
    A carrier that knows of one parcel.
    """
    made = Track17Server()
    made.events[NUMBER] = []
    return made


@pytest.fixture
def demo(server):
    """
    Return a shop whose parcels are followed.
    """
    made = sample_shop(plugins=[Offered(server)])
    made.desk.freight.connect(
        "everywhere", provider="17track_lab", config={"key": KEY}, allow_plain=True
    )
    yield made
    made.sh.close()


@pytest.fixture
def order(demo):
    """
    Return an order that was sent.
    """
    made = demo.customer_orders(CUP=2)
    demo.shop.checkouts.pay(demo.shop.checkouts.open([made]))
    demo.ann.shipping.accept([made])
    demo.ann.shipping.ship(made, carrier="China Post", tracking_number=NUMBER)
    return made


def later(demo, server, word, *, says="Scanned"):
    """
    Let a day pass, and something happen at its end, and ask.
    """
    demo.clock.advance(timedelta(days=1))
    server.scanned(NUMBER, word, demo.clock.now() - timedelta(hours=1), says=says)
    demo.sh.tracking.run()


def test_it_is_delivered(demo, order, server):
    """
    Once, with one number of the quota.
    """
    later(demo, server, "InTransit_PickedUp")
    assert "shipped" == demo.shop.orders.get(order).state
    later(demo, server, "Delivered_Other")
    assert "fulfilled" == demo.shop.orders.get(order).state
    assert 999 == server.quota


def test_what_is_the_matter_holds_the_order(demo, order, server):
    """
    Customs want papers: the order is held until it goes on.
    """
    later(demo, server, "InTransit_CustomsRequiringInformation")
    (hold,) = demo.shop.orders.get(order).holds
    assert "customs" in hold.reason
    later(demo, server, "InTransit_CustomsReleased")
    assert () == demo.shop.orders.get(order).holds


def test_a_webhook_shortens_the_wait(demo, order, server):
    """
    What it names is asked for at the next round, though it was asked a moment ago.
    """
    later(demo, server, "InTransit_Other")
    server.scanned(NUMBER, "Delivered_Other", demo.clock.now())
    demo.sh.tracking.run()
    assert "shipped" == demo.shop.orders.get(order).state
    headers, body = server.webhook(NUMBER)
    demo.sh.tracking.receive("everywhere", body=body, headers=headers)
    demo.sh.tracking.run()
    assert "fulfilled" == demo.shop.orders.get(order).state


def test_nobody_is_offered_freight_by_it(demo):
    """
    And nothing is said to be missing.
    """
    order = demo.customer_orders(CUP=2)
    offer = demo.shop.checkouts.open([order])
    modes = demo.shop.checkouts.modes(order)
    assert "everywhere" not in repr(modes)
    assert "everywhere" not in repr(offer)
