"""
Desks: bound to a seller and to who asks; nobody acts for another.
"""

import pytest

from sourcehere import (
    SYSTEM,
    Actor,
    CommandRefusedError,
    ForbiddenError,
    InvalidInputError,
    Money,
    NotFoundError,
    Role,
    Wanted,
)
from sourcehere.domain.wallet.errors import SpendGuardError
from sourcehere.testing.factories import HOME, nothing_moves, snapshot


class TestWhoAsks:
    @pytest.mark.parametrize("name", ["b", "Demo"])
    def test_another_seller_gets_no_desk(self, bench, name):
        """
        Another seller may not even read.
        """
        actor = Actor(Role.SELLER, name)
        with nothing_moves(bench), pytest.raises(ForbiddenError) as ei:
            bench.sh.seller("demo", by=actor)

        assert (actor, "act for seller:demo") == (ei.value.actor, ei.value.action)

    @pytest.mark.parametrize(
        "actor", [Actor(Role.SELLER, "demo"), Actor(Role.STAFF, "ann"), SYSTEM]
    )
    def test_the_seller_and_staff_and_the_host_do(self, bench, actor):
        """
        The seller themselves, staff and the host's own jobs get the seller's desk.
        """
        desk = bench.sh.seller("demo", by=actor)

        assert ("demo", actor) == (desk.seller_id, desk.actor)
        assert "USD" == desk.profile().currency

    def test_what_is_done_says_who_did_it(self, shop, ann, bench):
        """
        The actor of a desk stands in the timeline.
        """
        order_id = bench.paid("1", CUP=1)
        ann.shipping.accept([order_id])
        shop.orders.note(order_id, "please hurry")

        told = {entry.kind: str(entry.by) for entry in shop.orders.timeline(order_id)}
        assert ("staff:ann", "seller:demo") == (told["order.accepted"], told["note"])

    def test_staff_only(self, bench, shop):
        """
        What is for staff refuses the seller, and nothing moves.
        """
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            shop.wallet.top_up(Money.parse("1", "USD"), reference="T-9")
        assert ("role_not_allowed",) == ei.value.codes


class TestNames:
    @pytest.mark.parametrize("by", ["demo", Actor(Role.STAFF), Actor(Role.STAFF, "\0")])
    def test_who_asks_has_a_name(self, bench, by):
        """
        Events keep who asked, so that nobody asks without a name that can be kept.
        """
        with nothing_moves(bench), pytest.raises(InvalidInputError):
            bench.sh.seller("demo", by=by)

    @pytest.mark.parametrize("name", ["", "bad id!", "a/b", "-a", "a" * 65, "ä", "a\n"])
    def test_ids_are_checked_when_made(self, bench, name):
        """
        What could not stand in a URL or a file name is no id of a seller or of staff.
        """
        staff = bench.sh.staff("ann")
        for made in (
            lambda: bench.sh.seller(name),
            lambda: bench.sh.staff(name),
            lambda: staff.seller(name),
            lambda: staff.sellers.register(name, name="A", currency="USD"),
        ):
            with nothing_moves(bench), pytest.raises(InvalidInputError):
                made()

    @pytest.mark.parametrize("name", ["", " ", "two\nlines", "n" * 201])
    def test_a_name_is_one_line(self, bench, name):
        """
        A seller's name is one line that people can read.
        """
        sellers = bench.sh.staff("ann").sellers
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            sellers.register("new-shop", name=name, currency="USD")
        assert "name" == ei.value.field

    def test_a_name_may_be_in_any_script(self, bench):
        """
        People's names are in people's scripts.
        """
        made = bench.sh.staff("ann").sellers.register(
            "lamp-2", name="灯笼店 Łódź", currency="USD"
        )
        assert "灯笼店 Łódź" == made.name


