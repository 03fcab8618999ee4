"""
A buyer is forgotten: nowhere in the database is a word of theirs, and the books hold.
"""

import json
from contextlib import suppress
from datetime import timedelta

import attrs
import pytest
from between import Between
from label_world import opened

import sourcehere
from sourcehere import (
    CommandRefusedError,
    DisputeReason,
    NotFoundError,
    OrderSearch,
    TrackingFact,
    TrackingStatus,
)
from sourcehere.domain.effects.circuits import Circuit
from sourcehere.domain.kernel.address import Address
from sourcehere.domain.stores.model import Reject, RejectReason
from sourcehere.domain.talk.model import Subject
from sourcehere.plugins import hookimpl
from sourcehere.ports.errors import (
    DeclinedError,
    ProtocolError,
    ThrottledError,
    UnknownOutcomeError,
)
from sourcehere.ports.platforms import OrderPage
from sourcehere.testing import TrackingCarrier, carrier_fact
from sourcehere.testing.factories import (
    CARRIER,
    SELLER,
    STAFF,
    dump,
    nothing_moves,
    open_bench,
    shop_lines,
    snapshot,
)
from sourcehere.testing.fake_labels import LabelCarrier
from sourcehere.unit.tables.effects import ATTEMPTS, CIRCUITS
from sourcehere.unit.tables.shipments import TRACKING_EVENTS

BUYER = Address(
    country="US",
    name="Canary Nameson",
    company="Canary Works",
    street="17 Canary Row",
    city="Canaryville",
    region="CY",
    postal_code="CN4R1",
    phone="+1 555 canary",
    email="buyer@canary.example",
    customer="canary-17",
)


def told_of(external_id="1", **units):
    return attrs.evolve(snapshot(external_id), lines=shop_lines(units), address=BUYER)


def delivered(bench, order_id):
    """
    Accept, send and deliver a paid order.
    """
    bench.app.shipping.accept("demo", [order_id], by=STAFF)
    parcel_id = bench.ship(order_id, "T1")
    bench.app.relay.run()
    fact = TrackingFact(
        parcel_id=parcel_id,
        key="d",
        status=TrackingStatus.DELIVERED,
        happened_at=bench.clock.now(),
    )
    bench.app.tracking.record("demo", [fact], by=CARRIER)


def written(bench, order_id):
    """
    Write the canary wherever people write about an order.
    """
    shop, ann = bench.sh.seller("demo"), bench.sh.staff("ann").seller("demo")
    shop.orders.note(order_id, "call Canary first")
    ann.orders.note(order_id, "Canary is rude", for_staff=True)
    shop.conversations.say(Subject.ORDER, order_id, "Canary moved")


@pytest.fixture
def over(paired):
    """
    Return the id of a delivered order, of which much was written.
    """
    (order_id,) = paired.sync(told_of(CUP=2))
    written(paired, order_id)
    paired.pay(order_id)
    delivered(paired, order_id)
    return order_id


def canaries(bench):
    """
    Return the tables in which a word of the buyer's is.
    """
    return [
        name
        for name, rows in dump(bench.app.storage).items()
        if "canar" in json.dumps(rows, default=str).casefold()
    ]


def test_nothing_of_a_buyer_is_left(paired, over):
    """
    In no table, in no version; the order, its money and its country are.
    """
    assert {"contact_version", "note", "message", "told", "order_buyer"} == set(
        canaries(paired)
    )
    before = paired.app.orders.get("demo", over)
    balance = paired.balance()
    done = paired.sh.seller("demo").orders.erase_buyer(over)

    assert [] == canaries(paired)
    assert ((over,), 1, 3) == (done.order_ids, done.addresses, done.texts)
    assert done.answers >= 1
    assert Address("US") == paired.app.orders.address("demo", over)
    after = paired.app.orders.get("demo", over)
    assert attrs.evolve(before, version=after.version) == after
    assert balance == paired.balance()
    words = [entry.words for entry in paired.sh.seller("demo").orders.timeline(over)]
    assert {"its buyer was forgotten", "(erased)"} <= set(words)
    assert () == paired.app.audit.run(replay=True).violations


def test_they_are_found_no_more(paired, over):
    """
    Neither by name nor by email; others are.
    """
    (other,) = paired.sync(
        attrs.evolve(told_of("2", CUP=1), address=attrs.evolve(BUYER, name="Bo Lin"))
    )
    desk = paired.sh.seller("demo").orders

    def found(words):
        return {o.order_id for o in desk.search(OrderSearch(buyer=words)).items}

    assert {over, other} == found("buyer@canary.example")
    desk.erase_buyer(over)

    assert set() == found("nameson")
    assert {other} == found("buyer@canary.example")


def test_every_version_is_forgotten(paired):
    """
    Also an address that was corrected before.
    """
    (order_id,) = paired.sync(told_of(CUP=1))
    moved = attrs.evolve(BUYER, street="18 Canary Row")
    paired.app.orders.correct_address("demo", order_id, moved, by=SELLER)
    paired.app.orders.cancel("demo", [order_id], by=SELLER)
    done = paired.app.erasing.erase_buyer("demo", order_id, by=SELLER)

    assert 2 == done.addresses
    assert [] == canaries(paired)


