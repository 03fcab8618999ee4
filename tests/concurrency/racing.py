"""
Processes that work on one database at once: what they leave behind, as JSON.

Told the URL of an empty database, a folder for the shop they share, and what to race.
"""

import contextlib
import json
import os
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import attrs
from forked import race
from racing_payments import SharedGateway, spending
from racing_vendor import SharedVendor, append

from sourcehere import NewConnection
from sourcehere.domain.freight.model import FreightAnswer
from sourcehere.domain.kernel.errors import CommandRefusedError
from sourcehere.domain.shipments.model import TrackingStatus
from sourcehere.plugins import hookimpl
from sourcehere.plugins.registry import Registry
from sourcehere.ports.platforms import OrderPage
from sourcehere.ports.providers import NoConfig, ProviderInfo
from sourcehere.ports.tracking import CarrierFact
from sourcehere.services.base.settings import Settings
from sourcehere.services.sending.label_plans import NewLabel
from sourcehere.services.sending.tracking import TrackingFact
from sourcehere.testing.factories import (
    CARRIER,
    NOON,
    SELLER,
    STAFF,
    ManualClock,
    open_bench,
    snapshot,
)
from sourcehere.unit.tables import TABLES

# `nox -s torture` lets more of them race.
RACERS = int(os.environ.get("SOURCEHERE_RACERS", "5"))
PARCELS = 12
ORDERS = 6
CHANGES = 60


class SharedShop:
    """
    A shop that processes share: lines of a file are what changed, and what was pushed.
    """

    def __init__(self, folder):
        self.changes, self.pushes = folder / "changes", folder / "pushes"
        self.questions, self.labels = folder / "questions", folder / "labels"
        self.charges = folder / "charges"
        for name in ("changes", "pushes", "questions", "labels", "charges"):
            (folder / name).touch()

    @hookimpl
    def sourcehere_store_platforms(self):
        return [ProviderInfo("shared", NoConfig, lambda _config, _context: self)]

    @hookimpl
    def sourcehere_freight_providers(self):
        make = lambda _config, _context: SharedPost(self.questions)  # noqa: E731
        sell = lambda _config, _context: SharedVendor(self.labels)  # noqa: E731
        return [
            ProviderInfo("shared_post", NoConfig, make),
            ProviderInfo("shared_vendor", NoConfig, sell),
        ]

    @hookimpl
    def sourcehere_payment_providers(self):
        make = lambda _config, _context: SharedGateway(self.charges)  # noqa: E731
        return [ProviderInfo("shared_gateway", NoConfig, make)]

    def sold(self):
        """
        Return the keys that labels were asked for with, by the order's number.
        """
        keys = {}
        for line in self.labels.read_text().splitlines():
            number, key = line.split()
            keys.setdefault(number, set()).add(key)
        return keys

    def change(self, name, units):
        append(self.changes, f"{name} {units}")

    def told(self):
        lines = self.changes.read_text().split("\n")[:-1]
        return [(name, int(units)) for name, units in map(str.split, lines)]

    def pull_orders(self, cursor, /, *, limit):
        changes = self.told()
        start = int(cursor or "0")
        newest = dict(changes)
        names = dict.fromkeys(name for name, _ in changes[start : start + limit])
        orders = tuple(order(name, newest[name]) for name in names)
        end = min(start + limit, len(changes))
        page = OrderPage(orders, (), (), str(end), end < len(changes))
        time.sleep(0.002 * (os.getpid() % 4))  # answers take their time
        return page

    def fetch_order(self, name, /):
        return order(name, dict(self.told())[name])

    def push_fulfilment(self, notice, /):
        append(self.pushes, f"{notice.parcel_id} {notice.idempotency_key}")
        time.sleep(0.002)
        return f"ref:{notice.idempotency_key}"

    push_tracking = push_fulfilment


class SharedPost:
    """
    A carrier that has delivered everything, and writes down what it was asked for.
    """

    def __init__(self, questions):
        self._questions = questions

    def quote(self, _, /):
        return FreightAnswer((), ())

    def carriers(self):
        return ()

    def track(self, numbers, /):
        time.sleep(0.002 * (os.getpid() % 4))
        names = [number.tracking_number for number in numbers]
        append(self._questions, " ".join(names))
        fact = CarrierFact(key="1", status=TrackingStatus.DELIVERED, happened_at=NOON)
        return [[fact] for _ in names]


