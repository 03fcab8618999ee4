"""
Asking for a quote: with words, wishes and pictures, and before anybody orders.
"""

from datetime import timedelta

import pytest

from sourcehere import (
    CommandRefusedError,
    InvalidInputError,
    Money,
    NotFoundError,
    Price,
    SourceHereError,
    Subject,
    Wanted,
)
from sourcehere.testing.factories import HOME, NOON, nothing_moves, snapshot

WEEK = NOON + timedelta(days=7)
LINK = "https://shop.example/lamp?id=7"


def usd(text):
    """
    Return an amount.
    """
    return Money.parse(text, "USD")


def answer(bench, request_id, sku="CUP", price="4.00"):
    """
    Quote as staff, five units a dollar cheaper.
    """
    dear = usd(price)
    bench.sh.staff("ann").seller("demo").quotes.answer(
        request_id,
        variant_id=bench.variants[sku],
        prices=(Price(dear), Price(dear - usd("1.00"), 5)),
        valid_until=WEEK,
    )


def agreed(bench, sku="CUP", price="4.00"):
    """
    Ask without a shop, and accept what is quoted.
    """
    quotes = bench.sh.seller("demo").quotes
    name = quotes.ask_for("Something", words="as last year").request_id
    answer(bench, name, sku, price)
    return quotes.accept(name)


class TestWishes:
    def test_what_is_wanted_is_told_to_staff(self, bench):
        """
        Where it was seen, what it looks like, how many, and what it may cost; the words
        begin the conversation.
        """
        shop = bench.sh.seller("demo")
        (order_id,) = bench.sync(snapshot(SOCK=3))
        name = shop.quotes.ask(
            order_id,
            1,
            link=LINK,
            pictures=["https://shop.example/1.jpg", "file:2"],
            words="In navy, please.",
            quantities=[10, 500],
            target=usd("1.20"),
        ).request_id
        (asked,) = bench.sh.staff("ann").queues.quotes_to_answer()

        assert (
            name,
            order_id,
            3,
            LINK,
            ("https://shop.example/1.jpg", "file:2"),
            (10, 500),
            usd("1.20"),
        ) == (
            asked.request_id,
            asked.order_id,
            asked.quantity,
            asked.link,
            asked.pictures,
            asked.quantities,
            asked.target,
        )
        said = shop.conversations.messages(Subject.QUOTE, name)
        assert ["In navy, please."] == [message.text for message in said]
        assert bench.app.audit.run(replay=True).is_clean

    @pytest.mark.parametrize(
        ("wish", "field"),
        [
            ({"quantities": [0]}, "quantities"),
            ({"quantities": [3, 10**6 + 1]}, "quantities"),
            ({"target": usd("-0.01")}, "target"),
            ({"target": Money(1, "EUR")}, ""),
        ],
    )
    def test_a_wish_makes_sense(self, bench, wish, field):
        """
        Units are positive, and money is the seller's.
        """
        (order_id,) = bench.sync(snapshot(SOCK=3))
        quotes = bench.sh.seller("demo").quotes
        with nothing_moves(bench), pytest.raises(SourceHereError) as ei:
            quotes.ask(order_id, 1, **wish)
        assert field == getattr(ei.value, "field", "")