def test_what_the_shop_tells_later_is_not_taken_in(paired, over):
    """
    A shop that has not forgotten its customer tells the order again.
    """
    paired.app.erasing.erase_buyer("demo", over, by=STAFF)
    told = attrs.evolve(told_of(CUP=2), address=attrs.evolve(BUYER, city="Canary Two"))
    paired.sync(told)

    assert Address("US") == paired.app.orders.address("demo", over)
    assert ["told"] == canaries(paired)  # as long as answers are kept
    assert paired.app.erasing.erase_buyer("demo", over, by=STAFF).answers >= 1
    assert [] == canaries(paired)


def test_a_part_that_comes_later_has_no_address_either(paired, over):
    """
    Who was forgotten is not known again by a correction.
    """
    paired.app.erasing.erase_buyer("demo", over, by=STAFF)
    paired.sync(told_of(CUP=5))
    (_, part) = paired.app.orders.find_external("demo", "shop", ["1"])["1"]
    with pytest.raises(CommandRefusedError) as ei, nothing_moves(paired):
        paired.app.orders.correct_address("demo", part, BUYER, by=SELLER)

    assert ("buyer_erased",) == ei.value.codes
    orders = paired.sh.seller("demo").orders
    assert tuple(ei.value.blockers) == orders.why_not(part, "correct_address")
    assert Address("US") == orders.address(part)


def test_a_part_that_comes_later_is_not_paid(paired, over):
    """
    Nobody pays for what nobody can send anywhere: it is cancelled, or expires.
    """
    paired.app.erasing.erase_buyer("demo", over, by=STAFF)
    paired.sync(told_of(CUP=5))
    (_, part) = paired.app.orders.find_external("demo", "shop", ["1"])["1"]
    shop = paired.sh.seller("demo")
    with pytest.raises(CommandRefusedError) as ei, nothing_moves(paired):
        shop.checkouts.open([part])

    (why,) = ei.value.blockers
    assert "buyer_erased" == why.code
    assert (
        "its buyer was forgotten: nobody knows where to send it; cancel it, or draft an"
        " order by hand instead"
    ) == why.words
    assert (why,) == shop.orders.why_not(part, "pay")
    shop.orders.cancel([part])
    assert paired.app.erasing.erase_buyer("demo", part, by=STAFF)


def test_all_parts_are_forgotten_together(paired):
    """
    Of which one that is not over refuses all.
    """
    (first,) = paired.sync(told_of(CUP=1, SOCK=1))
    paired.app.orders.process_paired_lines("demo", [first], by=SELLER)
    parts = paired.app.orders.find_external("demo", "shop", ["1"])["1"]
    assert 2 == len(parts)
    paired.app.orders.cancel("demo", [parts[1]], by=SELLER)
    with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
        paired.app.erasing.erase_buyer("demo", parts[1], by=SELLER)
    assert ("wrong_state",) == ei.value.codes
    assert parts[0] == ei.value.id
    orders = paired.sh.seller("demo").orders
    (why_not,) = orders.why_not(parts[1], "erase_buyer")
    (refused,) = ei.value.blockers
    assert attrs.evolve(refused, words=f"part 1: {refused.words}") == why_not

    paired.app.orders.cancel("demo", [parts[0]], by=SELLER)
    assert () == orders.why_not(parts[1], "erase_buyer")
    done = paired.app.erasing.erase_buyer("demo", parts[1], by=SELLER)
    assert set(parts) == set(done.order_ids)
    assert [] == canaries(paired)


@pytest.mark.parametrize("state", ["awaiting_payment", "awaiting_shipping"])
def test_who_waits_for_something_is_not_forgotten(paired, state):
    """
    A parcel needs an address.
    """
    (order_id,) = paired.sync(told_of(CUP=1))
    if state == "awaiting_shipping":
        paired.pay(order_id)
    with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
        paired.app.erasing.erase_buyer("demo", order_id, by=SELLER)

    assert ("wrong_state",) == ei.value.codes
    assert BUYER == paired.app.orders.address("demo", order_id)


def test_who_is_in_a_dispute_is_not_forgotten(paired, over):
    """
    Its evidence is needed until it is decided.
    """
    shop = paired.sh.seller("demo")
    dispute = shop.disputes.open(
        over,
        reason=DisputeReason.DAMAGED,
        quantities={"1.1": 1},
        evidence={"photo": "Canary", "description": "Canary"},
    )
    shop.conversations.say(Subject.DISPUTE, dispute.dispute_id, "Canary's photo")
    with nothing_moves(paired), pytest.raises(CommandRefusedError) as ei:
        shop.orders.erase_buyer(over)
    assert ("dispute_open",) == ei.value.codes

    shop.disputes.withdraw(dispute.dispute_id)
    assert shop.orders.erase_buyer(over).texts > 3
    assert [] == canaries(paired)


