"""
Two connections may call a method the same: which one is meant is never a guess.
"""

from datetime import timedelta

import pytest

from sourcehere import CommandRefusedError, FreightRequest
from sourcehere.domain.freight.errors import (
    AmbiguousMethodError,
    FreightUnavailableError,
    UnknownMethodError,
)
from sourcehere.domain.kernel.errors import InvalidInputError
from sourcehere.ports.errors import ThrottledError
from sourcehere.testing.factories import (
    NOON,
    RATE_CARD,
    SELLER,
    STAFF,
    nothing_moves,
    open_bench,
    snapshot,
)
from sourcehere.testing.fake_carrier import (
    FakeCarrier,
    FakeCarriers,
    ListingCarrier,
    answering,
    option,
)

THROTTLED = ThrottledError(
    provider="acme", detail="slow down", retry_after=timedelta(minutes=1)
)


def connect(bench, *names):
    """
    Connect carriers, each under its own name.
    """
    for name in names:
        bench.app.freight.connect(
            name, provider="fake_carrier", config={"carrier": name}, by=STAFF
        )


def checkout(bench, *order_ids):
    """
    Check out as the seller.
    """
    return bench.app.checkouts.checkout("demo", order_ids, by=SELLER)


def choose(bench, order_id, method):
    """
    Choose a method as the seller; raise why not.
    """
    report = bench.app.orders.choose_shipping("demo", [order_id], method, by=SELLER)
    for error in report.failed.values():
        raise error


@pytest.fixture
def bench(storage):
    """
    A bench whose carrier `acme` has a `std` at 0.01, not connected yet.

    `other` cannot list its methods. Clean when the test ends.
    """
    acme = ListingCarrier(listed=["std", "fast"], answer=answering(option("std", 1)))
    other = FakeCarrier(answer=answering(option("fast", 2)))
    made = open_bench(storage=storage, plugins=[FakeCarriers(acme=acme, other=other)])
    made.connect(made.rule("CUP"))
    yield made
    assert () == made.app.audit.run(replay=True).violations


class TestAmbiguous:
    def test_another_plugin_takes_nothing_over(self, bench):
        """
        What was chosen while it was clear is refused when it is not, with both codes.
        """
        (order_id,) = bench.sync(snapshot(CUP=1))
        choose(bench, order_id, "std")
        connect(bench, "acme")

        with nothing_moves(bench), pytest.raises(AmbiguousMethodError) as ei:
            checkout(bench, order_id)
        assert ("std", order_id) == (ei.value.method, ei.value.order_id)
        assert ("acme:std", "card:std") == ei.value.codes

    def test_choosing_a_short_code_that_two_have_is_refused(self, bench):
        """
        The refusal lists the full codes; with one of them the order is priced.
        """
        connect(bench, "acme")
        (order_id,) = bench.sync(snapshot(CUP=1))
        with nothing_moves(bench), pytest.raises(AmbiguousMethodError) as ei:
            choose(bench, order_id, "std")
        choose(bench, order_id, "card:std")
        (plan,) = checkout(bench, order_id).plans

        assert ("acme:std", "card:std") == ei.value.codes
        assert ("card:std", "card", 400) == (
            plan.method,
            plan.connection,
            plan.freight_minor,
        )

    def test_the_cheapest_is_named_in_full_where_it_must_be(self, bench):
        """
        An offer of the cheapest says its short code, or the full one if two have it.
        """
        (order_id,) = bench.sync(snapshot(CUP=1))
        (before,) = checkout(bench, order_id).plans
        connect(bench, "acme")
        (after,) = checkout(bench, order_id).plans
        bench.pay(order_id)

        assert ("std", "card") == (before.method, before.connection)
        assert ("acme:std", "acme") == (after.method, after.connection)
        assert "acme:std" == bench.app.orders.get("demo", order_id).method

    def test_what_was_agreed_before_can_still_be_paid(self, bench):
        """
        A checkout says which connection it priced, so it stays as it was agreed.
        """
        (order_id,) = bench.sync(snapshot(CUP=1))
        choose(bench, order_id, "std")
        offer = checkout(bench, order_id)
        connect(bench, "acme")
        choose(bench, order_id, "card:std")  # the same method, said in full
        bench.app.checkouts.pay(
            "demo", offer.checkout_id, expected_total=offer.total, by=SELLER
        )

        assert "std" == bench.app.orders.get("demo", order_id).method

    def test_another_connection_s_method_is_another_one(self, bench):
        """
        Chosen after the checkout, a method of the same short code is not what was
        priced.
        """
        connect(bench, "acme")
        (order_id,) = bench.sync(snapshot(CUP=1))
        choose(bench, order_id, "card:std")
        offer = checkout(bench, order_id)
        choose(bench, order_id, "acme:std")

        with nothing_moves(bench), pytest.raises(CommandRefusedError) as ei:
            bench.app.checkouts.pay(
                "demo", offer.checkout_id, expected_total=offer.total, by=SELLER
            )
        assert ("freight_outdated",) == ei.value.codes

    def test_the_desk_shows_the_connection(self, bench):
        """
        An offer at the seller's desk has method and connection.
        """
        connect(bench, "acme")
        (order_id,) = bench.sync(snapshot(CUP=1))
        (order,) = bench.sh.seller("demo").checkouts.open([order_id]).orders

        assert ("acme:std", "acme") == (order.method, order.connection)


