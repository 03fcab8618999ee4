"""
What is offered can be done: no command that is about units, a parcel or an address is,
where there are none.
"""

import pytest

from sourcehere import CommandRefusedError, DisputeReason
from sourcehere.testing.factories import HOME, nothing_moves

MISSING = {"description": "never came"}
ABOUT_ADDRESSES = {"choose_shipping", "correct_address", "erase_buyer"}
ABOUT_PARCELS = {"correct_tracking", "void_parcel"}


def offered(bench, order_id):
    """
    Return what the seller, and what staff, may do to an order.
    """
    seller = bench.sh.seller("demo").orders.allowed(order_id)
    return set(seller), set(
        bench.sh.staff("ann").seller("demo").orders.allowed(order_id)
    )


def refuse(bench, order_id, units, reason=DisputeReason.NOT_RECEIVED):
    """
    Return the words that refuse a dispute about units of an order.
    """
    desk = bench.sh.seller("demo").disputes
    found = desk.why_not_open(
        order_id, reason=reason, quantities={"1.1": units}, evidence=MISSING
    )
    return [blocker.code for blocker in found]


class TestUnits:
    def settle(self, bench, order_id, units):
        desk = bench.sh.seller("demo").disputes
        ann = bench.sh.staff("ann").seller("demo").disputes
        opened = desk.open(
            order_id,
            reason=DisputeReason.NOT_RECEIVED,
            quantities={"1.1": units},
            evidence=MISSING,
        )
        ann.take(opened.dispute_id)
        ann.grant(opened.dispute_id)

    def test_what_is_refunded_is_neither_disputed_nor_taken_back(self, paired):
        """
        Both are offered as long as there is a unit for them.
        """
        order_id = paired.accepted(CUP=3)
        paired.ship(order_id)
        self.settle(paired, order_id, 2)
        seller, staff = offered(paired, order_id)
        assert ("open_dispute" in seller, "restock" in staff) == (True, True)
        self.settle(paired, order_id, 1)

        seller, staff = offered(paired, order_id)
        assert ("open_dispute" in seller, "restock" in staff) == (False, False)
        (why,) = paired.sh.seller("demo").orders.why_not(order_id, "open_dispute")
        words = "every unit is refunded, back in stock, or in an open dispute"
        assert ("units_taken", words) == (why.code, why.words)
        assert ["units_taken"] == refuse(paired, order_id, 1)

    def test_what_came_back_is_not_disputed(self, paired):
        """
        Nor does it come back again.
        """
        order_id = paired.accepted(CUP=3)
        paired.ship(order_id)
        ann = paired.sh.staff("ann").seller("demo")
        ann.cloud.restock(order_id, "CN1", {"1.1": 3})

        seller, staff = offered(paired, order_id)
        assert ("open_dispute" in seller, "restock" in staff) == (False, False)
        (why,) = ann.orders.why_not(order_id, "restock")
        words = "every unit that left is refunded, back in stock, or in an open dispute"
        assert ("units_not_kept", words) == (why.code, why.words)

    def test_what_may_be_refunded_by_a_dispute_is_not_refunded_beside_it(self, paired):
        """
        Where some of it is in no dispute, that can be.
        """
        order_id = paired.accepted(CUP=3)
        desk = paired.sh.seller("demo").disputes
        reason = DisputeReason.CANCEL
        desk.open(order_id, reason=reason, quantities={"1.1": 2})
        assert "refund_units" in offered(paired, order_id)[1]
        desk.open(order_id, reason=reason, quantities={"1.1": 1})

        assert "refund_units" not in offered(paired, order_id)[1]
        assert "open_dispute" not in offered(paired, order_id)[0]
        ann = paired.sh.staff("ann").seller("demo").orders
        (why,) = ann.why_not(order_id, "refund_units")
        words = "open disputes are about every unit that has not left"
        assert ("units_taken", words) == (why.code, why.words)


class TestBulkOrders:
    @pytest.mark.parametrize("state", ["placed", "paid", "sent", "counted"])
    def test_they_go_to_no_address_and_in_no_parcel(self, bench, state):
        """
        A cloud-warehouse order is offered nothing about either.
        """
        shop = bench.sh.seller("demo")
        ann = bench.sh.staff("ann").seller("demo")
        order_id = {
            "placed": lambda: shop.drafts.cloud("CN1", bench.wanted(CUP=3)).order_id,
            "paid": lambda: bench.bought(CUP=3),
            "sent": lambda: bench.bought(CUP=3),
            "counted": lambda: bench.stocked(CUP=3),
        }[state]()
        if state == "placed":
            shop.drafts.place(order_id)
        if state == "sent":
            ann.cloud.dispatch(order_id)

        seller, staff = offered(bench, order_id)
        assert set() == (seller | staff) & (ABOUT_ADDRESSES | ABOUT_PARCELS)

    def test_an_address_is_refused_in_words(self, bench):
        """
        By the same reason that `why_not` gives.
        """
        order_id = bench.bought(CUP=3)
        desk = bench.sh.seller("demo").orders

        with pytest.raises(CommandRefusedError) as ei, nothing_moves(bench):
            desk.correct_address(order_id, HOME)
        (why,) = ei.value.blockers
        assert (
            "not_for_this_kind",
            "a cloud warehouse order has no correct_address",
        ) == (
            why.code,
            why.words,
        )
        assert (why,) == desk.why_not(order_id, "correct_address")

    def test_a_method_is_refused_for_one(self, bench):
        """
        No carrier is asked for it.
        """
        desk = bench.sh.seller("demo")
        order_id = desk.drafts.cloud("CN1", bench.wanted(CUP=3)).order_id
        report = desk.orders.choose_shipping([order_id], "std")

        assert ["not_for_this_kind"] == [
            blocker.code for blocker in report.failed[order_id].blockers
        ]
        assert {} == report.done
