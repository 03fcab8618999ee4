"""
What somebody holds of one seller keeps nothing of another seller waiting.
"""

from datetime import timedelta

import pytest
from holding import BUDGET, held, within

from sourcehere import NewConnection
from sourcehere.testing.factories import SELLER, open_bench, snapshot
from sourcehere.unit.tables import TABLES
from sourcehere_sql import SqlOptions
from sourcehere_sql.opening import open_storage


@pytest.fixture
def storage(made_postgres_url):
    """
    Return a storage that soon gives up waiting.
    """
    options = SqlOptions(busy_seconds=BUDGET)
    made = open_storage(made_postgres_url, TABLES, options=options)
    yield made
    made.close()


@pytest.fixture
def bench(storage):
    """
    A bench whose shop sells cups that are connected; clean when the test ends.
    """
    made = open_bench(storage=storage, connected=["CUP"])
    yield made
    assert () == made.app.audit.run(replay=True).violations


def another_seller(bench):
    """
    Return the shop of a second seller.
    """
    bench.app.sellers.register("zed", name="Zed", currency="USD")
    bench.app.stores.connect(
        "zed", "shop", platform="fake", name="Zed", config={"shop": "zed"}
    )
    return bench.shops["zed"]


def receive(bench, seller_id, shop):
    """
    Let a shop tell of an order that it has.
    """
    shop.put_silently(snapshot("1", CUP=1))
    hook = shop.webhook("orders/create", "1")
    bench.sh.inbox.receive(seller_id, "shop", headers=hook.headers, body=hook.body)


@pytest.mark.parametrize("table", ["inbox_event", "store"])
def test_webhooks_of_others_are_followed(bench, storage, table):
    """
    The one that is held is tried again, and the worker goes on with its round.
    """
    receive(bench, "demo", bench.shop)
    bench.clock.advance(timedelta(seconds=1))
    receive(bench, "zed", another_seller(bench))

    with held(storage, table, "seller_id = 'demo'"), within(4 * BUDGET):
        report = bench.sh.inbox.run()

    assert (1, 1, 0) == (report.done, report.postponed, report.dead)
    (event,) = bench.sh.inbox.list(state="done").items
    assert "zed" == event.seller_id
    bench.clock.advance(timedelta(minutes=5))
    assert 1 == bench.sh.inbox.run().done


def test_deadlines_of_others_are_fired(bench, storage):
    """
    Those of the seller whose rows are held are due still.
    """
    shop = another_seller(bench)
    new = NewConnection(store_id="shop", listing="CUP", rules=(bench.rule("CUP"),))
    bench.app.pairing.connect("zed", new, by=SELLER)
    bench.app.relay.run()
    bench.sync(snapshot("1", CUP=1))
    bench.clock.advance(timedelta(seconds=1))
    shop.put(snapshot("1", CUP=1))
    bench.app.stores.sync("zed", "shop")
    bench.clock.advance(timedelta(days=30))

    with held(storage, "orders", "seller_id = 'demo'"), within(2 * BUDGET):
        report = bench.sh.clocks.fire()

    assert (1, 1) == (report.fired, report.skipped)
    assert ["demo"] == [due.seller_id for due in bench.app.clocks.due()]
    assert 1 == bench.sh.clocks.fire().fired