def test_done_again_it_forgets_what_came_since(paired, over):
    """
    And nothing else: it is told once that there was nothing left.
    """
    shop = paired.sh.seller("demo")
    shop.orders.erase_buyer(over)
    with nothing_moves(paired):
        again = shop.orders.erase_buyer(over)
    assert (0, 0, 0) == (again.addresses, again.texts, again.answers)
    shop.orders.note(over, "Canary called")

    assert 1 == shop.orders.erase_buyer(over).texts
    assert [] == canaries(paired)


def test_an_order_of_ones_own_has_a_buyer_too(paired):
    """
    A manual order that was cancelled.
    """
    order_id = paired.app.drafts.create_manual(
        "demo", paired.wanted(CUP=1), BUYER, by=SELLER
    )
    paired.app.orders.cancel("demo", [order_id], by=SELLER)
    done = paired.app.erasing.erase_buyer("demo", order_id, by=SELLER)

    assert ((order_id,), 1) == (done.order_ids, done.addresses)
    assert [] == canaries(paired)


class TestQuotes:
    """
    What a seller typed while asking for a source of what a buyer ordered.
    """

    @pytest.fixture
    def asked(self, paired):
        """
        Return a cancelled order, and the request that was asked from a line of it.
        """
        (order_id,) = paired.sync(told_of(SOCK=1))
        shop = paired.sh.seller("demo")
        request = shop.quotes.ask(
            order_id,
            1,
            link="https://shop.example/canary",
            pictures=["https://shop.example/canary.png"],
            words="Canary wants it blue",
        )
        shop.conversations.say(Subject.QUOTE, request.request_id, "Canary calls")
        shop.orders.cancel([order_id])
        return order_id, request.request_id

    def test_of_a_request_that_has_ended_it_is_forgotten(self, paired, asked):
        """
        Also why it ended.
        """
        order_id, request_id = asked
        shop = paired.sh.seller("demo")
        shop.quotes.withdraw(request_id, reason="Canary left")
        done = shop.orders.erase_buyer(order_id)

        assert 5 == done.texts
        assert [] == canaries(paired)
        assert "(erased)" == shop.quotes.get(request_id).reason
        with nothing_moves(paired):
            assert 0 == shop.orders.erase_buyer(order_id).texts

    def test_of_an_open_one_the_product_is_left(self, paired, asked):
        """
        Staff still look for it; it is forgotten once the request has ended.
        """
        order_id, request_id = asked
        shop = paired.sh.seller("demo")
        assert 2 == shop.orders.erase_buyer(order_id).texts
        assert ["note"] == canaries(paired)
        assert "https://shop.example/canary" == shop.quotes.get(request_id).link

        shop.quotes.withdraw(request_id)
        assert 2 == shop.orders.erase_buyer(order_id).texts
        assert [] == canaries(paired)

    def test_of_another_buyer_it_is_kept(self, paired, asked):
        """
        Each request is of one order's line, or of none.
        """
        shop = paired.sh.seller("demo")
        shop.quotes.ask_for("a lamp", words="Canary lamps sell")
        (other,) = paired.sync(told_of("2", HAT=1))
        shop.orders.cancel([other])
        assert 0 == shop.orders.erase_buyer(other).texts

        assert 2 == shop.orders.erase_buyer(asked[0]).texts
        assert {"message", "note"} == set(canaries(paired))


def test_an_order_that_is_none_is_told_so(paired):
    """
    Nothing moves.
    """
    with nothing_moves(paired), pytest.raises(NotFoundError):
        paired.app.erasing.erase_buyer("demo", "none", by=SELLER)


def test_what_was_forgotten_is_not_due_again(paired, over):
    """
    Deadlines of the order pass as before.
    """
    paired.app.erasing.erase_buyer("demo", over, by=SELLER)
    paired.clock.advance(timedelta(days=90))
    paired.app.clocks.fire()

    assert () == paired.app.audit.run(replay=True).violations


def with_label(bench):
    """
    Return an order whose label is bought, the desk of labels, and that label.
    """
    (order_id,) = bench.sync(told_of(CUP=2))
    bench.pay(order_id)
    bench.app.shipping.accept("demo", [order_id], by=STAFF)
    desk = bench.sh.staff("ann").seller("demo").labels
    return order_id, desk, desk.buy(order_id, method="post:std")


