"""
A world with one of everything, in which every method of every desk can be called.
"""

import inspect
from copy import copy
from datetime import timedelta
from functools import cache
from itertools import count

import attrs

import sourcehere
from sourcehere import (
    Actor,
    CatalogRow,
    Count,
    DisputeReason,
    FreightRequest,
    GoodwillReason,
    HoldReason,
    LabelDecision,
    Money,
    NewConnection,
    NewParcel,
    NewProduct,
    NewVariant,
    OrderSearch,
    PaymentDecision,
    Price,
    ProductChange,
    Promises,
    Role,
    StaffDesk,
    Subject,
    TrackingCorrection,
    TrackingFact,
    TrackingStatus,
    VariantChange,
    Wanted,
)
from sourcehere.domain.freight.handling import Source
from sourcehere.domain.kernel.ids import SellerId, ids_made_by
from sourcehere.domain.stores.cancelling import ShopCancelReason
from sourcehere.face.scope import Desk, Scope, access_of
from sourcehere.ports.errors import DeclinedError
from sourcehere.testing.factories import (
    HOME,
    NOON,
    RATE_CARD,
    Kept,
    open_bench,
    snapshot,
)
from sourcehere.testing.fake_carrier import FakeCarriers
from sourcehere.testing.fake_gateway import FakeGateway
from sourcehere.testing.fake_gateways import FakeGateways
from sourcehere.testing.fake_labels import LabelCarrier

GATEWAY = {"provider": "fake_gateway", "config": {}}
IDS = {Role.SELLER: "demo"}  # others may be anybody


def desk_of(bench, name, role):
    """
    Return a desk as *role* has it.
    """
    actor = Actor(role, IDS.get(role, "somebody"))
    if name == "shop":
        return bench.sh.seller("demo", by=actor)
    # `staff` makes staff only; whoever reached the desk otherwise would be refused.
    return StaffDesk(Scope(bench.app, SellerId(""), actor))


def methods():
    """
    List (desk, part, method, access) of everything that the desks have.
    """
    with sourcehere.open("memory://", load_entry_points=False) as sh:
        desks = {"shop": sh.seller("a"), "desk": sh.staff("b")}
        return [
            (name, part, method, access)
            for name, desk in desks.items()
            for part, value in vars(desk).items()
            if isinstance(value, Desk)
            for method in dir(type(value))
            if (access := access_of(getattr(type(value), method))) is not None
        ]


METHODS = methods()


def taking(parameter):
    """
    List (full name, access) of the methods that take *parameter*.
    """
    with sourcehere.open("memory://", load_entry_points=False) as sh:
        desks = {"shop": sh.seller("a"), "desk": sh.staff("b")}
        return [
            (f"{name}.{part}.{method}", access)
            for name, part, method, access in METHODS
            if parameter
            in inspect.signature(getattr(getattr(desks[name], part), method)).parameters
        ]


NAMES = [f"{name}.{part}.{method}" for name, part, method, _ in METHODS]


def a_product(sku):
    """
    Return a product to add.
    """
    variant = NewVariant(sku=sku, weight_grams=1, prices=(Price(Money(100, "USD")),))
    return NewProduct(title=sku, variants=(variant,))


def told_by_webhook(bench, event_id, error=None):
    """
    Let the shop tell of an order, and follow it if that is to end with *error*.
    """
    hook = bench.shop.webhook("orders/updated", "unpaid", event_id=event_id)
    bench.sh.inbox.receive("demo", "shop", headers=hook.headers, body=hook.body)
    if error is not None:
        bench.shop.fetch_error = error
        bench.sh.inbox.run()
        bench.shop.fetch_error = None


def a_world(storage=None):
    """
    Return a bench with one of everything, and what arguments are called -> a value.
    """
    kept, carrier, gateway, values = _kept_world()
    books = ("sold", "used", "void", "keys", "requests", "voided")
    own = {name: copy(getattr(carrier, name)) for name in books}
    carriers = FakeCarriers(post=attrs.evolve(carrier, **own))
    plugins = [carriers, FakeGateways(cards=_copy_of(gateway))]
    bench = open_bench(storage=storage, plugins=plugins, kept=kept)
    return bench, dict(values)


def _copy_of(gateway):
    """
    Return a gateway with the same books.
    """
    return attrs.evolve(
        gateway,
        books={name: copy(one) for name, one in gateway.books.items()},
        faults=[],
        keys=[],
        answers=dict(gateway._answers),
    )


@cache
def _kept_world():
    """
    Make that world once, with ids that no run makes otherwise.
    """
    carrier, gateway, numbers = LabelCarrier(), FakeGateway(), count(1 << 40)
    with ids_made_by(lambda: f"{next(numbers):012x}"):
        bench, values = _made_world(carrier, gateway)
    return Kept.of(bench), carrier, gateway, values


