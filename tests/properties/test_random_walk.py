"""
Whatever anybody does, in whatever order: nothing is lost, and refusals change nothing.
"""

import os
import re
from datetime import timedelta
from functools import partial

import attrs
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from sourcehere import (
    Count,
    DisputeReason,
    GoodwillReason,
    Money,
    NewConnection,
    NewParcel,
    Remedy,
    SourceHereError,
    TrackingFact,
    TrackingStatus,
)
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.domain.disputes.policy import POLICY
from sourcehere.services.base.bulk import BulkReport
from sourcehere.services.intake.supplying import ended_by_store
from sourcehere.services.pairing.asking import QuoteWish
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import (
    CARRIER,
    HOME,
    SELLER,
    STAFF,
    Fault,
    dump,
    open_bench,
    shop_line,
    snapshot,
)
from sourcehere.unit.tables import TABLES
from sourcehere.unit.tables.disputes import DISPUTES
from sourcehere.unit.tables.shipments import PARCELS
from sourcehere.unit.tables.stores import STORE_ORDERS
from sourcehere.unit.tables.wallet import LEDGER, REFUNDS, WALLETS
from sourcehere.unit.tables.warehouse import ALLOCATIONS, LOTS, MOVEMENTS

# `nox -s walks` walks more often.
WALKS = int(os.environ.get("SOURCEHERE_RANDOM_WALKS", "4"))
SKUS = ("CUP", "cup", "HAT", "SET", "SOCK")
UNPAID = ("unrecognized", "awaiting_payment", "ignored")
EVIDENCE = {"description": "look", "photo": "p"}
MOVES = ("take", "ask", "answer", "counter", "reject", "withdraw", "expire")
SELLERS_MOVES = ("answer", "counter", "withdraw")
picks = st.integers(0, 1_000)
few = st.integers(1, 4)
chances = st.booleans()
lines_of_shop = st.lists(st.tuples(st.sampled_from(SKUS), few), min_size=1, max_size=3)
days = st.lists(picks, min_size=2, max_size=8)
REASONS = list(DisputeReason)
ENDS = {
    "awaiting_shipping": ("all", "cancel", "reject"),
    "partially_shipped": ("short",),
    "shipped": ("lost",),
}
addresses = st.sampled_from([HOME, attrs.evolve(HOME, country="AU")])


def kept(item):
    """
    Count the units that left, and are neither refunded nor back.
    """
    refunded = max(item.quantity_refunded - item.quantity_cancelled, 0)
    return max(item.quantity_shipped - refunded - item.quantity_returned, 0)


