"""
Work of several steps, each in a small world, for a process that dies between them.
"""

from datetime import timedelta
from itertools import count

import attrs
import payment_scenes

from sourcehere import NewConnection, Settings
from sourcehere.app import compose
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.domain.effects.model import MessageKind
from sourcehere.domain.shipments.model import TrackingStatus
from sourcehere.plugins import hookimpl
from sourcehere.ports.errors import UnauthorizedError, UnknownOutcomeError
from sourcehere.ports.hooks import Veto
from sourcehere.services.sending.label_plans import NewLabel
from sourcehere.testing.dying import DyingStorage
from sourcehere.testing.factories import (
    NOON,
    SELLER,
    STAFF,
    Bench,
    FakePlatforms,
    Fault,
    open_bench,
    shop_line,
    snapshot,
)
from sourcehere.testing.fake_carrier import (
    FakeCarriers,
    TrackingCarrier,
    carrier_fact,
)
from sourcehere.testing.fake_gateways import FakeGateways
from sourcehere.testing.fake_labels import LabelCarrier
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.wallet import WALLETS

SETTINGS = Settings(chunk=1, pages_max=4)


class Listening:
    """
    A plugin that is told what happens, and lets some orders not leave.
    """

    def __init__(self):
        self.heard = []
        self.kept = set()
        self.storage = None

    @hookimpl
    def sourcehere_event(self, event):
        self.heard.append(event)
        if self.storage is not None:
            self.storage.reached("a plugin was told")

    @hookimpl
    def sourcehere_check_transition(self, transition):
        is_leaving = transition.state_after != transition.state_before
        is_kept = is_leaving and transition.order_id in self.kept
        return Veto("kept", "it stays") if is_kept else None


class Post(TrackingCarrier):
    """
    A carrier that can be asked where parcels are.
    """

    __slots__ = ("storage",)

    def track(self, numbers, /):
        answers = super().track(numbers)
        self.storage.reached("a carrier was asked")
        return answers


class Vendor(LabelCarrier):
    """
    A carrier that sells labels, whose numbers say what order they are of.
    """

    def buy_label(self, request, /, *, idempotency_key):
        sold = super().buy_label(request, idempotency_key=idempotency_key)
        return attrs.evolve(sold, tracking_number=f"FP{request.number}")


@attrs.define
class Scene:
    """
    A world whose process can die and begin anew.
    """

    bench: Bench
    storage: DyingStorage
    listening: Listening
    carriers: FakeCarriers
    gateways: FakeGateways

    def restart(self):
        """
        Begin another process over the same storage.
        """
        self.storage.begin()
        platforms = FakePlatforms()
        platforms.shops = self.bench.shops
        app = compose(
            plugins=[platforms, self.listening, self.carriers, self.gateways],
            load_entry_points=False,
            clock=self.bench.clock,
            settings=SETTINGS,
            storage=self.storage,
        )
        self.bench = attrs.evolve(self.bench, app=app)

    def settle(self):
        """
        Let workers do all that waits, dead workers' messages too.
        """
        stores = self.bench.sh.seller("demo").stores
        if stores.get("shop").state != "active":
            stores.resume("shop")
        for _ in range(6):
            self.bench.clock.advance(timedelta(hours=2))
            self.bench.sh.worker(name="last").round()


def a_scene():
    """
    Open a world with goods, money, and a shop that sells cups.
    """
    storage = DyingStorage(MemoryStorage(TABLES))
    listening, post = Listening(), Post()
    vendor = Vendor()
    carriers = FakeCarriers(post=post, vendor=vendor)
    gateways = payment_scenes.gateways_of(storage, FakeGateways())
    plugins = [listening, carriers, gateways]
    bench = open_bench(storage=storage, settings=SETTINGS, plugins=plugins)
    listening.storage = post.storage = storage
    words = {"buy": "a carrier sold a label", "void": "a carrier voided a label"}
    vendor.when_asked = lambda call: storage.reached(words[call])
    scene = Scene(bench, storage, listening, carriers, gateways)
    bench.connect(bench.rule("CUP"))
    bench.shop.when_pushed = lambda _: storage.reached("the shop was told")
    bench.shop.when_asked = lambda: storage.reached("the shop was asked")
    return scene


def relay(scene):
    """
    Rounds of workers, each another one: what a dead one left is not its own.
    """
    names = (f"worker{number}" for number in count(1))
    return lambda: scene.bench.sh.worker(name=next(names)).round()


def pushes(scene):
    """
    A parcel that leaves, and one that the shop declines.
    """
    bench = scene.bench
    for number in "12":
        bench.ship(bench.accepted(number, CUP=1), f"T{number}")
    bench.shop.refuses_lines = True
    other = attrs.evolve(snapshot("2"), lines=(shop_line("CUP", 1, number=9),))
    bench.shop.put_silently(other)
    return relay(scene)


