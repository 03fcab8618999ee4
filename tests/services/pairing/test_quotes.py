"""
"Ask for Quote": from a stranger in an order to a connection at a quoted price.
"""

from datetime import timedelta

import attrs
import pytest

from sourcehere import SYSTEM, Actor, CommandRefusedError, NotFoundError, Role
from sourcehere.domain.kernel.errors import IdempotencyConflictError, InvalidInputError
from sourcehere.services.pairing.asking import QuoteWish
from sourcehere.services.pairing.quoting import PromisedFreight
from sourcehere.testing.factories import (
    HOME,
    NOON,
    SELLER,
    STAFF,
    nothing_moves,
    snapshot,
)

WEEK = NOON + timedelta(days=7)


def ask(bench, order_id, line=1):
    """
    Ask for a quote as the seller.
    """
    return bench.app.quotes.ask(
        "demo", QuoteWish(order_id=order_id, line=line), by=SELLER
    )


def answer(bench, request_id, sku="CUP", tiers=None, until=WEEK, **options):
    """
    Quote as staff.
    """
    bench.app.quotes.answer(
        "demo",
        request_id,
        variant_id=bench.variants[sku],
        tiers=tiers or {1: 400, 5: 350},
        valid_until=until,
        by=STAFF,
        **options,
    )


def quoted(bench, **options):
    """
    Return an order with a stranger, and the request about it that is quoted.
    """
    (order_id,) = bench.sync(snapshot(SOCK=3))
    request_id = ask(bench, order_id)
    answer(bench, request_id, **options)
    return order_id, request_id


def price_of(bench, order_id):
    """
    Return the unit prices of an order as a checkout would have them.
    """
    (plan,) = bench.app.checkouts.checkout("demo", [order_id], by=SELLER).plans
    return [item.unit_minor for item in plan.items]


class TestEveryKindOfOrder:
    """
    What a seller agreed to serves whatever they order of it.
    """

    @staticmethod
    def drafted(bench, quantity=3, sku="CUP", *, cloud):
        """
        Place an order of the seller's own, and return its id.
        """
        wanted, drafts = bench.wanted(**{sku: quantity}), bench.app.drafts
        made = (
            drafts.create_cloud("demo", "CN1", wanted, by=SELLER)
            if cloud
            else drafts.create_manual("demo", wanted, HOME, by=SELLER)
        )
        drafts.place("demo", made, by=SELLER)
        return made

    def test_an_agreed_price_serves_samples_and_stock_too(self, bench):
        """
        Four a cup, not five; in the cloud warehouse a tenth less than what was agreed.
        """
        order_id, request_id = quoted(bench)
        samples = self.drafted(bench, cloud=False)
        stock = self.drafted(bench, cloud=True)
        assert [500] == price_of(bench, samples)
        assert [450] == price_of(bench, stock)
        bench.app.quotes.accept("demo", request_id, by=SELLER)
        bench.app.relay.run()

        assert [400] == price_of(bench, order_id)
        assert [400] == price_of(bench, samples)
        assert [360] == price_of(bench, stock)
        assert [350] == price_of(bench, self.drafted(bench, 5, cloud=False))
        assert [315] == price_of(bench, self.drafted(bench, 5, cloud=True))
        assert [325] == price_of(bench, self.drafted(bench, 1, "HAT", cloud=False))
        bench.pay(samples, stock)

    def test_it_serves_while_it_is_valid(self, bench):
        """
        Then what the catalogue says is due, as in a store order.
        """
        _, request_id = quoted(bench)
        bench.app.quotes.accept("demo", request_id, by=SELLER)
        samples = self.drafted(bench, cloud=False)
        bench.clock.advance(WEEK - bench.clock.now())
        assert [400] == price_of(bench, samples)
        bench.clock.advance(timedelta(seconds=1))

        assert [500] == price_of(bench, samples)

    def test_of_several_the_lowest_counts(self, bench):
        """
        Two connections of one variant, at two prices.
        """
        (order_id,) = bench.sync(snapshot(SOCK=1, VASE=1))
        for line, price in ((1, 430), (2, 410)):
            request_id = bench.app.quotes.ask(
                "demo", QuoteWish(order_id=order_id, line=line), by=SELLER
            )
            answer(bench, request_id, tiers={1: price})
            bench.app.quotes.accept("demo", request_id, by=SELLER)

        assert [410] == price_of(bench, self.drafted(bench, cloud=False))

    def test_it_is_nobody_else_s(self, bench):
        """
        Another seller pays what the catalogue says.
        """
        _, request_id = quoted(bench)
        bench.app.quotes.accept("demo", request_id, by=SELLER)
        bench.app.sellers.register("other", name="Other", currency="USD")
        other = Actor(Role.SELLER, "other")
        made = bench.app.drafts.create_manual(
            "other", bench.wanted(CUP=3), HOME, by=other
        )
        bench.app.drafts.place("other", made, by=other)
        (plan,) = bench.app.checkouts.checkout("other", [made], by=other).plans

        assert [500] == [item.unit_minor for item in plan.items]


