"""
Staff reject what is paid and cannot be supplied: the money comes back, and says why.
"""

import pytest

from sourcehere import CommandRefusedError, InvalidInputError, OrderSearch
from sourcehere.testing.factories import (
    SELLER,
    STAFF,
    dump,
    nothing_moves,
    snapshot,
)
from sourcehere.unit.tables.contacts import NOTES

WHY = "Mrs. Chen stopped making it"


def reject(bench, *order_ids, reason=WHY, **said):
    """
    Reject orders of the usual seller.
    """
    return bench.app.orders.reject("demo", order_ids, reason, by=STAFF, **said)


class TestRejecting:
    @pytest.mark.parametrize("is_accepted", [False, True])
    def test_everything_comes_back(self, paired, is_accepted):
        """
        An order that waits at the warehouse ends, accepted or not, and the wallet has
        what it had.
        """
        before = paired.balance()
        make = paired.accepted if is_accepted else paired.paid
        order_id = make("1", CUP=2, HAT=1)
        paid = before - paired.balance()
        now = paired.sh.staff("ann").seller("demo").orders.reject(order_id, reason=WHY)
        order = paired.sh.seller("demo").orders.get(order_id)
        (refund,) = paired.app.orders.refunds("demo", order_id)

        assert "cancelled" == now.state == order.state
        assert ("rejected", WHY) == (order.cancel_reason, order.cancel_detail)
        assert before == paired.balance()
        assert (paid, "rejected", "wallet") == (
            refund.amount_minor,
            refund.reason,
            refund.target,
        )

    def test_stock_goes_back_where_it_was(self, paired):
        """
        Units of the seller's own stock are bound no more.
        """
        paired.stocked(CUP=3)
        before = paired.balance()
        order_id = paired.paid("1", CUP=2)
        reject(paired, order_id)

        assert before == paired.balance()
        (lot,) = paired.sh.seller("demo").cloud.lots()
        assert (3, 0) == (lot.on_hand, lot.allocated)

    def test_a_cloud_warehouse_order(self, bench):
        """
        Before its goods have left it is rejected as any other.
        """
        before = bench.balance()
        order_id = bench.bought(CUP=5)
        reject(bench, order_id)

        assert before == bench.balance()
        assert "rejected" == bench.app.orders.get("demo", order_id).cancel_reason

    def test_the_seller_reads_why(self, paired):
        """
        With the order in every list, and in its timeline.
        """
        order_id = paired.paid("1", CUP=2)
        reject(paired, order_id)
        orders = paired.sh.seller("demo").orders
        told = [entry.words for entry in orders.timeline(order_id)]

        assert [WHY] == [order.cancel_detail for order in orders.list()]
        assert [WHY] == [o.cancel_detail for o in orders.search(OrderSearch(sku="CUP"))]
        assert f"rejected by the platform: everything is refunded; {WHY}" in told

    def test_the_words_are_kept_apart(self, paired):
        """
        They are in no table but that of what people typed.
        """
        order_id = paired.paid("1", CUP=2)
        reject(paired, order_id, command_id="once")
        rows = dump(paired.app.storage)

        assert {NOTES.table.name} == {n for n, r in rows.items() if WHY in repr(r)}

    def test_after_some_units_were_refunded(self, paired):
        """
        The rest comes back, never more than was paid.
        """
        before = paired.balance()
        order_id = paired.paid("1", CUP=3)
        paired.app.orders.refund_units("demo", order_id, {"1.1": 1}, by=STAFF)
        reject(paired, order_id)

        assert before == paired.balance()

    def test_what_cannot_be_rejected(self, paired):
        """
        What is not paid, has left in part, or is in dispute: nothing moves.
        """
        unpaid = paired.sync(snapshot("1", CUP=1))[0]
        sent = paired.accepted("2", CUP=2)
        paired.ship(sent, "T1", i1_1=1)
        disputed = paired.accepted("3", CUP=2)
        paired.app.disputes.request_cancel("demo", disputed, by=SELLER)
        for order_id in (unpaid, sent, disputed):
            with nothing_moves(paired), pytest.raises(CommandRefusedError):
                paired.sh.staff("ann").seller("demo").orders.reject(
                    order_id, reason=WHY
                )

    def test_a_seller_may_not(self, paired):
        """
        It is for staff.
        """
        order_id = paired.paid("1", CUP=2)
        with nothing_moves(paired), pytest.raises(CommandRefusedError):
            paired.sh.seller("demo").orders.reject(order_id, reason=WHY)
        assert "reject" not in paired.app.orders.allowed("demo", order_id, by=SELLER)
        assert "reject" in paired.app.orders.allowed("demo", order_id, by=STAFF)

    @pytest.mark.parametrize("words", ["", " "])
    def test_a_reason_is_needed(self, paired, words):
        """
        The seller has to read something.
        """
        order_id = paired.paid("1", CUP=2)
        with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
            reject(paired, order_id, reason=words)
        assert "reason" == ei.value.field
