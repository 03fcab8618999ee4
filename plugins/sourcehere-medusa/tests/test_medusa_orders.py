"""
How Medusa's words become ours: orders, money, units.
"""

from datetime import UTC, datetime

import attrs
import pytest
from medusa_lab import MedusaLab

from sourcehere.domain.kernel.money import Money
from sourcehere.ports.errors import ProtocolError
from sourcehere.testing.kit import ShopLine, ShopOrder
from sourcehere.testing.kit.store_asking import fetched, read_all

REFUNDED = "it is refunded, and its lines are not"


def lamps(quantity=3, minor=1_000, currency="USD"):
    """
    Make an order of lamps.
    """
    price = Money(minor, currency)
    return ShopOrder(lines=(ShopLine(sku="LAMP", quantity=quantity, price=price),))


class World:
    """
    A shop with an order of lamps.
    """

    def __init__(self, order=None, **config):
        self.lab = MedusaLab(**config)
        self.shop = self.lab.connect()
        self.name = self.lab.place(order or lamps())
        self.kept = self.lab.server.orders[self.name]
        (self.line,) = self.kept.lines

    def told(self):
        """
        Return the order as it is read.
        """
        return fetched(self.shop, self.name)

    def told_line(self):
        """
        Return its only line.
        """
        (line,) = self.told().lines
        return line


def collection(**more):
    """
    Make what was to be paid: 30.00, all of it captured.
    """
    at = {"updated_at": "2026-03-02T12:00:00.000Z"}
    money = {"amount": 30, "captured_amount": 30, "refunded_amount": 0}
    return {"status": "completed", **money, **at, "payments": [], **more}


def test_the_address_is_read():
    """
    Where the parcel goes, and whom to write to.
    """
    address = World().told().address
    street = "1 High Street, Flat 2"
    assert ("Ann Lee", street, "Leeds") == (address.name, address.street, address.city)
    assert ("Yorkshire", "LS1 1AA", "GB") == (
        address.region,
        address.postal_code,
        address.country,
    )
    assert ("+44 113 496 0000", "ann@mail.example") == (address.phone, address.email)


def test_the_billing_address_stands_in():
    """
    Where an order has no other.
    """
    world = World()
    billing = {"first_name": "Bo", "last_name": None, "country_code": "de"}
    world.kept.more = {"shipping_address": None, "billing_address": billing}
    address = world.told().address
    assert ("Bo", "DE") == (address.name, address.country)


@pytest.mark.parametrize(
    ("minor", "currency"), [(29, "USD"), (980, "JPY"), (1_234, "KWD"), (10**12, "EUR")]
)
def test_amounts_are_major_units_of_every_currency(minor, currency):
    """
    As many decimals as the currency has.
    """
    world = World(lamps(minor=minor, currency=currency))
    assert Money(minor, currency) == world.told_line().unit_price


@pytest.mark.parametrize(
    ("total", "returned", "minor"), [(27, 0, 900), (18, 1, 900), (20.01, 0, 667)]
)
def test_the_price_is_what_was_paid(total, returned, minor):
    """
    After discounts and with taxes, for each unit that was not given back.
    """
    world = World()
    world.line |= {"total": total, "returned": returned}
    assert Money(minor, "USD") == world.told_line().unit_price


def test_a_line_that_came_back_has_its_list_price():
    """
    Nothing is left of its total.
    """
    world = World()
    world.line |= {"total": 0, "returned": 3, "sent": 3, "packed": 3}
    line = world.told_line()
    assert Money(1_000, "USD") == line.unit_price
    assert (3, 3, 0) == (line.quantity, line.quantity_fulfilled, line.quantity_wanted)


@pytest.mark.parametrize(
    ("units", "sent", "refunded"),
    [
        ({"packed": 3}, 0, 0),
        ({"packed": 3, "sent": 2}, 2, 0),
        ({"packed": 2, "delivered": 2}, 2, 0),
        ({"written_off": 2}, 0, 2),
        ({"sent": 2, "written_off": 3}, 2, 1),
    ],
)
def test_units_are_counted(units, sent, refunded):
    """
    What is packed is not sent; what is handed over is; what is written off beyond what
    was sent is not to be sent any more.
    """
    world = World()
    world.line |= units
    line = world.told_line()
    assert (sent, refunded) == (line.quantity_fulfilled, line.quantity_refunded)


@pytest.mark.parametrize(
    "units",
    [
        {"sent": 1, "delivered": 1, "dismissed": 1, "written_off": 1},
        {"sent": 1, "delivered": 1, "written_off": 1},
    ],
)
def test_a_unit_that_came_damaged_is_no_unit_less_to_send(units):
    """
    One of three was sent. It came back damaged, or its customer claims it: both count
    as written off, and two are still to be sent.

    Source: `receive-damaged-return-item.ts`, `claim-item.ts`; the dashboard lets what
    was delivered be claimed (`rma.ts`, Medusa 2).
    """
    world = World()
    world.line |= {"packed": 1, **units}
    line = world.told_line()
    assert (1, 0, 2) == (
        line.quantity_fulfilled,
        line.quantity_refunded,
        line.quantity_wanted,
    )