class TestAccepting:
    def test_it_connects_at_the_quoted_price(self, bench):
        """
        An accepted quote pairs what waits, and its tiers go before the catalogue's.
        """
        order_id, request_id = quoted(bench)
        bench.app.quotes.accept("demo", request_id, by=SELLER)
        bench.app.relay.run()

        assert "awaiting_payment" == bench.app.orders.get("demo", order_id).state
        assert [400] == price_of(bench, order_id)
        assert "accepted" == bench.app.quotes.get("demo", request_id).state

    def test_each_line_has_its_own(self, bench):
        """
        A quoted line beside others: before, between and behind them.
        """
        bench.app.quotes.accept("demo", offer(bench, "CUP"), by=SELLER)
        for sku in ("HAT", "LAMP"):
            bench.connect(bench.rule(sku))
        first, second, third = bench.sync(
            snapshot("7", CUP=1, HAT=1, LAMP=1),
            snapshot("8", HAT=1, CUP=1, LAMP=1),
            snapshot("9", HAT=1, LAMP=1, CUP=1),
        )

        assert [390, 325, 1999] == price_of(bench, first)
        assert [325, 390, 1999] == price_of(bench, second)
        assert [325, 1999, 390] == price_of(bench, third)

    def test_a_tier_is_reached_by_the_whole_order(self, bench):
        """
        A quoted tier counts all units of the variant in the order.
        """
        _, request_id = quoted(bench)
        bench.app.quotes.accept("demo", request_id, by=SELLER)
        (order_id,) = bench.sync(snapshot("2", SOCK=5))

        assert [350] == price_of(bench, order_id)

    def test_units_per_store_unit_are_quoted(self, bench):
        """
        A quote may need several platform units for one of the store's.
        """
        order_id, request_id = quoted(bench, units=2)
        bench.app.quotes.accept("demo", request_id, by=SELLER)
        bench.app.relay.run()

        assert 6 == bench.app.orders.get("demo", order_id).items["1.1"].quantity
        assert [350] == price_of(bench, order_id)

    def test_the_price_ends_with_its_validity(self, bench):
        """
        To the last moment the quoted price holds; then the catalogue's does.
        """
        order_id, request_id = quoted(bench)
        bench.app.quotes.accept("demo", request_id, by=SELLER)
        bench.app.relay.run()
        bench.clock.advance(timedelta(days=7))
        assert [400] == price_of(bench, order_id)
        bench.clock.advance(timedelta(microseconds=1))

        assert [500] == price_of(bench, order_id)

    def test_a_connected_sku_gets_the_new_price(self, bench):
        """
        Accepting an unasked quote for a SKU that is connected changes its connection.
        """
        connection_id = bench.connect(bench.rule("CUP"))
        (order_id,) = bench.sync(snapshot(CUP=1))
        request_id = offer(bench, "cup")

        assert connection_id == bench.app.quotes.accept("demo", request_id, by=SELLER)
        bench.app.relay.run()
        assert [390] == price_of(bench, order_id)

    def test_a_quoted_method_counts_from_now_on(self, bench):
        """
        The quote's shipping method is the connection's; without one the old one stays.
        """
        connection_id = bench.connect(bench.rule("CUP"), method="std")
        bench.app.quotes.accept("demo", offer(bench, "CUP"), by=SELLER)
        assert "std" == bench.app.pairing.get("demo", connection_id).method
        request_id = offer(bench, "CUP", method="express")
        bench.app.quotes.accept("demo", request_id, by=SELLER)

        assert "express" == bench.app.pairing.get("demo", connection_id).method

    def test_freight_below_nothing_is_not_quoted(self, bench):
        """
        A hint of what sending costs is zero or more.
        """
        (order_id,) = bench.sync(snapshot(SOCK=1))
        request_id = ask(bench, order_id)
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            answer(bench, request_id, freight=PromisedFreight(first_minor=-5))
        assert ("freight_minor", -5) == (ei.value.field, ei.value.value)

    def test_unpaid_orders_follow_to_the_variant_that_was_quoted(self, bench):
        """
        An order paired with another variant before goes on with the quoted one, and is
        not paid as it was in the meantime.
        """
        bench.connect(bench.rule("CUP", LAMP=1))
        (order_id,) = bench.sync(snapshot(CUP=1))
        offered = bench.app.checkouts.checkout("demo", [order_id], by=SELLER)
        bench.app.quotes.accept("demo", offer(bench, "CUP"), by=SELLER)

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.checkouts.pay(
                "demo",
                offered.checkout_id,
                expected_total=offered.total,
                by=SELLER,
            )
        assert ("pairing_outdated",) == ei.value.codes
        bench.app.relay.run()
        (item,) = bench.app.orders.get("demo", order_id).items.values()
        assert bench.variants["CUP"] == item.variant_id
        assert [390] == price_of(bench, order_id)

    def test_a_variant_not_sold_any_more_is_not_connected(self, bench):
        """
        A quote for what was discontinued since cannot be accepted.
        """
        _, request_id = quoted(bench)
        bench.app.upkeep.discontinue(bench.variants["CUP"], by=STAFF)

        with nothing_moves(bench), pytest.raises(NotFoundError) as ei:
            bench.app.quotes.accept("demo", request_id, by=SELLER)
        assert ("variant on sale", bench.variants["CUP"]) == (
            ei.value.kind,
            ei.value.id,
        )

    def test_once_by_command(self, bench):
        """
        Accepting again with the command id gives the same connection.
        """
        _, request_id = quoted(bench)
        first = bench.app.quotes.accept("demo", request_id, by=SELLER, command_id="a")
        with nothing_moves(bench):
            assert first == bench.app.quotes.accept(
                "demo", request_id, by=SELLER, command_id="a"
            )


