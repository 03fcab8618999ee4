"""
What a corrected address costs where the goods of an order are in several places.
"""

from collections import Counter
from datetime import timedelta

import attrs
import pytest

from sourcehere import CommandRefusedError, Money, Price
from sourcehere.testing.factories import HOME, NOON, SELLER, STAFF, open_bench, snapshot
from sourcehere.testing.fake_carrier import FakeCarrier, FakeCarriers, answering, option

FAR = attrs.evolve(HOME, city="Anchorage", postal_code="99501")
# Which method there is, by where goods leave from; empty where nobody knows.
METHODS = {"US": "ground", "CN": "air", "": "post"}


def quote(request):
    """
    Ask 4.00 for a consignment, and 7.00 more to far places.
    """
    minor = 1100 if request.postal_code == FAR.postal_code else 400
    return answering(option(METHODS[request.origin], minor))


@pytest.fixture
def acme():
    return FakeCarrier(answer=quote)


@pytest.fixture
def other():
    return FakeCarrier()


@pytest.fixture
def bench(storage, violations, acme, other):
    """
    A bench with four cups in the US and two hats in China, and a carrier that has
    another method from each; clean when the test ends.
    """
    made = open_bench(
        storage=storage,
        plugins=[FakeCarriers(acme=acme, other=other)],
        connected=["CUP", "HAT"],
    )
    config = {"carrier": "acme"}
    made.app.freight.connect("acme", provider="fake_carrier", config=config, by=STAFF)
    made.app.freight.move("card", "disconnect", by=STAFF)
    made.app.cloud.add_warehouse("US1", name="Newark", country="US", by=STAFF)
    made.stocked("US1", CUP=4)
    made.stocked("CN1", HAT=2)
    yield made
    assert () == violations(made)


@pytest.fixture
def split(bench):
    """
    The same, of a seller whose orders are split.
    """
    bench.app.sellers.allocate_by("demo", "split_available", by=STAFF)
    return bench


def supplement(bench, order_id):
    """
    Return what it costs more to a far place, as the refusal says.
    """
    with pytest.raises(CommandRefusedError) as ei:
        bench.app.orders.correct_address("demo", order_id, FAR, by=SELLER)
    return ei.value.blockers[0].facts["supplement"]


def refund(bench, order_id, **units):
    """
    Refund units, items as `i1_1=2`.
    """
    gone = {name[1:].replace("_", "."): quantity for name, quantity in units.items()}
    bench.app.orders.refund_units("demo", order_id, gone, by=STAFF)


def asked(acme):
    """
    Return what was asked: the origin, and item -> units.
    """
    return [(r.origin, {u.name: u.quantity for u in r.units}) for r in acme.asked]


@pytest.mark.parametrize(
    ("gone", "origin"), [({"i1_1": 4}, "CN"), ({"i2_1": 3}, "US")], ids=["CN", "US"]
)
def test_one_place_of_several_is_left(split, acme, gone, origin):
    """
    Its goods go by the method that was paid from there, also where the order itself is
    named after the other one.
    """
    order_id = split.paid(CUP=4, HAT=3)
    refund(split, order_id, **gone)
    acme.asked.clear()

    assert "7.00 USD" == supplement(split, order_id)
    assert {origin} == {place for place, _ in asked(acme)}


def test_what_is_bought_goes_where_it_was_to_be_packed(split, acme):
    """
    The warehouse in China packs the hat that is bought, also when its own are refunded.
    """
    order_id = split.paid(CUP=4, HAT=3)
    refund(split, order_id, i1_1=4)
    refund(split, order_id, i2_1=2)
    acme.asked.clear()

    assert "7.00 USD" == supplement(split, order_id)
    assert [("CN", {"2.1": 1})] * 2 == asked(acme)


def test_an_order_that_is_not_split_is_one_consignment(bench, acme):
    """
    Hats that are bought are packed with the cups from stock, wherever that is.
    """
    order_id = bench.paid(CUP=4, HAT=4)
    acme.asked.clear()

    assert "7.00 USD" == supplement(bench, order_id)
    assert [("", {"1.1": 4, "2.1": 4})] * 2 == asked(acme)


def test_the_rest_of_one_consignment_is_asked_as_it_was_paid(bench, acme):
    """
    It was paid from nobody knows where, and goes by that method.
    """
    order_id = bench.paid(CUP=4, HAT=4)
    refund(bench, order_id, i2_1=4)
    acme.asked.clear()

    assert "7.00 USD" == supplement(bench, order_id)
    assert [("", {"1.1": 4})] * 2 == asked(acme)


def test_nobody_else_is_asked(bench, acme, other):
    """
    A carrier that is down has nothing to do with an order that another one takes.
    """
    order_id = bench.paid(CUP=4)
    bench.app.freight.connect(
        "other", provider="fake_carrier", config={"carrier": "other"}, by=STAFF
    )
    acme.asked.clear()
    other.answer = KeyError("price")

    assert "7.00 USD" == supplement(bench, order_id)
    assert ([("US", {"1.1": 4})] * 2, []) == (asked(acme), other.asked)


