"""
Two sellers with four shops on two platforms: orders come by poll and by webhook, are
paid and sent from one platform, and every customer learns the number of their parcel.
"""

import asyncio
import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from shopify_lab import SHOP, ShopifyLab
from woo_lab import WooLab

import sourcehere
from sourcehere import (
    ManualClock,
    MappingRule,
    Money,
    NewConnection,
    NewParcel,
    NewProduct,
    NewVariant,
    Price,
    RuleItem,
    Tab,
)
from sourcehere.plugins import hookimpl
from sourcehere.ports.providers import ProviderInfo
from sourcehere.receiver import WebhookReceiver
from sourcehere.testing.kit import ShopLine, ShopOrder, WireFault
from sourcehere.testing.kit.store_lab import PLACED
from sourcehere_shopify import ShopifyConfig
from sourcehere_woocommerce import WooConfig

SECRET = "hush"
CARD = {
    "currency": "USD",
    "methods": [
        {
            "code": "std",
            "name": "Standard",
            "days_min": 5,
            "days_max": 9,
            "zones": [
                {
                    "countries": ["*"],
                    "breaks": [
                        {
                            "first_grams": 500,
                            "first_price": 250,
                            "additional_grams": 500,
                            "additional_price": 100,
                            "up_to_grams": None,
                        }
                    ],
                }
            ],
        }
    ],
}
# Seller and shop -> the platform, as the seller connects it.
SHOPS = {
    ("ann", "us"): "shopify",
    ("ann", "blog"): "woocommerce",
    ("bob", "main"): "shopify",
    ("bob", "outlet"): "woocommerce",
}


class Labs:
    """
    The plugin that offers both platforms on servers in memory, one for each shop.
    """

    def __init__(self):
        self.labs = {
            place: ShopifyLab(webhook_secret=SECRET)
            if platform == "shopify"
            else WooLab(webhook_secret=SECRET)
            for place, platform in SHOPS.items()
        }

    @hookimpl
    def sourcehere_store_platforms(self):
        """
        Offer them; what is installed under these names is set aside.
        """
        return [
            ProviderInfo("shopify", ShopifyConfig, self._make),
            ProviderInfo("woocommerce", WooConfig, self._make),
        ]

    def _make(self, _config, context):
        (lab,) = [
            lab for (_, name), lab in self.labs.items() if name == context.connection
        ]
        return lab.connect()


