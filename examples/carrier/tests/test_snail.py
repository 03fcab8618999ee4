"""
Snail Post, alone and inside an order core.
"""

import logging
from datetime import timedelta

import pytest

import sourcehere_snail
from sourcehere import CommandRefusedError
from sourcehere.domain.freight.model import FreightRequest
from sourcehere.testing.factories import STAFF, open_bench
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


@pytest.fixture
def bench():
    """
    Return an order core with Snail Post connected and cups for sale.
    """
    made = open_bench(plugins=[sourcehere_snail])
    made.app.freight.connect("snail", provider="snail", config=CONTRACT, by=STAFF)
    made.connect(made.rule("CUP"))
    return made


class TestPlugin:
    def test_the_cheapest_way_is_by_snail(self, bench):
        """
        A checkout offers it beside the rate card, and it is the cheapest.
        """
        order_id = bench.paid("1", CUP=1)

        order = bench.app.orders.get("demo", order_id)
        assert ("snail", 50) == (order.method, order.freight.minor)

    def test_nothing_ships_on_sundays(self, bench):
        """
        On a Sunday shipping is vetoed; on Monday it goes.
        """
        order_id = bench.accepted("1", CUP=1)
        bench.clock.advance(timedelta(days=6))  # the bench's noon is a Monday
        with pytest.raises(CommandRefusedError) as ei:
            bench.ship(order_id)
        bench.clock.advance(timedelta(days=1))
        bench.ship(order_id)

        (blocker,) = ei.value.blockers
        assert "snails_rest" == blocker.facts["code"]
        assert "shipped" == bench.app.orders.get("demo", order_id).state

    def test_what_was_shipped_is_logged(self, bench, caplog):
        """
        The plugin hears of the parcel through the relay, once.
        """
        order_id = bench.accepted("1", CUP=1)
        bench.ship(order_id)
        with caplog.at_level(logging.INFO):
            bench.app.relay.run()
            bench.app.relay.run()

        assert [f"order {order_id}: a parcel is on its way"] == caplog.messages