def unknown(scene):
    """
    An answer that is lost, and one that makes no sense.
    """
    bench = scene.bench
    for number in "12":
        bench.ship(bench.accepted(number, CUP=1), f"T{number}")
    bench.shop.faults = [Fault.LOST_AFTER, Fault.NONSENSE]
    return relay(scene)


def unauthorized(scene):
    """
    A shop that lets us in no more while it is told.
    """
    scene.bench.ship(scene.bench.accepted("1", CUP=1), "T1")
    scene.bench.shop.faults = [Fault.UNAUTHORIZED]
    return relay(scene)


def connected_again(scene):
    """
    A shop that refused us, was disconnected, and is connected once more.
    """
    scene.bench.ship(scene.bench.accepted("1", CUP=1), "T1")
    scene.bench.shop.faults = [Fault.UNAUTHORIZED]
    scene.bench.app.relay.run()
    stores = scene.bench.sh.seller("demo").stores
    stores.disconnect("shop")
    given = {"platform": "fake", "name": "Shop", "config": {"shop": "shop"}}
    return lambda: scene.bench.sh.seller("demo").stores.connect("shop", **given)


def jobs(scene):
    """
    A connection that orders wait for, and a variant that is sold no more: a paid order
    needs it.
    """
    bench = scene.bench
    bench.paid("3", CUP=1)
    bench.sync(snapshot("1", HAT=1), snapshot("2", HAT=2))
    new = NewConnection(store_id="shop", listing="HAT", rules=(bench.rule("HAT"),))
    bench.app.pairing.connect("demo", new, by=SELLER)
    bench.sh.staff("ann").catalog.discontinue(bench.variants["CUP"])
    return relay(scene)


def folding(scene):
    """
    Counts of tabs that are to be folded.
    """
    bench, number = scene.bench, 0
    while all(m.kind != MessageKind.FOLD_TABS for m in bench.app.relay.waiting()):
        number += 1
        bench.sync(snapshot(str(number), CUP=1))
    return relay(scene)


def reading(scene):
    """
    A shop with more than a page to tell, and one that does not answer.
    """
    bench = scene.bench
    bench.sh.seller("demo").stores.connect(
        "down", platform="fake", name="Down", config={"shop": "down"}
    )
    bench.shops["down"].pages = [UnknownOutcomeError(provider="fake", detail="down")]
    for number in "123":
        bench.shop.put(snapshot(number, CUP=1))
    bench.clock.advance(timedelta(hours=1))
    return lambda: scene.bench.sh.pulls.run()  # noqa: PLW0108 - of the process then


def webhooks(scene):
    """
    What a shop told by webhook.
    """
    bench = scene.bench
    bench.shop.put(snapshot("1", CUP=1))
    hook = bench.shop.webhook("orders/create", "1")

    def act():
        scene.bench.sh.inbox.receive(
            "demo", "shop", headers=hook.headers, body=hook.body
        )
        scene.bench.sh.inbox.run()

    return act


def webhooks_in_trouble(scene):
    """
    A webhook about no order in particular, one that says that we were removed, and one
    whose order cannot be read.
    """
    bench = scene.bench
    bench.shop.fetch_error = UnknownOutcomeError(provider="fake", detail="down")
    hooks = [
        bench.shop.webhook("orders/create"),
        bench.shop.webhook("app/uninstalled"),
        bench.shop.webhook("orders/create", "1"),
    ]
    bench.shop.check_error = UnauthorizedError(provider="fake", detail="who")

    def act():
        for hook in hooks:
            scene.bench.sh.inbox.receive(
                "demo", "shop", headers=hook.headers, body=hook.body
            )
        scene.bench.sh.inbox.run()

    return act


def without_end(scene):
    """
    A shop that goes on and on.
    """
    bench = scene.bench
    for number in "123456":
        bench.shop.put(snapshot(number, CUP=1))
    return lambda: scene.bench.sh.seller("demo").stores.sync("shop")


def fewer_days(scene):
    """
    What a shop said is to be kept for no day any more.
    """
    bench = scene.bench
    bench.sync(snapshot("1", CUP=1), snapshot("2", CUP=1))
    return lambda: scene.bench.sh.seller("demo").stores.change(
        "shop", told_days=0, command_id="days"
    )


def asked_about(scene):
    """
    Orders that the shop has not told of for a while.
    """
    bench = scene.bench
    bench.sync(snapshot("1", CUP=1), snapshot("2", CUP=1))
    bench.shop.put_silently(snapshot("1", CUP=2))
    bench.clock.advance(timedelta(days=2))
    return lambda: scene.bench.sh.seller("demo").stores.reconcile("shop")


