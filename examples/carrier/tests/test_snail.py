"""
Snail Post, alone and inside an order core.
"""

import logging
from datetime import timedelta

import pytest

import sourcehere_snail
from sourcehere import CommandRefusedError, FreightRequest, Money
from sourcehere.testing import sample_shop
from sourcehere.testing.kit import FreightContract
from sourcehere_snail.carrier import SnailPost
from sourcehere_snail.config import SnailConfig

CONTRACT = {
    "account": "4711",
    "currency": "USD",
    "price_minor": 50,
    "countries": ["US"],
}


def request(*, grams=900, country="US", currency="USD"):
    return FreightRequest(weight_grams=grams, country=country, currency=currency)


@pytest.fixture
def carrier():
    """
    Return a carrier that charges half a dollar a kilogram.
    """
    return SnailPost(
        SnailConfig(account="4711", currency="USD", price_minor=50, countries=("US",))
    )


class TestSnailPost:
    @pytest.mark.parametrize(("grams", "price"), [(1, 50), (1000, 50), (1001, 100)])
    def test_every_kilogram_begun_costs(self, carrier, grams, price):
        """
        The price is per kilogram begun.
        """
        (option,) = carrier.quote(request(grams=grams)).options

        assert ("snail", price) == (option.method, option.price.minor)

    @pytest.mark.parametrize(
        ("asked", "code"),
        [
            ({"country": "GB"}, "country_not_served"),
            ({"grams": 2001}, "too_heavy"),
            ({"currency": "EUR"}, "other_currency"),
        ],
    )
    def test_it_says_why_it_is_left_out(self, carrier, asked, code):
        """
        What it cannot carry is left out, with a reason.
        """
        answer = carrier.quote(request(**asked))

        assert () == answer.options
        assert [("snail", code)] == [(x.method, x.code) for x in answer.left_out]

    def test_its_account_is_secret(self, carrier):
        """
        The account number is in no repr.
        """
        assert "4711" not in repr(carrier)


class SnailLab:
    """
    Snail Post from behind: what its price list says, counted by hand.
    """

    def connect(self):
        """
        Make a carrier of half a dollar a kilogram.
        """
        return SnailPost(
            SnailConfig(
                account="4711", currency="USD", price_minor=50, countries=("US",)
            )
        )

    def served(self, *, grams):
        """
        Return a parcel to the US.
        """
        return request(grams=grams)

    def unserved(self):
        """
        Return one to where no snail crawls.
        """
        return request(country="GB")

    def prices(self, request):
        """
        Return half a dollar for every kilogram begun.
        """
        if request.currency != "USD":
            return {}
        return {"snail": Money(50 * (1 + (request.weight_grams - 1) // 1_000), "USD")}


class TestContract(FreightContract):
    """
    What every carrier promises; this one only computes, so that no line breaks.
    """

    faults = ()

    def make_lab(self):
        """
        Make the price list.
        """
        return SnailLab()


@pytest.fixture
def demo():
    """
    Return a platform with Snail Post connected and cups for sale.
    """
    made = sample_shop(plugins=[sourcehere_snail])
    made.desk.freight.connect(
        "snail", provider="snail", config=CONTRACT, allow_plain=True
    )
    return made


def accepted(demo):
    """
    Return an order that is paid, and that the warehouse has accepted.
    """
    order_id = demo.customer_orders(CUP=1)
    demo.shop.checkouts.pay(demo.shop.checkouts.open([order_id]))
    demo.ann.shipping.accept([order_id])
    return order_id


def ship(demo, order_id):
    """
    Send everything in one parcel.
    """
    demo.ann.shipping.ship(order_id, carrier="snail", tracking_number="S1")


class TestPlugin:
    def test_the_cheapest_way_is_by_snail(self, demo):
        """
        A checkout offers it beside the rate card, and it is the cheapest.
        """
        order = demo.shop.orders.get(accepted(demo))

        assert ("snail", 50) == (order.method, order.freight.minor)

    def test_nothing_ships_on_sundays(self, demo):
        """
        On a Sunday shipping is vetoed; on Monday it goes.
        """
        order_id = accepted(demo)
        demo.clock.advance(timedelta(days=6))  # it began on a Monday
        with pytest.raises(CommandRefusedError) as ei:
            ship(demo, order_id)
        demo.clock.advance(timedelta(days=1))
        ship(demo, order_id)

        (blocker,) = ei.value.blockers
        assert "snails_rest" == blocker.facts["code"]
        assert "shipped" == demo.shop.orders.get(order_id).state

    def test_what_was_shipped_is_logged(self, demo, caplog):
        """
        The plugin hears of the parcel through the relay, once.
        """
        order_id = accepted(demo)
        ship(demo, order_id)
        with caplog.at_level(logging.INFO, logger="sourcehere_snail"):
            demo.sh.relay.run()
            demo.sh.relay.run()

        assert [f"order {order_id}: a parcel is on its way"] == caplog.messages
