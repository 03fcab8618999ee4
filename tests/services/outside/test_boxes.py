"""
Boxes of one number: a shop that keeps no key of ours is told which are others.
"""

import pytest

from sourcehere import MappingRule, NewConnection, RuleItem
from sourcehere.testing.factories import STAFF, snapshot


@pytest.fixture
def told(paired):
    """
    Collect what the shop is told: parcel -> names of those beside it.
    """
    found = {}
    paired.shop.when_pushed = lambda one: found.update({one.parcel_id: one.beside})
    return found


def send(bench, order_id, **quantities):
    """
    Send units in a box that has the number of all others, and tell the shop.
    """
    parcel_id = bench.ship(order_id, "MASTER", **quantities)
    bench.app.relay.run()
    return parcel_id


def test_each_box_is_told_beside_the_others(paired, told):
    """
    By the names that the shop gave them; the first one is alone.
    """
    order_id = paired.accepted(CUP=3)
    boxes = [send(paired, order_id, i1_1=1) for _ in range(3)]
    names = [f"ref:{box}:{order_id}:0" for box in boxes]

    assert {boxes[0]: (), boxes[1]: (names[0],), boxes[2]: tuple(names[:2])} == told


@pytest.mark.parametrize("takes_many", [False, True])
def test_a_part_is_told_beside_the_other_parts(paired, told, takes_many):
    """
    Of one order in the shop, however fast they follow one another, and also by a shop
    that takes many parcels at once.
    """
    shop = paired.shop
    if takes_many:
        shop.push_fulfilments = lambda many: [shop.push_fulfilment(one) for one in many]
    (first,) = paired.sync(snapshot("1", CUP=1, VASE=1))
    desk = paired.sh.seller("demo").orders
    (made,) = desk.process_paired_lines([first]).done.values()
    cup = paired.app.catalog.find_by_sku(["CUP"])["cup"].variant_id
    rule = MappingRule("VASE", (RuleItem(cup),))
    new = NewConnection(store_id="shop", listing="VASE", rules=(rule,))
    paired.sh.seller("demo").connections.connect_many([new])
    paired.app.relay.run()
    names = [first, made.waiting_id]
    paired.pay(*names)
    paired.app.shipping.accept("demo", names, by=STAFF)
    boxes = [paired.ship(name, "MASTER") for name in names]
    paired.app.relay.run()

    assert {boxes[0]: (), boxes[1]: (f"ref:{boxes[0]}:{first}:0",)} == told


def test_a_correction_is_beside_the_others_only(paired, told):
    """
    It takes the place of its own, which is none of those beside it.
    """
    order_id = paired.accepted(CUP=2)
    one, two = (send(paired, order_id, i1_1=1) for _ in range(2))
    paired.app.shipping.correct_tracking(
        "demo", order_id, one, carrier="post", tracking_number="RIGHT", by=STAFF
    )
    paired.app.relay.run()

    assert (f"ref:{two}:{order_id}:0",) == told[one]
