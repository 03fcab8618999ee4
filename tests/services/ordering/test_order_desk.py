"""
Orders as people find them: tabs, counts, pages, the story of one, notes.
"""

from datetime import timedelta
from functools import cache

import pytest

from sourcehere import Actor, CommandRefusedError, HoldReason, Role, Tab
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.testing.factories import (
    HOME,
    NOON,
    SELLER,
    STAFF,
    Kept,
    nothing_moves,
    open_bench,
    snapshot,
)


def counts(bench, **filters):
    """
    Return the tabs that are not empty.
    """
    found = bench.app.orders.counts("demo", **filters)
    return {tab.value: count for tab, count in found.items() if count}


@cache
def kept_busy():
    """
    Keep a bench with orders of every kind in many states; return name -> order id, too.
    """
    bench, ids = open_bench(connected=("CUP", "HAT", "LAMP")), {}
    names = ("new", "strange", "ignored", "cancelled")
    skus = ("CUP", "SOCK", "SOCK", "CUP")
    orders = [snapshot(n, **{s: 1}) for n, s in zip(names, skus, strict=True)]
    ids.update(zip(names, bench.sync(*orders), strict=True))
    bench.app.orders.ignore("demo", [ids["ignored"]], by=SELLER)
    bench.app.orders.cancel("demo", [ids["cancelled"]], by=SELLER)
    ids["paid"] = bench.paid("paid", CUP=1)
    ids["part"] = bench.accepted("part", CUP=2)
    bench.ship(ids["part"], "P1", i1_1=1)
    ids["shipped"] = bench.accepted("shipped", CUP=1)
    bench.ship(ids["shipped"], "S1")
    ids["held"] = bench.paid("held", CUP=1)
    bench.app.orders.hold("demo", ids["held"], detail="", by=STAFF)
    ids["refunded"] = bench.paid("refunded", CUP=2)
    bench.app.orders.refund_units("demo", ids["refunded"], {"1.1": 1}, by=STAFF)
    ids["draft"] = bench.app.drafts.create_manual(
        "demo", bench.wanted(CUP=1), HOME, by=SELLER
    )
    ids["bulk"] = bench.bought(CUP=3)
    bench.app.cloud.dispatch("demo", ids["bulk"], by=STAFF)
    ids["stock"] = bench.stocked(HAT=3)
    return Kept.of(bench), ids


@pytest.fixture
def busy(storage, violations):
    """
    A bench with orders of every kind in many states: name -> order id.
    """
    kept, ids = kept_busy()
    bench = open_bench(storage=storage, kept=kept)
    yield bench, dict(ids)
    assert () == violations(bench)


class TestTabs:
    EXPECTED = {  # noqa: RUF012 - never changed
        Tab.UNRECOGNIZED: {"strange"},
        Tab.AWAITING_PAYMENT: {"new"},
        Tab.AWAITING_SHIPPING: {"paid", "part", "refunded"},
        Tab.SHIPPED: {"shipped", "bulk"},
        Tab.ABNORMAL: {"held"},
        Tab.FULFILLED: {"stock"},
        Tab.CANCELLED: {"cancelled"},
        Tab.REFUNDS: {"refunded"},
        Tab.OTHER: {"ignored", "draft"},
    }

    def test_every_order_is_in_its_tab(self, busy):
        """
        Each tab lists its orders, an abnormal one leaves its state's tab, and refunds
        are beside.
        """
        bench, ids = busy
        names = {order_id: name for name, order_id in ids.items()}
        for tab in Tab:
            found = bench.app.orders.page("demo", tab=tab).orders
            expected = self.EXPECTED.get(tab, set(ids))
            assert expected == {names[o.order_id] for o in found}, tab

    def test_counts_are_what_the_tabs_list(self, busy):
        """
        Every count is the length of its tab, in all, per store, and per kind.
        """
        bench, _ = busy
        for store_id, kind in (
            ("", ""),
            ("shop", ""),
            ("", "store"),
            ("", "manual"),
            ("", "cloud_warehouse"),
            ("shop", "store"),
            ("other", ""),
        ):
            found = bench.app.orders.counts("demo", store_id=store_id, kind=kind)
            for tab, count in found.items():
                page = bench.app.orders.page(
                    "demo", tab=tab, store_id=store_id, kind=kind, limit=500
                )
                assert len(page.orders) == count, (store_id, kind, tab)

    def test_counts_by_kind(self, busy):
        """
        Stores' orders, manual ones and bulk orders are counted apart.
        """
        bench, _ = busy

        assert {"all": 1, "other": 1} == counts(bench, kind="manual")
        assert {"all": 2, "shipped": 1, "fulfilled": 1} == counts(
            bench, kind="cloud_warehouse"
        )
        assert 9 == counts(bench, store_id="shop")["all"]
        assert {} == counts(bench, store_id="other")


