"""
A bench whose platform has a payment gateway in memory.
"""

from datetime import timedelta

from sourcehere import Money
from sourcehere.testing.factories import open_bench, snapshot
from sourcehere.testing.fake_gateways import FakeGateways

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AMOUNT = Money.parse("50", "USD")


def opened(storage, violations, cards, settings=None):
    """
    Lend a bench that is connected to a gateway; clean when the test ends.
    """
    made = open_bench(
        top_up=1_00,
        storage=storage,
        connected=("CUP", "HAT"),
        plugins=[FakeGateways(cards=cards)],
        settings=settings,
    )
    gateways(made).connect("cards", provider="fake_gateway", config={})
    yield made
    assert () == violations(made)


def gateways(bench):
    """
    Return the desk at which gateways are connected.
    """
    return bench.sh.staff("ann").gateways


def attempts(bench):
    """
    Return the desk at which staff end attempts.
    """
    return bench.sh.staff("ann").attempts


def resolve(bench, attempt_id, decision, **given):
    """
    Say what became of an attempt, as its step is called now.
    """
    desk = attempts(bench)
    reference = desk.get(attempt_id).reference
    return desk.resolve(
        "demo", attempt_id, decision, **{"reference": reference, **given}
    )


def wallet(bench):
    """
    Return the seller's wallet.
    """
    return bench.sh.seller("demo").wallet


def top_up(bench, amount=AMOUNT, source="tok_visa", command_id=""):
    """
    Top up by card.
    """
    return wallet(bench).top_up_by_card(
        amount, source=source, gateway="cards", command_id=command_id
    )


def rounds(bench, number=1, pause=HOUR):
    """
    Let workers take up what is due.
    """
    for _ in range(number):
        bench.clock.advance(pause)
        bench.sh.attempts.run()


def balances(bench):
    """
    Return what is available, held and owed, in minor units.
    """
    found = wallet(bench).get()
    return found.available.minor, found.held.minor, found.debt.minor


def unpaid(bench, name="1", **units):
    """
    Return an order that awaits payment.
    """
    (order_id,) = bench.sync(snapshot(name, **units))
    return order_id


def offered(bench, *names):
    """
    Return an offer for new orders of ten cups each.
    """
    orders = [unpaid(bench, name, CUP=10) for name in names or "1"]
    return bench.sh.seller("demo").checkouts.open(orders)


def pay(bench, offer, source="tok_visa", **changes):
    """
    Pay an offer by card.
    """
    desk = bench.sh.seller("demo").checkouts
    return desk.pay_by_card(offer, source=source, gateway="cards", **changes)


def states(bench, offer):
    """
    Return the states of the orders of an offer.
    """
    desk = bench.sh.seller("demo").orders
    return [desk.get(order.order_id).state for order in offer.orders]


def charged(cards):
    """
    Return what a gateway took from cards, less what it returned, in minor units.
    """
    return cards.charged("USD")