def test_half_a_unit_is_set_aside():
    """
    With its order, which is named.
    """
    world = World()
    world.line["sent"] = 0.5
    page = world.shop.pull_orders("", limit=5)
    assert [world.name] == [reject.external_id for reject in page.rejects]
    with pytest.raises(ProtocolError, match=world.name):
        world.told()


def test_what_needs_no_sending_is_a_charge():
    """
    A line beside others, and an order of nothing else.
    """
    card = ShopLine(sku="CARD", quantity=2, price=Money(500, "USD"))
    lab = MedusaLab()
    mixed = lab.place(ShopOrder(lines=(*lamps().lines, card)))
    only = lab.place(ShopOrder(lines=(card,)))
    for name in (mixed, only):
        lab.server.orders[name].lines[-1]["requires_shipping"] = False
    page = lab.connect().pull_orders("", limit=9)
    (order,) = page.orders
    assert (mixed, ["LAMP"]) == (order.external_id, [x.sku for x in order.lines])
    assert {(mixed, 1_000), (only, 1_000)} == {
        (one.external_id, one.amount_minor) for one in page.charges
    }


def later(lab):
    """
    Let a minute pass, after which readings begin behind what was before it.
    """
    lab.server._changes += 3 * 60_000


def test_being_paid_is_told_although_the_order_stays():
    """
    Medusa does not count it as a change of the order.
    """
    world = World(attrs.evolve(lamps(), is_paid=False))
    before = world.told()
    later(world.lab)
    for _ in range(20):
        world.lab.place(lamps())
    _, cursor = read_all(world.shop)
    later(world.lab)
    world.lab.change(world.name, lamps())

    found, _ = read_all(world.lab.connect(), cursor, limit=3)

    assert world.kept.updated_at < world.kept.paid_at
    assert (False, True) == (before.paid_at_store, found[world.name].paid_at_store)
    assert before.changed_at < found[world.name].changed_at


@pytest.mark.parametrize(
    ("collections", "total", "is_paid"),
    [
        ([collection()], 30, True),
        ([collection(status="authorized", captured_amount=0)], 30, False),
        ([collection(captured_amount=29.99)], 30, False),
        ([collection(amount=30.004)], 30, True),
        ([collection(captured_amount=10), collection(amount=0)], 30, True),
        ([collection(), collection(amount=5, captured_amount=0)], 35, False),
        ([collection(), collection(status="canceled", captured_amount=0)], 30, True),
        ([collection(status="canceled", captured_amount=0)], 30, False),
        ([], 30, False),
        ([], 0, True),
    ],
)
def test_an_order_is_paid_once_all_of_it_is_captured(collections, total, is_paid):
    """
    To the cent; an order that costs nothing is paid.
    """
    world = World()
    world.kept.more = {"payment_collections": collections, "total": total}
    assert is_paid == world.told().paid_at_store


@pytest.mark.parametrize(
    ("returned", "doubts"), [(0, ()), (29.99, ()), (30, (REFUNDED,))]
)
def test_an_order_that_was_paid_back_is_doubtful(returned, doubts):
    """
    While something of it is still to be sent; a part of the money says nothing of
    units.
    """
    world = World()
    world.kept.more = {"payment_collections": [collection(refunded_amount=returned)]}
    assert doubts == world.told().doubts
    assert world.told().paid_at_store
    world.line |= {"packed": 3, "sent": 3}
    assert () == world.told().doubts


def test_a_cancelled_order_stays_cancelled_in_the_archive():
    """
    Its status says only that it is there.
    """
    world = World()
    world.lab.change(world.name, attrs.evolve(lamps(), is_cancelled=True))
    world.kept.more = {"status": "archived"}
    order = world.told()
    assert (True, True, ()) == (order.cancelled, order.paid_at_store, order.doubts)


LATE = {"updated_at": "2026-03-05T12:00:00.123Z"}


@pytest.mark.parametrize(
    "more",
    [
        {"updated_at": LATE["updated_at"]},
        {"payment_collections": [collection(**LATE)]},
        {"payment_collections": [collection(payments=[LATE])]},
        {"fulfillments": [LATE]},
    ],
)
def test_an_order_changed_with_what_it_is_made_of(more):
    """
    Whichever of it changed last; so an older word of it is known for what it is.
    """
    world = World()
    world.kept.more = more
    at = datetime(2026, 3, 5, 12, 0, 0, 123_000, tzinfo=UTC)
    assert at == world.told().changed_at


def test_a_crowd_of_payments_brings_every_order():
    """
    As when a worker of the shop captures many at once.
    """
    lab, unpaid = MedusaLab(), attrs.evolve(lamps(), is_paid=False)
    names = [lab.place(unpaid) for _ in range(9)]
    later(lab)
    lab.place(unpaid)
    _, cursor = read_all(lab.connect())
    later(lab)
    at = lab.server.now()
    for name in names:
        lab.change(name, lamps())
        lab.server.orders[name].paid_at = at
    found, _ = read_all(lab.connect(), cursor, limit=2)
    assert sorted(names) == sorted(n for n, one in found.items() if one.paid_at_store)


