"""
What becomes of an order in a shop in memory: it waits for its money, is sent, and told.
"""

import attrs
import pytest
from medusa_lab import MedusaLab

import sourcehere
from sourcehere import (
    ManualClock,
    MappingRule,
    Money,
    NewConnection,
    NewProduct,
    NewVariant,
    Price,
    RuleItem,
)
from sourcehere.plugins import hookimpl
from sourcehere.ports.providers import ProviderInfo
from sourcehere.testing.goods import RATE_CARD
from sourcehere.testing.kit import ShopLine, ShopOrder
from sourcehere.testing.kit.store_lab import PLACED
from sourcehere_medusa import MedusaConfig

CUPS = ShopOrder(lines=(ShopLine(sku="CUP", quantity=3, price=Money(999, "USD")),))
UNPAID = attrs.evolve(CUPS, is_paid=False)
CONFIG = {"url": "https://shop.example", "key": "sk_0123"}


class Offered:
    """
    The plugin, on a server in memory.
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


class World:
    """
    A platform that sells cups to a seller whose shop is connected.
    """

    def __init__(self, sh, lab):
        self.sh, self.lab = sh, lab
        desk = sh.staff("zoe")
        desk.sellers.register("ann", name="Ann", currency="USD")
        self.ann = desk.seller("ann")
        self.ann.wallet.top_up(Money(100_000, "USD"), reference="T-1")
        desk.freight.connect("card", provider="rate_card", config=RATE_CARD)
        price = (Price(Money(500, "USD")),)
        variant = NewVariant(sku="CUP", weight_grams=200, prices=price)
        made = desk.catalog.add(NewProduct(title="Cup", variants=(variant,)))
        self.shop = sh.seller("ann")
        self.shop.stores.connect(
            "site", platform="medusa", config=CONFIG, allow_plain=True
        )
        rule = MappingRule(sku="CUP", items=(RuleItem(made.variants[0].variant_id),))
        new = NewConnection(store_id="site", listing="CUP", rules=(rule,))
        self.shop.connections.connect_many([new])

    def order(self, name):
        """
        Read the shop, and return what became of one of its orders.
        """
        self.shop.stores.sync("site")
        (order_id,) = self.shop.orders.find_external("site", [name])[name]
        return self.shop.orders.get(order_id)


@pytest.fixture
def world():
    lab = MedusaLab()
    plugins, clock = [Offered(lab)], ManualClock(PLACED)
    with sourcehere.open("memory://", plugins=plugins, clock=clock) as sh:
        yield World(sh, lab)
        assert sh.audit.run(replay=True).is_clean


def test_from_the_money_to_the_number(world):
    """
    Paid long after it was placed, and sent in two parcels.
    """
    name = world.lab.place(UNPAID)
    assert ["store_unpaid"] == [hold.reason for hold in world.order(name).holds]
    world.lab.server._changes += 3 * 60_000
    world.lab.place(UNPAID)
    world.order(name)
    world.lab.change(name, CUPS)
    order = world.order(name)
    assert [] == list(order.holds)

    world.shop.checkouts.pay(world.shop.checkouts.open([order.order_id]))
    world.ann.shipping.accept([order.order_id])
    (item,) = order.items
    ship = world.ann.shipping.ship
    ship(order.order_id, carrier="Post", tracking_number="RM1GB", quantities={item: 2})
    ship(order.order_id, carrier="Post", tracking_number="RM2GB")
    world.sh.relay.run()

    told = {one.tracking_number: dict(one.units) for one in world.lab.parcels(name)}
    assert {"RM1GB": {"CUP": 2}, "RM2GB": {"CUP": 1}} == told
    assert "shipped" == world.order(name).state


def test_an_order_is_cancelled_in_the_shop(world):
    """
    From here; and follows it.
    """
    name = world.lab.place(CUPS)
    assert "awaiting_payment" == world.order(name).state
    report = world.shop.stores.cancel_orders("site", [name])
    assert 1 == len(report.cancelled)
    assert world.lab.is_cancelled(name)
    assert "cancelled" == world.order(name).state