def _made_world(carrier, gateway):
    plugins = [FakeCarriers(post=carrier), FakeGateways(cards=gateway)]
    bench = open_bench(plugins=plugins)
    shop, ann = bench.sh.seller("demo"), bench.sh.staff("ann").seller("demo")
    connection_id = bench.connect(bench.rule("CUP"))
    (strange,) = bench.sync(snapshot("strange", SOCK=2))
    bench.sync(snapshot("odd", VASE=2))
    order_id = bench.accepted("sent", CUP=4)
    parcel_id = bench.ship(order_id, i1_1=3)
    hold = ann.orders.hold(order_id, detail="look")
    disputed = shop.disputes.open(
        order_id,
        reason=DisputeReason.SHORT,
        quantities={"1.1": 1},
        evidence={"description": "one is missing"},
    )
    cup, week = bench.variants["CUP"], NOON + timedelta(days=7)
    prices = (Price(Money(400, "USD")),)
    request = shop.quotes.ask(strange, 1)
    ann.quotes.answer(
        request.request_id, variant_id=cup, prices=prices, valid_until=week
    )
    waiting = bench.paid("waiting", CUP=1)
    (unpaid,) = bench.sync(snapshot("unpaid", CUP=1))
    offer = shop.checkouts.open([unpaid])
    shop.conversations.say(Subject.ORDER, order_id, "when will it come?")
    bench.sh.staff("ann").sellers.put_salesman("ann", name="Ann", channels={"x": "1"})
    wanted = [Wanted(cup, 3)]
    told_by_webhook(bench, "dead", DeclinedError(provider="fake", detail="no"))
    bench.sh.staff("ann").gateways.connect("cards", **GATEWAY)
    topped = shop.wallet.top_up_by_card(
        Money(100_00, "USD"), source="tok_visa", gateway="cards"
    )
    values = {
        "after": "",
        "attempt_id": topped.attempt_id,
        "gateway": "cards",
        "since": NOON,
        "amount": Money(100, "USD"),
        "address": HOME,
        "carrier": "post",
        "command": "pay",
        "config": RATE_CARD,
        "connection_id": connection_id,
        "counts": {"1.1": Count(1)},
        "corrections": [
            TrackingCorrection(
                order_id=order_id,
                parcel_id=parcel_id,
                carrier="post",
                tracking_number="T2",
            )
        ],
        "country": "CN",
        "first": NOON.date(),
        "currency": "USD",
        "days_max": 9,
        "days_min": 3,
        "detail": "look",
        "dispute_id": disputed.dispute_id,
        "evidence": {"description": "broken"},
        "event_id": "dead",
        "external_ids": ["sent"],
        "facts": [
            TrackingFact(
                parcel_id=parcel_id,
                key="k1",
                status=TrackingStatus.DELIVERED,
                happened_at=NOON,
            )
        ],
        "help_id": shop.connections.ask_for_help(strange, 1, "no blue").help_id,
        "hold_id": hold.hold_id,
        "items": wanted,
        "label_id": "nobody's",
        "decision": LabelDecision.NOT_BOUGHT,
        "line": 1,
        "lot_id": "nobody's",
        "link": "https://shop.example/sock",
        "method": "std",
        "name": "name",
        "new": [
            NewConnection(store_id="shop", listing="HAT", rules=(bench.rule("HAT"),))
        ],
        "number": "#sent",
        "offer": offer,
        "order": offer.orders[0],
        "message_id": next(iter(bench.sh.relay.waiting())).message_id,
        "order_id": order_id,
        "order_ids": [waiting],
        "parcel_id": parcel_id,
        "parcels": [NewParcel(order_id=waiting, carrier="post", tracking_number="T9")],
        "plan": bench.sh.repair.plan(),
        "platform": "fake",
        "url": "https://host.example/hooks/demo/shop",
        "prices": prices,
        "product": a_product("NEW"),
        "product_id": bench.app.catalog.find_by_sku(["cup"])["cup"].product_id,
        "products": [a_product("OLD")],
        "provider": "rate_card",
        "promises": Promises(ship_days=2),
        "on_hand": 4,
        "quantities": {"1.1": 1},
        "quantity": 2,
        "reason": DisputeReason.CANCEL,
        "reference": "second",
        "request": FreightRequest(country="US", weight_grams=10, currency="USD"),
        "request_id": request.request_id,
        "rules": [bench.rule("LAMP")],
        "search": OrderSearch(states=["awaiting_payment", "awaiting_shipping"]),
        "seller_id": "demo",
        "salesman_id": "ann",
        "policy": "split_available",
        "channels": {"phone": "+1 555"},
        "sku": "HAT",
        "subject_id": order_id,
        "about": Subject.ORDER,
        "skus": ["CUP"],
        "source": Source.DIRECT,
        "store_id": "shop",
        "text": "cup",
        "to_store_id": "other",
        "tracking_number": "T1",
        "tracking_numbers": ["T1"],
        "valid_until": week,
        "variant_id": cup,
        "variant_ids": [cup],
        "wanted": wanted,
        "warehouse_id": "CN1",
    }
    return bench, values