def order(name, units):
    """
    Return the order as the shop has it; none of anything is a cancelled one.
    """
    told = snapshot(name, CUP=units or 1)
    return attrs.evolve(told, cancelled=not units)


def tracking(bench, shop):
    """
    Staff correct and replace parcels, and carriers deliver some, that older things are
    said of at the same time.
    """
    orders = orders_of(bench, shop, PARCELS)
    parcels = [bench.ship(name, "WRONG") for name in orders]

    def say(status, hour, chosen):
        for name in chosen:
            at = NOON.replace(hour=hour)
            key = f"{status}{hour}"
            fact = TrackingFact(parcel_id=name, key=key, status=status, happened_at=at)
            bench.app.tracking.record("demo", [fact], by=CARRIER)

    def correct():
        for name, parcel in zip(orders[::3], parcels[::3], strict=True):
            bench.app.shipping.correct_tracking(
                "demo", name, parcel, carrier="post", tracking_number="R", by=STAFF
            )

    def replace():
        for name, parcel in zip(orders[1::3], parcels[1::3], strict=True):
            bench.app.shipping.void_parcel(
                "demo", name, parcel, carrier="post", tracking_number="N", by=STAFF
            )

    moving = TrackingStatus.IN_TRANSIT
    race(
        correct,
        replace,
        lambda: say(moving, 3, parcels),
        lambda: say(moving, 4, parcels),
        lambda: say(TrackingStatus.DELIVERED, 12, parcels[2::3]),
        *more_of(lambda number: say(moving, 5 + number % 6, parcels)),
    )
    found = [bench.app.tracking.parcel("demo", name) for name in parcels]
    return {
        "corrected": sum(p.tracking_number == "R" for p in found[::3]),
        "replaced": sum(p.replaced_by != "" for p in found[1::3]),
        "delivered": sum(p.status == "delivered" for p in found[2::3]),
    }


def recovering(bench, shop):
    """
    Workers send, while others take back everything that is being sent.
    """
    for name in orders_of(bench, shop, PARCELS * 3):
        bench.ship(name, f"T{name}")

    def send(worker):
        for _ in range(10):
            bench.app.relay.run(worker=worker, limit=4)

    def take_back():
        for _ in range(60):
            bench.app.relay.recover()

    race(
        lambda: send("a"),
        lambda: send("b"),
        take_back,
        take_back,
        *more_of(lambda number: send(f"c{number}") if number % 2 else take_back()),
    )
    bench.app.relay.recover()
    bench.app.relay.run()
    keys = Counter(
        line.split()[0] for line in set(shop.pushes.read_text().splitlines())
    )
    return {
        "parcels": len(keys),
        "keys": max(keys.values()),
        "waiting": len(bench.app.relay.waiting()),
    }


def asking(bench, shop):
    """
    Workers ask the carrier where parcels are.
    """
    names = orders_of(bench, shop, PARCELS * 3)
    for number, name in enumerate(names):
        bench.ship(name, f"T{number}")
    bench.app.freight.connect("post", provider="shared_post", config={}, by=STAFF)
    race(*[lambda: str(bench.app.tracking.run().asked)] * RACERS)
    asked = Counter(shop.questions.read_text().split())
    found = bench.app.orders.get_many("demo", names)
    return {
        "parcels": len(asked),
        "times": max(asked.values()),
        "fulfilled": sum(order.state == "fulfilled" for order in found),
    }


