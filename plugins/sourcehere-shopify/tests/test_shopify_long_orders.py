"""
Orders with more lines, parcels, refunds and fulfilment orders than one answer has.
"""

import pytest
from shopify_lab import ShopifyLab
from shopify_server import Made

from sourcehere import Money
from sourcehere.testing.kit import ShopLine, ShopOrder
from sourcehere.testing.kit.store_asking import fetched
from sourcehere.testing.kit.store_base import parcel_of, told

PRICE = Money(1_234, "USD")
MANY = {f"SKU-{n}": 2 for n in range(1, 261)}


class World:
    """
    A shop, read page by page, with one order of many lines.
    """

    def __init__(self, units=MANY):
        self.units = units
        self.lab = ShopifyLab(bulk_from=0)
        self.shop = self.lab.connect()
        lines = [ShopLine(sku=s, quantity=n, price=PRICE) for s, n in units.items()]
        self.name = self.lab.place(ShopOrder(lines=tuple(lines)))
        self.kept = self.lab.server.orders[int(self.name)]

    def order(self):
        return fetched(self.shop, self.name)

    def tell(self, number, units):
        parcel = parcel_of(self.order(), number, units, parcel_id=number)
        return self.shop.push_fulfilment(parcel)

    def sent(self):
        return {line.sku: line.quantity_fulfilled for line in self.order().lines}


def test_units_of_a_line_beyond_the_first_hundred_are_told():
    """
    A fulfilment order has all lines of its location, and its last one is as good as
    its first.
    """
    world = World()
    world.tell("RM1GB", {"SKU-260": 2})
    assert told(world.lab, world.name) == {"RM1GB": {"SKU-260": 2}}
    assert world.sent() == dict.fromkeys(MANY, 0) | {"SKU-260": 2}


def test_a_parcel_of_every_line_is_told_once():
    """
    Shopify takes 250 lines in one call: more become two fulfilments of one parcel.
    """
    world = World()
    parcel = parcel_of(world.order(), "RM1GB", MANY)
    reference = world.shop.push_fulfilment(parcel)
    assert [len(made.units) for made in world.kept.made] == [250, 10]
    assert world.sent() == MANY
    assert world.shop.find_push(parcel) == reference
    assert world.shop.push_fulfilment(parcel) == reference
    assert len(world.kept.made) == 2
    assert world.order().doubts == ()


def test_what_a_crash_left_out_of_a_long_parcel_is_told():
    """
    Only its first 250 lines were told, and the order has as many units left.
    """
    world = World()
    units = dict.fromkeys(MANY, 1)
    parcel = parcel_of(world.order(), "RM1GB", units)
    world.shop.push_fulfilment(parcel)
    world.kept.made[1].status = "CANCELLED"
    assert world.shop.find_push(parcel) is None
    world.shop.push_fulfilment(parcel)
    assert world.sent() == units


def test_a_parcel_of_every_line_is_put_right():
    world = World()
    order = world.order()
    reference = world.shop.push_fulfilment(parcel_of(order, "WRONG", MANY))
    right = parcel_of(order, "RIGHT", MANY, reference=reference)
    assert world.shop.push_fulfilment(right) == reference
    assert [made.number for made in world.kept.made] == ["RIGHT", "RIGHT"]


def test_of_two_long_parcels_that_are_told_at_once_the_older_stays():
    """
    Which fulfilment is the same is seen by all of its lines.
    """
    units = {f"SKU-{n}": 2 for n in range(1, 121)}
    world = World(units)
    parcel = parcel_of(world.order(), "RM1GB", dict.fromkeys(units, 1))
    look = world.shop._fulfiller.look(world.name)
    first = world.lab.connect().push_fulfilment(parcel)
    assert first == world.shop._fulfiller._create(look, parcel)
    assert [made.status for made in world.kept.made] == ["SUCCESS", "CANCELLED"]
    assert world.sent() == dict.fromkeys(units, 1)


def test_the_parcels_of_an_order_with_many_are_all_read():
    """
    Of fulfilments Shopify has a list without pages: what is cut off is asked for.
    """
    world = World({f"SKU-{n}": 1 for n in range(1, 131)})
    server = world.lab.server
    world.kept.made += [
        Made(server.new_id(), f"RM{n}GB", "Royal Mail", {line.id: 1}, server.here)
        for n, line in enumerate(world.kept.lines[:129])
    ]
    world.tell("LAST", {"SKU-130": 1})
    assert world.sent() == world.units
    made = f"gid://shopify/Fulfillment/{world.kept.made[-1].id}"
    assert world.tell("LAST", {"SKU-130": 1}) == made
    assert len(world.kept.made) == 130


@pytest.mark.parametrize("count", [50, 51, 80])
def test_the_refunds_of_an_order_with_many_are_all_read(count):
    world = World({f"SKU-{n}": 3 for n in range(1, count + 1)})
    for line in world.kept.lines:
        world.lab.server.refund(world.kept.id, {line.id: 1}, "CANCEL")
    lines = world.order().lines
    assert {line.quantity_refunded for line in lines} == {1}
    assert {line.quantity_wanted for line in lines} == {2}


def test_a_long_refund_is_read_whole():
    world = World()
    every = {line.id: 1 for line in world.kept.lines}
    world.lab.server.refund(world.kept.id, every, "CANCEL")
    order = world.shop.pull_orders("", limit=5).orders[0]
    assert {line.quantity_refunded for line in order.lines} == {1}
    assert order.doubts == ()
    assert order == world.order()


def test_units_at_many_locations_are_all_found():
    """
    Each location has a fulfilment order of its own.
    """
    world = World({f"SKU-{n}": 1 for n in range(1, 53)})
    world.kept.locations = {
        line.id: f"gid://shopify/Location/{1_000 + n}"
        for n, line in enumerate(world.kept.lines)
    }
    world.tell("RM1GB", {"SKU-52": 1})
    assert world.sent()["SKU-52"] == 1


def test_an_order_that_fits_in_one_answer_takes_one_request():
    world = World({"LAMP": 1})
    world.lab.server.requests.clear()
    world.order()
    assert world.lab.server.requests == ["Order"]