class Walk(RuleBasedStateMachine):
    """
    A seller, staff, a shop and a carrier who do what they like.
    """

    new_storage = staticmethod(partial(MemoryStorage, TABLES))

    @initialize(
        begun=st.lists(st.tuples(lines_of_shop, days), min_size=3, max_size=6),
        arrived=st.lists(st.integers(3, 5), max_size=3),
    )
    def begin(self, begun, arrived):
        """
        A few days of business as usual.
        """
        storage = self.new_storage()
        self.bench = open_bench(top_up=3_000_00, storage=storage)
        self.app = self.bench.app
        self.topped_up = self.first = 3_000_00
        self.given: list[tuple[str, int]] = []
        self.names = 0
        self.given_up: set[str] = set()
        self.bench.connect(self.bench.rule("CUP"))
        self.bench.connect(self.bench.rule("HAT"))
        self.bench.connect(self.bench.rule("SET", CUP=2, HAT=1))
        for cups in arrived:
            self.bench.stocked(CUP=cups, HAT=1)
            self.bench.clock.advance(timedelta(hours=1))
        for lines, picked in begun:
            self.place_in_shop(lines, paid=True)
            self.go_on(picked)

    # What everybody has in common.

    def name(self):
        self.names += 1
        return f"n{self.names}"

    def orders(self, *states):
        page = self.app.orders.page("demo", limit=500).orders
        found = self.app.orders.get_many("demo", [o.order_id for o in page])
        return [o for o in found if not states or o.state in states]

    def one(self, pick, *states):
        found = self.orders(*states)
        return found[pick % len(found)] if found else None

    def attempt(self, act, *args, **options):
        """
        Do it; where it is refused, nothing may have moved.
        """
        before = dump(self.app.storage)
        try:
            result = act(*args, **options)
        except SourceHereError:
            assert before == dump(self.app.storage)
            return None
        if isinstance(result, BulkReport) and not result.done:
            assert before == dump(self.app.storage)
        return result

    def reject(self, seller_id, order_id, *, by):
        """
        Reject one order, with words.
        """
        return self.app.orders.reject(seller_id, [order_id], "not made", by=by)

    def some(self, order, pick, left):
        """
        Choose some units of some items, now and then too many.
        """
        chosen = {}
        for place, item in enumerate(order.items.values()):
            quantity = (pick >> place) % (left(item) + 1)
            if quantity:
                chosen[item.item_id] = quantity + (pick % 19 == 0)
        if not chosen and pick % 9:
            for item in order.items.values():
                if left(item):
                    return {item.item_id: 1}
        return chosen

    @rule(picked=days)
    def work(self, picked):
        """
        The same again: most of what happens is what usually does.
        """
        self.go_on(picked)

    @rule(picked=days)
    def go_on(self, picked):
        """
        Whatever comes next for some orders, in the usual order of things.
        """
        for pick in picked:
            order = self.one(pick)
            if order is not None:
                self.next_step(order, pick)

    def next_step(self, order, pick):
        match order.state:
            case "unrecognized" if is_mixed(order) and pick % 3:
                self.process_paired_lines(pick, order=order)
            case "unrecognized":
                self.connect(order.lines[-1].sku, "HAT")
                self.app.relay.run()
            case "awaiting_payment":
                self.pay(1, pick=pick, each=True, later=False, order=order)
            case "awaiting_shipping" if order.kind == "cloud_warehouse":
                self.receive(0, pick, 0, off=False, order=order)
            case "awaiting_shipping" if order.accepted_at is None:
                self.accept(order)
            case "awaiting_shipping" | "partially_shipped":
                self.ship(0, [pick], order=order)
            case "shipped" | "receiving" if order.kind == "cloud_warehouse":
                self.receive(0, pick, pick % 2, off=pick % 5 == 0, order=order)
            case "shipped" | "fulfilled":
                self.dispute(0, pick, pick, order=order)
                self.discuss(pick, "take", amount=pick)

    # The shop.

    @rule(begun=st.lists(st.tuples(lines_of_shop, days), min_size=1, max_size=3))
    def sell(self, begun):
        """
        Customers buy; some of it is paid for, and sent, before anything else happens.
        """
        for lines, picked in begun:
            self.place_in_shop(lines, paid=picked[0] % 5 > 0)
            self.go_on(picked[: picked[1] % 5])

    def place_in_shop(self, lines, *, paid):
        self.names += 1
        order = attrs.evolve(
            snapshot(str(self.names)),
            lines=written(lines),
            paid_at_store=paid,
        )
        self.let_in()
        self.bench.sync(order)

    @rule(
        pick=picks,
        lines=st.none() | lines_of_shop,
        cancelled=st.sampled_from([False, False, False, True]),
        address=addresses,
        known=st.integers(0, 2),
    )
    def edit_in_shop(self, pick, lines, *, cancelled, address, known):
        found = [o for o in self.orders() if o.kind == "store"]
        if not found:
            return
        name = found[pick % len(found)].external_id
        before = self.bench.shop.fetch_order(name)
        now = before.lines if lines is None else written(lines)
        self.let_in()
        self.bench.sync(
            attrs.evolve(
                before,
                lines=tuple(
                    attrs.evolve(n, quantity_fulfilled=min(known, n.quantity))
                    for n in now
                ),
                cancelled=cancelled,
                paid_at_store=True,
                address=address,
            )
        )

    # The seller, before payment.

    @rule(
        what=st.sampled_from(
            ["connect", "change", "remove", "sku", "part", "quote", "not ours"]
        ),
        pick=picks,
        sku=st.sampled_from(SKUS),
        to=st.sampled_from(["CUP", "HAT", "LAMP"]),
    )
    def pair(self, what, pick, sku, to):
        match what:
            case "connect":
                self.connect(sku, to)
            case "change" | "remove":
                self.change_connection(pick, to, remove=what == "remove")
            case "sku":
                self.connect_sku(pick, 1 + pick % 3, 1 + pick % 4)
            case "part":
                self.process_paired_lines(pick)
            case "not ours":
                self.call_not_ours(sku, undo=pick % 3 == 0)
            case "quote":
                self.quote(pick, pick % 600, accept=pick % 2 == 0)

    @rule(
        what=st.sampled_from(
            [
                *("ignore", "restore", "cancel", "address"),
                *("top_up", "correct", "pay_out", "give", "take_back"),
            ]
        ),
        pick=picks,
        address=addresses,
    )
    def change_mind(self, what, pick, address):
        match what:
            case "address":
                self.correct_address(pick, address)
            case "top_up":
                self.top_up(1 + pick)
            case "correct":
                self.correct_top_up(300 * pick)
            case "pay_out":
                self.pay_out(1 + pick)
            case "give":
                self.give_goodwill(1 + pick)
            case "take_back":
                self.take_back_goodwill(pick)
            case _:
                self.set_aside(pick, what)

    def connect(self, sku, to):
        new = NewConnection(
            store_id="shop", listing=sku, rules=(self.bench.rule(sku, **{to: 1}),)
        )
        self.attempt(self.app.pairing.connect, "demo", new, by=SELLER)

    def change_connection(self, pick, to, *, remove):
        found = [c for c in self.app.pairing.connections("demo") if c.is_active]
        if not found:
            return
        chosen = found[pick % len(found)]
        if remove:
            self.attempt(
                self.app.pairing.remove, "demo", chosen.connection_id, by=SELLER
            )
            return
        self.attempt(
            self.app.pairing.change,
            "demo",
            chosen.connection_id,
            rules=[self.bench.rule(chosen.rules[0].sku, **{to: 2})],
            method="",
            by=STAFF,
        )

    def connect_sku(self, pick, line, quantity):
        order = self.one(pick, "unrecognized", "awaiting_payment")
        if not order:
            return
        pairing = self.app.pairing
        command = (
            pairing.connect_sku,
            pairing.correct,
            pairing.disconnect_line,
            pairing.follow_connection,
        )[pick % 4]
        items = [(self.bench.variants["HAT"], quantity)]
        given = [items] if pick % 4 < 2 else []
        self.attempt(command, "demo", order.order_id, line, *given, by=SELLER)

    def call_not_ours(self, sku, *, undo):
        not_ours = self.app.not_ours
        if undo:
            self.attempt(not_ours.unmark, "demo", "shop", [sku])
        else:
            self.attempt(not_ours.mark, "demo", "shop", [sku], by=SELLER)

    def process_paired_lines(self, pick, order=None):
        found = self.orders("unrecognized", "awaiting_payment")
        chosen = [o for o in found if is_mixed(o)] or found
        if order is None and chosen:
            order = chosen[pick % len(chosen)]
        if order is not None:
            self.attempt(
                self.app.orders.process_paired_lines,
                "demo",
                [order.order_id],
                by=(SELLER, STAFF, CARRIER)[pick % 3],
            )

    def quote(self, pick, price, *, accept):
        order = self.one(pick, "unrecognized")
        if not order:
            return
        waiting = [n.line for n in order.lines if not n.is_paired] or [1]
        quotes = self.app.quotes
        request_id = self.attempt(
            quotes.ask,
            "demo",
            QuoteWish(order_id=order.order_id, line=waiting[0]),
            by=SELLER,
        )
        if request_id is None:
            return
        self.attempt(
            quotes.answer,
            "demo",
            request_id,
            variant_id=self.bench.variants["CUP"],
            tiers={1: price},
            valid_until=self.bench.clock.now() + timedelta(days=5),
            by=STAFF,
        )
        if accept:
            self.attempt(quotes.accept, "demo", request_id, by=SELLER)

    def set_aside(self, pick, command):
        order = self.one(pick, "unrecognized", "ignored", "awaiting_payment", "draft")
        if order:
            act = getattr(self.app.orders, command)
            self.attempt(act, "demo", [order.order_id], by=SELLER)

    def correct_address(self, pick, address):
        order = self.one(pick)
        if order:
            moved = attrs.evolve(address, street=self.name())
            self.attempt(
                self.app.orders.correct_address,
                "demo",
                order.order_id,
                moved,
                by=SELLER,
            )

    @rule(
        cups=st.integers(1, 6),
        hats=st.integers(1, 3),
        cloud=chances,
        draws=chances,
        through=st.lists(picks, max_size=3),
    )
    def draft(self, cups, hats, through, *, cloud, draws):
        wanted = self.bench.wanted(CUP=cups, HAT=hats)
        drafts = self.app.drafts
        if cloud:
            made = self.attempt(drafts.create_cloud, "demo", "CN1", wanted, by=SELLER)
        else:
            made = self.attempt(
                drafts.create_manual,
                "demo",
                wanted,
                HOME,
                by=SELLER,
                draws_on_stock=draws,
            )
        self.attempt(drafts.place, "demo", made, by=SELLER)
        for pick in through:
            self.next_step(self.app.orders.get("demo", made), pick)

    # Money.

    def top_up(self, minor):
        self.app.wallets.top_up(
            "demo", Money(minor, "USD"), reference=self.name(), by=STAFF
        )
        self.topped_up += minor

    def correct_top_up(self, minor):
        """
        Say what arrived by the first transfer: all that was spent may be owed then.
        """
        self.app.wallets.correct_top_up("demo", "first", Money(minor, "USD"), by=STAFF)
        self.topped_up += minor - self.first
        self.first = minor

    def pay_out(self, minor):
        paid = self.attempt(
            self.app.wallets.pay_out,
            *("demo", Money(minor, "USD")),
            reference=self.name(),
            by=STAFF,
        )
        if paid is not None:
            self.topped_up -= minor

    def give_goodwill(self, minor):
        """
        Credit the seller, for an order where there is one.
        """
        orders, reference = self.orders(), self.name()
        self.app.wallets.give_goodwill(
            "demo",
            Money(minor, "USD"),
            reference=reference,
            reason=GoodwillReason.LATE,
            order_id=orders[minor % len(orders)].order_id if orders else "",
            by=STAFF,
        )
        self.given.append((reference, minor))
        self.topped_up += minor

    def take_back_goodwill(self, pick):
        if not self.given:
            return
        reference, minor = self.given[pick % len(self.given)]
        taken = self.attempt(
            self.app.wallets.take_back_goodwill, "demo", reference, by=STAFF
        )
        if taken is not None:
            self.given.remove((reference, minor))
            self.topped_up -= minor

    @rule(count=st.integers(1, 5), each=chances, later=chances, pick=picks)
    def pay(self, count, *, each, later, pick, order=None):
        found = self.orders("awaiting_payment")
        chosen = [o.order_id for o in found[pick % 3 :][:count]]
        if order is not None:
            chosen = [order.order_id]
        if pick % 7 == 0:
            chosen += [o.order_id for o in self.orders()[:1]]
        checkouts = self.app.checkouts
        offer = self.attempt(checkouts.checkout, "demo", chosen, by=SELLER, each=each)
        if offer is None:
            return
        if later:
            self.bench.clock.advance(timedelta(minutes=1))
            self.edit_in_shop(pick, None, cancelled=False, address=HOME, known=0)
        for _ in range(1 + later):
            self.attempt(
                checkouts.pay,
                "demo",
                offer.checkout_id,
                expected_total=offer.total,
                by=SELLER,
                each=each,
                command_id=offer.checkout_id if later else "",
            )

    # The warehouse.

    def accept(self, order):
        self.attempt(self.app.shipping.accept, "demo", [order.order_id], by=STAFF)

    @rule(picked=days)
    def warehouse(self, picked):
        """
        Parcels leave, receipts come, units are given up.
        """
        for pick in picked:
            number = pick // 5
            match pick % 5:
                case 0 | 1:
                    self.ship(number, [number, pick, number * 3][: 1 + pick % 3])
                case 2:
                    self.refund_units(number, pick)
                case 3:
                    self.end(number)
                case 4:
                    self.receive(number, pick, pick % 2, off=pick % 11 == 0)

    @rule(picked=days)
    def quarrel(self, picked):
        """
        Disputes are opened, talked over and settled, and orders ended beside them.
        """
        for pick in picked:
            number = pick // 4
            match pick % 4:
                case 0:
                    unsent = self.one(number, "awaiting_shipping", "partially_shipped")
                    self.dispute(number, pick, number, order=unsent)
                case 1:
                    self.dispute(number, pick, number)
                case 2:
                    self.discuss(number, MOVES[number % len(MOVES)], amount=pick)
                case 3:
                    self.end(number, disputed=True)

    def ship(self, pick, parts, order=None):
        order = order or self.one(pick, "awaiting_shipping", "partially_shipped")
        if not order:
            return
        if order.accepted_at is None:
            self.accept(order)
        parcels = [
            NewParcel(
                order_id=order.order_id,
                carrier="post",
                tracking_number=self.name(),
                quantities=None
                if part % 5 == 0
                else self.some(order, part, lambda item: item.quantity_left),
            )
            for part in parts
        ]
        self.attempt(self.app.shipping.ship_many, "demo", parcels, by=STAFF)

    def refund_units(self, pick, units):
        order = self.one(pick, "awaiting_shipping", "partially_shipped")
        if order:
            self.attempt(
                self.app.orders.refund_units,
                "demo",
                order.order_id,
                self.some(order, units, lambda item: item.quantity_left),
                by=STAFF,
            )

    def end(self, pick, *, disputed=False):
        found = self.orders(*ENDS)
        if disputed:
            found = [o for o in found if o.disputes]
        if not found:
            return
        order = found[pick % len(found)]
        fitting = ENDS[order.state] if pick % 5 else ("short", "all", "cancel", "lost")
        what = fitting[pick // 5 % len(fitting)]
        act, by = {
            "short": (self.app.shipping.short_ship_rest, STAFF),
            "all": (self.app.orders.refund_all, STAFF),
            "reject": (self.reject, STAFF),
            "cancel": (self.app.disputes.request_cancel, SELLER),
            "lost": (self.app.orders.give_up, STAFF),
        }[what]
        self.attempt(act, "demo", order.order_id, by=by)

    def receive(self, pick, units, damaged, *, off, order=None):
        order = order or self.one(pick, "awaiting_shipping", "shipped", "receiving")
        if not order or order.kind != "cloud_warehouse":
            return
        cloud = self.app.cloud
        if order.state == "awaiting_shipping":
            self.attempt(cloud.dispatch, "demo", order.order_id, by=STAFF)
            return
        if off:
            self.attempt(cloud.write_off_rest, "demo", order.order_id, by=STAFF)
            return
        chosen = self.some(order, units, lambda item: item.quantity_outstanding)
        counts = {n: Count(q, damaged, units % 2) for n, q in chosen.items()}
        self.attempt(cloud.receive, "demo", order.order_id, counts, by=STAFF)

    @rule(pick=picks)
    def hold(self, pick):
        """
        Staff look through what is held; seldom they hold something themselves.
        """
        order = self.one(pick)
        if order and pick % 4 == 0:
            self.attempt(
                self.app.orders.hold, "demo", order.order_id, detail="", by=STAFF
            )
        for held in self.orders() if pick % 4 else ():
            for hold in held.holds[: 1 + pick % 2]:
                self.attempt(
                    self.app.orders.release_hold,
                    "demo",
                    held.order_id,
                    hold.hold_id,
                    by=STAFF,
                )

    # Parcels.

    @rule(picked=days)
    def parcels(self, picked):
        """
        Carriers say things, and staff find that they wrote a number down wrong.
        """
        statuses = list(TrackingStatus)
        for pick in picked:
            if pick % 3:
                self.track(pick // 3, statuses[pick % len(statuses)], pick % 4)
            else:
                self.correct(pick // 3, void=pick % 2 == 0)

    def track(self, pick, status, key):
        found = [PARCELS.from_row(r) for r in dump(self.app.storage)["parcel"]]
        if found:
            fact = TrackingFact(
                parcel_id=found[pick % len(found)].parcel_id,
                key=f"{status}{key}",
                status=status,
                happened_at=self.bench.clock.now(),
            )
            self.attempt(self.app.tracking.record, "demo", [fact], by=CARRIER)

    def correct(self, pick, *, void):
        found = [PARCELS.from_row(r) for r in dump(self.app.storage)["parcel"]]
        if not found:
            return
        parcel = found[pick % len(found)]
        shipping = self.app.shipping
        self.attempt(
            shipping.void_parcel if void else shipping.correct_tracking,
            "demo",
            parcel.order_id,
            parcel.parcel_id,
            carrier="post",
            tracking_number=self.name(),
            by=STAFF,
        )

    # Disputes.

    def dispute(self, pick, units, why, order=None):
        order = order or self.one(
            pick,
            "awaiting_shipping",
            "partially_shipped",
            "shipped",
            "receiving",
            "fulfilled",
        )
        if order:
            fitting = [r for r in REASONS if order.state in POLICY[r].states]
            reasons = fitting if why % 5 else REASONS

            def free(item):
                disputed = sum(
                    units.quantity
                    for dispute in order.disputes
                    for units in dispute.items
                    if units.item_id == item.item_id
                )
                return max(item.quantity - item.quantity_refunded - disputed, 0)

            new = NewDispute(
                order_id=order.order_id,
                reason=reasons[why % len(reasons)],
                quantities=self.some(order, units, free),
                evidence=EVIDENCE,
                remedy=Remedy.REFUND if pick % 3 else Remedy.RESHIP,
            )
            self.attempt(self.app.disputes.open, "demo", new, by=SELLER)

    def discuss(self, pick, move, amount):
        orders = [o for o in self.orders() if o.disputes]
        if not orders:
            return
        marks = orders[pick % len(orders)].disputes
        dispute_id = marks[pick % len(marks)].dispute_id
        disputes = self.app.disputes
        by = SELLER if move in SELLERS_MOVES else STAFF
        if amount % 3 == 0:
            self.attempt(disputes.move, "demo", dispute_id, move, by=by, text="so")
        elif amount % 3 == 1:
            self.attempt(disputes.move, "demo", dispute_id, "take", by=STAFF)
            self.attempt(disputes.grant, "demo", dispute_id, by=STAFF)
        else:
            self.attempt(disputes.move, "demo", dispute_id, "take", by=STAFF)
            if amount % 2:
                self.attempt(disputes.offer, "demo", dispute_id, amount, by=STAFF)
            else:
                self.attempt(disputes.offer_reship, "demo", dispute_id, by=STAFF)
            self.attempt(disputes.accept, "demo", dispute_id, by=SELLER)

    @rule(picked=days)
    def shelves(self, picked):
        """
        Goods come back, and staff count what lies there.
        """
        for pick in picked:
            number = pick // 3
            if pick % 3:
                self.restock(number, pick)
            else:
                self.count(number, pick % 7, refunds=pick % 2 == 0)

    def restock(self, pick, units):
        order = self.one(pick, "partially_shipped", "shipped", "fulfilled")
        if order:
            self.attempt(
                self.app.cloud.restock,
                "demo",
                order.order_id,
                "CN1",
                self.some(order, units, kept),
                by=STAFF,
            )

    def count(self, pick, less, *, refunds):
        stock = self.app.cloud.stock("demo")
        if stock:
            view = stock[pick % len(stock)]
            self.attempt(
                self.app.cloud.count,
                "demo",
                view.warehouse_id,
                view.variant_id,
                max(view.on_hand + 2 - less, 0),
                refunds=refunds,
                by=STAFF,
            )

    # Time, and what happens by itself.

    @rule(faults=st.lists(st.none() | st.sampled_from(list(Fault)), max_size=3))
    def relay(self, faults):
        self.bench.shop.faults = list(faults)
        self.app.relay.run()
        self.bench.shop.faults = []

    @rule(pick=picks)
    def discard(self, pick):
        """
        Now and then staff give up a push that nobody will send by themselves.
        """
        dead = self.app.relay.dead()
        if dead and pick % 3 == 0:
            message = dead[pick % len(dead)]
            self.app.relay.discard("demo", message.message_id, by=STAFF)
            self.given_up.add(message.key)

    @rule(hours=st.sampled_from([1, 1, 1, 24, 24 * 15, 24 * 46]))
    def wait(self, hours):
        self.bench.clock.advance(timedelta(hours=hours))
        self.app.clocks.fire()

    # What always holds.

    @invariant()
    def nothing_is_made_or_lost(self):
        assert () == self.app.audit.run().violations
        tables, orders = dump(self.app.storage), self.orders()
        self.require_money(tables, orders)
        self.require_units(tables, orders)
        self.require_told_once(tables, orders)
        self.require_store_lines(orders)

    def require_money(self, tables, orders):
        """
        What was topped up is in the wallet, or earned by orders and not refunded; and
        what was granted in a dispute is what came back for it.
        """
        (wallet,) = (WALLETS.from_row(row) for row in tables["wallet"])
        earned = sum(
            entry.amount_minor
            for entry in map(LEDGER.from_row, tables["ledger_entry"])
            if entry.account in ("goods", "freight", "handling")
        )
        assert self.topped_up == wallet.available + wallet.held + wallet.debt + earned
        assert earned == sum((o.captured - o.refunded).minor for o in orders)
        refunded = dict.fromkeys((row[1] for row in tables["dispute"]), 0)
        for refund in map(REFUNDS.from_row, tables["refund"]):
            if refund.dispute_id:  # units that have left and those that have not
                refunded[refund.dispute_id] += refund.amount_minor
        disputes = map(DISPUTES.from_row, tables["dispute"])
        assert {d.dispute_id: d.granted_minor for d in disputes} == refunded

    def require_units(self, tables, orders):
        """
        Good units, and those that came back, are on the shelf, sent to customers, given
        back, or lost; what is refunded, back and disputed never left twice.
        """
        items = [item for order in orders for item in order.items.values()]
        good = sum(item.quantity_good + item.quantity_returned for item in items)
        allocations = map(ALLOCATIONS.from_row, tables["allocation"])
        sent = sum(allocation.quantity_shipped for allocation in allocations)
        moves = map(MOVEMENTS.from_row, tables["stock_movement"])
        signs = {"removed": 1, "lost": 1, "found": -1}
        gone = sum(signs.get(move.kind, 0) * move.quantity for move in moves)
        on_hand = sum(LOTS.from_row(row).on_hand for row in tables["lot"])
        assert good == on_hand + sent + gone
        for item in items:
            refunded = max(item.quantity_refunded - item.quantity_cancelled, 0)
            if item.quantity_returned:
                assert refunded + item.quantity_returned <= item.quantity_shipped

    def require_told_once(self, tables, orders):
        """
        No store unit is in two parcels that count, and none that was not ordered.
        """
        told = {}
        for parcel in map(PARCELS.from_row, tables["parcel"]):
            for units in () if parcel.replaced_by else parcel.store_units:
                place = (parcel.order_id, units.external_line_id)
                told[place] = told.get(place, 0) + units.quantity
        for order in orders:
            for line in order.lines:
                place = (order.order_id, line.external_line_id)
                assert told.pop(place, 0) <= line.quantity
        assert {} == told

    def require_store_lines(self, orders):
        """
        While nothing is paid, the parts of a shop's order together have what it wants.

        What the shop ended with its part counts no more: it may want it again. The
        audit looks at what is paid.
        """
        told = {}
        left_out = self.left_out()
        for order in orders:
            if order.kind == "store" and not ended_by_store(order):
                told.setdefault(order.external_id, []).append(order)
        for name, parts in told.items():
            ours = [(n.external_line_id, n.quantity) for o in parts for n in o.lines]
            if all(o.state in UNPAID for o in parts):
                theirs = self.bench.shop.fetch_order(name).lines
                wanted = [
                    (n.external_line_id, n.quantity_wanted)
                    for n in theirs
                    if n.external_line_id not in left_out.get(name, ())
                ]
                assert sorted(ours) == sorted(w for w in wanted if w[1])

    def left_out(self):
        """
        Return the lines of each order of the shop that are not ours.
        """
        rows = dump(self.app.storage, [STORE_ORDERS.table])[STORE_ORDERS.table.name]
        return {
            record.external_id: {
                line.external_line_id for line in record.lines if line.is_not_ours
            }
            for record in map(STORE_ORDERS.from_row, rows)
        }

    def let_in(self):
        """
        Put right the credentials that the shop refused, if it did.
        """
        stores = self.bench.sh.seller("demo").stores
        if stores.get("shop").state == "paused":
            stores.resume("shop")

    def teardown(self):
        """
        In the end the shop knows every live parcel, as it is now; where it has made the
        line one of another SKU, the order is held for it.
        """
        if not hasattr(self, "app"):
            return
        relay = self.app.relay
        self.bench.clock.advance(timedelta(days=3))
        self.resend(relay.dead())
        for _ in range(60):
            self.let_in()
            relay.run()
            self.resend([m for m in relay.dead() if not is_of_another_sku(m)])
            stuck = {message.lane for message in relay.dead()}
            # The job that follows a push has a lane of that name, too, and goes on.
            behind = [
                m for m in relay.waiting() if m.lane in stuck and m.channel == "store"
            ]
            if len(behind) == len(relay.waiting()):
                break
            self.bench.clock.advance(timedelta(days=3))
        self.require_all_told(stuck, {message.subject for message in behind})
        assert tuple(behind) == tuple(relay.waiting())
        assert () == self.app.audit.run(replay=True).violations

    def require_all_told(self, stuck, behind):
        """
        Every parcel was told, or its order is held for a push that nobody can make, or
        somebody gave it up; what is to be told of the order after that waits *behind*.
        """
        dead = {message.subject for message in self.app.relay.dead()}
        stores = {o.order_id: o for o in self.orders() if o.kind == "store"}
        for name in stuck:
            held_for = {h.parcel_id for h in stores[name].holds if is_not_told(h)}
            assert held_for & dead
        for row in dump(self.app.storage)["parcel"]:
            parcel = PARCELS.from_row(row)
            is_live = parcel.order_id in stores and not parcel.replaced_by
            if is_live and parcel.parcel_id not in dead | behind:
                self.require_told(parcel)

    def resend(self, messages):
        for message in messages:
            self.app.relay.resend("demo", message.message_id, by=STAFF)

    def require_told(self, parcel):
        key = f"{parcel.parcel_id}:{parcel.order_id}:{parcel.revision}"
        # A definite no used a key up: then it is told under the next one.
        told = [
            fulfilment.tracking_number
            for name, fulfilment in self.bench.shop.fulfilments.items()
            if name == key or name.startswith(f"{key}:")
        ]
        is_enough = [parcel.tracking_number] == told
        assert is_enough or (key in self.given_up and not told)


def is_not_told(hold):
    return hold.reason == "shop_not_told"


def is_of_another_sku(message):
    """
    Tell whether a push is dead because the shop's line is not of what left any more.
    """
    is_other = re.search(r"^line \w+ is \w+ by now, and \w+ has left", message.error)
    return message.kind.startswith("push") and is_other is not None


def written(lines):
    """
    Write down lines of a shop's order.
    """
    return tuple(
        shop_line(sku, quantity, number=number)
        for number, (sku, quantity) in enumerate(lines, start=1)
    )


def is_mixed(order):
    """
    Tell whether some lines of an order are paired, and some are not.
    """
    return len({line.is_paired for line in order.lines}) > 1


def walking(examples, steps=50):
    """
    Return what decides how often to walk, and how far.
    """
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


Walk.TestCase.settings = walking(WALKS)
TestWalk = pytest.mark.slow(Walk.TestCase)


@pytest.mark.long
@pytest.mark.slow
def test_walks_on_databases_too(new_storage):
    """
    A shorter walk on every kind of storage breaks no promise either.
    """
    walk = type("WalkOnDatabase", (Walk,), {"new_storage": staticmethod(new_storage)})
    run_state_machine_as_test(walk, settings=walking(max(WALKS // 10, 2), steps=25))
