"""
What kept an order from going on asks nobody for anything once the order is cancelled.
"""

from datetime import timedelta

import pytest

from sourcehere import HoldReason, Role, Tab
from sourcehere.testing.factories import open_bench, snapshot


@pytest.fixture
def bench(storage):
    """
    A shop that is paired.
    """
    return open_bench(storage=storage, connected=("CUP",))


def over(bench, order_id):
    """
    Tell whether an order is cancelled, and nobody is asked to act on it.
    """
    desk, shop = bench.sh.staff("ann"), bench.sh.seller("demo")
    order = shop.orders.get(order_id)
    asked = [desk.queues.orders_held(who).items for who in (Role.STAFF, Role.SELLER)]
    assert () == bench.app.audit.run(replay=True).violations
    counts = shop.orders.counts()
    assert (1, 0) == (counts[Tab.CANCELLED], counts[Tab.ABNORMAL])
    return ("Cancelled", (), [(), ()]) == (order.status, order.holds, asked)


@pytest.mark.parametrize("how", ["refund_all", "reject", "units", "seller"])
def test_the_shop_cancelled_what_was_paid(bench, how):
    """
    Refunded in whichever way, as the hold asks for: it ends with the order, and the
    shop's next word opens none.
    """
    order_id = bench.paid("1", CUP=2)
    bench.sync(snapshot("1", cancelled=True, CUP=2))
    ann, shop = bench.sh.staff("ann").seller("demo"), bench.sh.seller("demo")
    ann.orders.hold(order_id, detail="and staff look at it")
    match how:
        case "refund_all":
            ann.refunds.refund_all(order_id)
        case "reject":
            ann.orders.reject(order_id, reason="cancelled in your shop")
        case "units":
            ann.refunds.refund_units(order_id, {"1.1": 2})
        case "seller":
            shop.disputes.request_cancel(order_id)

    assert over(bench, order_id)
    bench.sync(snapshot("1", cancelled=True, CUP=2))
    bench.clock.advance(timedelta(days=30))
    bench.sh.clocks.fire()
    assert over(bench, order_id)


@pytest.mark.parametrize("reason", [HoldReason.STAFF, HoldReason.ADDRESS])
@pytest.mark.parametrize("how", ["seller", "shop", "time"])
def test_unpaid_orders(bench, reason, how):
    """
    Cancelled by the seller, in the shop, or by time.
    """
    (order_id,) = bench.sync(snapshot("1", CUP=2))
    bench.sh.staff("ann").seller("demo").orders.hold(
        order_id, detail="odd", reason=reason
    )
    match how:
        case "seller":
            bench.sh.seller("demo").orders.cancel([order_id])
        case "shop":
            bench.sync(snapshot("1", cancelled=True, CUP=2))
        case "time":
            bench.clock.advance(timedelta(days=20))
            bench.sh.clocks.fire()

    assert over(bench, order_id)


def test_what_the_shop_wants_less_of(bench):
    """
    An order that the shop changed, and that staff reject, asks the seller no more.
    """
    order_id = bench.paid("1", CUP=2)
    bench.sync(snapshot("1", CUP=1))
    ann = bench.sh.staff("ann").seller("demo")
    ann.orders.reject(order_id, reason="not made any more")
    assert over(bench, order_id)
    bench.sync(snapshot("1", CUP=1))
    assert over(bench, order_id)
