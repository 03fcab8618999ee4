"""
What the platform promises: until when, when it is overdue, and who is told.
"""

from datetime import timedelta

import pytest

from sourcehere import (
    SYSTEM,
    CommandRefusedError,
    Count,
    DisputeReason,
    HoldReason,
    InvalidInputError,
    Money,
    Price,
    Promises,
    Settings,
)
from sourcehere.domain.kernel.clock import NEVER
from sourcehere.plugins import hookimpl
from sourcehere.testing.factories import (
    HOME,
    NOON,
    STAFF,
    nothing_moves,
    open_bench,
    snapshot,
)

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
WEEK = timedelta(days=7)
NOBODY = Promises(ship_days=0, receive_days=0, quote_days=0, dispute_days=0)


def order_of(bench, order_id):
    return bench.app.orders.get("demo", order_id)


def held(bench, order_id):
    """
    Return the reasons for which an order is held.
    """
    return [hold.reason for hold in order_of(bench, order_id).holds]


def advance_to(bench, instant):
    bench.clock.advance(instant - bench.clock.now())


def fires_at(bench, instant, what):
    """
    Tell that what is due is so from *instant* on and no moment earlier, and once; a
    worker does it.
    """
    advance_to(bench, instant - MOMENT)
    with nothing_moves(bench):
        assert 0 == bench.app.clocks.fire().fired
    bench.clock.advance(MOMENT)
    (due,) = bench.app.clocks.due()
    assert (what, instant) == (due.what, due.at)
    bench.sh.worker(name="w1").round()
    assert () == bench.app.clocks.due()
    with nothing_moves(bench):
        assert 0 == bench.app.clocks.fire().fired


def overdue(bench):
    """
    Return queue -> how much is overdue, of the queues in which something is.
    """
    found = bench.sh.staff("ann").queues.summary()
    return {count.queue: count.overdue for count in found if count.overdue}


def listed(bench, name):
    """
    List the overdue orders of a queue.
    """
    queues = bench.sh.staff("ann").queues
    return [one.order_id for one in getattr(queues, name)(overdue=True)]