def offer(bench, sku, **options):
    """
    Quote unasked for a SKU of the shop: cups at 390.
    """
    return bench.app.quotes.offer(
        "demo",
        "shop",
        sku,
        variant_id=bench.variants["CUP"],
        tiers={1: 390},
        valid_until=WEEK,
        by=STAFF,
        **options,
    )


class TestWhoSetsThePrice:
    """
    Only an accepted quote does.
    """

    def test_nobody_connects_at_a_price_of_their_own(self, bench):
        """
        A connection that names a price is refused, even a price quoted elsewhere.
        """
        _, request_id = quoted(bench)
        made = bench.app.quotes.accept("demo", request_id, by=SELLER)
        (rule,) = bench.app.pairing.get("demo", made).rules
        other = attrs.evolve(bench.rule("LAMP"), price=rule.price)

        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            bench.connect(other)
        assert ("rules: LAMP: price", rule.price) == (ei.value.field, ei.value.value)

    def test_a_quoted_price_stays_with_its_variant(self, bench):
        """
        A change that keeps the variant keeps its price, said again or not; another
        variant is not sold for it.
        """
        order_id, request_id = quoted(bench)
        made = bench.app.quotes.accept("demo", request_id, by=SELLER)
        (rule,) = bench.app.pairing.get("demo", made).rules

        def change(rule):
            bench.app.pairing.change(
                "demo", made, rules=[rule], method="std", by=SELLER
            )
            return price_of(bench, order_id)

        bench.app.relay.run()
        lamp = bench.rule("LAMP").items
        assert [400] == change(rule)
        assert [400] == change(attrs.evolve(rule, price=None))
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            change(attrs.evolve(rule, items=lamp))
        assert "rules: SOCK: price" == ei.value.field
        assert [1_999] == change(attrs.evolve(rule, items=lamp, price=None))