class TestLabels:
    """
    Carriers repeat what they were sent.
    """

    @pytest.fixture
    def post(self):
        """
        Return a carrier.
        """
        return LabelCarrier()

    @pytest.fixture
    def bench(self, storage, violations, post):
        """
        Return a bench that buys labels of it.
        """
        yield from opened(storage, violations, post=post)

    @pytest.mark.parametrize("error", [DeclinedError, UnknownOutcomeError])
    def test_what_a_carrier_says_names_nobody(self, bench, post, error):
        """
        Neither in a row, also that of its circuit, nor to whoever asked.
        """
        (order_id,) = bench.sync(told_of(CUP=2))
        bench.pay(order_id)
        bench.app.shipping.accept("demo", [order_id], by=STAFF)
        words = "no house for CANARY  Nameson, 17 canary row (canaryville)"

        def raises(_):
            raise error(provider="fake", detail=words)

        post.when_asked = raises
        desk = bench.sh.staff("ann").seller("demo").labels
        if error is DeclinedError:
            with pytest.raises(DeclinedError) as ei:
                desk.buy(order_id, method="post:std")
            assert "no house for ***, *** (***)" == ei.value.detail
        else:
            said = desk.buy(order_id, method="post:std").error
            assert "no house for ***, *** (***)" in said
        assert {"contact_version", "told", "order_buyer"} == set(canaries(bench))
        post.when_asked = lambda _: None
        bench.clock.advance(timedelta(hours=1))
        bench.app.labels.run()

    def test_what_it_said_later_is_forgotten(self, bench, post):
        """
        As when it took a label back no more, and said whose it is.
        """
        order_id, desk, label = with_label(bench)

        def raises(call):
            if call == "void":
                raise DeclinedError(provider="fake", detail="Canary Nameson has it")

        post.when_asked = raises
        with suppress(DeclinedError):
            desk.void(label.parcel_id)
        assert "label" in canaries(bench)
        bench.app.relay.run()
        fact = TrackingFact(
            parcel_id=label.parcel_id,
            key="d",
            status=TrackingStatus.DELIVERED,
            happened_at=bench.clock.now(),
        )
        bench.app.tracking.record("demo", [fact], by=CARRIER)
        bench.sh.seller("demo").orders.erase_buyer(order_id)

        assert [] == canaries(bench)
        assert "(erased)" == desk.get(label.label_id).error

    def test_what_it_says_when_its_buyer_is_forgotten_is_not_kept(self, bench, post):
        """
        It is asked once more to take a label back, which is still not known.
        """
        order_id, desk, label = with_label(bench)

        def raises(call):
            if call == "void":
                raise UnknownOutcomeError(provider="fake", detail="Canary moved")

        post.when_asked = raises
        desk.void(label.parcel_id)
        arrived = carried(bench, label.parcel_id, "d", TrackingStatus.DELIVERED)
        bench.app.relay.run()
        bench.app.tracking.record("demo", [arrived], by=CARRIER)
        orders = bench.sh.seller("demo").orders
        orders.erase_buyer(order_id)
        bench.clock.advance(timedelta(hours=5))
        assert 1 == bench.app.labels.run().asked

        assert ["circuit"] == canaries(bench)
        assert "(erased)" == desk.get(label.label_id).error
        with nothing_moves(bench):
            assert 0 == orders.erase_buyer(order_id).texts


def test_what_a_shop_said_of_a_push_is_forgotten(paired, over):
    """
    Why it did not take the parcel, and of whom, in each row that tells of the call.
    """
    (order_id,) = paired.sync(told_of("2", CUP=1))
    paired.pay(order_id)
    words = "Canary Nameson is blocked"

    def refuses(_):
        raise DeclinedError(provider="fake", detail=words)

    paired.shop.when_pushed = refuses
    delivered(paired, order_id)
    assert {"outbox_message", "attempt", "send"} <= set(canaries(paired))
    desk = paired.sh.seller("demo").orders
    for one in (over, order_id):
        desk.erase_buyer(one)

    assert [] == canaries(paired)
    (dead,) = paired.sh.relay.dead().items
    assert "(erased)" == dead.error
    # Its order was held for it, and stays so.
    assert () == paired.app.audit.run(replay=True).violations
    assert ["shop_not_told"] == [hold.reason for hold in desk.get(order_id).holds]
    paired.shop.when_pushed = None
    paired.sh.relay.resend("demo", dead.message_id)
    paired.sh.relay.run()
    assert () == paired.sh.relay.dead().items


def refusing(bench, words="Canary Nameson is blocked"):
    """
    Let the shop refuse what it is told, or asked.
    """

    def refuses(_):
        raise DeclinedError(provider="fake", detail=words)

    bench.shop.when_pushed = refuses
    bench.shop.fetch_error = DeclinedError(provider="fake", detail=words)


def webhook(bench, order, event_id):
    """
    Let the shop tell that an order has changed, and follow it.
    """
    hook = bench.shop.webhook("orders/updated", order, event_id=event_id)
    bench.sh.inbox.receive("demo", "shop", headers=hook.headers, body=hook.body)
    return bench.sh.inbox.run()


def test_what_a_shop_says_of_a_push_later_is_not_kept(paired):
    """
    A parcel that waits for its shop is still told when its buyer has been forgotten.
    """
    (order_id,) = paired.sync(told_of(CUP=1))
    paired.pay(order_id)
    paired.app.shipping.accept("demo", [order_id], by=STAFF)
    parcel_id = paired.ship(order_id, "T1")
    arrived = TrackingFact(
        parcel_id=parcel_id,
        key="d",
        status=TrackingStatus.DELIVERED,
        happened_at=paired.clock.now(),
    )
    paired.app.tracking.record("demo", [arrived], by=CARRIER)
    paired.sh.seller("demo").orders.erase_buyer(order_id)
    refusing(paired)
    assert 1 == paired.app.relay.run().dead

    assert [] == canaries(paired)
    (dead,) = paired.sh.relay.dead().items
    assert "(erased)" == dead.error
    (send,) = paired.sh.relay.sends("demo", dead.message_id)
    assert "(erased)" == send.answer