def deadlines(scene):
    """
    Orders that nobody paid in time, and a parcel that is silent.
    """
    bench = scene.bench
    bench.ship(bench.accepted("1", CUP=1), "T1")
    bench.app.relay.run()
    bench.sync(snapshot("2", CUP=1), snapshot("3", CUP=1))
    bench.clock.advance(timedelta(days=50))
    return lambda: scene.bench.sh.clocks.fire()  # noqa: PLW0108 - of the process then


def paying(scene):
    """
    Three orders, paid one by one.
    """
    bench = scene.bench
    orders = bench.sync(*(snapshot(number, CUP=1) for number in "123"))
    offer = bench.app.checkouts.checkout("demo", orders, by=SELLER)
    return lambda: scene.bench.app.checkouts.pay(
        "demo",
        offer.checkout_id,
        expected_total=offer.total,
        each=True,
        command_id="pay",
        by=SELLER,
    )


def many(scene):
    """
    Items of a bulk command, each in a commit of its own.
    """
    orders = [scene.bench.paid(number, CUP=1) for number in "123"]
    return lambda: scene.bench.app.shipping.accept(
        "demo", orders, by=STAFF, command_id="accept"
    )


def changed_connection(scene):
    """
    A connection that unpaid orders follow.
    """
    bench = scene.bench
    bench.sync(*(snapshot(number, CUP=1) for number in "12"))
    (connection,) = bench.app.pairing.connections("demo")
    return lambda: scene.bench.app.pairing.change(
        "demo",
        connection.connection_id,
        rules=[bench.rule("CUP", HAT=1)],
        method="",
        by=SELLER,
        command_id="change",
    )


def repairing(scene):
    """
    Two sellers' wallets that somebody changed behind our back.
    """
    app = scene.bench.app
    app.sellers.register("other", name="Other", currency="USD")
    changes = [(("demo",), {"available": 5}), (("other",), {"available": 7})]
    app.storage.transact(
        lambda session: session.add(WALLETS.table, changes), read_only=False
    )
    plan = scene.bench.sh.repair.plan()
    return lambda: scene.bench.sh.repair.do(
        plan, reason="wallets", by="ann", command_id="repair"
    )


def asking(scene):
    """
    Parcels that a carrier is asked about, of which it tells one by itself, and fails
    to tell of another at first.
    """
    bench, post = scene.bench, scene.carriers.carriers["post"]
    for number in "123":
        bench.ship(bench.accepted(number, CUP=1), f"T{number}")
        post.facts[f"T{number}"] = [carrier_fact(TrackingStatus.DELIVERED, NOON)]
    config = {"carrier": "post"}
    bench.app.freight.connect("post", provider="fake_carrier", config=config, by=STAFF)
    post.track_fault = UnknownOutcomeError(provider="post", detail="no answer")
    bench.app.tracking.run()
    post.track_fault = None
    headers, body = post.webhook("T3")

    def act():
        scene.bench.app.tracking.receive("post", headers=headers, body=body)
        scene.bench.clock.advance(timedelta(hours=1))
        scene.bench.app.tracking.run()

    return act


def labels(scene):
    """
    A label that its parcel leaves with, one that cannot be used, one that is voided,
    and one of which nobody knows at first.
    """
    bench = scene.bench
    config = {"carrier": "vendor"}
    bench.app.freight.connect(
        "vendor", provider="fake_carrier", config=config, by=STAFF
    )
    orders = [bench.accepted(number, CUP=1) for number in "1234"]
    voided = buy_label(scene, orders[0], "before")
    scene.listening.kept.add(orders[1])
    scene.carriers.carriers["vendor"].faults = [None, None, Fault.LOST_AFTER]

    def act():
        for order_id in orders[1:]:
            buy_label(scene, order_id, f"buy {order_id}")
        scene.bench.app.labels.void("demo", voided.parcel_id, command_id="void")
        scene.bench.clock.advance(timedelta(hours=1))
        scene.bench.app.labels.run()

    return act


def buy_label(scene, order_id, command_id):
    new = NewLabel(order_id=order_id, method="vendor:std")
    return scene.bench.app.labels.buy("demo", new, by=STAFF, command_id=command_id)


SCENES = (
    *(pushes, unknown, unauthorized, connected_again, jobs, folding, reading),
    *(webhooks, asked_about),
    *(webhooks_in_trouble, without_end, fewer_days),
    *(deadlines, paying, many, changed_connection, repairing, asking, labels),
    *payment_scenes.SCENES,
)