class TestUnasked:
    def test_staff_may_quote_after_a_chat(self, bench):
        """
        An unasked quote is quoted from the start, and accepted like any other.
        """
        (order_id,) = bench.sync(snapshot(SOCK=1))
        request_id = offer(bench, "SOCK")
        assert "quoted" == bench.app.quotes.get("demo", request_id).state
        bench.app.quotes.accept("demo", request_id, by=SELLER)
        bench.app.relay.run()

        assert [390] == price_of(bench, order_id)

    def test_a_store_there_is_not_is_refused(self, bench):
        """
        A quote is for a store the seller has.
        """
        with nothing_moves(bench), pytest.raises(NotFoundError) as ei:
            bench.app.quotes.offer(
                "demo",
                "other",
                "SOCK",
                variant_id=bench.variants["CUP"],
                tiers={1: 390},
                valid_until=WEEK,
                by=STAFF,
            )
        assert ("store", "other") == (ei.value.kind, ei.value.id)


class TestChart:
    @pytest.mark.parametrize(
        ("start", "command", "by", "end"),
        [
            ("open", "withdraw", SELLER, "withdrawn"),
            ("open", "give_up", STAFF, "unavailable"),
            ("quoted", "withdraw", SELLER, "withdrawn"),
            ("quoted", "decline", SELLER, "declined"),
            ("quoted", "expire", SYSTEM, "expired"),
        ],
    )
    def test_it_ends(self, bench, start, command, by, end):
        """
        Each end is reached from where the chart has it, by whom it is for.
        """
        (order_id,) = bench.sync(snapshot(SOCK=3))
        request_id = ask(bench, order_id)
        if start == "quoted":
            answer(bench, request_id)
        if command == "expire":
            bench.clock.advance(timedelta(days=7, microseconds=1))

        assert end == bench.app.quotes.end("demo", request_id, command, by=by)
        assert "unrecognized" == bench.app.orders.get("demo", order_id).state
        with nothing_moves(bench), pytest.raises(CommandRefusedError):
            bench.app.quotes.accept("demo", request_id, by=SELLER)

    def test_a_state_that_is_wrong_says_which_is_needed(self, bench):
        """
        To decline what nobody has answered names the state that waits for that.
        """
        (order_id,) = bench.sync(snapshot(SOCK=3))
        request_id = ask(bench, order_id)
        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.quotes.end("demo", request_id, "decline", by=SELLER)

        (blocker,) = ei.value.blockers
        assert "it is open; decline needs quoted" == blocker.words
        assert {"state": "open", "needs": "quoted"} == blocker.facts

    @pytest.mark.parametrize(
        ("start", "command", "by", "code"),
        [
            ("open", "decline", SELLER, "wrong_state"),
            ("quoted", "give_up", STAFF, "wrong_state"),
            ("quoted", "decline", STAFF, "role_not_allowed"),
            ("open", "give_up", SELLER, "role_not_allowed"),
            ("quoted", "expire", SYSTEM, "not_due"),
        ],
    )
    def test_what_the_chart_lacks_is_refused(self, bench, start, command, by, code):
        """
        A move out of turn, or by the wrong side, changes nothing.
        """
        (order_id,) = bench.sync(snapshot(SOCK=3))
        request_id = ask(bench, order_id)
        if start == "quoted":
            answer(bench, request_id)

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.quotes.end("demo", request_id, command, by=by)
        assert code in ei.value.codes

    def test_a_stale_quote_is_not_accepted(self, bench):
        """
        A quote whose validity has ended cannot be accepted any more, and expires.
        """
        _, request_id = quoted(bench)
        bench.clock.advance(timedelta(days=7, microseconds=1))

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.quotes.accept("demo", request_id, by=SELLER)
        assert ("quote_expired",) == ei.value.codes
        assert 1 == bench.app.clocks.fire().fired
        assert "expired" == bench.app.quotes.get("demo", request_id).state

    def test_a_quote_is_revised(self, bench):
        """
        A revised quote replaces the former one, and counts as not yet looked at.
        """
        _, request_id = quoted(bench)
        assert (
            400
            == bench.app.quotes.view("demo", request_id, by=SELLER).tiers[0].unit_minor
        )
        bench.app.quotes.revise(
            "demo",
            request_id,
            variant_id=bench.variants["HAT"],
            tiers={1: 300},
            valid_until=WEEK,
            by=STAFF,
        )
        request = bench.app.quotes.get("demo", request_id)

        assert ("quoted", None) == (request.state, request.viewed_at)
        assert (300, bench.variants["HAT"]) == (
            request.quote.tiers[0].unit_minor,
            request.quote.variant_id,
        )

    def test_looking_is_kept_once(self, bench):
        """
        The seller's first look is kept; looking again changes nothing.
        """
        _, request_id = quoted(bench)
        bench.app.quotes.view("demo", request_id, by=SELLER)
        assert NOON == bench.app.quotes.get("demo", request_id).viewed_at
        bench.clock.advance(timedelta(hours=1))

        with nothing_moves(bench):
            bench.app.quotes.view("demo", request_id, by=SELLER)

    def test_nothing_to_look_at_is_refused(self, bench):
        """
        What nobody has answered cannot be viewed.
        """
        (order_id,) = bench.sync(snapshot(SOCK=3))
        request_id = ask(bench, order_id)

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.quotes.view("demo", request_id, by=SELLER)
        assert ("not_answered",) == ei.value.codes