def test_a_draft_is_no_order():
    """
    The merchant has not placed it yet.
    """
    world = World()
    world.kept.more = {"is_draft_order": True}
    assert world.shop.fetch_order(world.name) is None


def test_the_number_is_the_one_that_people_know():
    """
    Its own, where the shop makes some.
    """
    world = World()
    assert "1" == world.told().number
    world.kept.more = {"custom_display_id": "W-1001"}
    assert "W-1001" == world.told().number


@pytest.mark.parametrize("paid", [True, False])
def test_orders_since_a_day_are_read(paid):
    """
    Those before it are not, whatever becomes of them.
    """
    lab = MedusaLab(orders_since="2026-03-02")
    old = attrs.evolve(
        lamps(), placed_at=lamps().placed_at.replace(day=1), is_paid=paid
    )
    before = lab.place(old)
    name = lab.place(lamps())
    _, cursor = read_all(lab.connect())
    lab.change(before, attrs.evolve(old, is_paid=not paid))
    assert [name] == list(read_all(lab.connect(), cursor)[0])


def test_orders_of_one_sales_channel_are_read():
    """
    If the configuration names it.
    """
    lab = MedusaLab(sales_channel="sc_2")
    lab.place(lamps())
    name = lab.place(lamps())
    lab.server.orders[name].more = {"sales_channel_id": "sc_2"}
    assert [name] == list(read_all(lab.connect())[0])


@pytest.mark.parametrize(("count", "limits"), [(7, (1, 3, 7)), (25, (3, 7, 100))])
def test_orders_of_one_millisecond_are_told_page_by_page(count, limits):
    """
    In whichever order the database gives them.
    """
    lab = MedusaLab()
    names = [lab.place(lamps(n)) for n in range(1, count + 1)]
    for one in lab.server.orders.values():
        one.updated_at = "2026-03-02T12:00:00.500Z"
    later = lab.place(lamps())
    for limit in limits:
        found, _ = read_all(lab.connect(), limit=limit)
        assert sorted([*names, later]) == sorted(found)


def test_one_that_leaves_a_crowd_takes_no_other_with_it():
    """
    Places are counted anew.
    """
    lab = MedusaLab()
    names = [lab.place(lamps(n)) for n in range(1, 10)]
    for one in lab.server.orders.values():
        one.updated_at = "2026-03-02T12:00:00.500Z"
    shop, cursor, found, count = lab.connect(), "", set(), 0
    has_more = True
    while has_more:
        page = shop.pull_orders(cursor, limit=2)
        found |= {order.external_id for order in page.orders}
        cursor, has_more, count = page.cursor, page.has_more, count + 1
        if count == 4:
            lab.server.orders[names[0]].updated_at = "2026-03-02T12:00:00.700Z"
    assert set(names) == found


@pytest.mark.parametrize("cursor", ["7", "{}", "[]", '{"orders": 1, "payments": 2}'])
def test_a_cursor_of_somebody_else_is_said_so(cursor):
    """
    Nothing is read from nowhere.
    """
    with pytest.raises(ProtocolError, match="none of ours"):
        World().shop.pull_orders(cursor, limit=2)


@pytest.mark.parametrize("limit", [1, 2, 7])
@pytest.mark.parametrize("ahead", [1, 4, 7])
@pytest.mark.parametrize("is_one_instant", [True, False])
def test_an_order_of_next_year_hides_no_other(limit, ahead, is_one_instant):
    """
    The shop's clock was wrong once: what changes after it was put right is read.
    """
    lab = MedusaLab()
    names = [lab.place(lamps(n)) for n in range(1, 8)]
    for n, name in enumerate(names[:ahead]):
        second = 0 if is_one_instant else n
        lab.server.orders[name].updated_at = f"2027-03-02T12:00:0{second}.000Z"
    shop = lab.connect()
    found, cursor = read_all(shop, limit=limit)
    assert sorted(found) == sorted(names)

    new = lab.place(lamps(9))
    found, cursor = read_all(shop, cursor, limit=limit)
    assert new in found
    lab.change(names[-1], lamps(8))
    found, _ = read_all(shop, cursor, limit=limit)
    assert 8 == found[names[-1]].lines[0].quantity


def test_payments_of_next_year_hide_no_other():
    """
    A payment that changes after the clock was put right brings its order.
    """
    world = World()
    other = world.lab.place(lamps(2))
    world.kept.paid_at = "2027-03-02T12:00:00.000Z"
    world.kept.updated_at = "2026-03-02T18:00:00.000Z"  # reading orders goes on there
    _, cursor = read_all(world.shop)
    found, _ = read_all(world.shop, cursor)
    assert other not in found
    world.lab.server.orders[other].paid_at = "2026-03-02T19:00:00.000Z"

    found, _ = read_all(world.shop, cursor)

    assert other in found
