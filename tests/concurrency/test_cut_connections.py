"""
A connection to PostgreSQL that is cut at each message of a command in turn.
"""

import itertools
import time
from contextlib import closing
from datetime import timedelta

import pytest
from cut_wire import CUTS, wired

from sourcehere import CounterpartyError, Money
from sourcehere.domain.shipments.model import TrackingStatus
from sourcehere.services.sending.shipping import NewParcel
from sourcehere.services.sending.tracking import TrackingFact
from sourcehere.testing.factories import NOON, SELLER, STAFF, open_bench, snapshot
from sourcehere.unit.tables import TABLES
from sourcehere_sql import open_storage

ENOUGH = 600  # no command has as many messages


FEW, MANY = 37, 200  # every so many messages; cuts of a command at least
HOUR = timedelta(hours=1)
LONG = 30
ENOUGH = 10_000  # no command has as many messages


class Life:
    """
    Commands over a wire that is cut, each given again until it is answered.

    Attributes:
        bench: Looks from outside, by connections that are not cut.
    """

    def __init__(self, bench, app, wire):
        self.bench, self.app, self._wire = bench, app, wire
        self._numbers = itertools.count(1)

    def cut_at(self, who, part, number, step):
        """
        Take a step with the wire cut at a message of its command, hold what has come of
        it, and return whether it has as many messages.
        """
        command, hold = step(self, f"{next(self._numbers)}")
        cut = self._wire.cut_at(who, part, number)
        try:
            command()
        except CounterpartyError:
            assert cut.is_done
            self._wire.mend()
            command()
        self._wire.mend()
        hold()
        return cut.is_done

    def state(self, order_id):
        """
        Return the state of an order.
        """
        return self.bench.app.orders.get("demo", order_id).state

    def parcels(self, order_id):
        """
        Return the parcels of an order.
        """
        return self.bench.app.tracking.parcels("demo", order_id)


def top_up(life, name):
    """
    Money comes once.
    """
    before = life.bench.balance()

    def command():
        life.app.wallets.top_up(
            "demo", Money(7, "USD"), reference=name, by=STAFF, command_id=name
        )

    def hold():
        assert before + 7 == life.bench.balance()

    return command, hold


def create(life, name):
    """
    An order of the shop is taken in once.
    """
    life.bench.shop.put(snapshot(name, CUP=2))

    def command():
        life.app.stores.sync("demo", "shop")

    def hold():
        found = life.bench.app.orders.find_external("demo", "shop", [name])
        (order_id,) = found[name]
        assert "awaiting_payment" == life.state(order_id)

    return command, hold


def check_out(life, name):
    """
    What is offered is kept once.
    """
    (order_id,) = life.bench.sync(snapshot(name, CUP=2))
    made = []

    def command():
        made.append(
            life.app.checkouts.checkout("demo", [order_id], by=SELLER, command_id=name)
        )

    def hold():
        again = life.bench.app.checkouts.checkout(
            "demo", [order_id], by=SELLER, command_id=name
        )
        assert [again] == made

    return command, hold


def pay(life, name):
    """
    An order is paid once, and each unit of its lots is bound once.
    """
    (order_id,) = life.bench.sync(snapshot(name, CUP=2))
    app, before, bound = life.bench.app, life.bench.balance(), reserved(life)
    offer = app.checkouts.checkout("demo", [order_id], by=SELLER)

    def command():
        life.app.checkouts.pay(
            "demo",
            offer.checkout_id,
            expected_total=offer.total,
            by=SELLER,
            command_id=name,
        )

    def hold():
        assert "awaiting_shipping" == life.state(order_id)
        assert before - offer.total.minor == life.bench.balance()
        assert bound + 2 == reserved(life)

    return command, hold


