"""
A card pays an order, the carrier's label is bought, and its tracking delivers it: on a
process of localstripe, and a carrier of karrio's in memory.
"""

from datetime import timedelta

import attrs
import pytest
from karrio_lab import KarrioLab
from localstripe_lab import LocalStripeLab
from localstripe_process import LocalStripe
from stripe_server import KEY
from test_karrio_core import CONFIG as CARRIER

from sourcehere import TrackingStatus, Wanted
from sourcehere.plugins import hookimpl
from sourcehere.ports.providers import ProviderInfo
from sourcehere.ports.tracking import TrackedNumber
from sourcehere.testing import sample_shop
from sourcehere.testing.kit import Scan
from sourcehere_karrio import KarrioCarrier, KarrioConfig
from sourcehere_stripe import StripeConfig, StripeGateway


class Offered:
    """
    Both plugins, in front of what answers in this test.
    """

    def __init__(self, bank, carrier):
        self._bank, self._carrier = bank, carrier

    @hookimpl
    def sourcehere_payment_providers(self):
        """
        Offer the gateway.
        """
        return [ProviderInfo("stripe_here", StripeConfig, self._gateway)]

    def _gateway(self, config, context):
        return StripeGateway(config, context, self._bank._transport)

    @hookimpl
    def sourcehere_freight_providers(self):
        """
        Offer the carrier.
        """
        return [ProviderInfo("karrio_here", KarrioConfig, self._post)]

    def _post(self, config, context):
        context = attrs.evolve(context, folder=str(self._carrier.folder))
        return KarrioCarrier(config, context, self._carrier._transport)


@pytest.fixture
def bank():
    """
    Start localstripe, and return an account.
    """
    server = LocalStripe()
    yield LocalStripeLab(server)
    server.stop()


@pytest.fixture
def carrier():
    """
    Return an account at EasyPost.
    """
    made = KarrioLab()
    yield made
    made.close()


@pytest.fixture
def demo(bank, carrier):
    """
    Return a platform that takes cards and buys labels; clean at the end.
    """
    made = sample_shop(plugins=[Offered(bank, carrier)])
    made.desk.gateways.connect(
        "cards",
        provider="stripe_here",
        config={"api_key": KEY, "base_url": "http://localhost"},
        allow_plain=True,
    )
    made.desk.freight.connect(
        "post",
        provider="karrio_here",
        config={**CARRIER, "carriers": {"USPS": "USPS"}},  # as EasyPost calls it
        allow_plain=True,
    )
    yield made
    assert () == made.sh.audit.run(replay=True).violations
    made.sh.close()


@pytest.mark.slow
def test_from_the_card_to_the_door(demo, bank, carrier):
    """
    The seller has spent all they had; the card pays the next order, and nobody types a
    tracking number.
    """
    shop, ann = demo.shop, demo.ann
    left = spend(demo)
    order_id, card = demo.customer_orders(CUP=2), bank.card()
    offer = shop.checkouts.open([order_id])
    paid = shop.checkouts.pay_by_card(offer, source=card, gateway="cards")
    assert ("paid", offer.total - left) == (paid.state, paid.attempt.done)
    assert offer.total - left == bank.shown(card, "USD").taken
    assert 0 == shop.wallet.get().available.minor

    ann.shipping.accept([order_id])
    label = ann.labels.buy(order_id, method="post:prio")
    (booked,) = carrier.books()
    assert ("bought", booked.tracking_number) == (label.state, label.tracking_number)
    demo.sh.relay.run()
    assert [label.tracking_number] == [
        told.tracking_number for told in demo.site.fulfilments.values()
    ]

    arrives(demo, carrier, label)
    demo.sh.tracking.run()
    assert "fulfilled" == shop.orders.get(order_id).state


def spend(demo):
    """
    Buy stock for nearly all that is in the wallet; return what is left.
    """
    order_id = demo.shop.drafts.cloud(
        "CN1", [Wanted(demo.variants["CUP"], 2_469)]
    ).order_id
    demo.shop.drafts.place(order_id)
    demo.shop.checkouts.pay(demo.shop.checkouts.open([order_id]))
    return demo.shop.wallet.get().available


def arrives(demo, carrier, label):
    """
    Let a parcel be at its door two hours later, and ten more pass.
    """
    number = TrackedNumber(
        carrier=label.carrier,
        tracking_number=label.tracking_number,
        shipped_at=demo.clock.now(),
    )
    carrier.server.trackers.setdefault(label.tracking_number, [])
    at = demo.clock.now() + timedelta(hours=2)
    carrier.happens(number, Scan(status=TrackingStatus.DELIVERED, happened_at=at))
    demo.clock.advance(timedelta(hours=12))
