"""
What a shop answered to somebody who asked earlier, and comes later than a newer answer.
"""

import attrs
import pytest

from sourcehere.testing.factories import snapshot


def meanwhile(bench, work):
    """
    Let *work* be done once, after the next question was asked and before its answer is
    taken in.
    """

    def once():
        bench.shop.when_asked = None
        work()

    bench.shop.when_asked = once


def cancel_and_sync(bench, order):
    bench.shop.put(attrs.evolve(order, cancelled=True))
    bench.app.stores.sync("demo", "shop")


def states(bench):
    found = bench.app.orders.find_external("demo", "shop", ["1"])["1"]
    return [order.state for order in bench.app.orders.get_many("demo", found)]


class TestPages:
    """
    Two syncs of one shop at once.
    """

    def test_a_cancelled_order_is_not_brought_by_an_older_page(self, paired):
        """
        An order that is cancelled before the page that brings it is taken in stays so.
        """
        order = snapshot("1", CUP=1)
        paired.shop.put(order)
        meanwhile(paired, lambda: cancel_and_sync(paired, order))

        report = paired.app.stores.sync("demo", "shop")

        assert (0, 0) == (report.orders, report.changed)
        assert [] == states(paired)
        assert "2" == paired.app.stores.get("demo", "shop").cursor

    def test_an_edit_does_not_undo_a_cancellation(self, paired):
        """
        An older edit, of an order that is cancelled meanwhile, changes nothing.
        """
        order = snapshot("1", CUP=1)
        (order_id,) = paired.sync(order)
        paired.shop.put(snapshot("1", CUP=2))
        meanwhile(paired, lambda: cancel_and_sync(paired, order))

        report = paired.app.stores.sync("demo", "shop")

        assert 0 == report.changed
        assert ["cancelled"] == states(paired)
        assert "3" == paired.app.stores.get("demo", "shop").cursor
        assert (order_id,) == paired.app.orders.find_external("demo", "shop", ["1"])[
            "1"
        ]

    def test_both_go_on_to_the_end(self, paired):
        """
        Whoever is late reads on from where the other is, and everything is read once.
        """
        for number in range(5):
            paired.shop.put(snapshot(str(number), CUP=1))
        other = []
        meanwhile(
            paired, lambda: other.append(paired.app.stores.sync("demo", "shop").orders)
        )

        report = paired.app.stores.sync("demo", "shop")

        assert ([5], 0) == (other, report.orders)
        assert "5" == paired.app.stores.get("demo", "shop").cursor

    def test_a_rewound_shop_is_read_from_the_start(self, paired):
        """
        A page that is under way does not undo that the shop is to be read from the
        start.
        """
        paired.sync(snapshot("1", CUP=1))
        paired.shop.put(snapshot("2", CUP=1))
        meanwhile(paired, lambda: paired.app.stores.rewind("demo", "shop"))

        report = paired.app.stores.sync("demo", "shop")

        assert (1, 1) == (report.orders, report.unchanged)


class TestFetching:
    """
    An order that is asked for by itself, while the shop tells of it.
    """

    @pytest.fixture
    def silent(self, paired):
        """
        A bench with an order that the shop has not told of for days.
        """
        paired.sync(snapshot("1", CUP=1))
        paired.clock.advance(paired.app.settings.told_within * 3)
        return paired

    def test_an_older_answer_is_asked_for_again(self, silent):
        """
        What was fetched before a cancellation was told is fetched again.
        """
        silent.shop.put_silently(snapshot("1", CUP=2))
        meanwhile(silent, lambda: cancel_and_sync(silent, snapshot("1", CUP=2)))

        report = silent.sh.seller("demo").stores.reconcile("shop")

        assert ["1", "1"] == silent.shop.fetched
        assert 0 == report.changed
        assert ["cancelled"] == states(silent)

    def test_a_page_older_than_what_was_fetched_is_read_again(self, silent):
        """
        A page that was asked for before an order was fetched is asked for again.
        """
        silent.shop.put(snapshot("1", CUP=2))

        def fetch():
            silent.shop.put_silently(attrs.evolve(snapshot("1", CUP=2), cancelled=True))
            silent.sh.seller("demo").stores.reconcile("shop")

        meanwhile(silent, fetch)
        silent.app.stores.sync("demo", "shop")

        assert ["cancelled"] == states(silent)