class TestOneAtATime:
    def test_a_variant_of_a_shop_has_one_open_request(self, bench):
        """
        From whichever order it is asked, and however its SKU is written.
        """
        first, second = bench.sync(snapshot("1", SOCK=1), snapshot("2", sock=2))
        quotes = bench.sh.seller("demo").quotes
        name = quotes.ask(first, 1).request_id
        for again in (
            lambda: quotes.ask(second, 1),
            lambda: quotes.ask_for(store_id="shop", sku=" Sock"),
        ):
            with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
                again()
            (blocker,) = ei.value.blockers
            assert ("quote_asked", {"request": name, "state": "open"}) == (
                blocker.code,
                blocker.facts,
            )

        answer(bench, name)
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            quotes.ask(second, 1)
        assert "quoted" == ei.value.blockers[0].facts["state"]
        quotes.decline(name)
        assert quotes.ask(second, 1)

    def test_staff_do_not_quote_beside_it(self, bench):
        """
        They answer the one that is open.
        """
        (order_id,) = bench.sync(snapshot(SOCK=1))
        name = bench.sh.seller("demo").quotes.ask(order_id, 1).request_id
        ann = bench.sh.staff("ann").seller("demo").quotes
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            ann.offer(
                "shop",
                "SOCK",
                variant_id=bench.variants["CUP"],
                prices=(Price(usd("4.00")),),
                valid_until=WEEK,
            )
        assert name == ei.value.blockers[0].facts["request"]

    def test_without_a_shop_there_may_be_any_number(self, bench):
        """
        Nobody knows whether two wishes are one.
        """
        quotes = bench.sh.seller("demo").quotes
        assert quotes.ask_for("A lamp") != quotes.ask_for("A lamp")


class TestBeforeAnybodyOrders:
    def test_a_variant_of_a_shop(self, bench):
        """
        What is accepted is connected, and the first order is recognized at that price.
        """
        quotes = bench.sh.seller("demo").quotes
        name = quotes.ask_for(store_id="shop", sku="SOCK", quantities=[3]).request_id
        answer(bench, name)
        made = quotes.accept(name)
        (order_id,) = bench.sync(snapshot(SOCK=3))

        assert made.connection_id is not None
        assert {order_id: 3 * 400 + 550} == bench.pay(order_id).paid

    def test_anything_that_is_described(self, bench):
        """
        The price is for every order with what was quoted: of a shop, of the seller's
        own, and for the cloud warehouse, less the concession; until it ends.
        """
        bench.connect(bench.rule("CUP"))
        made = agreed(bench)
        shop = bench.sh.seller("demo")
        (store_order,) = bench.sync(snapshot("1", CUP=3))
        cup = bench.variants["CUP"]
        manual = shop.drafts.manual([Wanted(cup, 5)], HOME)
        cloud = shop.drafts.cloud("CN1", [Wanted(cup, 5)])
        for order in (manual, cloud):
            shop.drafts.place(order.order_id)
        names = [store_order, manual.order_id, cloud.order_id]
        offers = shop.checkouts.open(names).orders

        assert made.connection_id is None
        assert [usd("4.00"), usd("3.00"), usd("2.70")] == [
            offer.items[0].unit_price for offer in offers
        ]
        bench.clock.advance(timedelta(days=8))
        (after,) = shop.checkouts.open([store_order]).orders
        assert usd("5.00") == after.items[0].unit_price
        assert bench.app.audit.run(replay=True).is_clean

    def test_the_lower_of_two_prices_counts(self, bench):
        """
        Whoever agreed twice pays less; a price of the shop's own connection goes first.
        """
        bench.connect(bench.rule("CUP"))
        agreed(bench, price="4.00")
        agreed(bench, price="3.50")
        (order_id,) = bench.sync(snapshot("1", CUP=1))
        (offer,) = bench.sh.seller("demo").checkouts.open([order_id]).orders
        assert usd("3.50") == offer.items[0].unit_price

    def test_it_can_be_connected_when_it_is_accepted(self, bench):
        """
        For a variant of a shop that waits already.
        """
        (order_id,) = bench.sync(snapshot(SOCK=1))
        quotes = bench.sh.seller("demo").quotes
        name = quotes.ask_for("Socks", link=LINK).request_id
        answer(bench, name)
        made = quotes.accept(name, store_id="shop", sku="SOCK")
        bench.app.relay.run()
        found = quotes.get(name)

        assert made.connection_id is not None
        assert ("accepted", "shop", "SOCK") == (found.state, found.store_id, found.sku)
        assert "awaiting_payment" == bench.app.orders.get("demo", order_id).state
        assert {order_id: 400 + 400} == bench.pay(order_id).paid
        assert bench.app.audit.run(replay=True).is_clean

    @pytest.mark.parametrize(
        ("named", "field"),
        [({"store_id": "shop"}, "sku"), ({"sku": "SOCK"}, "store_id")],
    )
    def test_a_shop_is_named_with_its_sku(self, bench, named, field):
        """
        Both, or neither; and only where it was asked without.
        """
        quotes = bench.sh.seller("demo").quotes
        name = quotes.ask_for("Socks").request_id
        answer(bench, name)
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            quotes.accept(name, **named)
        assert field == ei.value.field

        other = quotes.ask_for(store_id="shop", sku="SOCK").request_id
        answer(bench, other)
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            quotes.accept(other, store_id="shop", sku="HAT")
        assert "store_id" == ei.value.field

    @pytest.mark.parametrize("asked", [{}, {"title": " "}, {"quantities": [5]}])
    def test_somebody_has_to_say_what(self, bench, asked):
        """
        How many is not enough.
        """
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            bench.sh.seller("demo").quotes.ask_for(**asked)
        assert ("title", "a title, a link, a picture or words") == (
            ei.value.field,
            ei.value.expected,
        )

    def test_a_shop_there_is_not(self, bench):
        """
        And a SKU of no shop.
        """
        quotes = bench.sh.seller("demo").quotes
        with nothing_moves(bench), pytest.raises(NotFoundError):
            quotes.ask_for(store_id="nowhere", sku="SOCK")
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            quotes.ask_for(sku="SOCK")
        assert "store_id" == ei.value.field