class TestShipBy:
    def test_a_paid_order_is_late_after_a_week(self, paired):
        """
        From that instant on it is held for it, which stops nothing; it is overdue in
        its queue as soon.
        """
        order_id = paired.paid(CUP=2)
        order = order_of(paired, order_id)
        by = NOON + WEEK
        assert (by, by, "ship_by") == (
            order.promised_by,
            order.deadline,
            order.deadline_name,
        )
        advance_to(paired, by - MOMENT)
        assert ({}, []) == (overdue(paired), listed(paired, "orders_to_accept"))
        fires_at(paired, by, "hold_late_order")

        order = order_of(paired, order_id)
        (hold,) = order.holds
        assert ("ship_late", "staff", False, "Awaiting Shipping", NEVER) == (
            hold.reason,
            hold.who,
            hold.is_blocking,
            order.status,
            order.deadline,
        )
        assert "send what is left, or refund it; the seller may cancel it" == (
            hold.what_to_do
        )
        assert {"accept": 1} == overdue(paired)
        assert [order_id] == listed(paired, "orders_to_accept")
        assert [] == listed(paired, "orders_to_pick")

    def test_it_ends_when_the_rest_leaves(self, paired):
        """
        Not with the first parcel, but with the last.
        """
        order_id = paired.accepted(CUP=2)
        paired.ship(order_id, "T1", i1_1=1)
        fires_at(paired, NOON + WEEK, "hold_late_order")
        assert ["ship_late"] == held(paired, order_id)
        assert [order_id] == listed(paired, "orders_to_pick")
        paired.ship(order_id, "T2")

        order = order_of(paired, order_id)
        assert ([], None, {}) == (
            held(paired, order_id),
            order.promised_by,
            overdue(paired),
        )

    @pytest.mark.parametrize("way", ["refund_all", "reject", "cancel", "units"])
    def test_it_ends_when_nothing_has_to_leave_any_more(self, paired, way):
        """
        The seller cancels, or staff refund what has not left.
        """
        order_id = paired.paid(CUP=2)
        advance_to(paired, NOON + WEEK)
        paired.app.clocks.fire()
        shop = paired.sh.seller("demo")
        ann = paired.sh.staff("ann").seller("demo")
        if way == "refund_all":
            ann.refunds.refund_all(order_id)
        elif way == "reject":
            ann.orders.reject(order_id, reason="no")
        elif way == "cancel":
            shop.disputes.request_cancel(order_id)
        else:
            ann.refunds.refund_units(order_id, quantities={"1.1": 2})

        assert ("cancelled", []) == (
            order_of(paired, order_id).state,
            held(paired, order_id),
        )
        assert () == paired.app.clocks.due()

    def test_what_left_in_time_is_never_late(self, paired):
        """
        Nothing is due for an order that left, or ended, before.
        """
        sent, ended = paired.accepted("1", CUP=1), paired.paid("2", CUP=1)
        paired.ship(sent)
        paired.sh.staff("ann").seller("demo").refunds.refund_all(ended)
        advance_to(paired, NOON + WEEK)

        assert () == paired.app.clocks.due()
        assert [None, None] == [
            order_of(paired, one).promised_by for one in (sent, ended)
        ]

    def test_what_stands_still_does_not_count(self, paired):
        """
        While a hold keeps an order from leaving nobody is late: the days go on when it
        ends, also where two holds overlap.
        """
        order_id = paired.paid(CUP=1)
        ann = paired.sh.staff("ann").seller("demo").orders
        advance_to(paired, NOON + 2 * DAY)
        first = ann.hold(order_id, detail="look")
        advance_to(paired, NOON + 4 * DAY)
        ann.hold(order_id, detail="no street", reason=HoldReason.ADDRESS)
        advance_to(paired, NOON + 6 * DAY)
        ann.release_hold(order_id, first.hold_id)
        assert NOON + WEEK + 2 * DAY == order_of(paired, order_id).promised_by
        advance_to(paired, NOON + 10 * DAY)
        assert ([], {"held_seller": 1}) == (
            listed(paired, "orders_to_accept"),
            overdue(paired),
        )
        assert "address_by" == order_of(paired, order_id).deadline_name
        paired.sh.seller("demo").orders.correct_address(order_id, HOME)

        fires_at(paired, NOON + WEEK + 8 * DAY, "hold_late_order")

    def test_a_dispute_of_what_has_not_left_stops_it_too(self, paired):
        """
        It is the staff's turn in the dispute, whose promise is another.
        """
        order_id = paired.accepted(CUP=1)
        advance_to(paired, NOON + DAY)
        made = paired.sh.seller("demo").disputes.open(
            order_id, reason=DisputeReason.CANCEL, quantities={"1.1": 1}
        )
        advance_to(paired, NOON + 20 * DAY)
        assert ["review_by"] == [due.name for due in paired.app.clocks.due()]
        paired.app.clocks.fire()
        paired.sh.seller("demo").disputes.withdraw(made.dispute_id)

        fires_at(paired, NOON + WEEK + 19 * DAY, "hold_late_order")

    def test_what_was_late_before_stays_late(self, paired):
        """
        A hold that comes later excuses nothing.
        """
        order_id = paired.paid(CUP=1)
        advance_to(paired, NOON + WEEK)
        paired.app.clocks.fire()
        ann = paired.sh.staff("ann").seller("demo").orders
        hold = ann.hold(order_id, detail="look")
        assert {"held_staff": 0} | overdue(paired) == {"held_staff": 1}
        paired.clock.advance(DAY)
        ann.release_hold(order_id, hold.hold_id)

        assert NOON + WEEK == order_of(paired, order_id).promised_by
        assert {"accept": 1} == overdue(paired)

    def test_staff_end_it(self, paired):
        """
        Once staff released it nobody counts the days any more.
        """
        order_id = paired.paid(CUP=1)
        advance_to(paired, NOON + WEEK)
        paired.app.clocks.fire()
        (hold,) = order_of(paired, order_id).holds
        paired.sh.staff("ann").seller("demo").orders.release_hold(
            order_id, hold.hold_id
        )

        order = order_of(paired, order_id)
        assert ((), None, NEVER) == (order.holds, order.promised_by, order.deadline)
        assert {} == overdue(paired)

    def test_it_is_refused_before_its_time(self, paired):
        """
        The command that the clock gives says when it is due, and changes nothing.
        """
        order_id = paired.paid(CUP=1)

        def early(unit):
            order = unit.orders.one(order_id)
            order.hold_late_by_timer(by=SYSTEM, at=NOON + WEEK - MOMENT)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.units.seller("demo", early)
        (blocker,) = ei.value.blockers
        assert ("not_due", {"deadline": (NOON + WEEK).isoformat()}) == (
            blocker.code,
            blocker.facts,
        )

    def test_only_staff_place_and_find_it_by_facts(self, paired):
        """
        It follows from time, and nobody places it.
        """
        order_id = paired.paid(CUP=1)
        ann = paired.sh.staff("ann").seller("demo").orders
        with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
            ann.hold(order_id, detail="late", reason=HoldReason.SHIP_LATE)
        assert "reason" == ei.value.field

    def test_overdue_lists_have_no_age(self, bench):
        """
        Either what is overdue or what is of an age is listed.
        """
        queues = bench.sh.staff("ann").queues
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            queues.orders_to_accept(overdue=True, older_than=DAY)
        assert "older_than" == ei.value.field

    def test_overdue_lists_go_page_by_page(self, paired):
        """
        What was promised first comes first.
        """
        later = paired.paid("1", CUP=1)
        ann = paired.sh.staff("ann").seller("demo").orders
        hold = ann.hold(later, detail="look")
        paired.clock.advance(DAY)
        ann.release_hold(later, hold.hold_id)
        first = paired.paid("2", CUP=1)
        paired.clock.advance(DAY)
        last = paired.paid("3", CUP=1)
        advance_to(paired, NOON + 8 * DAY)
        queues = paired.sh.staff("ann").queues
        page = queues.orders_to_accept(overdue=True, limit=1)
        rest = queues.orders_to_accept(overdue=True, limit=1, after=page.next)

        assert sorted([later, first]) == [
            one.order_id for found in (page, rest) for one in found
        ]
        assert ("", True) == (rest.next, last not in (later, first))