def test_what_a_shop_says_while_its_buyer_is_forgotten_is_not_kept(paired):
    """
    The push is in a worker's hands then.
    """
    (order_id,) = paired.sync(told_of(CUP=1))
    paired.pay(order_id)
    paired.app.shipping.accept("demo", [order_id], by=STAFF)
    parcel_id = paired.ship(order_id, "T1")
    arrived = carried(paired, parcel_id, "d", TrackingStatus.DELIVERED)
    paired.app.tracking.record("demo", [arrived], by=CARRIER)

    def forgets(_):
        paired.sh.seller("demo").orders.erase_buyer(order_id)
        raise UnknownOutcomeError(provider="fake", detail="Canary Nameson moved")

    paired.shop.when_pushed = forgets
    assert 1 == paired.app.relay.run().postponed
    assert [] == canaries(paired)
    paired.shop.when_pushed = None
    paired.clock.advance(timedelta(hours=1))

    assert 1 == paired.app.relay.run().delivered


class TestInHand:
    """
    A buyer is forgotten while a worker tells their shop of a parcel for the second
    time: it named the buyer when it failed before.
    """

    @pytest.fixture
    def failed(self, paired):
        """
        Return an order that is over, of which a push has failed once and is due again.
        """
        (order_id,) = paired.sync(told_of(CUP=1))
        paired.pay(order_id)
        paired.app.shipping.accept("demo", [order_id], by=STAFF)
        parcel_id = paired.ship(order_id, "T1")
        paired.shop.when_pushed = self.moved
        assert 1 == paired.app.relay.run().postponed
        arrived = carried(paired, parcel_id, "d", TrackingStatus.DELIVERED)
        paired.app.tracking.record("demo", [arrived], by=CARRIER)
        paired.clock.advance(timedelta(hours=1))
        return order_id

    def moved(self, _):
        """
        Fail as a shop that names the buyer.
        """
        raise UnknownOutcomeError(provider="fake", detail="Canary Nameson moved")

    def test_what_the_shop_took_is_told(self, paired, failed):
        """
        Why it did not take it before is forgotten.
        """

        def forgets(_):
            paired.sh.seller("demo").orders.erase_buyer(failed)

        paired.shop.when_pushed = forgets
        assert 1 == paired.app.relay.run().delivered

        assert [] == canaries(paired)
        assert ["T1"] == [f.tracking_number for f in paired.shop.fulfilments.values()]

    def test_what_it_did_not_take_is_told_again(self, paired, failed):
        """
        It is not dead, and says no more why.
        """

        def forgets(push):
            paired.sh.seller("demo").orders.erase_buyer(failed)
            self.moved(push)

        paired.shop.when_pushed = forgets
        assert 1 == paired.app.relay.run().postponed

        assert [] == canaries(paired)

    def test_what_another_takes_back_is_forgotten(self, paired, failed):
        """
        The worker slept past its lease, and says of the call only that it was made.
        """
        left = []

        def sleeps(push):
            paired.shop.when_pushed = None
            paired.sh.seller("demo").orders.erase_buyer(failed)
            paired.clock.advance(paired.app.settings.lease)
            assert 1 == paired.app.relay.recover()
            left.extend(canaries(paired))
            self.moved(push)

        paired.shop.when_pushed = sleeps
        paired.app.relay.run(worker="a")
        assert set(left) <= {"circuit"}

        assert () == paired.app.relay.dead()
        assert [] == canaries(paired)


def test_what_a_shop_said_last_is_kept_for_a_month(paired):
    """
    Of a connection that answers no more, as of a shop that was disconnected.
    """
    (order_id,) = paired.sync(told_of(CUP=1))
    paired.pay(order_id)

    def moved(_):
        raise UnknownOutcomeError(provider="fake", detail="Canary Nameson moved")

    paired.shop.when_pushed = moved
    delivered(paired, order_id)
    desk = paired.sh.seller("demo")
    desk.stores.disconnect("shop")
    paired.clock.advance(timedelta(days=30))
    paired.sh.worker(name="w").round()
    desk.orders.erase_buyer(order_id)
    assert ["circuit"] == canaries(paired)
    paired.clock.advance(timedelta(seconds=1))
    paired.sh.clocks.forget()

    assert [] == canaries(paired)


