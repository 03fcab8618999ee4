"""
What shops said is kept for as many days as was asked, and shown.
"""

import json
from datetime import timedelta
from itertools import chain, repeat

import attrs
import pytest

from sourcehere import (
    Actor,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    Role,
    Settings,
    to_dict,
)
from sourcehere.domain.stores.model import Reject, RejectReason
from sourcehere.ports.errors import ProtocolError
from sourcehere.ports.platforms import OrderPage
from sourcehere.ports.webhooks import Topic, WebhookEvent
from sourcehere.testing.factories import (
    HOME,
    NOON,
    dump,
    nothing_moves,
    open_bench,
    snapshot,
)

DAY = timedelta(days=1)


def told(bench, **options):
    return bench.sh.seller("demo").stores.told("shop", **options).items


def sync(bench, *pages):
    bench.shop.pages = list(pages)
    return bench.sh.seller("demo").stores.sync("shop")


def page(*orders, rejects=(), cursor="1", raw=None):
    return OrderPage(tuple(orders), tuple(rejects), (), cursor, False, raw)


def small(storage, **settings):
    return open_bench(storage=storage, settings=Settings(**settings))


def test_a_page_is_kept_as_the_plugin_told_it(bench):
    """
    Whole, with the cursor it was asked with, and when.
    """
    one = snapshot("1", CUP=2)
    sync(bench, page(one, cursor="7"))
    sync(bench, page(snapshot("2", HAT=1), cursor="8"))
    second, first = told(bench)

    assert (("",), ("7",)) == (first.asked, second.asked)
    assert ("page", 1, NOON, NOON) == (
        first.how,
        first.times,
        first.told_at,
        first.last_at,
    )
    (order,) = json.loads(first.answer)["orders"]
    assert ("1", "#1", HOME.name) == (
        order["external_id"],
        order["number"],
        order["address"]["name"],
    )
    assert ("", False, len(first.answer)) == (first.raw, first.is_cut, first.size)
    assert NOON + 30 * DAY == first.forget_at


def test_what_came_over_the_wire_is_kept_beside_it(bench):
    """
    As text; what no database keeps is shown as escapes.
    """
    sync(bench, page(snapshot("1", CUP=1), raw=b'{"a": "\xff\x00"}\n'))
    sync(bench, page(snapshot("2", CUP=1), raw="\ud800é"))

    assert ["\\ud800é", '{"a": "\\xff\\x00"}\n'] == [t.raw for t in told(bench)]


def test_a_raw_page_that_is_none_is_refused(bench):
    """
    It is bytes or text.
    """
    with nothing_moves(bench), pytest.raises(ProtocolError) as ei:
        sync(bench, page(snapshot("1", CUP=1), raw=17))

    assert ("raw", 17) == (ei.value.field, ei.value.value)


def test_the_same_twice_in_a_row_is_counted(bench):
    """
    It is kept once, until it is old since it was said last.
    """
    one, two = page(snapshot("1", CUP=1)), page(snapshot("1", CUP=2))
    sync(bench, one)
    bench.clock.advance(DAY)
    sync(bench, one)
    (kept,) = told(bench)

    assert (2, NOON, NOON + DAY, NOON + 31 * DAY) == (
        kept.times,
        kept.told_at,
        kept.last_at,
        kept.forget_at,
    )
    sync(bench, two)
    sync(bench, one)
    assert [1, 1, 2] == [one.times for one in told(bench)]


def test_a_page_that_says_nothing_is_not_kept(bench):
    """
    Most are empty.
    """
    sync(bench, page(cursor="9", raw=b"{}"))

    assert () == told(bench)


def test_what_was_set_aside_is_kept_too(bench):
    """
    With the facts that its problem has, and found by its order.
    """
    note = Reject(3, RejectReason.CANCELLATION_NOTE, "9", "a note", '{"q":-1}')
    bad = attrs.evolve(snapshot("bad"), version=-1)
    sync(bench, page(bad, rejects=[note]))

    (kept,) = told(bench, order="9")
    assert (kept,) == told(bench, order="bad")
    rejects = json.loads(kept.answer)["rejects"]
    assert ["9", "bad"] == [one["external_id"] for one in rejects]
    assert '{"q":-1}' == rejects[0]["facts"]


