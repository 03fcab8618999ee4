"""
Lists: pages that join without a gap, and cursors that belong to one list.
"""

import base64
import json

import pytest

from sourcehere import InvalidCursorError, InvalidInputError, Tab
from sourcehere.testing.factories import snapshot


def walk(read):
    """
    Read a list page by page, two at a time; give the items and the number of pages.
    """
    found, after, pages = [], "", 0
    while True:
        page = read(after=after, limit=2)
        found.extend(page)
        pages += 1
        after = page.next
        if not after:
            return found, pages


@pytest.fixture
def five(bench):
    """
    Import five orders; give their ids, newest first.
    """
    made = bench.sync(*(snapshot(str(n), CUP=1) for n in range(1, 6)))
    return list(reversed(made))


class TestPages:
    def test_pages_join(self, five, shop):
        """
        Every order is on one page, newest first.
        """
        found, pages = walk(shop.orders.list)

        assert (five, 3) == ([order.order_id for order in found], pages)

    @pytest.mark.usefixtures("five")
    def test_a_full_last_page_promises_no_next_one(self, shop):
        """
        Five orders, five a page: one page, and no cursor.
        """
        page = shop.orders.list(limit=5)

        assert (5, "") == (len(page), page.next)

    def test_an_empty_list_is_one_page(self, shop):
        """
        Nothing is a page too.
        """
        page = shop.orders.list(tab=Tab.SHIPPED)

        assert ((), "") == (page.items, page.next)

    def test_other_lists_page_the_same_way(self, bench, five, shop, ann):
        """
        The ledger, connections, sellers, queues: all walk to the same end.
        """
        shop.checkouts.pay(shop.checkouts.open(five))
        ann.shipping.accept(five)
        staff = bench.sh.staff("ann")
        for name in ("b", "c", "d", "e"):
            staff.sellers.register(name, name=name, currency="USD")

        entries, _ = walk(shop.wallet.ledger)
        connections, _ = walk(shop.connections.list)
        of_shop, _ = walk(lambda **page: shop.connections.list(store_id="shop", **page))
        sellers, _ = walk(staff.sellers.list)
        picks, _ = walk(staff.queues.orders_to_pick)

        everything = shop.wallet.ledger(limit=500).items
        assert list(everything) == entries
        assert 2 == len(connections) == len(of_shop)
        assert ["b", "c", "d", "demo", "e"] == [s.seller_id for s in sellers]
        assert sorted(five) == [order.order_id for order in picks]


class TestCursors:
    @pytest.mark.usefixtures("five")
    @pytest.mark.parametrize(
        "cursor", ["garbage", "W10", "bnVsbA", "🎈", "a" * 5_000, "WyJ4IiwgMV0"]
    )
    def test_a_wrong_cursor_is_an_error(self, shop, cursor):
        """
        What no list gave is refused, and does not mean the first page.
        """
        with pytest.raises(InvalidCursorError) as ei:
            shop.orders.list(after=cursor)
        assert cursor == ei.value.cursor

    @pytest.mark.usefixtures("five")
    def test_a_cursor_belongs_to_its_list(self, bench, shop):
        """
        A cursor of another list, filter or seller is refused.
        """
        cursor = shop.orders.list(limit=2).next
        bench.sh.staff("ann").sellers.register("b", name="b", currency="USD")

        for read in (
            shop.wallet.ledger,
            shop.connections.list,
            lambda after: shop.orders.list(tab=Tab.SHIPPED, after=after),
            bench.sh.seller("b").orders.list,
        ):
            with pytest.raises(InvalidCursorError):
                read(after=cursor)

    @pytest.mark.usefixtures("five")
    @pytest.mark.parametrize("key", [[], [5], [None], ["a\0"], ["a", "b"], [[]]])
    def test_a_forged_key_never_reaches_the_database(self, shop, key):
        """
        The right mark with another key is refused as well.
        """
        cursor = shop.orders.list(limit=2).next
        mark = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        forged = json.dumps([mark[0], *key]).encode()
        with pytest.raises(InvalidCursorError):
            shop.orders.list(after=base64.urlsafe_b64encode(forged).decode())

    @pytest.mark.parametrize("limit", [0, -1, 501])
    def test_a_page_has_1_to_500_items(self, shop, limit):
        """
        Other sizes are refused.
        """
        with pytest.raises(InvalidInputError) as ei:
            shop.orders.list(limit=limit)
        assert ("limit", limit) == (ei.value.field, ei.value.value)
