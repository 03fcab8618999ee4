"""
What a seller and a clerk expect when they read the text, told at their desks.
"""

from datetime import timedelta

import attrs
import pytest

from sourcehere import (
    DisputeReason,
    Money,
    Price,
    ProductChange,
    Subject,
    Tab,
    TrackingFact,
    TrackingStatus,
)
from sourcehere.testing.factories import CARRIER, HOME, NOON, snapshot

DAY = timedelta(days=1)
LINK = "https://detail.1688.com/offer/612345678901.html?spm=a1"


def usd(text):
    """
    Return an amount.
    """
    return Money.parse(text, "USD")


@pytest.fixture
def shop(bench):
    """
    The seller's desk.
    """
    return bench.sh.seller("demo")


@pytest.fixture
def ann(bench):
    """
    Ann of the staff, at the seller's desk.
    """
    return bench.sh.staff("ann").seller("demo")


def tell(bench, order_id, status, key="k"):
    """
    Let the carrier say something of every parcel of an order.
    """
    facts = [
        TrackingFact(
            parcel_id=parcel.parcel_id,
            key=key,
            status=status,
            happened_at=bench.clock.now(),
        )
        for parcel in bench.sh.seller("demo").parcels.of_order(order_id)
    ]
    bench.app.tracking.record("demo", facts, by=CARRIER)


def in_tab(shop, tab):
    """
    List what a tab shows, by number.
    """
    return sorted(order.number for order in shop.orders.list(tab=tab))


class TestStoreOrders:
    def test_they_are_synchronized_without_a_hand(self, bench, shop):
        """
        The store is tied to the platform: a worker reads it when it is due, new orders
        are here, edits and cancellations of unpaid ones are followed.
        """
        bench.connect(bench.rule("CUP"))
        shop.stores.change("shop", pull_every_s=600)
        first = snapshot("1", CUP=1)
        bench.shop.put(first)
        bench.shop.put(snapshot("2", CUP=1))
        bench.sh.pulls.run()
        assert ["#1", "#2"] == in_tab(shop, Tab.AWAITING_PAYMENT)

        bench.shop.put(snapshot("1", CUP=3))
        bench.shop.put(attrs.evolve(snapshot("2", CUP=1), cancelled=True))
        bench.clock.advance(DAY)
        bench.sh.pulls.run()
        (order,) = shop.orders.list(tab=Tab.AWAITING_PAYMENT)
        assert ("#1", 3) == (order.number, order.units)
        assert ["#2"] == in_tab(shop, Tab.CANCELLED)

    def test_from_the_clerk_s_queues_to_the_customer(self, bench, shop, ann):
        """
        Paid, it waits to be accepted, then to be packed; sent, it is on its way until
        the customer has it, or until nobody said otherwise for long enough.
        """
        bench.connect(bench.rule("CUP"))
        queues = bench.sh.staff("ann").queues
        told, silent = (bench.paid(name, CUP=1) for name in "12")
        assert {told, silent} == {o.order_id for o in queues.orders_to_accept()}
        ann.shipping.accept([told, silent])
        assert [] == list(queues.orders_to_accept())
        assert {told, silent} == {o.order_id for o in queues.orders_to_pick()}
        for order_id in (told, silent):
            ann.shipping.ship(order_id, carrier="post", tracking_number=order_id[-6:])
        assert [] == list(queues.orders_to_pick())
        assert ["#1", "#2"] == in_tab(shop, Tab.SHIPPED)

        bench.sh.relay.run()
        pushed = bench.shop.fulfilments.values()
        assert {told[-6:], silent[-6:]} == {notice.tracking_number for notice in pushed}
        tell(bench, told, TrackingStatus.DELIVERED)
        assert ["#1"] == in_tab(shop, Tab.FULFILLED)
        tell(bench, silent, TrackingStatus.IN_TRANSIT)
        for _ in range(70):
            bench.clock.advance(DAY)
            bench.app.clocks.fire()
        assert ["#1", "#2"] == in_tab(shop, Tab.FULFILLED)

    def test_an_abnormal_order_says_what_there_is_to_do(self, bench, shop, ann):
        """
        It leaves its status for the tab Abnormal, says whose turn it is and what to do,
        and comes back when that was done.
        """
        bench.connect(bench.rule("CUP"))
        order_id = bench.paid("1", CUP=1)
        held = ann.orders.hold(order_id, detail="which colour?")
        (order,) = shop.orders.list(tab=Tab.ABNORMAL)
        (hold,) = order.holds
        assert ("staff", "release the hold when its reason is gone") == (
            hold.who,
            hold.what_to_do,
        )
        assert [] == in_tab(shop, Tab.AWAITING_SHIPPING)
        assert [order_id] == [
            o.order_id for o in bench.sh.staff("ann").queues.orders_held()
        ]
        ann.orders.release_hold(order_id, held.hold_id)
        assert ["#1"] == in_tab(shop, Tab.AWAITING_SHIPPING)
        assert [] == in_tab(shop, Tab.ABNORMAL)

    def test_the_information_is_checked_and_a_mode_chosen(self, bench, shop):
        """
        Awaiting payment, a seller corrects the address, sees every shipment mode with
        its freight and days, chooses one, and pays that.
        """
        bench.connect(bench.rule("CUP"))
        (order_id,) = bench.sync(snapshot("1", CUP=1))
        address = shop.orders.address(order_id)
        shop.orders.correct_address(order_id, attrs.evolve(address, city="Erie"))
        assert "Erie" == shop.orders.address(order_id).city

        modes = shop.checkouts.modes(order_id)
        prices = {mode.method: mode.freight for mode in modes.modes}
        assert {"std": usd("4.00"), "express": usd("30.00")} == prices
        assert ("std", "express") == (modes.cheapest, modes.fastest)
        shop.orders.choose_shipping([order_id], "express")
        payment = shop.checkouts.pay(shop.checkouts.open([order_id]))
        assert {order_id: usd("35.00")} == dict(payment.paid)