def test_it_is_found_by_order(bench):
    """
    By the shop's key of it and by its number, page by page.
    """
    for count in (1, 2, 3):
        sync(bench, page(snapshot("1", CUP=count), snapshot("2", CUP=1)))
        sync(bench, page(snapshot("3", CUP=count)))

    found = told(bench, order="1")
    assert 3 == len(found)
    assert found == told(bench, order="#1") == told(bench, order="2")
    assert () == told(bench, order="4")
    desk = bench.sh.seller("demo").stores
    first = desk.told("shop", order="1", limit=2)
    rest = desk.told("shop", order="1", limit=2, after=first.next)
    assert (found, "") == ((*first, *rest), rest.next)


def test_an_order_that_was_asked_for_is_kept(bench):
    """
    And that the shop has one no more.
    """
    bench.sync(snapshot("1", CUP=1), snapshot("2", CUP=1))
    bench.shop.forget("2")
    bench.clock.advance(2 * DAY)
    bench.sh.seller("demo").stores.reconcile("shop")
    (kept,) = [one for one in told(bench) if one.how == "fetch"]

    assert {"1", "2"} == set(kept.asked)
    answer = json.loads(kept.answer)
    assert (["2"], ["1"]) == (
        answer["gone"],
        [order["external_id"] for order in answer["orders"]],
    )
    assert kept == told(bench, order="2")[0]


def test_what_is_long_is_cut_and_says_so(storage):
    """
    Both parts are, and the whole size is told.
    """
    bench = small(storage, told_max=100)
    sync(bench, page(snapshot("1", CUP=1), raw="é" * 150))
    (kept,) = told(bench)

    assert (100, "é" * 100, True) == (len(kept.answer), kept.raw, kept.is_cut)
    assert kept.size > 250