def test_a_repair_keeps_nothing_of_what_was_said(paired):
    """
    Neither the plan nor what is kept of it for ever: of a lost attempt, and of a
    connection's trouble that is removed.
    """
    (order_id,) = paired.sync(told_of(CUP=1))
    paired.pay(order_id)
    refusing(paired)
    delivered(paired, order_id)
    rows = dump(paired.app.storage)["attempt"]
    trouble = Circuit(
        connection="demo/nobody",
        state="resting",
        failures=1,
        next_at=paired.clock.now(),
        error="Canary Nameson was not found",
        changed_at=paired.clock.now(),
    )

    def harm(session):
        session.delete(ATTEMPTS.table, [row[:3] for row in rows])
        session.insert(CIRCUITS.table, [CIRCUITS.to_row(trouble)])

    paired.app.storage.transact(harm, read_only=False)
    plan = paired.sh.repair.plan()
    assert {"attempt", "circuit"} == {change.table_name for change in plan.changes}
    assert "canary" not in repr(plan).casefold()
    paired.sh.repair.do(plan, reason="a test", by="ann")
    paired.sh.seller("demo").orders.erase_buyer(order_id)

    assert [] == canaries(paired)
    shown = {one.table_name: one.before | one.after for one in paired.sh.repair.list()}
    assert ("", "(not shown)") == (
        shown["attempt"]["error"],
        shown["circuit"]["error"],
    )


def test_why_a_webhook_was_not_followed_is_forgotten(paired, over):
    """
    Also where it is told when the buyer has been forgotten already.
    """
    refusing(paired)
    webhook(paired, "1", "before")
    assert "inbox_event" in canaries(paired)
    paired.sh.seller("demo").orders.erase_buyer(over)
    assert [] == canaries(paired)
    webhook(paired, "1", "after")

    assert [] == canaries(paired)
    dead = paired.sh.inbox.list(state="dead").items
    assert ["(erased)"] * 2 == [event.error for event in dead]


@pytest.mark.usefixtures("over")
def test_why_it_was_not_followed_is_kept_no_longer_than_the_webhook(paired):
    """
    Else nothing would say of whom it was when a buyer is forgotten later.
    """
    refusing(paired)
    webhook(paired, "1", "dead")
    paired.clock.advance(paired.app.settings.lease)
    paired.sh.clocks.forget()
    assert "inbox_event" in canaries(paired)
    paired.clock.advance(timedelta(days=30))
    paired.sh.clocks.forget()

    assert "inbox_event" not in canaries(paired)
    (dead,) = paired.sh.inbox.list(state="dead").items
    assert "(erased)" == dead.error


def test_of_a_webhook_that_is_not_kept_only_the_kind_of_failure_is(paired, over):
    """
    Nothing would say of whom the shop's words were.
    """
    desk = paired.sh.seller("demo")
    desk.stores.change("shop", told_days=0)
    refusing(paired)
    webhook(paired, "1", "dead")
    (dead,) = paired.sh.inbox.list(state="dead").items
    assert "DeclinedError: (not shown)" == dead.error
    desk.orders.erase_buyer(over)

    assert [] == canaries(paired)


def test_of_one_that_waits_for_longer_the_kind_of_failure_is_kept(paired, over):
    """
    What was said before goes with the webhook, and what is said later is not kept.
    """

    def said():
        (waiting,) = paired.sh.inbox.list(state="waiting").items
        return waiting.error

    paired.shop.fetch_error = ThrottledError(
        provider="fake", detail="Canary waits", retry_after=timedelta(days=1)
    )
    webhook(paired, "1", "slow")
    assert "ThrottledError: fake: Canary waits" == said()
    paired.clock.advance(timedelta(days=30))
    paired.sh.clocks.forget()
    assert "(erased)" == said()
    paired.sh.inbox.run()
    assert "ThrottledError: (not shown)" == said()
    paired.sh.seller("demo").orders.erase_buyer(over)

    assert [] == canaries(paired)


def test_what_was_wrong_with_what_a_shop_told_is_forgotten(paired, over):
    """
    A plugin's words of an order that cannot be trusted.
    """
    paired.shop.fetch_error = ProtocolError(
        provider="fake", detail="Canary Nameson is no name"
    )
    webhook(paired, "1", "odd")
    assert "rejected_row" in canaries(paired)
    desk = paired.sh.seller("demo")
    desk.orders.erase_buyer(over)

    assert [] == canaries(paired)
    (problem,) = desk.stores.problems("shop").items
    assert "(erased)" == problem.detail


@pytest.mark.parametrize("how", ["webhook", "page"])
def test_what_is_wrong_with_what_a_shop_tells_later_is_not_kept(paired, over, how):
    """
    It is a problem, of which is not said what a plugin says of the order.
    """
    desk = paired.sh.seller("demo")
    desk.orders.erase_buyer(over)
    if how == "webhook":
        paired.shop.fetch_error = ProtocolError(provider="fake", detail="Canary is odd")
        webhook(paired, "1", "odd")
    else:
        reason = RejectReason.NOT_TRUSTED
        odd = Reject(0, reason, "1", "Canary has no line", facts="Canary")
        other = attrs.evolve(odd, external_id="2", detail="no line", facts="none")
        page = OrderPage((), (odd, other), (), "9", has_more=False)
        paired.shop.pages = [page]
        desk.stores.sync("shop")
    told = {p.external_id: p.detail for p in desk.stores.problems("shop").items}

    assert ["told"] == canaries(paired)
    assert {"1": "(erased)"} | ({} if how == "webhook" else {"2": "no line"}) == told


class Forgetful:
    """
    A plugin that is told of events, and names a buyer when it fails.
    """

    def __init__(self):
        self.fails = True

    @hookimpl
    def sourcehere_event(self, event):
        """
        Fail, for as long as it is to.
        """
        if self.fails and event.stream != "connection":
            msg = f"Canary Nameson is locked, at {event.sequence}"
            raise RuntimeError(msg)