def pay_at_most(life, name):
    """
    The same, priced and paid at once.
    """
    (order_id,) = life.bench.sync(snapshot(name, CUP=2))
    before, bound = life.bench.balance(), reserved(life)
    done = []

    def command():
        paid = life.app.checkouts.pay_at_most(
            "demo",
            [order_id],
            amount=Money.parse("100", "USD"),
            by=SELLER,
            command_id=name,
        )
        done.append(paid.paid[order_id])

    def hold():
        assert "awaiting_shipping" == life.state(order_id)
        assert before - done[0] == life.bench.balance()
        assert bound + 2 == reserved(life)

    return command, hold


def ship(life, name):
    """
    One parcel leaves, and is owed to the shop once.
    """
    order_id = life.bench.accepted(name, CUP=2)
    parcel = NewParcel(order_id=order_id, carrier="post", tracking_number=name)

    def command():
        life.app.shipping.ship_many("demo", [parcel], by=STAFF, command_id=name)

    def hold():
        (sent,) = life.parcels(order_id)
        assert (name, 2) == (sent.tracking_number, sent.items[0].quantity)

    return command, hold


def tell(life, name):
    """
    The shop is told once, whatever is sent again.
    """
    order_id = life.bench.accepted(name, CUP=2)
    life.bench.app.relay.run()  # what others owe
    life.bench.ship(order_id, name)
    shop = life.bench.shop
    told = len(shop.fulfilments)

    def command():
        life.app.relay.run()
        until = time.monotonic() + LONG
        while len(shop.fulfilments) == told and time.monotonic() < until:
            # The server keeps locks until it notices, and what is locked is left out.
            life.bench.clock.advance(HOUR)  # what was taken is given up
            life.app.relay.run()

    def hold():
        assert told + 1 == len(shop.fulfilments)
        life.app.relay.run()
        assert told + 1 == len(shop.fulfilments)
        life.bench.clock.advance(HOUR)  # a job beside it that was cut is tried again
        life.bench.app.relay.run()
        assert told + 1 == len(shop.fulfilments)
        assert () == life.bench.app.relay.waiting()

    return command, hold


def deliver(life, name):
    """
    What the carrier says is kept once, and ends the order.
    """
    order_id = life.bench.accepted(name, CUP=2)
    life.bench.ship(order_id, name)
    (sent,) = life.parcels(order_id)
    fact = TrackingFact(
        parcel_id=sent.parcel_id,
        key="1",
        status=TrackingStatus.DELIVERED,
        happened_at=NOON,
    )

    def command():
        life.app.tracking.record("demo", [fact], by=STAFF)

    def hold():
        assert "fulfilled" == life.state(order_id)

    return command, hold


STEPS = (top_up, create, check_out, pay, pay_at_most, ship, tell, deliver)


def reserved(life):
    """
    Return the units of the seller's lots that orders wait for.
    """
    return sum(view.allocated for view in life.bench.sh.seller("demo").cloud.stock())


@pytest.fixture
def life(made_postgres_url):
    """
    A seller with money and stock, on a database that is reached by a wire as well.
    """
    with wired(made_postgres_url) as (wire, url):
        outside = open_storage(made_postgres_url, TABLES)
        bench = open_bench(storage=outside, connected=["CUP"], top_up=10**9)
        bench.stocked(CUP=10_000)
        with closing(outside), closing(open_storage(url, TABLES)) as storage:
            yield Life(bench, bench.app.over(storage), wire)


def cuts(life, step, stride):
    """
    Cut at every message, or at one in so many, and return how often it was cut.
    """
    count = 0
    for who, part in CUTS:
        for number in range(0, ENOUGH, stride):
            if not life.cut_at(who, part, number, step):
                break
            count += 1
    return count


@pytest.mark.long
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_everything_happens_once_wherever_it_is_cut(life, step):
    """
    The server hears the message, or a part of it, or answers and nobody hears of it.
    """
    assert cuts(life, step, 1) > MANY
    assert () == life.bench.app.audit.run(replay=True).violations


def test_everything_happens_once_where_some_are_cut(life):
    """
    The same at a few messages of each command.
    """
    assert all(cuts(life, step, FEW) for step in STEPS)
    assert () == life.bench.app.audit.run(replay=True).violations