class TestForgetting:
    def test_what_is_old_is_deleted_by_the_worker(self, bench):
        """
        After thirty days, and what it was about too.
        """
        sync(bench, page(snapshot("1", CUP=1)))
        bench.clock.advance(DAY)
        sync(bench, page(snapshot("2", CUP=1)))
        bench.clock.advance(29 * DAY)
        bench.sh.worker(name="w").round()

        (kept,) = told(bench)
        assert ("1",) == kept.asked
        assert () == told(bench, order="1")
        names = {row[3] for row in dump(bench.app.storage)["told_name"]}
        assert {"2", "#2"} == names

    def test_batch_by_batch_and_until_it_is_told_to_stop(self, bench):
        """
        Any number; what is left is deleted by the next.
        """
        for count in range(1, 121):
            sync(bench, page(snapshot("1", CUP=count)))
        bench.clock.advance(31 * DAY)
        stops = chain([False], repeat(True))

        assert 50 == bench.app.forgetting.forget(stop=lambda: next(stops))
        assert 70 == bench.sh.clocks.forget(command_id="c")
        assert 70 == bench.sh.clocks.forget(command_id="c")
        assert 0 == bench.sh.clocks.forget()
        assert () == told(bench)

    def test_pages_about_many_orders_are_deleted_few_at_a_time(self, bench):
        """
        A commit takes no more names than a page or two have.
        """
        orders = [snapshot(str(n), CUP=1) for n in range(260)]
        for count in range(1, 6):
            sync(bench, page(snapshot("new", CUP=count), *orders))
        bench.clock.advance(31 * DAY)
        stops = chain([False], repeat(True))

        assert 2 == bench.app.forgetting.forget(stop=lambda: next(stops))
        assert 3 == bench.sh.clocks.forget()
        assert () == told(bench)
        assert [] == list(dump(bench.app.storage)["told_name"])

    def test_a_platform_may_keep_nothing(self, storage):
        """
        Not a row is written then.
        """
        bench = small(storage, told_days=0)
        sync(bench, page(snapshot("1", CUP=1), raw="x"))

        assert () == told(bench)
        assert 1 == len(bench.app.orders.find_external("demo", "shop", ["1"])["1"])

    def test_a_shop_may_have_its_own_days(self, storage):
        """
        Also for what it said before; -1 is what the platform says.
        """
        bench = small(storage, told_days=10)
        stores = bench.sh.seller("demo").stores
        for count in range(1, 61):
            sync(bench, page(snapshot("1", CUP=count)))

        assert 2 == stores.change("shop", told_days=2).told_days
        assert {NOON + 2 * DAY} == {t.forget_at for t in told(bench, limit=100)}
        stores.change("shop", told_days=-1)
        assert {NOON + 10 * DAY} == {t.forget_at for t in told(bench, limit=100)}
        stores.change("shop", told_days=0)
        sync(bench, page(snapshot("2", CUP=1)))
        assert 60 == bench.sh.clocks.forget()
        assert () == told(bench)

    def test_days_that_are_changed_while_a_shop_is_read_count(self, bench):
        """
        Nothing is kept of a page that was asked for before its seller said so.
        """
        stores = bench.sh.seller("demo").stores
        bench.shop.put(snapshot("1", CUP=1))
        bench.shop.when_asked = lambda: stores.change("shop", told_days=0)
        stores.sync("shop")

        assert () == told(bench)

    def test_days_that_are_changed_while_a_webhook_is_checked_count(self, bench):
        """
        Nor of a webhook, nor of the order that was asked for because of it.
        """
        stores = bench.sh.seller("demo").stores
        bench.shop.put_silently(snapshot("1", CUP=1))
        hook, verify = bench.shop.webhook("orders/create", "1"), bench.shop.verify

        def checked(body, headers):
            stores.change("shop", told_days=0)
            return verify(body, headers)

        bench.shop.verify = checked
        bench.sh.inbox.receive("demo", "shop", headers=hook.headers, body=hook.body)
        assert () == told(bench)
        stores.change("shop", told_days=5)
        bench.shop.when_asked = lambda: stores.change("shop", told_days=0)
        bench.sh.inbox.run()
        assert () == told(bench)

    @pytest.mark.parametrize(
        ("raw", "kept", "is_cut"),
        [
            (b"\0" * 100, "\\x00" * 50, True),  # kept as longer escapes
            ("é".encode() * 150, "é" * 150, False),  # of two bytes each
            (b"x" * 200, "x" * 200, False),
            (b"x" * 201, "x" * 200, True),
        ],
        ids=["escapes", "two bytes each", "as long as it may be", "longer"],
    )
    def test_what_is_cut_is_said_to_be(self, storage, raw, kept, is_cut):
        """
        Characters that are kept count, not the bytes that came.
        """
        bench = small(storage, told_max=200)
        bench.shop.verify = lambda *_: [WebhookEvent("e", Topic.OTHER)]
        bench.sh.inbox.receive("demo", "shop", headers={}, body=raw)

        (one,) = told(bench)
        assert (kept, is_cut) == (one.raw, one.is_cut)

    @pytest.mark.parametrize("days", [-2, 3_661])
    def test_days_out_of_bounds_are_refused(self, bench, days):
        """
        Nothing is changed.
        """
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            bench.sh.seller("demo").stores.change("shop", told_days=days)

        assert "told_days" == ei.value.field


class TestWhoSees:
    def test_the_seller_and_staff(self, bench):
        """
        The host's own jobs have no use for it; another seller has no such shop.
        """
        sync(bench, page(snapshot("1", CUP=1)))
        staff = bench.sh.staff("ann").seller("demo").stores
        bench.app.sellers.register("other", name="Other", currency="USD")

        assert told(bench) == staff.told("shop").items
        with pytest.raises(ForbiddenError):
            bench.sh.seller("demo", by=Actor(Role.SYSTEM, "")).stores.told("shop")
        with pytest.raises(NotFoundError):
            bench.sh.seller("other").stores.told("shop")

    def test_it_is_in_no_other_row_and_no_log(self, bench, caplog):
        """
        A word that only the wire had is in the journal alone.
        """
        caplog.set_level("DEBUG")
        sync(bench, page(snapshot("1", CUP=1), raw='{"note": "Tell Mum"}'))

        rows = dump(bench.app.storage)
        holding = {name for name, found in rows.items() if "Tell Mum" in repr(found)}
        assert {"told"} == holding
        assert "Tell Mum" not in caplog.text
        (kept,) = told(bench)
        assert "Tell Mum" in to_dict(kept)["raw"]
