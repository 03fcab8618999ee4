"""
A whole life on a real Medusa: ordered in the Store API, paid and sent here, told to the
customer. `nox -s counterparts`.
"""

import pytest
from medusa_customer import Customer, Merchant
from medusa_lab import MedusaLab
from medusa_real_lab import RealLab
from medusa_shown import shown

import sourcehere
from sourcehere import (
    MappingRule,
    Money,
    NewConnection,
    NewProduct,
    NewVariant,
    Price,
    RuleItem,
    Tab,
)
from sourcehere.plugins import hookimpl
from sourcehere.ports.providers import ProviderInfo
from sourcehere.ports.stock import ShopStock
from sourcehere.testing.goods import RATE_CARD
from sourcehere.testing.kit import ShopLine, ShopOrder
from sourcehere.testing.kit.store_asking import fetched, read_all
from sourcehere.testing.kit.store_base import parcel_of
from sourcehere_medusa import MedusaConfig
from sourcehere_medusa.parcels import FIELDS as PARCEL_FIELDS
from sourcehere_medusa.snapshots import FIELDS

pytestmark = pytest.mark.counterparts


class OnTheLine:
    """
    The plugin, whose requests go where the lab's do.
    """

    def __init__(self, lab):
        self._lab = lab

    @hookimpl
    def sourcehere_store_platforms(self):
        """
        Offer Medusa; the installed one is set aside.
        """
        make = lambda _config, _context: self._lab.connect()  # noqa: E731
        return [ProviderInfo("medusa", MedusaConfig, make)]


@pytest.fixture
def lab(medusa):
    """
    Return a shop without orders and products.
    """
    made = RealLab(medusa)
    medusa.door("clear_products")
    return made


@pytest.fixture
def merchant(medusa):
    return Merchant(medusa)


@pytest.fixture
def customer(medusa):
    return Customer(medusa)


@pytest.fixture
def sh(lab, tmp_path):
    """
    A platform that sells lamps and cups to a seller whose shop is connected.
    """
    url = f"sqlite:///{tmp_path}/orders.db"
    with sourcehere.open(url, plugins=[OnTheLine(lab)]) as sh:
        desk = sh.staff("zoe")
        desk.sellers.register("ann", name="Ann", currency="USD")
        desk.seller("ann").wallet.top_up(Money(100_000, "USD"), reference="T-1")
        desk.freight.connect("card", provider="rate_card", config=RATE_CARD)
        price = (Price(Money(500, "USD")),)
        shop = sh.seller("ann")
        config = {"url": lab.server.url, "key": lab.server.shop["key"]}
        shop.stores.connect("site", platform="medusa", config=config, allow_plain=True)
        for sku in ("LAMP", "CUP"):
            variant = NewVariant(sku=sku, weight_grams=200, prices=price)
            made = desk.catalog.add(NewProduct(title=sku, variants=(variant,)))
            rule = MappingRule(sku=sku, items=(RuleItem(made.variants[0].variant_id),))
            shop.connections.connect_many(
                [NewConnection(store_id="site", listing=sku, rules=(rule,))]
            )
        yield sh
        assert sh.audit.run(replay=True).is_clean


def of(sh, external_id):
    """
    Return the order that an order of the shop became.
    """
    shop = sh.seller("ann")
    (order_id,) = shop.orders.find_external("site", [external_id])[external_id]
    return shop.orders.get(order_id)


def test_from_the_basket_to_the_number_on_the_customer_s_page(
    sh, lab, customer, merchant
):
    """
    It waits until the shop has the money; two parcels are told, and counted.
    """
    lamp, cup = merchant.sells("LAMP"), merchant.sells("CUP", is_managed=False)
    name = customer.orders({lamp: 3, cup: 1})
    shop, ann = sh.seller("ann"), sh.staff("zoe").seller("ann")

    shop.stores.sync("site")
    assert ["store_unpaid"] == [hold.reason for hold in of(sh, name).holds]
    merchant.captures(name)
    shop.stores.sync("site")
    order = of(sh, name)
    assert ((), "GB") == (tuple(order.holds), order.country)

    shop.checkouts.pay(shop.checkouts.open([order.order_id]))
    ann.shipping.accept([order.order_id])
    lamps = next(i.item_id for i in order.items.values() if i.quantity == 3)
    ann.shipping.ship(
        order.order_id,
        carrier="Royal Mail",
        tracking_number="RM1GB",
        quantities={lamps: 2},
    )
    ann.shipping.ship(order.order_id, carrier="Royal Mail", tracking_number="RM2GB")
    sh.relay.run()

    page = customer.looks(name)
    numbers = [x["metadata"]["tracking_number"] for x in page["fulfillments"]]
    assert ["RM1GB", "RM2GB"] == sorted(numbers)
    assert {"Royal Mail"} == {x["metadata"]["carrier"] for x in page["fulfillments"]}
    assert {3, 1} == {item["detail"]["shipped_quantity"] for item in page["items"]}
    sent = {one.tracking_number: sum(one.units.values()) for one in lab.parcels(name)}
    assert {"RM1GB": 2, "RM2GB": 2} == sent
    shop.stores.sync("site")
    assert "shipped" == of(sh, name).state