class TestQuotes:
    def test_ask_for_quote_and_the_salesman(self, bench, shop, ann):
        """
        A seller asks with a link and words, or the salesman directly; the reply names a
        product whose link is opened; accepted, the order waits for payment.
        """
        staff = bench.sh.staff("ann")
        staff.sellers.put_salesman("ann", name="Ann", channels={"whatsapp": "+86 1"})
        staff.sellers.assign("demo", "ann")
        (order_id,) = bench.sync(snapshot("1", SOCK=2))
        asked = shop.quotes.ask(order_id, 1, link=LINK, words="In blue?")
        assert "+86 1" == shop.salesman().channels[0].address

        (waiting,) = staff.queues.quotes_to_answer()
        assert (asked.request_id, LINK) == (waiting.request_id, waiting.link)
        cup = bench.variants["CUP"]
        product_id = shop.catalog.variants([cup])[cup].product_id
        staff.catalog.change_product(product_id, ProductChange(link=LINK))
        ann.quotes.answer(
            asked.request_id,
            variant_id=cup,
            prices=(Price(usd("4.00")),),
            valid_until=NOON + 7 * DAY,
        )
        ann.conversations.say(Subject.QUOTE, asked.request_id, "Yes, in blue.")
        said = shop.conversations.messages(Subject.QUOTE, asked.request_id)
        assert ["In blue?", "Yes, in blue."] == [message.text for message in said]

        quote = shop.quotes.view(asked.request_id)
        product = shop.catalog.get(quote.product_id)
        assert LINK == product.link
        other = "https://m.1688.com/offer/612345678901.html"
        assert [product] == list(shop.catalog.find_by_link(other))
        shop.quotes.accept(asked.request_id)
        bench.sh.relay.run()
        assert ["#1"] == in_tab(shop, Tab.AWAITING_PAYMENT)
        assert {order_id: 2 * 400 + 550} == bench.pay(order_id).paid

    def test_attributes_that_do_not_match(self, bench, shop, ann):
        """
        The seller asks the salesman to solve it, in words; they connect on the seller's
        behalf, and the call is over.
        """
        (order_id,) = bench.sync(snapshot("1", SOCK=1))
        call = shop.connections.ask_for_help(order_id, 1, "Which of yours is navy?")
        queues = bench.sh.staff("ann").queues
        (wanted,) = queues.help_wanted()
        assert (call.help_id, order_id, 1) == (
            wanted.help_id,
            wanted.order_id,
            wanted.line,
        )
        ann.conversations.say(Subject.HELP, call.help_id, "The dark blue one.")
        bench.connect(attrs.evolve(bench.rule("CUP"), sku="SOCK"))
        bench.sh.relay.run()
        assert [] == list(queues.help_wanted())
        assert ["#1"] == in_tab(shop, Tab.AWAITING_PAYMENT)


