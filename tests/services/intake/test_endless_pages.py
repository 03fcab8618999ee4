"""
A sync ends though the shop always has more, and when its worker is told to stop.
"""

from datetime import timedelta

import attrs
import pytest

from sourcehere import Settings
from sourcehere.ports.platforms import OrderPage
from sourcehere.testing.factories import nothing_moves, open_bench, snapshot

BOUNDS = Settings(pages_max=8, idle_pages_max=3)


@pytest.fixture
def small(storage):
    """
    A bench whose syncs read eight pages, and three in a row without news.
    """
    made = open_bench(storage=storage, settings=BOUNDS)
    yield made
    assert () == made.app.audit.run().violations


class Endless:
    """
    Says that there is more, under a new cursor each time.
    """

    def __init__(self, bench, told):
        self._told = told
        self.asked = []
        bench.shop.pull_orders = self.pull

    def pull(self, cursor, /, **_):
        self.asked.append(cursor)
        number = int(cursor or "0") + 1
        return OrderPage(tuple(self._told(number)), (), (), str(number), has_more=True)


def sync(bench, **options):
    return bench.sh.seller("demo").stores.sync("shop", **options)


def why(bench):
    return bench.sh.seller("demo").stores.get("shop").why


def test_empty_pages_for_ever_are_stopped_with_a_word(small):
    """
    After some pages that say nothing the sync ends, and the next goes on from there.
    """
    shop = Endless(small, lambda _: ())

    assert "nothing_new" == sync(small).stopped
    assert "not read to its end: page after page told nothing new" == why(small)
    assert "nothing_new" == sync(small).stopped
    assert ["", "1", "2", "3", "4", "5"] == shop.asked


def test_the_same_orders_for_ever_are_stopped(small):
    """
    They came in once; page after page of them is no news.
    """
    shop = Endless(small, lambda _: (snapshot("1", CUP=1), snapshot("2", CUP=1)))
    report = sync(small)

    assert ("nothing_new", 2, 6) == (report.stopped, report.orders, report.unchanged)
    assert 4 == len(shop.asked)


def test_new_orders_for_ever_are_stopped(small):
    """
    A sync reads so many pages at most; what they told came in.
    """
    shop = Endless(small, lambda number: (snapshot(str(number), CUP=1),))
    report = sync(small)

    assert ("pages_max", 8) == (report.stopped, report.orders)
    assert "not read to its end: more pages than one sync reads" == why(small)
    assert 8 == sync(small).orders
    assert [str(n or "") for n in range(16)] == shop.asked


def test_an_order_that_changes_for_ever_is_stopped(small):
    """
    A new version of one order is news each time; so the number of pages ends it.
    """

    def edited(number):
        return (attrs.evolve(snapshot("1", CUP=number), version=number),)

    Endless(small, edited)

    assert "pages_max" == sync(small).stopped


def test_a_backlog_comes_in_over_several_syncs(small):
    """
    What is left is read by the next sync, and then the shop is read to its end.
    """
    bench = small
    settings = attrs.evolve(BOUNDS, chunk=5)
    bench.app.stores._settings = settings
    for number in range(100):
        bench.shop.put(snapshot(str(number), CUP=1))
    reports = [sync(bench) for _ in range(3)]

    assert [40, 40, 20] == [report.orders for report in reports]
    assert ["pages_max", "pages_max", ""] == [report.stopped for report in reports]
    assert "" == why(bench)


def test_reading_from_the_start_again_is_no_endless_shop(small):
    """
    What was known before this sync is news within it, and a rewound shop is read on.
    """
    bench = small
    bench.app.stores._settings = attrs.evolve(BOUNDS, chunk=5)
    for number in range(30):
        bench.shop.put(snapshot(str(number), CUP=1))
    sync(bench)
    bench.sh.seller("demo").stores.rewind("shop")
    report = sync(bench)

    assert (0, 30, "") == (report.orders, report.unchanged, report.stopped)


class TestToldToStop:
    def test_a_sync_ends_between_two_pages(self, small):
        """
        The page in hand is kept; the next sync goes on from it.
        """
        shop = Endless(small, lambda number: (snapshot(str(number), CUP=1),))
        report = sync(small, stop=lambda: len(shop.asked) == 2)

        assert ("told_to_stop", 2) == (report.stopped, report.orders)
        assert small.clock.now() == small.app.stores.get("demo", "shop").pull_at
        assert "" == why(small)
        sync(small, stop=lambda: True)
        assert ["", "1", "2"] == shop.asked

    def test_a_sync_ends_though_others_always_come_first(self, small):
        """
        A webhook is followed whenever a page is asked for, so that the page is old.
        """
        asked = []

        def pull(cursor, /, **_):
            asked.append(cursor)
            if len(asked) < 30:
                small.shop.put_silently(snapshot("1", CUP=1 + len(asked) % 2))
                hook = small.shop.webhook("orders/updated", "1")
                small.sh.inbox.receive(
                    "demo", "shop", headers=hook.headers, body=hook.body
                )
                small.sh.inbox.run()
            return OrderPage((), (), (), cursor, has_more=False)

        small.shop.pull_orders = pull
        assert "told_to_stop" == sync(small, stop=lambda: len(asked) == 2).stopped
        assert 2 == len(asked)
        assert "pages_max" == sync(small).stopped
        assert 2 + 8 == len(asked)

    def test_a_command_that_was_stopped_goes_on_when_given_again(self, small):
        """
        It has no answer before it is over, and then keeps the one it got.
        """
        for number in range(3):
            small.shop.put(snapshot(str(number), CUP=1))
        small.app.stores._settings = attrs.evolve(BOUNDS, chunk=1)
        first = sync(small, stop=lambda: True, command_id="c1")
        rest = sync(small, stop=lambda: False, command_id="c1")

        assert (1, "told_to_stop") == (first.orders, first.stopped)
        assert (2, "") == (rest.orders, rest.stopped)
        with nothing_moves(small):
            assert rest == sync(small, command_id="c1")

    def test_a_worker_ends_a_large_first_sync(self, small):
        """
        Told to stop within a page it reads no other; another worker goes on at once.
        """
        worker = small.sh.worker(name="w1", every=timedelta(milliseconds=20))
        asked = []

        def told(number):
            asked.append(number)
            if number == 2:
                worker.stop()
            return (snapshot(str(number), CUP=1),)

        Endless(small, told)
        beat = worker.run()

        assert [1, 2] == asked
        assert (1, 0) == (beat.read, beat.failed)
        small.sh.worker(name="w2").round()
        assert list(range(1, 11)) == asked

    def test_no_other_shop_is_begun(self, small):
        """
        The shop that was not begun stays due.
        """
        desk = small.sh.seller("demo").stores
        desk.connect("two", platform="fake", config={"shop": "two"})
        report = small.sh.pulls.run(stop=lambda: True)

        assert ({}, {}) == (dict(report.done), dict(report.failed))
        assert {"demo/shop", "demo/two"} == set(small.sh.pulls.run().done)

    def test_a_run_that_was_stopped_goes_on_when_given_again(self, small):
        """
        The same command does what the first time left.
        """
        assert {} == small.sh.pulls.run(stop=lambda: True, command_id="c1").done
        again = small.sh.pulls.run(command_id="c1")

        assert {"demo/shop"} == set(again.done)
        assert again.done == small.sh.pulls.run(command_id="c1").done