class TestListeners:
    """
    Plugins that are told of what happens to an order, and to a dispute about it.
    """

    @pytest.fixture
    def plugin(self):
        """
        Return one.
        """
        return Forgetful()

    @pytest.fixture
    def bench(self, storage, violations, plugin):
        """
        Return a bench that tells it.
        """
        made = open_bench(storage=storage, connected=["CUP"], plugins=[plugin])
        yield made
        assert () == violations(made)

    def test_what_they_said_is_forgotten(self, bench, plugin):
        """
        Of what waits to be told again, and of what is dead; also what they say later.
        """
        (order_id,) = bench.sync(told_of(CUP=1))
        bench.pay(order_id)
        delivered(bench, order_id)
        shop = bench.sh.seller("demo")
        evidence = {"photo": "p", "description": "d"}
        dispute = shop.disputes.open(
            order_id,
            reason=DisputeReason.DAMAGED,
            quantities={"1.1": 1},
            evidence=evidence,
        )
        shop.disputes.withdraw(dispute.dispute_id)
        bench.app.relay.run()
        assert {"outbox_message", "circuit"} <= set(canaries(bench))
        shop.orders.erase_buyer(order_id)
        bench.clock.advance(timedelta(hours=8))
        bench.app.relay.run()

        assert "outbox_message" not in canaries(bench)
        plugin.fails = False
        while bench.sh.relay.waiting():
            bench.clock.advance(timedelta(hours=8))
            bench.app.relay.run()
        assert [] == canaries(bench)

    def test_what_a_plugin_said_is_forgotten_when_it_is_removed(self, bench):
        """
        Its name is known only by what it left dead.
        """
        (order_id,) = bench.sync(told_of(CUP=1))
        bench.pay(order_id)
        while bench.sh.relay.waiting() and not bench.sh.relay.dead().items:
            bench.clock.advance(timedelta(hours=8))
            bench.app.relay.run()
        delivered(bench, order_id)
        bare = sourcehere.open(
            storage=bench.app.storage, clock=bench.clock, load_entry_points=False
        )
        assert "outbox_message" in canaries(bench)
        bare.seller("demo").orders.erase_buyer(order_id)
        dead = {message.error for message in bare.relay.dead().items}

        assert {"(erased)"} == dead

    def test_so_is_what_it_said_of_an_event_that_was_discarded(self, bench):
        """
        Of a plugin that is removed, and left nothing dead.
        """
        (order_id,) = bench.sync(told_of(CUP=1))
        bench.pay(order_id)
        while not bench.sh.relay.dead().items:
            bench.clock.advance(timedelta(hours=8))
            bench.app.relay.run()
        (dead,) = bench.sh.relay.dead().items
        bench.sh.relay.discard("demo", dead.message_id)
        delivered(bench, order_id)
        bare = sourcehere.open(
            storage=bench.app.storage, clock=bench.clock, load_entry_points=False
        )
        assert "outbox_message" in canaries(bench)
        bare.seller("demo").orders.erase_buyer(order_id)

        assert "outbox_message" not in canaries(bench)


