"""
What a corrected address costs where freight was promised: what holds is what was
promised when the order was paid, whatever becomes of quotes and connections.
"""

from datetime import timedelta

import attrs
import pytest

from sourcehere import CommandRefusedError, Money, Price
from sourcehere.testing.factories import (
    HOME,
    NOON,
    RATE_CARD,
    SELLER,
    STAFF,
    open_bench,
    snapshot,
)
from sourcehere.testing.fake_carrier import FakeCarrier, FakeCarriers, answering, option
from sourcehere.unit.tables.wallet import ORDER_PLANS

FAR = attrs.evolve(HOME, city="Anchorage", postal_code="99501")
REMOTE = {
    "price": 700,
    "postal_ranges": [{"country": "US", "first": "99500", "last": "99999"}],
}


@pytest.fixture
def far(paired):
    """
    A bench whose freight to far places is 7.00 dearer.
    """
    method = {**RATE_CARD["methods"][0], "remote_areas": [REMOTE]}
    card = {**RATE_CARD, "methods": [method]}
    paired.app.freight.change("card", config=card, by=STAFF)
    return paired


def promise(bench, **what):
    """
    Let staff promise 1.00 of freight for a unit, and the seller accept.
    """
    quotes = bench.sh.seller("demo").quotes
    name = quotes.ask_for(**what).request_id
    bench.sh.staff("ann").seller("demo").quotes.answer(
        name,
        variant_id=bench.variants["CUP"],
        prices=(Price(Money(400, "USD")),),
        valid_until=NOON + timedelta(days=7),
        method="std",
        freight=Money(100, "USD"),
    )
    quotes.accept(name)


def promised(bench):
    """
    Make a paid order of two SOCKs whose freight was promised, and return its id.
    """
    promise(bench, store_id="shop", sku="SOCK")
    (order_id,) = bench.sync(snapshot("1", SOCK=2))
    bench.pay(order_id)
    return order_id


def send_far(bench, order_id):
    """
    Correct the address, as a seller who agrees to no supplement, and return what the
    freight has cost by then, in minor units.
    """
    bench.sh.seller("demo").orders.correct_address(order_id, FAR)
    return bench.app.orders.get("demo", order_id).freight.minor


def test_a_promise_outlives_its_connection(far):
    """
    What becomes of a connection is for later orders.
    """
    order_id = promised(far)
    order = far.app.orders.get("demo", order_id)
    far.sh.seller("demo").connections.remove(order.lines[0].connection_id)

    assert 200 == send_far(far, order_id)


def test_a_promise_that_came_later_is_for_later_orders(far):
    """
    The seller paid by the card, and the way is dearer.
    """
    order_id = far.paid(CUP=1)
    promise(far, title="a blue cup")
    with pytest.raises(CommandRefusedError) as ei:
        send_far(far, order_id)

    assert "7.00 USD" == ei.value.blockers[0].facts["supplement"]


def test_an_order_that_does_not_know_asks_the_quotes(far):
    """
    What was offered before promises were kept with it has none written down.
    """
    order_id = promised(far)

    def forget(unit):
        for plan in unit.each_of(ORDER_PLANS, "demo"):
            contents = attrs.evolve(plan.contents, promised=None)
            unit.put(ORDER_PLANS, attrs.evolve(plan, contents=contents))

    far.app.units.platform(forget)
    assert 200 == send_far(far, order_id)


def test_what_a_promise_could_not_lower_is_not_promised(storage, violations):
    """
    The carrier takes the other lines not alone, and was paid for everything.
    """

    def quote(request):
        if sum(unit.quantity for unit in request.units) < 3:
            return answering(option("sea", 100))
        minor = 1100 if request.postal_code == FAR.postal_code else 400
        return answering(option("std", minor))

    carriers = FakeCarriers(acme=FakeCarrier(answer=quote))
    made = open_bench(storage=storage, plugins=[carriers], connected=["HAT"])
    config = {"carrier": "acme"}
    made.app.freight.connect("acme", provider="fake_carrier", config=config, by=STAFF)
    made.app.freight.move("card", "disconnect", by=STAFF)
    promise(made, store_id="shop", sku="SOCK")
    (order_id,) = made.sync(snapshot("1", SOCK=2, HAT=2))
    made.app.orders.choose_shipping("demo", order_id, "std", by=SELLER)
    made.pay(order_id)

    assert 400 == made.app.orders.get("demo", order_id).freight.minor
    with pytest.raises(CommandRefusedError) as ei:
        send_far(made, order_id)
    assert "7.00 USD" == ei.value.blockers[0].facts["supplement"]
    assert () == violations(made)