class TestReceiveBy:
    def test_goods_are_late_in_the_warehouse(self, paired):
        """
        They have to leave, then to be counted in time, each as promised.
        """
        order_id = paired.bought(CUP=4)
        fires_at(paired, NOON + WEEK, "hold_late_order")
        assert (["ship_late"], {"dispatch": 1}) == (
            held(paired, order_id),
            overdue(paired),
        )
        paired.app.cloud.dispatch("demo", order_id, by=STAFF)
        by = NOON + WEEK + 14 * DAY
        order = order_of(paired, order_id)
        assert ((), by, "receive_by") == (
            order.holds,
            order.promised_by,
            order.deadline_name,
        )
        paired.app.cloud.receive("demo", order_id, {"1.1": Count(1)}, by=STAFF)
        fires_at(paired, by, "hold_late_order")
        assert (["receive_late"], {"receive": 1}) == (
            held(paired, order_id),
            overdue(paired),
        )
        assert [order_id] == listed(paired, "receipts_to_expect")
        assert "Receiving" == order_of(paired, order_id).status
        paired.app.cloud.receive("demo", order_id, {"1.1": Count(3)}, by=STAFF)

        assert ("fulfilled", [], None) == (
            order_of(paired, order_id).state,
            held(paired, order_id),
            order_of(paired, order_id).promised_by,
        )

    def test_it_ends_with_what_is_written_off(self, paired):
        """
        What never came is refunded, and nothing is late any more.
        """
        order_id = paired.bought(CUP=4)
        paired.app.cloud.dispatch("demo", order_id, by=STAFF)
        advance_to(paired, NOON + 14 * DAY)
        paired.app.clocks.fire()
        assert ["receive_late"] == held(paired, order_id)
        paired.app.cloud.write_off_rest("demo", order_id, by=STAFF)

        assert [] == held(paired, order_id)
        assert () == paired.app.clocks.due()