def test_beside_a_promise_the_rest_is_asked_together(split, acme):
    """
    As it was when the order was paid.
    """
    shop, staff = split.sh.seller("demo"), split.sh.staff("ann").seller("demo")
    name = shop.quotes.ask_for(store_id="shop", sku="SOCK").request_id
    staff.quotes.answer(
        name,
        variant_id=split.variants["CUP"],
        prices=(Price(Money(400, "USD")),),
        valid_until=NOON + timedelta(days=7),
        method="ground",
        freight=Money(100, "USD"),
    )
    shop.quotes.accept(name)
    (order_id,) = split.sync(snapshot(HAT=2, SOCK=4))
    split.app.orders.choose_shipping("demo", order_id, "ground", by=SELLER)
    split.pay(order_id)
    paid = [one for one in asked(acme) if one[1] == {"1.1": 2}]
    acme.asked.clear()

    assert [("CN", {"1.1": 2}), ("US", {"1.1": 2})] == paid
    assert "7.00 USD" == supplement(split, order_id)
    assert [("US", {"1.1": 2})] * 2 == asked(acme)


def test_handling_comes_back_with_its_units(bench, acme):
    """
    However much cheaper the way has become, no more than the freight comes back for it.
    """
    (order_id,) = bench.sync(snapshot(address=FAR, HAT=2, CUP=1))
    acme.answer = answering(option("post", 400))
    spent = bench.balance()
    bench.pay(order_id)
    spent -= bench.balance()
    bench.app.orders.refund_units("demo", order_id, {"1.1": 1}, by=STAFF)
    near, dear = answering(option("post", 1)), answering(option("post", 5000))
    acme.answer = lambda r: dear if r.postal_code == FAR.postal_code else near
    bench.app.orders.correct_address("demo", order_id, HOME, by=SELLER)
    order = bench.app.orders.get("demo", order_id)

    assert (940, 400, 40) == (spent, order.freight.minor, order.handling.minor)
    assert 420 == order.refunded.minor
    refund(bench, order_id, i1_1=1)
    assert 440 == bench.app.orders.get("demo", order_id).refunded.minor
    refund(bench, order_id, i2_1=1)
    assert spent == bench.app.orders.get("demo", order_id).refunded.minor


def booked_back(bench):
    """
    Return what refunds gave back, by account, in minor units.
    """
    sums = Counter()
    for line in bench.sh.seller("demo").wallet.ledger(limit=500):
        if line.purpose == "refund" and line.account != "wallet_available":
            sums[line.account] -= line.amount.minor
    return dict(sums)


def test_another_address_gives_back_freight_and_no_handling(bench):
    """
    What the way costs less is booked as freight, and the handling of a unit that is
    refunded after that as handling; in the end both are what was paid.
    """
    (order_id,) = bench.sync(snapshot(address=FAR, HAT=2))
    bench.pay(order_id)
    bench.app.orders.correct_address("demo", order_id, HOME, by=SELLER)
    assert {"freight": 700} == booked_back(bench)

    refund(bench, order_id, i1_1=1)
    assert {"freight": 700, "handling": 20} == booked_back(bench)
    refund(bench, order_id, i1_1=1)
    order = bench.app.orders.get("demo", order_id)
    assert (1100, 40) == (order.freight.minor, order.handling.minor)
    assert {"freight": 1100, "handling": 40} == booked_back(bench)


def test_handling_that_came_back_before_stays_handling(bench):
    """
    Refunded first and sent nearer then, each is booked as what it is, too.
    """
    (order_id,) = bench.sync(snapshot(address=FAR, HAT=2))
    bench.pay(order_id)
    refund(bench, order_id, i1_1=1)
    bench.app.orders.correct_address("demo", order_id, HOME, by=SELLER)
    assert {"freight": 700, "handling": 20} == booked_back(bench)
    bench.app.orders.refund_all("demo", order_id, by=STAFF)
    assert {"freight": 1100, "handling": 40} == booked_back(bench)


def test_the_story_tells_each_as_it_is_booked(bench):
    """
    Of what another address gives back nothing is called handling.
    """
    (order_id,) = bench.sync(snapshot(address=FAR, HAT=2))
    bench.pay(order_id)
    bench.app.orders.correct_address("demo", order_id, HOME, by=SELLER)
    refund(bench, order_id, i1_1=1)
    bench.app.orders.refund_all("demo", order_id, by=STAFF)

    story = bench.sh.seller("demo").orders.timeline(order_id)
    assert [
        "refunded 7.00 USD (freight 7.00 USD)",
        "refunded 0.20 USD (handling 0.20 USD)",
        "refunded 4.20 USD (freight 4.00 USD, handling 0.20 USD)",
    ] == [entry.words for entry in story if entry.kind == "order.refunded"]
