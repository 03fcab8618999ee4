"""
Units from stock are paid back by the order that bought them: both orders tell it.
"""

import pytest

from sourcehere import Count, DisputeReason, Money, NotFoundError
from sourcehere.testing.factories import open_bench
from sourcehere.unit.tables.orders import ORDERS

EVIDENCE = {"description": "in pieces", "photo": "photo-1"}


def usd(minor):
    """
    Return an amount of dollars.
    """
    return Money(minor, "USD")


@pytest.fixture
def settled(paired):
    """
    Five cups of stock, and an order of two of them and a hat, of which a cup and the
    hat were paid back: 4.50 by the order that bought the cup, and 3.25.
    """
    bulk = paired.stocked(CUP=5)
    order_id = paired.accepted("1", CUP=2, HAT=1)
    paired.ship(order_id)
    grant(paired, order_id, {"1.1": 1, "2.1": 1})
    return paired, order_id, bulk


def grant(bench, order_id, quantities):
    """
    Dispute units as damaged, and grant that.
    """
    seller, staff = bench.sh.seller("demo"), bench.sh.staff("ann").seller("demo")
    opened = seller.disputes.open(
        order_id,
        reason=DisputeReason.DAMAGED,
        quantities=quantities,
        evidence=EVIDENCE,
    )
    staff.disputes.take(opened.dispute_id)
    staff.disputes.grant(opened.dispute_id)


def words_of_refunds(desk, order_id):
    """
    Return what the story of an order says of its refunds.
    """
    story = desk.orders.timeline(order_id)
    return [entry.words for entry in story if entry.kind == "order.refunded"]


class TestList:
    def test_both_orders_list_it_with_their_share(self, settled):
        """
        A refund is listed with the order whose units it is of, and with the order that
        bought them; each says how much of it is its own.
        """
        bench, order_id, bulk = settled
        desk = bench.sh.seller("demo")

        (found,) = desk.refunds.list(order_id)
        (other,) = desk.refunds.list(bulk)

        assert (usd(775), usd(325)) == (found.amount, found.amount_here)
        assert (usd(775), usd(450)) == (other.amount, other.amount_here)
        assert found.refund_id == other.refund_id
        assert order_id == found.order_id == other.order_id

    def test_shares_are_what_the_order_says(self, settled):
        """
        What the list says adds up to what the order says, whatever was paid back.
        """
        bench, order_id, bulk = settled
        desk = bench.sh.seller("demo")
        grant(bench, order_id, {"1.1": 1})
        bench.sh.staff("ann").seller("demo").cloud.count(
            "CN1", bench.variants["CUP"], 2, refunds=True
        )

        for name in (order_id, bulk):
            shares = [refund.amount_here for refund in desk.refunds.list(name)]
            refunded = desk.orders.get(name).refunded
            assert refunded == Money.sum(shares, currency="USD")
        assert 3 == len(desk.refunds.list(bulk))

    def test_the_page_of_an_order_shows_the_same(self, settled):
        """
        The page of either order has the same refunds as the list.
        """
        bench, order_id, bulk = settled
        desk = bench.sh.seller("demo")

        for name in (order_id, bulk):
            assert desk.refunds.list(name) == desk.orders.details(name).refunds

    def test_goods_that_came_back_are_told_where_they_were_paid(self, paired):
        """
        Of goods that came back and were sold again, the order that bought them first
        lists the refund.
        """
        first = paired.accepted("1", HAT=2)
        paired.ship(first)
        staff = paired.sh.staff("ann").seller("demo")
        staff.cloud.restock(first, "CN1", {"1.1": 2})
        second = paired.accepted("2", HAT=2)
        paired.ship(second, "T2")
        grant(paired, second, {"1.1": 2})

        (found,) = paired.sh.seller("demo").refunds.list(first)
        assert (second, usd(650)) == (found.order_id, found.amount_here)

    def test_an_order_that_is_not_there_has_none(self, paired):
        """
        Nothing is listed of an order that the seller has not, and its page says so.
        """
        desk = paired.sh.seller("demo")

        assert () == desk.refunds.list("nobody's")
        with pytest.raises(NotFoundError):
            desk.orders.details("nobody's")