class TestReviewBy:
    @pytest.fixture
    def disputed(self, paired):
        """
        A dispute of what has left.
        """
        order_id = paired.accepted(CUP=1)
        paired.ship(order_id)
        desk = paired.sh.seller("demo").disputes
        made = desk.open(
            order_id,
            reason=DisputeReason.SHORT,
            quantities={"1.1": 1},
            evidence={"description": "nothing in it"},
        )
        return desk.get(made.dispute_id)

    def test_staff_are_late_with_a_dispute(self, paired, disputed):
        """
        Nothing is decided; it is marked, once, and counted as overdue. Taking it
        answers nothing.
        """
        by = NOON + 3 * DAY
        assert (by, False) == (disputed.promised_by, disputed.is_overdue)
        fires_at(paired, by, "mark_overdue_dispute")
        shop = paired.sh.seller("demo")
        ann = paired.sh.staff("ann").seller("demo").disputes
        found = shop.disputes.get(disputed.dispute_id)
        assert ("open", True, by) == (found.state, found.is_overdue, found.promised_by)
        assert 1 == overdue(paired)["disputes_to_take"]
        ann.take(disputed.dispute_id)
        taken = shop.disputes.get(disputed.dispute_id)
        assert (True, by) == (taken.is_overdue, taken.promised_by)
        assert 1 == overdue(paired)["disputes_to_decide"]
        (listed,) = paired.sh.staff("ann").queues.disputes_to_review()
        assert listed.is_overdue

    def test_each_answer_of_the_seller_begins_it_anew(self, paired, disputed):
        """
        While the seller has to answer nobody of staff is late.
        """
        name = disputed.dispute_id
        shop = paired.sh.seller("demo").disputes
        ann = paired.sh.staff("ann").seller("demo").disputes
        ann.take(name)
        fires_at(paired, NOON + 3 * DAY, "mark_overdue_dispute")
        ann.ask(name, text="what came?")
        asked = shop.get(name)
        assert (None, False) == (asked.promised_by, asked.is_overdue)
        advance_to(paired, NOON + 8 * DAY)
        assert () == paired.app.clocks.due()
        shop.answer(name, text="an empty box")
        answered = shop.get(name)
        assert (NOON + 11 * DAY, False) == (answered.promised_by, answered.is_overdue)
        ann.offer(name, Money(0, "USD"))
        assert (None, False) == (
            shop.get(name).promised_by,
            shop.get(name).is_overdue,
        )
        advance_to(paired, NOON + 9 * DAY)
        shop.counter(name, text="no")
        fires_at(paired, NOON + 12 * DAY, "mark_overdue_dispute")
        ann.reject(name, reason="it was full")
        assert (None, False) == (
            shop.get(name).promised_by,
            shop.get(name).is_overdue,
        )

    def test_it_is_refused_before_its_time(self, paired, disputed):
        """
        Nothing is marked a moment early, nor when it is the seller's turn.
        """

        def mark(at):
            def work(unit):
                unit.disputes.one(disputed.dispute_id).mark_overdue(by=SYSTEM, at=at)

            with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
                paired.app.units.seller("demo", work)
            return ei.value.codes

        assert ("not_due",) == mark(NOON + 3 * DAY - MOMENT)
        ann = paired.sh.staff("ann").seller("demo").disputes
        ann.take(disputed.dispute_id)
        ann.ask(disputed.dispute_id, text="what came?")
        assert ("not_due",) == mark(NOON + 30 * DAY)


class TestQuoteBy:
    def test_nobody_answers_a_request(self, paired):
        """
        It is marked once, listed and counted as overdue, until somebody answers.
        """
        shop = paired.sh.seller("demo")
        ann = paired.sh.staff("ann").seller("demo").quotes
        (order_id,) = paired.sync(snapshot(SOCK=1))
        asked = shop.quotes.get(shop.quotes.ask(order_id, 1).request_id)
        by = NOON + 3 * DAY
        assert (by, False) == (asked.promised_by, asked.is_overdue)
        fires_at(paired, by, "mark_overdue_quote")
        (listed,) = paired.sh.staff("ann").queues.quotes_to_answer()
        assert (True, by) == (listed.is_overdue, listed.promised_by)
        assert {"quotes": 1} == overdue(paired)
        ann.answer(
            asked.request_id,
            variant_id=paired.variants["CUP"],
            prices=(Price(Money(400, "USD")),),
            valid_until=NOON + 30 * DAY,
        )
        found = shop.quotes.get(asked.request_id)
        assert ("quoted", False, None) == (
            found.state,
            found.is_overdue,
            found.promised_by,
        )
        assert {} == overdue(paired)

    @pytest.mark.parametrize("command", ["withdraw", "give_up"])
    def test_what_has_ended_is_not_overdue(self, paired, command):
        """
        Nothing is due for a request that ended in time.
        """
        (order_id,) = paired.sync(snapshot(SOCK=1))
        asked = paired.sh.seller("demo").quotes.ask(order_id, 1)
        desk = paired.sh.seller("demo").quotes
        if command == "give_up":
            desk = paired.sh.staff("ann").seller("demo").quotes
        getattr(desk, command)(asked.request_id)
        advance_to(paired, NOON + 5 * DAY)

        assert () == paired.app.clocks.due()

    def test_it_is_refused_before_its_time(self, paired):
        """
        Nothing is marked a moment early.
        """
        (order_id,) = paired.sync(snapshot(SOCK=1))
        asked = paired.sh.seller("demo").quotes.ask(order_id, 1)

        def early(unit):
            request = unit.quotes.one(asked.request_id)
            request.mark_overdue(by=SYSTEM, at=NOON + 3 * DAY - MOMENT)

        with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
            paired.app.units.seller("demo", early)
        assert ("not_due",) == ei.value.codes