class TestAskingAgain:
    """
    A quote that nobody accepted in time is refused with the words to ask again.
    """

    @pytest.mark.parametrize("how", ["line", "variant", "unasked"])
    def test_a_quote_whose_validity_has_ended_is_in_nobody_s_way(self, bench, how):
        """
        Before any clock fires, a new request takes its place, and it has expired.
        """
        (order_id,) = bench.sync(snapshot("1", SOCK=1))
        quotes = bench.sh.seller("demo").quotes
        ann = bench.sh.staff("ann").seller("demo").quotes
        first = quotes.ask(order_id, 1).request_id
        answer(bench, first)
        bench.clock.advance(WEEK - NOON + timedelta(microseconds=1))
        with pytest.raises(CommandRefusedError) as refused:
            quotes.accept(first)
        (why,) = refused.value.blockers
        assert "its validity has ended; ask again" == why.words

        terms = {
            "variant_id": bench.variants["CUP"],
            "prices": (Price(usd("3.00")),),
            "valid_until": WEEK + timedelta(days=7),
        }
        if how == "line":
            second = quotes.ask(order_id, 1).request_id
        elif how == "variant":
            second = quotes.ask_for(store_id="shop", sku="SOCK").request_id
        else:
            second = ann.offer("shop", "SOCK", **terms).request_id
        if how != "unasked":
            ann.answer(second, **terms)

        assert "expired" == quotes.get(first).state
        assert 0 == bench.app.clocks.fire().fired
        quotes.accept(second)
        bench.app.relay.run()
        assert "awaiting_payment" == bench.sh.seller("demo").orders.get(order_id).state

    def test_one_that_is_valid_still_is(self, bench):
        """
        Until the last moment of its validity nothing takes its place.
        """
        (order_id,) = bench.sync(snapshot("1", SOCK=1))
        quotes = bench.sh.seller("demo").quotes
        first = quotes.ask(order_id, 1).request_id
        answer(bench, first)
        bench.clock.advance(WEEK - NOON)

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as refused:
            quotes.ask(order_id, 1)
        (why,) = refused.value.blockers
        assert ("quote_asked", {"request": first, "state": "quoted"}) == (
            why.code,
            dict(why.facts),
        )
