"""
Goods that are sent again, counted and taken back by many at once: none of them twice.
"""

import pytest
from test_races import THREADS, at_once, opened

from sourcehere import CommandRefusedError, DisputeReason, SourceHereError
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import SELLER, STAFF

EVIDENCE = {"description": "see the photo", "photo": "photo-1"}


@pytest.fixture
def bench(made_database_url):
    """
    A bench on a real database; clean when the test ends.
    """
    made = opened(made_database_url)
    yield made
    assert () == made.app.audit.run(replay=True).violations
    made.app.close()


def sent(bench, name, units):
    """
    Make an order of cups that has left.
    """
    order_id = bench.accepted(name, CUP=units)
    bench.ship(order_id, f"T-{name}")
    return order_id


def offered(bench, order_id, units):
    """
    Dispute cups, and let staff offer to send them again.
    """
    new = NewDispute(
        order_id=order_id,
        reason=DisputeReason.DAMAGED,
        quantities={"1.1": units},
        evidence=EVIDENCE,
    )
    dispute_id = bench.app.disputes.open("demo", new, by=SELLER)
    bench.app.disputes.move("demo", dispute_id, "take", by=STAFF)
    bench.app.disputes.offer_reship("demo", dispute_id, by=STAFF)
    return dispute_id


def accept(bench, dispute_id):
    """
    Accept what is offered; return the order that sends the units again.
    """
    settled = bench.app.disputes.accept("demo", dispute_id, by=SELLER)
    return settled.reship_order_id


def restock(bench, order_id, units):
    """
    Take cups back into stock.
    """
    return bench.app.cloud.restock("demo", order_id, "CN1", {"1.1": units}, by=STAFF)


def count(bench, on_hand):
    """
    Count cups, and have the missing ones refunded.
    """
    cup = bench.variants["CUP"]
    return bench.app.cloud.count("demo", "CN1", cup, on_hand, by=STAFF, refunds=True)


def wrong_of(outcomes):
    """
    List what failed otherwise than by a refusal.
    """
    return [
        one
        for one in outcomes
        if isinstance(one, SourceHereError) and not isinstance(one, CommandRefusedError)
    ]


@pytest.mark.slow
class TestGoods:
    def test_units_come_back_once(self, bench):
        """
        Of five cups two each are taken back by many: four are, and the others refused.
        """
        order_id = sent(bench, "1", 5)
        outcomes = at_once(*[lambda: restock(bench, order_id, 2)] * THREADS)

        assert [] == wrong_of(outcomes)
        item = bench.app.orders.get("demo", order_id).items["1.1"]
        (stock,) = bench.app.cloud.stock("demo")
        assert (4, 4) == (item.quantity_returned, stock.on_hand)

    def test_units_are_sent_again_or_taken_back(self, bench):
        """
        Two of three cups are sent again while three are taken back: whoever is first
        leaves the other what is left.
        """
        order_id = sent(bench, "1", 3)
        dispute_id = offered(bench, order_id, 2)
        outcomes = at_once(
            lambda: accept(bench, dispute_id),
            *[lambda: restock(bench, order_id, 1)] * THREADS,
        )

        assert [] == wrong_of(outcomes)
        item = bench.app.orders.get("demo", order_id).items["1.1"]
        assert 1 == item.quantity_returned
        assert 2 == bench.app.orders.get("demo", outcomes[0]).units

    def test_missing_units_are_refunded_once(self, bench):
        """
        Many count the same three cups fewer while others are sold: what is refunded and
        what is there is what came.
        """
        first, second = bench.stocked(CUP=4), bench.stocked(CUP=5)
        before = bench.balance()
        outcomes = at_once(*[lambda: count(bench, 6)] * THREADS)

        assert [] == wrong_of(outcomes)
        assert 3 == sum(made.units_refunded for made in outcomes)
        money = sum(made.refunded_minor for made in outcomes)
        assert before + money == bench.balance()
        refunds = [bench.app.orders.get("demo", o).refunded for o in (first, second)]
        assert [0, money] == [one.minor for one in refunds]

    def test_a_count_beside_a_dispute(self, bench):
        """
        A dispute about three of five cups is granted while a count wants three
        refunded: one of the two is refused, and nothing is paid twice.
        """
        bulk = bench.stocked(CUP=5)
        new = NewDispute(
            order_id=bulk,
            reason=DisputeReason.DAMAGED,
            quantities={"1.1": 3},
            evidence=EVIDENCE,
        )
        outcomes = at_once(
            lambda: bench.app.disputes.open("demo", new, by=SELLER),
            lambda: count(bench, 2),
        )

        assert [] == wrong_of(outcomes)
        assert 1 == sum(isinstance(one, CommandRefusedError) for one in outcomes)