class Listener:
    """
    Writes down the names of the events it is told of.
    """

    def __init__(self):
        self.heard = []

    @hookimpl
    def sourcehere_event(self, event):
        self.heard.append(event.event.NAME)


class TestWhoIsTold:
    def test_plugins_hear_of_all_that_is_overdue(self):
        """
        Each is an event: a hold placed, a dispute or a quote request overdue.
        """
        listener = Listener()
        bench = open_bench(plugins=[listener], connected=["CUP"])
        bench.paid("1", CUP=1)
        bench.app.cloud.dispatch("demo", bench.bought(CUP=3), by=STAFF)
        shop = bench.sh.seller("demo")
        (strange,) = bench.sync(snapshot("2", SOCK=1))
        shop.quotes.ask(strange, 1)
        sent = bench.accepted("3", CUP=1)
        bench.ship(sent)
        shop.disputes.open(
            sent,
            reason=DisputeReason.SHORT,
            quantities={"1.1": 1},
            evidence={"description": "nothing in it"},
        )
        bench.app.relay.run()
        listener.heard.clear()
        bench.clock.advance(14 * DAY)
        assert 4 == bench.app.clocks.fire().fired
        bench.app.relay.run()

        assert [
            "dispute.overdue",
            "order.hold_placed",
            "order.hold_placed",
            "quote.overdue",
        ] == sorted(listener.heard)
        assert () == bench.app.audit.run(replay=True).violations


class TestHowLong:
    def test_the_platform_says(self, storage):
        """
        Its settings say how many days, for each kind.
        """
        promises = Promises(ship_days=1, receive_days=2, quote_days=3, dispute_days=4)
        bench = open_bench(
            storage=storage,
            settings=Settings(promises=promises),
            connected=["CUP"],
        )
        assert [NOON + n * DAY for n in (1, 2, 3, 4)] == all_promised(bench)
        assert () == bench.app.audit.run(replay=True).violations

    def test_no_promise_is_never_overdue(self, storage):
        """
        0 days are no promise, and nothing is due.
        """
        bench = open_bench(
            storage=storage, settings=Settings(promises=NOBODY), connected=["CUP"]
        )
        assert [None] * 4 == all_promised(bench)
        bench.clock.advance(15 * DAY)

        assert (0, {"held_staff": 1}) == (bench.app.clocks.fire().fired, overdue(bench))
        assert () == bench.app.audit.run(replay=True).violations

    def test_a_seller_is_promised_something_else(self, paired):
        """
        Where nothing else is promised to the seller, the platform's days hold; what was
        promised before is kept.
        """
        before = paired.paid("before", CUP=1)
        sellers = paired.sh.staff("ann").sellers
        own = Promises(ship_days=2, quote_days=0)
        assert own == sellers.promise("demo", own).promises
        assert own == sellers.get("demo").promises
        assert [NOON + 2 * DAY, NOON + 14 * DAY, None, NOON + 3 * DAY] == (
            all_promised(paired)
        )
        assert NOON + WEEK == order_of(paired, before).promised_by
        assert Promises() == sellers.promise("demo", Promises()).promises

    @pytest.mark.parametrize("days", [-2, 367, True, 1.5])
    def test_days_that_there_are_not(self, days):
        """
        Days are whole numbers, of a year at most.
        """
        with pytest.raises(InvalidInputError) as ei:
            Promises(quote_days=days)
        assert ("quote_days", days) == (ei.value.field, ei.value.value)

    def test_the_platform_has_nobody_else_to_say_it(self):
        """
        Each of its promises is a number of days.
        """
        with pytest.raises(InvalidInputError) as ei:
            Settings(promises=Promises(ship_days=1, receive_days=2, quote_days=3))
        assert ("promises.dispute_days", -1) == (ei.value.field, ei.value.value)


def all_promised(bench):
    """
    Return until when what was promised of an order that is paid, of goods on their way,
    of a quote request, and of a dispute.
    """
    shop = bench.sh.seller("demo")
    paid = bench.paid("paid", CUP=1)
    sent = bench.bought(CUP=3)
    bench.app.cloud.dispatch("demo", sent, by=STAFF)
    (strange,) = bench.sync(snapshot("strange", SOCK=1))
    asked = shop.quotes.get(shop.quotes.ask(strange, 1).request_id)
    made = shop.disputes.open(
        bench.paid("disputed", CUP=1),
        reason=DisputeReason.CANCEL,
        quantities={"1.1": 1},
    )
    return [
        order_of(bench, paid).promised_by,
        order_of(bench, sent).promised_by,
        asked.promised_by,
        shop.disputes.get(made.dispute_id).promised_by,
    ]
