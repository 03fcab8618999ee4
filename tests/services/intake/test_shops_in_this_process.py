"""
A shop that is in this process: asked in the thread of who asks, as long as it takes.
"""

import threading
import time
from datetime import timedelta

import attrs
import pytest

from sourcehere import Settings
from sourcehere.plugins import hookimpl
from sourcehere.ports.errors import TimedOutError, UnknownOutcomeError
from sourcehere.testing.factories import STAFF, nothing_moves, open_bench, snapshot
from sourcehere.testing.fake_shop import FakePlatforms, FakeShop

LITTLE = timedelta(seconds=0.3)
LONGER = 0.4  # seconds


class Shop(FakeShop):
    """
    A shop that notes in which threads it is told.
    """

    def __init__(self):
        super().__init__()
        self.threads, self.pause, self.raised = set(), 0.0, None

    def push_fulfilment(self, fulfilment, /):
        """
        Take its time, and a fulfilment; or give up.
        """
        self.note()
        if self.raised is not None:
            raise self.raised
        return super().push_fulfilment(fulfilment)

    def note(self):
        """
        Take its time, and note where.
        """
        self.threads.add(threading.current_thread())
        time.sleep(self.pause)


class Platforms(FakePlatforms):
    """
    Offers such shops, of this process or not.
    """

    def __init__(self, *, is_local):
        super().__init__()
        self.is_local = is_local
        self.shops["own"] = Shop()

    @hookimpl
    def sourcehere_store_platforms(self):
        """
        Offer them beside those of the bench.
        """
        (info,) = super().sourcehere_store_platforms()
        return [attrs.evolve(info, name="own", is_local=self.is_local)]


def opened(storage, *, is_local):
    """
    Open a bench that has little patience, with such a shop, and return both.
    """
    platforms = Platforms(is_local=is_local)
    settings = Settings(pull_within=LITTLE, push_within=LITTLE)
    bench = open_bench(storage=storage, settings=settings, plugins=[platforms])
    bench.sh.seller("demo").stores.connect(
        "mine", platform="own", config={"shop": "own"}
    )
    shop = platforms.shops["own"]
    shop.when_asked = shop.note
    shop.put(snapshot("1", CUP=1))
    return attrs.evolve(bench, store="mine", shop=shop), shop


@pytest.fixture
def here(storage, violations):
    """
    A bench whose shop is in this process; clean when the test ends.
    """
    bench, _ = opened(storage, is_local=True)
    yield bench
    assert () == violations(bench)


def sent(bench):
    """
    Send an order of the shop, of which it is not told yet.
    """
    bench.connect(bench.rule("CUP"))
    (order_id,) = bench.app.orders.find_external("demo", "mine", ["1"])["1"]
    bench.pay(order_id)
    bench.app.shipping.accept("demo", [order_id], by=STAFF)
    bench.ship(order_id)


def test_it_is_asked_where_it_is_waited_for(here):
    """
    Read and told in the thread that asks, which may have a host's connection.
    """
    here.sh.seller("demo").stores.sync("mine")
    sent(here)
    here.sh.relay.run()

    assert {threading.current_thread()} == here.shop.threads
    assert 1 == len(here.shop.fulfilments)


def test_it_may_take_its_time(here):
    """
    Nobody gives up on it.
    """
    here.shop.pause = LONGER
    assert 1 == here.sh.seller("demo").stores.sync("mine").orders
    sent(here)

    assert 1 == here.sh.relay.run().delivered


def test_others_are_asked_elsewhere(storage):
    """
    In threads of their own, and given up.
    """
    bench, shop = opened(storage, is_local=False)
    shop.pause = LONGER
    with nothing_moves(bench), pytest.raises(TimedOutError):
        bench.sh.seller("demo").stores.sync("mine")
    shop.pause = 0
    bench.sh.seller("demo").stores.sync("mine")

    assert threading.current_thread() not in shop.threads


def test_what_would_end_the_process_is_its_answer(here):
    """
    Nobody knows whether it took it.
    """
    here.sh.seller("demo").stores.sync("mine")
    sent(here)
    here.shop.raised = SystemExit(2)
    here.sh.relay.run()

    (message,) = here.sh.relay.waiting().items
    assert UnknownOutcomeError.__name__ in message.error


def test_whoever_waits_may_stop_waiting(here):
    """
    Ctrl-C is theirs; what was sent is in doubt, and looked up later.
    """
    here.sh.seller("demo").stores.sync("mine")
    sent(here)
    here.shop.raised = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        here.sh.relay.run()
    here.shop.raised = None
    here.clock.advance(timedelta(hours=1))
    here.sh.relay.run()

    assert 1 == len(here.shop.fulfilments)


def test_reading_may_be_interrupted(here):
    """
    Nothing of it is kept.
    """

    def interrupted():
        raise KeyboardInterrupt

    here.shop.when_asked = interrupted
    with nothing_moves(here), pytest.raises(KeyboardInterrupt):
        here.sh.seller("demo").stores.sync("mine")
