"""
Sellers whose orders are served from one warehouse as a whole, or not.
"""

import pytest

from sourcehere import CommandRefusedError
from sourcehere.testing.factories import HOME, STAFF, nothing_moves, snapshot


@pytest.fixture(params=["fill_all", "fill_or_kill"])
def whole(request, paired):
    """
    A bench whose stock is in two warehouses, three cups and four.
    """
    paired.app.cloud.add_warehouse("US1", name="Newark", country="US", by=STAFF)
    paired.app.sellers.allocate_by("demo", request.param, by=STAFF)
    paired.stocked("US1", CUP=3)
    paired.stocked("CN1", CUP=4)
    return paired


def allocated(bench):
    """
    Return how many units are bound in each warehouse.
    """
    return {v.warehouse_id: v.allocated for v in bench.app.cloud.stock("demo")}


def is_strict(bench):
    """
    Tell whether orders are served from stock only.
    """
    desk = bench.sh.staff("ann").sellers
    return "fill_or_kill" == desk.get("demo").allocation_policy


def test_what_one_warehouse_has_is_served_from_it(whole):
    """
    As by any other policy: the goods are paid already.
    """
    (order_id,) = whole.sync(snapshot("1", CUP=4))
    payment = whole.pay(order_id)

    assert {"US1": 0, "CN1": 4} == allocated(whole)
    order = whole.app.orders.get("demo", order_id)
    assert (0, 80, 700) == (
        order.goods.minor,
        order.handling.minor,
        order.freight.minor,
    )
    assert [order_id] == list(payment.paid)


def test_what_none_has_is_sourced_or_refused(whole):
    """
    Five cups are in no warehouse, and none of the seven is bound to them.
    """
    (order_id,) = whole.sync(snapshot("1", CUP=5))
    desk = whole.sh.seller("demo")
    if not is_strict(whole):
        offer = desk.checkouts.open([order_id])
        why = "no warehouse that delivers there has all of the order"
        assert {"1.1": why} == dict(offer.orders[0].reasons)
        desk.checkouts.pay(offer)
        assert {"US1": 0, "CN1": 0} == allocated(whole)
        assert 2_500 == whole.app.orders.get("demo", order_id).goods.minor
        return

    for refused in (desk.checkouts.open, desk.checkouts.modes):
        with pytest.raises(CommandRefusedError) as ei, nothing_moves(whole):
            refused([order_id] if refused == desk.checkouts.open else order_id)
        (why,) = ei.value.blockers
        assert "not_in_stock" == why.code
        assert why.words == (
            "it is served from stock only: 1.1: no warehouse that delivers there has"
            " all of the order"
        )


def test_stock_that_is_gone_refuses_the_payment(whole):
    """
    What was offered is not what the order costs any more, or it cannot be sent at all.
    """
    first, second = whole.sync(snapshot("1", CUP=4), snapshot("2", CUP=4))
    desk = whole.sh.seller("demo")
    offer = desk.checkouts.open([first])
    whole.pay(second)

    before = whole.balance()
    with pytest.raises(Exception, match="stock"), nothing_moves(whole):
        desk.checkouts.pay(offer)
    assert before == whole.balance()


def test_an_order_that_draws_on_no_stock_is_sourced(whole):
    """
    A manual order that was not asked to.
    """
    desk = whole.sh.seller("demo")
    made = desk.drafts.manual(whole.wanted(CUP=5), HOME)
    desk.drafts.place(made.order_id)
    whole.pay(made.order_id)

    assert {"US1": 0, "CN1": 0} == allocated(whole)
    assert 2_500 == whole.app.orders.get("demo", made.order_id).goods.minor


def test_without_any_stock(paired):
    """
    Whoever sends from stock only cannot pay for anything else.
    """
    paired.app.sellers.allocate_by("demo", "fill_or_kill", by=STAFF)
    (order_id,) = paired.sync(snapshot("1", CUP=1))

    with pytest.raises(CommandRefusedError) as ei, nothing_moves(paired):
        paired.pay(order_id)
    assert ("not_in_stock",) == ei.value.codes
