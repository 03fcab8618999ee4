"""
A bench whose platform buys labels of a carrier in memory.
"""

from sourcehere.services.sending.label_plans import NewLabel
from sourcehere.testing.factories import STAFF, open_bench
from sourcehere.testing.fake_carrier import FakeCarriers

SKUS = ("CUP", "HAT", "LAMP")


def opened(storage, violations, settings=None, **carriers):
    """
    Lend a bench that is connected to *carriers*; clean when the test ends.
    """
    made = open_bench(
        storage=storage,
        connected=SKUS,
        plugins=[FakeCarriers(**carriers)],
        settings=settings,
    )
    for name in carriers:
        config = {"carrier": name}
        made.app.freight.connect(name, provider="fake_carrier", config=config, by=STAFF)
    yield made
    assert () == violations(made)


def buy(bench, order_id, method="post:std", *, command_id="", **quantities):
    """
    Buy a label: items as `i1_1=2`, everything left if nothing is said.
    """
    chosen = {n[1:].replace("_", "."): q for n, q in quantities.items()}
    new = NewLabel(order_id=order_id, method=method, quantities=chosen or None)
    return bench.app.labels.buy("demo", new, by=STAFF, command_id=command_id)


def order_of(bench, order_id):
    """
    Read an order.
    """
    return bench.app.units.seller(
        "demo", lambda unit: unit.orders.one(order_id, lock=False), read_only=True
    )


def state(bench, order_id):
    """
    Return an order's state, and how many labels it marks.
    """
    order = order_of(bench, order_id)
    return order.state, len(order.labels)