def test_what_the_merchant_cancels_is_cancelled(sh, customer, merchant):
    """
    Before it is paid here; it was paid there, and that is given back.
    """
    name = customer.orders({merchant.sells("CUP"): 2})
    merchant.captures(name)
    shop = sh.seller("ann")
    shop.stores.sync("site")
    assert "awaiting_payment" == of(sh, name).state

    merchant.cancels(name)
    shop.stores.sync("site")

    assert "cancelled" == of(sh, name).state
    assert "canceled" == customer.looks(name)["status"]
    assert not shop.orders.list(tab=Tab.AWAITING_PAYMENT).items


def test_prices_are_what_was_paid(lab, customer, merchant):
    """
    After a discount, and after units came back.
    """
    merchant.promotes("TEN", 10)
    name = customer.orders({merchant.sells("LAMP"): 3}, "TEN")
    payment, shop = merchant.captures(name), lab.connect()
    order = fetched(shop, name)
    (line,) = order.lines
    assert Money(1_111, "USD") == line.unit_price  # 12.34 less a tenth is 11.106

    shop.push_fulfilment(parcel_of(order, "RM1GB", {"LAMP": 2}))
    merchant.takes_back(name, {line.external_line_id: 1})
    merchant.refunds(payment, 11.11)
    order = fetched(shop, name)
    (line,) = order.lines
    assert Money(1_111, "USD") == line.unit_price
    assert (3, 2, 0) == (
        line.quantity,
        line.quantity_fulfilled,
        line.quantity_refunded,
    )
    assert (True, ()) == (order.paid_at_store, order.doubts)


def test_being_paid_changes_no_order_and_is_told(lab, customer, merchant):
    """
    Long after the order was read.
    """
    name = customer.orders({merchant.sells("LAMP"): 1})
    lab.server.door("crowd", at="2026-03-02T12:00:00.500Z")
    shop = lab.connect()
    _, cursor = read_all(shop)
    merchant.captures(name)
    assert read_all(lab.connect(), cursor)[0][name].paid_at_store


def test_stock_and_parcels_of_what_the_shop_counts(lab, customer, merchant):
    """
    What is reserved for an order stays reserved until the parcel has left.
    """
    lamp, shop = merchant.sells("LAMP", is_managed=True), lab.connect()
    (listed,) = shop.pull_products("", limit=9).variants
    assert ("LAMP", lamp) == (listed.sku, listed.external_variant_id)
    level = ShopStock(
        sku="LAMP",
        external_variant_id=lamp,
        external_product_id=listed.external_product_id,
        quantity=9,
    )
    assert [None] == shop.push_stock([level])
    name = customer.orders({lamp: 4})
    assert [None] == shop.push_stock([level])
    told = lab.server.admin(
        "GET",
        "/product-variants",
        id=lamp,
        fields="id,*inventory_items.inventory.location_levels",
    )
    (stocked,) = told["variants"][0]["inventory_items"][0]["inventory"][
        "location_levels"
    ]
    assert (13, 4, 9) == (
        stocked["stocked_quantity"],
        stocked["reserved_quantity"],
        stocked["available_quantity"],
    )
    shop.push_fulfilment(parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 4}))
    assert [4] == [line.quantity_fulfilled for line in fetched(shop, name).lines]


def test_a_shop_that_has_all_passes(lab):
    """
    The key reads everything, and the location is there.
    """
    RealLab(lab.server, location=lab.server.shop["location"]).connect().check()


def test_the_server_in_memory_tells_what_the_real_one_does(lab):
    """
    Every field that the tests in memory rely on is there, and of the same kind.
    """
    line = ShopLine(sku="LAMP", quantity=3, price=Money(1_234, "USD"))
    order, memory = ShopOrder(lines=(line,)), MedusaLab()
    names = [one.place(order) for one in (lab, memory)]
    for one, name in zip((lab, memory), names, strict=True):
        shop = one.connect()
        shop.push_fulfilment(parcel_of(fetched(shop, name), "RM1GB", {"LAMP": 2}))
    fields = f"is_draft_order,{FIELDS},{PARCEL_FIELDS}"
    real = lab.server.admin("GET", f"/orders/{names[0]}", fields=fields)["order"]
    differing = list(unlike(shown(memory.server.orders[names[1]]), real, "order"))
    assert [] == differing


OURS = {"units", "no_notification", "sales_channel_id"}  # what only the lab looks at
NUMBER = (int, float)


def unlike(ours, real, where):
    """
    Name what is told otherwise.
    """
    if isinstance(ours, dict) and isinstance(real, dict):
        for name in ours.keys() - OURS:
            if name in real:
                yield from unlike(ours[name], real[name], f"{where}.{name}")
            else:
                yield f"{where}.{name} is not told"
    elif isinstance(ours, list) and isinstance(real, list):
        for one, other in zip(ours, real, strict=True):
            yield from unlike(one, other, where)
    elif None not in {ours, real} and kind(ours) is not kind(real):
        yield f"{where}: {ours!r} {real!r}"


def kind(value):
    """
    Return what kind of value it is; numbers are one.
    """
    return float if isinstance(value, NUMBER) else type(value)
