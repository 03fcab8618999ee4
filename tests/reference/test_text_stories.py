"""
The stories of the reference text, told through the public API as the text tells them.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from sourcehere import (
    CommandRefusedError,
    Count,
    DisputeReason,
    MappingRule,
    Money,
    NewConnection,
    Price,
    RuleItem,
    Tab,
    TrackingFact,
    TrackingStatus,
)
from sourcehere.domain.freight.handling import Source
from sourcehere.domain.orders.kinds import CHARTS, OrderKind
from sourcehere.domain.orders.tabs import LABELS
from sourcehere.domain.talk.model import Subject
from sourcehere.services.pairing.asking import QuoteWish
from sourcehere.services.refunds.dispute_refunds import NewDispute
from sourcehere.testing.factories import CARRIER, HOME, NOON, SELLER, STAFF, snapshot


def state(bench, order_id):
    return bench.app.orders.get(bench.seller, order_id).state


def tabs(bench):
    counts = bench.app.orders.counts(bench.seller)
    return {tab.value: count for tab, count in counts.items() if count}


def days_of(arrival):
    estimate = arrival.estimate
    return arrival.source, estimate.earliest, estimate.latest


def deliver(bench, order_id):
    facts = [
        TrackingFact(
            parcel_id=parcel.parcel_id,
            key="delivered",
            status=TrackingStatus.DELIVERED,
            happened_at=NOON,
        )
        for parcel in bench.app.tracking.parcels(bench.seller, order_id)
    ]
    bench.app.tracking.record(bench.seller, facts, by=CARRIER)


class TestKinds:
    def test_there_are_three_kinds(self):
        """
        Orders are store orders, manual orders or cloud-warehouse orders, each with a
        chart and a label.
        """
        assert ["store", "manual", "cloud_warehouse"] == [k.value for k in OrderKind]
        assert set(OrderKind) == CHARTS.keys()
        assert "Cloud warehouse order" == LABELS[OrderKind.CLOUD]

    def test_a_shop_order_is_synchronized(self, paired):
        """
        An order placed in a connected shop is here after a sync, of kind store.
        """
        (order_id,) = paired.sync(snapshot("9", CUP=2))

        order = paired.app.orders.get("demo", order_id)
        assert ("store", "shop", "#9") == (order.kind, order.store_id, order.number)
        page = paired.app.orders.page("demo", store_id="shop")
        assert [order_id] == [o.order_id for o in page.orders]

    def test_a_manual_order_buys_samples_and_bulk(self, bench):
        """
        A seller buys a few samples or a lot, sent to an address of theirs, at the tier.
        """
        prices = []
        for quantity in (1, 10):
            order_id = bench.app.drafts.create_manual(
                "demo", bench.wanted(CUP=quantity), HOME, by=SELLER
            )
            bench.app.drafts.place("demo", order_id, by=SELLER)
            bench.pay(order_id)
            prices.append(bench.app.orders.get("demo", order_id).goods.minor)

        assert [500, 4500] == prices


class TestTabs:
    def test_each_status_has_its_tab(self):
        """
        The tabs are those of the text, in its order, with its labels.
        """
        labels = [LABELS[tab] for tab in Tab]

        assert [
            "ALL",
            "Unrecognized",
            "Awaiting Payment",
            "Awaiting Shipping",
            "Shipped",
            "Abnormal",
            "Fulfilled",
            "Cancelled",
            "Refunds",
            "Other Orders",
        ] == labels

    def test_orders_are_found_in_the_tab_of_their_status(self, bench):
        """
        Every order is in ALL and in the tab of its status, and in Refunds beside it.
        """
        for sku in ("CUP", "HAT"):
            bench.connect(bench.rule(sku))
        bench.sync(snapshot("1", LAMP=1))
        (ignored,) = bench.sync(snapshot("2", LAMP=1))
        bench.app.orders.ignore("demo", [ignored], by=SELLER)
        (cancelled,) = bench.sync(snapshot("3", CUP=1))
        bench.app.orders.cancel("demo", [cancelled], by=SELLER)
        bench.sync(snapshot("4", CUP=1))
        bench.paid("5", CUP=1)
        shipped = bench.accepted("6", CUP=1)
        bench.ship(shipped, "T6")
        fulfilled = bench.accepted("7", CUP=1)
        bench.ship(fulfilled, "T7")
        deliver(bench, fulfilled)
        held = bench.paid("8", CUP=1)
        bench.app.orders.hold("demo", held, detail="look", by=STAFF)
        refunded = bench.paid("9", CUP=1)
        bench.app.orders.refund_all("demo", refunded, by=STAFF)

        assert {
            "all": 9,
            "unrecognized": 1,
            "other": 1,
            "cancelled": 2,
            "awaiting_payment": 1,
            "awaiting_shipping": 1,
            "shipped": 1,
            "fulfilled": 1,
            "abnormal": 1,
            "refunds": 1,
        } == tabs(bench)


class TestConnectedProduct:
    def test_from_payment_to_the_customer(self, paired):
        """
        A connected product's order awaits payment, then shipping, is shipped by staff
        and fulfilled when the customer has it.
        """
        (order_id,) = paired.sync(snapshot("1", CUP=1))
        seen = [state(paired, order_id)]
        paired.pay(order_id)
        seen.append(state(paired, order_id))
        paired.app.shipping.accept("demo", [order_id], by=STAFF)
        paired.ship(order_id)
        seen.append(state(paired, order_id))
        deliver(paired, order_id)
        seen.append(state(paired, order_id))

        assert ["awaiting_payment", "awaiting_shipping", "shipped", "fulfilled"] == seen

    def test_the_address_and_goods_can_be_checked_before_paying(self, paired):
        """
        Before paying, the seller sees the order, picks a method and is told freight.
        """
        (order_id,) = paired.sync(snapshot("1", CUP=2))
        prices = {}
        for method in ("std", "express"):
            paired.app.orders.choose_shipping("demo", [order_id], method, by=SELLER)
            offer = paired.app.checkouts.checkout("demo", [order_id], by=SELLER)
            prices[method] = offer.plans[0].freight_minor

        assert HOME == paired.app.orders.address("demo", order_id)
        assert {"std": 550, "express": 3000} == prices

    def test_it_can_be_cancelled_while_awaiting_payment(self, paired):
        """
        A seller cancels an order that awaits payment; once paid that is refused.
        """
        (first, second) = paired.sync(snapshot("1", CUP=1), snapshot("2", CUP=1))
        paired.app.orders.cancel("demo", [first], by=SELLER)
        paired.pay(second)
        report = paired.app.orders.cancel("demo", [second], by=SELLER)

        assert "cancelled" == state(paired, first)
        assert ("wrong_state",) == report.failed[second].codes
        assert "awaiting_shipping" == state(paired, second)

    @pytest.mark.parametrize("shipped", [False, True])
    def test_depute_before_and_after_shipping(self, paired, shipped):
        """
        A paid or shipped order is disputed with a reason; staff and seller talk, and
        staff decide.
        """
        order_id = paired.accepted("1", CUP=1)
        reason = DisputeReason.CANCEL
        if shipped:
            paired.ship(order_id)
            reason = DisputeReason.NOT_RECEIVED
        dispute_id = paired.app.disputes.open(
            "demo",
            NewDispute(
                order_id=order_id,
                reason=reason,
                quantities={"1.1": 1},
                evidence={"description": "please"},
            ),
            by=SELLER,
        )
        paired.app.disputes.move("demo", dispute_id, "take", by=STAFF)
        paired.app.conversations.say(
            "demo", Subject.DISPUTE, dispute_id, "Sorry to hear that.", by=STAFF
        )
        refunded = paired.app.disputes.grant(
            "demo", dispute_id, by=STAFF
        ).refunded_minor

        texts = [
            m.text
            for m in paired.sh.seller("demo").conversations.messages(
                Subject.DISPUTE, dispute_id
            )
        ]
        assert ["please", "Sorry to hear that."] == texts
        assert 900 == refunded
        assert 10_000_00 == paired.balance()

    def test_tracking_reaches_the_shop(self, paired):
        """
        After shipment the tracking number is pushed to the shop, once.
        """
        order_id = paired.accepted("1", CUP=1)
        paired.ship(order_id, "T1")
        paired.app.relay.run()
        paired.app.relay.run()

        assert [("1", "T1")] == [
            (f.external_id, f.tracking_number) for f in paired.shop.fulfilments.values()
        ]


class TestManualAndCloudOrders:
    def test_both_are_placed_paid_and_shipped(self, bench):
        """
        A manual order is placed, awaits payment, then shipping, is shipped, fulfilled.
        """
        order_id = bench.app.drafts.create_manual(
            "demo", bench.wanted(HAT=2), HOME, by=SELLER
        )
        seen = [state(bench, order_id)]
        bench.app.drafts.place("demo", order_id, by=SELLER)
        seen.append(state(bench, order_id))
        bench.pay(order_id)
        seen.append(state(bench, order_id))
        bench.app.shipping.accept("demo", [order_id], by=STAFF)
        bench.ship(order_id)
        seen.append(state(bench, order_id))
        deliver(bench, order_id)
        seen.append(state(bench, order_id))

        assert [
            "draft",
            "awaiting_payment",
            "awaiting_shipping",
            "shipped",
            "fulfilled",
        ] == seen

    def test_cloud_goods_become_the_sellers_inventory(self, bench):
        """
        A cloud-warehouse order is paid, sent to the warehouse, and is stock after it
        was counted; My Cloud Warehouse shows it.
        """
        order_id = bench.bought(CUP=5)
        before = state(bench, order_id)
        bench.app.cloud.dispatch("demo", order_id, by=STAFF)
        (incoming,) = bench.app.cloud.stock("demo")
        bench.app.cloud.receive("demo", order_id, {"1.1": Count(5)}, by=STAFF)
        (arrived,) = bench.app.cloud.stock("demo")

        assert "awaiting_shipping" == before
        assert (5, 0) == (incoming.incoming, incoming.available)
        assert (0, 5, 5) == (arrived.incoming, arrived.on_hand, arrived.available)
        assert "fulfilled" == state(bench, order_id)

    def test_customers_orders_ship_from_the_cloud_warehouse(self, paired):
        """
        A later shop order draws on the cloud stock: its goods are paid already, it
        ships from there, and its tracking reaches the shop.
        """
        paired.stocked(CUP=5)
        order_id = paired.accepted("1", CUP=2)
        order = paired.app.orders.get("demo", order_id)
        paired.ship(order_id, "T1")
        paired.app.relay.run()
        deliver(paired, order_id)

        assert (0, 2) == (order.goods.minor, order.items["1.1"].quantity_from_lots)
        (stock,) = paired.app.cloud.stock("demo")
        assert (3, 0) == (stock.on_hand, stock.allocated)
        assert ["T1"] == [f.tracking_number for f in paired.shop.fulfilments.values()]
        assert "fulfilled" == state(paired, order_id)

    def test_cloud_orders_cost_less_than_any_other(self, bench):
        """
        Goods of a cloud-warehouse order cost less: the tier by quantity, or the price
        that was quoted to the seller, less the concession.
        """
        (shop_order,) = bench.sync(snapshot("quoted", SOCK=10))
        desk = bench.sh.staff("ann").seller("demo")
        asked = bench.sh.seller("demo").quotes.ask(shop_order, 1)
        desk.quotes.answer(
            asked.request_id,
            variant_id=bench.variants["HAT"],
            prices=(Price(Money(300, "USD")),),
            valid_until=NOON + timedelta(days=7),
        )
        bench.sh.seller("demo").quotes.accept(asked.request_id)
        bench.app.relay.run()
        bench.pay(shop_order)
        assert 3000 == bench.app.orders.get("demo", shop_order).goods.minor
        hats = bench.app.orders.get("demo", bench.bought(HAT=10))
        assert 2850 == hats.goods.minor

        cloud = bench.app.orders.get("demo", bench.bought(CUP=10))
        manual = bench.app.drafts.create_manual(
            "demo", bench.wanted(CUP=10), HOME, by=SELLER
        )
        bench.app.drafts.place("demo", manual, by=SELLER)
        bench.pay(manual)

        assert 4050 == cloud.goods.minor
        assert 4500 == bench.app.orders.get("demo", manual).goods.minor

    def test_an_offer_shows_what_the_cloud_saves(self, paired):
        """
        Before paying, the offer has the days from both sources: on a Monday cloud stock
        arrives 2 days sooner at the earliest, 3 at the latest.
        """
        paired.clock.at = datetime(2026, 3, 2, 4, tzinfo=UTC)
        paired.stocked(CUP=3)
        ids = paired.sync(snapshot("1", CUP=3), snapshot("2", CUP=3))
        from_stock, direct = paired.sh.seller("demo").checkouts.open(ids).orders

        assert ("cloud", date(2026, 3, 10), date(2026, 3, 17)) == days_of(
            from_stock.arrival
        )
        assert ("direct", date(2026, 3, 12), date(2026, 3, 20)) == days_of(
            direct.arrival
        )
        assert days_of(direct.other_arrival) == days_of(from_stock.arrival)
        assert (2, 3) == (direct.days_saved.earliest, direct.days_saved.latest)

    def test_cloud_stock_arrives_two_to_three_days_sooner(self, bench):
        """
        Direct goods need 2-3 working days to the warehouse first, and more over Chinese
        New Year; cloud stock does not.
        """

        def days(source, paid_on):
            found = bench.app.freight.estimate(
                days_min=8, days_max=14, source=source, paid_on=paid_on
            )
            return (found.earliest - paid_on).days, (found.latest - paid_on).days

        monday, before_new_year = date(2026, 3, 2), date(2026, 2, 13)
        sunday = date(2026, 3, 8)
        assert (8, 15) == days(Source.CLOUD, monday)
        assert (10, 18) == days(Source.DIRECT, monday)
        assert (9, 16) == days(Source.CLOUD, sunday)
        assert (11, 19) == days(Source.DIRECT, sunday)
        # 14 February is a make-up day; nobody works from the 15th to the 23rd.
        assert (8, 15) == days(Source.CLOUD, before_new_year)
        assert (19, 27) == days(Source.DIRECT, before_new_year)


class TestUnrecognized:
    def test_an_unpaired_product_makes_the_order_unrecognized(self, bench):
        """
        An order with a product nobody has paired is synchronized, and Unrecognized.
        """
        (order_id,) = bench.sync(snapshot("1", LAMP=1))

        assert "unrecognized" == state(bench, order_id)
        assert {"all": 1, "unrecognized": 1} == tabs(bench)

    def test_find_the_supply_and_connect(self, bench):
        """
        The seller finds a product by search or by its copied link, matches the SKU,
        picks the method, connects: the order awaits payment, by that method.
        """
        (order_id,) = bench.sync(snapshot("1", **{"MY-LAMP": 1}))
        (found,) = bench.sh.seller("demo").catalog.search("lamp")
        (same,) = bench.app.catalog.find_by_link(found.link + "?from=chat")
        bench.app.pairing.connect(
            "demo",
            NewConnection(
                store_id="shop",
                listing="MY-LAMP",
                rules=(
                    MappingRule("MY-LAMP", (RuleItem(same.variants[0].variant_id),)),
                ),
                method="express",
            ),
            by=SELLER,
        )
        bench.app.relay.run()
        offer = bench.app.checkouts.checkout("demo", [order_id], by=SELLER)

        assert found.product_id == same.product.product_id
        assert "awaiting_payment" == state(bench, order_id)
        assert "express" == offer.plans[0].method

    def test_ask_for_quote_view_and_connect(self, bench):
        """
        The seller asks for a quote, staff answer, the seller views it and its product,
        accepts: the product is connected and the order awaits payment at that price.
        """
        (order_id,) = bench.sync(snapshot("1", LAMP=2))
        quotes = bench.app.quotes
        request_id = quotes.ask("demo", QuoteWish(order_id=order_id, line=1), by=SELLER)
        asked = [q.request_id for q in bench.app.queues.quotes_to_answer()]
        quotes.answer(
            "demo",
            request_id,
            variant_id=bench.variants["LAMP"],
            tiers={1: 1500},
            valid_until=NOON + timedelta(days=7),
            by=STAFF,
        )
        quote = quotes.view("demo", request_id, by=SELLER)
        product = bench.app.catalog.get(quote.product_id).product
        quotes.accept("demo", request_id, by=SELLER)
        bench.app.relay.run()
        offer = bench.app.checkouts.checkout("demo", [order_id], by=SELLER)

        assert [request_id] == asked
        assert "A lamp" == product.title
        assert "awaiting_payment" == state(bench, order_id)
        assert 3000 == offer.plans[0].goods_minor

    def test_a_salesman_can_quote_unasked(self, bench):
        """
        After a chat a salesman quotes without a request; accepting it connects too.
        """
        (order_id,) = bench.sync(snapshot("1", LAMP=1))
        request_id = bench.app.quotes.offer(
            "demo",
            "shop",
            "LAMP",
            variant_id=bench.variants["LAMP"],
            tiers={1: 1600},
            valid_until=NOON + timedelta(days=7),
            by=STAFF,
        )
        bench.app.quotes.accept("demo", request_id, by=SELLER)
        bench.app.relay.run()

        assert "awaiting_payment" == state(bench, order_id)

    def test_ask_for_help_when_options_do_not_match(self, bench):
        """
        The seller calls for help with a line; staff find the call and connect.
        """
        (order_id,) = bench.sync(snapshot("1", LAMP=1))
        help_id = bench.app.pairing.ask_for_help(
            "demo", order_id, 1, "no blue", by=SELLER
        )
        (wanted,) = bench.app.queues.help_wanted()
        bench.app.pairing.connect_sku(
            "demo", order_id, 1, [(bench.variants["LAMP"], 1)], by=STAFF
        )

        assert (help_id, order_id, 1) == (wanted.help_id, wanted.order_id, wanted.line)
        assert () == bench.app.queues.help_wanted()
        assert "awaiting_payment" == state(bench, order_id)

    def test_a_sku_connection_pairs_one_order_only(self, bench):
        """
        A SKU connection pairs the line of one order; another order of the same product
        stays Unrecognized.
        """
        first, second = bench.sync(snapshot("1", LAMP=1), snapshot("2", LAMP=1))
        bench.app.pairing.connect_sku(
            "demo", first, 1, [(bench.variants["LAMP"], 1)], by=SELLER
        )
        bench.app.relay.run()

        assert "awaiting_payment" == state(bench, first)
        assert "unrecognized" == state(bench, second)

    def test_a_connection_is_abandoned_for_a_sku_connection(self, bench):
        """
        An order that an inexact connection recognized is connected by SKU; the next
        order of the product is as the connection says.
        """
        bench.connect(bench.rule("LAMP"))
        first, second = bench.sync(snapshot("1", LAMP=1), snapshot("2", LAMP=1))
        shop = bench.sh.seller("demo").connections
        abandoned = shop.disconnect_line(first, 1).state
        adopted = shop.connect_sku(first, 1, bench.wanted(HAT=2)).state
        bench.app.relay.run()

        assert ["unrecognized", "awaiting_payment"] == [abandoned, adopted]
        assert [{bench.variants["HAT"]: 2}, {bench.variants["LAMP"]: 1}] == [
            {
                i.variant_id: i.quantity
                for i in bench.app.orders.get("demo", n).items.values()
            }
            for n in (first, second)
        ]
        bench.pay(first)
        assert "awaiting_shipping" == state(bench, first)

    def test_ignore_or_cancel(self, bench):
        """
        What the seller supplies elsewhere is ignored, or cancelled; only the first can
        be taken up again.
        """
        first, second = bench.sync(snapshot("1", LAMP=1), snapshot("2", LAMP=1))
        bench.app.orders.ignore("demo", [first], by=SELLER)
        bench.app.orders.cancel("demo", [second], by=SELLER)
        seen = [state(bench, first), state(bench, second)]
        bench.app.orders.restore("demo", [first], by=SELLER)
        report = bench.app.orders.restore("demo", [second], by=SELLER)

        assert ["ignored", "cancelled"] == seen
        assert "unrecognized" == state(bench, first)
        assert ("wrong_state",) == report.failed[second].codes


class TestRefunds:
    def test_who_meets_the_conditions_is_refunded(self, paired):
        """
        A dispute within the policy is granted and refunded to the wallet.
        """
        order_id = paired.accepted("1", CUP=2)
        paired.ship(order_id)
        before = paired.balance()
        dispute_id = paired.app.disputes.open(
            "demo",
            NewDispute(
                order_id=order_id,
                reason=DisputeReason.DAMAGED,
                quantities={"1.1": 1},
                evidence={"description": "cracked", "photo": "p1"},
            ),
            by=SELLER,
        )
        paired.app.disputes.move("demo", dispute_id, "take", by=STAFF)

        assert (
            500
            == paired.app.disputes.grant("demo", dispute_id, by=STAFF).refunded_minor
        )
        assert before + 500 == paired.balance()

    def test_who_does_not_is_told_why(self, paired):
        """
        A dispute outside the policy is refused with the reason, and nothing moves.
        """
        order_id = paired.accepted("1", CUP=1)
        paired.ship(order_id)
        before = paired.app.orders.get("demo", order_id)
        with pytest.raises(CommandRefusedError) as ei:
            paired.app.disputes.open(
                "demo",
                NewDispute(
                    order_id=order_id,
                    reason=DisputeReason.DAMAGED,
                    quantities={"1.1": 1},
                ),
                by=SELLER,
            )

        assert ("evidence_missing", "evidence_missing") == ei.value.codes
        assert before == paired.app.orders.get("demo", order_id)