def a_label(bench, *faults):
    """
    Buy a label of a carrier whose calls meet *faults*; return it.
    """
    provider = bench.app.registry.freight_provider(
        "fake_carrier", {"carrier": "post"}, connection="post"
    )
    provider.faults = list(faults)
    order_id = bench.accepted("labelled", CUP=1)
    sells_labels(bench)
    desk = bench.sh.staff("ann").seller("demo").labels
    return desk.buy(order_id, method="post:std")


def an_attempt(bench, *faults):
    """
    Top up by a gateway whose calls meet *faults*; return the attempt.
    """
    provider = bench.app.registry.payment_provider(
        "fake_gateway", {}, connection="cards"
    )
    provider.faults = list(faults)
    return bench.sh.seller("demo").wallet.top_up_by_card(
        Money(50_00, "USD"), source="tok_visa", gateway="cards"
    )


def sells_labels(bench):
    """
    Connect a carrier that sells labels.
    """
    bench.sh.staff("ann").freight.connect(
        "post", provider="fake_carrier", config={"carrier": "post"}
    )


# Where a name means something else than elsewhere.
OTHERWISE = {
    "shop.orders.hold": {"reason": HoldReason.STAFF},
    "shop.disputes.reject": {"reason": "it is packed"},
    "shop.disputes.withdraw": {"reason": "it came"},
    "shop.orders.reject": {"reason": "nobody makes it"},
    "desk.orders.reject_many": {"reason": "nobody makes it"},
    "desk.orders.hold_many": {"reason": HoldReason.STAFF},
    "desk.orders.release_many": {"reason": HoldReason.STAFF},
    "shop.orders.ignore": {"order_ids": "strange"},
    "shop.stores.connect": {"store_id": "second", "config": {"shop": "second"}},
    "shop.connections.connect_sku": {"order_id": "strange"},
    "shop.connections.mark_not_ours": {"skus": ["SOCK"]},
    "shop.connections.unmark_not_ours": {"skus": ["SOCK"]},
    "shop.connections.preview_sku": {"order_id": "strange"},
    "shop.connections.ask_for_help": {"order_id": "unpaid"},
    "shop.quotes.ask": {"order_id": "odd"},
    "shop.quotes.ask_for": {"title": "a blue lamp"},
    "desk.catalog.change": {
        "change": VariantChange(
            title="Cup, blue",
            weight_grams=310,
            options={"Colour": "Blue"},
            prices=(Price(Money(510, "USD")),),
            pictures=("a.example/1.jpg",),
        )
    },
    "desk.catalog.change_product": {
        "change": ProductChange(title="Mug", link="a.example/mug")
    },
    "desk.catalog.upsert": {
        "rows": [
            CatalogRow(place="row 1", sku="HAT", change=VariantChange(weight_grams=120))
        ]
    },
    "shop.stores.cancel_orders": {
        "external_ids": ["unpaid"],
        "reason": ShopCancelReason.STAFF,
    },
    "desk.repair.do": {"reason": "a ticket"},
    "desk.sellers.register": {"seller_id": "second"},
    "desk.freight.change": {"name": "card"},
    "desk.freight.pause": {"name": "card"},
    "desk.freight.resume": {"name": "card"},
    "desk.freight.disconnect": {"name": "card"},
    "desk.freight.check": {"name": "card"},
    "desk.gateways.connect": GATEWAY,
    "desk.gateways.change": {"name": "cards", "config": {}},
    "desk.gateways.pause": {"name": "cards"},
    "desk.gateways.resume": {"name": "cards"},
    "desk.gateways.disconnect": {"name": "cards"},
    "desk.gateways.check": {"name": "cards"},
    "desk.gateways.reconcile": {"name": "cards"},
    "desk.attempts.resolve": {"decision": PaymentDecision.DID_NOT_HAPPEN},
    "shop.wallet.correct_top_up": {"reference": "first"},
    "shop.wallet.give_goodwill": {"reason": GoodwillReason.LATE},
    "shop.wallet.take_back_goodwill": {"reference": "given"},
    "shop.wallet.top_up_by_card": {"source": "tok_visa"},
    "shop.checkouts.pay_by_card": {"source": "tok_visa"},
}


def arguments(bench, values, name, method):
    """
    Return the arguments that *method* must have, taken from *values* by their names.
    """
    given = values | OTHERWISE.get(name, {})
    found = bench.app.orders.find_external("demo", "shop", ["strange", "unpaid", "odd"])
    for key, value in given.items():
        if key in ("order_id", "order_ids") and str(value) in found:
            named = found[value][0]
            given[key] = named if key == "order_id" else [named]
    return {
        one.name: given[one.name]
        for one in inspect.signature(method).parameters.values()
        if one.default is one.empty or one.name in OTHERWISE.get(name, {})
    }