class TestStory:
    def test_each_story_names_the_other_order(self, settled):
        """
        The story of either order says what the other one has to do with it.
        """
        bench, order_id, bulk = settled
        desk = bench.sh.seller("demo")

        (words,) = words_of_refunds(desk, order_id)
        assert f"refunded 3.25 USD, and 4.50 USD of what order {bulk} paid" in words
        (words,) = words_of_refunds(desk, bulk)
        assert "refunded 4.50 USD, for units that order #1 was served" == words

    def test_handling_is_not_called_freight(self, paired):
        """
        What units of stock bring back before they leave is told as handling, and the
        freight beside it once the last unit is refunded.
        """
        paired.stocked(CUP=3)
        order_id = paired.accepted("1", CUP=2)
        staff = paired.sh.staff("ann").seller("demo")
        staff.refunds.refund_units(order_id, {"1.1": 1})
        staff.refunds.refund_units(order_id, {"1.1": 1})

        assert [
            "refunded 0.20 USD (handling 0.20 USD)",
            "refunded 5.70 USD (freight 5.50 USD, handling 0.20 USD)",
        ] == words_of_refunds(staff, order_id)

    def test_what_was_bought_for_the_order_is_told_as_ever(self, paired):
        """
        Of a refund that only the order itself paid for, no other order is named.
        """
        order_id = paired.accepted("1", CUP=2)
        paired.ship(order_id)
        grant(paired, order_id, {"1.1": 1})

        desk = paired.sh.seller("demo")
        assert ["refunded 5.00 USD"] == words_of_refunds(desk, order_id)

    def test_a_count_names_no_other_order(self, paired):
        """
        Units that a count did not find are told by the order that bought them alone.
        """
        bulk = paired.stocked(CUP=5)
        staff = paired.sh.staff("ann").seller("demo")
        staff.cloud.count("CN1", paired.variants["CUP"], 4, refunds=True)

        assert ["refunded 4.50 USD"] == words_of_refunds(staff, bulk)
        assert 1 == len(staff.refunds.list(bulk))


def test_an_order_that_is_gone_keeps_nobody_from_the_other(storage):
    """
    Its id stands for its number, so that what is left can be looked at.
    """
    bench = open_bench(storage=storage, connected=["CUP"])
    bulk = bench.stocked(CUP=3)
    order_id = bench.accepted("1", CUP=1)
    bench.ship(order_id)
    grant(bench, order_id, {"1.1": 1})
    bench.app.storage.transact(
        lambda session: session.delete(ORDERS.table, [("demo", order_id)]),
        read_only=False,
    )
    desk = bench.sh.seller("demo")

    (words,) = words_of_refunds(desk, bulk)
    assert f"refunded 4.50 USD, for units that order {order_id} was served" == words
    assert [order_id] == [one.order_id for one in desk.orders.details(bulk).refunds]


def test_a_second_order_is_told_apart(paired):
    """
    A bulk order whose units two orders were served lists the refunds of both, oldest
    first.
    """
    bulk = paired.bought(CUP=4)
    staff = paired.sh.staff("ann").seller("demo")
    staff.cloud.dispatch(bulk)
    staff.cloud.receive(bulk, {"1.1": Count(4)})
    names = [paired.accepted(name, CUP=1) for name in ("1", "2")]
    for number, name in enumerate(names):
        paired.ship(name, f"T{number}")
        grant(paired, name, {"1.1": 1})

    found = staff.refunds.list(bulk)
    assert names == [refund.order_id for refund in found]
    assert [usd(450), usd(450)] == [refund.amount_here for refund in found]
