"""
Labels and quotes through the core, as staff buy and print them.
"""

from datetime import timedelta

import attrs
import pytest
from karrio_lab import KarrioLab

from sourcehere.plugins import hookimpl
from sourcehere.ports.providers import ProviderInfo
from sourcehere.testing import sample_shop
from sourcehere.testing.kit import WireFault
from sourcehere_karrio import KarrioCarrier, KarrioConfig

CONFIG = {
    "carrier": "easypost",
    "secrets": {"api_key": "EZTK-4711"},
    "currency": "USD",
    "origin": {
        "country": "CN",
        "name": "Dock",
        "street": "1 Dock Rd",
        "city": "Yiwu",
        "postal_code": "322000",
    },
    "services": [
        {
            "code": "prio",
            "service": "easypost_usps_priority",
            "name": "Priority",
            "carrier": "USPS",
            "days_min": 1,
            "days_max": 3,
        }
    ],
    "customs": {
        "description": "cups",
        "unit_value": "4.50",
        "hs_code": "691110",
        "made_in": "CN",
    },
    "labels_folder": "labels",
}


class Offered:
    """
    The plugin, in front of a server in memory.
    """

    def __init__(self, lab: KarrioLab) -> None:
        self._lab = lab

    @hookimpl
    def sourcehere_freight_providers(self):
        """
        Offer it.
        """
        return [ProviderInfo("karrio_lab", KarrioConfig, self._make)]

    def _make(self, config, context):
        context = attrs.evolve(context, folder=str(self._lab.folder))
        return KarrioCarrier(config, context, self._lab._transport)


@pytest.fixture
def lab():
    """
    Return an account.
    """
    made = KarrioLab()
    yield made
    made.close()


@pytest.fixture
def demo(lab):
    """
    Return a shop that sends by it.
    """
    made = sample_shop(plugins=[Offered(lab)])
    made.desk.freight.connect(
        "post", provider="karrio_lab", config=CONFIG, allow_plain=True
    )
    yield made
    made.sh.close()


@pytest.fixture
def order(demo):
    """
    Return an order that was paid and accepted.
    """
    made = demo.customer_orders(CUP=2)
    demo.shop.checkouts.pay(demo.shop.checkouts.open([made]))
    demo.ann.shipping.accept([made])
    return made


def test_staff_buy_a_label_and_print_it(demo, order, lab):
    """
    Its price is the carrier's, and what it prints is the carrier's label.
    """
    bought = demo.ann.labels.buy(order, method="post:prio")
    (booked,) = lab.books()
    assert ("bought", booked.price) == (bought.state, bought.price)
    assert ("USPS", booked.tracking_number) == (bought.carrier, bought.tracking_number)
    file = demo.ann.labels.file(bought.parcel_id)
    assert file.content.endswith(booked.tracking_number.encode())


def test_a_sale_that_nobody_knows_of_waits_for_a_person(demo, order, lab):
    """
    The key stands at the carrier, and is not sent again.
    """
    lab.line.fail(WireFault.AFTER, after=1)
    lost = demo.ann.labels.buy(order, method="post:prio")
    demo.clock.advance(timedelta(hours=1))
    demo.sh.labels.run()
    (open_one,) = demo.desk.labels.open()
    assert ("unknown", "manual") == (lost.state, open_one.state)
    assert 1 == len(lab.books())


def test_who_is_throttled_buys_one_later(demo, order, lab):
    """
    Nothing had happened.
    """
    lab.line.fail(WireFault.THROTTLED, after=1)
    asked = demo.ann.labels.buy(order, method="post:prio")
    assert "planned" == asked.state
    demo.clock.advance(timedelta(hours=1))
    demo.sh.labels.run()
    assert 1 == len(lab.books())