class TestUnknown:
    def test_no_connection_has_it(self, bench):
        """
        It is refused as soon as it is chosen, with the list of those there are.
        """
        connect(bench, "acme")
        (order_id,) = bench.sync(snapshot(CUP=1))

        for method in ("stnd", "card:fast", "nobody:std", "card:"):
            with nothing_moves(bench), pytest.raises(UnknownMethodError) as ei:
                choose(bench, order_id, method)
            assert method == ei.value.method
            assert ("acme:fast", "acme:std", "card:express", "card:std") == (
                ei.value.known
            )

    @pytest.mark.parametrize("method", ["other:anything", "anything", "std", "fast"])
    def test_who_cannot_list_may_have_it(self, bench, method):
        """
        With a connection that lists nothing, its prefix and short codes are accepted.
        """
        connect(bench, "other")
        (order_id,) = bench.sync(snapshot(CUP=1))
        choose(bench, order_id, method)

        assert method == bench.app.orders.get("demo", order_id).method

    def test_who_cannot_list_does_not_answer_for_others(self, bench):
        """
        A full code of a connection that lists its methods is one of them.
        """
        connect(bench, "other")
        (order_id,) = bench.sync(snapshot(CUP=1))

        with nothing_moves(bench), pytest.raises(UnknownMethodError) as ei:
            choose(bench, order_id, "card:fast")
        assert ("card:express", "card:std", "other:…") == ei.value.known

    def test_a_connection_of_products_is_refused(self, bench):
        """
        Connecting and changing refuse a method that nobody has, or that two have.
        """
        connect(bench, "acme")
        change = bench.app.pairing.change
        connection_id = bench.connect(bench.rule("HAT"), method="card:express")

        for method, error in (
            ("nothing", UnknownMethodError),
            ("std", AmbiguousMethodError),
        ):
            with nothing_moves(bench), pytest.raises(error):
                bench.connect(bench.rule("LAMP"), method=method)
            with nothing_moves(bench), pytest.raises(error):
                change("demo", connection_id, method=method, by=SELLER)
        (order_id,) = bench.sync(snapshot(HAT=1))
        (plan,) = checkout(bench, order_id).plans

        assert ("card:express", "card") == (plan.method, plan.connection)

    def test_what_a_connection_has_may_stay(self, bench):
        """
        Changing only the rules does not ask about a method that became ambiguous.
        """
        connection_id = bench.connect(bench.rule("HAT"), method="std")
        connect(bench, "acme")
        bench.app.pairing.change(
            "demo",
            connection_id,
            rules=[bench.rule("HAT", HAT=2)],
            method="std",
            by=SELLER,
        )

        assert "std" == bench.sh.seller("demo").connections.get(connection_id).method

    def test_a_quote_is_refused(self, bench):
        """
        Staff cannot quote with a method that nobody has, or that two have.
        """
        connect(bench, "acme")

        def offer(method):
            return bench.app.quotes.offer(
                "demo",
                "shop",
                "HAT",
                variant_id=bench.variants["HAT"],
                tiers={1: 300},
                valid_until=NOON + timedelta(days=1),
                method=method,
                by=STAFF,
            )

        for method, error in (
            ("nothing", UnknownMethodError),
            ("std", AmbiguousMethodError),
        ):
            with nothing_moves(bench), pytest.raises(error):
                offer(method)
        assert offer("acme:std")


class TestNames:
    def test_a_connection_s_name_has_no_colon(self, bench):
        """
        A full code could be read in two ways; nothing is stored.
        """
        with nothing_moves(bench), pytest.raises(InvalidInputError) as ei:
            bench.sh.staff("ann").freight.connect(
                "my:card", provider="rate_card", config=RATE_CARD
            )
        assert ("name", "my:card") == (ei.value.field, ei.value.value)


class TestListed:
    def test_each_listed_method_is_left_out_by_name(self, storage):
        """
        Where a carrier that is down lists its methods, each is told with the reason.
        """
        acme = ListingCarrier(listed=["fast", "slow"], answer=THROTTLED)
        bench = open_bench(storage=storage, plugins=[FakeCarriers(acme=acme)])
        connect(bench, "acme")
        answer = bench.app.freight.quote(
            FreightRequest(
                country="AU",
                weight_grams=1,
                fields_given=("country", "name"),
                currency="USD",
            )
        )

        words = "acme does not answer: ThrottledError: acme: slow down"
        assert [
            ("acme:fast", "throttled", words),
            ("acme:slow", "throttled", words),
        ] == [
            (out.full_code, out.code, out.words)
            for out in answer.left_out
            if out.connection == "acme"
        ]

    def test_a_short_code_of_it_is_refused_too(self, storage):
        """
        An order that chose a listed method of it by its short code waits for it.
        """
        acme = ListingCarrier(listed=["fast"], answer=THROTTLED)
        bench = open_bench(storage=storage, plugins=[FakeCarriers(acme=acme)])
        connect(bench, "acme")
        bench.connect(bench.rule("CUP"), method="fast")
        (order_id,) = bench.sync(snapshot(CUP=1))

        with nothing_moves(bench), pytest.raises(FreightUnavailableError) as ei:
            checkout(bench, order_id)
        assert ("fast", {"acme": THROTTLED}) == (ei.value.method, ei.value.errors)
