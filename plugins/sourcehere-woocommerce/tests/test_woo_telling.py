"""
Parcels: metadata, status, and one note to the customer.
"""

import pytest
from woo_lab import WooLab

from sourcehere import Money
from sourcehere.ports.errors import UnknownOutcomeError
from sourcehere.testing.kit import ShopLine, ShopOrder, WireFault
from sourcehere.testing.kit.store_asking import fetched
from sourcehere.testing.kit.store_base import number_of, parcel_of, told

UNITS = {"LAMP": 3, "CUP": 1}


class World:
    """
    A shop with an order of 3 lamps and a cup.
    """

    def __init__(self, **config):
        self.lab = WooLab(**config)
        self.shop = self.lab.connect()
        price = Money(1_234, "USD")
        lines = [ShopLine(sku=s, quantity=n, price=price) for s, n in UNITS.items()]
        self.name = self.lab.place(ShopOrder(lines=tuple(lines)))
        self.kept = self.lab.server.orders[int(self.name)]

    def parcel(self, number="RM1GB", units=None, **more):
        order = fetched(self.shop, self.name)
        self.lab.server.requests.clear()
        return parcel_of(order, number, units or UNITS, **more)

    def told(self):
        return told(self.lab, self.name)

    def notes(self):
        return [note["note"] for note in self.kept.notes]


def test_a_parcel_takes_three_requests():
    world = World()
    world.shop.push_fulfilment(world.parcel())
    asked = [one.partition(" ")[0] for one in world.lab.server.requests]
    assert asked == ["GET", "PUT", "POST"]
    assert world.notes() == ["Shipped with Royal Mail: RM1GB"]
    assert world.kept.notes[0]["customer_note"] is True


def test_an_order_is_completed_once_all_of_it_has_left():
    world = World()
    world.shop.push_fulfilment(world.parcel("RM1GB", {"LAMP": 3}))
    assert world.kept.status == ""
    world.shop.push_fulfilment(world.parcel("RM2GB", {"CUP": 1}, parcel_id="P2"))
    assert world.kept.status == "completed"


def test_what_was_refunded_is_not_waited_for():
    """
    Units that are not to be sent any more do not keep the order open for ever.
    """
    world = World()
    lamp, cup = world.kept.lines
    items = [
        {"quantity": -n, "meta_data": [{"key": "_refunded_item_id", "value": str(id_)}]}
        for id_, n in ((lamp["id"], 1), (cup["id"], 1))
    ]
    world.kept.refunds.append({"id": 1, "line_items": items})
    world.shop.push_fulfilment(world.parcel("RM1GB", {"LAMP": 1}))
    assert world.kept.status == ""
    world.shop.push_fulfilment(world.parcel("RM2GB", {"LAMP": 1}, parcel_id="P2"))
    assert world.kept.status == "completed"


def test_an_order_stays_open_where_the_shop_says_so():
    world = World(completes=False, tells_customers=False)
    world.shop.push_fulfilment(world.parcel())
    assert (world.kept.status, world.kept.notes) == ("", [])


def test_a_cancelled_order_is_not_completed():
    world = World()
    world.kept.status = "cancelled"
    world.shop.push_fulfilment(world.parcel())
    assert world.kept.status == "cancelled"
    assert world.told() == {"RM1GB": UNITS}


def test_a_number_alone_completes_nothing():
    world = World()
    world.shop.push_tracking(number_of(fetched(world.shop, world.name), "RM1GB"))
    assert world.kept.status == ""
    assert world.notes() == ["Shipped with Royal Mail: RM1GB"]


def test_units_take_the_place_of_a_number():
    world = World()
    order = fetched(world.shop, world.name)
    reference = world.shop.push_tracking(number_of(order, "RM1GB"))
    world.shop.push_fulfilment(world.parcel("RM2GB", reference=reference))
    assert world.told() == {"RM2GB": UNITS}


def test_an_old_key_changes_nothing():
    """
    A late try of the wrong number, behind the right one.
    """
    world = World()
    wrong = world.parcel("WRONG")
    reference = world.shop.push_fulfilment(wrong)
    world.shop.push_fulfilment(world.parcel("RIGHT", reference=reference))
    assert world.shop.push_fulfilment(wrong) == reference
    assert world.told() == {"RIGHT": UNITS}


def test_a_note_that_was_lost_is_written_and_no_other():
    world = World()
    parcel = world.parcel()
    world.lab.line.fail(WireFault.BEFORE, after=2)
    with pytest.raises(UnknownOutcomeError):
        world.shop.push_fulfilment(parcel)
    assert world.notes() == []
    for _ in range(3):
        world.shop.push_fulfilment(parcel)
    assert world.notes() == ["Shipped with Royal Mail: RM1GB"]


def test_a_note_whose_answer_was_lost_is_not_written_again():
    world = World()
    parcel = world.parcel()
    world.lab.line.fail(WireFault.AFTER, after=2)
    with pytest.raises(UnknownOutcomeError):
        world.shop.push_fulfilment(parcel)
    world.shop.push_fulfilment(parcel)
    assert world.notes() == ["Shipped with Royal Mail: RM1GB"]


def test_other_plugins_find_the_number():
    world = World(number_meta="_tracking_number", carrier_meta="_carrier")
    reference = world.shop.push_fulfilment(world.parcel("WRONG"))
    world.shop.push_fulfilment(world.parcel("RIGHT", reference=reference))
    others = {k: v for k, v in world.kept.meta.values() if k.startswith("_")}
    assert others == {"_tracking_number": "RIGHT", "_carrier": "Royal Mail"}
    assert len(world.kept.meta) == 3


def test_a_replaced_parcel_is_taken_away_by_its_id():
    """
    Also where nobody knows what the shop called it.
    """
    world = World()
    world.shop.push_fulfilment(world.parcel("RM1GB"))
    replaced = world.parcel("RM2GB", parcel_id="P2", replaces=("P1",))
    world.shop.push_fulfilment(replaced)
    assert world.told() == {"RM2GB": UNITS}
