"""
What a shop tells otherwise of a line whose units stay: for how much it sold it, in
which currency, and what it calls it.
"""

import attrs
import pytest

from sourcehere import Money
from sourcehere.testing.factories import SELLER, shop_line, snapshot

DEARER = Money(4_50, "EUR")


def told(*lines):
    """
    Return the order of the shop with *lines*.
    """
    return attrs.evolve(snapshot(), lines=lines)


def shown(bench, order_id):
    """
    Return what a line of an order says of the shop.
    """
    (line,) = bench.app.orders.get("demo", order_id).lines
    return line.sku, line.title, line.sold_price


def cup(**changes):
    """
    Return a line of two cups.
    """
    return attrs.evolve(shop_line("CUP", 2), **changes)


@pytest.mark.parametrize(
    ("change", "now"),
    [
        ({"unit_price": DEARER}, ("CUP", "Cup", DEARER)),
        ({"unit_price": None}, ("CUP", "Cup", None)),
        ({"title": "Tea cup"}, ("CUP", "Tea cup", Money(9_99, "USD"))),
        ({"sku": "cup"}, ("cup", "Cup", Money(9_99, "USD"))),
    ],
)
def test_an_unpaid_order_follows(paired, change, now):
    """
    It shows what the shop tells now, waits for payment as before, and follows once.
    """
    (order_id,) = paired.sync(told(cup()))
    before = paired.app.orders.get("demo", order_id)
    paired.sync(told(cup(**change)))
    after = paired.app.orders.get("demo", order_id)

    assert now == shown(paired, order_id)
    assert ("awaiting_payment", before.pay_by, before.version + 1) == (
        after.state,
        after.pay_by,
        after.version,
    )
    assert ["2 units now"] == [
        entry.words.partition(": ")[2]
        for entry in paired.app.orders.timeline("demo", order_id, by=SELLER)
        if entry.kind == "order.store_lines_changed"
    ]
    paired.sync(told(cup(**change)), snapshot("2", HAT=1))
    assert after.version == paired.app.orders.get("demo", order_id).version


def test_a_line_that_was_paired_for_this_order_alone_stays_so(paired):
    """
    Another price, or another spelling of its SKU, makes nothing else of it.
    """
    (order_id,) = paired.sync(told(cup()))
    hats = paired.wanted(HAT=3)
    paired.sh.seller("demo").connections.connect_sku(order_id, 1, hats)
    paired.sync(told(cup(unit_price=DEARER, sku="cup")))

    assert ("cup", "Cup", DEARER) == shown(paired, order_id)
    (item,) = paired.app.orders.get("demo", order_id).items.values()
    assert (paired.variants["HAT"], 3) == (item.variant_id, item.quantity)


def test_what_it_was_priced_at_holds(paired):
    """
    What the shop charged is in no total, so that an offer made before can be paid.
    """
    (order_id,) = paired.sync(told(cup()))
    desk = paired.sh.seller("demo").checkouts
    offer = desk.open([order_id])
    paired.sync(told(cup(unit_price=DEARER)))
    desk.pay(offer)

    assert "awaiting_shipping" == paired.app.orders.get("demo", order_id).state


def test_a_paid_order_keeps_what_was_paid(paired):
    """
    Nobody has anything to decide about a price of the shop's: nothing is held.
    """
    order_id = paired.paid(CUP=2)
    before = paired.app.orders.get("demo", order_id)
    paired.sync(told(cup(unit_price=DEARER, title="Tea cup")))

    assert before == paired.app.orders.get("demo", order_id)


def test_an_ignored_order_follows_and_stays_ignored(paired):
    """
    Nobody is asked about it again because of a price.
    """
    (order_id,) = paired.sync(told(cup(sku="SOCK")))
    paired.app.orders.ignore("demo", [order_id], by=SELLER)
    paired.sync(told(cup(sku="SOCK", unit_price=DEARER)))

    assert ("SOCK", "Cup", DEARER) == shown(paired, order_id)
    assert "ignored" == paired.app.orders.get("demo", order_id).state


def test_a_part_of_its_own_follows_beside_a_paid_one(paired):
    """
    Of an order in two parts only what is not paid follows.
    """
    (first,) = paired.sync(told(cup(), shop_line("SOCK", 1, number=2)))
    report = paired.app.orders.process_paired_lines("demo", [first], by=SELLER)
    rest = report.done[first]
    paired.pay(first)
    sock = attrs.evolve(shop_line("SOCK", 1, number=2), unit_price=DEARER)
    paired.sync(told(cup(unit_price=DEARER), sock))

    assert ("CUP", "Cup", Money(9_99, "USD")) == shown(paired, first)
    assert ("SOCK", "Sock", DEARER) == shown(paired, rest)
    assert () == paired.app.orders.get("demo", first).holds