class TestDepute:
    def test_customer_service_communicates(self, bench, shop, ann):
        """
        A reason is submitted, staff ask and the seller answers, in one place that both
        find; it ends with a refund, or with words that say why not.
        """
        bench.connect(bench.rule("CUP"))
        order_id = bench.accepted("1", CUP=4)
        bench.ship(order_id)
        names = [
            shop.disputes.open(
                order_id,
                reason=DisputeReason.DAMAGED,
                quantities={"1.1": 1},
                evidence={"description": f"broken {n}", "photo": f"photo-{n}"},
            ).dispute_id
            for n in (1, 2)
        ]
        queues = bench.sh.staff("ann").queues
        assert names == [d.dispute_id for d in queues.disputes_to_take()]
        for name in names:
            ann.disputes.take(name)
            ann.disputes.ask(name, text="Where is it broken?")
            shop.disputes.answer(name, text="At the handle.")
        granted = ann.disputes.grant(names[0])
        ann.disputes.reject(names[1], reason="That photo shows another cup.")

        assert usd("5.00") == granted.refunded
        said = shop.conversations.messages(Subject.DISPUTE, names[1])
        assert [
            ("seller", "broken 2"),
            ("seller", "photo-2"),
            ("staff", "Where is it broken?"),
            ("seller", "At the handle."),
            ("staff", "That photo shows another cup."),
        ] == [(str(message.by.role), message.text) for message in said]
        assert ["#1"] == in_tab(shop, Tab.REFUNDS)


class TestLocalStock:
    def test_goods_bought_to_keep_serve_the_shop(self, bench, shop, ann):
        """
        A seller buys cups to keep, sells one at a market, and sends two to a customer
        of the shop, who costs nothing more.
        """
        cup = bench.variants["CUP"]
        home = attrs.evolve(HOME, name="Me")
        order_id = shop.drafts.manual(bench.wanted(CUP=5), home).order_id
        shop.drafts.place(order_id)
        bench.pay(order_id)
        ann.shipping.accept([order_id])
        bench.ship(order_id, "T1")
        tell(bench, order_id, TrackingStatus.DELIVERED)
        assert "fulfilled" == shop.orders.get(order_id).state

        assert 5 == shop.local_stock.receive(order_id).units
        shop.local_stock.sell(cup, 1, note="at the market")
        bench.connect(bench.rule("CUP"))
        (customers,) = bench.sync(snapshot("1", CUP=2))
        paid = bench.balance()
        shop.orders.serve_from_local_stock([customers])

        assert [(cup, 2)] == [
            (s.variant_id, s.on_hand) for s in shop.local_stock.list()
        ]
        assert paid == bench.balance()
        assert ["#1"] == in_tab(shop, Tab.CANCELLED)
        bench.clock.advance(60 * DAY)
        bench.sh.clocks.fire()
        assert "local_stock" == shop.orders.get(customers).cancel_reason
