"""
Every list of every desk, walked page by page: nothing twice, nothing left out.
"""

import pytest
from desk_world import (
    GATEWAY,
    a_label,
    a_product,
    a_world,
    an_attempt,
    arguments,
    desk_of,
    taking,
    told_by_webhook,
)

from sourcehere import (
    Count,
    DisputeReason,
    GoodwillReason,
    Money,
    NewConnection,
    ProductChange,
    Subject,
)
from sourcehere.testing.factories import RATE_CARD, dump, snapshot
from sourcehere.testing.fake_shop import Fault
from sourcehere.unit.tables.catalog import PRODUCT_WORDS

LISTS = taking("after")
EXPORT = """\
order_number,sku,title,quantity,unit_price,placed_at,customer,country
1,POST,Postage,1,4.00,2030-12-01 08:26,17,GB
2,POST,Postage,1,4.00,2030-12-01 08:26,17,GB
3,CUP,Cup,x,4.00,2030-12-01 08:26,17,GB
4,CUP,Cup,y,4.00,2030-12-01 08:26,17,GB
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """
    Make a world with two of everything that is listed.
    """
    bench, values = a_world()
    shop, ann = bench.sh.seller("demo"), bench.sh.staff("ann")
    desk = ann.seller("demo")
    ann.catalog.add(a_product("Another cup"))
    for title in ("Mug", "Cup, again"):
        ann.catalog.change_product(values["product_id"], ProductChange(title=title))
    path = tmp_path_factory.mktemp("shop") / "orders.csv"
    path.write_text(EXPORT)
    config = {
        "path": str(path),
        "fulfilments_path": f"{path}.out",
        "currency": "GBP",
        "fee_codes": ["POST"],
    }
    shop.stores.connect("file", platform="file", config=config)
    shop.stores.sync("file")
    path.write_text(EXPORT + EXPORT.splitlines()[-1].replace("4,", "5,", 1) + "\n")
    shop.stores.sync("file")
    shop.connections.connect_many(
        [NewConnection(store_id="shop", listing="HAT", rules=(bench.rule("HAT"),))]
    )
    for sku, count in (("CUP", 3), ("HAT", 2)):
        shop.local_stock.count(bench.variants[sku], count)
        shop.local_stock.sell(bench.variants["CUP"], 1)
    for number in "12":
        name = f"more-{number}"
        (strange,) = bench.sync(snapshot(name, **{f"NOBODY-{number}": 1}))
        shop.quotes.ask(strange, 1)
        shop.connections.ask_for_help(strange, 1, "no blue")
        shop.conversations.say(Subject.ORDER, values["order_id"], number)
        shop.conversations.say(Subject.ORDER, strange, number)
        for count, step in enumerate((None, desk.disputes.take)):
            order_id = bench.accepted(f"{name}-{count}", CUP=2)
            made = shop.disputes.open(
                order_id, reason=DisputeReason.CANCEL, quantities={"1.1": 1}
            )
            if step:
                step(made.dispute_id)
        bench.accepted(f"{name}-picked", CUP=2)
        bench.paid(f"{name}-paid", CUP=2)
        bench.bought(CUP=5)
        received = bench.bought(CUP=5)
        desk.cloud.dispatch(received)
        desk.cloud.receive(received, {"1.1": Count(5)})
        desk.cloud.count("CN1", bench.variants["CUP"], 1)
        values["lot_id"] = shop.cloud.lots().items[0].lot_id
        desk.wallet.give_goodwill(
            Money(5, "USD"),
            reference=f"given-{number}",
            reason=GoodwillReason.LATE,
            order_id=values["order_id"],
        )
        desk.cloud.dispatch(bench.bought(CUP=5))
        ann.sellers.register(f"seller-{number}", name="Another", currency="USD")
        ann.sellers.put_salesman(f"bob-{number}", name="Bob", channels={})
        ann.sellers.assign(f"seller-{number}", "ann")
        ann.freight.connect(f"card-{number}", provider="rate_card", config=RATE_CARD)
        ann.gateways.connect(f"cards-{number}", **GATEWAY)
        an_attempt(bench)
        told_by_webhook(bench, f"e{number}")
        ann.warehouses.add(f"W-{number}", name="Another", country="CN")
        bench.ship(bench.accepted(f"{name}-dead", CUP=2), f"D{number}")
    owe_parcels(bench)
    two_labels(bench)
    lose_words(bench)
    ann.repair.do(ann.repair.plan(), reason="words were lost")
    return bench, values


def owe_parcels(bench):
    """
    Let the shop decline what it is owed, and owe it two more parcels.
    """
    bench.shop.faults += [Fault.DECLINED] * 9
    bench.sh.relay.run()
    for number in "12":
        bench.ship(bench.accepted(f"owed-{number}", CUP=2), f"O{number}")


def two_labels(bench):
    """
    Buy two labels.
    """
    a_label(bench)
    desk = bench.sh.staff("ann").seller("demo").labels
    desk.buy(bench.accepted("another", CUP=1), method="post:std")


def lose_words(bench):
    """
    Lose two words that find products, to be repaired.
    """
    table = PRODUCT_WORDS.table
    rows = dump(bench.app.storage, [table])[table.name]
    keys = [table.key_of(row) for row in rows[:2]]
    bench.app.storage.transact(lambda s: s.delete(table, keys), read_only=False)


def key(item):
    """
    Return what tells *item* from others.
    """
    return repr(item)


class TestEveryList:
    @pytest.mark.parametrize(("name", "access"), LISTS, ids=[n for n, _ in LISTS])
    def test_pages_of_one_make_the_whole_list(self, world, name, access):
        """
        A cursor leads to the item behind it, on every list that takes one.
        """
        bench, values = world
        desk, part, method = name.split(".")
        read = getattr(getattr(desk_of(bench, desk, min(access.roles)), part), method)
        given = arguments(bench, values, name, read)
        if "store_id" in given:
            given["store_id"] = "file"
        whole = [key(item) for item in read(**given, limit=500)]
        walked, after = [], ""
        while True:
            page = read(**given, limit=1, after=after)
            walked += [key(item) for item in page]
            after = page.next
            if not after:
                break
        assert whole == walked
        assert len(whole) > 1
