"""
How Vendure's words become ours: orders, money, products.
"""

import json
from datetime import timedelta

import attrs
import pytest
from vendure_lab import VendureLab

from sourcehere.domain.kernel.money import Money
from sourcehere.testing.kit import ShopLine, ShopOrder
from sourcehere.testing.kit.store_asking import fetched, read_all


def lamps(quantity=3, minor=1_000, currency="USD"):
    """
    Make an order of lamps.
    """
    price = Money(minor, currency)
    return ShopOrder(lines=(ShopLine(sku="LAMP", quantity=quantity, price=price),))


def line_of(shop, name):
    """
    Return the only line of an order.
    """
    (line,) = fetched(shop, name).lines
    return line


def test_the_address_is_read(lab):
    """
    Where the parcel goes.
    """
    address = fetched(lab.connect(), lab.place(lamps())).address
    assert (
        "Ann Example",
        "1 High Street, Flat 2",
        "Leeds",
        "Yorkshire",
        "LS1 1AA",
    ) == (
        address.name,
        address.street,
        address.city,
        address.region,
        address.postal_code,
    )
    assert address.phone == "+44 113 496 0000"


@pytest.mark.parametrize(
    ("minor", "currency"), [(1_234, "USD"), (980, "JPY"), (100_000_000_01, "EUR")]
)
def test_hundredths_of_every_currency_are_read(lab, minor, currency):
    """
    Vendure counts them even where the currency has none.
    """
    name = lab.place(lamps(minor=minor, currency=currency))
    assert Money(minor, currency) == line_of(lab.connect(), name).unit_price


def test_a_shop_may_keep_more_decimals(vendure):
    """
    As its `MoneyStrategy` says.
    """
    lab = VendureLab(vendure, decimals=3)
    name = lab.place(lamps(minor=12_340))
    assert Money(1_234, "USD") == line_of(lab.connect(), name).unit_price


def test_a_basket_is_no_order(lab):
    """
    What nobody has ordered yet is told by neither way.
    """
    name = lab.place(lamps(), placed_at=None, state="AddingItems")
    shop = lab.connect()
    assert shop.fetch_order(name) is None
    assert read_all(shop)[0] == {}


def test_the_part_of_a_seller_is_told_in_the_channel_of_the_seller(lab):
    """
    The whole order has its lines already.
    """
    whole = lab.place(lamps(), type="Aggregate")
    lab.place(lamps(), type="Seller")
    assert [whole] == list(read_all(lab.connect())[0])


def test_a_cancelled_order_has_no_units(lab):
    """
    Vendure takes them off its lines.
    """
    name = lab.place(lamps())
    lab.change(name, attrs.evolve(lamps(0), is_cancelled=True))
    order = fetched(lab.connect(), name)
    assert order.cancelled
    assert [0] == [line.quantity for line in order.lines]


@pytest.mark.parametrize("state", ["Modifying", "ArrangingAdditionalPayment"])
def test_an_order_that_is_being_amended_is_doubtful(lab, state):
    """
    It waits until the shop is done with it.
    """
    order = fetched(lab.connect(), lab.place(lamps(), state=state))
    assert ("it is being amended in the shop",) == order.doubts
    assert order.paid_at_store


def test_units_that_were_refunded_are_not_wanted(lab):
    """
    Those that were cancelled as well are off the quantity already.
    """
    name = lab.place(lamps(3))
    lab.server.door("refund", id=int(name), place=0, quantity=1)
    shop = lab.connect()
    line = line_of(shop, name)
    assert (3, 1, 2) == (line.quantity, line.quantity_refunded, line.quantity_wanted)

    lab.change(name, lamps(2))
    line = line_of(shop, name)
    assert (2, 0, 2) == (line.quantity, line.quantity_refunded, line.quantity_wanted)


def test_orders_of_one_second_are_told_page_by_page(lab):
    """
    Some databases keep whole seconds.
    """
    lab.server.door("clock", step=0)
    names = [lab.place(lamps(n)) for n in range(1, 8)]
    shop = lab.connect()
    for limit in (1, 3, 7):
        assert sorted(names) == sorted(read_all(shop, limit=limit)[0])


def test_an_order_that_leaves_a_crowded_second_loses_none(lab):
    """
    Those behind it move up by one place while places are counted.
    """
    lab.server.door("clock", step=0)
    names = [lab.place(lamps(n)) for n in range(1, 7)]
    shop = lab.connect()
    first = shop.pull_orders("", limit=2)
    page = shop.pull_orders(first.cursor, limit=2)
    assert 2 == json.loads(page.cursor)["offset"]
    read = {one.external_id for one in (*first.orders, *page.orders)}
    moved = first.orders[0].external_id  # codes are sorted as texts: not names[0]
    lab.server.door("clock", step=1)
    lab.change(moved, lamps(9))
    found, _ = read_all(shop, page.cursor)

    assert {*names} - read | {moved} <= found.keys()


def test_orders_since_a_day_are_read(vendure):
    """
    Those before it are not.
    """
    lab = VendureLab(vendure, orders_since="2026-03-02")
    lab.place(attrs.evolve(lamps(), placed_at=lamps().placed_at.replace(day=1)))
    name = lab.place(lamps())
    assert [name] == list(read_all(lab.connect())[0])


def test_the_first_moment_of_the_day_is_not_before_it(vendure):
    """
    Vendure lists what was placed after a time, and not what was placed at it.

    Source: `DateOperators.after` in `parse-filter-params.ts` (3.6).
    """
    lab = VendureLab(vendure, orders_since="2026-03-02")
    midnight = lamps().placed_at.replace(hour=0, minute=0, second=0, microsecond=0)
    assert 2 == midnight.day
    lab.place(attrs.evolve(lamps(), placed_at=midnight - timedelta(seconds=1)))
    name = lab.place(attrs.evolve(lamps(), placed_at=midnight))
    assert [name] == list(read_all(lab.connect())[0])


def test_products_are_listed(lab):
    """
    Page by page, with what connects them to orders.
    """
    shop = lab.connect()
    line = line_of(shop, lab.place(lamps()))
    lab.place(ShopOrder(lines=(attrs.evolve(lamps().lines[0], sku="CUP"),)))
    found, cursor, has_more = [], "", True
    while has_more:
        page = shop.pull_products(cursor, limit=1)
        assert len(page.variants) == 1
        found, cursor, has_more = [*found, *page.variants], page.cursor, page.has_more
    known = {one.external_variant_id: one for one in found}
    assert len(found) == len(known)
    listed = known[line.external_variant_id]
    assert ("LAMP", "Product LAMP") == (listed.sku, listed.title)
    assert line.external_product_id == listed.external_product_id
