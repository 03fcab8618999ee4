"""
A shop that names all that it tells is not read again while the name is the same.
"""

import json
from datetime import timedelta
from pathlib import Path

import attrs
import pytest

from sourcehere.ports.errors import ProtocolError
from sourcehere.ports.platforms import OrderPage
from sourcehere.services.intake.stores import SyncReport
from sourcehere.testing.factories import nothing_moves, open_bench, snapshot

HEADER = "order_number,sku,title,quantity,unit_price,placed_at,customer,country\n"
HOUR = timedelta(hours=1)


def row(number, sku="CUP", quantity=2):
    return f"{number},{sku},{sku},{quantity},9.99,2026-11-02 09:30,C-{number},GB\n"


@attrs.frozen
class Shop:
    """
    A bench, its shop's file, and the desk of its shops.
    """

    bench: object
    path: Path
    stores: object


def same(orders):
    return SyncReport(0, 0, 0, 0, orders, 0, 0, {}, 0)


@pytest.fixture
def shop(storage, tmp_path):
    """
    A shop of two orders, one of which wants nothing, read once.
    """
    bench = open_bench(storage=storage, folder=str(tmp_path))
    file = Shop(bench, tmp_path / "orders.csv", bench.sh.seller("demo").stores)
    file.path.write_text(HEADER + row(1) + row(2, quantity=0))
    config = {"path": file.path.name, "currency": "USD", "profile": "plain"}
    file.stores.connect("file", platform="file", config=config)
    report = file.stores.sync("file")
    assert (1, 1) == (report.orders, report.nothing_wanted)
    return file


def told(shop):
    """
    List whether the journal has orders or one word, and how often, the newest first.
    """
    found = shop.stores.told("file").items
    return [("orders" in json.loads(one.answer), one.times) for one in found]


def test_the_same_file_is_told_in_one_word(shop):
    """
    The report is as if every order had been compared; the journal says that the shop
    told the same, and has what it told.
    """
    before = shop.stores.get("file")
    shop.bench.clock.advance(HOUR)
    counted = []

    assert same(2) == shop.stores.sync("file", progress=counted.append)
    assert [2] == counted
    assert same(2) == shop.stores.sync("file")
    assert [(False, 2), (True, 1)] == told(shop)
    last, _ = shop.stores.told("file").items
    assert '{"unchanged":2}' == last.answer
    after = shop.stores.get("file")
    assert before.pulled_at + HOUR == after.pulled_at
    shop.bench.sh.staff("ann").audit.run()


def test_a_changed_file_is_read(shop):
    """
    Orders that changed, and new ones, are followed; the others are compared.
    """
    shop.path.write_text(HEADER + row(1, quantity=3) + row(2, quantity=0) + row(3))
    report = shop.stores.sync("file")

    assert (1, 1, 1) == (report.orders, report.changed, report.unchanged)
    assert same(3) == shop.stores.sync("file")


def test_everything_is_compared_once_a_day(shop):
    """
    After twenty hours the orders are told one by one again.
    """
    shop.bench.clock.advance(20 * HOUR)

    assert same(2) == shop.stores.sync("file")
    assert [(True, 2)] == told(shop)
    shop.bench.clock.advance(HOUR)
    assert same(2) == shop.stores.sync("file")
    assert [(False, 1), (True, 2)] == told(shop)


def test_what_is_not_ours_is_looked_at_anew(shop):
    """
    Orders are understood otherwise once something of them is called not ours.
    """
    desk = shop.bench.sh.seller("demo").connections
    desk.mark_not_ours("file", ["HAT"])

    assert same(2) == shop.stores.sync("file")
    assert [(True, 2)] == told(shop)


def test_a_rewound_shop_is_read(shop):
    """
    Whoever asks for everything gets everything.
    """
    shop.stores.rewind("file")

    assert same(2) == shop.stores.sync("file")
    assert [(True, 2)] == told(shop)


def test_another_configuration_is_read(shop):
    """
    The same bytes may say something else.
    """
    shop.stores.change("file", config={"path": shop.path.name, "currency": "EUR"})
    report = shop.stores.sync("file")

    assert (0, 2) == (report.orders, report.changed)


def test_what_cannot_be_trusted_is_told_each_time(shop):
    """
    An order that is held for it is held again after somebody released it.
    """
    shop.path.write_text(HEADER + row(1, "x" * 300) + row(2))
    assert {"not_trusted": 1} == shop.stores.sync("file").rejected
    desk = shop.bench.sh.seller("demo").orders
    (order_id,) = desk.find_number("1")
    (hold,) = desk.get(order_id).holds
    shop.bench.sh.staff("ann").seller("demo").orders.release_hold(
        order_id, hold.hold_id
    )
    shop.stores.sync("file")

    assert ["store_data"] == [one.reason for one in desk.get(order_id).holds]


def test_a_name_that_is_none_is_refused(bench):
    """
    A plugin's word for what it tells is a short text; nothing is read else.
    """
    stores = bench.sh.seller("demo").stores
    for mark in (None, "x" * 201):
        bench.shop.content_mark = lambda mark=mark: mark
        with nothing_moves(bench), pytest.raises(ProtocolError) as ei:
            stores.sync("shop")
        assert "mark" == ei.value.field


def test_a_shop_that_has_no_name_now_is_read(bench):
    """
    An empty one says nothing, so that every page is asked for.
    """
    bench.shop.content_mark = lambda: ""
    stores = bench.sh.seller("demo").stores
    for report in (1, 0):
        bench.shop.pages = [OrderPage((snapshot("1", CUP=3),), (), (), "", False)]
        assert report == stores.sync("shop").orders


def test_a_shop_that_is_read_on_is_read(bench):
    """
    Where its cursor stands is behind what the name was for.
    """
    bench.shop.content_mark = lambda: "as before"
    bench.sync(snapshot("1", CUP=3))
    bench.shop.put(snapshot("2", CUP=3))

    assert 1 == bench.sh.seller("demo").stores.sync("shop").orders


def test_what_changes_while_it_is_read_is_read_again(bench):
    """
    It had one name when reading began and another when it ended: neither is kept.
    """
    stores, named, units = bench.sh.seller("demo").stores, [], [3, 4]

    def pull(cursor, /, *, limit):
        assert limit
        assert not cursor
        named.append("later")
        return OrderPage((snapshot("1", CUP=units.pop(0)),), (), (), "", False)

    bench.shop.pull_orders = pull
    bench.shop.content_mark = lambda: named[-1] if named else "at first"
    for _ in range(2):
        named.clear()
        report = stores.sync("shop")

    assert 1 == report.changed


def test_who_was_overtaken_keeps_no_name(bench):
    """
    Orders of a page that was read twice would be counted twice.
    """
    stores = bench.sh.seller("demo").stores
    first, second = (snapshot(number, CUP=3) for number in "12")
    others = [lambda: stores.sync("shop")]

    def pull(cursor, /, *, limit):
        assert limit
        if not cursor:
            return OrderPage((first,), (), (), "page 2", True)
        while others:
            others.pop()()
        return OrderPage((second,), (), (), "", False)

    bench.shop.pull_orders, bench.shop.content_mark = pull, lambda: "as before"
    stores.sync("shop")

    assert [2, 2] == [stores.sync("shop").unchanged for _ in range(2)]