class World:
    """
    The platform with its catalogue, and two sellers whose shops are connected.
    """

    def __init__(self, url):
        self.plugin = Labs()
        self.clock = ManualClock(PLACED)
        self.sh = sourcehere.open(
            url, plugins=[self.plugin], load_entry_points=True, clock=self.clock
        )
        self.desk = self.sh.staff("zoe")
        price = (Price(Money(500, "USD")),)
        variant = NewVariant(sku="CUP", weight_grams=200, prices=price)
        product = self.desk.catalog.add(NewProduct(title="Cup", variants=(variant,)))
        self.desk.freight.connect("card", provider="rate_card", config=CARD)
        item = RuleItem(product.variants[0].variant_id)
        for (seller, store), platform in SHOPS.items():
            if seller not in {s.seller_id for s in self.desk.sellers.list().items}:
                self.desk.sellers.register(seller, name=seller, currency="USD")
                top_up = self.desk.seller(seller).wallet.top_up
                top_up(Money(100_000, "USD"), reference=f"T-{seller}")
            shop = self.sh.seller(seller)
            shop.stores.connect(
                store, platform=platform, config=CONFIGS[platform], allow_plain=True
            )
            rule = MappingRule(sku="CUP", items=(item,))
            new = NewConnection(store_id=store, listing="CUP", rules=(rule,))
            shop.connections.connect_many([new])

    def place(self, place, units):
        """
        Let a customer order cups.
        """
        line = ShopLine(sku="CUP", quantity=units, price=Money(999, "USD"))
        return self.plugin.labs[place].place(ShopOrder(lines=(line,)))

    def tell(self, receiver, place, name):
        """
        Let a shop post a webhook about an order; return the answer's status.
        """
        body = json.dumps({"id": int(name)}).encode()
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
        signature = base64.b64encode(digest)
        headers = {
            "shopify": [
                (b"x-shopify-topic", b"orders/create"),
                (b"x-shopify-hmac-sha256", signature),
                (b"x-shopify-shop-domain", SHOP.encode()),
                (b"x-shopify-event-id", f"e-{name}".encode()),
            ],
            "woocommerce": [
                (b"x-wc-webhook-topic", b"order.created"),
                (b"x-wc-webhook-signature", signature),
            ],
        }[SHOPS[place]]
        path = f"/hooks/{place[0]}/{place[1]}"
        return asyncio.run(_post(receiver, path, headers, body))

    def send_all(self, seller):
        """
        Pay and send everything of a seller; return order -> tracking number.
        """
        shop, staff = self.sh.seller(seller), self.desk.seller(seller)
        unpaid = [o.order_id for o in shop.orders.list(tab=Tab.AWAITING_PAYMENT).items]
        shop.checkouts.pay(shop.checkouts.open(unpaid))
        staff.shipping.accept(unpaid)
        numbers = {name: f"RM{n}{seller}" for n, name in enumerate(unpaid)}
        parcels = [
            NewParcel(order_id=name, carrier="Royal Mail", tracking_number=number)
            for name, number in numbers.items()
        ]
        assert not staff.shipping.ship_many(parcels).failed
        return numbers


async def _post(receiver, path, headers, body):
    told = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        told.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
    await receiver(scope, receive, send)
    return told[0]["status"]


CONFIGS = {
    "shopify": {"shop": SHOP, "token": "shpat_0123", "webhook_secret": SECRET},
    "woocommerce": {
        "url": "https://shop.example",
        "key": "ck_0123",
        "secret": "cs_4567",
        "webhook_secret": SECRET,
    },
}


@pytest.mark.slow
def test_every_customer_learns_the_number_of_their_parcel(tmp_path):
    world = World(f"sqlite:///{tmp_path}/orders.db")
    receiver = WebhookReceiver(world.sh)
    polled = {place: world.place(place, 2) for place in SHOPS}
    for seller, store in SHOPS:
        assert world.sh.seller(seller).stores.sync(store).orders == 1
    told = {place: world.place(place, 3) for place in SHOPS}
    for place, name in told.items():
        assert world.tell(receiver, place, name) == 200
        assert world.tell(receiver, place, name) == 200
    assert world.sh.inbox.run().done == 4

    numbers = {}
    for seller in ("ann", "bob"):
        numbers |= world.send_all(seller)
    assert len(numbers) == 8

    # Each shop takes its first parcel, and the answer is lost on its way.
    for lab in world.plugin.labs.values():
        lab.line.fail(WireFault.AFTER, after=1)
    world.sh.relay.run()
    assert all(lab.line.heal() for lab in world.plugin.labs.values())
    world.clock.advance(timedelta(hours=1))
    world.sh.relay.run()

    for place in SHOPS:
        shop = world.sh.seller(place[0])
        for name, units in ((polled[place], 2), (told[place], 3)):
            (order_id,) = shop.orders.find_external(place[1], [name])[name]
            (parcel,) = world.plugin.labs[place].parcels(name)
            assert parcel.tracking_number == numbers[order_id]
            assert parcel.units == {"CUP": units}
        assert shop.stores.sync(place[1]).orders == 0
    for seller in ("ann", "bob"):
        orders = world.sh.seller(seller).orders.list().items
        assert [order.state for order in orders] == ["shipped"] * 4
    assert world.sh.audit.run(replay=True).is_clean
    receiver.close()
    world.sh.close()