def labelling(bench, shop):
    """
    Processes buy a label for each of the same orders, while workers take up what they
    find, and staff send by hand what they can.
    """
    names = orders_of(bench, shop, PARCELS)
    bench.app.freight.connect("post", provider="shared_vendor", config={}, by=STAFF)

    def buy():
        for name in names:
            new = NewLabel(order_id=name, method="post:std")
            with contextlib.suppress(CommandRefusedError):
                bench.app.labels.buy("demo", new, by=STAFF)

    def take_up():
        for _ in range(30):
            bench.app.labels.run()

    def type_in():
        for name in reversed(names):
            with contextlib.suppress(CommandRefusedError):
                bench.ship(name, "BY-HAND")

    race(buy, buy, take_up, take_up, type_in, *more_of(lambda _: buy()))
    bench.clock.advance(timedelta(hours=2))
    for _ in range(10):  # until one was answered
        bench.app.labels.run()
        bench.clock.advance(timedelta(hours=2))
    keys = shop.sold()
    parcels = [bench.app.tracking.parcels("demo", name) for name in names]
    numbers = [one.number for one in bench.app.orders.get_many("demo", names)]
    by_hand = [found[0].tracking_number == "BY-HAND" for found in parcels]
    return {
        "parcels": [len(found) for found in parcels],
        "keys": max(len(found) for found in keys.values()),
        "open": len(bench.app.labels.open()),
        # Sent by hand means that no label was asked for, and the reverse.
        "neither_or_both": sum(
            (number in keys) == is_by_hand
            for number, is_by_hand in zip(numbers, by_hand, strict=True)
        ),
    }


def syncing(bench, shop):
    """
    Several sync one shop, whose orders grow, shrink and are cancelled.
    """

    def sell():
        for number in range(CHANGES):
            left = CHANGES - number
            units = 0 if left <= ORDERS // 2 else 1 + number % 3
            shop.change(f"{number % ORDERS}", units)
            time.sleep(0.004)

    def cursor():
        return int(bench.app.stores.get("demo", "shared").cursor or "0")

    def sync():
        for _ in range(CHANGES // 3):
            bench.app.stores.sync("demo", "shared")

    def watch():
        seen, last = [], 0
        while not seen or time.monotonic() - last < 1:
            now = cursor()
            if not seen or now != seen[-1]:
                seen.append(now)
                last = time.monotonic()
        return "" if seen == sorted(seen) else f"{seen}"

    more = more_of(lambda _: sync())
    *_, went_back = race(sell, sync, sync, sync, *more, watch)
    sync()
    return {
        "wrong": not_as_told(bench, shop),
        "cursor": cursor(),
        "went_back": went_back,
    }


def not_as_told(bench, shop):
    """
    List the orders of which another number of units is wanted here than in the shop.
    """
    wrong = []
    for name, units in dict(shop.told()).items():
        parts = bench.app.orders.find_external("demo", "shared", [name])[name]
        ours = [
            line.quantity
            for part in bench.app.orders.get_many("demo", parts)
            if part.state != "cancelled"
            for line in part.lines
        ]
        if sum(ours) != units:
            wrong.append((name, units, ours))
    return wrong


def orders_of(bench, shop, count):
    """
    Return orders of the shared shop that the warehouse has accepted.
    """
    for number in range(count):
        shop.change(f"{number}", 1)
    bench.app.stores.sync("demo", "shared")
    names = [f"{number}" for number in range(count)]
    found = bench.app.orders.find_external("demo", "shared", names)
    orders = [found[name][0] for name in names]
    bench.pay(*orders)
    bench.app.shipping.accept("demo", orders, by=STAFF)
    return orders


def more_of(work):
    """
    Return more of the same work, so that as many race as are asked for.
    """
    return [lambda number=number: work(number) for number in range(5, RACERS)]


def main(url, folder, scenario):
    shop = SharedShop(Path(folder))
    storage = Registry(clock=ManualClock(NOON)).storage(url, TABLES)
    settings = Settings(lease=timedelta(0), chunk=2)
    bench = open_bench(storage=storage, plugins=[shop], settings=settings)
    bench.app.stores.connect(
        "demo", "shared", platform="shared", name="Shared", config={}
    )
    new = NewConnection(store_id="shared", listing="CUP", rules=(bench.rule("CUP"),))
    bench.app.pairing.connect("demo", new, by=SELLER)
    bench.app.relay.run()
    made = {
        work.__name__: work
        for work in (tracking, recovering, asking, labelling, syncing, spending)
    }
    answer = made[scenario](bench, shop)
    findings = [v.invariant for v in bench.app.audit.run(replay=True).violations]
    print(json.dumps({**answer, "findings": findings}))


if __name__ == "__main__":
    main(*sys.argv[1:])