class TestPlaces:
    """
    The last places of a parcel are where its buyer lives.
    """

    @pytest.fixture
    def post(self):
        """
        Return a carrier that makes keys of time, status and place, as many do.
        """
        return TrackingCarrier()

    @pytest.fixture
    def bench(self, storage, violations, post):
        """
        Return a bench whose parcels it is asked about.
        """
        yield from opened(storage, violations, post=post)

    @pytest.fixture
    def silent(self, bench, post):
        """
        Return an order that is over since nothing else was heard of its parcel.
        """
        order_id, parcel_id = sent_to(bench)
        at = bench.clock.now()
        post.facts["T1"] = [
            out_for_delivery(at + timedelta(hours=1)),
            carrier_fact(TrackingStatus.IN_TRANSIT, at),
        ]
        assert 2 == bench.sh.tracking.run().facts_new
        bench.clock.advance(bench.app.settings.deliver_after)
        bench.app.clocks.fire()
        assert "fulfilled" == bench.app.orders.get("demo", order_id).state
        return order_id, parcel_id

    def test_they_are_forgotten(self, bench, silent):
        """
        When it was where, and what else was said, is not; nor is it taken in again.
        """
        order_id, parcel_id = silent
        desk = bench.sh.seller("demo")
        before, parcel = desk.parcels.events(parcel_id), desk.parcels.get(parcel_id)
        assert "tracking_event" in canaries(bench)
        desk.orders.erase_buyer(order_id)

        assert [] == canaries(bench)
        after = desk.parcels.events(parcel_id)
        assert ["", "(erased)"] == [fact.place for fact in after]
        assert [attrs.evolve(fact, key="", place="") for fact in before] == [
            attrs.evolve(fact, key="", place="") for fact in after
        ]
        assert parcel == desk.parcels.get(parcel_id)
        with nothing_moves(bench):
            desk.orders.erase_buyer(order_id)

    def test_what_comes_later_is_kept_without_them(self, bench, post, silent):
        """
        What was known before is known; what is new moves the parcel.
        """
        order_id, parcel_id = silent
        desk = bench.sh.seller("demo")
        desk.orders.erase_buyer(order_id)
        fact = attrs.evolve(
            out_for_delivery(bench.clock.now()), status=TrackingStatus.DELIVERED
        )
        post.facts["T1"].append(fact)
        facts = [
            TrackingFact(
                parcel_id=parcel_id,
                key=f"post:{one.key}",
                status=one.status,
                happened_at=one.happened_at,
                place=one.place,
            )
            for one in post.facts["T1"]
        ]

        assert {parcel_id: 1} == bench.app.tracking.record(
            "demo", facts, by=CARRIER
        ).done
        with nothing_moves(bench):
            bench.app.tracking.record("demo", facts, by=CARRIER)
        assert [] == canaries(bench)
        assert "delivered" == desk.parcels.get(parcel_id).status
        assert ["", "(erased)", "(erased)"] == [
            one.place for one in desk.parcels.events(parcel_id)
        ]

    def test_two_numbers_may_use_the_same_keys(self, bench, silent):
        """
        After it was forgotten as before.
        """
        order_id, parcel_id = silent
        fact = TrackingFact(
            parcel_id=parcel_id,
            key="post:out_for_delivery",
            status=TrackingStatus.IN_TRANSIT,
            happened_at=bench.clock.now(),
            place="Canaryville",
            tracking_number="T0",
        )
        bench.app.tracking.record("demo", [fact], by=CARRIER)
        bench.sh.seller("demo").orders.erase_buyer(order_id)
        other = attrs.evolve(fact, tracking_number="T9")
        both = bench.app.tracking.record("demo", [fact, other], by=CARRIER)
        with nothing_moves(bench):
            bench.app.tracking.record("demo", [other, fact], by=CARRIER)

        assert {parcel_id: 1} == both.done
        assert [] == canaries(bench)

    def test_of_another_buyer_they_are_kept(self, bench, silent):
        """
        Though both are told in one report.
        """
        order_id, parcel_id = silent
        bench.sh.seller("demo").orders.erase_buyer(order_id)
        _, other = sent_to(bench, "2", "T2")
        facts = [
            TrackingFact(
                parcel_id=one,
                key="next",
                status=TrackingStatus.OUT_FOR_DELIVERY,
                happened_at=bench.clock.now(),
                place="Canaryville",
            )
            for one in (parcel_id, other)
        ]
        bench.app.tracking.record("demo", facts, by=CARRIER)

        desk = bench.sh.seller("demo").parcels
        assert ("next", "Canaryville") == (
            desk.events(other)[-1].key,
            desk.events(other)[-1].place,
        )
        assert "(erased)" == desk.events(parcel_id)[-1].place


def sent_to(bench, number="1", tracking_number="T1"):
    """
    Send an order to the buyer; return it and its parcel.
    """
    (order_id,) = bench.sync(told_of(number, CUP=1))
    bench.pay(order_id)
    bench.app.shipping.accept("demo", [order_id], by=STAFF)
    return order_id, bench.ship(order_id, tracking_number)


def out_for_delivery(at):
    status = TrackingStatus.OUT_FOR_DELIVERY
    key = f"{at.isoformat()} {status} Canaryville"
    return carrier_fact(status, at, key=key, place="Canaryville")


@pytest.mark.parametrize("new_storage", ["postgresql"], indirect=True)
class TestAtOnce:
    """
    On PostgreSQL, where writers do not wait for each other; elsewhere one is at a time.
    """

    @pytest.fixture
    def between(self, new_storage):
        """
        Return a storage in which somebody can come between.
        """
        return Between(new_storage())

    @pytest.fixture
    def bench(self, between, violations):
        """
        Return a bench on it.
        """
        yield from opened(between, violations, post=TrackingCarrier())

    def test_what_is_told_meanwhile_has_no_place_either(self, bench, between):
        """
        Who tells it waits for the order, and finds that its buyer is forgotten.
        """
        order_id, parcel_id = sent_to(bench)
        delivered = carried(bench, parcel_id, "1", TrackingStatus.DELIVERED)
        bench.app.tracking.record("demo", [delivered], by=CARRIER)
        later = carried(bench, parcel_id, "2", TrackingStatus.RETURN_TO_SENDER)
        between.behind(
            "find",
            TRACKING_EVENTS.table,
            lambda: bench.app.tracking.record("demo", [later], by=CARRIER),
        )
        bench.sh.seller("demo").orders.erase_buyer(order_id)
        between.others.wait()

        found = bench.sh.seller("demo").parcels.events(parcel_id)
        assert ["(erased)"] * 2 == [fact.place for fact in found]
        assert [] == canaries(bench)


def carried(bench, parcel_id, key, status):
    return TrackingFact(
        parcel_id=parcel_id,
        key=f"{key} Canaryville",
        status=status,
        happened_at=bench.clock.now(),
        place="Canaryville",
    )
