"""
A host with an app of procrastinate: sellers whose shops write down how they are called.
"""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import procrastinate

import sourcehere
import sourcehere_procrastinate
from sourcehere import (
    MappingRule,
    Money,
    NewParcel,
    NewProduct,
    NewVariant,
    Price,
    RuleItem,
)
from sourcehere.plugins import hookimpl
from sourcehere.ports.errors import DeclinedError
from sourcehere.ports.platforms import OrderPage
from sourcehere.ports.providers import ProviderInfo
from sourcehere.testing.factories import RATE_CARD, snapshot

HERE = Path(__file__).parent
PLACED = datetime(2026, 1, 5, 9, tzinfo=UTC)
# Of a worker that is to be found dead soon.
BRISK = {
    "concurrency": 8,
    "fetch_job_polling_interval": 0.2,
    "stalled_worker_timeout": 3.0,
    "update_heartbeat_interval": 0.5,
}


@attrs.frozen
class ShopConfig:
    """
    A shop with a number of orders, that takes some seconds for each answer.
    """

    name: str
    orders: int
    wait: float = 0.0


@attrs.frozen
class Call:
    """
    One call that told a shop of a parcel.
    """

    key: str
    began: float
    ended: float
    process: int


class Shop:
    """
    Counts each key once, as shops do, and notes each call.
    """

    def __init__(self, config, folder):
        self._config = config
        self._calls = folder / config.name

    def pull_orders(self, cursor, /, *, limit):
        if self._config.orders < 0:
            msg = "Ann Lee cannot be asked"
            raise ValueError(msg)
        start = int(cursor or 0)
        end = min(start + limit, self._config.orders)
        orders = tuple(order(str(number)) for number in range(start, end))
        return OrderPage(orders, (), (), str(end), end < self._config.orders)

    def fetch_order(self, external_id, /):
        return order(external_id)

    def push_fulfilment(self, fulfilment, /):
        began = time.time()
        time.sleep(self._config.wait)
        key = fulfilment.idempotency_key
        with self._calls.open("a", encoding="utf-8") as file:
            file.write(f"{key} {began} {time.time()} {os.getpid()}\n")
        return key

    def push_tracking(self, notice, /):
        raise DeclinedError(provider="noting", detail=f"{notice} is no order's whole")


def order(number):
    """
    Return an order of such a shop.
    """
    return attrs.evolve(snapshot(number, CUP=1), placed_at=PLACED)


@attrs.frozen
class Host:
    """
    Where its database and its files are, and how often its workers look.
    """

    url: str
    folder: Path
    every: float = 1.0

    @property
    def plain_url(self):
        return self.url.replace("postgresql+psycopg:", "postgresql:", 1)

    @hookimpl
    def sourcehere_store_platforms(self):
        return [ProviderInfo("noting", ShopConfig, lambda c, _: Shop(c, self.folder))]

    def opened(self):
        return sourcehere.open(self.url, plugins=[self], load_entry_points=True)

    def app(self):
        """
        Return an app with our tasks, and what they are.
        """
        connector = procrastinate.PsycopgConnector(
            conninfo=self.plain_url, min_size=1, max_size=4
        )
        app = procrastinate.App(connector=connector, worker_defaults=BRISK)
        background = sourcehere_procrastinate.register(
            app,
            self.opened,
            every=timedelta(seconds=self.every),
            stalled_after=timedelta(seconds=3),
        )
        self.add_own_tasks(app, background)
        return app, background

    def add_own_tasks(self, app, background):
        """
        Add what a host would do itself: orders that were paid are sent.
        """

        @app.task(name="host.send", queue=background.queue)
        def send(seller, orders):
            sh = background.platform
            sh.staff("ann").seller(seller).shipping.accept(orders)
            ship(sh, seller, orders)
            background.soon(only=f"{seller}/shop")

    def worker(self, *arguments):
        """
        Start a worker, as a shell does.
        """
        paths = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
        told = {"PROC_URL": self.url, "PROC_FOLDER": str(self.folder)}
        told |= {"PROC_EVERY": str(self.every), "PYTHONPATH": paths}
        command = (sys.executable, "-m", "procrastinate", "--app", "proc_app.app")
        with (self.folder / "log").open("a") as log:
            return subprocess.Popen(
                [*command, "worker", *arguments],
                env={**os.environ, **told},
                stdout=log,
                stderr=log,
            )

    def told(self, seller):
        """
        Count the calls that a seller's shop has got.
        """
        path = self.folder / seller
        return path.read_bytes().count(b"\n") if path.exists() else 0

    def calls(self, seller):
        """
        Return the calls that a seller's shop has got, in their order.
        """
        path = self.folder / seller
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        parts = [line.split() for line in lines]
        return [Call(p[0], float(p[1]), float(p[2]), int(p[3])) for p in parts]


def set_up(sh, orders, *, accepted=True, **waits):
    """
    Let each seller have a shop with so many orders, imported, paid and accepted.

    Args:
        accepted: Whether the last of this is done already.

        waits: Seller -> how long the shop takes for each answer.
    """
    desk = sh.staff("ann")
    desk.freight.connect("card", provider="rate_card", config=RATE_CARD)
    variant = NewVariant(
        sku="CUP", weight_grams=200, prices=(Price(Money(100, "USD")),)
    )
    (cup,) = desk.catalog.add(NewProduct(title="Cup", variants=(variant,))).variants
    for name, wait in waits.items():
        desk.sellers.register(name, name=name, currency="USD")
        own, staff = sh.seller(name), desk.seller(name)
        staff.wallet.top_up(Money(10**9, "USD"), reference=f"first of {name}")
        config = {"name": name, "orders": orders, "wait": wait}
        own.stores.connect("shop", platform="noting", config=config)
        rule = MappingRule("CUP", (RuleItem(cup.variant_id),))
        own.connections.connect("shop", [rule])
        own.stores.sync("shop")
        ids = order_ids(sh, name, orders)
        for start in range(0, len(ids), 100):
            part = ids[start : start + 100]
            own.checkouts.pay(own.checkouts.open(part))
            if accepted:
                staff.shipping.accept(part)


def order_ids(sh, name, orders):
    """
    Return a seller's orders, by the shop's numbers.
    """
    found = sh.seller(name).orders.find_external("shop", list(map(str, range(orders))))
    return [found[str(number)][0] for number in range(orders)]


def ship(sh, name, ids):
    """
    Send a parcel for each of a seller's orders.
    """
    parcels = [NewParcel(order_id=i, carrier="L", tracking_number=i) for i in ids]
    report = sh.staff("ann").seller(name).shipping.ship_many(parcels)
    assert not report.failed, report.failed