class TestAsking:
    def test_staff_see_what_is_asked(self, bench):
        """
        The request carries SKU, title, units and where the seller saw it.
        """
        (order_id,) = bench.sync(snapshot(CUP=1, SOCK=3))
        bench.app.quotes.ask(
            "demo",
            QuoteWish(order_id=order_id, line=2, link="shop.example/x"),
            by=SELLER,
        )
        (request,) = bench.sh.staff("ann").queues.quotes_to_answer()

        assert ("SOCK", "Sock", 3, "shop.example/x", order_id, 2) == (
            request.sku,
            request.title,
            request.quantity,
            request.link,
            request.order_id,
            request.line,
        )

    def test_a_paired_line_needs_no_quote(self, paired):
        """
        A line that is paired, or is not there, is not asked about.
        """
        (order_id,) = paired.sync(snapshot(CUP=1, SOCK=1))
        for line in (1, 0, 3):
            with nothing_moves(paired), pytest.raises(InvalidInputError) as ei:
                ask(paired, order_id, line)
            assert ("line", line) == (ei.value.field, ei.value.value)

    @pytest.mark.parametrize(
        "options",
        [
            {"tiers": {0: 1}},
            {"tiers": {1: -1}},
            {"until": NOON},
            {"until": WEEK.replace(tzinfo=None)},
            {"units": 0},
        ],
    )
    def test_a_quote_out_of_bounds_is_refused(self, bench, options):
        """
        Prices are zero or more, quantities positive, and validity lies ahead.
        """
        (order_id,) = bench.sync(snapshot(SOCK=3))
        request_id = ask(bench, order_id)

        with nothing_moves(bench), pytest.raises(InvalidInputError):
            answer(bench, request_id, **options)

    @pytest.mark.parametrize(
        "change",
        [
            {"method": "express"},
            {"method": "std", "freight": PromisedFreight(first_minor=1)},
            {"units": 2},
        ],
    )
    def test_other_terms_are_another_command(self, bench, change):
        """
        A command id stands for every term of the quote.
        """
        (order_id,) = bench.sync(snapshot(SOCK=3))
        request_id = ask(bench, order_id)
        answer(bench, request_id, command_id="a")

        with nothing_moves(bench):
            answer(bench, request_id, command_id="a")
        with nothing_moves(bench), pytest.raises(IdempotencyConflictError):
            answer(bench, request_id, command_id="a", **change)

    def test_only_staff_quote(self, bench):
        """
        The seller does not answer themselves.
        """
        (order_id,) = bench.sync(snapshot(SOCK=3))
        request_id = ask(bench, order_id)

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.quotes.answer(
                "demo",
                request_id,
                variant_id=bench.variants["CUP"],
                tiers={1: 1},
                valid_until=WEEK,
                by=SELLER,
            )
        assert ("role_not_allowed",) == ei.value.codes