class TestPages:
    @pytest.mark.parametrize("limit", [1, 3, 7, 50])
    @pytest.mark.parametrize(
        "filters",
        [
            {},
            {"tab": Tab.AWAITING_SHIPPING},
            {"tab": Tab.REFUNDS, "kind": "store"},
            {"kind": "cloud_warehouse"},
            {"store_id": "shop"},
            {"store_id": "shop", "kind": "store", "tab": Tab.OTHER},
        ],
    )
    def test_pages_make_the_whole_list(self, busy, limit, filters):
        """
        Page after page, newest first, every order is listed once.
        """
        bench, _ = busy
        whole = bench.app.orders.page("demo", limit=500, **filters).orders
        seen, after = [], ""
        while True:
            page = bench.app.orders.page("demo", limit=limit, after=after, **filters)
            seen.extend(order.order_id for order in page.orders)
            after = page.after
            if not after:
                break

        assert [order.order_id for order in whole] == seen
        assert sorted(seen, reverse=True) == seen

    def test_a_new_order_does_not_shift_the_next_page(self, paired):
        """
        What arrives while somebody reads appears in front, and repeats nothing behind.
        """
        first, second, third = paired.sync(*(snapshot(n, CUP=1) for n in "123"))
        page = paired.app.orders.page("demo", limit=2)
        paired.sync(snapshot("4", CUP=1))
        rest = paired.app.orders.page("demo", limit=2, after=page.after)

        assert [[third, second], [first]] == [
            [order.order_id for order in part.orders] for part in (page, rest)
        ]

    @pytest.mark.parametrize("limit", [0, -1, 501])
    def test_a_page_has_a_size(self, paired, limit):
        """
        A page holds one to five hundred orders.
        """
        with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
            paired.app.orders.page("demo", limit=limit)
        assert ("limit", limit) == (ei.value.field, ei.value.value)


class TestOneStep:
    def test_each_order_fails_for_itself(self, busy):
        """
        A list of orders is cancelled one by one; what cannot be is reported.
        """
        bench, ids = busy
        names = ("new", "paid", "draft", "strange")
        report = bench.app.orders.cancel("demo", [ids[n] for n in names], by=SELLER)

        assert {ids[n]: "cancelled" for n in ("new", "draft", "strange")} == report.done
        assert {ids["paid"]: ("wrong_state",)} == {
            name: error.codes for name, error in report.failed.items()
        }

    def test_an_order_there_is_not_is_reported(self, busy):
        """
        An unknown id keeps no other order of the list from its turn.
        """
        bench, ids = busy
        report = bench.app.orders.cancel("demo", ["nobody", ids["new"]], by=SELLER)

        assert {ids["new"]: "cancelled"} == report.done
        assert ("order", "nobody") == (
            report.failed["nobody"].kind,
            report.failed["nobody"].id,
        )

    def test_repeated_by_command_it_is_done_once(self, busy):
        """
        A bulk command given again answers for what is done.
        """
        bench, ids = busy
        first = bench.app.orders.cancel("demo", [ids["new"]], by=SELLER, command_id="c")
        with nothing_moves(bench):
            again = bench.app.orders.cancel(
                "demo", [ids["new"]], by=SELLER, command_id="c"
            )

        assert first == again

    def test_another_country_is_not_corrected_once_paid(self, paired):
        """
        Freight was paid for a country; a paid order moves within it only.
        """
        order_id = paired.paid(CUP=1)
        away = HOME.__class__("GB", name="Ann Lee")

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.orders.correct_address("demo", order_id, away, by=SELLER)
        assert ("other_country",) == ei.value.codes

    def test_nothing_moves_once_a_parcel_left(self, paired):
        """
        The address of an order that is on its way stays.
        """
        order_id = paired.accepted(CUP=2)
        paired.ship(order_id, i1_1=1)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.orders.correct_address("demo", order_id, HOME, by=SELLER)
        assert ("wrong_state",) == ei.value.codes


