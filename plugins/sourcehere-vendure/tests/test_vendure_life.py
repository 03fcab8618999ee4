"""
A whole life: ordered in the Shop API, paid and sent here, told to the customer.
"""

import pytest
from vendure_customer import CANCEL, Customer, merchant

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
from sourcehere.testing.goods import RATE_CARD
from sourcehere_vendure import VendureConfig


class OneByOne:
    """
    The plugin, whose requests take turns with everybody else's of these tests.
    """

    def __init__(self, lab):
        self._lab = lab

    @hookimpl
    def sourcehere_store_platforms(self):
        """
        Offer Vendure; the installed one is set aside.
        """
        make = lambda _config, _context: self._lab.connect()  # noqa: E731
        return [ProviderInfo("vendure", VendureConfig, make)]


@pytest.fixture
def sh(lab, tmp_path):
    """
    A platform that sells lamps and cups to a seller whose shop is connected.
    """
    url = f"sqlite:///{tmp_path}/orders.db"
    with sourcehere.open(url, plugins=[OneByOne(lab)]) as sh:
        desk = sh.staff("zoe")
        desk.sellers.register("ann", name="Ann", currency="USD")
        desk.seller("ann").wallet.top_up(Money(100_000, "USD"), reference="T-1")
        desk.freight.connect("card", provider="rate_card", config=RATE_CARD)
        price = (Price(Money(500, "USD")),)
        shop = sh.seller("ann")
        config = {"url": "https://shop.example/admin-api", "username": "a"}
        shop.stores.connect(
            "site",
            platform="vendure",
            config={**config, "password": "b"},
            allow_plain=True,
        )
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


@pytest.mark.slow
@pytest.mark.usefixtures("shop_is_set_up")
def test_from_the_basket_to_the_number_on_the_customer_s_page(sh, vendure):
    """
    Two parcels: the shop counts what each brought, and ships the order with the last.
    """
    customer = Customer(vendure)
    name, code = customer.orders(LAMP=3, CUP=1)
    shop, ann = sh.seller("ann"), sh.staff("zoe").seller("ann")

    assert 1 == shop.stores.sync("site").orders
    order = of(sh, name)
    assert (code, "GB") == (order.number, order.country)
    shop.checkouts.pay(shop.checkouts.open([order.order_id]))
    ann.shipping.accept([order.order_id])
    lamps = next(i.item_id for i in order.items.values() if i.quantity == 3)
    ann.shipping.ship(
        order.order_id,
        carrier="Royal Mail",
        tracking_number="RM1GB",
        quantities={lamps: 2},
    )
    sh.relay.run()
    assert "PartiallyShipped" == customer.looks(code)["state"]
    ann.shipping.ship(order.order_id, carrier="Royal Mail", tracking_number="RM2GB")
    sh.relay.run()

    page = customer.looks(code)
    assert "Shipped" == page["state"]
    told = {
        one["trackingCode"]: (one["method"], sum(x["quantity"] for x in one["lines"]))
        for one in page["fulfillments"]
    }
    assert {"RM1GB": ("Royal Mail", 2), "RM2GB": ("Royal Mail", 2)} == told
    assert 0 == shop.stores.sync("site").orders


@pytest.mark.slow
@pytest.mark.usefixtures("shop_is_set_up")
def test_what_the_merchant_cancels_is_cancelled(sh, vendure):
    """
    Before it is paid here; nothing is told of it.
    """
    customer = Customer(vendure)
    name, code = customer.orders(CUP=2)
    shop = sh.seller("ann")
    shop.stores.sync("site")
    assert "awaiting_payment" == of(sh, name).state

    merchant(vendure).ask(CANCEL, id=name)
    shop.stores.sync("site")

    assert "cancelled" == of(sh, name).state
    assert "Cancelled" == customer.looks(code)["state"]
    assert not shop.orders.list(tab=Tab.AWAITING_PAYMENT).items