class TestMainRoad:
    def test_an_order_is_paid_sent_and_read_in_one_look(self, bench, shop, ann):
        """
        An offer carries the total agreed to; details are read at one moment.
        """
        (order_id,) = bench.sync(snapshot("1", CUP=2))
        offer = shop.checkouts.open([order_id])
        paid = shop.checkouts.pay(offer)
        ann.shipping.accept([order_id])
        sent = ann.shipping.ship(order_id, carrier="post", tracking_number="T1")
        told = shop.orders.details(order_id)

        assert Money.parse("15.50", "USD") == offer.total == paid.total
        assert {order_id: offer.total} == paid.paid
        assert ("shipped", "Shipped", 2) == (
            told.order.state,
            told.order.status,
            told.order.units,
        )
        assert [sent.parcel_id] == [p.parcel_id for p in told.parcels]
        assert ((), ()) == (told.refunds, told.disputes)
        assert ("open_dispute", "note") == told.allowed
        assert [
            "came from shop as #1: 2 units; to be paid by 2026-03-16",
            "paid 15.50 USD (goods 10.00 USD, freight 5.50 USD), by std",
            "accepted by the warehouse",
            "sent 2 units in a parcel",
        ] == [entry.words for entry in told.timeline]

    def test_an_id_alone_says_nothing_of_what_was_agreed(self, bench, shop):
        """
        Paying by a checkout's id needs the total; another one, or currency, is refused.
        """
        (order_id,) = bench.sync(snapshot("1", CUP=2))
        name = shop.checkouts.open([order_id]).checkout_id

        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            shop.checkouts.pay(name)
        assert "expected_total" == ei.value.field
        with nothing_moves(bench), pytest.raises(SpendGuardError):
            shop.checkouts.pay(name, expected_total=Money.parse("1", "USD"))
        agreed = Money.parse("15.50", "USD")
        assert agreed == shop.checkouts.pay(name, expected_total=agreed).total

    def test_nothing_is_a_total_too(self, bench, shop):
        """
        An offer that somebody agreed to for nothing is not paid at its price.
        """
        (order_id,) = bench.sync(snapshot("1", CUP=2))
        offer = shop.checkouts.open([order_id])

        with nothing_moves(bench), pytest.raises(SpendGuardError):
            shop.checkouts.pay(offer, expected_total=Money.zero("USD"))

    def test_an_empty_id_is_not_found(self, bench, shop):
        """
        Nothing has no name, and what is no link is said to be none.
        """
        with nothing_moves(bench), pytest.raises(NotFoundError) as ei:
            shop.catalog.get("")
        assert ("product", "") == (ei.value.kind, ei.value.id)
        with pytest.raises(InvalidInputError) as refused:
            shop.catalog.find_by_link("http://[")
        assert "link" == refused.value.field

    def test_a_reader_gets_no_commands(self, bench, shop):
        """
        An order that was read cannot be changed: it has facts, and no methods to move.
        """
        (order_id,) = bench.sync(snapshot("1", CUP=2))
        order = shop.orders.get(order_id)

        assert not hasattr(order, "cancel")
        with pytest.raises(AttributeError):
            order.state = "cancelled"
        assert "awaiting_payment" == shop.orders.get(order_id).state

    def test_the_pick_queue_says_what_is_left(self, bench):
        """
        A queue shows headers that say how many units an order has.
        """
        order_id = bench.accepted("1", CUP=2, HAT=1)

        (header,) = bench.sh.staff("ann").queues.orders_to_pick()
        assert (order_id, 3, "demo") == (
            header.order_id,
            header.units,
            header.seller_id,
        )

    def test_a_draft_is_created_and_placed_once(self, bench, shop):
        """
        A command id answers a repeat with the first answer.
        """
        wanted = [Wanted(bench.variants["CUP"], 3)]
        first = shop.drafts.manual(wanted, HOME, command_id="d1")
        again = shop.drafts.manual(wanted, HOME, command_id="d1")
        placed = shop.drafts.place(first.order_id, command_id="p1")

        assert first == again
        assert ("draft", "awaiting_payment") == (first.state, placed.state)
        with nothing_moves(bench):
            assert placed == shop.drafts.place(first.order_id, command_id="p1")


class TestEveryCommandOnce:
    def test_a_hold_and_a_note_are_made_once(self, bench, shop, ann):
        """
        Commands that made something before a command id was known make it once now.
        """
        (order_id,) = bench.sync(snapshot("1", CUP=1))
        held = ann.orders.hold(order_id, detail="look", command_id="h1")
        noted = shop.orders.note(order_id, "a word", command_id="n1")
        with nothing_moves(bench):
            again = ann.orders.hold(order_id, detail="look", command_id="h1")
            noted_again = shop.orders.note(order_id, "a word", command_id="n1")
        released = ann.orders.release_hold(order_id, held.hold_id, command_id="r1")
        with nothing_moves(bench):
            ann.orders.release_hold(order_id, held.hold_id, command_id="r1")

        assert (held, noted, None) == (again, noted_again, released)


class TestOperating:
    def test_the_relay_shows_what_waits_and_what_it_did(self, bench):
        """
        A parcel's push waits, is delivered once, and is gone from the list.
        """
        bench.ship(bench.accepted("1", CUP=1))
        relay = bench.sh.relay

        (message,) = [m for m in relay.waiting() if m.kind == "push_tracking"]
        assert 1 <= relay.run().delivered
        assert () == relay.waiting().items
        assert () == relay.dead().items
        (attempt,) = relay.attempts("demo", message.message_id)
        assert "succeeded" == attempt.state

    def test_only_who_operates_may(self, bench):
        """
        Staff have the same at their desk, and a message that is not dead is not resent.
        """
        bench.ship(bench.accepted("1", CUP=1))
        relay = bench.sh.staff("ann").relay
        (message,) = [m for m in relay.waiting() if m.kind == "push_tracking"]

        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            relay.resend("demo", message.message_id)
        assert ("message", "waiting") == (ei.value.field, ei.value.value)

    def test_clocks_and_audit_are_the_hosts(self, bench):
        """
        Nothing is due at once; the audit is clean.
        """
        bench.sync(snapshot("1", CUP=1))

        assert () == bench.sh.clocks.due()
        assert (0, 0) == (
            bench.sh.clocks.fire().fired,
            bench.sh.clocks.fire().skipped,
        )
        assert bench.sh.audit.run(replay=True).is_clean


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.STORE, Role.CARRIER])
def test_outsiders_read_nothing(bench, role):
    """
    A customer, a shop or a carrier reports facts; none of them reads a seller's data.
    """
    order_id = bench.paid("1", CUP=1)
    desk = bench.sh.seller("demo", by=Actor(role, "somebody"))
    for read in (
        desk.wallet.get,
        desk.orders.list,
        lambda: desk.orders.get(order_id),
        lambda: desk.orders.address(order_id),
    ):
        with pytest.raises(ForbiddenError):
            read()