class TestStory:
    def test_it_is_told_in_order(self, paired):
        """
        The timeline lists every event and note, when, by whom.
        """
        order_id = paired.paid(CUP=1)
        paired.clock.advance(timedelta(hours=1))
        paired.app.orders.note("demo", order_id, "call first", by=SELLER)
        told = paired.app.orders.timeline("demo", order_id, by=SELLER)

        assert ["order.imported", "order.paid", "order.note_added", "note"] == [
            entry.kind for entry in told
        ]
        assert (NOON + timedelta(hours=1), SELLER, "call first") == (
            told[-1].at,
            told[-1].by,
            told[-1].words,
        )

    def test_which_hold_ends_is_told(self, paired):
        """
        Of several holds the story says which one ended, and which one is somebody
        else's turn, with what was typed into it.
        """
        order_id = paired.paid(CUP=1)
        staff = paired.sh.staff("ann").seller("demo").orders
        odd, asked = HoldReason.ADDRESS, HoldReason.STAFF
        staff.hold(order_id, detail="no street", reason=odd)
        recall = staff.hold(order_id, detail="recall", reason=asked)
        paired.clock.advance(timedelta(days=7))
        paired.app.clocks.fire()
        staff.release_hold(order_id, recall.hold_id)

        kinds = ("order.hold_escalated", "order.hold_released")
        story = staff.timeline(order_id)
        assert [
            "staff has to act on a hold now: address (no street)",
            "a hold was released: staff (recall)",
        ] == [entry.words for entry in story if entry.kind in kinds]

    def test_notes_for_staff_are_hidden_from_the_seller(self, paired):
        """
        What staff write for themselves only staff read.
        """
        order_id = paired.paid(CUP=1)
        for text, hidden in (("for all", False), ("for us", True)):
            paired.app.orders.note("demo", order_id, text, by=STAFF, for_staff=hidden)

        def notes(role):
            told = paired.app.orders.timeline("demo", order_id, by=Actor(role))
            return [entry.words for entry in told if entry.kind == "note"]

        assert ["for all", "for us"] == notes(Role.STAFF)
        for role in set(Role) - {Role.STAFF}:
            assert ["for all"] == notes(role)

    def test_no_event_holds_a_text_or_an_address(self, paired):
        """
        Notes and addresses stay out of the history, which is kept for ever.
        """
        order_id = paired.paid(CUP=1)
        paired.app.orders.note("demo", order_id, "call Ann Lee", by=SELLER)
        told = repr(paired.app.orders.events("demo", order_id))

        assert "Ann Lee" not in told
        assert "Main St" not in told

    def test_only_the_seller_and_staff_write(self, paired):
        """
        A carrier writes no notes.
        """
        order_id = paired.paid(CUP=1)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.orders.note("demo", order_id, "hi", by=Actor(Role.CARRIER))
        assert ("role_not_allowed",) == ei.value.codes
