"""
Whoever asks why the balance changed finds the order in the ledger itself.
"""

from sourcehere import DisputeReason, GoodwillReason, Money


def usd(minor):
    """
    Return an amount of dollars.
    """
    return Money(minor, "USD")


class TestOrders:
    def test_what_is_about_an_order_names_it(self, paired):
        """
        Captures, refunds and goodwill for an order name it; transfers name none.
        """
        order_id = paired.paid("1", CUP=2)
        seller, staff = paired.sh.seller("demo"), paired.sh.staff("ann").seller("demo")
        staff.refunds.refund_units(order_id, {"1.1": 1})
        late = GoodwillReason.LATE
        staff.wallet.give_goodwill(
            usd(100), reference="g1", reason=late, order_id=order_id
        )
        staff.wallet.give_goodwill(usd(100), reference="g2", reason=late)

        told = {(line.purpose, line.reference): line for line in seller.wallet.ledger()}
        (refund,) = seller.refunds.list(order_id)
        assert {
            ("top_up", "first"): "",
            ("capture", order_id): order_id,
            ("refund", refund.refund_id): order_id,
            ("goodwill", "g1"): order_id,
            ("goodwill", "g2"): "",
        } == {place: line.order_id for place, line in told.items()}

    def test_each_page_names_its_orders(self, paired):
        """
        Page by page the same is told as at once, and by the export.
        """
        for name in ("1", "2"):
            paired.paid(name, HAT=1)
        wallet = paired.sh.seller("demo").wallet

        lines, after = [], ""
        while True:
            page = wallet.ledger(after=after, limit=2)
            lines += page
            after = page.next
            if not after:
                break
        assert list(wallet.ledger(limit=500)) == lines
        named = [line.order_id for line in lines]
        assert named == [row["order_id"] for row in wallet.export()]
        assert 2 == len(set(named) - {""})

    def test_a_refund_of_stock_names_the_order_that_was_served(self, paired):
        """
        What the order that bought stock pays back is told of the order that was served.
        """
        bulk = paired.stocked(CUP=3)
        order_id = paired.accepted("1", CUP=1)
        paired.ship(order_id)
        seller, staff = paired.sh.seller("demo"), paired.sh.staff("ann").seller("demo")
        opened = seller.disputes.open(
            order_id,
            reason=DisputeReason.NOT_RECEIVED,
            quantities={"1.1": 1},
            evidence={"description": "lost"},
        )
        staff.disputes.take(opened.dispute_id)
        staff.disputes.grant(opened.dispute_id)

        lines = [line for line in seller.wallet.ledger() if line.purpose == "refund"]
        assert {order_id} == {line.order_id for line in lines}
        assert usd(450) == seller.orders.get(bulk).refunded
